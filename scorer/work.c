/* SPDX-License-Identifier: MIT */
/* work.c - the dossiers in hand during a turn. */
#include "scorer/work.h"

#include <stdlib.h>
#include <string.h>

#include "common/service.h"
#include "ingest/gate.h"
#include "scorer/promise_store.h"
#include "scorer/promises.h"

/* Dossiers whose whole history is read at once, and about how many events: a group bounds memory and the time of a
 * statement. */
#define REFOLD_GROUP 500
#define REFOLD_EVENTS 20000

/* --- folding --- */

static enum status fold_names(struct work_tools *tools, const struct envelope *event, struct dossier *dossier)
{
    enum status st = STATUS_OK;

    if (event->kind == EVENT_APOLOGY_SENT) {
        return STATUS_OK; /* tells of a letter, not of the dossier */
    }
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
    struct code_scratch scratch;
    struct refusal refusal = {.sentence = ""};
    size_t len = (size_t)row->payload_len;
    enum status st = envelope_parse(row->payload, len, &event, &refusal);

    /* Memory was short, or the row was altered since it passed the gate. */
    if (st == STATUS_RETRY && gate_check(row->payload, len, &refusal) == STATUS_INVALID) {
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        st = code_book_apply(tools->codes, &event, &scratch, &refusal);
    }
    if (st == STATUS_OK) {
        st = fold_names(tools, &event, &work->dossier);
    } else if (st == STATUS_INVALID) {
        tools->totals.unfoldable++;
        log_error(tools->log, "LEDGER-UNREADABLE", "source_id=%d id=\"%s\" %s; see kipthoi audit", row->source_id,
                  row->id, refusal.sentence);
        st = STATUS_DUPLICATE;
    }
    if (st == STATUS_OK) {
        st = fold_event(&work->dossier, &event, row->stored_us);
        work->dossier.last_id = row->id; /* lives as long as the rows; the event does not */
        work->slot = envelope_slot(event.source, row->dossier);
        work->apology = work->apology || event.kind == EVENT_APOLOGY_SENT;
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

/* Cannot be added to what is stored: older than what was folded, or the lists are not at hand. */
static bool starts_late(const struct slice_event *row, const struct dossier_work *work)
{
    return work->stored &&
           (work->dossier.partial || !fold_is_next(&work->dossier, row->happened_us, row->sequence, row->id));
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

/* Starts dossiers anew, from all their events. */
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

/* How many of the first dossiers make a group: at least one. */
static size_t refold_group_size(struct dossier_work **late, size_t count)
{
    size_t group = 0;
    int64_t events = 0;

    while (group < count && group < REFOLD_GROUP && (group == 0 || events < REFOLD_EVENTS)) {
        events += late[group++]->dossier.events;
    }
    return group;
}

static enum status refold(struct work_tools *tools, const struct work_reach *reach, struct dossier_work **late,
                          size_t count)
{
    enum status st = STATUS_OK;

    for (size_t done = 0; done < count && st == STATUS_OK;) {
        size_t group = refold_group_size(late + done, count - done);

        st = refold_group(tools, reach, late + done, group);
        done += group;
        service_tell_alive("folding");
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

static bool stays_in_cell(const struct dossier_work *work, const struct verdict *was, const struct verdict *now)
{
    return work->stored && was->class == now->class && was->day == now->day &&
           work->was_unit_id == work->dossier.unit_id && work->was_field_id == work->dossier.field_id &&
           work->was_procedure_id == work->dossier.procedure_id;
}

/* One dossier's place in the counters under one rule: out of the old cell, into the new one. */
static enum status count_rule(struct work_tools *tools, const struct dossier_work *work, int name)
{
    const struct verdict *was = &work->was.rule[name];
    const struct verdict *now = &work->now.rule[name];
    enum status st = STATUS_OK;

    if (stays_in_cell(work, was, now)) {
        return STATUS_OK;
    }
    if (work->stored && was->class != VERDICT_CLASSES) {
        st = counters_add(tools->counters,
                          &(struct counters_cell){.day = was->day,
                                                  .unit_id = work->was_unit_id,
                                                  .field_id = work->was_field_id,
                                                  .procedure_id = work->was_procedure_id,
                                                  .rule = (enum rule_name)name,
                                                  .class = was->class},
                          -1);
    }
    if (st == STATUS_OK && now->class != VERDICT_CLASSES) {
        st = counters_add(tools->counters,
                          &(struct counters_cell){.day = now->day,
                                                  .unit_id = work->dossier.unit_id,
                                                  .field_id = work->dossier.field_id,
                                                  .procedure_id = work->dossier.procedure_id,
                                                  .rule = (enum rule_name)name,
                                                  .class = now->class},
                          1);
    }
    return st;
}

static enum status count_work(struct work_tools *tools, const struct dossier_work *work)
{
    enum status st = STATUS_OK;

    for (int name = 0; name < RULES && st == STATUS_OK; name++) {
        st = count_rule(tools, work, name);
    }
    return st;
}

/*
 * Every change that has a missed promise on either side, another number of broken ones, and when a broken promise or
 * the unit of a missed one is another now: the letter that is owed has to say so.
 */
static bool is_news_of_letters(const struct dossier_work *work)
{
    const struct verdict *was = &work->was.rule[RULE_PROMISE];
    const struct verdict *now = &work->now.rule[RULE_PROMISE];

    if (!work->stored) {
        return verdict_missed(now->class);
    }
    if (!verdict_missed(was->class) && !verdict_missed(now->class)) {
        return false;
    }
    return was->class != now->class || work->was.broken != work->now.broken || was->due_us != now->due_us ||
           work->promises_moved || work->was_unit_id != work->dossier.unit_id;
}

/* The promise that time breaks next came, went or is another now, or another unit has to keep it. */
static bool is_news_of_alerts(const struct dossier_work *work)
{
    int64_t was_us = work->stored ? work->was.next_due_us : FOLD_NONE_US;
    int64_t now_us = work->now.next_due_us;

    return was_us != now_us || (now_us != FOLD_NONE_US && work->was_unit_id != work->dossier.unit_id);
}

/* What the notifier has to hear. */
static bool is_news(const struct dossier_work *work)
{
    return work->changed && (work->apology || is_news_of_letters(work) || is_news_of_alerts(work));
}

static bool has_apology(const struct dossier_work *work)
{
    return work->apology;
}

/* Asked of dossiers that were judged again for a calendar: open, and its promised due moved. */
static bool is_projected(const struct dossier_work *work)
{
    return fold_state(&work->dossier) <= DOSSIER_PAUSED &&
           work->was.rule[RULE_PROMISE].due_us != work->now.rule[RULE_PROMISE].due_us;
}

/* One array parameter over the works that a condition picks. */
#define PICKED(type, add, value, picks)                                                                                \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const struct dossier_work *work = &works[i];                                                               \
            if (picks(work)) {                                                                                         \
                add(params, value);                                                                                    \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

static size_t count_picked(const struct dossier_work *works, size_t count, bool (*picks)(const struct dossier_work *))
{
    size_t picked = 0;

    for (size_t i = 0; i < count; i++) {
        picked += picks(&works[i]);
    }
    return picked;
}

static const char *class_before(const struct dossier_work *work)
{
    return work->stored ? verdict_class_name(work->was.rule[RULE_PROMISE].class) : NULL;
}

static enum status store_changes(struct work_tools *tools, const struct dossier_work *works, size_t count,
                                 int64_t judged_us, bool *news_p)
{
    struct db_params *params = tools->params;
    size_t news = count_picked(works, count, is_news);

    if (news == 0) {
        return STATUS_OK;
    }
    db_params_reset(params);
    PICKED(DB_ARRAY_INT4, db_param_add_int, work->source_id, is_news);
    PICKED(DB_ARRAY_TEXT, db_param_add_text, work->code, is_news);
    PICKED(DB_ARRAY_TEXT, db_param_add_text, class_before(work), is_news);
    PICKED(DB_ARRAY_TEXT, db_param_add_text, verdict_class_name(work->now.rule[RULE_PROMISE].class), is_news);
    PICKED(DB_ARRAY_INT2, db_param_add_int, work->now.broken, is_news);
    db_param_us(params, judged_us);
    tools->totals.changes += (int64_t)news;
    *news_p = true;
    return db_run(tools->db, SQL_SCORER_CHANGE_ADD, params, NULL);
}

/* Letters that upstreams told of, for the notifier: the ledger is not for its eyes. */
static enum status store_apologies(struct work_tools *tools, const struct dossier_work *works, size_t count)
{
    struct db_params *params = tools->params;

    if (count_picked(works, count, has_apology) == 0) {
        return STATUS_OK;
    }
    db_params_reset(params);
    PICKED(DB_ARRAY_INT4, db_param_add_int, work->source_id, has_apology);
    PICKED(DB_ARRAY_TEXT, db_param_add_text, work->code, has_apology);
    return db_run(tools->db, SQL_SCORER_APOLOGY_ADD, params, NULL);
}

static enum status store_projections(struct work_tools *tools, const struct dossier_work *works, size_t count,
                                     int64_t judged_us)
{
    struct db_params *params = tools->params;

    if (count_picked(works, count, is_projected) == 0) {
        return STATUS_OK;
    }
    db_params_reset(params);
    PICKED(DB_ARRAY_INT4, db_param_add_int, work->source_id, is_projected);
    PICKED(DB_ARRAY_TEXT, db_param_add_text, work->code, is_projected);
    PICKED(DB_ARRAY_INT2, db_param_add_int, work->was.calendar, is_projected);
    PICKED(DB_ARRAY_INT2, db_param_add_int, work->now.calendar, is_projected);
    PICKED(DB_ARRAY_US, db_param_add_us, work->was.rule[RULE_PROMISE].due_us, is_projected);
    PICKED(DB_ARRAY_US, db_param_add_us, work->now.rule[RULE_PROMISE].due_us, is_projected);
    db_param_us(params, judged_us);
    return db_run(tools->db, SQL_SCORER_PROJECTION_ADD, params, NULL);
}

static enum status judge(const struct work_tools *tools, struct dossier_work *work, int64_t judged_us)
{
    const char *procedure;
    enum status st = registry_code(tools->registry, REGISTRY_PROCEDURE, work->dossier.procedure_id, &procedure);

    if (st == STATUS_OK) {
        verdict_judge(&tools->basis, &work->dossier, procedure, judged_us, &work->now);
    }
    return st;
}

enum status work_store(struct work_tools *tools, const struct work_reach *reach, struct dossier_work *works,
                       size_t count, bool *news)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        if (works[i].changed) {
            st = judge(tools, &works[i], reach->judged_us);
            st = st == STATUS_OK ? count_work(tools, &works[i]) : st;
        }
    }
    if (st == STATUS_OK) {
        st = promise_compare(tools->db, tools->params, works, count);
    }
    if (st == STATUS_OK) {
        st = dossier_save(tools->db, tools->params, tools->copy, works, count);
    }
    if (st == STATUS_OK) {
        st = store_apologies(tools, works, count);
    }
    if (st == STATUS_OK && reach->projecting) {
        st = store_projections(tools, works, count, reach->judged_us);
    }
    return st == STATUS_OK ? store_changes(tools, works, count, reach->judged_us, news) : st;
}

/* What time has made of the stored verdicts. */
static void tick(const struct work_tools *tools, struct dossier_work *work, int64_t judged_us)
{
    int64_t anchor_us = verdict_anchor(&work->dossier);

    work->now = work->was;
    for (int name = 0; name < RULES; name++) {
        const struct rule *rule = rule_book_find(tools->basis.rules, (enum rule_name)name, anchor_us);

        verdict_tick(rule, judged_us, &work->now.rule[name]);
    }
    promises_tick(rule_book_find(tools->basis.rules, RULE_PROMISE, anchor_us), &work->dossier, judged_us, &work->now);
    work->changed = true;
}

enum status work_tick(struct work_tools *tools, const struct work_reach *reach, struct dossier_work *works,
                      size_t count, bool *news)
{
    enum status st = promise_load(tools->db, tools->params, works, count);

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        tick(tools, &works[i], reach->judged_us);
        st = count_work(tools, &works[i]);
    }
    if (st == STATUS_OK) {
        st = dossier_save_verdicts(tools->db, tools->params, works, count);
    }
    return st == STATUS_OK ? store_changes(tools, works, count, reach->judged_us, news) : st;
}

enum status work_again(struct work_tools *tools, const struct work_reach *reach, struct dossier_work *works,
                       size_t count, PGresult **stored)
{
    struct dossier_work **again = calloc(count + 1, sizeof *again);
    enum status st = again == NULL ? STATUS_RETRY : dossier_load(tools->db, tools->params, works, count, stored);

    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        again[i] = &works[i];
    }
    if (st == STATUS_OK) {
        st = refold(tools, reach, again, count);
    }
    free(again);
    return st;
}

void work_clear(struct dossier_work *works, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(works[i].last_id);
        fold_clear(&works[i].dossier);
    }
}
