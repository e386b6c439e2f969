/* SPDX-License-Identifier: MIT */
/*
 * test_local_time.c - days on which the clocks are changed.  When a clock has reached a time follows from the zone's
 * rules, told beside each day; what is meant by a time was asked of PostgreSQL 15 (AT TIME ZONE).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "common/local_time.h"
#include "tests/support/office.h"

struct told {
    const char *zone;
    int year;
    int month;
    int day;
    int32_t second_s;
    const char *reached;
    const char *meant;
};

static const struct told cases[] = {
    {"Asia/Ho_Chi_Minh", 2024, 3, 5, AT(0, 0), "2024-03-04T17:00:00Z", "2024-03-04T17:00:00Z"},
    {"Asia/Ho_Chi_Minh", 2024, 3, 5, AT(24, 0), "2024-03-05T17:00:00Z", "2024-03-05T17:00:00Z"},
    {"America/New_York", 2016, 3, 12, AT(2, 30), "2016-03-12T07:30:00Z", "2016-03-12T07:30:00Z"},
    /* At 02:00 -05:00 (07:00Z) it becomes 03:00 -04:00. */
    {"America/New_York", 2016, 3, 13, AT(1, 59), "2016-03-13T06:59:00Z", "2016-03-13T06:59:00Z"},
    {"America/New_York", 2016, 3, 13, AT(2, 0), "2016-03-13T07:00:00Z", "2016-03-13T07:00:00Z"},
    {"America/New_York", 2016, 3, 13, AT(2, 30), "2016-03-13T07:00:00Z", "2016-03-13T07:30:00Z"},
    {"America/New_York", 2016, 3, 13, AT(3, 0), "2016-03-13T07:00:00Z", "2016-03-13T07:00:00Z"},
    {"America/New_York", 2016, 3, 13, AT(24, 0), "2016-03-14T04:00:00Z", "2016-03-14T04:00:00Z"},
    /* At 02:00 -04:00 (06:00Z) it becomes 01:00 -05:00. */
    {"America/New_York", 2016, 11, 6, AT(0, 59), "2016-11-06T04:59:00Z", "2016-11-06T04:59:00Z"},
    {"America/New_York", 2016, 11, 6, AT(1, 0), "2016-11-06T05:00:00Z", "2016-11-06T06:00:00Z"},
    {"America/New_York", 2016, 11, 6, AT(1, 30), "2016-11-06T05:30:00Z", "2016-11-06T06:30:00Z"},
    {"America/New_York", 2016, 11, 6, AT(2, 0), "2016-11-06T07:00:00Z", "2016-11-06T07:00:00Z"},
    /* At midnight +02:00 it becomes 01:00 +03:00: the day begins an hour late on the clock, at 22:00Z. */
    {"Asia/Beirut", 2016, 3, 26, AT(24, 0), "2016-03-26T22:00:00Z", "2016-03-26T22:00:00Z"},
    {"Asia/Beirut", 2016, 3, 27, AT(0, 0), "2016-03-26T22:00:00Z", "2016-03-26T22:00:00Z"},
    {"Asia/Beirut", 2016, 3, 27, AT(0, 30), "2016-03-26T22:00:00Z", "2016-03-26T22:30:00Z"},
    {"Asia/Beirut", 2016, 3, 27, AT(1, 0), "2016-03-26T22:00:00Z", "2016-03-26T22:00:00Z"},
    /* At 01:00 -04:00 (05:00Z) it becomes 00:00 -05:00. */
    {"America/Havana", 2016, 11, 6, AT(0, 0), "2016-11-06T04:00:00Z", "2016-11-06T05:00:00Z"},
    {"America/Havana", 2016, 11, 6, AT(0, 30), "2016-11-06T04:30:00Z", "2016-11-06T05:30:00Z"},
    {"America/Havana", 2016, 11, 6, AT(1, 0), "2016-11-06T06:00:00Z", "2016-11-06T06:00:00Z"},
    /* Samoa left out 30 December 2011: -10:00 became +14:00. */
    {"Pacific/Apia", 2011, 12, 30, AT(0, 0), "2011-12-30T10:00:00Z", NULL},
    {"Pacific/Apia", 2011, 12, 30, AT(12, 0), "2011-12-30T10:00:00Z", "2011-12-30T22:00:00Z"},
    {"Pacific/Apia", 2011, 12, 30, AT(24, 0), "2011-12-30T10:00:00Z", NULL},
};

static void local_day__clocks_changed__has_both_answers(void **state)
{
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        const struct told *told = &cases[i];
        struct local_day day;

        assert_int_equal(clock_use_zone(told->zone), STATUS_OK);
        local_day_find(date(told->year, told->month, told->day), &day);
        failed += differs(told->reached, local_day_reach_us(&day, told->second_s), moment(told->reached));
        if (told->meant) {
            failed += differs(told->meant, local_day_meant_us(&day, told->second_s), moment(told->meant));
        }
    }
    assert_int_equal(failed, 0);
}

static void local_time_split__any_moment__is_day_and_time(void **state)
{
    static const struct {
        const char *zone;
        const char *moment;
        int32_t day_of_1970;
        int64_t time_us;
    } splits[] = {
        {"Asia/Ho_Chi_Minh", "2016-01-12T16:59:59.999999Z", 16812, INT64_C(86399999999)},
        {"Asia/Ho_Chi_Minh", "2016-01-12T17:00:00Z", 16813, 0},
        {"America/New_York", "2016-11-06T05:30:00.5Z", 17111, INT64_C(5400500000)}, /* 01:30 twice */
        {"America/New_York", "2016-11-06T06:30:00.5Z", 17111, INT64_C(5400500000)},
        {"America/New_York", "2016-03-13T07:00:00Z", 16873, INT64_C(10800000000)}, /* 03:00 */
    };
    int32_t day;
    int64_t time_us;

    (void)state;
    for (size_t i = 0; i < COUNT(splits); i++) {
        assert_int_equal(clock_use_zone(splits[i].zone), STATUS_OK);
        local_time_split(moment(splits[i].moment), &day, &time_us);
        assert_int_equal(day, splits[i].day_of_1970);
        assert_int_equal(time_us, splits[i].time_us);
    }
    /* 1969-12-31 19:00 and a microsecond before. */
    local_time_split(0, &day, &time_us);
    assert_int_equal(day, -1);
    assert_int_equal(time_us, 19 * HOUR_US);
    local_time_split(-1, &day, &time_us);
    assert_int_equal(day, -1);
    assert_int_equal(time_us, 19 * HOUR_US - 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(local_day__clocks_changed__has_both_answers),
        cmocka_unit_test(local_time_split__any_moment__is_day_and_time),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
