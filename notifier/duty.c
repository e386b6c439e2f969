/* SPDX-License-Identifier: MIT */
/* duty.c - opens, voids and amends duties, one transaction a round. */
#include "notifier/duty.h"

#include <string.h>

#include "common/fault.h"
#include "notifier/ladder.h"
#include "notifier/turn.h"

/* What the cursor holds when nothing has been looked at yet (0004_duty.sql, rebuild_begin). */
#define FROM_THE_START "1:1:"

struct work {
    struct db *db;
    struct db_params *params;
    const struct duty_tools *tools;
    PGresult *cursor;   /* owns the text of before, of upto and of the place */
    PGresult *slice;    /* owns the text of after */
    PGresult *keys;     /* the dossiers to look at, and since when each is known */
    const char *before; /* snapshots: the changes between them */
    const char *after;
    bool everything; /* look at all dossiers and duties, by key, not at changes */
    bool store;      /* the round did something that must last */
};

enum cursor_column {
    CURSOR_SNAPSHOT,
    CURSOR_EPOCH_RIGHT,
    CURSOR_SCORERS_RIGHT,
    CURSOR_SCORER_BEHIND,
    CURSOR_SCORER_BUSY,
    CURSOR_UPTO,
    CURSOR_PLACE_SOURCE,
    CURSOR_PLACE_CODE
};
/* duty_look.sql */
enum duty_column { DUTY_SOURCE, DUTY_CODE, DUTY_EPISODE, DUTY_UNIT, DUTY_DUE, DUTY_STATE };
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
    } else if (work->tools->patient && db_bool(work->cursor, 0, CURSOR_SCORER_BUSY)) {
        *outcome = DUTY_SCORER_BUSY;
    } else {
        work->before = db_text(work->cursor, 0, CURSOR_SNAPSHOT);
        work->everything = !db_bool(work->cursor, 0, CURSOR_EPOCH_RIGHT) || strcmp(work->before, FROM_THE_START) == 0;
        *outcome = DUTY_MORE;
    }
    return STATUS_OK;
}

/* The dossiers whose verdict changed since the last round.  *outcome becomes DUTY_DONE when there are none. */
static enum status take_changes(struct work *work, enum duty_outcome *outcome)
{
    enum status st;

    db_params_reset(work->params);
    db_param_text(work->params, work->before);
    db_param_int8(work->params, work->tools->batch);
    st = db_run(work->db, SQL_NOTIFIER_SLICE, work->params, &work->slice);
    if (st != STATUS_OK || db_int(work->slice, 0, SLICE_CHANGES) == 0) {
        *outcome = DUTY_DONE;
        return st;
    }
    work->after = db_text(work->slice, 0, SLICE_SNAPSHOT);
    db_params_reset(work->params);
    db_param_text(work->params, work->before);
    db_param_text(work->params, work->after);
    return db_run(work->db, SQL_NOTIFIER_CHANGES, work->params, &work->keys);
}

/* Goes on with a look at everything, or begins one: what changes meanwhile is looked at afterwards. */
static enum status take_page(struct work *work)
{
    bool going_on = db_bool(work->cursor, 0, CURSOR_EPOCH_RIGHT) && !db_null(work->cursor, 0, CURSOR_UPTO);
    enum status st = STATUS_OK;

    if (going_on) {
        work->after = db_text(work->cursor, 0, CURSOR_UPTO);
    } else {
        st = db_run(work->db, SQL_NOTIFIER_SNAPSHOT, NULL, &work->slice);
        work->after = st == STATUS_OK ? db_text(work->slice, 0, SLICE_SNAPSHOT) : NULL;
    }
    if (st != STATUS_OK) {
        return st;
    }
    db_params_reset(work->params);
    db_param_int4(work->params, going_on ? (int32_t)db_int(work->cursor, 0, CURSOR_PLACE_SOURCE) : -1);
    db_param_text(work->params, going_on ? db_text(work->cursor, 0, CURSOR_PLACE_CODE) : "");
    db_param_int8(work->params, work->tools->batch);
    db_param_us(work->params, work->tools->now_us);
    return db_run(work->db, SQL_NOTIFIER_PAGE, work->params, &work->keys);
}

