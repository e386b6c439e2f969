/* SPDX-License-Identifier: MIT */
/* target_store.c - see target_store.h. */
#include "cli/target_store.h"

static void add_numbers(struct db_params *params, const struct target_file *file)
{
    size_t count = target_file_count(file);

    for (int column = 0; column < 5; column++) {
        db_param_array(params, column < 3 ? DB_ARRAY_INT4 : DB_ARRAY_DAY);
        for (size_t i = 0; i < count; i++) {
            const struct target *target = target_file_at(file, i);
            const int32_t numbers[] = {target->line, target->bound_bp, target->min_sample, target->first_day,
                                       target->last_day};

            db_param_add_int(params, numbers[column]);
        }
    }
}

static void add_texts(struct db_params *params, const struct target_file *file)
{
    size_t count = target_file_count(file);

    for (int column = 0; column < 9; column++) {
        db_param_array(params, DB_ARRAY_TEXT);
        for (size_t i = 0; i < count; i++) {
            const struct target *target = target_file_at(file, i);
            const char *const texts[] = {target_each_name(target->each),
                                         target->unit,
                                         target->field_group,
                                         target->procedure,
                                         target->measure,
                                         target_relation_name(target->relation),
                                         target_period_name(target->period),
                                         target->title,
                                         target->source};

            db_param_add_text(params, texts[column]);
        }
    }
}

enum status target_store_plan(struct db *db, const struct target_file *file, const char *by)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, target_file_at(file, 0)->plan);
        st = db_run(db, SQL_TARGET_CLEAR, params, NULL);
    }
    if (st == STATUS_OK) {
        db_params_reset(params);
        db_param_text(params, target_file_at(file, 0)->plan);
        add_numbers(params, file);
        add_texts(params, file);
        db_param_text(params, by);
        st = db_run(db, SQL_TARGET_ADD, params, NULL);
    }
    db_params_destroy(&params);
    return st;
}

enum status target_store_groups(struct db *db, const struct group_file *file)
{
    struct db_params *params = db_params_new();
    enum status st = params == NULL ? STATUS_RETRY : db_run(db, SQL_TARGET_GROUP_CLEAR, NULL, NULL);

    if (st == STATUS_OK) {
        for (int column = 0; column < 3; column++) {
            db_param_array(params, DB_ARRAY_TEXT);
            for (size_t i = 0; i < group_file_count(file); i++) {
                const struct group_line *line = group_file_at(file, i);
                const char *const texts[] = {line->name, line->field, line->note};

                db_param_add_text(params, texts[column]);
            }
        }
        st = db_run(db, SQL_TARGET_GROUP_ADD, params, NULL);
    }
    db_params_destroy(&params);
    return st;
}
