/* SPDX-License-Identifier: MIT */
/* fault.c - points at which a test lets a program die. */
#include "common/fault.h"

#ifdef KIPTHOI_FAULTS

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fault_point(const char *point)
{
    /* Of the whole process: connections count together.  One thread. */
    static long count;
    const char *wanted = getenv("KIPTHOI_FAULT");
    size_t len = strlen(point);

    if (wanted == NULL || strncmp(wanted, point, len) != 0 || wanted[len] != ':') {
        return;
    }
    if (++count == strtol(wanted + len + 1, NULL, 10)) {
        (void)raise(SIGKILL);
    }
}

#endif
