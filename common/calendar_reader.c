/* SPDX-License-Identifier: MIT */
/* calendar_reader.c - reads the sections and keys of a calendar file, and what they must not leave out. */
#include "common/calendar_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ini.h>

#include "common/calendar_text.h"
#include "common/timestamp.h"

int calendar_reader_refuse(struct calendar_reader *self, int line, const char *key, const char *fmt, ...)
{
    char sentence[384];
    va_list args;

    if (self->failed) {
        return 0;
    }
    self->failed = true;
    self->failed_line = line;
    self->status = STATUS_INVALID;
    va_start(args, fmt);
    vsnprintf(sentence, sizeof sentence, fmt, args);
    va_end(args);
    snprintf(self->error, CALENDAR_FILE_ERROR_SIZE, "%s:%d: %s: %s", self->called, line > 0 ? line : 1, key, sentence);
    return 0;
}

/* Makes room for one more element; NULL, and the reader has failed, when memory is short. */
static void *grow(struct calendar_reader *self, void *array, size_t count, size_t size)
{
    void *grown = array;

    /* At powers of two. */
    if ((count & (count - 1)) == 0) {
        grown = realloc(array, (count == 0 ? 1 : count * 2) * size);
    }
    if (grown == NULL) {
        self->failed = true;
        self->status = STATUS_RETRY;
        snprintf(self->error, CALENDAR_FILE_ERROR_SIZE, "%s: memory is short", self->called);
    }
    return grown;
}

static int add_hours(struct calendar_reader *self, const char *unit, size_t len)
{
    struct calendar_file *file = self->file;
    void *hours, *lines;
    struct calendar_file_hours *added;

    if (len >= CALENDAR_FILE_UNIT) {
        return calendar_reader_refuse(self, self->line, "hours", "a unit's code has at most %d bytes",
                                      CALENDAR_FILE_UNIT - 1);
    }
    for (size_t i = 0; i < file->hours_count; i++) {
        if (strlen(file->hours[i].unit) == len && memcmp(file->hours[i].unit, unit, len) == 0) {
            return len == 0 ? calendar_reader_refuse(self, self->line, "hours", "stands twice (before in line %d)",
                                                     self->hours_lines[i])
                            : calendar_reader_refuse(self, self->line, "hours",
                                                     "unit %.*s is named twice (before in line %d)", (int)len, unit,
                                                     self->hours_lines[i]);
        }
    }
    hours = grow(self, file->hours, file->hours_count, sizeof *file->hours);
    if (hours == NULL) {
        return 0;
    }
    file->hours = hours;
    lines = grow(self, self->hours_lines, file->hours_count, sizeof *self->hours_lines);
    if (lines == NULL) {
        return 0;
    }
    self->hours_lines = lines;
    self->hours_lines[file->hours_count] = self->line;
    added = &file->hours[file->hours_count++];
    memset(added, 0, sizeof *added);
    memcpy(added->unit, unit, len);
    added->day_s = CALENDAR_READER_NOT_GIVEN;
    added->cut_off_s = CALENDAR_READER_NOT_GIVEN;
    return 1;
}

/* "[hours H29.1 H29.2]": one entry for each unit, which the keys below fill alike. */
static void begin_hours(struct calendar_reader *self, const char *units, size_t len)
{
    size_t at = strspn(units, " \t");

    self->section = CALENDAR_SECTION_HOURS;
    self->group = self->file->hours_count;
    if (at >= len) {
        (void)add_hours(self, "", 0);
    }
    while (at < len) {
        size_t word = strcspn(units + at, " \t]");

        if (add_hours(self, units + at, word) == 0) {
            return;
        }
        at += word;
        at += strspn(units + at, " \t");
    }
}

/*
 * inih cuts names of sections and is silent about empty ones, so sections are read here.  A line without ']' is left
 * for inih to refuse.
 */
