/* SPDX-License-Identifier: MIT */
/*
 * round.h - one turn at one shard: what came since the last turn is folded, what time has broken is judged, and
 * dossiers, counters, changes and cursor are written in one transaction.
 *
 * The moment by which open dossiers are judged moves only when nothing waits to be folded: else a dossier would be
 * called overdue whose finish lies in the backlog.
 */
#ifndef SCORER_ROUND_H
#define SCORER_ROUND_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "common/db.h"
#include "common/log.h"
#include "common/status.h"

struct round;

/* Totals since the start, for metrics. */
struct round_totals {
    int64_t folded;     /* events */
    int64_t slices;     /* transactions that changed something */
    int64_t refolded;   /* dossiers folded again from all their events */
    int64_t ticked;     /* dossiers that time alone made overdue */
    int64_t changes;    /* verdict changes written */
    int64_t unfoldable; /* ledger rows that could not be taken apart */
};

/* Borrows everything; two connections, one for the slices and one for registrations.  NULL when memory is short. */
struct round *round_new(const struct config *config, struct db *db, struct db *registry_db, const struct log *log);
void round_destroy(struct round **self_p);

/* Reads the registry again; call after connecting. */
enum status round_prepare(struct round *self) MUST_CHECK;

/* What a turn did. */
struct round_result {
    bool worked; /* something was written, so look again */
    bool alert;  /* verdicts changed that the notifier should hear of */
    bool more;   /* a part was left for the next turn */
};

/*
 * STATUS_OK also when another scorer holds the shard.  STATUS_FATAL: the ledger belongs to another cluster's epoch, see
 * `kipthoi rebase`.  On any failure nothing was written.
 */
enum status round_turn(struct round *self, int shard, struct round_result *result) MUST_CHECK;

struct round_totals round_totals(const struct round *self);

/* Why the last turn did not come to its end. */
const char *round_complaint(const struct round *self);

#endif
