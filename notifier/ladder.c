/* SPDX-License-Identifier: MIT */
/* ladder.c - planning and taking the steps of the alert ladder. */
#include "notifier/ladder.h"

#include <stdio.h>
#include <string.h>

#include "notifier/compose_words.h"
#include "notifier/step_list.h"
#include "notifier/turn.h"

enum rung_column { RUNG_NUMBER, RUNG_DAYS, RUNG_HOURS, RUNG_ACTIVE, RUNG_STAMP, RUNG_NOTED };
/* A row a step: ladder_look.sql, ladder_page.sql. */
enum look_column {
    LOOK_PLACE,
    LOOK_SOURCE,
    LOOK_CODE,
    LOOK_KNOWN,
    LOOK_UNIT,
    LOOK_DUE,
    LOOK_BROKEN,
    LOOK_OPEN,
    LOOK_STEP_EPISODE,
    LOOK_STEP_RUNG,
    LOOK_STEP_STATE,
    LOOK_STEP_UNIT,
    LOOK_STEP_DUE,
    LOOK_STEP_ANCHOR,
    LOOK_STEP_WAS
};
/* A step that is due: ladder_ahead.sql. */
enum ahead_column {
    AHEAD_SOURCE,
    AHEAD_CODE,
    AHEAD_EPISODE,
    AHEAD_RUNG,
    AHEAD_UNIT,
    AHEAD_DUE,
    AHEAD_ANCHOR,
    AHEAD_WAS,
    AHEAD_ROWS
};
/* A step of a letter: ladder_letter_page.sql. */
enum step_column { STEP_SOURCE, STEP_CODE, STEP_EPISODE, STEP_RUNG, STEP_UNIT, STEP_DUE, STEP_FROM };

enum status ladder_rungs_refresh(struct ladder_rungs *self, struct db *db, bool *changed)
{
    struct ladder_rungs rungs = {0};
    PGresult *rows = NULL;
    enum status st = db_run(db, SQL_LADDER_RUNGS, NULL, &rows);

    *changed = false;
    if (st != STATUS_OK) {
        return st;
    }
    for (int row = 0; row < PQntuples(rows) && rungs.chain.count < CHAIN_RUNGS_MAX; row++) {
        int64_t number = db_int(rows, row, RUNG_NUMBER);

        if (number >= 0 && number < CHAIN_RUNG_LIMIT) {
            rungs.chain.rung[rungs.chain.count++] = (struct chain_rung){
                .number = (int16_t)number,
                .active = db_bool(rows, row, RUNG_ACTIVE),
                .days_before = (int)db_int(rows, row, RUNG_DAYS),
                .hours_before = (int)db_int(rows, row, RUNG_HOURS),
            };
        }
        snprintf(rungs.stamp, sizeof rungs.stamp, "%s", db_text(rows, row, RUNG_STAMP));
        rungs.noted = strcmp(db_text(rows, row, RUNG_NOTED), rungs.stamp) == 0;
    }
    PQclear(rows);
    *changed = strcmp(rungs.stamp, self->stamp) != 0;
    *self = rungs;
    return STATUS_OK;
}

/* What becomes of the steps of the dossiers that were looked at. */
struct changes {
    struct step_list drops;
    struct step_list plans;
};

static enum chain_state state_of(const char *name)
{
    if (strcmp(name, "waiting") == 0) {
        return CHAIN_WAITING;
    }
    return strcmp(name, "done") == 0 ? CHAIN_DONE : CHAIN_DROPPED;
}

static struct chain_step step_of(const PGresult *rows, int row)
{
    return (struct chain_step){.rung = (int16_t)db_int(rows, row, LOOK_STEP_RUNG),
                               .state = state_of(db_text(rows, row, LOOK_STEP_STATE)),
                               .unit_id = (int32_t)db_int(rows, row, LOOK_STEP_UNIT),
                               .due_us = db_us(rows, row, LOOK_STEP_DUE),
                               .anchor_us = db_us(rows, row, LOOK_STEP_ANCHOR),
                               .was_us = db_us(rows, row, LOOK_STEP_WAS)};
}

static struct step_row row_of(const PGresult *rows, int row, int64_t episode, const struct chain_step *step)
{
    return (struct step_row){.source_id = (int32_t)db_int(rows, row, LOOK_SOURCE),
                             .code = db_text(rows, row, LOOK_CODE),
                             .episode = (int16_t)episode,
                             .step = *step};
}

/*
 * A step of another promise than the one to keep.  A broken promise of an open dossier is still told at its time; else
 * the dossier has ended, waits for the citizen, or has another promise.  A step that only waited says nothing that the
 * dossier does not say; that an official postponed it, and what became of that, stays to be seen.
 */