static void begin_section(struct calendar_reader *self, const char *line)
{
    const char *end = strchr(line, ']');
    const char *name = line + 1 + strspn(line + 1, " \t");
    size_t len;

    if (end == NULL) {
        return;
    }
    len = strcspn(name, " \t]");
    if (len == strlen("hours") && memcmp(name, "hours", len) == 0) {
        begin_hours(self, name + len, (size_t)(end - name) - len);
    } else if (strncmp(name, "calendar]", 9) == 0) {
        self->section = CALENDAR_SECTION_CALENDAR;
    } else if (strncmp(name, "days]", 5) == 0) {
        self->section = CALENDAR_SECTION_DAYS;
    } else {
        calendar_reader_refuse(self, self->line, "section",
                               "[%.*s] is none of [calendar], [hours], [hours UNIT ...], [days]",
                               (int)(end - name < 100 ? end - name : 100), name);
    }
}

/* Gives inih one line, without the blanks before it, which would make it continue the line above. */
static char *next_line(char *buffer, int size, void *context)
{
    struct calendar_reader *self = context;
    size_t len = strcspn(self->next, "\n");
    const char *line = self->next;

    if (*line == '\0' || self->failed) {
        return NULL;
    }
    self->line++;
    self->next += len + (line[len] == '\n');
    if (self->line == 1 && strncmp(line, "\xef\xbb\xbf", 3) == 0) {
        line += 3;
        len -= 3;
    }
    while (len > 0 && (*line == ' ' || *line == '\t')) {
        line++;
        len--;
    }
    if (len + 1 >= (size_t)size) {
        calendar_reader_refuse(self, self->line, "line", "is longer than %d bytes", size - 2);
        return NULL;
    }
    memcpy(buffer, line, len);
    buffer[len] = '\n';
    buffer[len + 1] = '\0';
    if (buffer[0] == '[') {
        begin_section(self, buffer);
    }
    return self->failed ? NULL : buffer;
}

/* Four digits that text begins with; 0 when it does not. */
static int leading_year(const char *text)
{
    return strspn(text, "0123456789") == 4
               ? (text[0] - '0') * 1000 + (text[1] - '0') * 100 + (text[2] - '0') * 10 + (text[3] - '0')
               : 0;
}

static int read_years(struct calendar_reader *self, const char *value)
{
    struct calendar_file *file = self->file;
    size_t len = strlen(value);
    int first = leading_year(value);
    int last = first;

    if (file->first_year != 0) {
        return calendar_reader_refuse(self, self->line, "years", "is given twice");
    }
    self->years_line = self->line;
    if (len == 9 && value[4] == '-') {
        last = leading_year(value + 5);
    }
    if (first == 0 || last == 0 || (len != 4 && len != 9) || (len == 9 && value[4] != '-')) {
        return calendar_reader_refuse(self, self->line, "years", "\"%s\" is not years like 2023-2027", value);
    }
    if (first > last) {
        return calendar_reader_refuse(self, self->line, "years", "%d is after %d", first, last);
    }
    if (first < CALENDAR_FILE_FIRST_YEAR || last > CALENDAR_FILE_LAST_YEAR) {
        return calendar_reader_refuse(self, self->line, "years", "are outside %d-%d", CALENDAR_FILE_FIRST_YEAR,
                                      CALENDAR_FILE_LAST_YEAR);
    }
    file->first_year = first;
    file->last_year = last;
    return 1;
}

static int read_name(struct calendar_reader *self, const char *key, const char *value, char out[CALENDAR_FILE_NAME])
{
    if (strlen(value) >= CALENDAR_FILE_NAME) {
        return calendar_reader_refuse(self, self->line, key, "its name has more than %d bytes", CALENDAR_FILE_NAME - 1);
    }
    snprintf(out, CALENDAR_FILE_NAME, "%s", value);
    return 1;
}

static int read_day(struct calendar_reader *self, const char *value, int32_t *day_s)
{
    if (*day_s != CALENDAR_READER_NOT_GIVEN) {
        return calendar_reader_refuse(self, self->line, "day", "is given twice");
    }
    if (calendar_text_read_span(value, day_s) != STATUS_OK) {
        return calendar_reader_refuse(self, self->line, "day", "\"%s\" is not a length like 8h or 7h30, at most 24h",
                                      value);
    }
    return *day_s > 0 ? 1
                      : calendar_reader_refuse(self, self->line, "day", "a working day cannot have no working time");
}

