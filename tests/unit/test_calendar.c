/* SPDX-License-Identifier: MIT */
/*
 * test_calendar.c - working time in Asia/Ho_Chi_Minh, 07:00-11:30 and 13:30-17:00, with Vietnam's days off of 2023 to
 * 2025.  Expected values were counted by hand from the definition; how is said beside each.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "tests/support/office.h"

/* Dates as yyyymmdd: off, and the two make-up Saturdays (worked like any weekday). */
static const int days_off[] = {
    20230101, 20230102, 20230120, 20230121, 20230122, 20230123, 20230124, 20230125, 20230126, 20230429,
    20230430, 20230501, 20230502, 20230503, 20230901, 20230902, 20230904, 20240101, 20240208, 20240209,
    20240210, 20240211, 20240212, 20240213, 20240214, 20240418, 20240429, 20240430, 20240501, 20240504,
    20240902, 20240903, 20250101, 20250127, 20250128, 20250129, 20250130, 20250131, 20250201, 20250407,
    20250426, 20250430, 20250501, 20250502, 20250901, 20250902,
};

struct fixture {
    struct calendar_day days[COUNT(days_off)];
    struct calendar *vietnam;  /* with all of them */
    struct calendar *unworked; /* the same without the make-up Saturdays */
    struct calendar *plain;    /* no day differs from its weekday */
};

static struct calendar_day day_of(int yyyymmdd)
{
    struct calendar_day day = {.day = date(yyyymmdd / 10000, yyyymmdd / 100 % 100, yyyymmdd % 100)};

    if (yyyymmdd == 20240504 || yyyymmdd == 20250426) {
        day.shift = office_shift();
    }
    return day;
}

static int setup(void **state)
{
    static struct fixture f;
    struct calendar_definition definition = office(2023, 2025);

    f.plain = calendar_made(&definition);
    for (size_t i = 0; i < COUNT(days_off); i++) {
        f.days[i] = day_of(days_off[i]);
    }
    definition.days = f.days;
    definition.day_count = COUNT(days_off);
    f.vietnam = calendar_made(&definition);
    for (size_t i = 0; i < COUNT(days_off); i++) {
        f.days[i].shift.count = 0;
    }
    f.unworked = calendar_made(&definition);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    calendar_destroy(&f->vietnam);
    calendar_destroy(&f->unworked);
    calendar_destroy(&f->plain);
    calendar_destroy(&f->plain); /* of NULL: nothing */
    return 0;
}

struct step {
    const char *from;
    int64_t minutes;
    const char *to;
};

/* Each step by add, and back by between. */
static int steps_fail(const struct calendar *calendar, const struct step *steps, size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t working_us = steps[i].minutes * 60 * CLOCK_SECOND_US;
        int64_t to_us = 0;
        int64_t back_us = -1;

        assert_int_equal(calendar_add(calendar, moment(steps[i].from), working_us, &to_us), STATUS_OK);
        failed += differs(steps[i].from, to_us, moment(steps[i].to));
        assert_int_equal(calendar_between(calendar, moment(steps[i].from), moment(steps[i].to), &back_us), STATUS_OK);
        if (back_us != working_us) {
            print_error("%s to %s: %lld us\n", steps[i].from, steps[i].to, (long long)back_us);
            failed++;
        }
    }
    return failed;
}

