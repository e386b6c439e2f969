/* SPDX-License-Identifier: MIT */
/* duty.c - opens and voids duties, one transaction a round. */
#include "notifier/duty.h"

#include <stdbool.h>
#include <string.h>

/* What the cursor holds when nothing has been looked at yet (0004_duty.sql, rebuild_begin). */
#define FROM_THE_START "1:1:"
/* A round that looks at everything pays for the look, whatever it finds: so it takes more at once. */
#define EVERYTHING_BATCHES 4

struct work {
    struct db *db;
    struct db_params *params;
    int64_t now_us;
    int64_t batch;
    PGresult *cursor;   /* owns the text of before */
    PGresult *slice;    /* owns the text of after */
    const char *before; /* snapshots */
    const char *after;
    bool everything; /* look at all dossiers and open duties, not at changes */
    bool store;      /* the round did something that must last */
};

enum cursor_column { CURSOR_SNAPSHOT, CURSOR_EPOCH_RIGHT, CURSOR_SCORERS_RIGHT, CURSOR_SCORER_BEHIND };
enum slice_column { SLICE_SNAPSHOT, SLICE_CHANGES };

static enum status take_cursor(struct work *work, enum duty_outcome *outcome)
{
    enum status st = db_run(work->db, SQL_NOTIFIER_CURSOR, NULL, &work->cursor);

    if (st != STATUS_OK) {
        return st;
    }
    if (PQntuples(work->cursor) == 0) {
        *outcome = DUTY_ELSEWHERE;
    } else if (!db_bool(work->cursor, 0, CURSOR_SCORERS_RIGHT)) {
        *outcome = DUTY_OTHER_CLUSTER;
    } else if (db_bool(work->cursor, 0, CURSOR_SCORER_BEHIND)) {
        *outcome = DUTY_SCORER_BEHIND;
    } else {
        work->before = db_text(work->cursor, 0, CURSOR_SNAPSHOT);
        work->everything = !db_bool(work->cursor, 0, CURSOR_EPOCH_RIGHT) || strcmp(work->before, FROM_THE_START) == 0;
        *outcome = DUTY_MORE;
    }
    return STATUS_OK;
}

/* Decides how far this round goes.  *outcome becomes DUTY_DONE when nothing has changed. */
static enum status take_slice(struct work *work, enum duty_outcome *outcome)
{
    enum status st;

    if (work->everything) {
        st = db_run(work->db, SQL_NOTIFIER_SNAPSHOT, NULL, &work->slice);
        if (st == STATUS_OK) {
            /* The same snapshot twice: no change lies between, only the others are looked at. */
            work->after = db_text(work->slice, 0, SLICE_SNAPSHOT);
            work->before = work->after;
        }
        return st;
    }
    db_params_reset(work->params);
    db_param_text(work->params, work->before);
    db_param_int8(work->params, work->batch);
    st = db_run(work->db, SQL_NOTIFIER_SLICE, work->params, &work->slice);
    if (st == STATUS_OK) {
        work->after = db_text(work->slice, 0, SLICE_SNAPSHOT);
        if (db_int(work->slice, 0, SLICE_CHANGES) == 0) {
            *outcome = DUTY_DONE;
        }
    }
    return st;
}

static enum status change_duties(struct work *work, enum sql_query query, PGresult **alerts, int64_t *count)
{
    enum status st;

    db_params_reset(work->params);
    db_param_text(work->params, work->before);
    db_param_text(work->params, work->after);
    db_param_us(work->params, work->now_us);
    db_param_int8(work->params, work->everything ? work->batch * EVERYTHING_BATCHES : 0);
    st = db_run(work->db, query, work->params, alerts);
    if (st == STATUS_OK) {
        *count = PQntuples(*alerts);
    }
    return st;
}

/*
 * Moves the cursor, unless a look at everything has more to find: then the cursor stays, and the next round finds what
 * this one has left.
 */
static enum status store_cursor(struct work *work, const struct duty_round *round)
{
    int64_t most = work->batch * EVERYTHING_BATCHES;

    work->store = true;
    if (work->everything && (round->opened >= most || round->voided >= most)) {
        return STATUS_OK;
    }
    db_params_reset(work->params);
    db_param_text(work->params, work->after);
    return db_run(work->db, SQL_NOTIFIER_STORE, work->params, NULL);
}

static enum status act(struct work *work, struct duty_round *round)
{
    PGresult *amended = NULL;
    int64_t count;
    enum status st = take_cursor(work, &round->outcome);

    if (st == STATUS_OK && round->outcome == DUTY_MORE) {
        st = take_slice(work, &round->outcome);
    }
    if (st != STATUS_OK || round->outcome != DUTY_MORE) {
        return st;
    }
    st = db_run(work->db, SQL_NOTIFIER_PLAN, NULL, NULL);
    if (st != STATUS_OK) {
        return st;
    }
    /* Opened before voided: topics are locked in alphabetical order. */
    st = change_duties(work, SQL_DUTY_OPEN, &round->alerts[0], &round->opened);
    if (st == STATUS_OK) {
        st = change_duties(work, SQL_DUTY_VOID, &round->alerts[1], &round->voided);
    }
    if (st == STATUS_OK) {
        st = change_duties(work, SQL_DUTY_AMEND, &amended, &count);
        PQclear(amended);
    }
    return st == STATUS_OK ? store_cursor(work, round) : st;
}

enum status duty_run(struct db *db, int64_t now_us, int64_t batch, struct duty_round *round)
{
    struct work work = {.db = db, .now_us = now_us, .batch = batch, .params = db_params_new()};
    enum status st = STATUS_RETRY;

    memset(round, 0, sizeof *round);
    if (work.params == NULL) {
        return st;
    }
    st = db_run(db, SQL_NOTIFIER_BEGIN, NULL, NULL);
    if (st == STATUS_OK) {
        st = act(&work, round);
    }
    if (st == STATUS_OK && work.store) {
        st = db_commit(db);
    }
    if (st != STATUS_OK || !work.store) {
        db_rollback(db);
    }
    if (st != STATUS_OK) {
        duty_round_clear(round);
    }
    PQclear(work.cursor);
    PQclear(work.slice);
    db_params_destroy(&work.params);
    return st;
}

void duty_round_clear(struct duty_round *round)
{
    for (int i = 0; i < DUTY_ALERTS; i++) {
        PQclear(round->alerts[i]);
    }
    memset(round, 0, sizeof *round);
}

const char *duty_outcome_name(enum duty_outcome outcome)
{
    static const char *const names[] = {
        [DUTY_DONE] = "done",
        [DUTY_MORE] = "more",
        [DUTY_ELSEWHERE] = "elsewhere",
        [DUTY_SCORER_BEHIND] = "scorer_behind",
        [DUTY_OTHER_CLUSTER] = "other_cluster",
    };

    return names[outcome];
}
