/* SPDX-License-Identifier: MIT */
/*
 * test_hours.c - working time counted backwards, and deadlines of letters by it.  The week of tests/support/week.h:
 * Monday to Friday 07:00-11:30 and 13:30-17:00, 8 hours a day; values are counted by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/deadline.h"
#include "notifier/hours.h"
#include "tests/support/week.h"

static struct hours *office_hours(void)
{
    struct hours *hours = hours_new();
    struct calendars *calendars = office_calendars(2026, 2026);

    assert_non_null(hours);
    hours_use(hours, &calendars, at(MON, 0));
    assert_null(calendars);
    return hours;
}

#define SAME(is, expected) assert_int_equal(differs(#is, is, expected), 0)

static void before__working_days_and_hours__count_back_over_nights_and_weekends(void **state)
{
    struct hours *hours = office_hours();

    (void)state;
    /* Friday 17:00 less 8 h of work is when Thursday's work ended; less 3 h is 14:00. */
    SAME(hours_before(hours, 0, at(FRI, 17), 1, 0), at(THU, 17));
    SAME(hours_before(hours, 0, at(FRI, 17), 0, 3), at(FRI, 14));
    /* Monday 09:00: two of 8 h; the other six are Friday's afternoon, 3.5 h, and 2.5 h before 11:30. */
    SAME(hours_before(hours, 0, at(NEXT_MON, 9), 1, 0), at(FRI, 9));
    /* In the night: nothing is worked between. */
    SAME(hours_before(hours, 0, at(TUE, 23), 0, 1), at(TUE, 16));
    SAME(hours_before(hours, 0, at(WED, 10), 0, 0), at(WED, 10));
    hours_destroy(&hours);
}

static void open__any_moment__is_it_or_the_next_begin_of_work(void **state)
{
    struct hours *hours = office_hours();

    (void)state;
    SAME(hours_open(hours, 0, at(TUE, 8)), at(TUE, 8));
    SAME(hours_open(hours, 0, at(TUE, 12)), at(TUE, 13) + HOUR_US / 2);
    SAME(hours_open(hours, 0, at(TUE, 17)), at(WED, 7));
    SAME(hours_open(hours, 0, at(FRI, 17)), at(NEXT_MON, 7));
    SAME(hours_open(hours, 0, at(WED, 7)), at(WED, 7));
    hours_destroy(&hours);
}

static void after__working_days__are_worked(void **state)
{
    struct hours *hours = office_hours();

    (void)state;
    SAME(hours_after(hours, 0, at(FRI, 9), 1), at(NEXT_MON, 9));
    hours_destroy(&hours);
}

static void hours__without_a_calendar__are_all_worked(void **state)
{
    struct hours *hours = hours_new();

    (void)state;
    assert_non_null(hours);
    SAME(hours_before(hours, 0, at(TUE, 12), 2, 1), at(SUN, 11) - 7 * 24 * HOUR_US);
    SAME(hours_open(hours, 0, at(SUN, 3)), at(SUN, 3));
    hours_destroy(&hours);
}

static void before__outside_the_years_known__is_elapsed_time(void **state)
{
    struct hours *hours = office_hours();
    int64_t due_us = moment("2027-03-02T10:00:00+07:00");

    (void)state;
    SAME(hours_before(hours, 0, due_us, 1, 0), due_us - 24 * HOUR_US);
    hours_destroy(&hours);
}

static void deadline__by_the_city__is_the_end_of_the_day_promised(void **state)
{
    struct hours *hours = office_hours();
    const struct deadline_rule city = {.version = 1, .days_before = 0, .whole_day = true};

    (void)state;
    SAME(deadline_of(&city, hours, 0, at(TUE, 10)), at(WED, 0) - 1);
    /* A due that is the last moment of its day: the same day. */
    SAME(deadline_of(&city, hours, 0, at(WED, 0) - 1), at(WED, 0) - 1);
    hours_destroy(&hours);
}

static void deadline__by_the_decree__is_a_working_day_before(void **state)
{
    struct hours *hours = office_hours();
    const struct deadline_rule decree = {.version = 2, .days_before = 1, .whole_day = false};

    (void)state;
    SAME(deadline_of(&decree, hours, 0, at(WED, 10)), at(TUE, 10));
    /* Over the weekend. */
    SAME(deadline_of(&decree, hours, 0, at(NEXT_MON, 10)), at(FRI, 10));
    hours_destroy(&hours);
}

static void rule_for__promises_around_its_day__changes_there(void **state)
{
    const struct deadline_rules rules = {.count = 3,
                                         .rule = {{.version = 1, .effective_us = INT64_MIN},
                                                  {.version = 3, .effective_us = at(TUE, 0)},
                                                  {.version = 2, .effective_us = at(THU, 0)}}};

    (void)state;
    assert_int_equal(deadline_rule_for(&rules, at(TUE, 0) - 1)->version, 1);
    assert_int_equal(deadline_rule_for(&rules, at(TUE, 0))->version, 3);
    assert_int_equal(deadline_rule_for(&rules, at(SUN, 0))->version, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before__working_days_and_hours__count_back_over_nights_and_weekends),
        cmocka_unit_test(open__any_moment__is_it_or_the_next_begin_of_work),
        cmocka_unit_test(after__working_days__are_worked),
        cmocka_unit_test(hours__without_a_calendar__are_all_worked),
        cmocka_unit_test(before__outside_the_years_known__is_elapsed_time),
        cmocka_unit_test(deadline__by_the_city__is_the_end_of_the_day_promised),
        cmocka_unit_test(deadline__by_the_decree__is_a_working_day_before),
        cmocka_unit_test(rule_for__promises_around_its_day__changes_there),
    };

    return cmocka_run_group_tests(tests, use_zone, NULL);
}
