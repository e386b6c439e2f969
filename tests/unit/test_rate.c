/* SPDX-License-Identifier: MIT */
/* test_rate.c - quotients of counts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "targets/rate.h"

static void format__no_sample__no_rate(void **state)
{
    char out[RATE_SIZE];

    (void)state;
    assert_null(rate_format(0, 0, '.', out));
}

static void format__quotients__a_half_is_rounded_up(void **state)
{
    char out[RATE_SIZE];

    (void)state;
    assert_string_equal(rate_format(0, 7, '.', out), "0.00");
    assert_string_equal(rate_format(7, 7, '.', out), "100.00");
    assert_string_equal(rate_format(1, 3, '.', out), "33.33");
    assert_string_equal(rate_format(2, 3, '.', out), "66.67");
    /* 1/800 = 0.125 %: a half of a hundredth. */
    assert_string_equal(rate_format(1, 800, '.', out), "0.13");
    /* 3/800 = 0.375 % */
    assert_string_equal(rate_format(3, 800, '.', out), "0.38");
    /* 12499/1000000 = 1.2499 % */
    assert_string_equal(rate_format(12499, 1000000, '.', out), "1.25");
    assert_string_equal(rate_format(12494, 1000000, '.', out), "1.25");
    assert_string_equal(rate_format(12449, 1000000, '.', out), "1.24");
    assert_string_equal(rate_format(1478230, 1653458, '.', out), "89.40");
}

static void format__largest_counts__do_not_overflow(void **state)
{
    char out[RATE_SIZE];

    (void)state;
    assert_string_equal(rate_format(99999999999999, 99999999999999, '.', out), "100.00");
}

static void target__per_cents__become_hundredths(void **state)
{
    int64_t bp = -1;

    (void)state;
    assert_int_equal(rate_read_target("98", &bp), STATUS_OK);
    assert_int_equal(bp, 9800);
    assert_int_equal(rate_read_target("98.5", &bp), STATUS_OK);
    assert_int_equal(bp, 9850);
    assert_int_equal(rate_read_target("0.05", &bp), STATUS_OK);
    assert_int_equal(bp, 5);
    assert_int_equal(rate_read_target("100.00", &bp), STATUS_OK);
    assert_int_equal(bp, 10000);
}

static void target__nonsense__is_refused(void **state)
{
    static const char *const wrong[] = {"", "x", "-1", "100.01", "98.123", "98.", ".5", "98%", "1e2", "99999"};
    int64_t bp;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(rate_read_target(wrong[i], &bp), STATUS_INVALID);
    }
}

static void meets__rounded_up_to_the_target__is_still_missed(void **state)
{
    char out[RATE_SIZE];

    (void)state;
    /* 97.996 % is shown as 98.00 and misses 98 %. */
    assert_string_equal(rate_format(24499, 25000, '.', out), "98.00");
    assert_false(rate_meets(24499, 25000, 9800));
    assert_true(rate_meets(24500, 25000, 9800));
    assert_true(rate_meets(1, 1, 10000));
    assert_true(rate_meets(0, 1, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(format__no_sample__no_rate),
        cmocka_unit_test(format__quotients__a_half_is_rounded_up),
        cmocka_unit_test(format__largest_counts__do_not_overflow),
        cmocka_unit_test(target__per_cents__become_hundredths),
        cmocka_unit_test(target__nonsense__is_refused),
        cmocka_unit_test(meets__rounded_up_to_the_target__is_still_missed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
