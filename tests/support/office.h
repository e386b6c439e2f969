/* SPDX-License-Identifier: MIT */
/*
 * office.h - what the tests of calendars and terms share: moments as text, and the definition of an office that works
 * Monday to Friday 07:00-11:30 and 13:30-17:00, 8 hours a day.
 */
#ifndef TESTS_OFFICE_H
#define TESTS_OFFICE_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/calendar.h"
#include "common/timestamp.h"

#define HOUR_US INT64_C(3600000000)
#define COUNT(table) (sizeof(table) / sizeof *(table))
#define AT(hour, minute) ((hour)*3600 + (minute)*60)

static inline int64_t moment(const char *text)
{
    int64_t moment_us = 0;

    if (timestamp_parse(text, strlen(text), &moment_us) != STATUS_OK) {
        fail_msg("%s is no moment", text);
    }
    return moment_us;
}

static inline int32_t date(int year, int month, int day)
{
    return (int32_t)timestamp_civil_day(year, month, day);
}

/* 1 and a line on stderr when the moments differ, else 0. */
static inline int differs(const char *what, int64_t is_us, int64_t expected_us)
{
    char is[TIMESTAMP_SIZE];
    char expected[TIMESTAMP_SIZE];

    if (is_us == expected_us) {
        return 0;
    }
    print_error("%s: %s, not %s\n", what, timestamp_format(is_us, is), timestamp_format(expected_us, expected));
    return 1;
}

static inline struct calendar_shift office_shift(void)
{
    return (struct calendar_shift){.count = 2, .segment = {{AT(7, 0), AT(11, 30)}, {AT(13, 30), AT(17, 0)}}};
}

static inline struct calendar_definition office(int first_year, int last_year)
{
    struct calendar_definition definition = {
        .first_year = first_year, .last_year = last_year, .day_s = AT(8, 0), .cut_off_s = CALENDAR_NO_CUT_OFF};

    for (int weekday = 0; weekday < 5; weekday++) {
        definition.week[weekday] = office_shift();
    }
    return definition;
}

static inline struct calendar *calendar_made(const struct calendar_definition *definition)
{
    char error[CALENDAR_ERROR_SIZE];
    struct calendar *calendar = NULL;

    if (calendar_new(&calendar, definition, error) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return calendar;
}

#endif
