/* SPDX-License-Identifier: MIT */
/* round.c - one turn at one shard. */
#include "scorer/round.h"

#include <stdlib.h>
#include <string.h>

#include "common/db_plans.h"
#include "common/envelope.h"
#include "common/fault.h"
#include "scorer/book.h"
#include "scorer/project.h"
#include "scorer/work.h"

#define SNAPSHOT_START "1:1:"
/* Who took so many events in a turn catches up: more have come meanwhile. */
#define BUSY_EVENTS 5000

struct round {
    const struct config *config;
    struct db *db;
    struct db *registry_db;
    struct registry *registry;
    struct db_params *params;
    struct db_copy *copy;
    struct counters *counters;
    struct book *book;
    struct work_tools tools;
    struct round_totals totals;
    struct db_plans plans;
    struct project_place places[ENVELOPE_SLOTS]; /* by shard */
    char book_error[CALENDAR_ERROR_SIZE];
    const char *complaint; /* of a turn that was refused; NULL: see the connections */
};

/* The cursor of the shard in hand, and how far this turn goes. */
struct reach {
    int shard;
    int shards;
    int32_t segment;
    int64_t from_xid; /* transactions below were seen, but for those then in flight */
    const char *from; /* snapshots in text */
    const char *to;
    bool sealed;
    bool cut; /* more waits than this turn takes */
    bool was_behind;
    bool was_busy;
    int64_t judged_us;
    int calendar;  /* version in force at judged_us */
    int64_t stamp; /* of the book */
};

/* What a turn holds until its end. */
struct holdings {
    PGresult *cursor;
    PGresult *target;
    PGresult *cut;
    PGresult *rows; /* of the slice */
};

struct round *round_new(const struct config *config, struct db *db, struct db *registry_db, const struct log *log)
{
    struct round *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->config = config;
    self->db = db;
    self->registry_db = registry_db;
    self->registry = registry_new(registry_db);
    self->params = db_params_new();
    self->copy = db_copy_new();
    self->counters = counters_new();
    self->book = book_new();
    if (self->registry == NULL || self->params == NULL || self->copy == NULL || self->counters == NULL ||
        self->book == NULL) {
        round_destroy(&self);
        return NULL;
    }
    self->tools = (struct work_tools){.log = log,
                                      .db = db,
                                      .registry = self->registry,
                                      .params = self->params,
                                      .copy = self->copy,
                                      .counters = self->counters,
                                      .codes = self->book->codes,
                                      .basis = {.rules = self->book->rules}};
    return self;
}

void round_destroy(struct round **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    registry_destroy(&(*self_p)->registry);
    db_params_destroy(&(*self_p)->params);
    db_copy_destroy(&(*self_p)->copy);
    counters_destroy(&(*self_p)->counters);
    book_destroy(&(*self_p)->book);
    for (int shard = 0; shard < ENVELOPE_SLOTS; shard++) {
        project_leave(&(*self_p)->places[shard]);
    }
    free(*self_p);
    *self_p = NULL;
}

enum status round_prepare(struct round *self)
{
    return registry_load(self->registry);
}

struct round_totals round_totals(const struct round *self)
{
    struct round_totals totals = self->totals;

    totals.refolded = self->tools.totals.refolded;
    totals.changes = self->tools.totals.changes;
    totals.unfoldable = self->tools.totals.unfoldable;
    return totals;
}

const char *round_complaint(const struct round *self)
{
    if (self->complaint != NULL) {
        return self->complaint;
    }
    return db_error(self->registry_db)[0] != '\0' ? db_error(self->registry_db) : db_error(self->db);
}

/* Takes the shard's lock.  STATUS_DUPLICATE: another scorer has it. */
static enum status take_cursor(struct round *self, struct reach *reach, PGresult **cursor)
{
    enum status st;

