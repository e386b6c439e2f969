/* SPDX-License-Identifier: MIT */
/*
 * waiting.h - events that wait for a batch, and which of the ledger's lanes takes which of them.
 *
 * Of several lanes that are up the last is kept for peers with little on their way: what they send waits for no batch
 * of those who send in bulk, however large it is.  The other lanes help it while there is no bulk.
 */
#ifndef INGEST_WAITING_H
#define INGEST_WAITING_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "ingest/batch.h"
#include "ingest/queue.h"

enum { WAITING_BRIEF, WAITING_BULK, WAITING_QUEUES };

/* Whom a lane works for. */
enum waiting_share {
    WAITING_FOR_ALL,   /* the only lane: first come, first served */
    WAITING_FOR_BULK,  /* for peers with little only while there is no bulk */
    WAITING_FOR_BRIEF, /* kept for peers with little */
};

/* Not to be copied; the items are the parcels'. */
struct waiting {
    const struct config *config; /* borrowed */
    int64_t window_ms;           /* when the window began in which arrivals are counted */
    int64_t window_events;
    bool crowded; /* many came in the window before */
    struct queue queues[WAITING_QUEUES];
};

void waiting_init(struct waiting *self, const struct config *config);

void waiting_put(struct waiting *self, struct item *item);
int64_t waiting_events(const struct waiting *self);
/* Takes one of the parcel, which must be the oldest that was not answered; of any when it is NULL.  NULL: none waits.
 */
struct item *waiting_take(struct waiting *self, const struct parcel *parcel);

/*
 * Milliseconds until a lane of this share must send something: 0 is now, INT64_MAX never.  idle: nothing is under way,
 * so that an event is sent at once; but when many came lately a few wait for each other.
 */
int64_t waiting_ms(struct waiting *self, enum waiting_share share, int64_t now_ms, bool idle);
/* A batch of what waits longest for it, perhaps empty; NULL when memory is short. */
struct batch *waiting_gather(struct waiting *self, enum waiting_share share);

#endif
