/* SPDX-License-Identifier: MIT */
/* test_window.c - spans of days by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/window.h"
#include "targets/period.h"

/* 2015-02-01: 45 years of 365 days, 11 leap days (1972 .. 2012), 31 days of January. */
#define TODAY (45 * 365 + 11 + 31)
#define NEW_YEAR (TODAY - 31)

static void assert_window(const char *text, int32_t first_day, int32_t last_day)
{
    struct window window;

    assert_int_equal(window_read(text, TODAY, &window), STATUS_OK);
    assert_string_equal(window.name, text);
    assert_int_equal(window.first_day, first_day);
    assert_int_equal(window.last_day, last_day);
}

static void rolling__days__today_is_the_last(void **state)
{
    (void)state;
    assert_window("1d", TODAY, TODAY);
    assert_window("7d", TODAY - 6, TODAY);
    assert_window("30d", TODAY - 29, TODAY);
    assert_window("365d", TODAY - 364, TODAY);
}

static void to_date__parts_of_the_year__begin_on_their_first_day(void **state)
{
    struct window window;

    (void)state;
    assert_window("mtd", TODAY, TODAY);
    assert_window("qtd", NEW_YEAR, TODAY);
    assert_window("ytd", NEW_YEAR, TODAY);
    /* 2015-06-30: the second quarter began on 1 April, day 90 of the year from 0. */
    assert_int_equal(window_read("qtd", NEW_YEAR + 180, &window), STATUS_OK);
    assert_int_equal(window.first_day, NEW_YEAR + 90);
    /* 1 July */
    assert_int_equal(window_read("qtd", NEW_YEAR + 181, &window), STATUS_OK);
    assert_int_equal(window.first_day, NEW_YEAR + 181);
}

static void periods__years_quarters_months__whole_ones(void **state)
{
    (void)state;
    assert_window("2015", NEW_YEAR, NEW_YEAR + 364);
    assert_window("2015-02", NEW_YEAR + 31, NEW_YEAR + 58);
    assert_window("2015-12", NEW_YEAR + 334, NEW_YEAR + 364);
    assert_window("2015-Q2", NEW_YEAR + 90, NEW_YEAR + 180);
    assert_window("2015-Q4", NEW_YEAR + 273, NEW_YEAR + 364);
    assert_window("2014-2016", NEW_YEAR - 365, NEW_YEAR + 365 + 365);
}

static void all__any_day__is_inside(void **state)
{
    struct window window;

    (void)state;
    assert_int_equal(window_read("all", TODAY, &window), STATUS_OK);
    /* Days of the years 1 and 9999. */
    assert_int_equal(window.first_day, -719162);
    assert_int_equal(window.last_day, 2932896);
}

static void year_of__days_on_both_sides_of_1970__their_year(void **state)
{
    struct period period;

    (void)state;
    period_year_of(0, &period);
    assert_string_equal(period.name, "1970");
    period_year_of(-1, &period);
    assert_string_equal(period.name, "1969");
    period_year_of(NEW_YEAR - 1, &period);
    assert_string_equal(period.name, "2014");
    /* The first day of the year 1. */
    period_year_of(-719162, &period);
    assert_string_equal(period.name, "1");
}

static void names__nonsense__is_refused(void **state)
{
    static const char *const wrong[] = {"",          "d",
                                        "0d",        "7",
                                        "7D",        "-7d",
                                        "7d ",       "99999d",
                                        "15",        "20155",
                                        "2016-2015", "2015-",
                                        "1800",      "2015-2016-2017",
                                        "2015-13",   "2015-00",
                                        "2015-Q5",   "2015-q1",
                                        "2015-1",    "all ",
                                        "wtd",       "0000000000000000000000000000000000000007d"};
    struct window window;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(window_read(wrong[i], TODAY, &window), STATUS_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rolling__days__today_is_the_last),
        cmocka_unit_test(to_date__parts_of_the_year__begin_on_their_first_day),
        cmocka_unit_test(periods__years_quarters_months__whole_ones),
        cmocka_unit_test(all__any_day__is_inside),
        cmocka_unit_test(year_of__days_on_both_sides_of_1970__their_year),
        cmocka_unit_test(names__nonsense__is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