static int read_cut_off(struct calendar_reader *self, const char *value, int32_t *cut_off_s)
{
    if (*cut_off_s != CALENDAR_READER_NOT_GIVEN) {
        return calendar_reader_refuse(self, self->line, "cut_off", "is given twice");
    }
    if (strcmp(value, "none") == 0) {
        *cut_off_s = CALENDAR_NO_CUT_OFF;
        return 1;
    }
    if (calendar_text_read_clock(value, strlen(value), cut_off_s) != STATUS_OK || *cut_off_s == 24 * 3600) {
        return calendar_reader_refuse(self, self->line, "cut_off", "\"%s\" is neither none nor an hour like 15:00",
                                      value);
    }
    return 1;
}

static int calendar_key(struct calendar_reader *self, const char *key, const char *value)
{
    if (strcmp(key, "name") == 0) {
        if (self->file->name[0] != '\0') {
            return calendar_reader_refuse(self, self->line, key, "is given twice");
        }
        return value[0] == '\0' ? calendar_reader_refuse(self, self->line, key, "is empty")
                                : read_name(self, key, value, self->file->name);
    }
    if (strcmp(key, "years") == 0) {
        return read_years(self, value);
    }
    if (strcmp(key, "day") == 0) {
        return read_day(self, value, &self->day_s);
    }
    if (strcmp(key, "cut_off") == 0) {
        return read_cut_off(self, value, &self->cut_off_s);
    }
    return calendar_reader_refuse(self, self->line, key, "is not a key of [calendar] (name, years, day, cut_off)");
}

/* "monday" or "monday-friday"; 1 or 0. */
static int read_weekdays(struct calendar_reader *self, const char *key, int *first, int *last)
{
    size_t len = strcspn(key, "-");

    *first = calendar_text_read_weekday(key, len);
    *last = key[len] == '\0' ? *first : calendar_text_read_weekday(key + len + 1, strlen(key + len + 1));
    if (*first == 7 || *last == 7) {
        return calendar_reader_refuse(self, self->line, key, "is no weekday (monday .. sunday, monday-friday)%s",
                                      self->file->hours[self->group].unit[0] == '\0' ? "" : ", day or cut_off");
    }
    return *first <= *last ? 1 : calendar_reader_refuse(self, self->line, key, "is reversed: a week begins on Monday");
}

static int hours_key(struct calendar_reader *self, const char *key, const char *value)
{
    struct calendar_file_hours *hours = &self->file->hours[self->group];
    char error[CALENDAR_TEXT_ERROR_SIZE];
    struct calendar_shift shift;
    const char *rest;
    int first, last;

    if (hours->unit[0] != '\0' && strcmp(key, "day") == 0) {
        return read_day(self, value, &hours->day_s);
    }
    if (hours->unit[0] != '\0' && strcmp(key, "cut_off") == 0) {
        return read_cut_off(self, value, &hours->cut_off_s);
    }
    if (read_weekdays(self, key, &first, &last) == 0) {
        return 0;
    }
    if (calendar_text_read_shift(value, &shift, &rest, error) != STATUS_OK) {
        return calendar_reader_refuse(self, self->line, key, "%s", error);
    }
    if (*rest != '\0') {
        return calendar_reader_refuse(self, self->line, key, "\"%.64s\" is not hours like 07:00-11:30", rest);
    }
    if (shift.count == 0) {
        return calendar_reader_refuse(self, self->line, key, "has no hours; leave out a weekday that is not worked");
    }
    for (int weekday = first; weekday <= last; weekday++) {
        if (hours->week[weekday].count > 0) {
            return calendar_reader_refuse(self, self->line, key, "%s is given twice", calendar_text_weekday(weekday));
        }
        hours->week[weekday] = shift;
    }
    return 1;
}

/* Takes the word off the text when it begins with it. */
static bool take_word(const char **text, const char *word)
{
    size_t len = strlen(word);

    if (strncmp(*text, word, len) != 0 || strchr(" \t", (*text)[len]) == NULL) {
        return false;
    }
    *text += len;
    *text += strspn(*text, " \t");
    return true;
}

/* "off NAME", "work NAME", "work 07:00-11:30 NAME", each after "provisional" perhaps. */
static int read_day_value(struct calendar_reader *self, const char *key, const char *value,
                          struct calendar_file_day *day)
{
    char error[CALENDAR_TEXT_ERROR_SIZE];
    const char *rest = value;

