/* SPDX-License-Identifier: MIT */
/* hours.c - when officials are at work. */
#include "notifier/hours.h"

#include <stdlib.h>

#include "common/clock.h"

#define HOUR_US (3600 * CLOCK_SECOND_US)
#define DAY_US (CLOCK_DAY_S * CLOCK_SECOND_US)

struct hours {
    struct calendars *calendars; /* NULL until some were read */
    int64_t stamp;               /* of table book when they were read; 0: never */
    int version;                 /* in force; 0: none */
};

struct hours *hours_new(void)
{
    return calloc(1, sizeof(struct hours));
}

void hours_destroy(struct hours **self_p)
{
    if (*self_p != NULL) {
        calendars_destroy(&(*self_p)->calendars);
        free(*self_p);
        *self_p = NULL;
    }
}

static enum status read_stamp(struct db *db, int64_t *stamp)
{
    PGresult *row = NULL;
    enum status st = db_run(db, SQL_BOOK_LOOK, NULL, &row);

    if (st == STATUS_OK) {
        *stamp = db_int(row, 0, 0);
    }
    PQclear(row);
    return st;
}

enum status hours_refresh(struct hours *self, struct db *db, int64_t now_us, bool *changed,
                          char error[CALENDAR_ERROR_SIZE])
{
    struct calendars *calendars = NULL;
    int was = self->version;
    int64_t was_stamp = self->stamp;
    int64_t stamp = 0;
    enum status st = read_stamp(db, &stamp);

    error[0] = '\0';
    if (st == STATUS_OK && stamp != self->stamp) {
        st = calendars_load(&calendars, db, error);
        if (st == STATUS_OK) {
            hours_use(self, &calendars, now_us);
            self->stamp = stamp;
        }
    } else if (st == STATUS_OK && self->calendars != NULL) {
        self->version = calendars_at(self->calendars, now_us);
    }
    if (changed != NULL) {
        *changed = self->version != was || self->stamp != was_stamp;
    }
    return st;
}

void hours_use(struct hours *self, struct calendars **calendars_p, int64_t now_us)
{
    calendars_destroy(&self->calendars);
    self->calendars = *calendars_p;
    *calendars_p = NULL; /* these hours own it now */
    self->version = calendars_at(self->calendars, now_us);
}

const struct calendars *hours_calendars(const struct hours *self)
{
    return self->calendars;
}

/* NULL: there is none. */
static const struct calendar *calendar_of(const struct hours *self, int32_t unit_id)
{
    return self->version == 0 ? NULL : calendars_find(self->calendars, self->version, unit_id);
}

int64_t hours_before(const struct hours *self, int32_t unit_id, int64_t moment_us, int days, int hours)
{
    const struct calendar *calendar = calendar_of(self, unit_id);
    int64_t before_us;

    if (calendar != NULL && calendar_before(calendar, moment_us, days * calendar_day_us(calendar) + hours * HOUR_US,
                                            &before_us) == STATUS_OK) {
        return before_us;
    }
    return moment_us - days * DAY_US - hours * HOUR_US;
}

int64_t hours_after(const struct hours *self, int32_t unit_id, int64_t moment_us, int days)
{
    const struct calendar *calendar = calendar_of(self, unit_id);
    int64_t after_us;

    if (calendar != NULL &&
        calendar_add(calendar, moment_us, days * calendar_day_us(calendar), &after_us) == STATUS_OK) {
        return after_us;
    }
    return moment_us + days * DAY_US;
}

int64_t hours_open(const struct hours *self, int32_t unit_id, int64_t from_us)
{
    const struct calendar *calendar = calendar_of(self, unit_id);
    int64_t open_us;

    if (calendar != NULL && calendar_open(calendar, from_us, &open_us) == STATUS_OK) {
        return open_us;
    }
    return from_us;
}
