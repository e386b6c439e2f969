/* SPDX-License-Identifier: MIT */
/* new_due.c - see new_due.h. */
#include "notifier/new_due.h"

#include <stddef.h>

#include "common/clock.h"
#include "common/local_time.h"

static const struct calendar *calendar_now(const struct calendars *calendars, int32_t unit_id, int64_t now_us)
{
    return calendars_find(calendars, calendars_at(calendars, now_us), unit_id);
}

static enum status day_end(const struct calendar *calendar, int32_t day, int64_t *end_us)
{
    struct calendar_shift shift = {0};
    struct local_day local;
    enum status st = calendar == NULL ? STATUS_INVALID : calendar_shift_of(calendar, day, &shift);

    if (st == STATUS_OK && shift.count == 0) {
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        local_day_find(day, &local);
        *end_us = local_day_reach_us(&local, shift.segment[shift.count - 1].end_s);
    }
    return st;
}

enum status new_due_after(const struct calendars *calendars, int32_t unit_id, int64_t now_us, int days,
                          int64_t *new_due_us)
{
    const struct calendar *calendar = calendar_now(calendars, unit_id, now_us);
    int64_t reached_us = 0;
    enum status st = calendar == NULL ? STATUS_INVALID
                                      : calendar_add(calendar, now_us, days * calendar_day_us(calendar), &reached_us);

    return st == STATUS_OK ? day_end(calendar, clock_local_day(reached_us), new_due_us) : st;
}

enum status new_due_of_day(const struct calendars *calendars, int32_t unit_id, int64_t now_us, int32_t day,
                           int64_t *new_due_us)
{
    return day_end(calendar_now(calendars, unit_id, now_us), day, new_due_us);
}