static void calendar__working_time__ends_where_counted_by_hand(void **state)
{
    static const struct step steps[] = {
        /* Tuesday 5 March 2024.  The whole day: 4 h 30 + 3 h 30, ending exactly with it. */
        {"2024-03-05T07:00:00+07:00", 480, "2024-03-05T17:00:00+07:00"},
        /* 1 h 30 is left of the morning; exactly that ends with the morning, not when the afternoon begins. */
        {"2024-03-05T10:00:00+07:00", 90, "2024-03-05T11:30:00+07:00"},
        {"2024-03-05T10:00:00+07:00", 180, "2024-03-05T15:00:00+07:00"},
        {"2024-03-05T10:00:00+07:00", 300, "2024-03-05T17:00:00+07:00"},
        /* One hour to 17:00, one from 07:00 of Wednesday. */
        {"2024-03-05T16:00:00+07:00", 120, "2024-03-06T08:00:00+07:00"},
        /* From Friday over the weekend to Monday. */
        {"2024-03-08T16:00:00+07:00", 120, "2024-03-11T08:00:00+07:00"},
        /* Received at midnight, in the lunch break, after closing, at the very closing, on a Sunday. */
        {"2024-03-06T00:00:00+07:00", 60, "2024-03-06T08:00:00+07:00"},
        {"2024-03-05T12:00:00+07:00", 60, "2024-03-05T14:30:00+07:00"},
        {"2024-03-05T18:00:00+07:00", 60, "2024-03-06T08:00:00+07:00"},
        {"2024-03-05T17:00:00+07:00", 60, "2024-03-06T08:00:00+07:00"},
        {"2024-03-10T09:00:00+07:00", 480, "2024-03-11T17:00:00+07:00"},
        /* On the Kings' day, Thursday 18 April 2024. */
        {"2024-04-18T10:00:00+07:00", 60, "2024-04-19T08:00:00+07:00"},
        /* Make-up Saturday 4 May 2024 for 29 April: one hour of Friday, one of Saturday; 9 h fill both. */
        {"2024-05-03T16:00:00+07:00", 120, "2024-05-04T08:00:00+07:00"},
        {"2024-05-03T16:00:00+07:00", 540, "2024-05-04T17:00:00+07:00"},
        {"2024-05-03T16:00:00+07:00", 600, "2024-05-06T08:00:00+07:00"},
        /* Make-up Saturday 26 April 2025 for 2 May; 30 April to 4 May are free. */
        {"2025-04-25T16:00:00+07:00", 540, "2025-04-26T17:00:00+07:00"},
        {"2025-04-25T16:00:00+07:00", 600, "2025-04-28T08:00:00+07:00"},
        {"2025-04-29T16:00:00+07:00", 120, "2025-05-05T08:00:00+07:00"},
        /* Tet 2024, Thursday 8 to Wednesday 14 February; 2025, Saturday 25 January to Sunday 2 February. */
        {"2024-02-07T16:00:00+07:00", 120, "2024-02-15T08:00:00+07:00"},
        {"2025-01-24T16:00:00+07:00", 120, "2025-02-03T08:00:00+07:00"},
        /* 29 April to 3 May 2023; the 29th and 30th are a weekend. */
        {"2023-04-28T16:00:00+07:00", 120, "2023-05-04T08:00:00+07:00"},
        /* No time at all ends at once, also on a Saturday. */
        {"2024-03-09T10:00:00+07:00", 0, "2024-03-09T10:00:00+07:00"},
    };
    const struct fixture *f = *state;

    assert_int_equal(steps_fail(f->vietnam, steps, COUNT(steps)), 0);
}

