/* SPDX-License-Identifier: MIT */
/* work.c - the dossiers in hand during a turn. */
#include "scorer/work.h"

#include <stdlib.h>
#include <string.h>

#include "ingest/gate.h"

/* Dossiers whose whole history is read at once, so that many late events cost time and not memory. */
#define REFOLD_GROUP 500

/* --- folding --- */

static enum status fold_names(struct work_tools *tools, const struct envelope *event, struct dossier *dossier)
{
    enum status st = STATUS_OK;

    if (event->unit != NULL) {
        st = registry_id(tools->registry, REGISTRY_UNIT, event->unit, event->unit_name, event->unit_parent,
                         &dossier->unit_id);
    }
    if (st == STATUS_OK && event->field != NULL) {
        st = registry_id(tools->registry, REGISTRY_FIELD, event->field, event->field_name, NULL, &dossier->field_id);
    }
    if (st == STATUS_OK && event->procedure != NULL) {
        st = registry_id(tools->registry, REGISTRY_PROCEDURE, event->procedure, event->procedure_name, NULL,
                         &dossier->procedure_id);
    }
    return st;
}

/* Folds one ledger row.  A row that cannot be taken apart is passed over, said and counted: the audit names it too. */
static enum status fold_row(struct work_tools *tools, const struct slice_event *row, struct dossier_work *work)
{
    struct envelope event;
    struct refusal refusal = {.sentence = ""};
    size_t len = (size_t)row->payload_len;
    enum status st = envelope_parse(row->payload, len, &event, &refusal);

    /* Memory was short, or the row was altered since it passed the gate. */
    if (st == STATUS_RETRY && gate_check(row->payload, len, &refusal) == STATUS_INVALID) {
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        work->slot = event.slot;
        st = fold_names(tools, &event, &work->dossier);
    } else if (st == STATUS_INVALID) {
        tools->totals.unfoldable++;
        log_error(tools->log, "LEDGER-UNREADABLE", "source_id=%d id=\"%s\" %s; see kipthoi audit", row->source_id,
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

static enum status fold_rows(struct work_tools *tools, const struct slice *slice, size_t first, size_t end,
                             struct dossier_work *work)
{
    enum status st = STATUS_OK;

    for (size_t i = first; i < end && st == STATUS_OK; i++) {
        st = fold_row(tools, &slice->events[i], work);
    }
    return st;
}

static bool starts_late(const struct slice_event *row, const struct dossier_work *work)
{
    return work->stored && !fold_is_next(&work->dossier, row->happened_us, row->sequence, row->id);
}

static enum status read_history(struct work_tools *tools, const struct work_reach *reach, struct dossier_work **late,
                                size_t count, PGresult **rows)
{
    db_params_reset(tools->params);
    db_param_array(tools->params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(tools->params, late[i]->source_id);
    }
    db_param_array(tools->params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(tools->params, late[i]->code);
    }
    db_param_int4(tools->params, reach->segment);
    db_param_text(tools->params, reach->to);
    return db_run(tools->db, SQL_SCORER_HISTORY, tools->params, rows);
}

/* The rows are dropped after the group, so the dossier keeps the id of its last event itself. */
static enum status keep_last_id(struct dossier_work *work)
{
    work->last_id = strdup(work->dossier.last_id);
    if (work->last_id == NULL) {
        return STATUS_RETRY;
    }
    work->dossier.last_id = work->last_id;
    return STATUS_OK;
}

/* Starts anew dossiers that got an event older than what they had folded, from all their events. */
static enum status refold_group(struct work_tools *tools, const struct work_reach *reach, struct dossier_work **late,
                                size_t count)
{
    PGresult *rows = NULL;
    struct slice history = {0};
    enum status st = read_history(tools, reach, late, count, &rows);

    if (st == STATUS_OK) {
        st = slice_read(&history, rows, SLICE_WHOLE);
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        size_t first = slice_find(&history, late[i]->source_id, late[i]->code);

        fold_start(&late[i]->dossier);
        if (first < history.count) {
            st = fold_rows(tools, &history, first, slice_dossier_end(&history, first), late[i]);
        }
        if (st == STATUS_OK) {
            st = keep_last_id(late[i]);
        }
    }
    tools->totals.refolded += (int64_t)count;
    slice_clear(&history);
    PQclear(rows);
    return st;
}

static enum status refold(struct work_tools *tools, const struct work_reach *reach, struct dossier_work **late,
                          size_t count)
{
    enum status st = STATUS_OK;

    for (size_t done = 0; done < count && st == STATUS_OK; done += REFOLD_GROUP) {
        size_t group = count - done < REFOLD_GROUP ? count - done : REFOLD_GROUP;

        st = refold_group(tools, reach, late + done, group);
    }
    return st;
}

size_t work_start(const struct slice *slice, struct dossier_work *works)
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

enum status work_fold(struct work_tools *tools, const struct work_reach *reach, const struct slice *slice,
                      struct dossier_work *works, size_t count)
{
    struct dossier_work **late = calloc(count + 1, sizeof *late);
    enum status st = late == NULL ? STATUS_RETRY : STATUS_OK;
    size_t late_count = 0;
    size_t first = 0;

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        size_t end = slice_dossier_end(slice, first);

        if (starts_late(&slice->events[first], &works[i])) {
            late[late_count++] = &works[i];
        } else {
            st = fold_rows(tools, slice, first, end, &works[i]);
        }
        first = end;
    }
    if (st == STATUS_OK && late_count > 0) {
        st = refold(tools, reach, late, late_count);
    }
    free(late);
    return st;
}

/* --- judging and writing --- */

static enum status count_work(struct work_tools *tools, const struct dossier_work *work)
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
    enum status st = work->stored ? counters_add(tools->counters, &was, -1) : STATUS_OK;

    return st != STATUS_OK ? st : counters_add(tools->counters, &now, 1);
}

/*
 * The notifier hears of every change that has a missed promise on either side, and when the promise or the unit of a
 * missed one is another now: the letter that is owed has to say so.
 */
static bool is_news(const struct dossier_work *work)
{
    bool was_missed = work->stored && verdict_missed(work->was.class);
    bool now_missed = verdict_missed(work->now.class);

    if (!work->changed || (!was_missed && !now_missed)) {
        return false;
    }
    return !work->stored || work->was.class != work->now.class || work->was_unit_id != work->dossier.unit_id ||
           work->was_due_us != work->dossier.due_first_us;
}

static enum status store_changes(struct work_tools *tools, const struct dossier_work *works, size_t count,
                                 int64_t judged_us, bool *news_p)
{
    struct db_params *params = tools->params;
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
    tools->totals.changes += news;
    *news_p = true;
    return db_run(tools->db, SQL_SCORER_CHANGE_ADD, params, NULL);
}

enum status work_store(struct work_tools *tools, struct dossier_work *works, size_t count, int64_t judged_us,
                       bool *news)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        if (works[i].changed) {
            works[i].now = verdict_promise(&works[i].dossier, judged_us);
            st = count_work(tools, &works[i]);
        }
    }
    if (st == STATUS_OK) {
        st = dossier_save(tools->db, tools->params, tools->copy, works, count);
    }
    return st == STATUS_OK ? store_changes(tools, works, count, judged_us, news) : st;
}

void work_clear(struct dossier_work *works, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(works[i].last_id);
    }
}
