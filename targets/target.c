/* SPDX-License-Identifier: MIT */
/* target.c - see target.h. */
#include "targets/target.h"

#include <stddef.h>
#include <string.h>

#define MEASURE_MAX 64

static const char *const each_names[] = {"", "field", "unit", NULL};
static const char *const relation_names[] = {">=", "<", NULL};
static const char *const period_names[] = {"month", "quarter", "year", "plan", NULL};
static const char *const measure_names[] = {"on_time",        "late",           "on_time_portal",
                                            "letters_timely", "intake_on_time", NULL};

/* -1 when it is none of them. */
static int find(const char *const *names, const char *text)
{
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], text) == 0) {
            return i;
        }
    }
    return -1;
}

enum status target_read_each(const char *text, enum target_each *each)
{
    int i = find(each_names, text);

    if (i < 0) {
        return STATUS_INVALID;
    }
    *each = (enum target_each)i;
    return STATUS_OK;
}

enum status target_read_relation(const char *text, enum target_relation *relation)
{
    int i = find(relation_names, text);

    if (i < 0) {
        return STATUS_INVALID;
    }
    *relation = (enum target_relation)i;
    return STATUS_OK;
}

enum status target_read_period(const char *text, enum target_period *period)
{
    int i = find(period_names, text);

    if (i < 0) {
        return STATUS_INVALID;
    }
    *period = (enum target_period)i;
    return STATUS_OK;
}

enum status target_read_measure(const char *text, enum target_measure *kind)
{
    int i = find(measure_names, text);
    size_t len = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");

    if (text[len] != '\0' || len > MEASURE_MAX || *text < 'a' || *text > 'z') {
        return STATUS_INVALID;
    }
    *kind = i < 0 ? TARGET_REPORTED : (enum target_measure)i;
    return STATUS_OK;
}

const char *target_each_name(enum target_each each)
{
    return each_names[each];
}

const char *target_relation_name(enum target_relation relation)
{
    return relation_names[relation];
}

const char *target_period_name(enum target_period period)
{
    return period_names[period];
}

const char *target_nonsense(const struct target *target)
{
    if (target->first_day > target->last_day) {
        return "valid_from is after valid_to";
    }
    if (target->kind == TARGET_LATE && target->relation != TARGET_BELOW) {
        return "measure late is kept below a bound: relation must be <";
    }
    if (target->kind != TARGET_LATE && target->kind != TARGET_REPORTED && target->relation != TARGET_AT_LEAST) {
        return "this measure reaches a bound: relation must be >=";
    }
    if (target->relation == TARGET_BELOW && target->bound_bp == 0) {
        return "bound: nothing is below 0";
    }
    if (target->kind == TARGET_REPORTED && *target->procedure != '\0') {
        return "procedure: indicators are not reported by procedure";
    }
    return NULL;
}

bool target_same_family(const struct target *a, const struct target *b)
{
    bool promise_a = a->kind == TARGET_ON_TIME || a->kind == TARGET_LATE;
    bool promise_b = b->kind == TARGET_ON_TIME || b->kind == TARGET_LATE;

    return (promise_a && promise_b) || strcmp(a->measure, b->measure) == 0;
}

bool target_contradicts(const struct target *a, const struct target *b)
{
    bool same_scope = strcmp(a->unit, b->unit) == 0 && strcmp(a->field_group, b->field_group) == 0 &&
                      strcmp(a->procedure, b->procedure) == 0 && a->each == b->each && a->period == b->period;
    bool same_demand = strcmp(a->measure, b->measure) == 0 && a->relation == b->relation && a->bound_bp == b->bound_bp;

    return same_scope && target_same_family(a, b) && a->first_day <= b->last_day && b->first_day <= a->last_day &&
           (!same_demand || strcmp(a->plan, b->plan) == 0);
}

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

/* The period asked for is nearest; a longer one is seen half-way, a shorter one is judged over more than it asks. */
static int nearness(enum target_period of, enum target_period asked)
{
    return of == asked ? 100 : of > asked ? 50 - (int)of : (int)of;
}

int target_precedence(const struct target *a, const struct target *b, enum target_each each, enum target_period period)
{
    int order = compare(*a->procedure != '\0', *b->procedure != '\0');

    if (order == 0) {
        order = compare(*a->field_group != '\0', *b->field_group != '\0');
    }
    if (order == 0) {
        order = compare(a->unit_depth, b->unit_depth);
    }
    if (order == 0) {
        order = compare(a->each == each, b->each == each);
    }
    if (order == 0) {
        order = compare(nearness(a->period, period), nearness(b->period, period));
    }
    if (order == 0) {
        order = compare(a->first_day, b->first_day);
    }
    if (order == 0) {
        order = strcmp(b->plan, a->plan);
    }
    return order != 0 ? order : compare(b->line, a->line);
}
