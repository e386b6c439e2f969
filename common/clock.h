/* SPDX-License-Identifier: MIT */
/*
 * clock.h - the one clock of the programs, and the deployment's calendar days.
 *
 * Moments are microseconds since 1970-01-01T00:00:00Z (int64_t, suffix _us).  Days are days since 1970-01-01 (int32_t,
 * suffix _day) of the deployment's time zone.  The clock can be frozen by configuration, so that history is judged as
 * of its day.
 */
#ifndef COMMON_CLOCK_H
#define COMMON_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"

#define CLOCK_SECOND_US INT64_C(1000000)
#define CLOCK_DAY_S INT64_C(86400)

struct clock {
    bool frozen;
    int64_t frozen_us; /* the moment it stands at */
};

/* The moment to judge by: frozen, or the system's. */
int64_t clock_now_us(const struct clock *clock);

/* Monotonic milliseconds for deadlines and intervals; never for what is stored. */
int64_t clock_monotonic_ms(void);

/*
 * Makes the named IANA zone the zone of this process (TZ), for clock_local_day.  STATUS_INVALID when the machine
 * does not know the zone.  Call once, before threads.
 */
enum status clock_use_zone(const char *zone) MUST_CHECK;

/* The local calendar day of a moment, in the zone in use. */
int32_t clock_local_day(int64_t moment_us);

#endif
