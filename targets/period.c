/* SPDX-License-Identifier: MIT */
/* period.c - see period.h. */
#include "targets/period.h"

#include <stdio.h>
#include <string.h>

#include "common/timestamp.h"

#define YEAR_MIN 1990
#define YEAR_MAX 2100

/* -1 unless count digits stand there. */
static int digits(const char *text, int count)
{
    int value = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return -1;
        }
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

/* months months from the first of month of year. */
static void set(struct period *period, enum target_period kind, int year, int month, int months)
{
    int next = month + months;

    period->kind = kind;
    period->first_day = (int32_t)timestamp_civil_day(year, month, 1);
    period->last_day = (int32_t)timestamp_civil_day(next > 12 ? year + 1 : year, next > 12 ? next - 12 : next, 1) - 1;
}

enum status period_read(const char *text, struct period *period)
{
    size_t len = strlen(text);
    int year = len >= 4 ? digits(text, 4) : -1;
    int month = len == 7 ? digits(text + 5, 2) : -1;

    if (year < YEAR_MIN || year > YEAR_MAX || (len == 7 && text[4] != '-')) {
        return STATUS_INVALID;
    }
    if (len == 4) {
        set(period, TARGET_YEAR, year, 1, 12);
    } else if (len == 7 && text[5] == 'Q' && text[6] >= '1' && text[6] <= '4') {
        set(period, TARGET_QUARTER, year, (text[6] - '1') * 3 + 1, 3);
    } else if (month >= 1 && month <= 12) {
        set(period, TARGET_MONTH, year, month, 1);
    } else {
        return STATUS_INVALID;
    }
    snprintf(period->name, sizeof period->name, "%s", text);
    return STATUS_OK;
}

void period_year_of(int32_t day, struct period *period)
{
    period_of(TARGET_YEAR, day, period);
}

void period_of(enum target_period kind, int32_t day, struct period *period)
{
    int year = 1970 + (day < 0 ? day / 365 - 1 : day / 366);
    int month = 1;

    while (timestamp_civil_day(year + 1, 1, 1) <= day) {
        year++;
    }
    while (month < 12 && timestamp_civil_day(year, month + 1, 1) <= day) {
        month++;
    }
    if (kind == TARGET_MONTH) {
        set(period, kind, year, month, 1);
        snprintf(period->name, sizeof period->name, "%d-%02d", year, month);
    } else if (kind == TARGET_QUARTER) {
        set(period, kind, year, (month - 1) / 3 * 3 + 1, 3);
        snprintf(period->name, sizeof period->name, "%d-Q%d", year, (month - 1) / 3 + 1);
    } else {
        set(period, TARGET_YEAR, year, 1, 12);
        snprintf(period->name, sizeof period->name, "%d", year);
    }
}

int32_t period_elapsed_days(const struct period *period, int32_t day)
{
    return day < period->first_day || day > period->last_day ? 0 : day - period->first_day + 1;
}
