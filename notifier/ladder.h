/* SPDX-License-Identifier: MIT */
/*
 * ladder.h - the alert ladder: steps are planned as rows with a time, and taken when it has come (docs/alerts.md).
 *
 * Nothing waits in memory: a notifier that starts takes what fell due while none ran.  A step is taken once for each
 * promise of a dossier.  Several notifiers may run: the lock of the cursor lets one act.
 */
#ifndef NOTIFIER_LADDER_H
#define NOTIFIER_LADDER_H

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/hours.h"

/* What planning works with; all borrowed. */
struct ladder_tools {
    struct db *db;
    struct db_params *params;
    const struct hours *hours;
    int64_t now_us;
};

/*
 * Plans and drops steps of dossiers: keys has rows of source_id, code, and since when what it is to be planned by is
 * known.  In the caller's transaction.
 */
enum status ladder_plan(struct ladder_tools *tools, const PGresult *keys) MUST_CHECK;

/* How far a look at all open dossiers, or at all steps of letters, has come. */
struct ladder_place {
    bool done;      /* nothing is left to look at */
    bool started;   /* the others are those of the last one seen */
    int64_t due_us; /* its promise, or the step's time */
    int32_t source_id;
    int16_t episode; /* of letters only */
    int16_t rung;    /* of letters only */
    char code[129];
};

/* Plans the next batch of open dossiers behind *place, in a transaction of its own, and moves it on. */
enum status ladder_replan(struct ladder_tools *tools, int64_t batch, struct ladder_place *place) MUST_CHECK;

/*
 * The same of steps of letters that are to come: they are told when the unit is next at work by the calendar that
 * counts now.  The letter's deadline stays as it was counted when it came to be owed.
 */
enum status ladder_replan_letters(struct ladder_tools *tools, int64_t batch, struct ladder_place *place) MUST_CHECK;

struct ladder_round {
    int64_t taken;
    PGresult *alerts; /* rows of topic (NULL: none), seq, body; committed and not yet published; may be NULL */
};

/* Takes at most batch steps that are due, in a transaction of its own.  The caller clears *round in every case. */
enum status ladder_take(struct ladder_tools *tools, int64_t batch, struct ladder_round *round) MUST_CHECK;
void ladder_round_clear(struct ladder_round *round);

#endif