static void drop(struct changes *changes, const PGresult *rows, int row)
{
    bool open = db_bool(rows, row, LOOK_OPEN);
    int64_t episode = db_int(rows, row, LOOK_STEP_EPISODE);
    struct chain_step step = step_of(rows, row);
    struct step_row gone = row_of(rows, row, episode, &step);

    if (step.state != CHAIN_WAITING || (open && episode <= db_int(rows, row, LOOK_BROKEN))) {
        return;
    }
    if (step.was_us != DB_NULL_US) {
        gone.outcome = open ? "moved" : "ended";
    }
    step_list_add(&changes->drops, &gone);
}

static void plan(struct ladder_tools *tools, struct changes *changes, const PGresult *rows, int row,
                 const struct chain_promise *promise)
{
    int64_t episode = db_int(rows, row, LOOK_BROKEN) + 1;
    struct chain_plan todo;

    chain_plan(&tools->rungs->chain, tools->hours, promise, &todo);
    for (int i = 0; i < todo.count; i++) {
        struct step_row step = row_of(rows, row, episode, &todo.change[i].step);

        step.outcome = todo.change[i].act == CHAIN_PASS ? "passed" : NULL;
        step_list_add(todo.change[i].act == CHAIN_FORGET ? &changes->drops : &changes->plans, &step);
    }
}

/* The rows of one dossier, from first up to the end. */
static void change_dossier(struct ladder_tools *tools, struct changes *changes, const PGresult *rows, int first,
                           int end)
{
    bool keeps = !db_null(rows, first, LOOK_DUE);
    struct chain_promise promise = {.unit_id = (int32_t)db_int(rows, first, LOOK_UNIT),
                                    .due_us = db_us(rows, first, LOOK_DUE),
                                    .known_us = db_us(rows, first, LOOK_KNOWN)};

    for (int row = first; row < end; row++) {
        if (db_null(rows, row, LOOK_STEP_EPISODE)) {
            continue; /* there is none */
        }
        if (!keeps || db_int(rows, row, LOOK_STEP_EPISODE) != db_int(rows, row, LOOK_BROKEN) + 1) {
            drop(changes, rows, row);
        } else if (promise.count < CHAIN_RUNGS_MAX) {
            promise.step[promise.count++] = step_of(rows, row);
        }
    }
    if (keeps) {
        plan(tools, changes, rows, first, &promise);
    }
}

static enum status store_changes(struct ladder_tools *tools, const struct changes *changes)
{
    enum status st = changes->drops.is_short || changes->plans.is_short ? STATUS_RETRY : STATUS_OK;

    if (st == STATUS_OK && changes->drops.count > 0) {
        db_params_reset(tools->params);
        step_list_put_keys(&changes->drops, tools->params);
        step_list_put_outcomes(&changes->drops, tools->params);
        db_param_us(tools->params, tools->now_us);
        st = db_run(tools->db, SQL_LADDER_DROP, tools->params, NULL);
    }
    if (st == STATUS_OK && changes->plans.count > 0) {
        db_params_reset(tools->params);
        step_list_put_keys(&changes->plans, tools->params);
        step_list_put_times(&changes->plans, tools->params);
        step_list_put_outcomes(&changes->plans, tools->params);
        db_param_us(tools->params, tools->now_us);
        st = db_run(tools->db, SQL_LADDER_PLAN, tools->params, NULL);
    }
    return st;
}

/* Returns in *count how many dossiers there were. */
static enum status change_steps(struct ladder_tools *tools, const PGresult *rows, int *count)
{
    struct changes changes = {0};
    int end = 0;
    enum status st;

    *count = 0;
    for (int first = 0; first < PQntuples(rows); first = end) {
        do {
            end++;
        } while (end < PQntuples(rows) && db_int(rows, end, LOOK_PLACE) == db_int(rows, first, LOOK_PLACE));
        change_dossier(tools, &changes, rows, first, end);
        *count += 1;
    }
    st = store_changes(tools, &changes);
    step_list_clear(&changes.drops);
    step_list_clear(&changes.plans);
    return st;
}

/* Steps of letters are others' business. */
static void put_rungs(struct db_params *params, const struct chain_rungs *rungs)
{
    db_param_array(params, DB_ARRAY_INT2);
    for (int i = 0; i < rungs->count; i++) {
        db_param_add_int(params, rungs->rung[i].number);
    }
}

enum status ladder_plan(struct ladder_tools *tools, const PGresult *keys)
{
    PGresult *rows = NULL;
    int count;
    enum status st;

    turn_put_keys(tools->params, keys);
    db_param_array(tools->params, DB_ARRAY_US);
    for (int row = 0; row < PQntuples(keys); row++) {
        db_param_add_us(tools->params, db_us(keys, row, TURN_KEY_KNOWN_AT));
    }
    put_rungs(tools->params, &tools->rungs->chain);
    st = db_run(tools->db, SQL_LADDER_LOOK, tools->params, &rows);
    if (st == STATUS_OK) {
        st = change_steps(tools, rows, &count);
    }
    PQclear(rows);
    return st;
}