    db_params_reset(self->params);
    db_param_int2(self->params, (int16_t)reach->shard);
    st = db_run(self->db, SQL_SCORER_CURSOR_LOCK, self->params, cursor);
    if (st != STATUS_OK) {
        return st;
    }
    if (PQntuples(*cursor) == 0) {
        return STATUS_DUPLICATE;
    }
    if (db_bool(*cursor, 0, 3)) {
        self->complaint = "the ledger was restored from another cluster; run: kipthoi rebase";
        return STATUS_FATAL;
    }
    reach->shards = (int)db_int(*cursor, 0, 0);
    reach->segment = (int32_t)db_int(*cursor, 0, 1);
    reach->from = db_text(*cursor, 0, 2);
    reach->judged_us = db_us(*cursor, 0, 4);
    reach->was_behind = db_bool(*cursor, 0, 5);
    reach->from_xid = db_int(*cursor, 0, 6);
    reach->calendar = (int)db_int(*cursor, 0, 7);
    reach->stamp = db_int(*cursor, 0, 8);
    reach->was_busy = db_bool(*cursor, 0, 9);
    return STATUS_OK;
}

/* Reads calendars, rules and codes when somebody has loaded others. */
static enum status read_book(struct round *self, const struct reach *reach)
{
    enum status st = book_read(self->book, self->db, reach->stamp, self->book_error);

    self->tools.basis.calendars = self->book->calendars;
    if (st == STATUS_FATAL && self->book_error[0] != '\0') {
        self->complaint = self->book_error;
    }
    return st;
}

static enum status find_target(struct round *self, struct reach *reach, PGresult **target)
{
    enum status st;

    db_params_reset(self->params);
    db_param_int4(self->params, reach->segment);
    st = db_run(self->db, SQL_SCORER_TARGET, self->params, target);
    if (st != STATUS_OK) {
        return st;
    }
    if (PQntuples(*target) != 1) {
        self->complaint = "the ledger segment to be read is not listed in table segment; see docs/operations.md";
        return STATUS_FATAL;
    }
    reach->to = db_text(*target, 0, 0);
    reach->sealed = db_bool(*target, 0, 1);
    return STATUS_OK;
}

static enum status run_slice(struct round *self, const struct reach *reach, int64_t max_events, int64_t max_bytes,
                             PGresult **rows)
{
    db_params_reset(self->params);
    db_param_int4(self->params, reach->segment);
    db_param_text(self->params, reach->from);
    db_param_text(self->params, reach->to);
    db_param_int2(self->params, (int16_t)reach->shard);
    db_param_int2(self->params, (int16_t)reach->shards);
    db_param_int8(self->params, max_events);
    db_param_int8(self->params, max_bytes);
    PQclear(*rows);
    return db_run(self->db, SQL_SCORER_SLICE, self->params, rows);
}

static enum status cut_target(struct round *self, struct reach *reach, int64_t xid, PGresult **cut)
{
    enum status st;

    db_params_reset(self->params);
    db_param_text(self->params, reach->to);
    db_param_int8(self->params, xid);
    st = db_run(self->db, SQL_SCORER_CUT, self->params, cut);
    if (st == STATUS_OK) {
        reach->to = db_text(*cut, 0, 0);
        reach->cut = true;
    }
    return st;
}

/* Reads what is new, and when that is more than a turn should take, only its beginning up to a whole transaction. */
static enum status read_slice(struct round *self, struct reach *reach, struct holdings *hold, struct slice *slice)
{
    int64_t max_events = self->config->scorer.slice_events;
    int64_t max_bytes = self->config->scorer.slice_bytes;
    struct slice_range range;
    int64_t end_xid = SLICE_WHOLE;
    enum status st = run_slice(self, reach, max_events, max_bytes, &hold->rows);

    if (st != STATUS_OK) {
        return st;
    }
    range = slice_look(hold->rows, reach->from_xid, max_events, max_bytes);
    if (range.cut) {
        /* One transaction larger than a slice is taken whole. */
        bool one = range.first_xid == range.last_xid;

        end_xid = one ? range.last_xid + 1 : range.last_xid;
        st = cut_target(self, reach, end_xid, &hold->cut);
        if (st == STATUS_OK && one) {
            st = run_slice(self, reach, INT64_MAX, INT64_MAX, &hold->rows);
        }
    }
    return st == STATUS_OK ? slice_read(slice, hold->rows, end_xid) : st;
}

/*
 * The moment to judge by: now, or not so far when time has broken more promises than a turn should take.  Time does not
 * go back, whatever the machine's clock does.
 */
static enum status find_horizon(struct round *self, struct reach *reach)
{
    int64_t now_us = clock_now_us(&self->config->deployment.clock);
    PGresult *next = NULL;
    enum status st;

