/* SPDX-License-Identifier: MIT */
/* record_time.c - see record_time.h: shapes are compared letter by letter. */
#include "common/record_time.h"

#include <stdbool.h>
#include <string.h>

#include "common/clock.h"
#include "common/local_time.h"
#include "common/timestamp.h"

/* Each letter of a shape stands for a digit of the number that it names; all else stands for itself. */
static const char letters[] = "YMDhms";
enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, NUMBERS };

static bool shape_read(const char *shape, const char *text, size_t len, int numbers[NUMBERS])
{
    if (strlen(shape) != len) {
        return false;
    }
    memset(numbers, 0, NUMBERS * sizeof *numbers);
    for (size_t i = 0; i < len; i++) {
        const char *letter = strchr(letters, shape[i]);

        if (letter == NULL ? text[i] != shape[i] : text[i] < '0' || text[i] > '9') {
            return false;
        }
        if (letter != NULL) {
            int *number = &numbers[letter - letters];

            *number = *number * 10 + (text[i] - '0');
        }
    }
    return true;
}

/* True when the clock and the calendar know these numbers; *day then counts from 1970-01-01. */
static bool numbers_check(const int numbers[NUMBERS], int64_t *day)
{
    int64_t first;
    int64_t next;

    if (numbers[MONTH] < 1 || numbers[MONTH] > 12 || numbers[DAY] < 1 || numbers[HOUR] > 23 || numbers[MINUTE] > 59 ||
        numbers[SECOND] > 59) {
        return false;
    }
    first = timestamp_civil_day(numbers[YEAR], numbers[MONTH], 1);
    next = timestamp_civil_day(numbers[YEAR] + numbers[MONTH] / 12, numbers[MONTH] % 12 + 1, 1);
    *day = first + numbers[DAY] - 1;
    return *day < next;
}

static int64_t local_moment_us(int64_t day, const int numbers[NUMBERS])
{
    int64_t second_s = numbers[HOUR] * 3600 + numbers[MINUTE] * 60 + numbers[SECOND];
    struct local_day local;

    local_day_find((int32_t)day, &local);
    /* Where the clock goes forward a skipped time is counted on; where it goes back the first of two is taken. */
    return local.after_offset_s > local.before_offset_s ? local_day_meant_us(&local, second_s)
                                                        : local_day_reach_us(&local, second_s);
}

enum status record_time_parse(const char *text, size_t len, int64_t *moment_us)
{
    static const char *const shapes[] = {
        "YYYY-MM-DDThh:mm:ss", "YYYY-MM-DD hh:mm:ss", "YYYYMMDDhhmmss", "YYYY-MM-DD", "YYYYMMDD",
    };
    int numbers[NUMBERS];
    int64_t day;
    int64_t us;

    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        if (shape_read(shapes[i], text, len, numbers)) {
            if (!numbers_check(numbers, &day)) {
                return STATUS_INVALID;
            }
            us = local_moment_us(day, numbers);
            if (us < TIMESTAMP_MIN_US || us >= TIMESTAMP_MAX_US) {
                return STATUS_INVALID;
            }
            *moment_us = us;
            return STATUS_OK;
        }
    }
    return timestamp_parse(text, len, moment_us);
}

enum status record_time_parse_due(const char *text, size_t len, int64_t *moment_us)
{
    bool day_only = len == strlen("YYYY-MM-DD") || len == strlen("YYYYMMDD");
    enum status st = record_time_parse(text, len, moment_us);

    if (st == STATUS_OK && day_only) {
        *moment_us = local_day_begin_us(clock_local_day(*moment_us) + 1) - 1;
    }
    return st;
}
