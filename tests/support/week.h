/* SPDX-License-Identifier: MIT */
/*
 * week.h - what the tests of verdicts and dues share: the week from Monday 2026-03-02 in Asia/Ho_Chi_Minh, worked
 * Monday to Friday 07:00-11:30 and 13:30-17:00, and calendars made of it.
 */
#ifndef TESTS_WEEK_H
#define TESTS_WEEK_H

#include <stdint.h>

#include "common/calendars.h"
#include "common/clock.h"
#include "tests/support/office.h"

/* Monday 00:00 is 2026-03-01T17:00Z; day 20514 since 1970-01-01. */
#define MONDAY 20514
#define MONDAY_US (INT64_C(20513) * 24 * HOUR_US + 17 * HOUR_US)
enum { MON, TUE, WED, THU, FRI, SAT, SUN, NEXT_MON };

static inline int64_t at(int day, int hour)
{
    return MONDAY_US + (day * INT64_C(24) + hour) * HOUR_US;
}

static inline void add_office(struct calendars *calendars, int version, int64_t in_force_us, int32_t unit_id,
                              const struct calendar_definition *definition)
{
    char error[CALENDAR_ERROR_SIZE];

    if (calendars_add(calendars, version, in_force_us, unit_id, definition, error) != STATUS_OK) {
        fail_msg("%s", error);
    }
}

/* One version, in force for ever, for all units. */
static inline struct calendars *office_calendars(int first_year, int last_year)
{
    struct calendar_definition definition = office(first_year, last_year);
    struct calendars *calendars = calendars_new();

    assert_non_null(calendars);
    add_office(calendars, 1, INT64_MIN, 0, &definition);
    return calendars;
}

static inline int use_zone(void **state)
{
    (void)state;
    return clock_use_zone("Asia/Ho_Chi_Minh") == STATUS_OK ? 0 : -1;
}

#endif
