/* SPDX-License-Identifier: MIT */
/* calendars.c - see calendars.h. */
#include "common/calendars.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The hours of a unit in a version, before and after it became a calendar. */
struct hours {
    int32_t unit_id;
    struct calendar_definition definition; /* days: those of the version, filled for the build only */
    struct calendar *calendar;             /* owned by the first of those that share it */
    bool shares;
};

/* A date of a version, its hours as stored. */
struct date {
    int32_t day;
    bool worked;
    struct calendar_shift shift; /* worked and none: those of the unit's Monday */
};

struct version {
    int64_t in_force_us;
    int first_year;
    int last_year;
    struct hours *hours; /* ascending by unit; owned */
    size_t hours_count;
    struct date *dates; /* ascending; owned, freed when the calendars are built */
    size_t date_count;
};

struct calendars {
    struct version *versions; /* version n is versions[n - 1]; owned */
    int count;
};

static enum status wrong(char error[CALENDAR_ERROR_SIZE], int version, const char *sentence)
{
    snprintf(error, CALENDAR_ERROR_SIZE, "calendar version %d: %s", version, sentence);
    return STATUS_INVALID;
}

static enum status read_versions(struct calendars *self, const PGresult *rows, char error[CALENDAR_ERROR_SIZE])
{
    int count = PQntuples(rows);

    self->versions = calloc(count == 0 ? 1 : (size_t)count, sizeof *self->versions);
    if (self->versions == NULL) {
        return STATUS_RETRY;
    }
    self->count = count;
    for (int r = 0; r < count; r++) {
        struct version *version = &self->versions[r];

        if (db_int(rows, r, 0) != r + 1) {
            return wrong(error, r + 1, "is missing");
        }
        version->first_year = (int)db_int(rows, r, 1);
        version->last_year = (int)db_int(rows, r, 2);
        version->in_force_us = db_us(rows, r, 3);
        if (r == 0 ? version->in_force_us != DB_MINUS_INFINITY_US : version->in_force_us <= version[-1].in_force_us) {
            return wrong(error, r + 1, "is not in force after the version before");
        }
    }
    return STATUS_OK;
}

/*
 * The version of a row, NULL when it is none of those read: loaded a moment ago, between two statements, and told by
 * the stamp of the book next time.
 */
static struct version *version_of(struct calendars *self, const PGresult *rows, int r)
{
    int64_t version = db_int(rows, r, 0);

    return version > self->count ? NULL : &self->versions[version - 1];
}

/* How many rows of a result belong to each version is not known before; arrays get room for all rows of their version.
 */
static size_t rows_of_version(const PGresult *rows, int r)
{
    int next = r;

    while (next < PQntuples(rows) && db_int(rows, next, 0) == db_int(rows, r, 0)) {
        next++;
    }
    return (size_t)(next - r);
}

static enum status read_units(struct calendars *self, const PGresult *rows)
{
    for (int r = 0; r < PQntuples(rows); r++) {
        struct version *version = version_of(self, rows, r);
        struct hours *hours;

        if (version == NULL) {
            continue;
        }
        if (version->hours == NULL) {
            version->hours = calloc(rows_of_version(rows, r), sizeof *version->hours);
        }
        if (version->hours == NULL) {
            return STATUS_RETRY;
        }
        hours = &version->hours[version->hours_count++];
        hours->unit_id = (int32_t)db_int(rows, r, 1);
        hours->definition.day_s = (int32_t)db_int(rows, r, 2);
        hours->definition.cut_off_s = (int32_t)db_int(rows, r, 3);
    }
    return STATUS_OK;
}

static int by_unit(const void *key, const void *element)
{
    int32_t unit_id = *(const int32_t *)key;
    int32_t other = ((const struct hours *)element)->unit_id;

    return unit_id < other ? -1 : unit_id > other;
}

static struct hours *find_hours(const struct version *version, int32_t unit_id)
{
    return version->hours_count == 0
               ? NULL
               : bsearch(&unit_id, version->hours, version->hours_count, sizeof *version->hours, by_unit);
}

static enum status add_segment(struct calendar_shift *shift, const PGresult *rows, int r, int version,
                               char error[CALENDAR_ERROR_SIZE])
{
    if (shift->count == CALENDAR_SEGMENTS) {
        return wrong(error, version, "a day has too many stretches of work");
    }
    shift->segment[shift->count].begin_s = (int32_t)db_int(rows, r, 3);
    shift->segment[shift->count].end_s = (int32_t)db_int(rows, r, 4);
    shift->count++;
    return STATUS_OK;
}

