/* SPDX-License-Identifier: MIT */
/* promise_store.c - the later promises. */
#include "scorer/promise_store.h"

#include "scorer/promises.h"

/* Result columns of scorer_promise_load.sql. */
enum column { POSITION, DUE };

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

enum status promise_load(struct db *db, struct db_params *params, struct dossier_work *works, size_t count)
{
    PGresult *rows = NULL;
    enum status st = STATUS_OK;
    int64_t place = 0; /* among those asked for; work is one behind it */
    struct dossier_work *work = works;

    db_params_reset(params);
    if (dossier_put_keys(params, works, count, had_some) == 0) {
        return STATUS_OK;
    }
    st = db_run(db, SQL_SCORER_PROMISE_LOAD, params, &rows);
    for (int row = 0; st == STATUS_OK && row < PQntuples(rows); row++) {
        while (place < db_int(rows, row, POSITION)) {
            place += had_some(work++);
        }
        st = fold_appoint(&work[-1].dossier, db_us(rows, row, DUE));
    }
    PQclear(rows);
    return st;
}
