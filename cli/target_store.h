/* SPDX-License-Identifier: MIT */
/*
 * target_store.h - puts the targets and groups of files into the database.
 */
#ifndef CLI_TARGET_STORE_H
#define CLI_TARGET_STORE_H

#include "cli/target_file.h"
#include "common/db.h"
#include "common/status.h"

/* Puts the file's targets in the place of their plan's.  In a transaction of the caller's. */
enum status target_store_plan(struct db *db, const struct target_file *file, const char *by) MUST_CHECK;
/* Puts the file's groups in the place of all groups. */
enum status target_store_groups(struct db *db, const struct group_file *file) MUST_CHECK;

#endif