static enum status read_hours(struct calendars *self, const PGresult *rows, char error[CALENDAR_ERROR_SIZE])
{
    enum status st = STATUS_OK;

    for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
        const struct version *version = version_of(self, rows, r);
        struct hours *hours = version == NULL ? NULL : find_hours(version, (int32_t)db_int(rows, r, 1));

        /* Foreign keys see to it that the unit is there. */
        if (hours != NULL) {
            st = add_segment(&hours->definition.week[db_int(rows, r, 2) - 1], rows, r, (int)db_int(rows, r, 0), error);
        }
    }
    return st;
}

static enum status read_dates(struct calendars *self, const PGresult *rows, char error[CALENDAR_ERROR_SIZE])
{
    enum status st = STATUS_OK;

    for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
        struct version *version = version_of(self, rows, r);
        int32_t day = db_day(rows, r, 1);

        if (version == NULL) {
            continue;
        }
        if (version->dates == NULL) {
            version->dates = calloc(rows_of_version(rows, r), sizeof *version->dates);
        }
        if (version->dates == NULL) {
            return STATUS_RETRY;
        }
        if (version->date_count == 0 || version->dates[version->date_count - 1].day != day) {
            version->dates[version->date_count].day = day;
            version->dates[version->date_count++].worked = db_bool(rows, r, 2);
        }
        if (!db_null(rows, r, 3)) {
            st = add_segment(&version->dates[version->date_count - 1].shift, rows, r, (int)db_int(rows, r, 0), error);
        }
    }
    return st;
}

/* Compared by value: beyond count a shift is noughts. */
static bool same_hours(const struct calendar_definition *a, const struct calendar_definition *b)
{
    return a->day_s == b->day_s && a->cut_off_s == b->cut_off_s && memcmp(a->week, b->week, sizeof a->week) == 0;
}

static enum status build_one(const struct version *version, struct hours *hours, struct calendar_day *days,
                             char error[CALENDAR_ERROR_SIZE])
{
    for (size_t i = 0; i < version->date_count; i++) {
        const struct date *date = &version->dates[i];

        days[i].day = date->day;
        days[i].shift = date->worked && date->shift.count == 0 ? hours->definition.week[0] : date->shift;
    }
    hours->definition.first_year = version->first_year;
    hours->definition.last_year = version->last_year;
    hours->definition.days = days;
    hours->definition.day_count = version->date_count;
    return calendar_new(&hours->calendar, &hours->definition, error);
}

/* Most units of a deployment keep the same few hours, so those share one expansion. */
static enum status build_version(struct version *version, int number, char error[CALENDAR_ERROR_SIZE])
{
    struct calendar_day *days;
    enum status st = STATUS_OK;

    if (find_hours(version, 0) == NULL) {
        return wrong(error, number, "has no hours of all units");
    }
    days = calloc(version->date_count == 0 ? 1 : version->date_count, sizeof *days);
    if (days == NULL) {
        return STATUS_RETRY;
    }
    for (size_t i = 0; st == STATUS_OK && i < version->hours_count; i++) {
        struct hours *hours = &version->hours[i];

        for (size_t j = 0; j < i && !hours->shares; j++) {
            if (!version->hours[j].shares && same_hours(&hours->definition, &version->hours[j].definition)) {
                hours->calendar = version->hours[j].calendar;
                hours->shares = true;
            }
        }
        if (!hours->shares) {
            st = build_one(version, hours, days, error);
        }
    }
    free(days);
    free(version->dates);
    version->dates = NULL;
    return st;
}

/*
 * The versions are read first: what other statements see of a version that was loaded meanwhile is passed over, so no
 * snapshot need be held.
 */
static enum status read_all(struct calendars *self, struct db *db, char error[CALENDAR_ERROR_SIZE])
{
    PGresult *rows[4] = {NULL};
    static const enum sql_query queries[4] = {SQL_CALENDAR_VERSIONS, SQL_CALENDAR_UNITS, SQL_CALENDAR_HOURS,
                                              SQL_CALENDAR_DAYS};
    enum status st = STATUS_OK;

