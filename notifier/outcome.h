/* SPDX-License-Identifier: MIT */
/*
 * outcome.h - what became of one attempt to deliver a message, and so what to do about it.
 */
#ifndef NOTIFIER_OUTCOME_H
#define NOTIFIER_OUTCOME_H

#include <stdint.h>

#include "common/status.h"

#define OUTCOME_TEXT_SIZE 320

enum outcome_kind {
    OUTCOME_DELIVERED = 0, /* the receiver has taken it: done */
    OUTCOME_RETRY,         /* not taken, may pass: again by the channel's schedule, not before not_before_ms */
    OUTCOME_THROTTLED,     /* as RETRY, and the receiver asks for less: hold back everything else for it, too */
    OUTCOME_REFUSED,       /* this message will never be taken by this recipient: give up and tell the operator */
    OUTCOME_GONE,          /* the receiver wants no more messages: disable the recipient and tell the operator */
    OUTCOME_UNCERTAIN,     /* whole message sent, no answer read: it may have arrived; the caller's policy decides */
    OUTCOME_UNSAFE,        /* leads to an address that is not allowed, nothing sent: hold the recipient, tell */
    OUTCOME_CERTIFICATE,   /* the receiver could not prove its name, nothing sent: as RETRY, and tell the operator */
    OUTCOME_END
};

struct outcome {
    enum outcome_kind kind;
    int code;                     /* the last HTTP status or SMTP reply code; 0: none was read */
    int64_t not_before_ms;        /* from now; 0: the schedule alone decides */
    char text[OUTCOME_TEXT_SIZE]; /* one line of UTF-8 for people: names hosts and reasons, never a secret */
};

/* "delivered" .. "certificate": static text, for logs and tables. */
const char *outcome_name(enum outcome_kind kind);

/* Fills everything; not_before_ms becomes 0.  Control characters of the text become '?', a long text is cut. */
void outcome_set(struct outcome *outcome, enum outcome_kind kind, int code, const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
