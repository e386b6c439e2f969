/* SPDX-License-Identifier: MIT */
/* test_counters.c - differences to the counters: one cell of all rules each, in the order of cells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <endian.h>

#include <cmocka.h>

#include "scorer/counters.h"

#define CELLS_MAX 8
#define DAY_2025_03_31 20178

struct fixture {
    struct counters *counters;
    struct db_params *params;
    int32_t cells[CELLS_MAX][COUNTERS_WIDTH];
};

static int start(void **state)
{
    static struct fixture f;

    f = (struct fixture){.counters = counters_new(), .params = db_params_new()};
    assert_non_null(f.counters);
    assert_non_null(f.params);
    *state = &f;
    return 0;
}

static int finish(void **state)
{
    struct fixture *f = *state;

    counters_destroy(&f->counters);
    db_params_destroy(&f->params);
    return 0;
}

static void add(struct fixture *f, const int32_t key[COUNTERS_KEY], enum rule_name rule, enum verdict_class class,
                int32_t by)
{
    const struct counters_cell cell = {
        .day = key[0], .unit_id = key[1], .field_id = key[2], .procedure_id = key[3], .rule = rule, .class = class};

    assert_int_equal(counters_add(f->counters, &cell, by), STATUS_OK);
}

/* Reads the numbers of the array parameter into cells; returns how many cells it has. */
static size_t put_some(struct fixture *f, size_t max)
{
    enum { HEADER = 20, COUNT_AT = 12 };
    const char *const *values;
    const int *lengths;
    const int *formats;
    uint32_t net;
    size_t cells;

    db_params_reset(f->params);
    db_param_array(f->params, DB_ARRAY_INT4);
    cells = counters_put(f->counters, f->params, max);
    assert_true(cells <= CELLS_MAX);
    assert_int_equal(db_params_finish(f->params, &values, &lengths, &formats), 1);
    memcpy(&net, values[0] + COUNT_AT, sizeof net);
    assert_int_equal(be32toh(net), cells * COUNTERS_WIDTH);
    for (size_t i = 0; i < cells * COUNTERS_WIDTH; i++) {
        memcpy(&net, values[0] + HEADER + i * 2 * sizeof net + sizeof net, sizeof net);
        f->cells[i / COUNTERS_WIDTH][i % COUNTERS_WIDTH] = (int32_t)be32toh(net);
    }
    return cells;
}

static size_t put(struct fixture *f, void (*begin)(struct counters *self))
{
    begin(f->counters);
    return put_some(f, CELLS_MAX);
}

static int32_t told(const struct fixture *f, size_t cell, enum rule_name rule, enum verdict_class class)
{
    return f->cells[cell][COUNTERS_KEY + (int)rule * VERDICT_CLASSES + (int)class];
}

static void assert_key(const struct fixture *f, size_t cell, const int32_t key[COUNTERS_KEY])
{
    assert_memory_equal(f->cells[cell], key, COUNTERS_KEY * sizeof *key);
}

static void counters__all_rules_of_a_cell__are_one_row(void **state)
{
    static const int32_t key[] = {DAY_2025_03_31, 7, 3, 9};
    struct fixture *f = *state;

    add(f, key, RULE_INTAKE, VERDICT_EXCLUDED, 1);
    add(f, key, RULE_PROMISE, VERDICT_EARLY, 1);
    add(f, key, RULE_PORTAL, VERDICT_LATE, 1);
    add(f, key, RULE_PROMISE, VERDICT_EARLY, 1);
    assert_int_equal(put(f, counters_start), 1);
    assert_key(f, 0, key);
    assert_int_equal(told(f, 0, RULE_PROMISE, VERDICT_EARLY), 2);
    assert_int_equal(told(f, 0, RULE_PROMISE, VERDICT_LATE), 0);
    assert_int_equal(told(f, 0, RULE_PORTAL, VERDICT_LATE), 1);
    assert_int_equal(told(f, 0, RULE_INTAKE, VERDICT_EXCLUDED), 1);
}

static void counters__cells__come_in_the_order_of_the_key(void **state)
{
    static const int32_t keys[][COUNTERS_KEY] = {{-5, 9, 0, 0}, {0, 1, 2, 3}, {0, 1, 2, 4},
                                                 {0, 1, 3, 0},  {0, 2, 0, 0}, {1, 0, 0, 0}};
    static const size_t mixed[] = {3, 0, 5, 1, 4, 2};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof mixed / sizeof *mixed; i++) {
        add(f, keys[mixed[i]], RULE_PORTAL, VERDICT_IN_TIME, 1);
    }
    assert_int_equal(put(f, counters_start), sizeof keys / sizeof *keys);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        assert_key(f, i, keys[i]);
    }
}

