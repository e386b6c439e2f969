/* SPDX-License-Identifier: MIT */
/*
 * counters.h - differences to the counters of days and of months, merged in memory and added some thousand at a time.
 */
#ifndef SCORER_COUNTERS_H
#define SCORER_COUNTERS_H

#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "scorer/rule.h"
#include "scorer/verdict.h"

/* Where a dossier stands under a rule: a cell of day_tally, and one of its columns. */
struct counters_cell {
    int32_t day;
    int32_t unit_id;
    int32_t field_id;
    int32_t procedure_id;
    enum rule_name rule;
    enum verdict_class class;
};

/* The key of a cell, and a column for each class under each rule. */
#define COUNTERS_KEY 4
#define COUNTERS_WIDTH (COUNTERS_KEY + RULES * VERDICT_CLASSES)

struct counters;

struct counters *counters_new(void);
void counters_destroy(struct counters **self_p);
void counters_reset(struct counters *self);

/* Adds by (1 or -1) to a cell.  STATUS_RETRY when memory is short. */
enum status counters_add(struct counters *self, const struct counters_cell *cell, int32_t by) MUST_CHECK;

/* Goes to the first cell that the differences add up to. */
void counters_start(struct counters *self);

/* Turns differences of days into those of months, each on its first day and of procedure 0, and goes to the first. */
void counters_start_months(struct counters *self);

/*
 * Puts the next cells, at most max, but for those in which all cancels out, into an open array parameter:
 * COUNTERS_WIDTH numbers each, the day since 1970-01-01 first, in the order of cells.  Returns their number, 0 at the
 * end.
 */
size_t counters_put(struct counters *self, struct db_params *params, size_t max);

/* Writes all, days first, so that two scorers lock rows in one order.  The days are forgotten. */
enum status counters_store(struct counters *self, struct db *db, struct db_params *params) MUST_CHECK;

#endif
