/* SPDX-License-Identifier: MIT */
/*
 * duty.h - letters owed: opens, voids and amends duties after what the scorer found, and plans the steps of the ladder,
 * one transaction a round.
 *
 * Each broken promise of a dossier owes one letter, with a deadline by the rule in force.  The cursor in the database
 * is a snapshot: a round acts on every verdict change that the new snapshot sees and the old one does not, so that none
 * is missed however transactions overlap, and looks at the dossier itself, so that acting twice changes nothing.  From
 * the cursor '1:1:' (first start, rebuild) and in another cluster (restored dump, whose changes keep the old
 * transaction numbers) it goes through all dossiers and open duties instead. Several notifiers may run: the lock of the
 * cursor lets one act.
 */
#ifndef NOTIFIER_DUTY_H
#define NOTIFIER_DUTY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/deadline.h"
#include "notifier/hours.h"
#include "notifier/ladder.h"

enum duty_outcome {
    DUTY_DONE,          /* nothing is left to look at */
    DUTY_MORE,          /* something was done: run again */
    DUTY_ELSEWHERE,     /* another notifier is at work */
    DUTY_SCORER_BEHIND, /* events wait to be folded: a dossier may look overdue because its finish is among them */
    DUTY_SCORER_BUSY,   /* a scorer catches up, and the caller is patient */
    DUTY_OTHER_CLUSTER  /* the scorers' cursors belong to another cluster: kipthoi rebase */
};

/* Results of alerts: the opened, then the voided. */
#define DUTY_ALERTS 2

/*
 * So many dossiers are looked up by plans that are kept from round to round: planning for each handful took as long as
 * the work.  The caller has them made anew (db_plans.h).
 */
#define DUTY_FEW_KEYS 200

/* What a round works with; borrowed. */
struct duty_tools {
    struct db *db;
    const struct hours *hours;
    const struct deadline_rules *rules;
    const struct ladder_rungs *rungs;
    int64_t now_us; /* what opened_at and the alerts say */
    int64_t batch;  /* about so many changes are looked at */
    bool patient;   /* nothing is looked at while a scorer catches up */
};

struct duty_round {
    enum duty_outcome outcome;
    bool everything; /* going through all dossiers, and not yet at the end */
    int keys;        /* dossiers looked at */
    int64_t opened;
    int64_t voided;
    int64_t told;                  /* letters that upstreams sent */
    int64_t amended;               /* follow their dossier to another promise or unit */
    PGresult *alerts[DUTY_ALERTS]; /* rows of topic, seq, body, committed and not yet published; may be NULL */
};

/*
 * Runs one round.  Fills *round, which the caller clears in every case.  Not STATUS_OK: nothing is published; whether
 * the round was committed is unknown only when the connection broke, and then the last numbers of the topics tell.
 */
enum status duty_run(const struct duty_tools *tools, struct duty_round *round) MUST_CHECK;

void duty_round_clear(struct duty_round *round);

/* "done", "more", ...; never NULL. */
const char *duty_outcome_name(enum duty_outcome outcome);

#endif
