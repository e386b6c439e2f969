/* SPDX-License-Identifier: MIT */
/*
 * score_gather.h - the figures of a period from the database, for board.h and the ranking.
 */
#ifndef TARGETS_SCORE_GATHER_H
#define TARGETS_SCORE_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "targets/board.h"
#include "targets/period.h"

#define SCORE_GATHER_RESULTS 16

/* What figures borrow their texts from. */
struct score_gather {
    PGresult *results[SCORE_GATHER_RESULTS];
    int count;
};

/* The rows of rates_rows.sql for the promise in the period, by unit; borrowed.  unit NULL: all. */
enum status score_gather_units(struct score_gather *self, struct db *db, const char *unit, const struct period *period,
                               const PGresult **rows) MUST_CHECK;

/* Units, groups and all figures that the targets need are added to the board. */
enum status score_gather_board(struct score_gather *self, struct db *db, const char *unit, const struct period *period,
                               const struct target *targets, size_t count, struct board *board) MUST_CHECK;

/* The same for a board that looks at every unit in turn: the figures of each stand under its name. */
enum status score_gather_each_unit(struct score_gather *self, struct db *db, const struct period *period,
                                   const struct target *targets, size_t count, struct board *board) MUST_CHECK;

/* The units that were added; row r of unit_rows.sql. */
const PGresult *score_gather_places(const struct score_gather *self);

void score_gather_clear(struct score_gather *self);

#endif
