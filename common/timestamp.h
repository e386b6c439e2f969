/* SPDX-License-Identifier: MIT */
/*
 * timestamp.h - RFC 3339 moments as text.  Pure; knows no time zone but the offset written.
 */
#ifndef COMMON_TIMESTAMP_H
#define COMMON_TIMESTAMP_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

/* Moments outside [TIMESTAMP_MIN_US, TIMESTAMP_MAX_US) are taken for mistakes: 1990-01-01Z .. 2100-01-01Z. */
#define TIMESTAMP_MIN_US INT64_C(631152000000000)
#define TIMESTAMP_MAX_US INT64_C(4102444800000000)

/* "2016-01-13T08:00:00.000000Z" and its terminator. */
#define TIMESTAMP_SIZE 28

/*
 * Reads an RFC 3339 date-time with an offset ("2016-01-13T03:00:00-05:00", "…Z"; 'T' may be 't' or a space, up to nine
 * fraction digits of which six count, second 60 counts as 59).  STATUS_INVALID when it is not one whole, names a day
 * that does not exist, or lies outside the bounds above.
 */
enum status timestamp_parse(const char *text, size_t len, int64_t *moment_us) MUST_CHECK;

/* Writes the moment in UTC, without fraction when it has none; returns out. */
const char *timestamp_format(int64_t moment_us, char out[TIMESTAMP_SIZE]);

/* Days since 1970-01-01 of a proleptic Gregorian date; the date need not be checked. */
int64_t timestamp_civil_day(int year, int month, int day);

#endif
