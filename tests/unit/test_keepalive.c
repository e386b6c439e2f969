/* SPDX-License-Identifier: MIT */
/* test_keepalive.c - turns of the topics over time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/keepalive.h"

#define START_MS 1000

static void keepalive__four_topics_in_a_second__one_each_quarter(void **state)
{
    struct keepalive keepalive;

    (void)state;
    keepalive_start(&keepalive, 1000, START_MS);
    assert_int_equal(keepalive_wait_ms(&keepalive, START_MS, 4), 250);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 249, 4), 0);
    assert_int_equal(keepalive_wait_ms(&keepalive, START_MS + 249, 4), 1);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 250, 4), 1);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 999, 4), 2);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 1000, 4), 1);
}

static void keepalive__three_topics_asked_often__each_once_an_interval(void **state)
{
    struct keepalive keepalive;
    int turns[3] = {0, 0, 0};

    (void)state;
    keepalive_start(&keepalive, 1000, START_MS);
    for (int64_t now_ms = START_MS + 7; now_ms <= START_MS + 7000; now_ms += 7) {
        for (size_t due = keepalive_due(&keepalive, now_ms, 3); due > 0; due--) {
            turns[keepalive_turn(&keepalive, 3)]++;
        }
    }
    assert_int_equal(turns[0], 7);
    assert_int_equal(turns[1], 7);
    assert_int_equal(turns[2], 7);
}

static void keepalive__more_topics_than_milliseconds__several_at_once(void **state)
{
    struct keepalive keepalive;

    (void)state;
    keepalive_start(&keepalive, 10, START_MS);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 1, 55), 5);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 2, 55), 6);
    assert_int_equal(keepalive_wait_ms(&keepalive, START_MS + 2, 55), 1);
}

static void keepalive__nobody_asked_for_long__each_topic_once(void **state)
{
    struct keepalive keepalive;

    (void)state;
    keepalive_start(&keepalive, 1000, START_MS);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 1000000, 5), 5);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 1000000, 5), 0);
}

static void keepalive__no_topics__nothing_is_due(void **state)
{
    struct keepalive keepalive;

    (void)state;
    keepalive_start(&keepalive, 1000, START_MS);
    assert_int_equal(keepalive_due(&keepalive, START_MS + 5000, 0), 0);
    assert_int_equal(keepalive_wait_ms(&keepalive, START_MS + 5000, 0), 1000);
}

static void keepalive__topics_become_fewer__turn_starts_over(void **state)
{
    struct keepalive keepalive;

    (void)state;
    keepalive_start(&keepalive, 1000, START_MS);
    assert_int_equal(keepalive_turn(&keepalive, 3), 0);
    assert_int_equal(keepalive_turn(&keepalive, 3), 1);
    assert_int_equal(keepalive_turn(&keepalive, 1), 0);
    assert_int_equal(keepalive_turn(&keepalive, 2), 1);
    assert_int_equal(keepalive_turn(&keepalive, 2), 0);
}

static void keepalive__overdue_turn__waits_no_longer(void **state)
{
    struct keepalive keepalive;

    (void)state;
    keepalive_start(&keepalive, 1000, START_MS);
    assert_int_equal(keepalive_wait_ms(&keepalive, START_MS + 9000, 2), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keepalive__four_topics_in_a_second__one_each_quarter),
        cmocka_unit_test(keepalive__three_topics_asked_often__each_once_an_interval),
        cmocka_unit_test(keepalive__more_topics_than_milliseconds__several_at_once),
        cmocka_unit_test(keepalive__nobody_asked_for_long__each_topic_once),
        cmocka_unit_test(keepalive__no_topics__nothing_is_due),
        cmocka_unit_test(keepalive__topics_become_fewer__turn_starts_over),
        cmocka_unit_test(keepalive__overdue_turn__waits_no_longer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
