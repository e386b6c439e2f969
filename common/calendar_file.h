/* SPDX-License-Identifier: MIT */
/*
 * calendar_file.h - a calendar as people write it: one file, one version (docs/calendar.md).
 *
 * A file is taken whole or refused with "FILE:LINE: key: sentence".  What was read is never changed afterwards.
 */
#ifndef COMMON_CALENDAR_FILE_H
#define COMMON_CALENDAR_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/calendar.h"
#include "common/status.h"

#define CALENDAR_FILE_ERROR_SIZE 1024
#define CALENDAR_FILE_NAME 129
#define CALENDAR_FILE_UNIT 129
#define CALENDAR_FILE_MAX_LEN (1024 * 1024)

/* The hours of a unit. */
struct calendar_file_hours {
    char unit[CALENDAR_FILE_UNIT]; /* code; "": every unit without hours of its own */
    struct calendar_shift week[7]; /* Monday first */
    int32_t day_s;                 /* working time of one working day */
    int32_t cut_off_s;             /* or CALENDAR_NO_CUT_OFF */
};

/* A date that differs from its weekday. */
struct calendar_file_day {
    int32_t day;
    bool off;                    /* else worked */
    bool provisional;            /* not settled by the authorities yet */
    struct calendar_shift shift; /* worked: count 0 is the unit's hours of Monday */
    char name[CALENDAR_FILE_NAME];
};

struct calendar_file;

/* STATUS_INVALID: the file cannot be read or is refused, error says why; STATUS_RETRY: memory is short. */
enum status calendar_file_read(struct calendar_file **self_p, const char *path,
                               char error[CALENDAR_FILE_ERROR_SIZE]) MUST_CHECK;
/* Same for text at hand; called stands for the file's name in errors. */
enum status calendar_file_parse(struct calendar_file **self_p, const char *called, const char *text, size_t len,
                                char error[CALENDAR_FILE_ERROR_SIZE]) MUST_CHECK;
void calendar_file_destroy(struct calendar_file **self_p);

const char *calendar_file_name(const struct calendar_file *self);
int calendar_file_first_year(const struct calendar_file *self);
int calendar_file_last_year(const struct calendar_file *self);

/* The bytes read, NUL-terminated (they hold no other NUL, and are UTF-8). */
const char *calendar_file_text(const struct calendar_file *self);

/* Ascending by unit, the first is "". */
const struct calendar_file_hours *calendar_file_hours(const struct calendar_file *self, size_t *count);

/* Ascending by day. */
const struct calendar_file_day *calendar_file_days(const struct calendar_file *self, size_t *count);

#endif
