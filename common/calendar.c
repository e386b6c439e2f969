/* SPDX-License-Identifier: MIT */
/*
 * calendar.c - see calendar.h.
 *
 * All stretches of work of the years known stand in one ascending array, each with the work that lies before it.  So
 * W(t), the work before t, is one bisection, and so is its inverse; everything that is asked is a sum of the two.
 */
#include "common/calendar.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/local_time.h"
#include "common/timestamp.h"

#define WEEK_DAYS 7
#define DAY_S 86400
/* What timestamp_parse takes; other years are mistakes. */
#define YEAR_MIN 1990
#define YEAR_MAX 2099

/* A stretch of work, never empty but for the first of the array. */
struct stretch {
    int64_t begin_us;
    int64_t end_us;
    int64_t work_before_us;
};

struct calendar {
    struct stretch *stretches; /* the first is empty and stands at the begin, so that a search always finds one */
    size_t stretch_count;
    int64_t *midnights_us; /* the begin of each day, and the end of the last */
    int64_t *cut_offs_us;  /* the cut-off of each day, NULL when there is none */
    struct calendar_day *days;
    size_t day_count;
    struct calendar_shift week[WEEK_DAYS];
    int32_t first_day;
    int32_t end_day; /* the day after the last known */
    int32_t day_s;
    int32_t cut_off_s;
};

static const char *const weekday_names[WEEK_DAYS] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                     "Friday", "Saturday", "Sunday"};

static PRINTF_LIKE(2, 3) enum status refuse(char error[CALENDAR_ERROR_SIZE], const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, CALENDAR_ERROR_SIZE, format, args);
    va_end(args);
    return STATUS_INVALID;
}

/* "2024-05-04" */
static const char *day_text(int32_t day, char out[TIMESTAMP_SIZE])
{
    timestamp_format(day * CLOCK_DAY_S * CLOCK_SECOND_US, out);
    out[strlen("2024-05-04")] = '\0';
    return out;
}

/* whose: the weekday or the date that the error names. */
static enum status shift_check(const struct calendar_shift *shift, const char *whose, char error[CALENDAR_ERROR_SIZE])
{
    int32_t free_from_s = 0;

    if (shift->count < 0 || shift->count > CALENDAR_SEGMENTS) {
        return refuse(error, "%s: %d stretches of work; 0 to %d are possible", whose, shift->count, CALENDAR_SEGMENTS);
    }
    for (int i = 0; i < shift->count; i++) {
        const struct calendar_segment *segment = &shift->segment[i];

        if (segment->begin_s < 0 || segment->begin_s >= segment->end_s || segment->end_s > DAY_S) {
            return refuse(error, "%s: stretch %d of work does not begin before it ends, between 00:00 and 24:00", whose,
                          i + 1);
        }
        if (segment->begin_s < free_from_s) {
            return refuse(error, "%s: stretch %d of work begins before the one ahead of it ends", whose, i + 1);
        }
        free_from_s = segment->end_s;
    }
    return STATUS_OK;
}

static enum status week_check(const struct calendar_definition *definition, char error[CALENDAR_ERROR_SIZE])
{
    int worked = 0;

    for (int i = 0; i < WEEK_DAYS; i++) {
        enum status st = shift_check(&definition->week[i], weekday_names[i], error);

        if (st != STATUS_OK) {
            return st;
        }
        worked += definition->week[i].count;
    }
    return worked > 0 ? STATUS_OK : refuse(error, "the week has no work at all");
}

static enum status days_check(const struct calendar *self, const struct calendar_definition *definition,
                              char error[CALENDAR_ERROR_SIZE])
{
    char date[TIMESTAMP_SIZE];

    for (size_t i = 0; i < definition->day_count; i++) {
        const struct calendar_day *day = &definition->days[i];
        enum status st;

        if (day->day < self->first_day || day->day >= self->end_day) {
            return refuse(error, "%s: not in the years %d to %d", day_text(day->day, date), definition->first_year,
                          definition->last_year);
        }
        if (i > 0 && day->day <= definition->days[i - 1].day) {
            return refuse(error, "%s: told twice, or not in order", day_text(day->day, date));
        }
        st = shift_check(&day->shift, day_text(day->day, date), error);
        if (st != STATUS_OK) {
            return st;
        }
    }
    return STATUS_OK;
}

static enum status years_check(const struct calendar_definition *definition, char error[CALENDAR_ERROR_SIZE])
{
    if (definition->first_year < YEAR_MIN || definition->last_year > YEAR_MAX ||
        definition->last_year < definition->first_year) {
        return refuse(error, "years %d to %d: they must ascend and lie in %d to %d", definition->first_year,
                      definition->last_year, YEAR_MIN, YEAR_MAX);
    }
    if (definition->day_s <= 0 || definition->day_s > DAY_S) {
        return refuse(error, "a working day of %d s: it must be 1 s to 24 h", definition->day_s);
    }
    if (definition->cut_off_s != CALENDAR_NO_CUT_OFF && (definition->cut_off_s < 0 || definition->cut_off_s > DAY_S)) {
        return refuse(error, "a cut-off at second %d of the day: it must lie between 00:00 and 24:00",
                      definition->cut_off_s);
    }
    return STATUS_OK;
}

