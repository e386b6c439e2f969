/* SPDX-License-Identifier: MIT */
/*
 * hours.h - when officials are at work: the calendar in force now, asked for a unit.
 *
 * Where no calendar is loaded, or it does not know the years asked for, every hour of every day counts as worked and a
 * working day as 24 hours: an alert at night is better than none.
 */
#ifndef NOTIFIER_HOURS_H
#define NOTIFIER_HOURS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/calendars.h"
#include "common/db.h"
#include "common/status.h"

struct hours;

/* Without any calendar; NULL when memory is short. */
struct hours *hours_new(void);
void hours_destroy(struct hours **self_p);

/*
 * Reads the calendars when they have changed since the last call (table book), and which is in force at now_us.
 * *changed (may be NULL): something was loaded, or another version counts than before.  Not STATUS_OK: those read
 * before stay; STATUS_INVALID: error says what is stored that makes no sense.
 */
enum status hours_refresh(struct hours *self, struct db *db, int64_t now_us, bool *changed,
                          char error[CALENDAR_ERROR_SIZE]) MUST_CHECK;

/* For tests: takes over *calendars_p and counts by the version in force at now_us. */
void hours_use(struct hours *self, struct calendars **calendars_p, int64_t now_us);

/* All versions read, borrowed until the next refresh; NULL before the first. */
const struct calendars *hours_calendars(const struct hours *self);

/* The moment that lies so many working days and hours of the unit before another. */
int64_t hours_before(const struct hours *self, int32_t unit_id, int64_t moment_us, int days, int hours);

/* The moment by which so many working days of the unit, from 1 on, have passed since another. */
int64_t hours_after(const struct hours *self, int32_t unit_id, int64_t moment_us, int days);

/* The first moment from from_us on at which the unit is at work. */
int64_t hours_open(const struct hours *self, int32_t unit_id, int64_t from_us);

#endif