static void between__moments_outside_working_time__count_nothing_there(void **state)
{
    const struct fixture *f = *state;
    static const struct {
        const char *from;
        const char *to;
        int64_t minutes;
    } cases[] = {
        /* A pause over the weekend: 16:00-17:00 and 07:00-08:00; told backwards it is negative. */
        {"2024-03-08T16:00:00+07:00", "2024-03-11T08:00:00+07:00", 120},
        {"2024-03-11T08:00:00+07:00", "2024-03-08T16:00:00+07:00", -120},
        {"2024-03-08T17:00:00+07:00", "2024-03-11T07:00:00+07:00", 0},
        {"2024-03-05T11:30:00+07:00", "2024-03-05T13:30:00+07:00", 0},
        {"2024-03-05T12:00:00+07:00", "2024-03-05T12:00:00+07:00", 0},
        {"2024-03-05T12:00:00+07:00", "2024-03-05T14:00:00+07:00", 30},
        /* 2024 has 262 weekdays; 12 of them are off (1 Jan, 8 9 12 13 14 Feb, 18 29 30 Apr, 1 May, 2 3 Sep) and one
         * Saturday is worked: 251 days of 8 h.  2025: 261 - 12 + 1 = 250. */
        {"2024-01-01T00:00:00+07:00", "2025-01-01T00:00:00+07:00", 251 * 480},
        {"2025-01-01T00:00:00+07:00", "2026-01-01T00:00:00+07:00", 250 * 480},
    };
    int failed = 0;

    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t working_us = -1;

        assert_int_equal(calendar_between(f->vietnam, moment(cases[i].from), moment(cases[i].to), &working_us),
                         STATUS_OK);
        if (working_us != cases[i].minutes * 60 * CLOCK_SECOND_US) {
            print_error("%s to %s: %lld us\n", cases[i].from, cases[i].to, (long long)working_us);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void between__less_than_a_second__is_exact(void **state)
{
    const struct fixture *f = *state;
    int64_t working_us = -1;
    int64_t to_us = 0;

    /* One microsecond before closing on Friday, two after opening on Monday. */
    assert_int_equal(calendar_between(f->vietnam, moment("2024-03-08T16:59:59.999999+07:00"),
                                      moment("2024-03-11T07:00:00.000002+07:00"), &working_us),
                     STATUS_OK);
    assert_int_equal(working_us, 3);
    assert_int_equal(calendar_add(f->vietnam, moment("2024-03-08T16:59:59.999999+07:00"), 1, &to_us), STATUS_OK);
    assert_int_equal(differs("1 us", to_us, moment("2024-03-08T17:00:00+07:00")), 0);
    assert_int_equal(calendar_add(f->vietnam, moment("2024-03-08T16:59:59.999999+07:00"), 2, &to_us), STATUS_OK);
    assert_int_equal(differs("2 us", to_us, moment("2024-03-11T07:00:00.000001+07:00")), 0);
}

static void calendar__another_version__gives_other_dues(void **state)
{
    /* Without the make-up Saturday the second hour is Monday's. */
    static const struct step unworked[] = {{"2024-05-03T16:00:00+07:00", 120, "2024-05-06T08:00:00+07:00"},
                                           {"2025-04-25T16:00:00+07:00", 540, "2025-04-28T17:00:00+07:00"}};
    /* Without any day off, Tet is worked, and so are all 262 weekdays of 2024. */
    static const struct step plain[] = {{"2024-02-07T16:00:00+07:00", 120, "2024-02-08T08:00:00+07:00"},
                                        {"2024-04-18T10:00:00+07:00", 60, "2024-04-18T11:00:00+07:00"},
                                        {"2024-01-01T00:00:00+07:00", 262 * 480, "2024-12-31T17:00:00+07:00"}};
    const struct fixture *f = *state;

    assert_int_equal(steps_fail(f->unworked, unworked, COUNT(unworked)), 0);
    assert_int_equal(steps_fail(f->plain, plain, COUNT(plain)), 0);
}

static void calendar__holiday_on_a_weekend__changes_nothing(void **state)
{
    const struct fixture *f = *state;
    /* Sunday 1 January 2023, Saturday 29 and Sunday 30 April 2023. */
    struct calendar_day days[] = {day_of(20230101), day_of(20230429), day_of(20230430)};
    struct calendar_definition definition = office(2023, 2025);
    struct calendar *weekends;

    definition.days = days;
    definition.day_count = COUNT(days);
    weekends = calendar_made(&definition);
    for (int day = 0; day < 365; day++) {
        int64_t from_us = moment("2023-01-01T12:00:00+07:00") + day * CLOCK_DAY_S * CLOCK_SECOND_US;
        int64_t with_us = 0;
        int64_t without_us = 0;

        assert_int_equal(calendar_add(weekends, from_us, 11 * HOUR_US, &with_us), STATUS_OK);
        assert_int_equal(calendar_add(f->plain, from_us, 11 * HOUR_US, &without_us), STATUS_OK);
        assert_int_equal(with_us, without_us);
    }
    calendar_destroy(&weekends);
}

static void calendar__half_day__counts_for_what_it_has(void **state)
{
    /* On Tuesday 31 December 2024 only the morning is worked: its 4 h 30, then 3 h 30 of 1 January, 07:00 to 10:30. */
    static const struct step steps[] = {{"2024-12-31T07:00:00+07:00", 480, "2025-01-01T10:30:00+07:00"},
                                        {"2024-12-31T07:00:00+07:00", 270, "2024-12-31T11:30:00+07:00"},
                                        {"2024-12-31T14:00:00+07:00", 30, "2025-01-01T07:30:00+07:00"}};
    struct calendar_day half = {.day = date(2024, 12, 31), .shift = {1, {{AT(7, 0), AT(11, 30)}}}};
    struct calendar_definition definition = office(2024, 2025);
    struct calendar *calendar;

    (void)state;
    definition.days = &half;
    definition.day_count = 1;
    calendar = calendar_made(&definition);
    assert_int_equal(steps_fail(calendar, steps, COUNT(steps)), 0);
    calendar_destroy(&calendar);
}

static void calendar__work_up_to_24_00__goes_on_at_midnight(void **state)
{
    /* Fridays 22:00-24:00 and Saturdays 00:00-02:00: 4 h in one night. */
    static const struct step steps[] = {{"2024-03-08T22:00:00+07:00", 120, "2024-03-09T00:00:00+07:00"},
                                        {"2024-03-08T22:00:00+07:00", 121, "2024-03-09T00:01:00+07:00"},
                                        {"2024-03-08T12:00:00+07:00", 240, "2024-03-09T02:00:00+07:00"},
                                        {"2024-03-09T00:00:00+07:00", 150, "2024-03-15T22:30:00+07:00"}};
    /* Every day, all day: 36 h are 36 h, and 2024 has 366 days. */
    static const struct step always[] = {{"2024-03-05T12:00:00+07:00", 36 * 60, "2024-03-07T00:00:00+07:00"},
                                         {"2024-01-01T00:00:00+07:00", 366 * 24 * 60, "2025-01-01T00:00:00+07:00"}};
    struct calendar_definition definition = {.first_year = 2024, .last_year = 2024, .day_s = 28800, .cut_off_s = -1};
    struct calendar *calendar;

    (void)state;
    definition.week[4] = (struct calendar_shift){1, {{AT(22, 0), AT(24, 0)}}};
    definition.week[5] = (struct calendar_shift){1, {{AT(0, 0), AT(2, 0)}}};
    calendar = calendar_made(&definition);
    assert_int_equal(steps_fail(calendar, steps, COUNT(steps)), 0);
    calendar_destroy(&calendar);

    for (int i = 0; i < 7; i++) {
        definition.week[i] = (struct calendar_shift){1, {{AT(0, 0), AT(24, 0)}}};
    }
    calendar = calendar_made(&definition);
    assert_int_equal(steps_fail(calendar, always, COUNT(always)), 0);
    calendar_destroy(&calendar);
}

static void start__past_the_cut_off__is_the_end_of_the_day(void **state)
{
    static const struct {
        const char *from;
        const char *start;
    } cases[] = {
        {"2024-03-05T00:00:00+07:00", "2024-03-05T00:00:00+07:00"},
        {"2024-03-05T14:59:59.999999+07:00", "2024-03-05T14:59:59.999999+07:00"},
        {"2024-03-05T15:00:00+07:00", "2024-03-05T15:00:00+07:00"}, /* not later than it */
        {"2024-03-05T15:00:00.000001+07:00", "2024-03-06T00:00:00+07:00"},
        {"2024-03-05T23:59:59.999999+07:00", "2024-03-06T00:00:00+07:00"},
        {"2024-03-08T16:00:00+07:00", "2024-03-09T00:00:00+07:00"}, /* a Friday: Saturday, where nothing counts */
        {"2024-03-10T16:00:00+07:00", "2024-03-11T00:00:00+07:00"}, /* a Sunday: Monday, not Tuesday */
        {"2025-12-31T16:00:00+07:00", "2026-01-01T00:00:00+07:00"},
        {"2026-01-01T00:00:00+07:00", "2026-01-01T00:00:00+07:00"},
    };
    const struct fixture *f = *state;
    struct calendar_definition definition = office(2023, 2025);
    struct calendar *calendar;
    int64_t start_us = 0;
    int failed = 0;

    definition.cut_off_s = AT(15, 0);
    calendar = calendar_made(&definition);
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(calendar_start(calendar, moment(cases[i].from), &start_us), STATUS_OK);
        failed += differs(cases[i].from, start_us, moment(cases[i].start));
    }
    assert_int_equal(calendar_start(calendar, moment("2026-01-01T00:00:00.000001+07:00"), &start_us), STATUS_INVALID);
    assert_int_equal(calendar_start(calendar, moment("2022-12-31T23:59:59+07:00"), &start_us), STATUS_INVALID);
    calendar_destroy(&calendar);

    assert_int_equal(calendar_start(f->vietnam, moment("2024-03-05T23:00:00+07:00"), &start_us), STATUS_OK);
    failed += differs("no cut-off", start_us, moment("2024-03-05T23:00:00+07:00"));
    assert_int_equal(failed, 0);
}

static void calendar__outside_the_years__is_invalid(void **state)
{
    const struct fixture *f = *state;
    int64_t begin_us = moment("2023-01-01T00:00:00+07:00");
    int64_t end_us = moment("2026-01-01T00:00:00+07:00");
    int64_t out_us = 0;

    assert_true(calendar_covers(f->vietnam, begin_us, end_us));
    assert_false(calendar_covers(f->vietnam, begin_us - 1, end_us));
    assert_false(calendar_covers(f->vietnam, begin_us, end_us + 1));
    assert_false(calendar_covers(f->vietnam, end_us + 1, begin_us));

    assert_int_equal(calendar_between(f->vietnam, begin_us - 1, end_us, &out_us), STATUS_INVALID);
    assert_int_equal(calendar_between(f->vietnam, begin_us, end_us + 1, &out_us), STATUS_INVALID);
    assert_int_equal(calendar_between(f->vietnam, end_us, begin_us - 1, &out_us), STATUS_INVALID);
    assert_int_equal(calendar_add(f->vietnam, begin_us - 1, 0, &out_us), STATUS_INVALID);
    assert_int_equal(calendar_add(f->vietnam, end_us + 1, 0, &out_us), STATUS_INVALID);
    assert_int_equal(calendar_add(f->vietnam, end_us, 0, &out_us), STATUS_OK);
    assert_int_equal(out_us, end_us);
    assert_int_equal(calendar_add(f->vietnam, end_us, 1, &out_us), STATUS_INVALID);
    assert_int_equal(calendar_add(f->vietnam, begin_us, -1, &out_us), STATUS_INVALID);
    assert_int_equal(calendar_add(f->vietnam, begin_us, INT64_MAX, &out_us), STATUS_INVALID);

    /* Wednesday 31 December 2025, 16:00: one hour is left, and not a microsecond more. */
    assert_int_equal(calendar_add(f->vietnam, moment("2025-12-31T16:00:00+07:00"), HOUR_US, &out_us), STATUS_OK);
    assert_int_equal(differs("last hour", out_us, moment("2025-12-31T17:00:00+07:00")), 0);
    assert_int_equal(calendar_add(f->vietnam, moment("2025-12-31T16:00:00+07:00"), HOUR_US + 1, &out_us),
                     STATUS_INVALID);
}

static void shift_of__any_day__is_its_hours(void **state)
{
    const struct fixture *f = *state;
    struct calendar_shift shift;

    assert_int_equal(calendar_shift_of(f->vietnam, date(2024, 5, 3), &shift), STATUS_OK); /* Friday */
    assert_int_equal(shift.count, 2);
    assert_int_equal(shift.segment[1].begin_s, AT(13, 30));
    assert_int_equal(shift.segment[1].end_s, AT(17, 0));
    assert_int_equal(calendar_shift_of(f->vietnam, date(2024, 5, 4), &shift), STATUS_OK); /* make-up Saturday */
    assert_int_equal(shift.count, 2);
    assert_int_equal(calendar_shift_of(f->vietnam, date(2024, 5, 5), &shift), STATUS_OK); /* Sunday */
    assert_int_equal(shift.count, 0);
    assert_int_equal(calendar_shift_of(f->vietnam, date(2024, 5, 1), &shift), STATUS_OK); /* off */
    assert_int_equal(shift.count, 0);
    assert_int_equal(calendar_shift_of(f->vietnam, date(2022, 12, 31), &shift), STATUS_INVALID);
    assert_int_equal(calendar_shift_of(f->vietnam, date(2023, 1, 1), &shift), STATUS_OK);
    assert_int_equal(calendar_shift_of(f->vietnam, date(2025, 12, 31), &shift), STATUS_OK);
    assert_int_equal(calendar_shift_of(f->vietnam, date(2026, 1, 1), &shift), STATUS_INVALID);
    assert_int_equal(calendar_day_us(f->vietnam), 8 * HOUR_US);
}

/* Fails unless the definition is refused with an error that names what is wrong. */
static void refused(const struct calendar_definition *definition, const char *named)
{
    char error[CALENDAR_ERROR_SIZE] = "";
    struct calendar *calendar = NULL;

    if (calendar_new(&calendar, definition, error) != STATUS_INVALID || calendar || !strstr(error, named)) {
        fail_msg("not refused for %s: \"%s\"", named, error);
    }
}

static void calendar_new__hours_without_sense__are_refused(void **state)
{
    static const struct {
        struct calendar_shift shift;
        const char *named;
    } cases[] = {
        {{2, {{AT(7, 0), AT(12, 0)}, {AT(11, 30), AT(17, 0)}}}, "stretch 2"}, /* overlapping */
        {{2, {{AT(13, 0), AT(17, 0)}, {AT(7, 0), AT(11, 0)}}}, "stretch 2"},  /* unordered */
        {{2, {{AT(7, 0), AT(11, 0)}, {AT(7, 0), AT(11, 0)}}}, "stretch 2"},
        {{1, {{AT(9, 0), AT(9, 0)}}}, "stretch 1"},
        {{1, {{AT(9, 0), AT(8, 0)}}}, "stretch 1"},
        {{1, {{-1, AT(8, 0)}}}, "stretch 1"},
        {{1, {{AT(8, 0), AT(24, 0) + 1}}}, "stretch 1"},
        {{-1, {{0, 0}}}, "-1 stretches"},
        {{CALENDAR_SEGMENTS + 1, {{0, 1}}}, "7 stretches"},
    };
    struct calendar_day day = {.day = date(2024, 5, 4)};

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct calendar_definition definition = office(2024, 2024);

        definition.week[2] = cases[i].shift;
        refused(&definition, "Wednesday");
        refused(&definition, cases[i].named);
        definition = office(2024, 2024);
        day.shift = cases[i].shift;
        definition.days = &day;
        definition.day_count = 1;
        refused(&definition, "2024-05-04");
        refused(&definition, cases[i].named);
    }
}

