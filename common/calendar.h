/* SPDX-License-Identifier: MIT */
/*
 * calendar.h - working time: which hours of which days are worked, expanded over a range of years.  Pure but for the
 * zone of the process (common/clock.h), in which its hours are told.
 *
 * Two calls do all the counting.  calendar_between is how much working time lies between two moments, calendar_add the
 * first moment by which so much of it has passed; they are exact inverses:
 *   between(a, add(a, w)) == w           for every w >= 0
 *   add(a, between(a, b)) <= b           and equal to b when b is in working time after its begin, or ends it, for a <
 * b A span that reaches outside the years known is STATUS_INVALID, never a guess.
 */
#ifndef COMMON_CALENDAR_H
#define COMMON_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

#define CALENDAR_SEGMENTS 6
#define CALENDAR_ERROR_SIZE 512
#define CALENDAR_NO_CUT_OFF (-1)

/* A stretch of work, in seconds after local midnight; 0 <= begin_s < end_s <= 86400. */
struct calendar_segment {
    int32_t begin_s;
    int32_t end_s;
};

/* The hours of a day: ascending, not overlapping; count 0: no work. */
struct calendar_shift {
    int count;
    struct calendar_segment segment[CALENDAR_SEGMENTS];
};

/* A date that differs from its weekday: a day off (no segments), a half day, a make-up working day. */
struct calendar_day {
    int32_t day; /* since 1970-01-01 */
    struct calendar_shift shift;
};

/* What a calendar is made of; everything is borrowed for the call. */
struct calendar_definition {
    int first_year;
    int last_year;
    struct calendar_shift week[7]; /* Monday first */
    int32_t day_s;                 /* working time of one working day of a term, e.g. 28800 */
    int32_t cut_off_s;             /* received later than this counts from the next working day; CALENDAR_NO_CUT_OFF */
    const struct calendar_day *days; /* ascending by day, each once */
    size_t day_count;
};

struct calendar;

/* STATUS_INVALID: error says which day or hours make no sense.  STATUS_RETRY: memory is short. */
enum status calendar_new(struct calendar **self_p, const struct calendar_definition *definition,
                         char error[CALENDAR_ERROR_SIZE]) MUST_CHECK;
void calendar_destroy(struct calendar **self_p);

/* Working time of one working day, microseconds. */
int64_t calendar_day_us(const struct calendar *self);
/* Seconds of the day; CALENDAR_NO_CUT_OFF. */
int32_t calendar_cut_off_s(const struct calendar *self);

/* True when both moments lie in the years known. */
bool calendar_covers(const struct calendar *self, int64_t from_us, int64_t to_us);

/* When a term that is received at from_us begins to run: from_us, or the end of its local day when it is past the
 * cut-off. */
enum status calendar_start(const struct calendar *self, int64_t from_us, int64_t *start_us) MUST_CHECK;

/* The first moment >= from_us by which working_us (>= 0) of working time have passed; 0 gives from_us itself. */
enum status calendar_add(const struct calendar *self, int64_t from_us, int64_t working_us, int64_t *to_us) MUST_CHECK;

/* The working time in [from_us, to_us); negative when to_us is before from_us. */
enum status calendar_between(const struct calendar *self, int64_t from_us, int64_t to_us,
                             int64_t *working_us) MUST_CHECK;

/*
 * The first moment <= to_us with so much working time (>= 0) between it and to_us: what has to be done so long before a
 * moment has to be done by then.
 */
enum status calendar_before(const struct calendar *self, int64_t to_us, int64_t working_us,
                            int64_t *from_us) MUST_CHECK;

/* The first moment >= from_us at which work is done: from_us itself, or the next begin of work. */
enum status calendar_open(const struct calendar *self, int64_t from_us, int64_t *open_us) MUST_CHECK;

/* The hours of a local day, for showing the count day by day. */
enum status calendar_shift_of(const struct calendar *self, int32_t day, struct calendar_shift *shift) MUST_CHECK;

#endif
