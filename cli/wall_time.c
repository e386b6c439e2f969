/* SPDX-License-Identifier: MIT */
/* wall_time.c - wall-clock texts made into RFC 3339. */
#include "cli/wall_time.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/timestamp.h"

#define DAY_S INT64_C(86400)
/* Days whose offset is remembered: three years of data stay in it. */
#define WALL_DAYS 1024
#define WALL_YEAR_MIN 1990
#define WALL_YEAR_MAX 2099

enum wall_field {
    WALL_YEAR,
    WALL_MONTH,
    WALL_DAY,
    WALL_HOUR,
    WALL_HOUR12,
    WALL_MINUTE,
    WALL_SECOND,
    WALL_HALF,
    WALL_FIELDS
};

/* One step of the compiled format: a field, a literal byte, or blanks. */
enum wall_kind { WALL_READ, WALL_LITERAL, WALL_BLANKS };
struct wall_step {
    enum wall_kind kind;
    enum wall_field field;
    char literal;
};

static const struct {
    char letter;
    enum wall_field field;
    int digits; /* most; 0: AM or PM */
    int min, max;
} wall_fields[] = {
    {'Y', WALL_YEAR, 4, WALL_YEAR_MIN, WALL_YEAR_MAX},
    {'m', WALL_MONTH, 2, 1, 12},
    {'d', WALL_DAY, 2, 1, 31},
    {'H', WALL_HOUR, 2, 0, 23},
    {'I', WALL_HOUR12, 2, 1, 12},
    {'M', WALL_MINUTE, 2, 0, 59},
    {'S', WALL_SECOND, 2, 0, 60},
    {'p', WALL_HALF, 0, 0, 1},
};

/* A local day on which the zone's offset does not change. */
struct wall_day {
    int64_t day; /* since 1970-01-01 */
    int32_t offset_s;
    bool known;
};

struct wall_time {
    bool rfc3339;
    size_t steps;
    struct wall_step step[WALL_TIME_STEPS];
    struct wall_day days[WALL_DAYS];
};

/* Row of wall_fields for the letter behind '%'; -1 when there is none. */
static int wall_field_of(char letter)
{
    for (size_t i = 0; i < sizeof wall_fields / sizeof *wall_fields; i++) {
        if (wall_fields[i].letter == letter) {
            return (int)i;
        }
    }
    return -1;
}

static enum status wall_compile(struct wall_time *self, const char *format)
{
    unsigned seen = 0;

    for (const char *at = format; *at != '\0'; at++) {
        struct wall_step *step = &self->step[self->steps];
        int row;

        if (self->steps == WALL_TIME_STEPS) {
            return STATUS_INVALID;
        }
        self->steps++;
        step->kind = *at == ' ' ? WALL_BLANKS : WALL_LITERAL;
        step->literal = *at;
        if (*at != '%') {
            continue;
        }
        at++;
        if (*at == '%') {
            continue;
        }
        row = wall_field_of(*at);
        if (row < 0 || (seen & (1u << row)) != 0) {
            return STATUS_INVALID;
        }
        step->kind = WALL_READ;
        step->field = wall_fields[row].field;
        seen |= 1u << row;
    }
    /* A day is the least that names a moment; a 12-hour clock needs its half. */
    return (seen & 7u) == 7u && ((seen >> WALL_HOUR12) & 1u) == ((seen >> WALL_HALF) & 1u) ? STATUS_OK : STATUS_INVALID;
}

enum status wall_time_new(struct wall_time **self_p, const char *format)
{
    struct wall_time *self = calloc(1, sizeof *self);
    enum status st = STATUS_OK;

    *self_p = NULL;
    if (self == NULL) {
        return STATUS_RETRY;
    }
    self->rfc3339 = strcmp(format, "rfc3339") == 0;
    if (!self->rfc3339) {
        st = wall_compile(self, format);
    }
    if (st != STATUS_OK) {
        wall_time_destroy(&self);
    }
    *self_p = self;
    return st;
}