static void counters__some_at_a_time__are_all_of_them(void **state)
{
    struct fixture *f = *state;
    int32_t key[COUNTERS_KEY] = {0, 7, 3, 9};

    for (key[0] = 5; key[0] > 0; key[0]--) {
        add(f, key, RULE_PROMISE, VERDICT_LATE, 1);
        add(f, key, RULE_PORTAL, VERDICT_LATE, key[0] == 2 ? 0 : 1);
        add(f, key, RULE_PROMISE, VERDICT_LATE, key[0] == 2 ? -1 : 1);
    }
    counters_start(f->counters);
    assert_int_equal(put_some(f, 3), 3);
    assert_int_equal(f->cells[0][0], 1);
    assert_int_equal(f->cells[1][0], 3); /* of 2 nothing is left */
    assert_int_equal(f->cells[2][0], 4);
    assert_int_equal(told(f, 2, RULE_PROMISE, VERDICT_LATE), 2);
    assert_int_equal(put_some(f, 3), 1);
    assert_int_equal(f->cells[0][0], 5);
    assert_int_equal(put_some(f, 3), 0);
}

static void counters__what_cancels_out__is_not_written(void **state)
{
    static const int32_t stays[] = {DAY_2025_03_31, 7, 3, 9};
    static const int32_t moves[] = {DAY_2025_03_31, 8, 3, 9};
    struct fixture *f = *state;

    add(f, stays, RULE_PROMISE, VERDICT_LATE, -1);
    add(f, moves, RULE_PROMISE, VERDICT_IN_TIME, -1);
    add(f, stays, RULE_PROMISE, VERDICT_LATE, 1);
    add(f, moves, RULE_PROMISE, VERDICT_OVERDUE, 1);
    assert_int_equal(put(f, counters_start), 1);
    assert_key(f, 0, moves);
    assert_int_equal(told(f, 0, RULE_PROMISE, VERDICT_IN_TIME), -1);
    assert_int_equal(told(f, 0, RULE_PROMISE, VERDICT_OVERDUE), 1);
    counters_reset(f->counters);
    assert_int_equal(put(f, counters_start), 0);
}

static void counters__months__hold_their_days_and_all_procedures(void **state)
{
    static const int32_t days[][COUNTERS_KEY] = {{DAY_2025_03_31, 7, 3, 9},
                                                 {DAY_2025_03_31 - 30, 7, 3, 0},
                                                 {DAY_2025_03_31 - 31, 7, 3, 9},
                                                 {DAY_2025_03_31 + 1, 7, 3, 9}};
    static const int32_t february[] = {DAY_2025_03_31 - 58, 7, 3, 0};
    static const int32_t march[] = {DAY_2025_03_31 - 30, 7, 3, 0};
    static const int32_t april[] = {DAY_2025_03_31 + 1, 7, 3, 0};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        add(f, days[i], RULE_PROMISE, VERDICT_LATE, 1);
    }
    assert_int_equal(put(f, counters_start), 4);
    assert_int_equal(put(f, counters_start_months), 3);
    assert_key(f, 0, february);
    assert_key(f, 1, march);
    assert_key(f, 2, april);
    assert_int_equal(told(f, 0, RULE_PROMISE, VERDICT_LATE), 1);
    assert_int_equal(told(f, 1, RULE_PROMISE, VERDICT_LATE), 2);
    assert_int_equal(told(f, 2, RULE_PROMISE, VERDICT_LATE), 1);
}

static void counters__what_moves_within_a_month__leaves_it_alone(void **state)
{
    static const int32_t from[] = {-32, 7, 3, 9}; /* 1969-11-30 */
    static const int32_t to[] = {-60, 7, 3, 8};
    struct fixture *f = *state;

    add(f, from, RULE_PROMISE, VERDICT_LATE, -1);
    add(f, to, RULE_PROMISE, VERDICT_LATE, 1);
    assert_int_equal(put(f, counters_start), 2);
    assert_int_equal(put(f, counters_start_months), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(counters__all_rules_of_a_cell__are_one_row, start, finish),
        cmocka_unit_test_setup_teardown(counters__cells__come_in_the_order_of_the_key, start, finish),
        cmocka_unit_test_setup_teardown(counters__some_at_a_time__are_all_of_them, start, finish),
        cmocka_unit_test_setup_teardown(counters__what_cancels_out__is_not_written, start, finish),
        cmocka_unit_test_setup_teardown(counters__months__hold_their_days_and_all_procedures, start, finish),
        cmocka_unit_test_setup_teardown(counters__what_moves_within_a_month__leaves_it_alone, start, finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
