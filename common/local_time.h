/* SPDX-License-Identifier: MIT */
/*
 * local_time.h - moments from and to times of day in the zone of the process (common/clock.h), also on the days on
 * which the clocks are changed.
 *
 * Such a day skips some times of day or tells them twice, and two questions have two answers: when has the clock
 * reached 02:30 (local_day_reach_us), and which moment is meant by an appointment at 02:30 (local_day_meant_us)?
 * mktime answers neither dependably: told a time that comes twice, it takes the one that is nearer to its last call.
 *
 * A zone is taken to change its clocks at most once in any three days; none has done otherwise since 1970.
 */
#ifndef COMMON_LOCAL_TIME_H
#define COMMON_LOCAL_TIME_H

#include <stdint.h>

/* What the clocks do around one local day; seconds. */
struct local_day {
    int64_t begin_s;         /* its midnight on the local clock, as if that were UTC */
    int64_t change_s;        /* the moment from which after_offset_s holds */
    int64_t before_offset_s; /* local clock less UTC */
    int64_t after_offset_s;
};

/* Of a day since 1970-01-01. */
void local_day_find(int32_t day, struct local_day *self);

/* The first moment at which the local clock shows second_s (0 .. 86400) after midnight, or has skipped it. */
int64_t local_day_reach_us(const struct local_day *self, int64_t second_s);

/*
 * The moment meant by a time of day: of two the later, and one that is skipped is counted on from the hour before.
 * That is what PostgreSQL's AT TIME ZONE says, so that dates computed there agree.
 */
int64_t local_day_meant_us(const struct local_day *self, int64_t second_s);

/* When a local day begins: its midnight, or the first moment after one that the zone leaves out. */
int64_t local_day_begin_us(int32_t day);

/* The local day of a moment and what its clock shows, in microseconds after midnight. */
void local_time_split(int64_t moment_us, int32_t *day, int64_t *time_us);

#endif
