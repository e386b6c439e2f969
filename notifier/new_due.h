/* SPDX-License-Identifier: MIT */
/*
 * new_due.h - dates that letters announce: always the end of a working day's hours.
 *
 * By the calendar version in force at now_us.  STATUS_INVALID: there is none, or it does not reach so far.
 */
#ifndef NOTIFIER_NEW_DUE_H
#define NOTIFIER_NEW_DUE_H

#include <stdint.h>

#include "common/calendars.h"
#include "common/status.h"

/* The day on which so many working days from now_us have passed. */
enum status new_due_after(const struct calendars *calendars, int32_t unit_id, int64_t now_us, int days,
                          int64_t *new_due_us) MUST_CHECK;

/* A local day; STATUS_INVALID also when it is no working day of the unit. */
enum status new_due_of_day(const struct calendars *calendars, int32_t unit_id, int64_t now_us, int32_t day,
                           int64_t *new_due_us) MUST_CHECK;

#endif
