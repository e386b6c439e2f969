/* SPDX-License-Identifier: MIT */
/* calendar_text.c - see calendar_text.h. */
#include "common/calendar_text.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/timestamp.h"

static const char *const weekdays[] = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};

/* Digits only, so that strtol's blanks and signs are none. */
static bool digits(const char *text, size_t len, int32_t *number)
{
    *number = 0;
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return false;
        }
        *number = *number * 10 + (text[i] - '0');
    }
    return len > 0;
}

enum status calendar_text_read_clock(const char *text, size_t len, int32_t *second)
{
    int32_t hour, minute;

    if (len != 5 || text[2] != ':' || !digits(text, 2, &hour) || !digits(text + 3, 2, &minute) || minute > 59 ||
        hour * 60 + minute > 24 * 60) {
        return STATUS_INVALID;
    }
    *second = (hour * 60 + minute) * 60;
    return STATUS_OK;
}

enum status calendar_text_read_span(const char *text, int32_t *span_s)
{
    size_t hour_len = strcspn(text, "h");
    const char *after = text + hour_len + (text[hour_len] != '\0');
    int32_t hour, minute = 0;

    if (text[hour_len] == '\0' || hour_len > 2 || !digits(text, hour_len, &hour) ||
        (*after != '\0' && (strlen(after) != 2 || !digits(after, 2, &minute) || minute > 59)) ||
        hour * 60 + minute > 24 * 60) {
        return STATUS_INVALID;
    }
    *span_s = (hour * 60 + minute) * 60;
    return STATUS_OK;
}

/* A word with a colon after its first digits is meant to be hours: "7:30-9:00" shall not pass for a name. */
static bool is_segment(const char *word)
{
    size_t number = strspn(word, "0123456789");

    return number > 0 && word[number] == ':';
}

static enum status add_segment(struct calendar_shift *shift, const char *word, size_t len,
                               char error[CALENDAR_TEXT_ERROR_SIZE])
{
    struct calendar_segment segment;
    struct calendar_segment *last = shift->count == 0 ? NULL : &shift->segment[shift->count - 1];
    const char *wrong = NULL;

    if (len != 11 || word[5] != '-' || calendar_text_read_clock(word, 5, &segment.begin_s) != STATUS_OK ||
        calendar_text_read_clock(word + 6, 5, &segment.end_s) != STATUS_OK) {
        wrong = "is not hours like 07:00-11:30";
    } else if (segment.begin_s >= segment.end_s) {
        wrong = "ends before it begins";
    } else if (last != NULL && segment.begin_s < last->end_s) {
        wrong = segment.end_s <= last->begin_s ? "stands after later hours" : "overlaps the hours before it";
    } else if (last != NULL && segment.begin_s == last->end_s) {
        last->end_s = segment.end_s;
        return STATUS_OK;
    } else if (shift->count == CALENDAR_SEGMENTS) {
        wrong = "is one stretch too many";
    }
    if (wrong != NULL) {
        snprintf(error, CALENDAR_TEXT_ERROR_SIZE, "\"%.*s\" %s", (int)(len < 64 ? len : 64), word, wrong);
        return STATUS_INVALID;
    }
    shift->segment[shift->count++] = segment;
    return STATUS_OK;
}

enum status calendar_text_read_shift(const char *text, struct calendar_shift *shift, const char **rest,
                                     char error[CALENDAR_TEXT_ERROR_SIZE])
{
    memset(shift, 0, sizeof *shift);
    text += strspn(text, " \t");
    while (is_segment(text)) {
        size_t len = strcspn(text, " \t");

        if (add_segment(shift, text, len, error) != STATUS_OK) {
            return STATUS_INVALID;
        }
        text += len + strspn(text + len, " \t");
    }
    *rest = text;
    return STATUS_OK;
}

const char *calendar_text_clock(int32_t second, char out[CALENDAR_TEXT_CLOCK_SIZE])
{
    snprintf(out, CALENDAR_TEXT_CLOCK_SIZE, "%02d:%02d", (int)(second / 3600 % 100), (int)(second / 60 % 60));
    return out;
}

const char *calendar_text_shift(const struct calendar_shift *shift, char out[CALENDAR_TEXT_SHIFT_SIZE])
{
    char begin[CALENDAR_TEXT_CLOCK_SIZE], end[CALENDAR_TEXT_CLOCK_SIZE];
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < shift->count; i++) {
        used += (size_t)snprintf(out + used, CALENDAR_TEXT_SHIFT_SIZE - used, "%s%s-%s", i == 0 ? "" : " ",
                                 calendar_text_clock(shift->segment[i].begin_s, begin),
                                 calendar_text_clock(shift->segment[i].end_s, end));
    }
    return out;
}

const char *calendar_text_span(int32_t span_s, char out[CALENDAR_TEXT_CLOCK_SIZE])
{
    int hour = (int)(span_s / 3600 % 100);
    int minute = (int)(span_s / 60 % 60);

    snprintf(out, CALENDAR_TEXT_CLOCK_SIZE, minute == 0 ? "%dh" : "%dh%02d", hour, minute);
    return out;
}

int32_t calendar_text_shift_s(const struct calendar_shift *shift)
{
    int32_t sum = 0;

    for (int i = 0; i < shift->count; i++) {
        sum += shift->segment[i].end_s - shift->segment[i].begin_s;
    }
    return sum;
}

bool calendar_text_same_shift(const struct calendar_shift *a, const struct calendar_shift *b)
{
    return a->count == b->count && memcmp(a->segment, b->segment, (size_t)a->count * sizeof *a->segment) == 0;
}

const char *calendar_text_weekday(int weekday)
{
    return weekdays[weekday];
}

int calendar_text_read_weekday(const char *text, size_t len)
{
    int weekday = 0;

    while (weekday < 7 && (strlen(weekdays[weekday]) != len || memcmp(weekdays[weekday], text, len) != 0)) {
        weekday++;
    }
    return weekday;
}

int calendar_text_weekday_of(int32_t day)
{
    /* 1970-01-01 was a Thursday. */
    return (int)(((int64_t)day + 3) % 7 + 7) % 7;
}

enum status calendar_text_read_date(const char *text, int32_t *day)
{
    int32_t year, month, date;
    char again[CALENDAR_TEXT_DATE_SIZE];

    if (strlen(text) != 10 || text[4] != '-' || text[7] != '-' || !digits(text, 4, &year) ||
        !digits(text + 5, 2, &month) || !digits(text + 8, 2, &date)) {
        return STATUS_INVALID;
    }
    if (year < 1970 || month < 1 || month > 12 || date < 1 || date > 31) {
        return STATUS_INVALID;
    }
    *day = (int32_t)timestamp_civil_day(year, month, date);
    /* 30 February would be another day when written again. */
    return strcmp(calendar_text_date(*day, again), text) == 0 ? STATUS_OK : STATUS_INVALID;
}

const char *calendar_text_date(int32_t day, char out[CALENDAR_TEXT_DATE_SIZE])
{
    time_t seconds = (time_t)day * (time_t)CLOCK_DAY_S;
    struct tm civil;

    gmtime_r(&seconds, &civil); /* an int holds the year of any int32_t of days, and out the date */
    (void)strftime(out, CALENDAR_TEXT_DATE_SIZE, "%Y-%m-%d", &civil);
    return out;
}

int calendar_text_year_of(int32_t day)
{
    time_t seconds = (time_t)day * (time_t)CLOCK_DAY_S;
    struct tm civil;

    gmtime_r(&seconds, &civil);
    return civil.tm_year + 1900;
}
