/* SPDX-License-Identifier: MIT */
/* ladder.c - planning and taking the steps of the alert ladder. */
#include "notifier/ladder.h"

#include <stdio.h>
#include <string.h>

#include "notifier/compose_words.h"
#include "notifier/turn.h"

#define RUNGS_MAX 32

/* A rung whose time is counted from a promise. */
struct rung {
    int16_t number;
    int days_before;
    int hours_before;
};

struct rungs {
    struct rung rung[RUNGS_MAX];
    int count;
};

enum rung_column { RUNG_NUMBER, RUNG_ANCHOR, RUNG_DAYS, RUNG_HOURS };
/* What a turn looks at: source_id, code, since when it is known. */
#define KEY_KNOWN 2
/* A promise to keep: ladder_look.sql, ladder_page.sql. */
enum promise_column { PROMISE_SOURCE, PROMISE_CODE, PROMISE_UNIT, PROMISE_EPISODE, PROMISE_DUE, PROMISE_KNOWN };
/* A step of a letter: ladder_letter_page.sql. */
enum step_column { STEP_SOURCE, STEP_CODE, STEP_EPISODE, STEP_RUNG, STEP_UNIT, STEP_DUE, STEP_FROM };

static enum status load_rungs(struct db *db, struct rungs *rungs)
{
    PGresult *rows = NULL;
    enum status st = db_run(db, SQL_LADDER_RUNGS, NULL, &rows);

    rungs->count = 0;
    for (int row = 0; st == STATUS_OK && row < PQntuples(rows) && rungs->count < RUNGS_MAX; row++) {
        if (strcmp(db_text(rows, row, RUNG_ANCHOR), "due") == 0) {
            rungs->rung[rungs->count++] = (struct rung){
                .number = (int16_t)db_int(rows, row, RUNG_NUMBER),
                .days_before = (int)db_int(rows, row, RUNG_DAYS),
                .hours_before = (int)db_int(rows, row, RUNG_HOURS),
            };
        }
    }
    PQclear(rows);
    return st;
}

static int64_t step_time(const struct ladder_tools *tools, const PGresult *promises, int row, const struct rung *rung)
{
    int32_t unit_id = (int32_t)db_int(promises, row, PROMISE_UNIT);
    int64_t at_us =
        hours_before(tools->hours, unit_id, db_us(promises, row, PROMISE_DUE), rung->days_before, rung->hours_before);

    return hours_open(tools->hours, unit_id, at_us);
}

