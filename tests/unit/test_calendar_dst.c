/* SPDX-License-Identifier: MIT */
/*
 * test_calendar_dst.c - calendars and terms in America/New_York.  In 2016 it was UTC-05:00, from 13 March 02:00 (which
 * became 03:00) UTC-04:00, from 6 November 02:00 (which became 01:00) UTC-05:00 again; both are Sundays.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "common/term.h"
#include "tests/support/office.h"

static struct calendar_definition sundays(int32_t begin_s, int32_t end_s)
{
    struct calendar_definition definition = {
        .first_year = 2016, .last_year = 2016, .day_s = AT(8, 0), .cut_off_s = CALENDAR_NO_CUT_OFF};

    definition.week[6] = (struct calendar_shift){1, {{begin_s, end_s}}};
    return definition;
}

static int64_t minutes_between(const struct calendar *calendar, const char *from, const char *to)
{
    int64_t working_us = -1;

    assert_int_equal(calendar_between(calendar, moment(from), moment(to), &working_us), STATUS_OK);
    return working_us / (60 * CLOCK_SECOND_US);
}

static void calendar__office_hours__follow_the_local_clock(void **state)
{
    struct calendar_definition definition = office(2016, 2016);
    struct calendar *calendar = calendar_made(&definition);
    int64_t to_us = 0;

    (void)state;
    /* Friday 16:00 to Monday 08:00 is 2 h, whichever way the clocks went in between. */
    assert_int_equal(minutes_between(calendar, "2016-03-11T16:00:00-05:00", "2016-03-14T08:00:00-04:00"), 120);
    assert_int_equal(minutes_between(calendar, "2016-11-04T16:00:00-04:00", "2016-11-07T08:00:00-05:00"), 120);
    assert_int_equal(calendar_add(calendar, moment("2016-03-11T16:00:00-05:00"), 2 * HOUR_US, &to_us), STATUS_OK);
    assert_int_equal(differs("spring", to_us, moment("2016-03-14T08:00:00-04:00")), 0);
    assert_int_equal(calendar_add(calendar, moment("2016-11-04T16:00:00-04:00"), 2 * HOUR_US, &to_us), STATUS_OK);
    assert_int_equal(differs("autumn", to_us, moment("2016-11-07T08:00:00-05:00")), 0);
    /* 2016 began on a Friday and has 366 days: 261 weekdays of 8 h. */
    assert_int_equal(minutes_between(calendar, "2016-01-01T00:00:00-05:00", "2017-01-01T00:00:00-05:00"), 261 * 480);
    calendar_destroy(&calendar);
}

/* How many minutes of work a Sunday has that is worked from begin_s to end_s. */
static int64_t sunday_minutes(int32_t begin_s, int32_t end_s, const char *from, const char *to)
{
    struct calendar_definition definition = sundays(begin_s, end_s);
    struct calendar *calendar = calendar_made(&definition);
    int64_t minutes = minutes_between(calendar, from, to);

    calendar_destroy(&calendar);
    return minutes;
}

static void calendar__work_through_the_change__lasts_what_it_lasts(void **state)
{
    static const struct {
        int32_t begin_s;
        int32_t end_s;
        int64_t spring;
        int64_t autumn;
        int64_t ordinary;
    } cases[] = {
        {AT(0, 0), AT(24, 0), 23 * 60, 25 * 60, 24 * 60},
        {AT(0, 0), AT(2, 0), 120, 180, 120},
        {AT(0, 0), AT(2, 30), 120, 210, 150}, /* in spring to 02:00, where the clock jumps beyond 02:30 */
        {AT(2, 30), AT(5, 0), 120, 150, 150}, /* in spring from 03:00 */
        {AT(2, 0), AT(3, 0), 0, 60, 60},      /* there is no such hour in spring */
        {AT(2, 15), AT(2, 45), 0, 30, 30},
        {AT(1, 0), AT(1, 30), 30, 30, 30}, /* the first of the two in autumn */
        {AT(1, 30), AT(3, 0), 30, 150, 90},
        {AT(3, 0), AT(4, 0), 60, 60, 60},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int32_t begin_s = cases[i].begin_s;
        int32_t end_s = cases[i].end_s;

        assert_int_equal(sunday_minutes(begin_s, end_s, "2016-03-13T00:00:00-05:00", "2016-03-14T00:00:00-04:00"),
                         cases[i].spring);
        assert_int_equal(sunday_minutes(begin_s, end_s, "2016-11-06T00:00:00-04:00", "2016-11-07T00:00:00-05:00"),
                         cases[i].autumn);
        assert_int_equal(sunday_minutes(begin_s, end_s, "2016-03-06T00:00:00-05:00", "2016-03-07T00:00:00-05:00"),
                         cases[i].ordinary);
    }
}

