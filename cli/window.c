/* SPDX-License-Identifier: MIT */
/* window.c - see window.h. */
#include "cli/window.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/timestamp.h"
#include "targets/period.h"

#define YEAR_MIN 1990
#define YEAR_MAX 2100
#define DAYS_MAX 36500

static int32_t day_of(int year, int month, int day)
{
    return (int32_t)timestamp_civil_day(year, month, day);
}

/* Reads at most max_digits decimal digits; -1 when there are fewer than min_digits. */
static int read_digits(const char **text, int min_digits, int max_digits)
{
    int value = 0;
    int count = 0;

    while (**text >= '0' && **text <= '9' && count < max_digits) {
        value = value * 10 + (**text - '0');
        (*text)++;
        count++;
    }
    return count < min_digits ? -1 : value;
}

static enum status set_years(struct window *window, int first, int last)
{
    if (first < YEAR_MIN || last > YEAR_MAX || first > last) {
        return STATUS_INVALID;
    }
    window->first_day = day_of(first, 1, 1);
    window->last_day = day_of(last, 12, 31);
    return STATUS_OK;
}

/* "2023-2025" */
static enum status read_years(const char *text, struct window *window)
{
    int first = read_digits(&text, 4, 4);
    int last;

    if (first < 0 || *text != '-') {
        return STATUS_INVALID;
    }
    text++;
    last = read_digits(&text, 4, 4);
    return last < 0 || *text != '\0' ? STATUS_INVALID : set_years(window, first, last);
}

/* A year, a quarter or a month. */
static enum status read_period(const char *text, struct window *window)
{
    struct period period;

    if (period_read(text, &period) != STATUS_OK) {
        return STATUS_INVALID;
    }
    window->first_day = period.first_day;
    window->last_day = period.last_day;
    return STATUS_OK;
}

static enum status read_rolling(const char *text, int32_t today, struct window *window)
{
    int days = read_digits(&text, 1, 5);

    if (days < 1 || days > DAYS_MAX || strcmp(text, "d") != 0) {
        return STATUS_INVALID;
    }
    window->first_day = today - days + 1;
    window->last_day = today;
    return STATUS_OK;
}

static enum status read_to_date(const char *text, int32_t today, struct window *window)
{
    time_t seconds = (time_t)today * (time_t)CLOCK_DAY_S;
    struct tm date;
    int month;

    if (gmtime_r(&seconds, &date) == NULL) {
        return STATUS_INVALID;
    }
    if (strcmp(text, "mtd") == 0) {
        month = date.tm_mon + 1;
    } else if (strcmp(text, "qtd") == 0) {
        month = date.tm_mon / 3 * 3 + 1;
    } else if (strcmp(text, "ytd") == 0) {
        month = 1;
    } else {
        return STATUS_INVALID;
    }
    window->first_day = day_of(date.tm_year + 1900, month, 1);
    window->last_day = today;
    return STATUS_OK;
}

enum status window_read(const char *text, int32_t today, struct window *window)
{
    if (snprintf(window->name, sizeof window->name, "%s", text) >= (int)sizeof window->name) {
        return STATUS_INVALID;
    }
    if (strcmp(text, "all") == 0) {
        /* All that the database's calendar and ours both know. */
        window->first_day = day_of(1, 1, 1);
        window->last_day = day_of(9999, 12, 31);
        return STATUS_OK;
    }
    if (read_to_date(text, today, window) == STATUS_OK || read_rolling(text, today, window) == STATUS_OK ||
        read_period(text, window) == STATUS_OK) {
        return STATUS_OK;
    }
    return read_years(text, window);
}
