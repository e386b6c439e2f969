/* SPDX-License-Identifier: MIT */
/*
 * message.h - what recipients are to hear is put together: notices that waited become one message, and each working day
 * has one digest of what is overdue.  Messages go into the outbox in the same transaction.
 */
#ifndef NOTIFIER_MESSAGE_H
#define NOTIFIER_MESSAGE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/hours.h"

/* What a turn works with; borrowed. */
struct message_tools {
    struct db *db;
    const struct hours *hours;
    bool digests;              /* nothing waits to be folded: what is overdue can be told */
    int64_t now_us;            /* the deployment's clock: working hours and days go by it */
    int64_t group_wait_ms;     /* the first notice waits so long for others */
    int64_t group_interval_ms; /* and so long after the message before; both by the server's clock */
    int64_t digest_at_s;       /* after local midnight */
};

struct message_round {
    int64_t made; /* messages */
    bool more;    /* there may be recipients left who can hear now */
};

/*
 * Makes the messages that are due, for so many recipients as a transaction should take.  Recipients who are to hear in
 * working hours wait for them. Another notifier may be at work: then nothing is done.
 */
enum status message_run(const struct message_tools *tools, struct message_round *round) MUST_CHECK;

#endif
