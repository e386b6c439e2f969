/* SPDX-License-Identifier: MIT */
/* term.c - see term.h. */
#include "common/term.h"

#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/local_time.h"
#include "common/timestamp.h"

#define HOUR_US (3600 * CLOCK_SECOND_US)
#define MONTHS_OF_YEAR 12
/* Longer than any word known here; what does not fit is none of them. */
#define WORDS_SIZE 64

static const char *const unit_names[TERM_UNITS] = {
    [TERM_WORKING_DAYS] = "working_days",
    [TERM_WORKING_HOURS] = "working_hours",
    [TERM_CALENDAR_DAYS] = "calendar_days",
    [TERM_MONTHS] = "months",
};

/* What people write, in lower case, one blank between words. */
static const struct {
    const char *words;
    enum term_unit unit;
} phrases[] = {
    {"working days", TERM_WORKING_DAYS},
    {"working day", TERM_WORKING_DAYS},
    {"ngày làm việc", TERM_WORKING_DAYS},
    {"working hours", TERM_WORKING_HOURS},
    {"working hour", TERM_WORKING_HOURS},
    {"hours", TERM_WORKING_HOURS},
    {"hour", TERM_WORKING_HOURS},
    {"giờ làm việc", TERM_WORKING_HOURS},
    {"giờ", TERM_WORKING_HOURS},
    {"calendar days", TERM_CALENDAR_DAYS},
    {"calendar day", TERM_CALENDAR_DAYS},
    {"days", TERM_CALENDAR_DAYS},
    {"day", TERM_CALENDAR_DAYS},
    {"ngày", TERM_CALENDAR_DAYS},
    {"months", TERM_MONTHS},
    {"month", TERM_MONTHS},
    {"tháng", TERM_MONTHS},
};

/* The length of the blank that text begins with, 0 when it is none.  Tables made by hand hold no-break spaces. */
static size_t blank_len(const char *text)
{
    if (text[0] == ' ' || (text[0] >= '\t' && text[0] <= '\r')) {
        return 1;
    }
    return text[0] == '\xc2' && text[1] == '\xa0' ? 2 : 0;
}

static const char *blanks_skip(const char *text)
{
    size_t len;

    while ((len = blank_len(text)) > 0) {
        text += len;
    }
    return text;
}

/* Reads digits; a number over the maximum is not read on, so that it cannot wrap round. */
static const char *count_take(const char *text, int32_t *count)
{
    *count = 0;
    while (*text >= '0' && *text <= '9' && *count <= TERM_COUNT_MAX) {
        *count = *count * 10 + (*text++ - '0');
    }
    return text;
}

/*
 * The lower case of one byte of UTF-8 after the byte before it: ASCII, the letters U+00C0 to U+00DE (C3 80 ..) and the
 * Vietnamese ones U+1EA0 to U+1EF9 (E1 BA A0 .. E1 BB B9), of which the capitals are even.  The C library would need a
 * locale for it, which these programs do not set.
 */
static char byte_lower(const char *text, size_t at)
{
    unsigned char byte = (unsigned char)text[at];
    unsigned char last = at > 0 ? (unsigned char)text[at - 1] : 0;
    unsigned char last_but_one = at > 1 ? (unsigned char)text[at - 2] : 0;

    if (byte >= 'A' && byte <= 'Z') {
        return (char)(byte + ('a' - 'A'));
    }
    if (last == 0xc3 && byte >= 0x80 && byte <= 0x9e) {
        return (char)(byte + 0x20);
    }
    if (last_but_one == 0xe1 && (last == 0xba || last == 0xbb) && byte >= 0x80) {
        return (char)(byte | 1);
    }
    return (char)byte;
}

/* Copies the words in lower case with one blank between two; false when there is no room. */
static bool words_normalise(const char *text, char out[WORDS_SIZE])
{
    size_t used = 0;
    const char *start = text;

    while (*text != '\0') {
        const char *next = blanks_skip(text);

        if (used == WORDS_SIZE - 1) {
            return false;
        }
        if (next == text) {
            out[used++] = byte_lower(start, (size_t)(text - start));
            text++;
        } else {
            if (*next != '\0') {
                out[used++] = ' ';
            }
            text = next;
        }
    }
    out[used] = '\0';
    return true;
}

static int month_days(int year, int month)
{
    int next_year = month == MONTHS_OF_YEAR ? year + 1 : year;
    int next_month = month == MONTHS_OF_YEAR ? 1 : month + 1;

    return (int)(timestamp_civil_day(next_year, next_month, 1) - timestamp_civil_day(year, month, 1));
}

static int32_t months_add(int32_t day, int32_t months)
{
    time_t second = day * CLOCK_DAY_S;
    struct tm date;
    int month; /* from 0 */
    int year;
    int last;

    gmtime_r(&second, &date);
    month = date.tm_mon + months;
    year = date.tm_year + 1900 + month / MONTHS_OF_YEAR;
    month = month % MONTHS_OF_YEAR + 1;
    last = month_days(year, month);
    return (int32_t)timestamp_civil_day(year, month, date.tm_mday > last ? last : date.tm_mday);
}

/* The same time of day on a later day. */
static int64_t calendar_term_end(int64_t from_us, const struct term *term)
{
    int32_t day;
    int64_t time_us;
    struct local_day local;

    local_time_split(from_us, &day, &time_us);
    day = term->unit == TERM_MONTHS ? months_add(day, term->count) : day + term->count;
    local_day_find(day, &local);
    return local_day_meant_us(&local, time_us / CLOCK_SECOND_US) + time_us % CLOCK_SECOND_US;
}

enum status term_parse(const char *text, struct term *term)
{
    char words[WORDS_SIZE];
    int32_t count;

    text = count_take(blanks_skip(text), &count);
    if (count < 1 || count > TERM_COUNT_MAX || !words_normalise(blanks_skip(text), words)) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
        if (strcmp(words, phrases[i].words) == 0) {
            *term = (struct term){.count = count, .unit = phrases[i].unit};
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

const char *term_unit_name(enum term_unit unit)
{
    return unit_names[unit];
}

enum term_unit term_unit_from_name(const char *name)
{
    int unit = 0;

    while (unit < TERM_UNITS && strcmp(name, unit_names[unit]) != 0) {
        unit++;
    }
    return (enum term_unit)unit;
}

bool term_is_working(const struct term *term)
{
    return term->unit == TERM_WORKING_DAYS || term->unit == TERM_WORKING_HOURS;
}

enum status term_add(const struct calendar *calendar, int64_t from_us, const struct term *term, int64_t *due_us)
{
    int64_t unit_us;
    int64_t start_us;

    if (term->count < 1 || term->count > TERM_COUNT_MAX) {
        return STATUS_INVALID;
    }
    if (!term_is_working(term)) {
        *due_us = calendar_term_end(from_us, term);
        return STATUS_OK;
    }
    if (!calendar || calendar_start(calendar, from_us, &start_us) != STATUS_OK) {
        return STATUS_INVALID;
    }
    unit_us = term->unit == TERM_WORKING_DAYS ? calendar_day_us(calendar) : HOUR_US;
    return calendar_add(calendar, start_us, term->count * unit_us, due_us);
}