    reach->judged_us = now_us > reach->judged_us ? now_us : reach->judged_us;

    db_params_reset(self->params);
    db_param_us(self->params, reach->judged_us);
    db_param_int8(self->params, self->config->scorer.slice_events);
    db_param_int2(self->params, (int16_t)reach->shard);
    db_param_int2(self->params, (int16_t)reach->shards);
    st = db_run(self->db, SQL_SCORER_HORIZON, self->params, &next);
    if (st == STATUS_OK && PQntuples(next) == 1) {
        /* Past the due, so that promises of one moment are judged together and the next turn finds later ones. */
        reach->judged_us = db_us(next, 0, 0) + 1;
        reach->cut = true;
    }
    PQclear(next);
    return st;
}

static struct work_reach ledger_of(const struct reach *reach)
{
    return (struct work_reach){.segment = reach->segment, .to = reach->to, .judged_us = reach->judged_us};
}

/* Judges what time alone has broken.  After the slice: a finish that has just been folded comes first. */
static enum status tick(struct round *self, const struct reach *reach, struct round_result *result)
{
    const struct work_reach ledger = ledger_of(reach);
    PGresult *rows = NULL;
    struct dossier_work *works = NULL;
    size_t count = 0;
    enum status st;

    db_params_reset(self->params);
    db_param_us(self->params, reach->judged_us);
    db_param_int2(self->params, (int16_t)reach->shard);
    db_param_int2(self->params, (int16_t)reach->shards);
    st = db_run(self->db, SQL_SCORER_DUE, self->params, &rows);
    if (st != STATUS_OK || PQntuples(rows) == 0) {
        goto done;
    }
    works = calloc((size_t)PQntuples(rows), sizeof *works);
    if (works == NULL) {
        st = STATUS_RETRY;
        goto done;
    }
    for (; count < (size_t)PQntuples(rows); count++) {
        dossier_row_read(rows, (int)count, &works[count]);
    }
    st = work_tick(&self->tools, &ledger, works, count, &result->alert);
    self->totals.ticked += (int64_t)count;
    result->worked = true;
done:
    work_clear(works, count);
    free(works);
    PQclear(rows);
    return st;
}

static enum status fold_slice(struct round *self, const struct reach *reach, const struct slice *slice,
                              struct round_result *result)
{
    const struct work_reach ledger = ledger_of(reach);
    PGresult *stored = NULL;
    struct dossier_work *works = calloc(slice->count + 1, sizeof *works);
    size_t count = works == NULL ? 0 : work_start(slice, works);
    enum status st = works == NULL ? STATUS_RETRY : STATUS_OK;

    if (st == STATUS_OK && count > 0) {
        st = dossier_load(self->db, self->params, works, count, &stored);
        if (st == STATUS_OK) {
            st = work_fold(&self->tools, &ledger, slice, works, count);
        }
        if (st == STATUS_OK) {
            st = work_store(&self->tools, &ledger, works, count, &result->alert);
        }
    }
    work_clear(works, count);
    free(works);
    PQclear(stored);
    return st;
}

/* Dossiers are judged again when another calendar version has come into force. */
static enum status project(struct round *self, struct reach *reach, struct round_result *result)
{
    const struct work_reach ledger = ledger_of(reach);
    const struct project_shard asked = {
        .shard = reach->shard,
        .shards = reach->shards,
        .calendar = self->book->calendars == NULL ? 0 : calendars_at(self->book->calendars, reach->judged_us)};
    bool ended = false;
    enum status st;

    if (asked.calendar == reach->calendar) {
        return STATUS_OK;
    }
    st = project_some(&self->places[reach->shard], &self->tools, &ledger, &asked, &ended, &result->alert);
    if (ended) {
        reach->calendar = asked.calendar;
    } else {
        reach->cut = true;
    }
    result->worked = true;
    return st;
}

static enum status move_cursor(struct round *self, const struct reach *reach, size_t folded)
{
    /* A sealed segment read to its end is left for the next. */
    bool leave = reach->sealed && !reach->cut;

