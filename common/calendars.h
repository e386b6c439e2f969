/* SPDX-License-Identifier: MIT */
/*
 * calendars.h - all calendar versions of a deployment, as loaded into the database.
 */
#ifndef COMMON_CALENDARS_H
#define COMMON_CALENDARS_H

#include <stdint.h>

#include "common/calendar.h"
#include "common/db.h"
#include "common/status.h"

struct calendars;

/* Reads every version.  STATUS_INVALID: what is stored makes no sense, error says what; others as db_run. */
enum status calendars_load(struct calendars **self_p, struct db *db, char error[CALENDAR_ERROR_SIZE]) MUST_CHECK;
/* An empty set, for tests; NULL when memory is short. */
struct calendars *calendars_new(void);
/* Adds the hours of a unit (0: all) in a version; versions in their order, unit 0 of each first. */
enum status calendars_add(struct calendars *self, int version, int64_t in_force_us, int32_t unit_id,
                          const struct calendar_definition *definition, char error[CALENDAR_ERROR_SIZE]) MUST_CHECK;

void calendars_destroy(struct calendars **self_p);

/* The version in force at a moment; 0 when there is none. */
int calendars_at(const struct calendars *self, int64_t moment_us);

/* The newest version, 0 when there is none; versions count 1, 2, 3 … */
int calendars_newest(const struct calendars *self);

/* The hours of a unit in a version: its own, else those of all units.  NULL when there is no such version. */
const struct calendar *calendars_find(const struct calendars *self, int version, int32_t unit_id);

#endif
