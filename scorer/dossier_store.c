/* SPDX-License-Identifier: MIT */
/* dossier_store.c - dossiers between the table and the fold. */
#include "scorer/dossier_store.h"

#include <string.h>

#include "scorer/pause_store.h"
#include "scorer/promise_store.h"

/* Dossiers written at once: it bounds memory, as some 400 bytes each are held by us, and by libpq once more. */
#define SAVE_GROUP 5000

/* The moments of a dossier, in the order of the columns from submitted_at to told_at. */
static const size_t dates[] = {
    offsetof(struct dossier, submitted_us), offsetof(struct dossier, received_us),
    offsetof(struct dossier, accepted_us),  offsetof(struct dossier, due_first_us),
    offsetof(struct dossier, due_us),       offsetof(struct dossier, finished_first_us),
    offsetof(struct dossier, finished_us),  offsetof(struct dossier, returned_us),
    offsetof(struct dossier, refused_us),   offsetof(struct dossier, stopped_us),
    offsetof(struct dossier, withdrawn_us), offsetof(struct dossier, told_us),
};
#define DATES (sizeof dates / sizeof *dates)

/* Result columns of scorer_dossier_load.sql; each rule has three: class, day, due. */
enum column {
    POSITION,
    SOURCE,
    CODE,
    UNIT,
    FIELD,
    PROCEDURE,
    DUE_MOVES,
    EVENTS,
    FLAGS,
    SUPPLEMENTS,
    PAUSES,
    CALENDAR,
    ONLINE,
    LAST_HAPPENED,
    LAST_SEQUENCE,
    LAST_ID,
    FIRST_DATE,
    DUE_COMPUTED = FIRST_DATE + DATES,
    FIRST_RULE,
    SLOT = FIRST_RULE + 3 * RULES,
    REAPPOINTMENTS,
    BROKEN,
    NEXT_DUE
};

static int64_t get_date(const struct dossier *dossier, size_t date)
{
    int64_t moment_us;

    memcpy(&moment_us, (const char *)dossier + dates[date], sizeof moment_us);
    return moment_us;
}

static void read_verdicts(const PGresult *rows, int row, struct verdicts *was)
{
    was->calendar = (int)db_int(rows, row, CALENDAR);
    was->flags = (int32_t)db_int(rows, row, FLAGS);
    was->due_computed_us = db_us(rows, row, DUE_COMPUTED);
    for (int name = 0; name < RULES; name++) {
        int column = FIRST_RULE + 3 * name;

        was->rule[name] = (struct verdict){
            .class = db_null(rows, row, column) ? VERDICT_CLASSES : verdict_class_from_name(db_text(rows, row, column)),
            .day = db_day(rows, row, column + 1),
            .due_us = db_us(rows, row, column + 2),
            .end_us = FOLD_NONE_US,
            .asked_us = FOLD_NONE_US,
            .flips_us = FOLD_NONE_US,
        };
    }
    was->broken = (int32_t)db_int(rows, row, BROKEN);
    was->next_due_us = db_us(rows, row, NEXT_DUE);
}

void dossier_row_read(const PGresult *rows, int row, struct dossier_work *work)
{
    struct dossier *dossier = &work->dossier;

    work->source_id = (int32_t)db_int(rows, row, SOURCE);
    work->code = db_text(rows, row, CODE);
    work->slot = (int32_t)db_int(rows, row, SLOT);
    work->stored = true;
    work->changed = false;
    work->was_unit_id = dossier->unit_id = (int32_t)db_int(rows, row, UNIT);
    work->was_field_id = dossier->field_id = (int32_t)db_int(rows, row, FIELD);
    work->was_procedure_id = dossier->procedure_id = (int32_t)db_int(rows, row, PROCEDURE);
    dossier->due_moves = (int32_t)db_int(rows, row, DUE_MOVES);
    dossier->events = (int32_t)db_int(rows, row, EVENTS);
    dossier->flags = (int32_t)db_int(rows, row, FLAGS);
    dossier->supplements = (int32_t)db_int(rows, row, SUPPLEMENTS);
    dossier->online = db_bool(rows, row, ONLINE);
    dossier->last_happened_us = db_us(rows, row, LAST_HAPPENED);
    dossier->last_sequence = db_int(rows, row, LAST_SEQUENCE);
    dossier->last_id = db_text(rows, row, LAST_ID);
    work->was_pauses = (int32_t)db_int(rows, row, PAUSES);
    work->was_reappointments = (int32_t)db_int(rows, row, REAPPOINTMENTS);
    dossier->partial = work->was_pauses > 0 || work->was_reappointments > 0;
    for (size_t date = 0; date < DATES; date++) {
        int64_t moment_us = db_us(rows, row, (int)(FIRST_DATE + date));
        memcpy((char *)dossier + dates[date], &moment_us, sizeof moment_us);
    }
    read_verdicts(rows, row, &work->was);
}

