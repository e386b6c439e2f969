/* SPDX-License-Identifier: MIT */
/*
 * calendar_reader.h - the inside of a calendar file, for calendar_file.c, calendar_reader.c and calendar_check.c only.
 */
#ifndef COMMON_CALENDAR_READER_H
#define COMMON_CALENDAR_READER_H

#include <limits.h>

#include "common/calendar_file.h"

#define CALENDAR_FILE_FIRST_YEAR 1990
#define CALENDAR_FILE_LAST_YEAR 2099

struct calendar_file {
    char *text; /* owned */
    char name[CALENDAR_FILE_NAME];
    int first_year;
    int last_year;
    struct calendar_file_hours *hours; /* owned */
    size_t hours_count;
    struct calendar_file_day *days; /* owned */
    size_t day_count;
};

#define CALENDAR_READER_NOT_GIVEN INT32_MIN
#define CALENDAR_READER_DAYS ((CALENDAR_FILE_LAST_YEAR - CALENDAR_FILE_FIRST_YEAR + 1) * 366)

enum calendar_section {
    CALENDAR_SECTION_NONE,
    CALENDAR_SECTION_CALENDAR,
    CALENDAR_SECTION_HOURS,
    CALENDAR_SECTION_DAYS
};

/* A file being read. */
struct calendar_reader {
    struct calendar_file *file;
    const char *called;
    const char *next; /* of the text */
    int line;         /* of the line inih was given last */
    enum calendar_section section;
    size_t group;     /* first of the hours that the section fills */
    int *hours_lines; /* where each of the hours stands */
    int *day_lines;   /* by day since 1990-01-01: where it stands, 0: nowhere */
    int years_line;
    int32_t day_s; /* of [calendar], or CALENDAR_READER_NOT_GIVEN */
    int32_t cut_off_s;
    bool failed;
    int failed_line;
    enum status status;
    char *error; /* CALENDAR_FILE_ERROR_SIZE */
};

/* Fills self from self->text.  STATUS_INVALID and STATUS_RETRY with error, as calendar_file_parse. */
enum status calendar_reader_run(struct calendar_file *self, const char *called,
                                char error[CALENDAR_FILE_ERROR_SIZE]) MUST_CHECK;

/* Keeps the first error; returns 0, inih's "no". */
int calendar_reader_refuse(struct calendar_reader *self, int line, const char *key, const char *fmt, ...)
    PRINTF_LIKE(4, 5);

/* Completes and sorts what was read, and looks for what must not be left out. */
void calendar_reader_check(struct calendar_reader *self);

#endif
