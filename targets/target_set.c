/* SPDX-License-Identifier: MIT */
/* target_set.c - see target_set.h. */
#include "targets/target_set.h"

#include <stdlib.h>

static enum status take_row(struct target *target, const PGresult *rows, int r)
{
    *target = (struct target){
        .plan = db_text(rows, r, 0),
        .line = (int32_t)db_int(rows, r, 1),
        .bound_bp = (int32_t)db_int(rows, r, 2),
        .min_sample = (int32_t)db_int(rows, r, 3),
        .first_day = db_day(rows, r, 4),
        .last_day = db_day(rows, r, 5),
        .unit = db_text(rows, r, 7),
        .field_group = db_text(rows, r, 8),
        .procedure = db_text(rows, r, 9),
        .measure = db_text(rows, r, 10),
        .title = db_text(rows, r, 13),
        .source = db_text(rows, r, 14),
    };
    if (target_read_each(db_text(rows, r, 6), &target->each) != STATUS_OK ||
        target_read_relation(db_text(rows, r, 11), &target->relation) != STATUS_OK ||
        target_read_period(db_text(rows, r, 12), &target->period) != STATUS_OK ||
        target_read_measure(target->measure, &target->kind) != STATUS_OK) {
        return STATUS_FATAL;
    }
    return STATUS_OK;
}

enum status target_set_read(struct target_set *set, struct db *db, const char *plan, int32_t first_day,
                            int32_t last_day)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    *set = (struct target_set){0};
    if (params != NULL) {
        db_param_text(params, plan);
        db_param_day(params, first_day);
        db_param_day(params, last_day);
        st = db_run(db, SQL_TARGET_ROWS, params, &set->rows);
    }
    if (st == STATUS_OK) {
        set->count = (size_t)PQntuples(set->rows);
        set->targets = calloc(set->count + 1, sizeof *set->targets);
        st = set->targets == NULL ? STATUS_RETRY : STATUS_OK;
    }
    for (size_t i = 0; i < set->count && st == STATUS_OK; i++) {
        st = take_row(&set->targets[i], set->rows, (int)i);
    }
    db_params_destroy(&params);
    if (st != STATUS_OK) {
        target_set_clear(set);
    }
    return st;
}

void target_set_clear(struct target_set *set)
{
    free(set->targets);
    PQclear(set->rows);
    *set = (struct target_set){0};
}
