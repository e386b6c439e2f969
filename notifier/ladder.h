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
#include "notifier/chain.h"
#include "notifier/hours.h"

#define LADDER_STAMP_SIZE 33

/* The rungs counted from promises.  Zeroed at first. */
struct ladder_rungs {
    struct chain_rungs chain;
    char stamp[LADDER_STAMP_SIZE]; /* what these are told from others by; "": none were read */
    bool noted;                    /* the database has it that all open promises are planned by these */
};

/* Reads the rungs.  *changed: they are others than before. */
enum status ladder_rungs_refresh(struct ladder_rungs *self, struct db *db, bool *changed) MUST_CHECK;

/* What planning works with; all borrowed. */
struct ladder_tools {
    struct db *db;
    struct db_params *params;
    const struct hours *hours;
    const struct ladder_rungs *rungs;
    int64_t now_us;
};

/*
 * Plans and drops steps of dossiers: keys has rows of source_id, code, and since when what it is to be planned by is
 * known, a row a dossier.  In the caller's transaction.  Of the rungs of a promise the next one waits (chain.h).
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

/*
 * Plans the next batch of open dossiers behind *place, in a transaction of its own, and moves it on.  That all have
 * been planned by these rungs is noted for the audit.
 */
enum status ladder_replan(struct ladder_tools *tools, int64_t batch, struct ladder_place *place) MUST_CHECK;

/*
 * The same of steps of letters that are to come: they are told when the unit is next at work by the calendar that
 * counts now.  The letter's deadline stays as it was counted when it came to be owed.
 */
enum status ladder_replan_letters(struct ladder_tools *tools, int64_t batch, struct ladder_place *place) MUST_CHECK;

struct ladder_round {
    int64_t taken;    /* more than the batch when rungs of a promise were due together */
    PGresult *alerts; /* rows of topic (NULL: none), seq, body; committed and not yet published; may be NULL */
};

/*
 * Takes at most batch steps that are due, in a transaction of its own, with rungs of the same promises that are due as
 * well; the next rung of each is planned in it too.  The caller clears *round in every case.
 */
enum status ladder_take(struct ladder_tools *tools, int64_t batch, struct ladder_round *round) MUST_CHECK;
void ladder_round_clear(struct ladder_round *round);

#endif
