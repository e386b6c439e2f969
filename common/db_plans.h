/* SPDX-License-Identifier: MIT */
/*
 * db_plans.h - how long the plans of a session's statements are kept.
 *
 * Planning for each handful of keys takes as long as the work, so plans are kept; but they are as good as the tables
 * and their statistics were when they were made.  They are made anew now and then, and when the session has made the
 * tables grow.
 */
#ifndef COMMON_DB_PLANS_H
#define COMMON_DB_PLANS_H

#include <stdint.h>

#include "common/db.h"
#include "common/status.h"

/* Zeroed at first. */
struct db_plans {
    int64_t until_ms;
    int64_t until_rows;
};

/* Forgets the session's plans when it is time to.  rows: how many the session has worked on since it began. */
enum status db_plans_refresh(struct db *db, struct db_plans *self, int64_t rows) MUST_CHECK;

#endif