static int day_compare(const void *a, const void *b)
{
    int32_t left = ((const struct calendar_day *)a)->day;
    int32_t right = ((const struct calendar_day *)b)->day;

    return (left > right) - (left < right);
}

/* The hours of a day in the years known. */
static const struct calendar_shift *shift_find(const struct calendar *self, int32_t day)
{
    struct calendar_day key = {.day = day};
    const struct calendar_day *special = NULL;

    if (self->day_count > 0) {
        special = bsearch(&key, self->days, self->day_count, sizeof key, day_compare);
    }
    /* 1970-01-01 was a Thursday. */
    return special ? &special->shift : &self->week[(day + 3) % WEEK_DAYS];
}

static size_t segments_count(const struct calendar *self)
{
    size_t count = 0;

    for (int32_t day = self->first_day; day < self->end_day; day++) {
        count += (size_t)shift_find(self, day)->count;
    }
    return count;
}

static enum status memory_take(struct calendar *self, const struct calendar_definition *definition)
{
    size_t day_count = (size_t)(self->end_day - self->first_day);

    memcpy(self->week, definition->week, sizeof self->week);
    self->cut_off_s = definition->cut_off_s;
    self->midnights_us = calloc(day_count + 1, sizeof *self->midnights_us);
    if (definition->cut_off_s != CALENDAR_NO_CUT_OFF) {
        self->cut_offs_us = calloc(day_count, sizeof *self->cut_offs_us);
    }
    if (!self->midnights_us || (definition->cut_off_s != CALENDAR_NO_CUT_OFF && !self->cut_offs_us)) {
        return STATUS_RETRY;
    }
    if (definition->day_count > 0) {
        self->days = calloc(definition->day_count, sizeof *self->days);
        if (!self->days) {
            return STATUS_RETRY;
        }
        memcpy(self->days, definition->days, definition->day_count * sizeof *self->days);
        self->day_count = definition->day_count;
    }
    self->stretches = calloc(segments_count(self) + 1, sizeof *self->stretches);
    return self->stretches ? STATUS_OK : STATUS_RETRY;
}

/* W at the end of a stretch. */
static int64_t work_through(const struct stretch *stretch)
{
    return stretch->work_before_us + (stretch->end_us - stretch->begin_us);
}

/* A stretch that lies in an hour skipped by the clocks is empty and left out. */
static void stretch_append(struct calendar *self, int64_t begin_us, int64_t end_us)
{
    if (begin_us < end_us) {
        self->stretches[self->stretch_count] = (struct stretch){
            .begin_us = begin_us,
            .end_us = end_us,
            .work_before_us = work_through(&self->stretches[self->stretch_count - 1]),
        };
        self->stretch_count++;
    }
}

static void day_expand(struct calendar *self, int32_t day, int32_t cut_off_s)
{
    const struct calendar_shift *shift = shift_find(self, day);
    size_t at = (size_t)(day - self->first_day);
    struct local_day local;

    local_day_find(day, &local);
    self->midnights_us[at] = local_day_reach_us(&local, 0);
    self->midnights_us[at + 1] = local_day_reach_us(&local, DAY_S);
    if (self->cut_offs_us) {
        self->cut_offs_us[at] = local_day_reach_us(&local, cut_off_s);
    }
    if (at == 0) {
        self->stretches[0] = (struct stretch){.begin_us = self->midnights_us[0], .end_us = self->midnights_us[0]};
        self->stretch_count = 1;
    }
    for (int i = 0; i < shift->count; i++) {
        stretch_append(self, local_day_reach_us(&local, shift->segment[i].begin_s),
                       local_day_reach_us(&local, shift->segment[i].end_s));
    }
}

static int64_t begin_us(const struct calendar *self)
{
    return self->midnights_us[0];
}

static int64_t end_us(const struct calendar *self)
{
    return self->midnights_us[self->end_day - self->first_day];
}

static bool covers(const struct calendar *self, int64_t moment_us)
{
    return moment_us >= begin_us(self) && moment_us <= end_us(self);
}

static int64_t work_total(const struct calendar *self)
{
    return work_through(&self->stretches[self->stretch_count - 1]);
}

/* W(moment).  The halving is written so that compilers need no branch for it: which way it goes cannot be predicted. */
static int64_t work_before(const struct calendar *self, int64_t moment_us)
{
    const struct stretch *at = self->stretches; /* the last that begins by then */

    for (size_t count = self->stretch_count; count > 1;) {
        size_t half = count / 2;

        at = at[half].begin_us <= moment_us ? at + half : at;
        count -= half;
    }
    return at->work_before_us + (moment_us < at->end_us ? moment_us : at->end_us) - at->begin_us;
}

