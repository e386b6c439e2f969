/* SPDX-License-Identifier: MIT */
/* queue.h - events that wait for a batch, first come, first served. */
#ifndef INGEST_QUEUE_H
#define INGEST_QUEUE_H

#include <stddef.h>
#include <stdint.h>

#include "ingest/parcel.h"

/* Not to be copied while it holds something; the items are the parcels'. */
struct queue {
    struct item *head; /* NULL: empty */
    struct item **tail;
    int64_t events;
    size_t bytes; /* payloads */
};

void queue_init(struct queue *self);
void queue_put(struct queue *self, struct item *item);
/* Takes the head, which must be there. */
struct item *queue_take(struct queue *self);

#endif