static void calendar__stretches_meet_in_the_gap__do_not_overlap(void **state)
{
    /* Spring: 00:00-02:00 is 2 h, 02:00-02:30 is none, 02:30-24:00 is 03:00-24:00, 21 h. */
    struct calendar_definition definition = sundays(AT(0, 0), AT(2, 0));
    struct calendar *calendar;
    int64_t to_us = 0;

    (void)state;
    definition.week[6] =
        (struct calendar_shift){3, {{AT(0, 0), AT(2, 0)}, {AT(2, 0), AT(2, 30)}, {AT(2, 30), AT(24, 0)}}};
    calendar = calendar_made(&definition);
    assert_int_equal(minutes_between(calendar, "2016-03-13T00:00:00-05:00", "2016-03-14T00:00:00-04:00"), 23 * 60);
    assert_int_equal(calendar_add(calendar, moment("2016-03-13T01:30:00-05:00"), HOUR_US, &to_us), STATUS_OK);
    assert_int_equal(differs("over the gap", to_us, moment("2016-03-13T03:30:00-04:00")), 0);
    calendar_destroy(&calendar);
}

static void start__cut_off__is_of_the_local_clock(void **state)
{
    static const struct {
        const char *from;
        const char *start;
    } cases[] = {
        {"2016-03-11T15:00:00-05:00", "2016-03-11T15:00:00-05:00"},
        {"2016-03-11T15:00:01-05:00", "2016-03-12T00:00:00-05:00"},
        {"2016-03-13T15:00:00-04:00", "2016-03-13T15:00:00-04:00"},
        {"2016-03-13T15:00:01-04:00", "2016-03-14T00:00:00-04:00"},
        {"2016-07-01T00:00:00-04:00", "2016-07-01T00:00:00-04:00"},
        {"2016-07-01T00:30:00-04:00", "2016-07-01T00:30:00-04:00"},
        {"2016-07-01T23:59:59-04:00", "2016-07-02T00:00:00-04:00"},
        {"2016-11-06T15:00:01-05:00", "2016-11-07T00:00:00-05:00"},
        {"2016-12-31T23:30:00-05:00", "2017-01-01T00:00:00-05:00"},
    };
    struct calendar_definition definition = office(2016, 2016);
    struct calendar *calendar;
    int failed = 0;

    (void)state;
    definition.cut_off_s = AT(15, 0);
    calendar = calendar_made(&definition);
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t start_us = 0;

        assert_int_equal(calendar_start(calendar, moment(cases[i].from), &start_us), STATUS_OK);
        failed += differs(cases[i].from, start_us, moment(cases[i].start));
    }
    assert_int_equal(failed, 0);
    calendar_destroy(&calendar);
}

static void term_add__over_the_change__keeps_the_local_time(void **state)
{
    static const struct {
        const char *from;
        struct term term;
        const char *due;
    } cases[] = {
        {"2016-03-12T09:15:30.25-05:00", {1, TERM_CALENDAR_DAYS}, "2016-03-13T09:15:30.25-04:00"},
        {"2016-02-12T16:45:00-05:00", {30, TERM_CALENDAR_DAYS}, "2016-03-13T16:45:00-04:00"},
        {"2016-10-08T09:00:00-04:00", {1, TERM_MONTHS}, "2016-11-08T09:00:00-05:00"},
        {"2016-03-12T23:30:00-05:00", {2, TERM_MONTHS}, "2016-05-12T23:30:00-04:00"},
        /* 02:30 does not come on 13 March: counted on by the hour before it is 02:30 -05:00. */
        {"2016-03-12T02:30:00-05:00", {1, TERM_CALENDAR_DAYS}, "2016-03-13T03:30:00-04:00"},
        /* 01:30 comes twice on 6 November: the later one. */
        {"2016-11-05T01:30:00-04:00", {1, TERM_CALENDAR_DAYS}, "2016-11-06T01:30:00-05:00"},
        {"2016-11-06T01:30:00-04:00", {1, TERM_CALENDAR_DAYS}, "2016-11-07T01:30:00-05:00"},
        {"2016-11-06T01:30:00-05:00", {1, TERM_CALENDAR_DAYS}, "2016-11-07T01:30:00-05:00"},
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t due_us = 0;

        assert_int_equal(term_add(NULL, moment(cases[i].from), &cases[i].term, &due_us), STATUS_OK);
        failed += differs(cases[i].from, due_us, moment(cases[i].due));
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calendar__office_hours__follow_the_local_clock),
        cmocka_unit_test(calendar__work_through_the_change__lasts_what_it_lasts),
        cmocka_unit_test(calendar__stretches_meet_in_the_gap__do_not_overlap),
        cmocka_unit_test(start__cut_off__is_of_the_local_clock),
        cmocka_unit_test(term_add__over_the_change__keeps_the_local_time),
    };

    if (clock_use_zone("America/New_York") != STATUS_OK) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
