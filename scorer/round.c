/* SPDX-License-Identifier: MIT */
/* round.c - one turn at one shard. */
#include "scorer/round.h"

#include <stdlib.h>
#include <string.h>

#include "scorer/counters.h"
#include "scorer/dossier_store.h"
#include "scorer/registry.h"
#include "scorer/slice.h"

#define SNAPSHOT_START "1:1:"

struct round {
    const struct config *config;
    const struct log *log;
    struct db *db;
    struct registry *registry;
    struct db_params *params;
    struct db_copy *copy;
    struct counters *counters;
    struct round_totals totals;
};

/* The cursor of the shard in hand, and how far this turn goes. */
struct reach {
    int shard;
    int shards;
    int32_t segment;
    const char *from; /* snapshots in text */
    const char *to;
    bool sealed;
    bool cut; /* more waits than this turn takes */
    bool was_behind;
    int64_t judged_us;
    int64_t was_judged_us;
};

struct round *round_new(const struct config *config, struct db *db, struct db *registry_db, const struct log *log)
{
    struct round *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->config = config;
    self->log = log;
    self->db = db;
    self->registry = registry_new(registry_db);
    self->params = db_params_new();
    self->copy = db_copy_new();
    self->counters = counters_new();
    if (self->registry == NULL || self->params == NULL || self->copy == NULL || self->counters == NULL) {
        round_destroy(&self);
    }
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
    free(*self_p);
    *self_p = NULL;
}

enum status round_prepare(struct round *self)
{
    return registry_load(self->registry);
}

const struct round_totals *round_totals(const struct round *self)
{
    return &self->totals;
}

/* --- folding --- */

static enum status fold_names(struct round *self, const struct envelope *event, struct dossier *dossier)
{
    enum status st = STATUS_OK;

    if (event->unit != NULL) {
        st = registry_id(self->registry, REGISTRY_UNIT, event->unit, event->unit_name, event->unit_parent,
                         &dossier->unit_id);
    }
    if (st == STATUS_OK && event->field != NULL) {
        st = registry_id(self->registry, REGISTRY_FIELD, event->field, event->field_name, NULL, &dossier->field_id);
    }
    if (st == STATUS_OK && event->procedure != NULL) {
        st = registry_id(self->registry, REGISTRY_PROCEDURE, event->procedure, event->procedure_name, NULL,
                         &dossier->procedure_id);
    }
    return st;
}

/* Folds one ledger row.  A row that cannot be taken apart is passed over, said and counted: the audit names it too. */
static enum status fold_row(struct round *self, const struct slice_event *row, struct dossier_work *work)
{
    struct envelope event;
    struct refusal refusal;
    enum status st = envelope_parse(row->payload, (size_t)row->payload_len, &event, &refusal);

    if (st == STATUS_OK) {
        work->slot = event.slot;
        st = fold_names(self, &event, &work->dossier);
    } else if (st == STATUS_INVALID) {
        self->totals.unfoldable++;
        log_error(self->log, "LEDGER-UNREADABLE", "source_id=%d id=\"%s\" %s; see kipthoi audit", row->source_id,
                  row->id, refusal.sentence);
        st = STATUS_DUPLICATE;
    }
    if (st == STATUS_OK) {
        fold_event(&work->dossier, &event);
        work->dossier.last_id = row->id; /* lives as long as the rows; the event does not */
        work->changed = true;
    }
    envelope_clear(&event);
    return st == STATUS_DUPLICATE ? STATUS_OK : st;
}

static enum status fold_rows(struct round *self, const struct slice *slice, size_t first, size_t end,
                             struct dossier_work *work)
{
    enum status st = STATUS_OK;

    for (size_t i = first; i < end && st == STATUS_OK; i++) {
        st = fold_row(self, &slice->events[i], work);
    }
    return st;
}

static bool starts_late(const struct slice_event *row, const struct dossier_work *work)
{
    return work->stored && !fold_is_next(&work->dossier, row->happened_us, row->sequence, row->id);
}

/* Starts anew those dossiers that got an event older than what they had folded, from all their events. */
static enum status refold(struct round *self, const struct reach *reach, struct dossier_work **late, size_t count,
                          PGresult **rows)
{
    struct slice history = {0};
    enum status st;

    db_params_reset(self->params);
    db_param_array(self->params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(self->params, late[i]->source_id);
    }
    db_param_array(self->params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(self->params, late[i]->code);
    }
    db_param_int4(self->params, reach->segment);
    db_param_text(self->params, reach->to);
    st = db_run(self->db, SQL_SCORER_HISTORY, self->params, rows);
    if (st == STATUS_OK) {
        st = slice_read(&history, *rows);
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        size_t first = slice_find(&history, late[i]->source_id, late[i]->code);

        fold_start(&late[i]->dossier);
        if (first < history.count) {
            st = fold_rows(self, &history, first, slice_dossier_end(&history, first), late[i]);
        }
    }
    self->totals.refolded += (int64_t)count;
    slice_clear(&history);
    return st;
}

