/* SPDX-License-Identifier: MIT */
/* counters.c - differences to the counters of days and months. */
#include "scorer/counters.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"

/* Cells of one statement: it bounds memory, as 200 bytes each are held twice, here and by libpq. */
#define CELLS_AT_ONCE 5000

/* One difference; its place is two numbers, so that sorting compares two. */
struct difference {
    uint64_t place_high; /* day, unit */
    uint64_t place_low;  /* field, procedure */
    int32_t column;
    int32_t by;
};

struct counters {
    struct difference *rows;
    size_t count;
    size_t room;
    size_t at; /* where counters_put goes on */
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

/* Two numbers in one that is ordered as they are, also where the first is negative: days before 1970. */
static uint64_t pair(int32_t first, int32_t second)
{
    return ((uint64_t)((uint32_t)first ^ UINT32_C(0x80000000)) << 32) | (uint32_t)second;
}

static int32_t first_of(uint64_t pair)
{
    return (int32_t)((uint32_t)(pair >> 32) ^ UINT32_C(0x80000000));
}

static int32_t second_of(uint64_t pair)
{
    return (int32_t)(uint32_t)pair;
}

enum status counters_add(struct counters *self, const struct counters_cell *cell, int32_t by)
{
    if (self->count == self->room) {
        size_t room = self->room == 0 ? 1024 : self->room * 2;
        struct difference *rows = realloc(self->rows, room * sizeof *rows);

        if (rows == NULL) {
            return STATUS_RETRY;
        }
        self->rows = rows;
        self->room = room;
    }
    self->rows[self->count++] = (struct difference){
        .place_high = pair(cell->day, cell->unit_id),
        .place_low = pair(cell->field_id, cell->procedure_id),
        .column = (int32_t)cell->rule * VERDICT_CLASSES + (int32_t)cell->class,
        .by = by,
    };
    return STATUS_OK;
}

static bool is_same_place(const struct difference *a, const struct difference *b)
{
    return a->place_high == b->place_high && a->place_low == b->place_low;
}

/* The order of the primary keys: scorers that lock rows in one order cannot wait for each other in a circle. */
static int by_place(const void *a_row, const void *b_row)
{
    const struct difference *a = a_row;
    const struct difference *b = b_row;

    if (a->place_high != b->place_high) {
        return a->place_high < b->place_high ? -1 : 1;
    }
    return a->place_low < b->place_low ? -1 : a->place_low > b->place_low;
}

/* What becomes of one cell; false when all of it cancels out. */
static bool put_cell(const struct difference *place, const int32_t sums[], struct db_params *params)
{
    static const int32_t nothing[RULES * VERDICT_CLASSES];

    if (memcmp(sums, nothing, sizeof nothing) == 0) {
        return false;
    }
    db_param_add_int(params, first_of(place->place_high));
    db_param_add_int(params, second_of(place->place_high));
    db_param_add_int(params, first_of(place->place_low));
    db_param_add_int(params, second_of(place->place_low));
    for (int column = 0; column < RULES * VERDICT_CLASSES; column++) {
        db_param_add_int(params, sums[column]);
    }
    return true;
}

void counters_start(struct counters *self)
{
    if (self->count > 0) {
        qsort(self->rows, self->count, sizeof *self->rows, by_place);
    }
    self->at = 0;
}

/* The first day of a day's month. */
static int32_t month_of(int32_t day)
{
    time_t seconds = (time_t)day * CLOCK_DAY_S;
    struct tm date;

    gmtime_r(&seconds, &date); /* an int holds the year of any int32_t of days */
    return day - (date.tm_mday - 1);
}

void counters_start_months(struct counters *self)
{
    for (size_t i = 0; i < self->count; i++) {
        struct difference *row = &self->rows[i];

        row->place_high = pair(month_of(first_of(row->place_high)), second_of(row->place_high));
        row->place_low = pair(first_of(row->place_low), 0);
    }
    counters_start(self);
}

size_t counters_put(struct counters *self, struct db_params *params, size_t max)
{
    size_t cells = 0;

    while (self->at < self->count && cells < max) {
        const struct difference *place = &self->rows[self->at];
        int32_t sums[RULES * VERDICT_CLASSES] = {0};

        for (; self->at < self->count && is_same_place(place, &self->rows[self->at]); self->at++) {
            sums[self->rows[self->at].column] += self->rows[self->at].by;
        }
        cells += put_cell(place, sums, params);
    }
    return cells;
}

static enum status store_cells(struct counters *self, struct db *db, struct db_params *params, enum sql_query query)
{
    enum status st = STATUS_OK;

    while (st == STATUS_OK) {
        db_params_reset(params);
        db_param_array(params, DB_ARRAY_INT4);
        if (counters_put(self, params, CELLS_AT_ONCE) == 0) {
            break;
        }
        st = db_run(db, query, params, NULL);
    }
    return st;
}

enum status counters_store(struct counters *self, struct db *db, struct db_params *params)
{
    enum status st;

    counters_start(self);
    st = store_cells(self, db, params, SQL_SCORER_COUNT_ADD);
    if (st == STATUS_OK) {
        counters_start_months(self);
        st = store_cells(self, db, params, SQL_SCORER_MONTH_ADD);
    }
    return st;
}
