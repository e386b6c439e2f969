/* SPDX-License-Identifier: MIT */
/* Wall-clock times made into RFC 3339. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "cli/wall_time.h"
#include "common/clock.h"

static void expect_time(struct wall_time *times, const char *text, const char *expected)
{
    char out[WALL_TIME_SIZE];
    size_t len;

    assert_int_equal(wall_time_convert(times, text, strlen(text), out, &len), STATUS_OK);
    assert_string_equal(out, expected);
    assert_int_equal(len, strlen(expected));
}

static void wall_time__clock_changes__are_settled(void **state)
{
    struct wall_time *times;

    (void)state;
    assert_int_equal(clock_use_zone("America/New_York"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%Y-%m-%d %H:%M:%S"), STATUS_OK);
    expect_time(times, "2015-03-08 01:59:59", "2015-03-08T01:59:59-05:00");
    expect_time(times, "2015-03-08 02:30:00", "2015-03-08T03:30:00-04:00"); /* skipped */
    expect_time(times, "2015-03-08 03:00:00", "2015-03-08T03:00:00-04:00");
    expect_time(times, "2015-11-01 00:59:59", "2015-11-01T00:59:59-04:00");
    expect_time(times, "2015-11-01 01:30:00", "2015-11-01T01:30:00-04:00"); /* shown twice */
    expect_time(times, "2015-11-01 02:00:00", "2015-11-01T02:00:00-05:00");
    expect_time(times, "2015-03-07 23:00:00", "2015-03-07T23:00:00-05:00");
    expect_time(times, "2015-03-09 00:00:00", "2015-03-09T00:00:00-04:00");
    expect_time(times, "2015-06-30 23:59:60", "2015-06-30T23:59:59-04:00");
    wall_time_destroy(&times);
    assert_int_equal(clock_use_zone("Asia/Ho_Chi_Minh"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%Y%m%d%H%M%S"), STATUS_OK);
    expect_time(times, "20260609071500", "2026-06-09T07:15:00+07:00");
    wall_time_destroy(&times);
    assert_int_equal(clock_use_zone("Asia/Kathmandu"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%d/%m/%Y"), STATUS_OK);
    expect_time(times, "1/2/2024", "2024-02-01T00:00:00+05:45");
    wall_time_destroy(&times);
}

static void wall_time__noon_and_midnight__by_the_twelve_hour_clock(void **state)
{
    struct wall_time *times;

    (void)state;
    assert_int_equal(clock_use_zone("UTC"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%m/%d/%Y %I:%M %p"), STATUS_OK);
    expect_time(times, "02/29/2016 12:00 AM", "2016-02-29T00:00:00+00:00");
    expect_time(times, "02/29/2016 12:00 PM", "2016-02-29T12:00:00+00:00");
    expect_time(times, "02/29/2016   1:05 pm", "2016-02-29T13:05:00+00:00");
    wall_time_destroy(&times);
}

static void wall_time__what_is_no_time__is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "2015-02-29 00:00:00",
                                      "2015-04-31 00:00:00",
                                      "2015-04-30 24:00:00",
                                      "2015-04-30 00:00",
                                      "2015-04-30 00:00:00 ",
                                      "1989-12-31 00:00:00",
                                      "2100-01-01 00:00:00",
                                      "2015/04/30 00:00:00",
                                      "2015-00-30 00:00:00"};
    static const char *const formats[] = {"", "%Y-%m", "%Y-%m-%d %I:%M", "%Y-%m-%d %p", "%Y-%m-%d %Y", "%Y-%m-%d%"};
    struct wall_time *times;
    char out[WALL_TIME_SIZE];
    size_t len;

    (void)state;
    assert_int_equal(wall_time_new(&times, "%Y-%m-%d %H:%M:%S"), STATUS_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(wall_time_convert(times, bad[i], strlen(bad[i]), out, &len), STATUS_INVALID);
    }
    wall_time_destroy(&times);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        assert_int_equal(wall_time_new(&times, formats[i]), STATUS_INVALID);
        assert_null(times);
    }
}

static void wall_time__rfc3339__is_passed_on(void **state)
{
    struct wall_time *times;
    char out[WALL_TIME_SIZE];
    size_t len;

    (void)state;
    assert_int_equal(wall_time_new(&times, "rfc3339"), STATUS_OK);
    expect_time(times, "2024-02-29T08:00:00.5+07:00", "2024-02-29T08:00:00.5+07:00");
    assert_int_equal(wall_time_convert(times, "2024-02-29 08:00", 16, out, &len), STATUS_INVALID);
    wall_time_destroy(&times);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wall_time__clock_changes__are_settled),
        cmocka_unit_test(wall_time__noon_and_midnight__by_the_twelve_hour_clock),
        cmocka_unit_test(wall_time__what_is_no_time__is_refused),
        cmocka_unit_test(wall_time__rfc3339__is_passed_on),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