enum status dossier_load(struct db *db, struct db_params *params, struct dossier_work *works, size_t count,
                         PGresult **rows)
{
    enum status st;

    db_params_reset(params);
    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(params, works[i].source_id);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, works[i].code);
    }
    st = db_run(db, SQL_SCORER_DOSSIER_LOAD, params, rows);
    for (int row = 0; st == STATUS_OK && row < PQntuples(*rows); row++) {
        dossier_row_read(*rows, row, &works[db_int(*rows, row, POSITION) - 1]);
    }
    return st;
}

int64_t dossier_flips_us(const struct verdicts *verdicts)
{
    int64_t flips_us = FOLD_NONE_US;

    for (int name = 0; name < RULES; name++) {
        int64_t one_us = verdicts->rule[name].flips_us;

        if (one_us != FOLD_NONE_US && (flips_us == FOLD_NONE_US || one_us < flips_us)) {
            flips_us = one_us;
        }
    }
    return flips_us;
}

/* The class as stored; NULL where the rule does not judge. */
static const char *class_of(const struct verdicts *verdicts, int name)
{
    enum verdict_class class = verdicts->rule[name].class;

    return class == VERDICT_CLASSES ? NULL : verdict_class_name(class);
}

static void copy_verdicts(struct db_copy *copy, const struct verdicts *now)
{
    for (int name = 0; name < RULES; name++) {
        const char *class = class_of(now, name);

        db_copy_text(copy, class);
        if (class == NULL) {
            db_copy_null(copy);
        } else {
            db_copy_day(copy, now->rule[name].day);
        }
        db_copy_us(copy, now->rule[name].due_us);
    }
    db_copy_us(copy, dossier_flips_us(now));
}

/* As many as the column holds: what matters is whether there are any. */
static int16_t reappointments(const struct dossier *dossier)
{
    return dossier->appointment_count < INT16_MAX ? (int16_t)dossier->appointment_count : INT16_MAX;
}

static void copy_row(struct db_copy *copy, const struct dossier_work *work)
{
    const struct dossier *dossier = &work->dossier;

    db_copy_row(copy, 43);
    db_copy_int4(copy, work->source_id);
    db_copy_text(copy, work->code);
    db_copy_int4(copy, dossier->unit_id);
    db_copy_int4(copy, dossier->field_id);
    db_copy_int4(copy, dossier->procedure_id);
    db_copy_int2(copy, (int16_t)dossier->due_moves);
    db_copy_int4(copy, dossier->events);
    db_copy_int4(copy, work->now.flags);
    db_copy_int2(copy, (int16_t)dossier->supplements);
    db_copy_int4(copy, (int32_t)dossier->pause_count);
    db_copy_int2(copy, (int16_t)work->now.calendar);
    db_copy_bool(copy, dossier->online);
    db_copy_us(copy, dossier->last_happened_us);
    db_copy_int8(copy, dossier->last_sequence);
    db_copy_text(copy, dossier->last_id);
    for (size_t date = 0; date < DATES; date++) {
        db_copy_us(copy, get_date(dossier, date));
    }
    db_copy_us(copy, work->now.due_computed_us);
    copy_verdicts(copy, &work->now);
    db_copy_text(copy, dossier_state_name(fold_state(dossier)));
    db_copy_int2(copy, (int16_t)work->slot);
    db_copy_int2(copy, reappointments(dossier));
    db_copy_int2(copy, (int16_t)work->now.broken);
    db_copy_us(copy, work->now.next_due_us);
}

size_t dossier_put_keys(struct db_params *params, const struct dossier_work *works, size_t count,
                        bool (*picks)(const struct dossier_work *))
{
    size_t picked = 0;

    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        if (picks(&works[i])) {
            db_param_add_int(params, works[i].source_id);
            picked++;
        }
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        if (picks(&works[i])) {
            db_param_add_text(params, works[i].code);
        }
    }
    return picked;
}

static bool is_set(const struct dossier_work *work)
{
    return work->changed && work->stored;
}