static enum status take_keys(struct work *work, enum duty_outcome *outcome)
{
    return work->everything ? take_page(work) : take_changes(work, outcome);
}

/* Whoever writes letters holds their duties first: this round too, before it writes down those that upstreams sent. */
static enum status hold_duties(struct work *work)
{
    turn_put_keys(work->params, work->keys);
    return db_run(work->db, SQL_DUTY_HOLD, work->params, NULL);
}

/* Missing or void: it has to be opened.  Else it is open, and has to follow its dossier. */
static bool is_missing(const PGresult *duties, int row)
{
    return db_null(duties, row, DUTY_STATE) || strcmp(db_text(duties, row, DUTY_STATE), "void") == 0;
}

/* The moments of one duty that follow from its promise. */
struct terms {
    const struct deadline_rule *rule;
    int64_t deadline_us;
    int64_t tell_us; /* when officials hear that the letter is owed */
    int64_t late_us; /* when those above hear that it is late */
};

static struct terms terms_of(const struct duty_tools *tools, const PGresult *duties, int row)
{
    int32_t unit_id = (int32_t)db_int(duties, row, DUTY_UNIT);
    int64_t due_us = db_us(duties, row, DUTY_DUE);
    struct terms terms = {.rule = deadline_rule_for(tools->rules, due_us)};

    terms.deadline_us = deadline_of(terms.rule, tools->hours, unit_id, due_us);
    terms.tell_us = hours_open(tools->hours, unit_id, tools->now_us);
    terms.late_us =
        hours_open(tools->hours, unit_id, terms.deadline_us < tools->now_us ? tools->now_us : terms.deadline_us + 1);
    return terms;
}

