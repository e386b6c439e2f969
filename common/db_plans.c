/* SPDX-License-Identifier: MIT */
/* db_plans.c - how long the plans of a session's statements are kept. */
#include "common/db_plans.h"

#include "common/clock.h"

#define KEPT_MS 10000
#define KEPT_ROWS 5000

enum status db_plans_refresh(struct db *db, struct db_plans *self, int64_t rows)
{
    int64_t now_ms = clock_monotonic_ms();

    if (now_ms < self->until_ms && rows < self->until_rows) {
        return STATUS_OK;
    }
    self->until_ms = now_ms + KEPT_MS;
    self->until_rows = rows + KEPT_ROWS;
    return db_run(db, SQL_DB_REPLAN, NULL, NULL);
}
