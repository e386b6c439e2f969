/* SPDX-License-Identifier: MIT */
/* calendar_store.c - a calendar file as rows of the database. */
#include "cli/calendar_parts.h"

static enum status add_version(struct db *db, struct db_params *params, const struct calendar_version *version)
{
    db_params_reset(params);
    db_param_int2(params, (int16_t)version->number);
    db_param_int2(params, (int16_t)calendar_file_first_year(version->file));
    db_param_int2(params, (int16_t)calendar_file_last_year(version->file));
    db_param_us(params, version->in_force_us);
    db_param_text(params, calendar_file_name(version->file));
    db_param_text(params, version->by);
    db_param_text(params, version->why);
    db_param_text(params, calendar_file_text(version->file));
    return db_run(db, SQL_CALENDAR_ADD, params, NULL);
}

static void add_unit_codes(struct db_params *params, const struct calendar_file_hours *hours, size_t count)
{
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, hours[i].unit);
    }
}

static enum status add_units(struct db *db, struct db_params *params, const struct calendar_version *version)
{
    size_t count;
    const struct calendar_file_hours *hours = calendar_file_hours(version->file, &count);
    char cut_off[CALENDAR_TEXT_CLOCK_SIZE];

    db_params_reset(params);
    db_param_int2(params, (int16_t)version->number);
    add_unit_codes(params, hours, count);
    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(params, hours[i].day_s);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, hours[i].cut_off_s == CALENDAR_NO_CUT_OFF
                                      ? NULL
                                      : calendar_text_clock(hours[i].cut_off_s, cut_off));
    }
    return db_run(db, SQL_CALENDAR_UNIT_ADD, params, NULL);
}

/* Which member of an hours row an array holds. */
enum part { PART_KEY, PART_WEEKDAY, PART_BEGIN, PART_END };

static void add_segments(struct db_params *params, const struct calendar_shift *shift, enum part part)
{
    char clock[CALENDAR_TEXT_CLOCK_SIZE];

    for (int i = 0; i < shift->count; i++) {
        db_param_add_text(params, calendar_text_clock(
                                      part == PART_BEGIN ? shift->segment[i].begin_s : shift->segment[i].end_s, clock));
    }
}

static void add_hours_part(struct db_params *params, const struct calendar_file_hours *hours, size_t count,
                           enum part part)
{
    for (size_t i = 0; i < count; i++) {
        for (int weekday = 0; weekday < 7; weekday++) {
            for (int s = 0; part <= PART_WEEKDAY && s < hours[i].week[weekday].count; s++) {
                if (part == PART_KEY) {
                    db_param_add_text(params, hours[i].unit);
                } else {
                    db_param_add_int(params, weekday + 1);
                }
            }
            if (part > PART_WEEKDAY) {
                add_segments(params, &hours[i].week[weekday], part);
            }
        }
    }
}

static enum status add_hours(struct db *db, struct db_params *params, const struct calendar_version *version)
{
    size_t count;
    const struct calendar_file_hours *hours = calendar_file_hours(version->file, &count);

    db_params_reset(params);
    db_param_int2(params, (int16_t)version->number);
    for (enum part part = PART_KEY; part <= PART_END; part++) {
        db_param_array(params, part == PART_WEEKDAY ? DB_ARRAY_INT2 : DB_ARRAY_TEXT);
        add_hours_part(params, hours, count, part);
    }
    return db_run(db, SQL_CALENDAR_HOURS_ADD, params, NULL);
}

static enum status add_days(struct db *db, struct db_params *params, const struct calendar_version *version)
{
    size_t count;
    const struct calendar_file_day *days = calendar_file_days(version->file, &count);

    db_params_reset(params);
    db_param_int2(params, (int16_t)version->number);
    db_param_array(params, DB_ARRAY_DAY);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(params, days[i].day);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, days[i].off ? "off" : "work");
    }
    db_param_array(params, DB_ARRAY_INT2);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(params, days[i].provisional);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, days[i].name);
    }
    return db_run(db, SQL_CALENDAR_DAY_ADD, params, NULL);
}

static enum status add_day_hours(struct db *db, struct db_params *params, const struct calendar_version *version)
{
    size_t count;
    const struct calendar_file_day *days = calendar_file_days(version->file, &count);

    db_params_reset(params);
    db_param_int2(params, (int16_t)version->number);
    db_param_array(params, DB_ARRAY_DAY);
    for (size_t i = 0; i < count; i++) {
        for (int s = 0; s < days[i].shift.count; s++) {
            db_param_add_int(params, days[i].day);
        }
    }
    for (enum part part = PART_BEGIN; part <= PART_END; part++) {
        db_param_array(params, DB_ARRAY_TEXT);
        for (size_t i = 0; i < count; i++) {
            add_segments(params, &days[i].shift, part);
        }
    }
    return db_run(db, SQL_CALENDAR_DAY_HOURS_ADD, params, NULL);
}

static enum status register_units(struct db *db, struct db_params *params, const struct calendar_version *version,
                                  PGresult **new_units)
{
    size_t count;
    const struct calendar_file_hours *hours = calendar_file_hours(version->file, &count);

    db_params_reset(params);
    add_unit_codes(params, hours, count);
    return db_run(db, SQL_CALENDAR_UNIT_REGISTER, params, new_units);
}

enum status calendar_store(struct db *db, const struct calendar_version *version, PGresult **new_units)
{
    enum status (*const steps[])(struct db *, struct db_params *, const struct calendar_version *) = {
        add_version, add_units, add_hours, add_days, add_day_hours};
    struct db_params *params = db_params_new();
    enum status st = params == NULL ? STATUS_RETRY : register_units(db, params, version, new_units);

    for (size_t i = 0; st == STATUS_OK && i < sizeof steps / sizeof *steps; i++) {
        st = steps[i](db, params, version);
    }
    db_params_destroy(&params);
    return st;
}
