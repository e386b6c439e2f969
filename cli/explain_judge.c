/* SPDX-License-Identifier: MIT */
/* explain_judge.c - a dossier folded and judged again from the ledger, as the scorer does it (scorer/work.c). */
#include <stdio.h>
#include <string.h>

#include "cli/explain_parts.h"
#include "common/code_book.h"
#include "ingest/gate.h"

/* Any number that is not 0: the tables are read once. */
#define BOOK_STAMP 1

static enum status fetch(struct db *db, enum sql_query query, const struct explain_case *found, PGresult **result)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_int4(params, found->where.source_id);
        db_param_text(params, found->code);
        st = db_run(db, query, params, result);
    }
    db_params_destroy(&params);
    return st;
}

/* --- folding --- */

static void keep_code(char out[ENVELOPE_CODE_MAX + 1], const char *code)
{
    if (code != NULL) {
        snprintf(out, ENVELOPE_CODE_MAX + 1, "%s", code);
    }
}

static enum status fold_row(struct explain_case *found, const struct slice_event *row)
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
        st = code_book_apply(found->book->codes, &event, &scratch, &refusal);
    }
    if (st == STATUS_OK) {
        keep_code(found->unit, event.unit);
        keep_code(found->procedure, event.procedure);
        st = fold_event(&found->dossier, &event, row->stored_us);
        found->dossier.last_id = row->id; /* lives as long as the rows; the event does not */
    } else if (st == STATUS_INVALID) {
        found->unreadable++;
        st = STATUS_OK;
    }
    envelope_clear(&event);
    return st;
}

static enum status fold(struct db *db, struct explain_case *found)
{
    enum status st = fetch(db, SQL_EXPLAIN_HISTORY, found, &found->events);

    fold_start(&found->dossier);
    if (st == STATUS_OK) {
        st = slice_read(&found->slice, found->events, SLICE_WHOLE);
    }
    for (size_t i = 0; i < found->slice.count && st == STATUS_OK; i++) {
        st = fold_row(found, &found->slice.events[i]);
    }
    return st;
}

/* The number of its unit, whose hours count; a unit that the scorer has not registered yet has none of its own. */
static enum status find_unit(struct db *db, struct explain_case *found)
{
    struct db_params *params = db_params_new();
    PGresult *unit = NULL;
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, found->unit);
        st = db_run(db, SQL_UNIT_KNOWN, params, &unit);
    }
    if (st == STATUS_OK && PQntuples(unit) > 0) {
        found->dossier.unit_id = (int32_t)db_int(unit, 0, 0);
    }
    PQclear(unit);
    db_params_destroy(&params);
    return st;
}

/* --- judging --- */

static int read_book(struct cli *cli, struct db *db, struct explain_case *found)
{
    char error[CALENDAR_ERROR_SIZE];
    enum status st;

    found->book = book_new();
    if (found->book == NULL) {
        cli_tell(cli, WORD_MEMORY_SHORT, NULL);
        return EXIT_UNREACHABLE;
    }
    st = book_read(found->book, db, BOOK_STAMP, error);
    if (st == STATUS_FATAL && db_error(db)[0] == '\0') {
        cli_complain(cli, "%s", error);
        return EXIT_UNREACHABLE;
    }
    return st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
}

int explain_judge(struct cli *cli, struct db *db, struct explain_case *found)
{
    int code = read_book(cli, db, found);
    enum status st;

    if (code != EXIT_FINE) {
        return code;
    }
    st = fetch(db, SQL_EXPLAIN_DOSSIER, found, &found->row);
    if (st == STATUS_OK) {
        st = db_run(db, SQL_CALENDAR_VERSIONS, NULL, &found->calendars);
    }
    if (st == STATUS_OK) {
        st = fold(db, found);
    }
    if (st == STATUS_OK) {
        st = find_unit(db, found);
    }
    if (st == STATUS_OK) {
        found->judged_us = db_us(found->row, 0, EXPLAIN_JUDGED_AT);
        found->basis = (struct verdict_basis){.rules = found->book->rules, .calendars = found->book->calendars};
        verdict_judge(&found->basis, &found->dossier, found->procedure, found->judged_us, &found->verdicts);
        st = explain_gap_find(&found->basis, &found->dossier, found->procedure, found->judged_us, &found->gap);
    }
    return st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
}

void explain_case_clear(struct explain_case *found)
{
    fold_clear(&found->dossier);
    slice_clear(&found->slice);
    book_destroy(&found->book);
    PQclear(found->row);
    PQclear(found->calendars);
    PQclear(found->events);
}

const struct rule *explain_rule(const struct explain_case *found, enum rule_name name)
{
    return rule_book_find(found->book->rules, name, verdict_anchor(&found->dossier));
}