static enum status read_page(struct ladder_tools *tools, int64_t batch, const struct ladder_place *place,
                             PGresult **rows)
{
    db_params_reset(tools->params);
    db_param_us(tools->params, place->started ? place->due_us : DB_MINUS_INFINITY_US);
    db_param_int4(tools->params, place->source_id);
    db_param_text(tools->params, place->code);
    db_param_int8(tools->params, batch);
    db_param_us(tools->params, tools->now_us);
    put_rungs(tools->params, &tools->rungs->chain);
    return db_run(tools->db, SQL_LADDER_PAGE, tools->params, rows);
}

/* While some are planned by other rungs than the rest nobody can tell what is to wait. */
static enum status note_seen(struct ladder_tools *tools, const char *stamp)
{
    db_params_reset(tools->params);
    db_param_text(tools->params, stamp);
    db_param_text(tools->params, tools->rungs->stamp);
    return db_run(tools->db, SQL_LADDER_SEEN, tools->params, NULL);
}

enum status ladder_replan(struct ladder_tools *tools, int64_t batch, struct ladder_place *place)
{
    PGresult *rows = NULL;
    bool had = false;
    int count = 0;
    int last = 0;
    enum status st = turn_begin(tools->db, &had);

    if (st == STATUS_OK && had) {
        st = read_page(tools, batch, place, &rows);
    }
    if (st == STATUS_OK && had) {
        st = change_steps(tools, rows, &count);
        last = PQntuples(rows) - 1;
    }
    if (st == STATUS_OK && had && (count < batch || !place->started)) {
        st = note_seen(tools, count < batch ? tools->rungs->stamp : "");
    }
    st = turn_end(tools->db, st, had);
    if (st == STATUS_OK && had && count > 0) {
        place->started = true;
        place->due_us = db_us(rows, last, LOOK_DUE);
        place->source_id = (int32_t)db_int(rows, last, LOOK_SOURCE);
        snprintf(place->code, sizeof place->code, "%s", db_text(rows, last, LOOK_CODE));
    }
    /* Somebody else acts: the place stays. */
    place->done = st == STATUS_OK && had && count < batch;
    PQclear(rows);
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

/* The steps of promises among those that are due, with what they bring along. */
static enum status read_links(struct ladder_tools *tools, int64_t batch, PGresult **rows, struct step_list *list)
{
    struct chain_links links;
    enum status st;

    db_params_reset(tools->params);
    db_param_us(tools->params, tools->now_us);
    db_param_int8(tools->params, batch);
    st = db_run(tools->db, SQL_LADDER_AHEAD, tools->params, rows);
    for (int row = 0; st == STATUS_OK && row < PQntuples(*rows); row++) {
        const struct chain_step taken = {.rung = (int16_t)db_int(*rows, row, AHEAD_RUNG),
                                         .state = CHAIN_WAITING,
                                         .unit_id = (int32_t)db_int(*rows, row, AHEAD_UNIT),
                                         .due_us = db_us(*rows, row, AHEAD_DUE),
                                         .anchor_us = db_us(*rows, row, AHEAD_ANCHOR),
                                         .was_us = db_us(*rows, row, AHEAD_WAS)};

        chain_follow(&tools->rungs->chain, tools->hours, &taken, (uint64_t)db_int(*rows, row, AHEAD_ROWS),
                     tools->now_us, &links);
        for (int i = 0; i < links.count; i++) {
            step_list_add(list, &(struct step_row){.source_id = (int32_t)db_int(*rows, row, AHEAD_SOURCE),
                                                   .code = db_text(*rows, row, AHEAD_CODE),
                                                   .episode = (int16_t)db_int(*rows, row, AHEAD_EPISODE),
                                                   .place = links.link[i].place,
                                                   .step = links.link[i].step});
        }
    }
    return st == STATUS_OK && list->is_short ? STATUS_RETRY : st;
}

static enum status take_steps(struct ladder_tools *tools, int64_t batch, PGresult **alerts)
{
    PGresult *ahead = NULL;
    struct step_list links = {0};
    enum status st = db_run(tools->db, SQL_LADDER_ORDER, NULL, NULL);

    if (st == STATUS_OK) {
        st = read_links(tools, batch, &ahead, &links);
    }
    if (st == STATUS_OK) {
        db_params_reset(tools->params);
        db_param_us(tools->params, tools->now_us);
        db_param_int8(tools->params, batch);
        put_reasons(tools->params);
        step_list_put_keys(&links, tools->params);
        step_list_put_times(&links, tools->params);
        step_list_put_places(&links, tools->params);
        st = db_run(tools->db, SQL_LADDER_TAKE, tools->params, alerts);
    }
    step_list_clear(&links);
    PQclear(ahead);
    return st;
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
        st = take_steps(tools, batch, &round->alerts);
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
