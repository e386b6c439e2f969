/* SPDX-License-Identifier: MIT */
/*
 * term.h - how long a procedure may take, as the law tells it: working days, working hours, calendar days or months.
 *
 * A working day is the working time of the calendar's working day (8 h), so that a half day counts for half of one.
 * A calendar day or month ends at the same local time of the day it leads to; the last day of a shorter month stands
 * in.
 */
#ifndef COMMON_TERM_H
#define COMMON_TERM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/calendar.h"
#include "common/status.h"

/* Names: working_days working_hours calendar_days months. */
enum term_unit { TERM_WORKING_DAYS, TERM_WORKING_HOURS, TERM_CALENDAR_DAYS, TERM_MONTHS, TERM_UNITS };

struct term {
    int32_t count; /* 1 .. TERM_COUNT_MAX */
    enum term_unit unit;
};
#define TERM_COUNT_MAX 3660

/*
 * Reads "5 working days", "8 working hours" (or "8 hours"), "30 days", "30 calendar days", "2 months", singular too,
 * and in Vietnamese "5 ngày làm việc", "8 giờ", "8 giờ làm việc", "30 ngày", "2 tháng"; letter case and blanks do not
 * matter. STATUS_INVALID: anything else, and a count outside 1 .. TERM_COUNT_MAX.
 */
enum status term_parse(const char *text, struct term *term) MUST_CHECK;

/* "working_days" …; and back, TERM_UNITS when there is none of that name. */
const char *term_unit_name(enum term_unit unit);
enum term_unit term_unit_from_name(const char *name);

/* True for working days and hours, which need a calendar. */
bool term_is_working(const struct term *term);

/*
 * When the term ends that begins at from_us; the cut-off hour is applied to working terms.  calendar may be NULL for
 * calendar days and months.  STATUS_INVALID: the years are not known, or there is no calendar where one is needed.
 */
enum status term_add(const struct calendar *calendar, int64_t from_us, const struct term *term,
                     int64_t *due_us) MUST_CHECK;

#endif
