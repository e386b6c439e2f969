/* SPDX-License-Identifier: MIT */
/* test_webhook_reply.c - statuses, and both forms of Retry-After. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "notifier/webhook_reply.h"

/* Sun, 06 Nov 1994 08:49:37 GMT, the date of RFC 9110: 9075 days after 1970 (24 years, 6 leap days, 309 days). */
#define RFC_DATE_S (INT64_C(9075) * 86400 + 8 * 3600 + 49 * 60 + 37)

static void retry_after__seconds__become_milliseconds(void **state)
{
    static const struct {
        const char *value;
        int64_t wait_ms;
    } rows[] = {
        {"0", 0},
        {"120", 120000},
        {"  120 \r\n", 120000},
        {"86399", 86399000},
        {"86400", 86400000},
        {"86401", 86400000},
        {"999999999", 86400000},
        {"99999999999999999999999999999999", 86400000},
    };
    int64_t wait_ms;

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(webhook_retry_after_ms(rows[i].value, strlen(rows[i].value), 1000, &wait_ms), STATUS_OK);
        assert_int_equal(wait_ms, rows[i].wait_ms);
    }
}

static void retry_after__date__counts_from_now(void **state)
{
    /* The three forms of RFC 9110, 5.6.7. */
    static const char *const forms[] = {" Sun, 06 Nov 1994 08:49:37 GMT\r\n", "Sunday, 06-Nov-94 08:49:37 GMT",
                                        "Sun Nov  6 08:49:37 1994"};
    int64_t wait_ms;

    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        assert_int_equal(webhook_retry_after_ms(forms[i], strlen(forms[i]), RFC_DATE_S - 90, &wait_ms), STATUS_OK);
        assert_int_equal(wait_ms, 90000);
        assert_int_equal(webhook_retry_after_ms(forms[i], strlen(forms[i]), RFC_DATE_S + 1, &wait_ms), STATUS_OK);
        assert_int_equal(wait_ms, 0);
        assert_int_equal(webhook_retry_after_ms(forms[i], strlen(forms[i]), 0, &wait_ms), STATUS_OK);
        assert_int_equal(wait_ms, WEBHOOK_RETRY_AFTER_MAX_MS);
    }
}

static void retry_after__neither__is_refused(void **state)
{
    static const char *const values[] = {
        "",     "  ",
        "-5",   "soon",
        "1.5",  "5 minutes",
        "0x10", "12345678901 x",
        "GMT",  "Sun, 06 Nov 1994 08:49:37 GMT and much more than any date has behind it"};
    int64_t wait_ms = 7;

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (webhook_retry_after_ms(values[i], strlen(values[i]), 0, &wait_ms) != STATUS_INVALID) {
            fail_msg("\"%s\" was taken", values[i]);
        }
    }
    assert_int_equal(webhook_retry_after_ms("1\0002", 3, 0, &wait_ms), STATUS_INVALID);
    assert_int_equal(wait_ms, 7);
}

static void reply__every_status__has_its_meaning(void **state)
{
    struct outcome outcome;

    (void)state;
    for (int status = 200; status <= 999; status++) {
        enum outcome_kind expected = status < 300                                      ? OUTCOME_DELIVERED
                                     : status == 410                                   ? OUTCOME_GONE
                                     : status == 429 || status == 502 || status == 504 ? OUTCOME_THROTTLED
                                                                                       : OUTCOME_RETRY;

        webhook_reply_outcome("receiver.vn", status, 5000, &outcome);
        assert_int_equal(outcome.kind, expected);
        assert_int_equal(outcome.code, status);
        assert_int_equal(outcome.not_before_ms, expected == OUTCOME_RETRY || expected == OUTCOME_THROTTLED ? 5000 : 0);
        assert_ptr_equal(strstr(outcome.text, "receiver.vn "), outcome.text);
    }
}

static void outcome__text__is_one_line_and_bounded(void **state)
{
    struct outcome outcome;
    char text[OUTCOME_TEXT_SIZE * 5];

    (void)state;
    outcome_set(&outcome, OUTCOME_REFUSED, 550, "%s", "one\r\ntwo\tthree\x7f");
    assert_string_equal(outcome.text, "one??two?three?");
    memset(text, 'x', sizeof text);
    text[sizeof text - 1] = '\0';
    outcome_set(&outcome, OUTCOME_REFUSED, 550, "%s", text);
    assert_int_equal(strlen(outcome.text), OUTCOME_TEXT_SIZE - 1);
    assert_string_equal(outcome_name(OUTCOME_DELIVERED), "delivered");
    assert_string_equal(outcome_name(OUTCOME_CERTIFICATE), "certificate");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(retry_after__seconds__become_milliseconds),
        cmocka_unit_test(retry_after__date__counts_from_now),
        cmocka_unit_test(retry_after__neither__is_refused),
        cmocka_unit_test(reply__every_status__has_its_meaning),
        cmocka_unit_test(outcome__text__is_one_line_and_bounded),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