/* One array parameter over every rung of every promise. */
#define EACH(type, add)                                                                                                \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (int row = 0; row < PQntuples(promises); row++) {                                                          \
            for (int i = 0; i < rungs->count; i++) {                                                                   \
                add;                                                                                                   \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

static enum status store_steps(struct ladder_tools *tools, const PGresult *promises, const struct rungs *rungs)
{
    struct db_params *params = tools->params;

    if (PQntuples(promises) == 0 || rungs->count == 0) {
        return STATUS_OK;
    }
    db_params_reset(params);
    EACH(DB_ARRAY_INT4, db_param_add_int(params, db_int(promises, row, PROMISE_SOURCE)));
    EACH(DB_ARRAY_TEXT, db_param_add_text(params, db_text(promises, row, PROMISE_CODE)));
    EACH(DB_ARRAY_INT2, db_param_add_int(params, db_int(promises, row, PROMISE_EPISODE)));
    EACH(DB_ARRAY_INT2, db_param_add_int(params, rungs->rung[i].number));
    EACH(DB_ARRAY_INT4, db_param_add_int(params, db_int(promises, row, PROMISE_UNIT)));
    EACH(DB_ARRAY_US, db_param_add_us(params, step_time(tools, promises, row, &rungs->rung[i])));
    EACH(DB_ARRAY_US, db_param_add_us(params, db_us(promises, row, PROMISE_DUE)));
    EACH(DB_ARRAY_US, db_param_add_us(params, db_us(promises, row, PROMISE_KNOWN)));
    db_param_us(params, tools->now_us);
    return db_run(tools->db, SQL_LADDER_PLAN, params, NULL);
}

enum status ladder_plan(struct ladder_tools *tools, const PGresult *keys)
{
    PGresult *promises = NULL;
    struct rungs rungs;
    enum status st = load_rungs(tools->db, &rungs);

    if (st == STATUS_OK) {
        turn_put_keys(tools->params, keys);
        db_param_us(tools->params, tools->now_us);
        st = db_run(tools->db, SQL_LADDER_DROP, tools->params, NULL);
    }
    if (st == STATUS_OK) {
        turn_put_keys(tools->params, keys);
        db_param_array(tools->params, DB_ARRAY_US);
        for (int row = 0; row < PQntuples(keys); row++) {
            db_param_add_us(tools->params, db_us(keys, row, KEY_KNOWN));
        }
        st = db_run(tools->db, SQL_LADDER_LOOK, tools->params, &promises);
    }
    if (st == STATUS_OK) {
        st = store_steps(tools, promises, &rungs);
    }
    PQclear(promises);
    return st;
}

static enum status read_page(struct ladder_tools *tools, int64_t batch, const struct ladder_place *place,
                             PGresult **promises)
{
    db_params_reset(tools->params);
    db_param_us(tools->params, place->started ? place->due_us : DB_MINUS_INFINITY_US);
    db_param_int4(tools->params, place->source_id);
    db_param_text(tools->params, place->code);
    db_param_int8(tools->params, batch);
    db_param_us(tools->params, tools->now_us);
    return db_run(tools->db, SQL_LADDER_PAGE, tools->params, promises);
}

enum status ladder_replan(struct ladder_tools *tools, int64_t batch, struct ladder_place *place)
{
    PGresult *promises = NULL;
    struct rungs rungs;
    bool had = false;
    int rows = 0;
    enum status st = turn_begin(tools->db, &had);

    if (st == STATUS_OK && had) {
        st = load_rungs(tools->db, &rungs);
    }
    if (st == STATUS_OK && had) {
        st = read_page(tools, batch, place, &promises);
    }
    if (st == STATUS_OK && had) {
        rows = PQntuples(promises);
        st = store_steps(tools, promises, &rungs);
    }
    st = turn_end(tools->db, st, had);
    if (st == STATUS_OK && had && rows > 0) {
        place->started = true;
        place->due_us = db_us(promises, rows - 1, PROMISE_DUE);
        place->source_id = (int32_t)db_int(promises, rows - 1, PROMISE_SOURCE);
        snprintf(place->code, sizeof place->code, "%s", db_text(promises, rows - 1, PROMISE_CODE));
    }
    /* Somebody else acts: the place stays. */
    place->done = st == STATUS_OK && had && rows < batch;
    PQclear(promises);
    return st;
}

static enum status read_letter_page(struct ladder_tools *tools, int64_t batch, const struct ladder_place *place,
                                    PGresult **steps)
{
    db_params_reset(tools->params);
    db_param_us(tools->params, place->started ? place->due_us : DB_MINUS_INFINITY_US);
    db_param_int4(tools->params, place->source_id);
    db_param_text(tools->params, place->code);
    db_param_int2(tools->params, place->episode);
    db_param_int2(tools->params, place->rung);
    db_param_int8(tools->params, batch);
    db_param_us(tools->params, tools->now_us);
    return db_run(tools->db, SQL_LADDER_LETTER_PAGE, tools->params, steps);
}

/* One array parameter over the steps. */
#define EACH_STEP(type, add)                                                                                           \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (int row = 0; row < PQntuples(steps); row++) {                                                             \
            add;                                                                                                       \
        }                                                                                                              \
    } while (0)

static enum status move_steps(struct ladder_tools *tools, const PGresult *steps)
{
    struct db_params *params = tools->params;

