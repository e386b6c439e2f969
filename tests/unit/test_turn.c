/* SPDX-License-Identifier: MIT */
/* test_turn.c - which failures another one's turn explains. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/turn.h"

static void lost__somebody_acted_at_the_same_time__is_a_conflict(void **state)
{
    (void)state;
    assert_true(turn_lost("40001"));
    assert_true(turn_lost("40P01"));
    assert_true(turn_lost("23505"));
}

static void lost__anything_else__is_a_failure(void **state)
{
    (void)state;
    assert_false(turn_lost(""));
    assert_false(turn_lost("08006"));
    assert_false(turn_lost("23503"));
    assert_false(turn_lost("23514"));
    assert_false(turn_lost("57014"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lost__somebody_acted_at_the_same_time__is_a_conflict),
        cmocka_unit_test(lost__anything_else__is_a_failure),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
