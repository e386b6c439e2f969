/* SPDX-License-Identifier: MIT */
/*
 * target_store.h - targets as the database holds them.
 */
#ifndef CLI_TARGET_STORE_H
#define CLI_TARGET_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/target.h"
#include "cli/target_file.h"
#include "common/db.h"
#include "common/status.h"

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

/* Puts the file's targets in the place of their plan's.  In a transaction of the caller's. */
enum status target_store_plan(struct db *db, const struct target_file *file, const char *by) MUST_CHECK;
/* Puts the file's groups in the place of all groups. */
enum status target_store_groups(struct db *db, const struct group_file *file) MUST_CHECK;

#endif
