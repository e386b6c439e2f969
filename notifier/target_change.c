/* SPDX-License-Identifier: MIT */
/* target_change.c - see target_change.h. */
#include "notifier/target_change.h"

#include <stdlib.h>

#include "targets/rate.h"

enum status target_changes_add(struct target_changes *self, const struct target_change *change)
{
    if (self->count == self->capacity) {
        size_t capacity = self->capacity == 0 ? 64 : self->capacity * 2;
        struct target_change *items = reallocarray(self->items, capacity, sizeof *items);

        if (items == NULL) {
            return STATUS_RETRY;
        }
        self->items = items;
        self->capacity = capacity;
    }
    self->items[self->count++] = *change;
    return STATUS_OK;
}

void target_changes_clear(struct target_changes *self)
{
    free(self->items);
    *self = (struct target_changes){0};
}

static void add_count(struct db_params *params, const struct score_verdict *verdict, int64_t count)
{
    /* Without figures there is no denominator either. */
    if (verdict->whole == 0) {
        db_param_add_null(params);
    } else {
        db_param_add_int(params, count);
    }
}

/* As on the scoreboard: no rate of too small a sample. */
static void add_rate(struct db_params *params, const struct score_verdict *verdict)
{
    int64_t whole = verdict->answer == SCORE_NO_DATA ? 0 : verdict->exact_whole;
    char text[RATE_SIZE];

    db_param_add_text(params, rate_format(verdict->exact_part, whole, '.', text));
}

/* How many more in time, or fewer late, would meet the target. */
static int64_t missing(const struct target_change *change)
{
    const struct score_verdict *verdict =
        change->kind == TARGET_CHANGE_FORECAST ? &change->figures.pace : &change->figures.now;

    return verdict->bounded && verdict->margin < 0 ? -verdict->margin : 0;
}

static void add_texts(const struct target_changes *self, struct db_params *params, size_t offset)
{
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < self->count; i++) {
        const char *text = *(const char *const *)(const void *)((const char *)&self->items[i] + offset);

        db_param_add_text(params, text);
    }
}

static void add_kinds(const struct target_changes *self, struct db_params *params)
{
    static const char *const names[] = {"fell", "forecast", "recovered", "ended", "passed"};

    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < self->count; i++) {
        db_param_add_text(params, names[self->items[i].kind]);
    }
}

static void add_numbers(const struct target_changes *self, struct db_params *params, size_t offset)
{
    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < self->count; i++) {
        db_param_add_int(params, *(const int32_t *)(const void *)((const char *)&self->items[i] + offset));
    }
}

/* Numerator, denominator and rate of one of the two verdicts. */
static void add_verdicts(const struct target_changes *self, struct db_params *params, size_t offset, int column)
{
    db_param_array(params, column < 2 ? DB_ARRAY_INT8 : DB_ARRAY_TEXT);
    for (size_t i = 0; i < self->count; i++) {
        const struct score_verdict *verdict =
            (const struct score_verdict *)(const void *)((const char *)&self->items[i].figures + offset);

        if (column == 2) {
            add_rate(params, verdict);
        } else {
            add_count(params, verdict, column == 0 ? verdict->part : verdict->whole);
        }
    }
}

static void add_demands(const struct target_changes *self, struct db_params *params)
{
    char text[RATE_SIZE];

    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < self->count; i++) {
        db_param_add_text(params, rate_format(self->items[i].bound_bp, TARGET_WHOLE_BP, '.', text));
    }
    db_param_array(params, DB_ARRAY_INT8);
    for (size_t i = 0; i < self->count; i++) {
        db_param_add_int(params, missing(&self->items[i]));
    }
}

void target_changes_params(const struct target_changes *self, struct db_params *params)
{
#define AT(member) offsetof(struct target_change, member)
    static const size_t scope[] = {AT(measure),     AT(period),    AT(unit),    AT(field),
                                   AT(field_group), AT(procedure), AT(relation)};

    db_param_array(params, DB_ARRAY_INT8);
    for (size_t i = 0; i < self->count; i++) {
        db_param_add_int(params, self->items[i].episode);
    }
    add_kinds(self, params);
    add_texts(self, params, AT(why));
    add_texts(self, params, AT(plan));
    add_numbers(self, params, AT(line));
    for (size_t i = 0; i < sizeof scope / sizeof *scope; i++) {
        add_texts(self, params, scope[i]);
    }
    add_numbers(self, params, AT(bound_bp));
    add_texts(self, params, AT(title));
    for (int column = 0; column < 3; column++) {
        add_verdicts(self, params, offsetof(struct watch_figures, now), column);
    }
    add_demands(self, params);
    for (int column = 0; column < 3; column++) {
        add_verdicts(self, params, offsetof(struct watch_figures, pace), column);
    }
#undef AT
}
