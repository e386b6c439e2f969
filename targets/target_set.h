/* SPDX-License-Identifier: MIT */
/*
 * target_set.h - targets as the database holds them, for reading.
 */
#ifndef TARGETS_TARGET_SET_H
#define TARGETS_TARGET_SET_H

#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "targets/target.h"

/* target_rows.sql: texts of the targets are borrowed from rows, target i is row i; unit_depth is 0 in all. */
struct target_set {
    struct target *targets;
    size_t count;
    PGresult *rows;
};

/* All days that the database's calendar and ours both know. */
#define TARGET_FIRST_DAY (-719162) /* 0001-01-01 */
#define TARGET_LAST_DAY 2932896    /* 9999-12-31 */

/*
 * Those of the plan (NULL: of all) that hold on a day of first_day..last_day.  STATUS_FATAL: a row holds a word that
 * this program does not know.
 */
enum status target_set_read(struct target_set *set, struct db *db, const char *plan, int32_t first_day,
                            int32_t last_day) MUST_CHECK;
void target_set_clear(struct target_set *set);

#endif
