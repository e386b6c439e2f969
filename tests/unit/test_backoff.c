/* SPDX-License-Identifier: MIT */
/* test_backoff.c - the schedules, with and without jitter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/backoff.h"

#define SECOND_MS INT64_C(1000)
#define HOUR_MS INT64_C(3600000)

static void webhook_backoff__no_jitter__is_the_specification(void **state)
{
    /* The column "Time since start" of the specification, in seconds: 00:00:00, 00:00:05, 00:05:05, ... 75:35:05. */
    static const int64_t since_start_s[] = {0, 5, 305, 2105, 9305, 27305, 63305, 113705, 185705, 272105};
    int64_t passed_ms = 0;

    (void)state;
    for (int failed = 0; failed < 10; failed++) {
        passed_ms += webhook_backoff_ms(failed, 0);
        assert_int_equal(passed_ms, since_start_s[failed] * SECOND_MS);
    }
    assert_int_equal(webhook_backoff_ms(10, 0), -1);
    assert_int_equal(webhook_backoff_ms(-1, 0), -1);
    assert_int_equal(webhook_backoff_ms(INT32_MAX, 0), -1);
}

static void mail_backoff__no_jitter__gives_up_after_four_days(void **state)
{
    int64_t passed_ms = 0;
    int64_t wait_ms;
    int64_t last_ms = 0;
    int failed = 0;

    (void)state;
    assert_int_equal(mail_backoff_ms(0, 0), 0);
    assert_int_equal(mail_backoff_ms(1, 0), 60 * SECOND_MS);
    for (; (wait_ms = mail_backoff_ms(failed, 0)) >= 0; failed++) {
        assert_true(wait_ms >= last_ms);
        last_ms = wait_ms;
        passed_ms += wait_ms;
    }
    assert_int_equal(failed, 13);
    /* RFC 5321: "at least 4-5 days". */
    assert_true(passed_ms >= 4 * 24 * HOUR_MS && passed_ms <= 5 * 24 * HOUR_MS);
}

static void backoff__jitter__adds_less_than_a_tenth(void **state)
{
    (void)state;
    assert_int_equal(webhook_backoff_ms(0, UINT32_MAX), 0);
    /* 5000 + 500 * (2^32 - 1) / 2^32, rounded down; and the half of it. */
    assert_int_equal(webhook_backoff_ms(1, UINT32_MAX), 5499);
    assert_int_equal(webhook_backoff_ms(1, UINT32_C(1) << 31), 5250);
    assert_int_equal(webhook_backoff_ms(9, UINT32_MAX), 24 * HOUR_MS + 24 * HOUR_MS / 10 - 1);
    assert_int_equal(mail_backoff_ms(1, UINT32_C(1) << 31), 63 * SECOND_MS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(webhook_backoff__no_jitter__is_the_specification),
        cmocka_unit_test(mail_backoff__no_jitter__gives_up_after_four_days),
        cmocka_unit_test(backoff__jitter__adds_less_than_a_tenth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
