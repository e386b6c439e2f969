/* SPDX-License-Identifier: MIT */
/* promise_store.c - the later promises. */
#include "scorer/promise_store.h"

#include "scorer/promises.h"

/* Result columns of scorer_promise_load.sql. */
enum column { POSITION, EPISODE, DUE };

static bool had_some(const struct dossier_work *work)
{
    return work->was_reappointments > 0;
}

static bool is_dropped(const struct dossier_work *work)
{
    return work->changed && had_some(work);
}

static enum status drop_old(struct db *db, struct db_params *params, const struct dossier_work *works, size_t count)
{
    db_params_reset(params);
    if (dossier_put_keys(params, works, count, is_dropped) == 0) {
        return STATUS_OK;
    }
    return db_run(db, SQL_SCORER_PROMISE_DROP, params, NULL);
}

/* Returns the number of rows. */
static size_t copy_promises(struct db_copy *copy, const struct dossier_work *work)
{
    const int64_t *dues;
    size_t later = promises_later(&work->dossier, &work->now.rule[RULE_PROMISE], &dues);

    for (size_t i = 0; i < later; i++) {
        db_copy_row(copy, 4);
        db_copy_int4(copy, work->source_id);
        db_copy_text(copy, work->code);
        db_copy_int2(copy, (int16_t)(i + 2));
        db_copy_us(copy, dues[i]);
    }
    return later;
}

enum status promise_save(struct db *db, struct db_params *params, struct db_copy *copy,
                         const struct dossier_work *works, size_t count)
{
    enum status st = drop_old(db, params, works, count);
    size_t added = 0;

    db_copy_reset(copy);
    for (size_t i = 0; i < count; i++) {
        if (works[i].changed) {
            added += copy_promises(copy, &works[i]);
        }
    }
    return st == STATUS_OK && added > 0 ? db_copy_run(db, SQL_SCORER_PROMISE_ADD, copy) : st;
}

/* Rows of scorer_promise_load.sql, and the works that they are of: both go on together. */
struct reading {
    PGresult *rows;
    int row;
    bool (*picks)(const struct dossier_work *);
    struct dossier_work *behind; /* the work after that of the row before */
    int64_t place;               /* of that one, from 1, among those picked */
};

static enum status reading_start(struct reading *reading, struct db *db, struct db_params *params,
                                 struct dossier_work *works, size_t count, bool (*picks)(const struct dossier_work *))
{
    *reading = (struct reading){.picks = picks, .behind = works};
    db_params_reset(params);
    if (dossier_put_keys(params, works, count, picks) == 0) {
        return STATUS_OK;
    }
    return db_run(db, SQL_SCORER_PROMISE_LOAD, params, &reading->rows);
}

/* The work that the next row is of, and the row's values; NULL at the end. */
static struct dossier_work *reading_next(struct reading *reading, int32_t *episode, int64_t *due_us)
{
    const PGresult *rows = reading->rows;

    if (rows == NULL || reading->row == PQntuples(rows)) {
        return NULL;
    }
    while (reading->place < db_int(rows, reading->row, POSITION)) {
        reading->place += reading->picks(reading->behind++);
    }
    *episode = (int32_t)db_int(rows, reading->row, EPISODE);
    *due_us = db_us(rows, reading->row, DUE);
    reading->row++;
    return reading->behind - 1;
}

enum status promise_load(struct db *db, struct db_params *params, struct dossier_work *works, size_t count)
{
    struct reading reading;
    struct dossier_work *work;
    int32_t episode;
    int64_t due_us;
    enum status st = reading_start(&reading, db, params, works, count, had_some);

    while (st == STATUS_OK && (work = reading_next(&reading, &episode, &due_us)) != NULL) {
        st = fold_appoint(&work->dossier, due_us);
    }
    PQclear(reading.rows);
    return st;
}

/* Another number of broken promises is news by itself. */
static bool may_have_moved(const struct dossier_work *work)
{
    return work->changed && work->stored && work->was.broken > 1 && work->was.broken == work->now.broken;
}

enum status promise_compare(struct db *db, struct db_params *params, struct dossier_work *works, size_t count)
{
    struct reading reading;
    struct dossier_work *work;
    int32_t episode;
    int64_t due_us;
    enum status st = reading_start(&reading, db, params, works, count, may_have_moved);

    while (st == STATUS_OK && (work = reading_next(&reading, &episode, &due_us)) != NULL) {
        const int64_t *dues;

        /* So many were broken that these are there. */
        (void)promises_later(&work->dossier, &work->now.rule[RULE_PROMISE], &dues);
        work->promises_moved |= episode <= work->now.broken && dues[episode - 2] != due_us;
    }
    PQclear(reading.rows);
    return st;
}
