/* SPDX-License-Identifier: MIT */
/*
 * calendar_reader.h - the inside of a calendar file, shared by calendar_file.c and calendar_reader.c only.
 */
#ifndef COMMON_CALENDAR_READER_H
#define COMMON_CALENDAR_READER_H

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

/* Fills self from self->text.  STATUS_INVALID and STATUS_RETRY with error, as calendar_file_parse. */
enum status calendar_reader_run(struct calendar_file *self, const char *called,
                                char error[CALENDAR_FILE_ERROR_SIZE]) MUST_CHECK;

#endif
