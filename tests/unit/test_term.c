/* SPDX-License-Identifier: MIT */
/*
 * test_term.c - terms read and added in Asia/Ho_Chi_Minh, office hours 07:00-11:30 and 13:30-17:00.  Expected values
 * were counted by hand.
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

static void term_parse__known_words__are_read(void **state)
{
    static const struct {
        const char *text;
        struct term term;
    } cases[] = {
        {"5 working days", {5, TERM_WORKING_DAYS}},
        {"1 working day", {1, TERM_WORKING_DAYS}},
        {"8 working hours", {8, TERM_WORKING_HOURS}},
        {"1 working hour", {1, TERM_WORKING_HOURS}},
        {"8 hours", {8, TERM_WORKING_HOURS}},
        {"1 hour", {1, TERM_WORKING_HOURS}},
        {"30 days", {30, TERM_CALENDAR_DAYS}},
        {"1 day", {1, TERM_CALENDAR_DAYS}},
        {"30 calendar days", {30, TERM_CALENDAR_DAYS}},
        {"1 calendar day", {1, TERM_CALENDAR_DAYS}},
        {"2 months", {2, TERM_MONTHS}},
        {"1 month", {1, TERM_MONTHS}},
        {"5 ngày làm việc", {5, TERM_WORKING_DAYS}},
        {"8 giờ", {8, TERM_WORKING_HOURS}},
        {"8 giờ làm việc", {8, TERM_WORKING_HOURS}},
        {"30 ngày", {30, TERM_CALENDAR_DAYS}},
        {"2 tháng", {2, TERM_MONTHS}},
        /* letter case */
        {"5 Working Days", {5, TERM_WORKING_DAYS}},
        {"5 WORKING DAYS", {5, TERM_WORKING_DAYS}},
        {"5 Ngày làm việc", {5, TERM_WORKING_DAYS}},
        {"5 Ngày Làm Việc", {5, TERM_WORKING_DAYS}},
        {"5 NGÀY LÀM VIỆC", {5, TERM_WORKING_DAYS}},
        {"8 GIỜ", {8, TERM_WORKING_HOURS}},
        {"2 THÁNG", {2, TERM_MONTHS}},
        /* blanks, also a no-break one */
        {"  5   working \t days \r\n", {5, TERM_WORKING_DAYS}},
        {"5ngày làm việc", {5, TERM_WORKING_DAYS}},
        {"5\xc2\xa0ngày\xc2\xa0làm\xc2\xa0việc", {5, TERM_WORKING_DAYS}},
        {"05 ngày", {5, TERM_CALENDAR_DAYS}},
        {"3660 days", {TERM_COUNT_MAX, TERM_CALENDAR_DAYS}},
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct term term = {0, TERM_UNITS};

        if (term_parse(cases[i].text, &term) != STATUS_OK || term.count != cases[i].term.count ||
            term.unit != cases[i].term.unit) {
            print_error("%s: %d of unit %d\n", cases[i].text, term.count, term.unit);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void term_parse__anything_else__is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "   ",
        "5",
        "days",
        "5 dayss",
        "5 da ys",
        "5 workingdays",
        "5 working",
        "5 days working",
        "5 calendar months",
        "5 years",
        "5 tuần",
        "0 days",
        "000 days",
        "3661 days",
        "99999999999999999999 days",
        "4294967301 days",
        "-5 days",
        "+5 days",
        "5.5 days",
        "5,5 ngày",
        "1 0 days",
        "5 days.",
        "5 days 5",
        "5 ngay lam viec",
        "5 ngày làm",
        "ngày 5",
        "năm ngày",
        "5 working_days",
        "5 ng\xc3",
        "5 vi\xe1\xbb",
        "5 \xc2",
        "5 working days working days working days working days working days working days",
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct term term = {0, TERM_UNITS};

        if (term_parse(cases[i], &term) != STATUS_INVALID || term.count != 0) {
            print_error("passed: %s\n", cases[i]);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void term_unit__names__go_there_and_back(void **state)
{
    (void)state;
    assert_string_equal(term_unit_name(TERM_WORKING_DAYS), "working_days");
    assert_string_equal(term_unit_name(TERM_WORKING_HOURS), "working_hours");
    assert_string_equal(term_unit_name(TERM_CALENDAR_DAYS), "calendar_days");
    assert_string_equal(term_unit_name(TERM_MONTHS), "months");
    for (enum term_unit unit = 0; unit < TERM_UNITS; unit++) {
        assert_int_equal(term_unit_from_name(term_unit_name(unit)), unit);
        assert_int_equal(term_is_working(&(struct term){1, unit}), unit <= TERM_WORKING_HOURS);
    }
    assert_int_equal(term_unit_from_name("Months"), TERM_UNITS);
    assert_int_equal(term_unit_from_name("month"), TERM_UNITS);
    assert_int_equal(term_unit_from_name(""), TERM_UNITS);
}

struct due {
    const char *from;
    struct term term;
    const char *due;
};

static int dues_fail(const struct calendar *calendar, const struct due *dues, size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t due_us = 0;

        assert_int_equal(term_add(calendar, moment(dues[i].from), &dues[i].term, &due_us), STATUS_OK);
        failed += differs(dues[i].from, due_us, moment(dues[i].due));
    }
    return failed;
}

static void term_add__working_terms__follow_the_calendar(void **state)
{
    static const struct due dues[] = {
        /* Tuesday 5 March 2024. */
        {"2024-03-05T07:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-05T17:00:00+07:00"},
        {"2024-03-05T09:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-06T09:00:00+07:00"},
        {"2024-03-05T09:00:00+07:00", {5, TERM_WORKING_DAYS}, "2024-03-12T09:00:00+07:00"},
        {"2024-03-05T12:15:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-06T11:30:00+07:00"}, /* as from 13:30 */
        {"2024-03-05T09:00:00+07:00", {4, TERM_WORKING_HOURS}, "2024-03-05T15:00:00+07:00"},
        {"2024-03-05T09:00:00+07:00", {8, TERM_WORKING_HOURS}, "2024-03-06T09:00:00+07:00"},
        /* Friday 3 May 2024; Saturday is a make-up day: the term ends on it. */
        {"2024-05-03T09:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-05-04T09:00:00+07:00"},
        /* Friday 26 April 2024: Monday to Wednesday are off, Thursday 2 May is the next day. */
        {"2024-04-26T15:30:00+07:00", {1, TERM_WORKING_DAYS}, "2024-05-02T15:30:00+07:00"},
    };
    struct calendar_day days[] = {{.day = date(2024, 4, 29)},
                                  {.day = date(2024, 4, 30)},
                                  {.day = date(2024, 5, 1)},
                                  {.day = date(2024, 5, 4), .shift = office_shift()}};
    struct calendar_definition definition = office(2024, 2024);
    struct calendar *calendar;

    (void)state;
    definition.days = days;
    definition.day_count = COUNT(days);
    calendar = calendar_made(&definition);
    assert_int_equal(dues_fail(calendar, dues, COUNT(dues)), 0);
    calendar_destroy(&calendar);
}

static void term_add__working_day_of_another_length__counts_that(void **state)
{
    /* 7 h a day of a term: from 07:00 that is 16:00 of the same day. */
    static const struct due dues[] = {
        {"2024-03-05T07:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-05T16:00:00+07:00"}};
    struct calendar_definition definition = office(2024, 2024);
    struct calendar *calendar;

    (void)state;
    definition.day_s = AT(7, 0);
    calendar = calendar_made(&definition);
    assert_int_equal(dues_fail(calendar, dues, COUNT(dues)), 0);
    calendar_destroy(&calendar);
}

static void term_add__past_the_cut_off__begins_on_the_next_working_day(void **state)
{
    static const struct due dues[] = {
        /* Tuesday 15:00 itself is not past it: 2 h of Tuesday, 6 h of Wednesday. */
        {"2024-03-05T15:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-06T15:00:00+07:00"},
        {"2024-03-05T15:00:01+07:00", {1, TERM_WORKING_DAYS}, "2024-03-06T17:00:00+07:00"},
        {"2024-03-05T16:30:00+07:00", {2, TERM_WORKING_HOURS}, "2024-03-06T09:00:00+07:00"},
        /* Friday, Saturday and Sunday after 15:00 all begin on Monday. */
        {"2024-03-08T16:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-11T17:00:00+07:00"},
        {"2024-03-09T16:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-11T17:00:00+07:00"},
        {"2024-03-10T16:00:00+07:00", {1, TERM_WORKING_DAYS}, "2024-03-11T17:00:00+07:00"},
        /* Calendar days and months know no cut-off. */
        {"2024-03-05T16:00:00+07:00", {1, TERM_CALENDAR_DAYS}, "2024-03-06T16:00:00+07:00"},
        {"2024-03-05T16:00:00+07:00", {1, TERM_MONTHS}, "2024-04-05T16:00:00+07:00"},
    };
    struct calendar_definition definition = office(2024, 2024);
    struct calendar *calendar;

    (void)state;
    definition.cut_off_s = AT(15, 0);
    calendar = calendar_made(&definition);
    assert_int_equal(dues_fail(calendar, dues, COUNT(dues)), 0);
    calendar_destroy(&calendar);
}

static void term_add__calendar_days_and_months__need_no_calendar(void **state)
{
    static const struct due dues[] = {
        /* 29 February 2024 is day 29 after 31 January. */
        {"2024-01-31T16:45:10.5+07:00", {30, TERM_CALENDAR_DAYS}, "2024-03-01T16:45:10.5+07:00"},
        {"2023-12-25T00:00:00+07:00", {7, TERM_CALENDAR_DAYS}, "2024-01-01T00:00:00+07:00"},
        /* 3660 days: the ten years to 5 March 2034 have leap days in 2028 and 2032, so 3652 of them; 8 are left. */
        {"2024-03-05T09:00:00+07:00", {3660, TERM_CALENDAR_DAYS}, "2034-03-13T09:00:00+07:00"},
        {"2024-01-15T09:00:00+07:00", {1, TERM_MONTHS}, "2024-02-15T09:00:00+07:00"},
        {"2024-01-31T09:00:00.000001+07:00", {1, TERM_MONTHS}, "2024-02-29T09:00:00.000001+07:00"},
        {"2023-01-31T09:00:00+07:00", {1, TERM_MONTHS}, "2023-02-28T09:00:00+07:00"},
        {"2023-01-31T09:00:00+07:00", {13, TERM_MONTHS}, "2024-02-29T09:00:00+07:00"},
        {"2023-01-31T09:00:00+07:00", {2, TERM_MONTHS}, "2023-03-31T09:00:00+07:00"},
        {"2023-03-31T09:00:00+07:00", {1, TERM_MONTHS}, "2023-04-30T09:00:00+07:00"},
        {"2024-02-29T09:00:00+07:00", {12, TERM_MONTHS}, "2025-02-28T09:00:00+07:00"},
        {"2024-02-29T09:00:00+07:00", {48, TERM_MONTHS}, "2028-02-29T09:00:00+07:00"},
        {"2024-11-30T09:00:00+07:00", {1, TERM_MONTHS}, "2024-12-30T09:00:00+07:00"},
        {"2024-12-15T09:00:00+07:00", {1, TERM_MONTHS}, "2025-01-15T09:00:00+07:00"},
        {"2024-12-15T09:00:00+07:00", {12, TERM_MONTHS}, "2025-12-15T09:00:00+07:00"},
        /* The local date decides: in UTC these are the days before. */
        {"2024-03-31T02:00:00+07:00", {1, TERM_MONTHS}, "2024-04-30T02:00:00+07:00"},
        {"2024-03-01T06:59:59+07:00", {1, TERM_MONTHS}, "2024-04-01T06:59:59+07:00"},
    };

    (void)state;
    assert_int_equal(dues_fail(NULL, dues, COUNT(dues)), 0);
}

static void term_add__years_or_calendar_unknown__is_invalid(void **state)
{
    struct calendar_definition definition = office(2024, 2024);
    struct calendar *calendar = calendar_made(&definition);
    int64_t december_us = moment("2024-12-31T09:00:00+07:00");
    int64_t due_us = -1;

    (void)state;
    for (enum term_unit unit = TERM_WORKING_DAYS; unit <= TERM_WORKING_HOURS; unit++) {
        struct term term = {9, unit};

        assert_int_equal(term_add(NULL, december_us, &term, &due_us), STATUS_INVALID);
        assert_int_equal(term_add(calendar, december_us, &term, &due_us), STATUS_INVALID);
        assert_int_equal(term_add(calendar, moment("2023-12-29T09:00:00+07:00"), &term, &due_us), STATUS_INVALID);
    }
    for (enum term_unit unit = 0; unit < TERM_UNITS; unit++) {
        static const int32_t counts[] = {0, -1, TERM_COUNT_MAX + 1, INT32_MAX, INT32_MIN};

        for (size_t i = 0; i < COUNT(counts); i++) {
            assert_int_equal(term_add(calendar, december_us, &(struct term){counts[i], unit}, &due_us), STATUS_INVALID);
        }
    }
    assert_int_equal(due_us, -1);
    /* Calendar days go beyond the years of the working hours. */
    assert_int_equal(term_add(calendar, december_us, &(struct term){9, TERM_CALENDAR_DAYS}, &due_us), STATUS_OK);
    assert_int_equal(differs("9 days", due_us, moment("2025-01-09T09:00:00+07:00")), 0);
    calendar_destroy(&calendar);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(term_parse__known_words__are_read),
        cmocka_unit_test(term_parse__anything_else__is_refused),
        cmocka_unit_test(term_unit__names__go_there_and_back),
        cmocka_unit_test(term_add__working_terms__follow_the_calendar),
        cmocka_unit_test(term_add__working_day_of_another_length__counts_that),
        cmocka_unit_test(term_add__past_the_cut_off__begins_on_the_next_working_day),
        cmocka_unit_test(term_add__calendar_days_and_months__need_no_calendar),
        cmocka_unit_test(term_add__years_or_calendar_unknown__is_invalid),
    };

    if (clock_use_zone("Asia/Ho_Chi_Minh") != STATUS_OK) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
