/* SPDX-License-Identifier: MIT */
/*
 * batch.h - events that are stored in one transaction.
 *
 * Its number lets the database know a batch that is sent again because the reply was lost.  A new number is taken
 * whenever the batch is known not to be committed and its content changes.
 */
#ifndef INGEST_BATCH_H
#define INGEST_BATCH_H

#include <stdint.h>

#include "common/db_param.h"
#include "ingest/intake.h"
#include "ingest/parcel.h"

struct batch {
    int64_t number;
    struct batch *next; /* to be sent after it */
    struct intake carried;
    int count;
    int room;
    size_t bytes; /* payloads */
    struct item *items[];
};

/* Room for so many items, which may be 0; NULL when memory is short. */
struct batch *batch_new(int room);
/* Frees it; the items are the parcels'. */
void batch_destroy(struct batch **self_p);

void batch_add(struct batch *self, struct item *item);

/* Sorts the items as event_append takes them: by source and id, of one id by arrival. */
void batch_sort(struct batch *self);

/* Moves the second half of at least two items into a new batch that follows self; the counts stay.  STATUS_RETRY:
 * memory. */
enum status batch_split(struct batch *self) MUST_CHECK;

/* The parameters of ingest_append. */
void batch_params(const struct batch *self, const char *worker, struct db_params *params);

/* Events to be stored, the others being for the quarantine. */
int batch_stored(const struct batch *self);

/*
 * Reads a binary smallint[] of exactly count elements within 0..2; cell NULL means count times 0.  STATUS_INVALID when
 * it is anything else.
 */
enum status batch_outcomes(const char *cell, int len, int count, unsigned char *outcomes) MUST_CHECK;

#endif
