/* SPDX-License-Identifier: MIT */
/* timestamp.c - RFC 3339 moments as text. */
#include "common/timestamp.h"

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#define SECOND_US INT64_C(1000000)
#define DAY_S INT64_C(86400)
#define FRACTION_DIGITS_MAX 9
/* PostgreSQL's timestamptz takes no offset of 16 hours or more; the farthest in use is +14:00. */
#define OFFSET_HOUR_MAX 15

/* Years 1000 to 9999. */
#define FORMAT_MIN_US (INT64_C(-30610224000) * SECOND_US)
#define FORMAT_MAX_US (INT64_C(253402300800) * SECOND_US - 1)

/* What is left to read. */
struct cursor {
    const char *at;
    const char *end;
};

static bool digit_take(struct cursor *c, int *digit)
{
    if (c->at == c->end || *c->at < '0' || *c->at > '9') {
        return false;
    }
    *digit = *c->at++ - '0';
    return true;
}

/* Reads exactly count digits, the number they make being min to max. */
static bool number_take(struct cursor *c, int count, int min, int max, int *number)
{
    *number = 0;
    for (int i = 0; i < count; i++) {
        int digit;
        if (!digit_take(c, &digit)) {
            return false;
        }
        *number = *number * 10 + digit;
    }
    return *number >= min && *number <= max;
}

static bool mark_take(struct cursor *c, char mark)
{
    if (c->at == c->end || *c->at != mark) {
        return false;
    }
    c->at++;
    return true;
}

static int month_days(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

static bool date_take(struct cursor *c, int64_t *day_number)
{
    int year;
    int month;
    int day;

    if (!number_take(c, 4, 0, 9999, &year) || !mark_take(c, '-') || !number_take(c, 2, 1, 12, &month) ||
        !mark_take(c, '-') || !number_take(c, 2, 1, month_days(year, month), &day)) {
        return false;
    }
    *day_number = timestamp_civil_day(year, month, day);
    return true;
}

/* Reads ".123"; absent is 0, digits beyond the sixth are cut off. */
static bool fraction_take(struct cursor *c, int64_t *fraction_us)
{
    int64_t weight = SECOND_US / 10;
    int count = 0;
    int digit;

    *fraction_us = 0;
    if (!mark_take(c, '.')) {
        return true;
    }
    for (; digit_take(c, &digit); count++) {
        *fraction_us += digit * weight;
        weight /= 10;
    }
    return count >= 1 && count <= FRACTION_DIGITS_MAX;
}

static bool time_take(struct cursor *c, int64_t *time_us)
{
    int hour;
    int minute;
    int second;
    int64_t fraction_us;

    if (!number_take(c, 2, 0, 23, &hour) || !mark_take(c, ':') || !number_take(c, 2, 0, 59, &minute) ||
        !mark_take(c, ':') || !number_take(c, 2, 0, 60, &second) || !fraction_take(c, &fraction_us)) {
        return false;
    }
    if (second == 60) {
        second = 59;
    }
    *time_us = (hour * 3600 + minute * 60 + second) * SECOND_US + fraction_us;
    return true;
}

static bool offset_take(struct cursor *c, int64_t *offset_us)
{
    int sign = 1;
    int hour;
    int minute;

    if (mark_take(c, 'Z') || mark_take(c, 'z')) {
        *offset_us = 0;
        return true;
    }
    if (mark_take(c, '-')) {
        sign = -1;
    } else if (!mark_take(c, '+')) {
        return false;
    }
    if (!number_take(c, 2, 0, OFFSET_HOUR_MAX, &hour) || !mark_take(c, ':') || !number_take(c, 2, 0, 59, &minute)) {
        return false;
    }
    *offset_us = sign * (hour * 3600 + minute * 60) * SECOND_US;
    return true;
}

enum status timestamp_parse(const char *text, size_t len, int64_t *moment_us)
{
    struct cursor c = {.at = text, .end = text + len};
    int64_t day;
    int64_t time_us;
    int64_t offset_us;
    int64_t us;

    if (!date_take(&c, &day) || !(mark_take(&c, 'T') || mark_take(&c, 't') || mark_take(&c, ' ')) ||
        !time_take(&c, &time_us) || !offset_take(&c, &offset_us) || c.at != c.end) {
        return STATUS_INVALID;
    }
    us = day * DAY_S * SECOND_US + time_us - offset_us;
    if (us < TIMESTAMP_MIN_US || us >= TIMESTAMP_MAX_US) {
        return STATUS_INVALID;
    }
    *moment_us = us;
    return STATUS_OK;
}

/*
 * The calendar repeats every 400 years, an era of 146097 days.  Years are counted from 1 March here, so that the leap
 * day is a year's last; 719468 days lie between 0000-03-01 and 1970-01-01.
 */
int64_t timestamp_civil_day(int year, int month, int day)
{
    int64_t y = (int64_t)year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

/* Moments outside the years that strftime writes with four digits are shown as the nearest inside. */
const char *timestamp_format(int64_t moment_us, char out[TIMESTAMP_SIZE])
{
    int64_t clamped = moment_us < FORMAT_MIN_US ? FORMAT_MIN_US : moment_us > FORMAT_MAX_US ? FORMAT_MAX_US : moment_us;
    int64_t since_min = clamped - FORMAT_MIN_US; /* not negative, so that / and % round the same way */
    time_t second = (time_t)((since_min / SECOND_US) + FORMAT_MIN_US / SECOND_US);
    int fraction_us = (int)(since_min % SECOND_US);
    struct tm utc;
    size_t used;

    gmtime_r(&second, &utc);
    used = strftime(out, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
    if (fraction_us != 0) {
        used += (size_t)snprintf(out + used, TIMESTAMP_SIZE - used, ".%06d", fraction_us);
    }
    snprintf(out + used, TIMESTAMP_SIZE - used, "Z");
    return out;
}
