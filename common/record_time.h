/* SPDX-License-Identifier: MIT */
/*
 * record_time.h - moments as one-stop systems write them into their records (docs/rules.md 4).
 *
 * RFC 3339 with an offset, or wall-clock time of the zone of the process (clock_use_zone): yyyy-MM-ddTHH:mm:ss,
 * yyyy-MM-dd HH:mm:ss, yyyyMMddHHmmss, and yyyy-MM-dd or yyyyMMdd for its midnight.  A time that the clock skips is
 * taken as much later as it skips, a time that it shows twice is taken the first time.
 */
#ifndef COMMON_RECORD_TIME_H
#define COMMON_RECORD_TIME_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

/* STATUS_INVALID: none of these shapes, no day of the calendar, or outside the bounds of common/timestamp.h. */
enum status record_time_parse(const char *text, size_t len, int64_t *moment_us) MUST_CHECK;

/* Same for a due date: a day without a time of day is promised until its last microsecond. */
enum status record_time_parse_due(const char *text, size_t len, int64_t *moment_us) MUST_CHECK;

#endif
