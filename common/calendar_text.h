/* SPDX-License-Identifier: MIT */
/*
 * calendar_text.h - hours and days of calendars as people write them: 07:00, 07:00-11:30 13:30-17:00, 7h30, monday.
 * Pure.
 */
#ifndef COMMON_CALENDAR_TEXT_H
#define COMMON_CALENDAR_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/calendar.h"
#include "common/status.h"

/* Six segments, each "07:00-11:30 ". */
#define CALENDAR_TEXT_SHIFT_SIZE (CALENDAR_SEGMENTS * 12 + 1)
#define CALENDAR_TEXT_CLOCK_SIZE 12
#define CALENDAR_TEXT_ERROR_SIZE 128

/* Reads "07:30" (two digits each, up to 24:00) as seconds after midnight; what follows len is not looked at. */
enum status calendar_text_read_clock(const char *text, size_t len, int32_t *second) MUST_CHECK;

/* Reads "8h", "7h30" as seconds; STATUS_INVALID: not so, or more than 24 hours. */
enum status calendar_text_read_span(const char *text, int32_t *span_s) MUST_CHECK;

/*
 * Reads the segments that text begins with and sets *rest to what follows them.  None: count 0.  STATUS_INVALID: error
 * says which makes no sense (misspelt, reversed, out of order, overlapping, too many).  Segments that touch are one.
 */
enum status calendar_text_read_shift(const char *text, struct calendar_shift *shift, const char **rest,
                                     char error[CALENDAR_TEXT_ERROR_SIZE]) MUST_CHECK;

/* "07:30"; returns out. */
const char *calendar_text_clock(int32_t second, char out[CALENDAR_TEXT_CLOCK_SIZE]);
/* "07:00-11:30 13:30-17:00", "" without work; returns out. */
const char *calendar_text_shift(const struct calendar_shift *shift, char out[CALENDAR_TEXT_SHIFT_SIZE]);
/* "8h", "7h30" (whole minutes); returns out. */
const char *calendar_text_span(int32_t span_s, char out[CALENDAR_TEXT_CLOCK_SIZE]);

/* Working time of a day, seconds. */
int32_t calendar_text_shift_s(const struct calendar_shift *shift);
bool calendar_text_same_shift(const struct calendar_shift *a, const struct calendar_shift *b);

/* "monday", 0 the Monday; and back, 7 when text[0..len) is none. */
const char *calendar_text_weekday(int weekday);
int calendar_text_read_weekday(const char *text, size_t len);

/* 0 the Monday, of days since 1970-01-01. */
int calendar_text_weekday_of(int32_t day);

/* Reads "2024-02-29" as days since 1970-01-01; the day must exist. */
enum status calendar_text_read_date(const char *text, int32_t *day) MUST_CHECK;
/* "2024-02-29"; returns out. */
#define CALENDAR_TEXT_DATE_SIZE 32
const char *calendar_text_date(int32_t day, char out[CALENDAR_TEXT_DATE_SIZE]);
/* The year of a day. */
int calendar_text_year_of(int32_t day);

#endif
