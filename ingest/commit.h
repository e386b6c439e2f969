/* SPDX-License-Identifier: MIT */
/*
 * commit.h - adaptive group commit: gathers events into batches and sees each batch through to a known end.
 *
 * A batch stays with its slot until it is known to be committed or known not to be: sent again under the same number
 * after the connection broke, halved when the database refuses its data, dropped when nobody waits for it any more or
 * a newer batch of the same name was stored.  Numbers grow, also from process to process, by the machine's clock.  An
 * event is settled as accepted, duplicate, conflict or rejected only with the server's word that the batch is
 * committed.
 */
#ifndef INGEST_COMMIT_H
#define INGEST_COMMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "common/log.h"
#include "ingest/intake.h"
#include "ingest/ledger.h"
#include "ingest/parcel.h"
#include "ingest/stats.h"

struct commit;

/* Every event of the parcel is settled; it belongs to the callee. */
typedef void (*commit_parcel_cb)(void *context, struct parcel *parcel);
/* New events are in the ledger. */
typedef void (*commit_bell_cb)(void *context);

struct commit_listener {
    commit_parcel_cb parcel_done;
    commit_bell_cb stored;
    void *context;
};

/* NULL when memory is short.  Everything is borrowed; intake: counts to be carried by batches. */
struct commit *commit_new(const struct config *config, const struct log *log, struct intake *intake,
                          struct stats *stats, const struct commit_listener *listener);
/* Lets go of what is unfinished: parcel_done is called for each parcel, which should have been answered before. */
void commit_destroy(struct commit **self_p);

/* The ledger to send by; call once, before the first turn.  Borrowed. */
void commit_use_ledger(struct commit *self, struct ledger *ledger);
/* ledger_cb of that ledger; context is the struct commit. */
void commit_ledger_cb(void *context, int slot, enum ledger_event event, enum status st, const PGresult *result);

/*
 * Whether the worker's name is this process's, and the highest number stored under it.  Nothing is sent without the
 * name; call before the first turn and whenever it may have changed.
 */
void commit_use_name(struct commit *self, bool held, int64_t mark);
bool commit_holds_name(const struct commit *self);

/* Queues an item that is ITEM_QUEUED. */
void commit_add(struct commit *self, struct item *item);
/* Events that wait for a batch. */
int64_t commit_queued(const struct commit *self);

/*
 * Settles as busy the items of the oldest parcel in the queue that are in no batch.  The parcel must be the oldest that
 * was not answered; parcel_done is not called for it.
 */
void commit_withdraw(struct commit *self, const struct parcel *parcel, enum answer_code code);
/* Tells that answered parcels may be waiting in batches that can be dropped. */
void commit_prune(struct commit *self);

/* Sends what is due and returns the milliseconds until something else will be.  flush: send counts without delay. */
int64_t commit_turn(struct commit *self, int64_t now_ms, bool flush);

/* True when nothing is queued, under way, or waits to be counted. */
bool commit_is_idle(const struct commit *self);
/* True when the database has had work for longer than ingest.busy_after and has stored nothing of it. */
bool commit_is_stuck(const struct commit *self);
/* Moving average of the time from sending a batch to its commit. */
int64_t commit_latency_ms(const struct commit *self);

#endif