/* One array parameter over the dossiers to be updated. */
#define COLUMN(type, add, value)                                                                                       \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const struct dossier_work *work = &works[i];                                                               \
            if (is_set(work)) {                                                                                        \
                add(params, value);                                                                                    \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

/* A day that may be none. */
static void add_day(struct db_params *params, const struct verdict *verdict)
{
    if (verdict->class == VERDICT_CLASSES) {
        db_param_add_null(params);
    } else {
        db_param_add_int(params, verdict->day);
    }
}

static void put_promises(struct db_params *params, const struct dossier_work *works, size_t count)
{
    COLUMN(DB_ARRAY_INT2, db_param_add_int, work->now.broken);
    COLUMN(DB_ARRAY_US, db_param_add_us, work->now.next_due_us);
}

static void put_columns(struct db_params *params, const struct dossier_work *works, size_t count)
{
    (void)dossier_put_keys(params, works, count, is_set);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.unit_id);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.field_id);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.procedure_id);
    COLUMN(DB_ARRAY_INT2, db_param_add_int, work->dossier.due_moves);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.events);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->now.flags);
    COLUMN(DB_ARRAY_INT2, db_param_add_int, work->dossier.supplements);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, (int64_t)work->dossier.pause_count);
    COLUMN(DB_ARRAY_INT2, db_param_add_int, work->now.calendar);
    COLUMN(DB_ARRAY_INT2, db_param_add_int, work->dossier.online);
    COLUMN(DB_ARRAY_US, db_param_add_us, work->dossier.last_happened_us);
    COLUMN(DB_ARRAY_INT8, db_param_add_int, work->dossier.last_sequence);
    COLUMN(DB_ARRAY_TEXT, db_param_add_text, work->dossier.last_id);
    for (size_t date = 0; date < DATES; date++) {
        COLUMN(DB_ARRAY_US, db_param_add_us, get_date(&work->dossier, date));
    }
    COLUMN(DB_ARRAY_US, db_param_add_us, work->now.due_computed_us);
    for (int name = 0; name < RULES; name++) {
        COLUMN(DB_ARRAY_TEXT, db_param_add_text, class_of(&work->now, name));
        COLUMN(DB_ARRAY_DAY, add_day, &work->now.rule[name]);
        COLUMN(DB_ARRAY_US, db_param_add_us, work->now.rule[name].due_us);
    }
    COLUMN(DB_ARRAY_US, db_param_add_us, dossier_flips_us(&work->now));
    COLUMN(DB_ARRAY_TEXT, db_param_add_text, dossier_state_name(fold_state(&work->dossier)));
    COLUMN(DB_ARRAY_INT2, db_param_add_int, reappointments(&work->dossier));
    put_promises(params, works, count);
}

static enum status save_group(struct db *db, struct db_params *params, struct db_copy *copy,
                              const struct dossier_work *works, size_t count)
{
    enum status st = STATUS_OK;
    size_t added = 0;
    size_t set = 0;

    db_copy_reset(copy);
    for (size_t i = 0; i < count; i++) {
        if (is_set(&works[i])) {
            set++;
        } else if (works[i].changed) {
            copy_row(copy, &works[i]);
            added++;
        }
    }
    if (added > 0) {
        st = db_copy_run(db, SQL_SCORER_DOSSIER_ADD, copy);
    }
    if (st == STATUS_OK && set > 0) {
        db_params_reset(params);
        put_columns(params, works, count);
        st = db_run(db, SQL_SCORER_DOSSIER_SET, params, NULL);
    }
    if (st == STATUS_OK) {
        st = pause_save(db, params, copy, works, count);
    }
    return st == STATUS_OK ? promise_save(db, params, copy, works, count) : st;
}

enum status dossier_save(struct db *db, struct db_params *params, struct db_copy *copy,
                         const struct dossier_work *works, size_t count)
{
    enum status st = STATUS_OK;

    for (size_t done = 0; done < count && st == STATUS_OK;) {
        size_t group = count - done < SAVE_GROUP ? count - done : SAVE_GROUP;

        st = save_group(db, params, copy, works + done, group);
        done += group;
    }
    return st;
}

enum status dossier_save_verdicts(struct db *db, struct db_params *params, const struct dossier_work *works,
                                  size_t count)
{
    db_params_reset(params);
    (void)dossier_put_keys(params, works, count, is_set);
    for (int name = 0; name < RULES; name++) {
        COLUMN(DB_ARRAY_TEXT, db_param_add_text, class_of(&work->now, name));
        COLUMN(DB_ARRAY_DAY, add_day, &work->now.rule[name]);
    }
    COLUMN(DB_ARRAY_US, db_param_add_us, dossier_flips_us(&work->now));
    put_promises(params, works, count);
    return db_run(db, SQL_SCORER_DOSSIER_TICK, params, NULL);
}