void wall_time_destroy(struct wall_time **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

/* Reads "AM" or "PM", any case. */
static const char *wall_read_half(const char *at, const char *end, int *value)
{
    if (end - at < 2 || (at[1] | 0x20) != 'm') {
        return NULL;
    }
    *value = (at[0] | 0x20) == 'p';
    return *value == 1 || (at[0] | 0x20) == 'a' ? at + 2 : NULL;
}

static const char *wall_read(enum wall_field field, const char *at, const char *end, int *value)
{
    const char *begin = at;

    if (field == WALL_HALF) {
        return wall_read_half(at, end, value);
    }
    *value = 0;
    while (at < end && at - begin < wall_fields[field].digits && *at >= '0' && *at <= '9') {
        *value = *value * 10 + (*at++ - '0');
    }
    return at > begin && *value >= wall_fields[field].min && *value <= wall_fields[field].max ? at : NULL;
}

static enum status wall_parse(const struct wall_time *self, const char *at, const char *end, int value[WALL_FIELDS])
{
    for (size_t i = 0; i < self->steps; i++) {
        const struct wall_step *step = &self->step[i];

        if (step->kind == WALL_BLANKS) {
            while (at < end && *at == ' ') {
                at++;
            }
        } else if (step->kind == WALL_LITERAL) {
            at = at < end && *at == step->literal ? at + 1 : NULL;
        } else {
            at = wall_read(step->field, at, end, &value[step->field]);
        }
        if (at == NULL) {
            return STATUS_INVALID;
        }
    }
    return at == end ? STATUS_OK : STATUS_INVALID;
}

static bool wall_day_exists(int year, int month, int day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return day <= days[month - 1] + (month == 2 && leap ? 1 : 0);
}

static int32_t zone_offset_s(int64_t moment_s)
{
    time_t when = (time_t)moment_s;
    struct tm local;

    localtime_r(&when, &local);
    return (int32_t)local.tm_gmtoff;
}

/* local_s counts seconds as the wall clock shows them.  The offset before the change answers for both odd cases. */
static int64_t wall_moment_near_change(int64_t local_s)
{
    int32_t before_s = zone_offset_s(local_s - DAY_S);
    int32_t after_s = zone_offset_s(local_s + DAY_S);
    bool before = zone_offset_s(local_s - before_s) == before_s;
    bool after = zone_offset_s(local_s - after_s) == after_s;

    return !before && after ? local_s - after_s : local_s - before_s;
}

/* The moment a wall clock means, and the zone's offset then. */
static int64_t wall_moment(struct wall_time *self, int64_t local_s, int32_t *offset_s)
{
    int64_t day = local_s / DAY_S;
    struct wall_day *known = &self->days[day % WALL_DAYS];

    if (!known->known || known->day != day) {
        int32_t first_s = zone_offset_s((day - 1) * DAY_S);

        for (int i = 0; i <= 2; i++) {
            if (zone_offset_s((day + i) * DAY_S) != first_s) {
                int64_t moment_s = wall_moment_near_change(local_s);

                *offset_s = zone_offset_s(moment_s);
                return moment_s;
            }
        }
        *known = (struct wall_day){.day = day, .offset_s = first_s, .known = true};
    }
    *offset_s = known->offset_s;
    return local_s - known->offset_s;
}

static char *put_two(char *to, int value)
{
    to[0] = (char)('0' + value / 10);
    to[1] = (char)('0' + value % 10);
    return to + 2;
}

/* Days since 1970-01-01 into a date (Howard Hinnant's civil_from_days). */
static void civil_from_day(int64_t day, int *year, int *month, int *mday)
{
    int64_t shifted = day + 719468;
    int64_t era = shifted / 146097;
    int64_t doe = shifted - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;

    *mday = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2 ? 1 : 0));
}

static size_t wall_write(int64_t local_s, int32_t offset_s, char out[WALL_TIME_SIZE])
{
    int64_t second = local_s % DAY_S;
    int32_t minutes = abs(offset_s) / 60;
    int year, month, mday;
    char *to = out;

    civil_from_day(local_s / DAY_S, &year, &month, &mday);
    to = put_two(put_two(to, year / 100), year % 100);
    *to++ = '-';
    to = put_two(to, month);
    *to++ = '-';
    to = put_two(to, mday);
    *to++ = 'T';
    to = put_two(to, (int)(second / 3600));
    *to++ = ':';
    to = put_two(to, (int)(second / 60 % 60));
    *to++ = ':';
    to = put_two(to, (int)(second % 60));
    *to++ = offset_s < 0 ? '-' : '+';
    to = put_two(to, minutes / 60);
    *to++ = ':';
    to = put_two(to, minutes % 60);
    *to = '\0';
    return (size_t)(to - out);
}

static enum status wall_pass(const char *text, size_t len, char out[WALL_TIME_SIZE], size_t *out_len)
{
    int64_t moment_us;

    if (len >= WALL_TIME_SIZE || timestamp_parse(text, len, &moment_us) != STATUS_OK) {
        return STATUS_INVALID;
    }
    memcpy(out, text, len);
    out[len] = '\0';
    *out_len = len;
    return STATUS_OK;
}

enum status wall_time_convert(struct wall_time *self, const char *text, size_t len, char out[WALL_TIME_SIZE],
                              size_t *out_len)
{
    int value[WALL_FIELDS] = {[WALL_HOUR12] = -1};
    int64_t local_s, moment_s;
    int32_t offset_s;

    if (self->rfc3339) {
        return wall_pass(text, len, out, out_len);
    }
    if (wall_parse(self, text, text + len, value) != STATUS_OK ||
        !wall_day_exists(value[WALL_YEAR], value[WALL_MONTH], value[WALL_DAY])) {
        return STATUS_INVALID;
    }
    if (value[WALL_HOUR12] >= 0) {
        value[WALL_HOUR] = value[WALL_HOUR12] % 12 + 12 * value[WALL_HALF];
    }
    local_s = timestamp_civil_day(value[WALL_YEAR], value[WALL_MONTH], value[WALL_DAY]) * DAY_S +
              value[WALL_HOUR] * 3600 + value[WALL_MINUTE] * 60 + (value[WALL_SECOND] == 60 ? 59 : value[WALL_SECOND]);
    moment_s = wall_moment(self, local_s, &offset_s);
    *out_len = wall_write(moment_s + offset_s, offset_s, out);
    return STATUS_OK;
}