int64_t explain_due_after(const struct explain_case *found, enum rule_name name, size_t pauses)
{
    struct dossier dossier = found->dossier;
    struct verdicts verdicts;

    dossier.pause_count = pauses;
    verdict_judge(&found->basis, &dossier, found->procedure, found->judged_us, &verdicts);
    return verdicts.rule[name].due_us;
}

const struct calendar *explain_calendar(const struct explain_case *found, int *version)
{
    const struct calendars *calendars = found->book->calendars;
    int64_t end_us = explain_end(found);

    *version = found->verdicts.rule[RULE_PROMISE].calendar;
    if (*version <= 0) {
        *version = found->verdicts.calendar;
    }
    if (*version <= 0 && calendars != NULL) {
        *version = calendars_at(calendars, end_us == FOLD_NONE_US ? found->judged_us : end_us);
    }
    if (*version <= 0) {
        *version = calendars != NULL && calendars_newest(calendars) > 0 ? 1 : 0;
    }
    return *version == 0 ? NULL : calendars_find(calendars, *version, found->dossier.unit_id);
}

int64_t explain_end(const struct explain_case *found)
{
    return verdict_end(&found->dossier, explain_rule(found, RULE_PROMISE));
}

int64_t explain_paused_since(const struct explain_case *found)
{
    if (explain_end(found) != FOLD_NONE_US) {
        return FOLD_NONE_US;
    }
    for (size_t i = 0; i < found->dossier.pause_count; i++) {
        if (found->dossier.pauses[i].to_us == FOLD_NONE_US) {
            return found->dossier.pauses[i].from_us; /* they ascend */
        }
    }
    return FOLD_NONE_US;
}

/* --- the stored row beside it --- */

static bool same_verdict(const struct explain_case *found, enum rule_name name)
{
    const struct verdict *verdict = &found->verdicts.rule[name];
    int at = EXPLAIN_CLASS + (int)name * EXPLAIN_RULE_COLUMNS;

    if (db_null(found->row, 0, at)) {
        return verdict->class == VERDICT_CLASSES;
    }
    return verdict->class != VERDICT_CLASSES &&
           strcmp(verdict_class_name(verdict->class), db_text(found->row, 0, at)) == 0 &&
           verdict->day == db_day(found->row, 0, at + 1) && verdict->due_us == db_us(found->row, 0, at + 2);
}

void explain_compare(const struct explain_case *found, const char *names[EXPLAIN_DIFFERENCES])
{
    const struct {
        const char *name;
        bool same;
    } rows[] = {
        {"state", strcmp(dossier_state_name(fold_state(&found->dossier)), db_text(found->row, 0, EXPLAIN_STATE)) == 0},
        {"promise", same_verdict(found, RULE_PROMISE)},
        {"portal", same_verdict(found, RULE_PORTAL)},
        {"intake", same_verdict(found, RULE_INTAKE)},
        {"broken", found->verdicts.broken == db_int(found->row, 0, EXPLAIN_BROKEN)},
        {"next_due", found->verdicts.next_due_us == db_us(found->row, 0, EXPLAIN_NEXT_DUE)},
        {"due_computed", found->verdicts.due_computed_us == db_us(found->row, 0, EXPLAIN_DUE_COMPUTED)},
        {"flags", found->verdicts.flags == db_int(found->row, 0, EXPLAIN_FLAGS)},
        {"calendar", found->verdicts.calendar == db_int(found->row, 0, EXPLAIN_CALENDAR)},
    };
    int count = 0;

    _Static_assert(sizeof rows / sizeof *rows < EXPLAIN_DIFFERENCES, "a NULL ends them");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i].same) {
            names[count++] = rows[i].name;
        }
    }
    names[count] = NULL;
}

void explain_dates(const struct explain_case *found, struct explain_date dates[EXPLAIN_DATES])
{
    const struct dossier *dossier = &found->dossier;
    const struct explain_date all[EXPLAIN_DATES] = {
        {"submitted", WORD_DATE_SUBMITTED, dossier->submitted_us},
        {"received", WORD_DATE_RECEIVED, dossier->received_us},
        {"accepted", WORD_DATE_ACCEPTED, dossier->accepted_us},
        {"due_first", WORD_DATE_DUE_FIRST, dossier->due_first_us},
        {"due_current", WORD_DATE_DUE_CURRENT, dossier->due_us},
        {"due_computed", WORD_DATE_DUE_COMPUTED, found->verdicts.due_computed_us},
        {"finished_first", WORD_DATE_FINISHED_FIRST, dossier->finished_first_us},
        {"finished", WORD_DATE_FINISHED, dossier->finished_us},
        {"returned", WORD_DATE_RETURNED, dossier->returned_us},
        {"refused", WORD_DATE_REFUSED, dossier->refused_us},
        {"stopped", WORD_DATE_STOPPED, dossier->stopped_us},
        {"withdrawn", WORD_DATE_WITHDRAWN, dossier->withdrawn_us},
        {"told_at", WORD_DATE_TOLD, dossier->told_us},
    };

    memcpy(dates, all, sizeof all);
}
