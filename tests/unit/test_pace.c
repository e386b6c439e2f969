/* SPDX-License-Identifier: MIT */
/* test_pace.c - when targets are looked at. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/pace.h"

#define TODAY 20167
#define EVERY 60000

static void ask__at_first__at_once(void **state)
{
    struct pace pace = {0};

    (void)state;
    assert_int_equal(pace_ask(&pace, TODAY, 5), PACE_IF_CHANGED);
}

static void ask__after_a_round__waits_for_the_pause(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_note(&pace, PACE_JUDGED, TODAY, EVERY, 1000, 10);
    assert_int_equal(pace_ask(&pace, TODAY, 60999), PACE_NOT_YET);
    assert_int_equal(pace_ask(&pace, TODAY, 61000), PACE_IF_CHANGED);
    pace_note(&pace, PACE_UNCHANGED, TODAY, EVERY, 61000, 1);
    assert_int_equal(pace_ask(&pace, TODAY, 120999), PACE_NOT_YET);
}

static void ask__midnight__is_due_whatever_the_pause(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_note(&pace, PACE_JUDGED, TODAY, EVERY, 1000, 10);
    assert_int_equal(pace_ask(&pace, TODAY + 1, 1001), PACE_ROUND);
    /* It has to wait for a scorer, and is not asked in every turn of the loop. */
    pace_note(&pace, PACE_WAITS, TODAY + 1, EVERY, 1001, 1);
    assert_int_equal(pace_ask(&pace, TODAY + 1, 2000), PACE_NOT_YET);
    assert_int_equal(pace_ask(&pace, TODAY + 1, 2001), PACE_ROUND);
    pace_note(&pace, PACE_JUDGED, TODAY + 1, EVERY, 2001, 10);
    assert_int_equal(pace_ask(&pace, TODAY + 1, 2002), PACE_NOT_YET);
}

static void ask__clock_set_back_by_a_day__is_another_day_too(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_note(&pace, PACE_JUDGED, TODAY, EVERY, 1000, 10);
    assert_int_equal(pace_ask(&pace, TODAY - 1, 1001), PACE_ROUND);
}

static void note__a_long_round__is_followed_by_a_longer_pause(void **state)
{
    struct pace pace = {0};

    (void)state;
    /* Seven seconds: 140 until the next. */
    pace_note(&pace, PACE_JUDGED, TODAY, EVERY, 10000, 7000);
    assert_int_equal(pace_ask(&pace, TODAY, 149999), PACE_NOT_YET);
    assert_int_equal(pace_ask(&pace, TODAY, 150000), PACE_IF_CHANGED);
}

static void note__a_failure__does_not_hammer_the_database(void **state)
{
    struct pace pace = {0};

    (void)state;
    pace_note(&pace, PACE_JUDGED, TODAY, EVERY, 1000, 10);
    pace_note(&pace, PACE_FAILED, TODAY + 1, EVERY, 2000, 100);
    assert_int_equal(pace_ask(&pace, TODAY + 1, 61999), PACE_NOT_YET);
    /* The day has not been judged yet. */
    assert_int_equal(pace_ask(&pace, TODAY + 1, 62000), PACE_ROUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ask__at_first__at_once),
        cmocka_unit_test(ask__after_a_round__waits_for_the_pause),
        cmocka_unit_test(ask__midnight__is_due_whatever_the_pause),
        cmocka_unit_test(ask__clock_set_back_by_a_day__is_another_day_too),
        cmocka_unit_test(note__a_long_round__is_followed_by_a_longer_pause),
        cmocka_unit_test(note__a_failure__does_not_hammer_the_database),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