    db_params_reset(params);
    EACH_STEP(DB_ARRAY_INT4, db_param_add_int(params, db_int(steps, row, STEP_SOURCE)));
    EACH_STEP(DB_ARRAY_TEXT, db_param_add_text(params, db_text(steps, row, STEP_CODE)));
    EACH_STEP(DB_ARRAY_INT2, db_param_add_int(params, db_int(steps, row, STEP_EPISODE)));
    EACH_STEP(DB_ARRAY_INT2, db_param_add_int(params, db_int(steps, row, STEP_RUNG)));
    EACH_STEP(DB_ARRAY_US, db_param_add_us(params, hours_open(tools->hours, (int32_t)db_int(steps, row, STEP_UNIT),
                                                              db_us(steps, row, STEP_FROM))));
    return db_run(tools->db, SQL_LADDER_LETTER_PLAN, params, NULL);
}

enum status ladder_replan_letters(struct ladder_tools *tools, int64_t batch, struct ladder_place *place)
{
    PGresult *steps = NULL;
    bool had = false;
    int rows = 0;
    enum status st = turn_begin(tools->db, &had);

    if (st == STATUS_OK && had) {
        st = read_letter_page(tools, batch, place, &steps);
    }
    if (st == STATUS_OK && had) {
        rows = PQntuples(steps);
        st = rows > 0 ? move_steps(tools, steps) : STATUS_OK;
    }
    st = turn_end(tools->db, st, had);
    if (st == STATUS_OK && had && rows > 0) {
        place->started = true;
        place->due_us = db_us(steps, rows - 1, STEP_DUE);
        place->source_id = (int32_t)db_int(steps, rows - 1, STEP_SOURCE);
        place->episode = (int16_t)db_int(steps, rows - 1, STEP_EPISODE);
        place->rung = (int16_t)db_int(steps, rows - 1, STEP_RUNG);
        snprintf(place->code, sizeof place->code, "%s", db_text(steps, rows - 1, STEP_CODE));
    }
    place->done = st == STATUS_OK && had && rows < batch;
    PQclear(steps);
    return st;
}

/* One look into an index: most turns find nothing. */
static enum status is_any_due(struct ladder_tools *tools, bool *due)
{
    PGresult *row = NULL;
    enum status st;

    db_params_reset(tools->params);
    db_param_us(tools->params, tools->now_us);
    st = db_run(tools->db, SQL_LADDER_DUE, tools->params, &row);
    *due = st == STATUS_OK && db_bool(row, 0, 0);
    PQclear(row);
    return st;
}

/* The sentences that mails and webhooks say, for the feed. */
static void put_reasons(struct db_params *params)
{
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < compose_kind_count; i++) {
        db_param_add_text(params, compose_kinds[i].name);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < compose_kind_count; i++) {
        db_param_add_text(params, compose_kinds[i].why[COMPOSE_EN]);
    }
}

enum status ladder_take(struct ladder_tools *tools, int64_t batch, struct ladder_round *round)
{
    bool due;
    bool had = false;
    enum status st;

    memset(round, 0, sizeof *round);
    st = is_any_due(tools, &due);
    if (st != STATUS_OK || !due) {
        return st;
    }
    st = turn_begin(tools->db, &had);
    if (st == STATUS_OK && had) {
        st = db_run(tools->db, SQL_LADDER_ORDER, NULL, NULL);
    }
    if (st == STATUS_OK && had) {
        db_params_reset(tools->params);
        db_param_us(tools->params, tools->now_us);
        db_param_int8(tools->params, batch);
        put_reasons(tools->params);
        st = db_run(tools->db, SQL_LADDER_TAKE, tools->params, &round->alerts);
    }
    st = turn_end(tools->db, st, had);
    if (st != STATUS_OK) {
        ladder_round_clear(round);
        return st;
    }
    round->taken = round->alerts == NULL ? 0 : PQntuples(round->alerts);
    return STATUS_OK;
}

void ladder_round_clear(struct ladder_round *round)
{
    PQclear(round->alerts);
    memset(round, 0, sizeof *round);
}
