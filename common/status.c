/* SPDX-License-Identifier: MIT */
/* status.c - names of results. */
#include "common/status.h"

const char *status_name(enum status st)
{
    switch (st) {
    case STATUS_OK:
        return "ok";
    case STATUS_INVALID:
        return "invalid";
    case STATUS_DUPLICATE:
        return "duplicate";
    case STATUS_RETRY:
        return "retry";
    case STATUS_FATAL:
        return "fatal";
    }
    return "unknown";
}