    for (int i = 0; st == STATUS_OK && i < 4; i++) {
        st = db_run(db, queries[i], NULL, &rows[i]);
        if (st != STATUS_OK) {
            snprintf(error, CALENDAR_ERROR_SIZE, "%s", db_error(db));
        }
    }
    if (st == STATUS_OK) {
        st = read_versions(self, rows[0], error);
    }
    if (st == STATUS_OK) {
        st = read_units(self, rows[1]);
    }
    if (st == STATUS_OK) {
        st = read_hours(self, rows[2], error);
    }
    if (st == STATUS_OK) {
        st = read_dates(self, rows[3], error);
    }
    for (int i = 0; i < 4; i++) {
        PQclear(rows[i]);
    }
    return st;
}

struct calendars *calendars_new(void)
{
    return calloc(1, sizeof(struct calendars));
}

/* Begins the next version, which must be in force after the one before. */
static enum status begin_version(struct calendars *self, int64_t in_force_us, char error[CALENDAR_ERROR_SIZE])
{
    struct version *versions;

    if (self->count > 0 && in_force_us <= self->versions[self->count - 1].in_force_us) {
        return wrong(error, self->count + 1, "is not in force after the version before");
    }
    versions = realloc(self->versions, ((size_t)self->count + 1) * sizeof *versions);
    if (versions == NULL) {
        return STATUS_RETRY;
    }
    self->versions = versions;
    memset(&versions[self->count], 0, sizeof *versions);
    versions[self->count++].in_force_us = in_force_us;
    return STATUS_OK;
}

enum status calendars_add(struct calendars *self, int version, int64_t in_force_us, int32_t unit_id,
                          const struct calendar_definition *definition, char error[CALENDAR_ERROR_SIZE])
{
    struct calendar *calendar = NULL;
    struct version *at;
    struct hours *hours;
    enum status st = calendar_new(&calendar, definition, error);

    if (st == STATUS_OK && version == self->count + 1 && unit_id == 0) {
        st = begin_version(self, in_force_us, error);
    }
    if (st != STATUS_OK) {
        goto failed;
    }
    at = self->count == 0 ? NULL : &self->versions[self->count - 1];
    if (at == NULL || version != self->count ||
        (at->hours_count > 0 && unit_id <= at->hours[at->hours_count - 1].unit_id)) {
        st = wrong(error, version, "is out of order, or its units are");
        goto failed;
    }
    hours = realloc(at->hours, (at->hours_count + 1) * sizeof *hours);
    if (hours == NULL) {
        st = STATUS_RETRY;
        goto failed;
    }
    at->hours = hours;
    memset(&hours[at->hours_count], 0, sizeof *hours);
    hours[at->hours_count].unit_id = unit_id;
    hours[at->hours_count++].calendar = calendar;
    return STATUS_OK;
failed:
    calendar_destroy(&calendar);
    return st;
}

enum status calendars_load(struct calendars **self_p, struct db *db, char error[CALENDAR_ERROR_SIZE])
{
    struct calendars *self = calendars_new();
    enum status st = STATUS_RETRY;

    snprintf(error, CALENDAR_ERROR_SIZE, "memory is short");
    if (self != NULL) {
        st = read_all(self, db, error);
    }
    for (int i = 0; st == STATUS_OK && i < self->count; i++) {
        st = build_version(&self->versions[i], i + 1, error);
    }
    if (st != STATUS_OK) {
        calendars_destroy(&self);
    } else {
        error[0] = '\0';
    }
    *self_p = self;
    return st;
}

void calendars_destroy(struct calendars **self_p)
{
    struct calendars *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (int i = 0; self->versions != NULL && i < self->count; i++) {
        struct version *version = &self->versions[i];

        for (size_t h = 0; h < version->hours_count; h++) {
            if (!version->hours[h].shares) {
                calendar_destroy(&version->hours[h].calendar);
            }
        }
        free(version->hours);
        free(version->dates);
    }
    free(self->versions);
    free(self);
    *self_p = NULL;
}

int calendars_at(const struct calendars *self, int64_t moment_us)
{
    int low = 0;
    int high = self->count;

    /* The number of versions in force by then is the version wanted. */
    while (low < high) {
        int middle = low + (high - low) / 2;

        if (self->versions[middle].in_force_us <= moment_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

int calendars_newest(const struct calendars *self)
{
    return self->count;
}

const struct calendar *calendars_find(const struct calendars *self, int version, int32_t unit_id)
{
    const struct hours *hours;

    if (version < 1 || version > self->count) {
        return NULL;
    }
    hours = find_hours(&self->versions[version - 1], unit_id);
    if (hours == NULL) {
        hours = find_hours(&self->versions[version - 1], 0);
    }
    return hours == NULL ? NULL : hours->calendar;
}
