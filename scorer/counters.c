/* SPDX-License-Identifier: MIT */
/* counters.c - differences to the day counters. */
#include "scorer/counters.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* One difference; after merging, one row of day_count. */
struct difference {
    int32_t day;
    int32_t unit_id;
    int32_t field_id;
    int32_t procedure_id;
    int32_t rule; /* enum rule_name */
    int32_t by[VERDICT_CLASSES];
};

struct counters {
    struct difference *rows;
    size_t count;
    size_t room;
};

struct counters *counters_new(void)
{
    return calloc(1, sizeof(struct counters));
}

void counters_destroy(struct counters **self_p)
{
    if (*self_p != NULL) {
        free((*self_p)->rows);
        free(*self_p);
        *self_p = NULL;
    }
}

void counters_reset(struct counters *self)
{
    self->count = 0;
}

enum status counters_add(struct counters *self, const struct counters_cell *cell, int32_t by)
{
    struct difference *row;

    if (self->count == self->room) {
        size_t room = self->room == 0 ? 1024 : self->room * 2;
        struct difference *rows = realloc(self->rows, room * sizeof *rows);

        if (rows == NULL) {
            return STATUS_RETRY;
        }
        self->rows = rows;
        self->room = room;
    }
    row = &self->rows[self->count++];
    *row = (struct difference){.day = cell->day,
                               .unit_id = cell->unit_id,
                               .field_id = cell->field_id,
                               .procedure_id = cell->procedure_id,
                               .rule = (int32_t)cell->rule};
    row->by[cell->class] = by;
    return STATUS_OK;
}

/* The order of day_count's primary key. */
static int by_key(const void *a_row, const void *b_row)
{
    const struct difference *a = a_row;
    const struct difference *b = b_row;
    const int32_t a_key[] = {a->day, a->unit_id, a->field_id, a->procedure_id, a->rule};
    const int32_t b_key[] = {b->day, b->unit_id, b->field_id, b->procedure_id, b->rule};

    for (size_t i = 0; i < sizeof a_key / sizeof *a_key; i++) {
        if (a_key[i] != b_key[i]) {
            return a_key[i] < b_key[i] ? -1 : 1;
        }
    }
    return 0;
}

static bool is_nothing(const struct difference *row)
{
    static const int32_t nothing[VERDICT_CLASSES];

    return memcmp(row->by, nothing, sizeof nothing) == 0;
}

/* Sorts, adds up rows of one cell and drops those that cancel out. */
static void merge(struct counters *self)
{
    size_t kept = 0;

    qsort(self->rows, self->count, sizeof *self->rows, by_key);
    for (size_t i = 0; i < self->count;) {
        struct difference sum = self->rows[i++];

        for (; i < self->count && by_key(&sum, &self->rows[i]) == 0; i++) {
            for (int class = 0; class < VERDICT_CLASSES; class ++) {
                sum.by[class] += self->rows[i].by[class];
            }
        }
        if (!is_nothing(&sum)) {
            self->rows[kept++] = sum;
        }
    }
    self->count = kept;
}

static void put_column(const struct counters *self, struct db_params *params, enum db_array type, size_t offset)
{
    db_param_array(params, type);
    for (size_t i = 0; i < self->count; i++) {
        int32_t value;

        memcpy(&value, (const char *)&self->rows[i] + offset, sizeof value);
        db_param_add_int(params, value);
    }
}

enum status counters_store(struct counters *self, struct db *db, struct db_params *params)
{
    if (self->count > 0) {
        merge(self);
    }
    if (self->count == 0) {
        return STATUS_OK;
    }
    db_params_reset(params);
    put_column(self, params, DB_ARRAY_DAY, offsetof(struct difference, day));
    put_column(self, params, DB_ARRAY_INT4, offsetof(struct difference, unit_id));
    put_column(self, params, DB_ARRAY_INT4, offsetof(struct difference, field_id));
    put_column(self, params, DB_ARRAY_INT4, offsetof(struct difference, procedure_id));
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < self->count; i++) {
        db_param_add_text(params, rule_name_text((enum rule_name)self->rows[i].rule));
    }
    for (size_t class = 0; class < VERDICT_CLASSES; class ++) {
        put_column(self, params, DB_ARRAY_INT4, offsetof(struct difference, by) + class * sizeof(int32_t));
    }
    return db_run(db, SQL_SCORER_COUNT_ADD, params, NULL);
}
