/* SPDX-License-Identifier: MIT */
/*
 * wall_time.h - moments written as wall-clock time, by a format like strptime's, made into RFC 3339.
 *
 * Conversions: %Y %m %d %H %I %M %S %p and %%; a blank stands for any number of blanks, anything else for itself.  The
 * zone is the one of the process (clock_use_zone).  A time that the clock skips is taken an hour later (by as much as
 * it skips), a time that it shows twice is taken the first time.  The format "rfc3339" takes texts that have an offset
 * already and passes them on.
 */
#ifndef CLI_WALL_TIME_H
#define CLI_WALL_TIME_H

#include <stddef.h>

#include "common/status.h"

#define WALL_TIME_SIZE 64
#define WALL_TIME_STEPS 32

struct wall_time;

/* STATUS_INVALID: the format is not one of the above, *self_p is NULL. */
enum status wall_time_new(struct wall_time **self_p, const char *format) MUST_CHECK;
void wall_time_destroy(struct wall_time **self_p);

/*
 * Writes text[0..len) as RFC 3339 with the zone's offset, "2015-03-08T03:30:00-04:00"; *out_len excludes the NUL.
 * STATUS_INVALID when it does not read so, or names no moment between 1990 and 2100.
 */
enum status wall_time_convert(struct wall_time *self, const char *text, size_t len, char out[WALL_TIME_SIZE],
                              size_t *out_len) MUST_CHECK;

#endif
