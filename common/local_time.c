/* SPDX-License-Identifier: MIT */
/* local_time.c - see local_time.h: all that is asked of the C library is what a moment is called. */
#include "common/local_time.h"

#include <time.h>

#include "common/clock.h"

/* No local clock is 16 hours off UTC, so a local day lies within this of the UTC day of the same date. */
#define REACH_S (INT64_C(16) * 3600)

static int64_t offset_at(int64_t second_s)
{
    time_t when = (time_t)second_s;
    struct tm local;

    localtime_r(&when, &local);
    return (int64_t)local.tm_gmtoff;
}

/* The first second of [low_s, high_s] that has the offset of high_s. */
static int64_t change_find(int64_t low_s, int64_t high_s, int64_t after_offset_s)
{
    while (low_s < high_s) {
        int64_t middle_s = low_s + (high_s - low_s) / 2;

        if (offset_at(middle_s) == after_offset_s) {
            high_s = middle_s;
        } else {
            low_s = middle_s + 1;
        }
    }
    return high_s;
}

void local_day_find(int32_t day, struct local_day *self)
{
    int64_t begin_s = day * CLOCK_DAY_S;
    int64_t low_s = begin_s - REACH_S;
    int64_t high_s = begin_s + CLOCK_DAY_S + REACH_S;

    self->begin_s = begin_s;
    self->before_offset_s = offset_at(low_s);
    self->after_offset_s = offset_at(high_s);
    self->change_s = low_s;
    if (self->before_offset_s != self->after_offset_s) {
        self->change_s = change_find(low_s, high_s, self->after_offset_s);
    }
}

int64_t local_day_reach_us(const struct local_day *self, int64_t second_s)
{
    int64_t told_s = self->begin_s + second_s;
    int64_t before_s = told_s - self->before_offset_s;
    int64_t after_s = told_s - self->after_offset_s;

    if (before_s < self->change_s) {
        return before_s * CLOCK_SECOND_US;
    }
    return (after_s < self->change_s ? self->change_s : after_s) * CLOCK_SECOND_US;
}

int64_t local_day_meant_us(const struct local_day *self, int64_t second_s)
{
    int64_t told_s = self->begin_s + second_s;
    int64_t after_s = told_s - self->after_offset_s;

    return (after_s < self->change_s ? told_s - self->before_offset_s : after_s) * CLOCK_SECOND_US;
}

int64_t local_day_begin_us(int32_t day)
{
    struct local_day self;

    local_day_find(day, &self);
    return local_day_reach_us(&self, 0);
}

void local_time_split(int64_t moment_us, int32_t *day, int64_t *time_us)
{
    int64_t fraction_us = moment_us % CLOCK_SECOND_US;
    int64_t second_s = moment_us / CLOCK_SECOND_US;
    int64_t told_s;
    int64_t into_day_s;

    if (fraction_us < 0) {
        fraction_us += CLOCK_SECOND_US;
        second_s--;
    }
    told_s = second_s + offset_at(second_s);
    into_day_s = (told_s % CLOCK_DAY_S + CLOCK_DAY_S) % CLOCK_DAY_S;
    *day = (int32_t)((told_s - into_day_s) / CLOCK_DAY_S);
    *time_us = into_day_s * CLOCK_SECOND_US + fraction_us;
}
