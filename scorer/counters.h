/* SPDX-License-Identifier: MIT */
/*
 * counters.h - differences to the day counters, merged in memory and added in one statement.
 */
#ifndef SCORER_COUNTERS_H
#define SCORER_COUNTERS_H

#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "scorer/rule.h"
#include "scorer/verdict.h"

/* The cell of day_count that a dossier stands in under a rule, and its column. */
struct counters_cell {
    int32_t day;
    int32_t unit_id;
    int32_t field_id;
    int32_t procedure_id;
    enum rule_name rule;
    enum verdict_class class;
};

struct counters;

struct counters *counters_new(void);
void counters_destroy(struct counters **self_p);
void counters_reset(struct counters *self);

/* Adds by (1 or -1) to a cell.  STATUS_RETRY when memory is short. */
enum status counters_add(struct counters *self, const struct counters_cell *cell, int32_t by) MUST_CHECK;

/* Writes what does not cancel out. */
enum status counters_store(struct counters *self, struct db *db, struct db_params *params) MUST_CHECK;

#endif