/* One work per dossier of the slice, in its order. */
static size_t start_works(const struct slice *slice, struct dossier_work *works)
{
    size_t count = 0;

    for (size_t first = 0; first < slice->count; first = slice_dossier_end(slice, first)) {
        works[count] =
            (struct dossier_work){.source_id = slice->events[first].source_id, .code = slice->events[first].dossier};
        fold_start(&works[count].dossier);
        count++;
    }
    return count;
}

static enum status fold_slice(struct round *self, const struct reach *reach, const struct slice *slice,
                              struct dossier_work *works, size_t count, PGresult **history)
{
    struct dossier_work **late = calloc(count, sizeof *late);
    enum status st = late == NULL ? STATUS_RETRY : STATUS_OK;
    size_t late_count = 0;
    size_t first = 0;

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        size_t end = slice_dossier_end(slice, first);

        if (starts_late(&slice->events[first], &works[i])) {
            late[late_count++] = &works[i];
        } else {
            st = fold_rows(self, slice, first, end, &works[i]);
        }
        first = end;
    }
    if (st == STATUS_OK && late_count > 0) {
        st = refold(self, reach, late, late_count, history);
    }
    free(late);
    return st;
}

/* --- judging and writing --- */

static enum status count_work(struct round *self, const struct dossier_work *work)
{
    struct counters_cell was = {.day = work->was.day,
                                .unit_id = work->was_unit_id,
                                .field_id = work->was_field_id,
                                .procedure_id = work->was_procedure_id,
                                .class = work->was.class};
    struct counters_cell now = {.day = work->now.day,
                                .unit_id = work->dossier.unit_id,
                                .field_id = work->dossier.field_id,
                                .procedure_id = work->dossier.procedure_id,
                                .class = work->now.class};
    enum status st = work->stored ? counters_add(self->counters, &was, -1) : STATUS_OK;

    return st != STATUS_OK ? st : counters_add(self->counters, &now, 1);
}

/* The notifier hears of every change that has a missed promise on either side. */
static bool is_news(const struct dossier_work *work)
{
    bool was_missed = work->stored && verdict_missed(work->was.class);
    bool now_missed = verdict_missed(work->now.class);

    return work->changed && (was_missed || now_missed) && !(work->stored && work->was.class == work->now.class);
}

static enum status store_changes(struct round *self, const struct dossier_work *works, size_t count, int64_t judged_us,
                                 struct round_result *result)
{
    struct db_params *params = self->params;
    int64_t news = 0;

    db_params_reset(params);
    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        if (is_news(&works[i])) {
            db_param_add_int(params, works[i].source_id);
            news++;
        }
    }
    if (news == 0) {
        return STATUS_OK;
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        if (is_news(&works[i])) {
            db_param_add_text(params, works[i].code);
        }
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        if (is_news(&works[i])) {
            db_param_add_text(params, works[i].stored ? verdict_class_name(works[i].was.class) : NULL);
        }
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        if (is_news(&works[i])) {
            db_param_add_text(params, verdict_class_name(works[i].now.class));
        }
    }
    db_param_us(params, judged_us);
    self->totals.changes += news;
    result->alert = true;
    return db_run(self->db, SQL_SCORER_CHANGE_ADD, params, NULL);
}

/* Judges and writes works: dossiers, counters, changes. */
static enum status store_works(struct round *self, struct dossier_work *works, size_t count, int64_t judged_us,
                               struct round_result *result)
{
    enum status st = STATUS_OK;

    counters_reset(self->counters);
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        if (works[i].changed) {
            works[i].now = verdict_promise(&works[i].dossier, judged_us);
            st = count_work(self, &works[i]);
        }
    }
    if (st == STATUS_OK) {
        st = dossier_save(self->db, self->params, self->copy, works, count);
    }
    if (st == STATUS_OK) {
        st = store_changes(self, works, count, judged_us, result);
    }
    /* Last, because other shards wait for these rows. */
    return st != STATUS_OK ? st : counters_store(self->counters, self->db, self->params);
}

/* --- the steps of a turn --- */

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
        log_error(self->log, "EPOCH", "the ledger was restored from another cluster; run: kipthoi rebase");
        return STATUS_FATAL;
    }
    reach->shards = (int)db_int(*cursor, 0, 0);
    reach->segment = (int32_t)db_int(*cursor, 0, 1);
    reach->from = db_text(*cursor, 0, 2);
    reach->was_judged_us = db_us(*cursor, 0, 4);
    reach->was_behind = db_bool(*cursor, 0, 5);
    return STATUS_OK;
}

/* Finds how far to read, and by which moment to judge. */
static enum status find_bound(struct round *self, struct reach *reach, PGresult **bound)
{
    int64_t now_us = clock_now_us(&self->config->deployment.clock);
    enum status st;

