/* SPDX-License-Identifier: MIT */
/* dossier_store.c - dossiers between the table and the fold. */
#include "scorer/dossier_store.h"

#include <string.h>

/* Result columns of scorer_dossier_load.sql. */
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
    PROMISE_DAY,
    PROMISE,
    LAST_HAPPENED,
    LAST_SEQUENCE,
    LAST_ID,
    DATES, /* the first of the columns in dates[] */
    SLOT = DATES + 10
};

/* The moments of a dossier, in the order of the columns from received_at to paused_at. */
static const size_t dates[] = {
    offsetof(struct dossier, received_us),       offsetof(struct dossier, accepted_us),
    offsetof(struct dossier, due_first_us),      offsetof(struct dossier, due_us),
    offsetof(struct dossier, finished_first_us), offsetof(struct dossier, finished_us),
    offsetof(struct dossier, returned_us),       offsetof(struct dossier, refused_us),
    offsetof(struct dossier, stopped_us),        offsetof(struct dossier, withdrawn_us),
    offsetof(struct dossier, paused_us),
};
#define DATE_COUNT (sizeof dates / sizeof *dates)
_Static_assert(DATE_COUNT == SLOT - DATES + 1, "one column per date");

static int64_t get_date(const struct dossier *dossier, size_t date)
{
    int64_t moment_us;

    memcpy(&moment_us, (const char *)dossier + dates[date], sizeof moment_us);
    return moment_us;
}

void dossier_row_read(const PGresult *rows, int row, struct dossier_work *work)
{
    struct dossier *dossier = &work->dossier;

    work->source_id = (int32_t)db_int(rows, row, SOURCE);
    work->code = db_text(rows, row, CODE);
    work->slot = (int32_t)db_int(rows, row, (int)(DATES + DATE_COUNT));
    work->stored = true;
    work->changed = false;
    work->was.class = verdict_class_from_name(db_text(rows, row, PROMISE));
    work->was.day = db_day(rows, row, PROMISE_DAY);
    work->was_unit_id = dossier->unit_id = (int32_t)db_int(rows, row, UNIT);
    work->was_field_id = dossier->field_id = (int32_t)db_int(rows, row, FIELD);
    work->was_procedure_id = dossier->procedure_id = (int32_t)db_int(rows, row, PROCEDURE);
    dossier->due_moves = (int32_t)db_int(rows, row, DUE_MOVES);
    dossier->events = (int32_t)db_int(rows, row, EVENTS);
    dossier->flags = (int32_t)db_int(rows, row, FLAGS);
    dossier->last_happened_us = db_us(rows, row, LAST_HAPPENED);
    dossier->last_sequence = db_int(rows, row, LAST_SEQUENCE);
    dossier->last_id = db_text(rows, row, LAST_ID);
    for (size_t date = 0; date < DATE_COUNT; date++) {
        int64_t moment_us = db_us(rows, row, (int)(DATES + date));
        memcpy((char *)dossier + dates[date], &moment_us, sizeof moment_us);
    }
    work->was_due_us = dossier->due_first_us;
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

static void copy_row(struct db_copy *copy, const struct dossier_work *work)
{
    const struct dossier *dossier = &work->dossier;

    db_copy_row(copy, 26);
    db_copy_int4(copy, work->source_id);
    db_copy_text(copy, work->code);
    db_copy_int4(copy, dossier->unit_id);
    db_copy_int4(copy, dossier->field_id);
    db_copy_int4(copy, dossier->procedure_id);
    db_copy_int2(copy, (int16_t)dossier->due_moves);
    db_copy_int4(copy, dossier->events);
    db_copy_int4(copy, dossier->flags);
    db_copy_day(copy, work->now.day);
    db_copy_text(copy, verdict_class_name(work->now.class));
    db_copy_us(copy, dossier->last_happened_us);
    db_copy_int8(copy, dossier->last_sequence);
    db_copy_text(copy, dossier->last_id);
    for (size_t date = 0; date < DATE_COUNT; date++) {
        db_copy_us(copy, get_date(dossier, date));
    }
    db_copy_int2(copy, (int16_t)work->slot);
    db_copy_text(copy, dossier_state_name(fold_state(dossier)));
}

/* One array parameter over the dossiers to be updated. */
#define COLUMN(type, add, value)                                                                                       \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const struct dossier_work *work = &works[i];                                                               \
            if (work->changed && work->stored) {                                                                       \
                add(params, value);                                                                                    \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

static void put_columns(struct db_params *params, const struct dossier_work *works, size_t count)
{
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->source_id);
    COLUMN(DB_ARRAY_TEXT, db_param_add_text, work->code);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.unit_id);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.field_id);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.procedure_id);
    COLUMN(DB_ARRAY_INT2, db_param_add_int, work->dossier.due_moves);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.events);
    COLUMN(DB_ARRAY_INT4, db_param_add_int, work->dossier.flags);
    COLUMN(DB_ARRAY_DAY, db_param_add_int, work->now.day);
    COLUMN(DB_ARRAY_TEXT, db_param_add_text, verdict_class_name(work->now.class));
    COLUMN(DB_ARRAY_US, db_param_add_us, work->dossier.last_happened_us);
    COLUMN(DB_ARRAY_INT8, db_param_add_int, work->dossier.last_sequence);
    COLUMN(DB_ARRAY_TEXT, db_param_add_text, work->dossier.last_id);
    for (size_t date = 0; date < DATE_COUNT; date++) {
        COLUMN(DB_ARRAY_US, db_param_add_us, get_date(&work->dossier, date));
    }
    COLUMN(DB_ARRAY_TEXT, db_param_add_text, dossier_state_name(fold_state(&work->dossier)));
}

enum status dossier_save(struct db *db, struct db_params *params, struct db_copy *copy,
                         const struct dossier_work *works, size_t count)
{
    enum status st = STATUS_OK;
    size_t added = 0;
    size_t set = 0;

    db_copy_reset(copy);
    for (size_t i = 0; i < count; i++) {
        if (works[i].changed && works[i].stored) {
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
    return st;
}