/* The first moment with W(moment) == work_us, which is more than 0: the end of a stretch, not the begin of the next. */
static int64_t moment_after(const struct calendar *self, int64_t work_us)
{
    const struct stretch *at = self->stretches; /* the last before which there is less work */

    for (size_t count = self->stretch_count; count > 1;) {
        size_t half = count / 2;

        at = at[half].work_before_us < work_us ? at + half : at;
        count -= half;
    }
    return at->begin_us + (work_us - at->work_before_us);
}

/* The day a known moment falls on, counted from the first; the number of days for the end itself. */
static size_t day_index(const struct calendar *self, int64_t moment_us)
{
    size_t low = 0;
    size_t high = (size_t)(self->end_day - self->first_day);

    while (low < high) {
        size_t middle = low + (high - low + 1) / 2;

        if (self->midnights_us[middle] <= moment_us) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    return low;
}

enum status calendar_new(struct calendar **self_p, const struct calendar_definition *definition,
                         char error[CALENDAR_ERROR_SIZE])
{
    struct calendar *self = NULL;
    enum status st = years_check(definition, error);

    *self_p = NULL;
    if (st == STATUS_OK) {
        st = week_check(definition, error);
    }
    if (st != STATUS_OK) {
        return st;
    }
    self = calloc(1, sizeof *self);
    if (!self) {
        st = STATUS_RETRY;
        goto done;
    }
    self->first_day = (int32_t)timestamp_civil_day(definition->first_year, 1, 1);
    self->end_day = (int32_t)timestamp_civil_day(definition->last_year + 1, 1, 1);
    self->day_s = definition->day_s;
    st = days_check(self, definition, error);
    if (st == STATUS_OK) {
        st = memory_take(self, definition);
    }
    if (st != STATUS_OK) {
        goto done;
    }
    for (int32_t day = self->first_day; day < self->end_day; day++) {
        day_expand(self, day, definition->cut_off_s);
    }
    *self_p = self;
    self = NULL;
done:
    if (st == STATUS_RETRY) {
        snprintf(error, CALENDAR_ERROR_SIZE, "memory is short");
    }
    calendar_destroy(&self);
    return st;
}

void calendar_destroy(struct calendar **self_p)
{
    struct calendar *self = *self_p;

    if (self) {
        free(self->stretches);
        free(self->midnights_us);
        free(self->cut_offs_us);
        free(self->days);
        free(self);
        *self_p = NULL;
    }
}

int64_t calendar_day_us(const struct calendar *self)
{
    return self->day_s * CLOCK_SECOND_US;
}

int32_t calendar_cut_off_s(const struct calendar *self)
{
    return self->cut_off_s;
}

bool calendar_covers(const struct calendar *self, int64_t from_us, int64_t to_us)
{
    return covers(self, from_us) && covers(self, to_us);
}

enum status calendar_start(const struct calendar *self, int64_t from_us, int64_t *start_us)
{
    size_t at;

    if (!covers(self, from_us)) {
        return STATUS_INVALID;
    }
    at = day_index(self, from_us);
    *start_us = from_us;
    /* At the very end a day begins that is not known; its midnight is past no cut-off. */
    if (self->cut_offs_us && from_us < end_us(self) && from_us > self->cut_offs_us[at]) {
        *start_us = self->midnights_us[at + 1];
    }
    return STATUS_OK;
}

enum status calendar_add(const struct calendar *self, int64_t from_us, int64_t working_us, int64_t *to_us)
{
    int64_t before_us;

    if (working_us < 0 || !covers(self, from_us)) {
        return STATUS_INVALID;
    }
    before_us = work_before(self, from_us);
    if (working_us > work_total(self) - before_us) {
        return STATUS_INVALID;
    }
    *to_us = working_us == 0 ? from_us : moment_after(self, before_us + working_us);
    return STATUS_OK;
}

enum status calendar_between(const struct calendar *self, int64_t from_us, int64_t to_us, int64_t *working_us)
{
    if (!calendar_covers(self, from_us, to_us)) {
        return STATUS_INVALID;
    }
    *working_us = work_before(self, to_us) - work_before(self, from_us);
    return STATUS_OK;
}

enum status calendar_before(const struct calendar *self, int64_t to_us, int64_t working_us, int64_t *from_us)
{
    int64_t work_us;

    if (working_us < 0 || !covers(self, to_us)) {
        return STATUS_INVALID;
    }
    work_us = work_before(self, to_us) - working_us;
    if (work_us <= 0 && working_us > 0) {
        return STATUS_INVALID; /* it would lie before the years known, or at their very begin */
    }
    *from_us = working_us == 0 ? to_us : moment_after(self, work_us);
    return STATUS_OK;
}

enum status calendar_open(const struct calendar *self, int64_t from_us, int64_t *open_us)
{
    int64_t next_us;
    /* One microsecond of work lies right behind the moment looked for. */
    enum status st = calendar_add(self, from_us, 1, &next_us);

    if (st == STATUS_OK) {
        *open_us = next_us - 1;
    }
    return st;
}

enum status calendar_shift_of(const struct calendar *self, int32_t day, struct calendar_shift *shift)
{
    if (day < self->first_day || day >= self->end_day) {
        return STATUS_INVALID;
    }
    *shift = *shift_find(self, day);
    return STATUS_OK;
}
