/* SPDX-License-Identifier: MIT */
/* letter_moment.c - see letter_moment.h. */
#include "notifier/letter_moment.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/local_time.h"

#define MINUTE_US (60 * CLOCK_SECOND_US)
#define DATE_SIZE 64

static const char *date_text(int32_t day, char out[DATE_SIZE])
{
    time_t seconds = (time_t)day * (time_t)CLOCK_DAY_S;
    struct tm civil = {0};

    gmtime_r(&seconds, &civil);
    snprintf(out, DATE_SIZE, "ngày %02d tháng %s%d năm %d", civil.tm_mday, civil.tm_mon < 2 ? "0" : "",
             civil.tm_mon + 1, civil.tm_year + 1900);
    return out;
}

const char *letter_moment_text(int64_t moment_us, char out[LETTER_MOMENT_SIZE])
{
    int32_t day;
    int64_t time_us;
    char date[DATE_SIZE];
    int minute;

    local_time_split(moment_us, &day, &time_us);
    minute = (int)(time_us / MINUTE_US);
    snprintf(out, LETTER_MOMENT_SIZE, "%02d giờ %02d phút, %s", minute / 60, minute % 60, date_text(day, date));
    return out;
}

const char *letter_moment_date(int64_t moment_us, char out[LETTER_MOMENT_SIZE])
{
    int32_t day;
    int64_t time_us;
    char date[DATE_SIZE];

    local_time_split(moment_us, &day, &time_us);
    snprintf(out, LETTER_MOMENT_SIZE, "%s", date_text(day, date));
    return out;
}

const char *letter_moment_place_date(const char *place, int64_t moment_us, char out[LETTER_MOMENT_SIZE])
{
    int32_t day;
    int64_t time_us;
    char date[DATE_SIZE];
    size_t len = strlen(place);
    size_t max;

    local_time_split(moment_us, &day, &time_us);
    max = LETTER_MOMENT_SIZE - strlen(date_text(day, date)) - sizeof ", ";
    if (len > max) {
        for (len = max; len > 0 && ((unsigned char)place[len] & 0xc0U) == 0x80U; len--) {
        }
    }
    snprintf(out, LETTER_MOMENT_SIZE, "%.*s, %s", (int)len, place, date);
    return out;
}

int16_t letter_moment_year(int64_t moment_us)
{
    time_t seconds = (time_t)clock_local_day(moment_us) * (time_t)CLOCK_DAY_S;
    struct tm civil = {0};

    gmtime_r(&seconds, &civil);
    return (int16_t)(civil.tm_year + 1900);
}