static void calendar_new__days_without_sense__are_refused(void **state)
{
    struct calendar_day days[2] = {{.day = date(2024, 5, 2)}, {.day = date(2024, 5, 1)}};
    struct calendar_definition definition = office(2024, 2024);

    (void)state;
    definition.days = days;
    definition.day_count = 2;
    refused(&definition, "2024-05-01"); /* not ascending */
    days[1].day = days[0].day;
    refused(&definition, "2024-05-02"); /* twice */
    definition.day_count = 1;
    days[0].day = date(2023, 12, 31);
    refused(&definition, "2023-12-31");
    days[0].day = date(2025, 1, 1);
    refused(&definition, "2025-01-01");
}

static void calendar_new__figures_without_sense__are_refused(void **state)
{
    struct calendar_definition good = office(2024, 2024);
    struct calendar_definition definition = good;

    (void)state;
    definition.last_year = 2023;
    refused(&definition, "2023");
    definition = good;
    definition.first_year = 1989;
    refused(&definition, "1989");
    definition = good;
    definition.last_year = 2100;
    refused(&definition, "2100");
    definition = good;
    definition.day_s = 0;
    refused(&definition, "working day");
    definition.day_s = -28800;
    refused(&definition, "working day");
    definition.day_s = 86401;
    refused(&definition, "working day");
    definition = good;
    definition.cut_off_s = -2;
    refused(&definition, "cut-off");
    definition.cut_off_s = 86401;
    refused(&definition, "cut-off");
    definition = good;
    memset(definition.week, 0, sizeof definition.week);
    refused(&definition, "week");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

static void before__working_time__begins_where_counted_by_hand(void **state)
{
    const struct fixture *f = *state;
    static const struct step steps[] = {
        /* One hour of Wednesday, one of Tuesday; over the weekend likewise. */
        {"2024-03-05T16:00:00+07:00", 120, "2024-03-06T08:00:00+07:00"},
        {"2024-03-08T16:00:00+07:00", 120, "2024-03-11T08:00:00+07:00"},
        {"2024-03-09T10:00:00+07:00", 0, "2024-03-09T10:00:00+07:00"},
        /* Nothing was worked before 3 January 2023; no time at all begins at once there as well. */
        {"2023-01-03T07:30:00+07:00", 30, "2023-01-03T08:00:00+07:00"},
        {"2023-01-01T10:00:00+07:00", 0, "2023-01-01T10:00:00+07:00"},
    };
    int64_t from_us;

    for (size_t i = 0; i < COUNT(steps); i++) {
        assert_int_equal(
            calendar_before(f->vietnam, moment(steps[i].to), steps[i].minutes * 60 * CLOCK_SECOND_US, &from_us),
            STATUS_OK);
        assert_int_equal(differs(steps[i].to, from_us, moment(steps[i].from)), 0);
    }
    assert_int_equal(
        calendar_before(f->vietnam, moment("2023-01-03T08:00:00+07:00"), 60 * 60 * CLOCK_SECOND_US, &from_us),
        STATUS_INVALID); /* it may lie before what is known */
    assert_int_equal(calendar_before(f->vietnam, moment("2022-12-31T08:00:00+07:00"), 0, &from_us), STATUS_INVALID);
    assert_int_equal(calendar_before(f->vietnam, moment("2024-03-06T08:00:00+07:00"), -1, &from_us), STATUS_INVALID);
}

static void open__moment__the_next_begin_of_work(void **state)
{
    const struct fixture *f = *state;
    int64_t open_us;

    assert_int_equal(calendar_open(f->vietnam, moment("2024-03-05T12:00:00+07:00"), &open_us), STATUS_OK);
    assert_int_equal(differs("lunch", open_us, moment("2024-03-05T13:30:00+07:00")), 0);
    assert_int_equal(calendar_open(f->vietnam, moment("2024-03-05T14:00:00+07:00"), &open_us), STATUS_OK);
    assert_int_equal(differs("at work", open_us, moment("2024-03-05T14:00:00+07:00")), 0);
    assert_int_equal(calendar_open(f->vietnam, moment("2025-12-31T17:00:00+07:00"), &open_us), STATUS_INVALID);
    assert_int_equal(calendar_cut_off_s(f->vietnam), CALENDAR_NO_CUT_OFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(before__working_time__begins_where_counted_by_hand, setup, teardown),
        cmocka_unit_test_setup_teardown(open__moment__the_next_begin_of_work, setup, teardown),
        TEST(calendar__working_time__ends_where_counted_by_hand),
        TEST(between__moments_outside_working_time__count_nothing_there),
        TEST(between__less_than_a_second__is_exact),
        TEST(calendar__another_version__gives_other_dues),
        TEST(calendar__holiday_on_a_weekend__changes_nothing),
        TEST(calendar__half_day__counts_for_what_it_has),
        TEST(calendar__work_up_to_24_00__goes_on_at_midnight),
        TEST(start__past_the_cut_off__is_the_end_of_the_day),
        TEST(calendar__outside_the_years__is_invalid),
        TEST(shift_of__any_day__is_its_hours),
        TEST(calendar_new__hours_without_sense__are_refused),
        TEST(calendar_new__days_without_sense__are_refused),
        TEST(calendar_new__figures_without_sense__are_refused),
    };

    if (clock_use_zone("Asia/Ho_Chi_Minh") != STATUS_OK) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
