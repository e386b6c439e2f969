/* SPDX-License-Identifier: MIT */
/*
 * work.h - the dossiers in hand during a turn: events are folded into them, they are judged, and what they became is
 * written.
 */
#ifndef SCORER_WORK_H
#define SCORER_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/code_book.h"
#include "common/db.h"
#include "common/log.h"
#include "common/status.h"
#include "scorer/counters.h"
#include "scorer/dossier_store.h"
#include "scorer/registry.h"
#include "scorer/slice.h"

/* Totals since the start, for metrics. */
struct work_totals {
    int64_t refolded;   /* dossiers folded again from all their events */
    int64_t changes;    /* verdict changes written */
    int64_t unfoldable; /* ledger rows that could not be taken apart */
};

/* What work is done with; all borrowed from round.c. */
struct work_tools {
    const struct log *log;
    struct db *db;
    struct registry *registry;
    struct db_params *params;
    struct db_copy *copy;
    struct counters *counters;
    struct code_book *codes;
    struct verdict_basis basis;
    struct work_totals totals;
};

/* How far a turn goes in the ledger. */
struct work_reach {
    int32_t segment;
    const char *to; /* snapshot read up to */
    int64_t judged_us;
    bool projecting; /* another calendar version is the reason to judge again */
};

/* One work per dossier of the slice, in its order; works has room for slice->count.  Returns their number. */
size_t work_start(const struct slice *slice, struct dossier_work *works);

/* Folds the slice into works, whose stored dossiers have been loaded. */
enum status work_fold(struct work_tools *tools, const struct work_reach *reach, const struct slice *slice,
                      struct dossier_work *works, size_t count) MUST_CHECK;

/*
 * Judges the changed ones as of reach->judged_us and writes dossiers and changes; differences of counters are gathered
 * in tools->counters.  *news is set when the notifier should look.
 */
enum status work_store(struct work_tools *tools, const struct work_reach *reach, struct dossier_work *works,
                       size_t count, bool *news) MUST_CHECK;

/* Same for stored dossiers of which nothing has changed but the time. */
enum status work_tick(struct work_tools *tools, const struct work_reach *reach, struct dossier_work *works,
                      size_t count, bool *news) MUST_CHECK;

/* Loads dossiers and folds them again from all their events, though none is new. */
enum status work_again(struct work_tools *tools, const struct work_reach *reach, struct dossier_work *works,
                       size_t count, PGresult **stored) MUST_CHECK;

/* Frees what works own, not works itself. */
void work_clear(struct dossier_work *works, size_t count);

#endif