/* One array parameter over the duties that are missing, or over those that are not. */
#define PICKED(type, add)                                                                                              \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (int row = 0; row < PQntuples(duties); row++) {                                                            \
            if (is_missing(duties, row) == missing) {                                                                  \
                add;                                                                                                   \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

static void put_duties(const struct work *work, const PGresult *duties, bool missing)
{
    const struct duty_tools *tools = work->tools;
    struct db_params *params = work->params;

    db_params_reset(params);
    PICKED(DB_ARRAY_INT4, db_param_add_int(params, db_int(duties, row, DUTY_SOURCE)));
    PICKED(DB_ARRAY_TEXT, db_param_add_text(params, db_text(duties, row, DUTY_CODE)));
    PICKED(DB_ARRAY_INT2, db_param_add_int(params, db_int(duties, row, DUTY_EPISODE)));
    PICKED(DB_ARRAY_INT4, db_param_add_int(params, db_int(duties, row, DUTY_UNIT)));
    PICKED(DB_ARRAY_US, db_param_add_us(params, db_us(duties, row, DUTY_DUE)));
    PICKED(DB_ARRAY_US, db_param_add_us(params, terms_of(tools, duties, row).deadline_us));
    PICKED(DB_ARRAY_INT2, db_param_add_int(params, terms_of(tools, duties, row).rule->version));
    PICKED(DB_ARRAY_US, db_param_add_us(params, terms_of(tools, duties, row).tell_us));
    PICKED(DB_ARRAY_US, db_param_add_us(params, terms_of(tools, duties, row).late_us));
    db_param_us(params, tools->now_us);
}

static enum status open_duties(struct work *work, struct duty_round *round)
{
    PGresult *duties = NULL;
    int missing = 0;
    enum status st;

    if (turn_put_owing(work->params, work->keys) == 0) {
        return STATUS_OK;
    }
    st = db_run(work->db, SQL_DUTY_LOOK, work->params, &duties);
    for (int row = 0; st == STATUS_OK && row < PQntuples(duties); row++) {
        missing += is_missing(duties, row);
    }
    if (st == STATUS_OK && missing > 0) {
        put_duties(work, duties, true);
        st = db_run(work->db, SQL_DUTY_OPEN, work->params, &round->alerts[0]);
        round->opened = missing;
    }
    if (st == STATUS_OK && missing < PQntuples(duties)) {
        put_duties(work, duties, false);
        st = db_run(work->db, SQL_DUTY_AMEND, work->params, NULL);
        round->amended = PQntuples(duties) - missing;
    }
    PQclear(duties);
    return st;
}

static enum status void_duties(struct work *work, struct duty_round *round)
{
    enum status st;

    turn_put_keys(work->params, work->keys);
    db_param_us(work->params, work->tools->now_us);
    st = db_run(work->db, SQL_DUTY_VOID, work->params, &round->alerts[1]);
    if (st == STATUS_OK) {
        round->voided = PQntuples(round->alerts[1]);
    }
    return st;
}

/* Letters that upstreams sent themselves. */
static enum status take_told(struct work *work, struct duty_round *round)
{
    PGresult *letters = NULL;
    enum status st;

    turn_put_keys(work->params, work->keys);
    db_param_us(work->params, work->tools->now_us);
    st = db_run(work->db, SQL_LETTER_TOLD, work->params, &letters);
    if (st == STATUS_OK) {
        round->told = PQntuples(letters);
    }
    PQclear(letters);
    return st;
}

static enum status plan_steps(struct work *work)
{
    struct ladder_tools ladder = {.db = work->db,
                                  .params = work->params,
                                  .hours = work->tools->hours,
                                  .rungs = work->tools->rungs,
                                  .now_us = work->tools->now_us};

    return ladder_plan(&ladder, work->keys);
}

/* Everything was looked at when a page is not full. */
static enum status store_cursor(struct work *work)
{
    int rows = PQntuples(work->keys);
    bool ended = !work->everything || rows < work->tools->batch;

    work->store = true;
    db_params_reset(work->params);
    db_param_text(work->params, work->after);
    if (ended) {
        return db_run(work->db, SQL_NOTIFIER_STORE, work->params, NULL);
    }
    db_param_int4(work->params, (int32_t)db_int(work->keys, rows - 1, TURN_KEY_SOURCE));
    db_param_text(work->params, db_text(work->keys, rows - 1, TURN_KEY_CODE));
    return db_run(work->db, SQL_NOTIFIER_PLACE, work->params, NULL);
}

static enum status act(struct work *work, struct duty_round *round)
{
    enum status st = take_cursor(work, &round->outcome);

    if (st == STATUS_OK && round->outcome == DUTY_MORE) {
        st = take_keys(work, &round->outcome);
    }
    if (st != STATUS_OK || round->outcome != DUTY_MORE) {
        return st;
    }
    round->keys = PQntuples(work->keys);
    round->everything = work->everything;
    st = db_run(work->db, round->keys <= DUTY_FEW_KEYS ? SQL_NOTIFIER_BY_KEY : SQL_NOTIFIER_PLAN, NULL, NULL);
    if (st == STATUS_OK) {
        st = hold_duties(work);
    }
    /* Opened before voided: topics are locked in alphabetical order. */
    if (st == STATUS_OK) {
        st = open_duties(work, round);
    }
    if (st == STATUS_OK) {
        st = void_duties(work, round);
    }
    if (st == STATUS_OK) {
        st = take_told(work, round);
    }
    if (st == STATUS_OK) {
        st = plan_steps(work);
    }
    return st == STATUS_OK ? store_cursor(work) : st;
}

enum status duty_run(const struct duty_tools *tools, struct duty_round *round)
{
    struct db *db = tools->db;
    struct work work = {.db = db, .tools = tools, .params = db_params_new()};
    enum status st = STATUS_RETRY;

    memset(round, 0, sizeof *round);
    if (work.params == NULL) {
        return st;
    }
    st = db_begin_repeatable(db);
    if (st == STATUS_OK) {
        st = act(&work, round);
    }
    if (st == STATUS_OK && work.store) {
        FAULT_POINT("notifier-stored");
        st = db_commit(db);
        FAULT_POINT("notifier-committed");
    }
    if (st != STATUS_OK || !work.store) {
        db_rollback(db);
    }
    if (st != STATUS_OK) {
        duty_round_clear(round);
    }
    PQclear(work.cursor);
    PQclear(work.slice);
    PQclear(work.keys);
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
        [DUTY_SCORER_BUSY] = "scorer_busy",
        [DUTY_OTHER_CLUSTER] = "other_cluster",
    };

    return names[outcome];
}
