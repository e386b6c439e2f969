/* SPDX-License-Identifier: MIT */
/* calendar_check.c - completes what was read from a calendar file, and finds what is missing or contradicts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/calendar_reader.h"
#include "common/calendar_text.h"
#include "common/timestamp.h"

#define DAY_DEFAULT_S 28800

/* The other units of a section have the hours of its first; what is not given is as in [calendar]. */
static void check_hours(struct calendar_reader *self)
{
    struct calendar_file *file = self->file;

    for (size_t i = 0; i < file->hours_count; i++) {
        struct calendar_file_hours *hours = &file->hours[i];
        int worked = 0;

        if (i > 0 && self->hours_lines[i] == self->hours_lines[i - 1]) {
            memcpy(hours->week, hours[-1].week, sizeof hours->week);
            hours->day_s = hours[-1].day_s;
            hours->cut_off_s = hours[-1].cut_off_s;
        }
        for (int weekday = 0; weekday < 7; weekday++) {
            worked += hours->week[weekday].count;
        }
        if (worked == 0) {
            calendar_reader_refuse(self, self->hours_lines[i], "hours", "names no weekday that is worked");
        }
        hours->day_s = hours->day_s == CALENDAR_READER_NOT_GIVEN ? self->day_s : hours->day_s;
        hours->cut_off_s = hours->cut_off_s == CALENDAR_READER_NOT_GIVEN ? self->cut_off_s : hours->cut_off_s;
    }
}

static int by_unit(const void *a, const void *b)
{
    return strcmp(((const struct calendar_file_hours *)a)->unit, ((const struct calendar_file_hours *)b)->unit);
}

static int by_day(const void *a, const void *b)
{
    int32_t x = ((const struct calendar_file_day *)a)->day;
    int32_t y = ((const struct calendar_file_day *)b)->day;

    return x < y ? -1 : x > y;
}

/* Inside the years, and a worked day without hours borrows those of Monday, which every unit must have then. */
static void check_day(struct calendar_reader *self, const struct calendar_file_day *day)
{
    const struct calendar_file *file = self->file;
    int line = self->day_lines[day->day - (int32_t)timestamp_civil_day(CALENDAR_FILE_FIRST_YEAR, 1, 1)];
    int year = calendar_text_year_of(day->day);
    char date[CALENDAR_TEXT_DATE_SIZE];

    calendar_text_date(day->day, date);
    if (year < file->first_year || year > file->last_year) {
        calendar_reader_refuse(self, line, date, "is outside the years %d-%d", file->first_year, file->last_year);
    }
    for (size_t i = 0; !day->off && day->shift.count == 0 && i < file->hours_count; i++) {
        if (file->hours[i].week[0].count == 0) {
            calendar_reader_refuse(self, line, date, "would have Monday's hours, but %s%s works on no Monday",
                                   i == 0 ? "[hours]" : "unit ", file->hours[i].unit);
        }
    }
}

static void check_days(struct calendar_reader *self)
{
    const struct calendar_file *file = self->file;
    bool known[CALENDAR_FILE_LAST_YEAR - CALENDAR_FILE_FIRST_YEAR + 1] = {false};

    for (size_t i = 0; i < file->day_count; i++) {
        check_day(self, &file->days[i]);
        known[calendar_text_year_of(file->days[i].day) - CALENDAR_FILE_FIRST_YEAR] = true;
    }
    /* Every year has days off, so one without any is a year that was forgotten. */
    for (int year = file->first_year; year <= file->last_year; year++) {
        if (!known[year - CALENDAR_FILE_FIRST_YEAR]) {
            calendar_reader_refuse(self, self->years_line, "years",
                                   "%d has no line in [days]; a year is known only with its days off", year);
        }
    }
}

void calendar_reader_check(struct calendar_reader *self)
{
    struct calendar_file *file = self->file;

    if (file->name[0] == '\0') {
        calendar_reader_refuse(self, self->line, "name", "is missing from [calendar]");
    }
    if (file->first_year == 0) {
        calendar_reader_refuse(self, self->line, "years", "is missing from [calendar]");
    }
    self->day_s = self->day_s == CALENDAR_READER_NOT_GIVEN ? DAY_DEFAULT_S : self->day_s;
    self->cut_off_s = self->cut_off_s == CALENDAR_READER_NOT_GIVEN ? CALENDAR_NO_CUT_OFF : self->cut_off_s;
    check_hours(self);
    if (file->hours_count > 0) {
        qsort(file->hours, file->hours_count, sizeof *file->hours, by_unit);
    }
    if (file->hours_count == 0 || file->hours[0].unit[0] != '\0') {
        calendar_reader_refuse(self, self->line, "hours",
                               "is missing: a section [hours] with a line for each weekday that is worked");
    }
    if (file->day_count > 0) {
        qsort(file->days, file->day_count, sizeof *file->days, by_day);
    }
    if (!self->failed) {
        check_days(self);
    }
}