    db_params_reset(self->params);
    db_param_int4(self->params, reach->segment);
    db_param_text(self->params, reach->from);
    db_param_int8(self->params, self->config->scorer.slice_events * reach->shards);
    st = db_run(self->db, SQL_SCORER_SLICE_BOUND, self->params, bound);
    if (st != STATUS_OK) {
        return st;
    }
    reach->to = db_text(*bound, 0, 0);
    reach->cut = db_bool(*bound, 0, 1);
    reach->sealed = db_bool(*bound, 0, 2);
    reach->judged_us = reach->was_judged_us;
    /* Time does not go back, whatever the machine's clock does. */
    if (!reach->cut && !reach->sealed && now_us > reach->judged_us) {
        reach->judged_us = now_us;
    }
    return STATUS_OK;
}

/* Judges what time alone has broken; moves judged_us back when there is more than one turn should take. */
static enum status tick(struct round *self, struct reach *reach, struct round_result *result)
{
    PGresult *rows = NULL;
    struct dossier_work *works = NULL;
    size_t count;
    enum status st;

    db_params_reset(self->params);
    db_param_us(self->params, reach->judged_us);
    db_param_int8(self->params, self->config->scorer.slice_events);
    db_param_int2(self->params, (int16_t)reach->shard);
    db_param_int2(self->params, (int16_t)reach->shards);
    st = db_run(self->db, SQL_SCORER_DUE, self->params, &rows);
    count = st == STATUS_OK ? (size_t)PQntuples(rows) : 0;
    if (count == 0) {
        goto done;
    }
    works = calloc(count, sizeof *works);
    if (works == NULL) {
        st = STATUS_RETRY;
        goto done;
    }
    for (size_t i = 0; i < count; i++) {
        dossier_row_read(rows, (int)i, &works[i]);
        works[i].changed = true;
    }
    if (count >= (size_t)self->config->scorer.slice_events) {
        reach->judged_us = works[count - 1].dossier.due_first_us + 1;
        reach->cut = true;
    }
    st = store_works(self, works, count, reach->judged_us, result);
    self->totals.ticked += (int64_t)count;
    result->worked = true;
done:
    free(works);
    PQclear(rows);
    return st;
}

static enum status read_slice(struct round *self, const struct reach *reach, PGresult **rows)
{
    db_params_reset(self->params);
    db_param_int4(self->params, reach->segment);
    db_param_text(self->params, reach->from);
    db_param_text(self->params, reach->to);
    db_param_int2(self->params, (int16_t)reach->shard);
    db_param_int2(self->params, (int16_t)reach->shards);
    return db_run(self->db, SQL_SCORER_SLICE, self->params, rows);
}

static enum status process_slice(struct round *self, const struct reach *reach, size_t *folded,
                                 struct round_result *result)
{
    PGresult *rows = NULL;
    PGresult *stored = NULL;
    PGresult *history = NULL;
    struct slice slice = {0};
    struct dossier_work *works = NULL;
    size_t count;
    enum status st = read_slice(self, reach, &rows);

    if (st == STATUS_OK) {
        st = slice_read(&slice, rows);
    }
    if (st != STATUS_OK || slice.count == 0) {
        goto done;
    }
    works = calloc(slice.count, sizeof *works);
    if (works == NULL) {
        st = STATUS_RETRY;
        goto done;
    }
    count = start_works(&slice, works);
    st = dossier_load(self->db, self->params, works, count, &stored);
    if (st == STATUS_OK) {
        st = fold_slice(self, reach, &slice, works, count, &history);
    }
    if (st == STATUS_OK) {
        st = store_works(self, works, count, reach->judged_us, result);
    }
    *folded = slice.count;
done:
    slice_clear(&slice);
    free(works);
    PQclear(history);
    PQclear(stored);
    PQclear(rows);
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
    return db_run(self->db, SQL_SCORER_CURSOR_SET, self->params, NULL);
}

static enum status turn(struct round *self, struct reach *reach, struct round_result *result)
{
    PGresult *cursor = NULL;
    PGresult *bound = NULL;
    size_t folded = 0;
    enum status st = take_cursor(self, reach, &cursor);

    if (st == STATUS_OK) {
        st = find_bound(self, reach, &bound);
    }
    if (st == STATUS_OK && !reach->cut && !reach->sealed) {
        st = tick(self, reach, result);
    }
    if (st == STATUS_OK) {
        st = process_slice(self, reach, &folded, result);
    }
    if (st == STATUS_OK) {
        st = move_cursor(self, reach, folded);
    }
    if (st == STATUS_OK) {
        st = db_commit(self->db);
    }
    if (st == STATUS_OK && (folded > 0 || reach->cut || reach->sealed || reach->was_behind)) {
        result->worked = true;
        self->totals.slices++;
        self->totals.folded += (int64_t)folded;
    }
    PQclear(bound);
    PQclear(cursor);
    return st;
}

enum status round_turn(struct round *self, int shard, struct round_result *result)
{
    struct reach reach = {.shard = shard};
    enum status st = db_begin(self->db);

    memset(result, 0, sizeof *result);
    if (st == STATUS_OK) {
        st = turn(self, &reach, result);
    }
    if (st != STATUS_OK) {
        db_rollback(self->db);
        memset(result, 0, sizeof *result);
    }
    return st == STATUS_DUPLICATE ? STATUS_OK : st;
}