    day->provisional = take_word(&rest, "provisional");
    day->off = take_word(&rest, "off");
    if (!day->off && !take_word(&rest, "work")) {
        return calendar_reader_refuse(
            self, self->line, key, "\"%.64s\" is neither off nor work, nor provisional off, provisional work", value);
    }
    if (calendar_text_read_shift(rest, &day->shift, &rest, error) != STATUS_OK) {
        return calendar_reader_refuse(self, self->line, key, "%s", error);
    }
    if (day->off && day->shift.count > 0) {
        return calendar_reader_refuse(self, self->line, key, "a day off has no hours; write work for a half day");
    }
    return read_name(self, key, rest, day->name);
}

static int days_key(struct calendar_reader *self, const char *key, const char *value)
{
    struct calendar_file *file = self->file;
    int32_t first = (int32_t)timestamp_civil_day(CALENDAR_FILE_FIRST_YEAR, 1, 1);
    struct calendar_file_day day = {0};
    void *days;

    if (calendar_text_read_date(key, &day.day) != STATUS_OK) {
        return calendar_reader_refuse(self, self->line, key, "is no day like 2024-04-29");
    }
    if (day.day < first || calendar_text_year_of(day.day) > CALENDAR_FILE_LAST_YEAR) {
        return calendar_reader_refuse(self, self->line, key, "is outside %d-%d", CALENDAR_FILE_FIRST_YEAR,
                                      CALENDAR_FILE_LAST_YEAR);
    }
    if (self->day_lines[day.day - first] != 0) {
        return calendar_reader_refuse(self, self->line, key, "stands twice (before in line %d)",
                                      self->day_lines[day.day - first]);
    }
    if (read_day_value(self, key, value, &day) == 0) {
        return 0;
    }
    days = grow(self, file->days, file->day_count, sizeof *file->days);
    if (days == NULL) {
        return 0;
    }
    file->days = days;
    file->days[file->day_count++] = day;
    self->day_lines[day.day - first] = self->line;
    return 1;
}

static int no_key(struct calendar_reader *self, const char *key, const char *value)
{
    (void)value;
    return calendar_reader_refuse(self, self->line, key,
                                  "stands in no section ([calendar], [hours], [hours UNIT ...], [days])");
}

static int key_cb(void *context, const char *section, const char *key, const char *value)
{
    static int (*const readers[])(struct calendar_reader * self, const char *key, const char *value) = {
        [CALENDAR_SECTION_NONE] = no_key,
        [CALENDAR_SECTION_CALENDAR] = calendar_key,
        [CALENDAR_SECTION_HOURS] = hours_key,
        [CALENDAR_SECTION_DAYS] = days_key,
    };
    struct calendar_reader *self = context;

    (void)section;
    return readers[self->section](self, key, value);
}

enum status calendar_reader_run(struct calendar_file *file, const char *called, char error[CALENDAR_FILE_ERROR_SIZE])
{
    struct calendar_reader self = {.file = file,
                                   .called = called,
                                   .next = file->text,
                                   .day_s = CALENDAR_READER_NOT_GIVEN,
                                   .cut_off_s = CALENDAR_READER_NOT_GIVEN,
                                   .status = STATUS_OK,
                                   .error = error};
    int line;

    self.day_lines = calloc(CALENDAR_READER_DAYS, sizeof *self.day_lines);
    if (self.day_lines == NULL) {
        snprintf(error, CALENDAR_FILE_ERROR_SIZE, "%s: memory is short", called);
        return STATUS_RETRY;
    }
    line = ini_parse_stream(next_line, &self, key_cb, &self);
    /* A broken line makes nonsense of the keys below it, so the first mistake is the one to tell. */
    if (line > 0 && (!self.failed || line < self.failed_line)) {
        self.failed = false;
        calendar_reader_refuse(&self, line, "line", "is neither \"key = value\" nor \"[section]\"");
    }
    if (!self.failed) {
        calendar_reader_check(&self);
    }
    free(self.day_lines);
    free(self.hours_lines);
    return self.status;
}