    db_params_reset(self->params);
    db_param_int2(self->params, (int16_t)reach->shard);
    db_param_int4(self->params, reach->segment + (leave ? 1 : 0));
    db_param_text(self->params, leave ? SNAPSHOT_START : reach->to);
    db_param_us(self->params, reach->judged_us);
    db_param_bool(self->params, reach->cut || leave);
    db_param_int8(self->params, (int64_t)folded);
    db_param_int2(self->params, (int16_t)reach->calendar);
    db_param_bool(self->params, folded >= BUSY_EVENTS);
    return db_run(self->db, SQL_SCORER_CURSOR_SET, self->params, NULL);
}

static enum status store_indicators(struct round *self, const struct reach *reach)
{
    db_params_reset(self->params);
    db_param_int4(self->params, reach->segment);
    db_param_text(self->params, reach->from);
    db_param_text(self->params, reach->to);
    db_param_int2(self->params, (int16_t)reach->shard);
    db_param_int2(self->params, (int16_t)reach->shards);
    return db_run(self->db, SQL_SCORER_INDICATOR_ADD, self->params, NULL);
}

/* What is written once the slice is read. */
static enum status work_on_shard(struct round *self, struct reach *reach, const struct slice *slice,
                                 struct round_result *result)
{
    bool may_tick = !reach->cut && !reach->sealed;
    enum status st = may_tick ? find_horizon(self, reach) : STATUS_OK;

    counters_reset(self->counters);
    if (st == STATUS_OK) {
        st = fold_slice(self, reach, slice, result);
    }
    FAULT_POINT("scorer-folded");
    if (st == STATUS_OK && slice->indicators > 0) {
        st = store_indicators(self, reach);
    }
    if (st == STATUS_OK && may_tick) {
        st = tick(self, reach, result);
    }
    if (st == STATUS_OK && may_tick) {
        st = project(self, reach, result);
    }
    /* Once and last, because other shards wait for these rows. */
    if (st == STATUS_OK) {
        st = counters_store(self->counters, self->db, self->params);
        FAULT_POINT("scorer-counted");
    }
    return st == STATUS_OK ? move_cursor(self, reach, slice->count + slice->indicators) : st;
}

static enum status turn(struct round *self, struct reach *reach, struct holdings *hold, struct round_result *result)
{
    struct slice slice = {0};
    enum status st = take_cursor(self, reach, &hold->cursor);

    if (st == STATUS_OK) {
        FAULT_POINT("scorer-locked");
        st = read_book(self, reach);
    }
    if (st == STATUS_OK) {
        st = find_target(self, reach, &hold->target);
    }
    if (st == STATUS_OK) {
        st = read_slice(self, reach, hold, &slice);
    }
    if (st == STATUS_OK) {
        FAULT_POINT("scorer-read");
        st = work_on_shard(self, reach, &slice, result);
    }
    if (st == STATUS_OK) {
        FAULT_POINT("scorer-moved");
        st = db_commit(self->db);
        FAULT_POINT("scorer-committed");
        /* The notifier waits for this. */
        result->alert |= reach->was_busy && slice.count + slice.indicators < BUSY_EVENTS;
    }
    if (st == STATUS_OK && (slice.count + slice.indicators > 0 || reach->cut || reach->sealed || reach->was_behind)) {
        result->worked = true;
        result->more = reach->cut || reach->sealed;
        self->totals.slices++;
        self->totals.folded += (int64_t)(slice.count + slice.indicators);
    }
    slice_clear(&slice);
    return st;
}

enum status round_turn(struct round *self, int shard, struct round_result *result)
{
    struct reach reach = {.shard = shard};
    struct holdings hold = {0};
    enum status st = db_begin(self->db);

    memset(result, 0, sizeof *result);
    self->complaint = NULL;
    if (st == STATUS_OK) {
        st = db_plans_refresh(self->db, &self->plans, self->totals.folded);
    }
    if (st == STATUS_OK) {
        st = turn(self, &reach, &hold, result);
    }
    if (st != STATUS_OK) {
        db_rollback(self->db);
        project_leave(&self->places[shard]);
        memset(result, 0, sizeof *result);
    }
    PQclear(hold.rows);
    PQclear(hold.cut);
    PQclear(hold.target);
    PQclear(hold.cursor);
    return st == STATUS_DUPLICATE ? STATUS_OK : st;
}
