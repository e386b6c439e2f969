/* SPDX-License-Identifier: MIT */
/* report.c - see report.h. */
#include "cli/report.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    enum word word;
    enum table_tone tone;
} values[] = {
    {"early", WORD_EARLY, TABLE_GOOD},
    {"on_time", WORD_ON_TIME, TABLE_GOOD},
    {"late", WORD_LATE, TABLE_BAD},
    {"overdue", WORD_OVERDUE, TABLE_BAD},
    {"in_time", WORD_IN_TIME, TABLE_PLAIN},
    {"excluded", WORD_EXCLUDED, TABLE_PLAIN},
    {"received", WORD_STATE_RECEIVED, TABLE_PLAIN},
    {"in_process", WORD_STATE_IN_PROCESS, TABLE_PLAIN},
    {"paused", WORD_PAUSED, TABLE_PLAIN},
    {"finished", WORD_STATE_FINISHED, TABLE_PLAIN},
    {"returned", WORD_STATE_RETURNED, TABLE_PLAIN},
    {"refused", WORD_STATE_REFUSED, TABLE_PLAIN},
    {"stopped", WORD_STATE_STOPPED, TABLE_PLAIN},
    {"withdrawn", WORD_STATE_WITHDRAWN, TABLE_PLAIN},
    {"owed", WORD_DUTY_OWED, TABLE_WARN},
    {"drafted", WORD_DUTY_DRAFTED, TABLE_WARN},
    {"approved", WORD_DUTY_APPROVED, TABLE_WARN},
    {"sent", WORD_DUTY_SENT, TABLE_GOOD},
    {"void", WORD_DUTY_VOID, TABLE_PLAIN},
    {"dossier.received", WORD_KIND_RECEIVED, TABLE_PLAIN},
    {"dossier.accepted", WORD_KIND_ACCEPTED, TABLE_PLAIN},
    {"dossier.supplement_requested", WORD_KIND_SUPPLEMENT_REQUESTED, TABLE_PLAIN},
    {"dossier.supplemented", WORD_KIND_SUPPLEMENTED, TABLE_PLAIN},
    {"dossier.payment_requested", WORD_KIND_PAYMENT_REQUESTED, TABLE_PLAIN},
    {"dossier.paid", WORD_KIND_PAID, TABLE_PLAIN},
    {"dossier.rescheduled", WORD_KIND_RESCHEDULED, TABLE_PLAIN},
    {"dossier.finished", WORD_KIND_FINISHED, TABLE_PLAIN},
    {"dossier.returned", WORD_KIND_RETURNED, TABLE_PLAIN},
    {"dossier.refused", WORD_KIND_REFUSED, TABLE_PLAIN},
    {"dossier.stopped", WORD_KIND_STOPPED, TABLE_PLAIN},
    {"dossier.synced", WORD_KIND_SYNCED, TABLE_PLAIN},
    {"dossier.withdrawn", WORD_KIND_WITHDRAWN, TABLE_PLAIN},
    {"apology.sent", WORD_KIND_APOLOGY_SENT, TABLE_PLAIN},
    /* steps and their outcomes, deliveries, what officials say, rungs */
    {"waiting", WORD_WAITING, TABLE_PLAIN},
    {"claimed", WORD_CLAIMED, TABLE_PLAIN},
    {"dead", WORD_DEAD, TABLE_BAD},
    {"uncertain", WORD_UNCERTAIN, TABLE_WARN},
    {"done", WORD_STEP_TAKEN, TABLE_PLAIN},
    {"dropped", WORD_STEP_DROPPED, TABLE_PLAIN},
    {"told", WORD_STEP_TOLD, TABLE_GOOD},
    {"overtaken", WORD_STEP_OVERTAKEN, TABLE_PLAIN},
    {"acknowledged", WORD_STEP_ACKNOWLEDGED, TABLE_PLAIN},
    {"muted", WORD_STEP_MUTED, TABLE_WARN},
    {"nobody", WORD_STEP_NOBODY, TABLE_BAD},
    {"off", WORD_STEP_OFF, TABLE_PLAIN},
    {"passed", WORD_STEP_PASSED, TABLE_PLAIN},
    {"ended", WORD_STEP_ENDED, TABLE_PLAIN},
    {"moved", WORD_STEP_MOVED, TABLE_PLAIN},
    {"ack", WORD_HUSH_ACK, TABLE_PLAIN},
    {"snooze", WORD_HUSH_SNOOZE, TABLE_PLAIN},
    {"mute", WORD_HUSH_MUTE, TABLE_WARN},
    {"due_3_days", WORD_RUNG_DUE_3_DAYS, TABLE_PLAIN},
    {"due_1_day", WORD_RUNG_DUE_1_DAY, TABLE_PLAIN},
    {"due_3_hours", WORD_RUNG_DUE_3_HOURS, TABLE_PLAIN},
    {"due_now", WORD_RUNG_DUE_NOW, TABLE_PLAIN},
    {"overdue_daily", WORD_RUNG_OVERDUE_DAILY, TABLE_PLAIN},
    {"letter_owed", WORD_RUNG_LETTER_OWED, TABLE_PLAIN},
    {"letter_late", WORD_RUNG_LETTER_LATE, TABLE_BAD},
    {"due", WORD_ANCHOR_DUE, TABLE_PLAIN},
    {"duty", WORD_ANCHOR_DUTY, TABLE_PLAIN},
    {"deadline", WORD_ANCHOR_DEADLINE, TABLE_PLAIN},
    {"daily", WORD_ANCHOR_DAILY, TABLE_PLAIN},
    {"email", WORD_CHANNEL_EMAIL, TABLE_PLAIN},
    {"webhook", WORD_CHANNEL_WEBHOOK, TABLE_PLAIN},
    {"work", WORD_HOURS_WORK, TABLE_PLAIN},
    {"always", WORD_HOURS_ALWAYS, TABLE_PLAIN},
    {"notices", WORD_MESSAGE_NOTICES, TABLE_PLAIN},
    {"digest", WORD_MESSAGE_DIGEST, TABLE_PLAIN},
    {"letter", WORD_MESSAGE_LETTER, TABLE_PLAIN},
};

#define VALUES (sizeof values / sizeof *values)

static size_t find_value(const char *name)
{
    size_t i = 0;

    while (i < VALUES && strcmp(values[i].name, name) != 0) {
        i++;
    }
    return i;
}

static void put_value(const struct cli *cli, struct table *table, const char *name)
{
    size_t i = find_value(name);

    table_text(table, name);
    if (i < VALUES) {
        table_show(table, cli_word(cli, values[i].word));
        table_tone(table, values[i].tone);
    }
}

static void put_timely(const struct cli *cli, struct table *table, const char *name)
{
    bool late = strcmp(name, "late") == 0;

    table_text(table, name);
    if (strcmp(name, "none") == 0) {
        table_show(table, cli_word(cli, WORD_NOT_SENT));
    } else {
        table_show(table, cli_word(cli, late ? WORD_LATE : WORD_TIMELY));
        table_tone(table, late ? TABLE_BAD : TABLE_GOOD);
    }
}

static void put_span(const struct cli *cli, struct table *table, int64_t span_s)
{
    char span[CLI_TIME_SIZE];
    char signed_span[CLI_TIME_SIZE + 1];

    table_int(table, span_s);
    snprintf(signed_span, sizeof signed_span, "%s%s", span_s < 0 ? "-" : "",
             cli_span(cli, span_s * CLOCK_SECOND_US, span));
    table_show(table, signed_span);
}

static void put_since(const struct cli *cli, struct table *table, int64_t since_s)
{
    char span[CLI_TIME_SIZE];
    char sentence[CLI_SENTENCE_SIZE];

    table_int(table, since_s);
    cli_span(cli, since_s * CLOCK_SECOND_US, span);
    table_show(table, since_s < 0 ? cli_sentence(cli, sentence, WORD_IN_SPAN, span, NULL) : span);
}

static void put_cell(const struct cli *cli, struct table *table, const PGresult *result, int r, int c,
                     enum report_type type)
{
    char date[CLI_TIME_SIZE];

    if (db_null(result, r, c)) {
        table_null(table);
        return;
    }
    switch (type) {
    case REPORT_TEXT:
        table_text(table, db_text(result, r, c));
        break;
    case REPORT_CODE:
        table_text(table, db_text(result, r, c));
        if (db_text(result, r, c)[0] == '\0') {
            table_show(table, cli_word(cli, WORD_NONE));
        }
        break;
    case REPORT_VALUE:
        put_value(cli, table, db_text(result, r, c));
        break;
    case REPORT_TIMELY:
        put_timely(cli, table, db_text(result, r, c));
        break;
    case REPORT_INT:
    case REPORT_HIDDEN:
        table_int(table, db_int(result, r, c));
        break;
    case REPORT_BOOL:
        table_bool(table, db_bool(result, r, c), cli_word(cli, db_bool(result, r, c) ? WORD_YES : WORD_NO));
        break;
    case REPORT_TIME:
        cli_cell_time(table, db_us(result, r, c));
        break;
    case REPORT_DAY:
        table_text(table, cli_date(db_day(result, r, c), date));
        break;
    case REPORT_SPAN:
        put_span(cli, table, db_int(result, r, c));
        break;
    case REPORT_SINCE:
        put_since(cli, table, db_int(result, r, c));
        break;
    }
}

static struct table *make_table(const struct cli *cli, const PGresult *result, const struct report_column *columns,
                                int count, enum table_hide hide)
{
    struct table *table = table_new();

    for (int c = 0; c < count; c++) {
        bool number = columns[c].type == REPORT_INT || columns[c].type == REPORT_SPAN ||
                      columns[c].type == REPORT_SINCE || columns[c].type == REPORT_HIDDEN;

        if (columns[c].type != REPORT_HIDDEN || cli->format != CLI_TEXT) {
            cli_column(cli, table, columns[c].name, columns[c].title, number ? TABLE_RIGHT : TABLE_LEFT);
            table_hide(table, PQntuples(result) > 0 ? hide : TABLE_HIDE_NEVER);
        }
    }
    for (int r = 0; r < PQntuples(result); r++) {
        table_row(table);
        for (int c = 0; c < count; c++) {
            if (columns[c].type != REPORT_HIDDEN || cli->format != CLI_TEXT) {
                put_cell(cli, table, result, r, c, columns[c].type);
            }
        }
    }
    return table;
}

struct table *report_table(const struct cli *cli, const PGresult *result, const struct report_column *columns,
                           int count)
{
    return make_table(cli, result, columns, count, TABLE_HIDE_NEVER);
}

struct table *report_brief(const struct cli *cli, const PGresult *result, const struct report_column *columns,
                           int count)
{
    return make_table(cli, result, columns, count, TABLE_HIDE_EMPTY);
}

bool report_is_quiet(const PGresult *result, int column, enum report_type type)
{
    bool text = type == REPORT_TEXT || type == REPORT_CODE;

    for (int r = 0; r < PQntuples(result); r++) {
        if (text ? strcmp(db_text(result, r, column), db_text(result, 0, column)) != 0 : !db_null(result, r, column)) {
            return false;
        }
    }
    return true;
}

void report_none(const struct cli *cli, const PGresult *rows, const char *first)
{
    if (PQntuples(rows) == 0 && cli->format == CLI_TEXT && first != NULL) {
        cli_tell(cli, WORD_NONE_YET, first, NULL);
    }
}

int report_list(struct cli *cli, struct db *db, const struct report_list *list, struct db_params *params)
{
    struct table *table;
    PGresult *rows = NULL;
    enum status st = db_run(db, list->query, params, &rows);
    int code;

    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    table = (list->brief ? report_brief : report_table)(cli, rows, list->columns, list->count);
    code = cli_print_table(cli, &table, list->as_of_us);
    report_none(cli, rows, list->first);
    PQclear(rows);
    return code;
}

int report_query(struct cli *cli, enum sql_query query, const struct report_column *columns, int count)
{
    const struct report_list list = {query, columns, count, false, DB_NULL_US, NULL};
    struct db *db;
    int code = cli_db(cli, &db);

    return code == EXIT_FINE ? report_list(cli, db, &list, NULL) : code;
}

const char *report_value(const struct cli *cli, const char *name)
{
    size_t i = find_value(name);

    return i < VALUES ? cli_word(cli, values[i].word) : name;
}

int report_find_dossier(struct cli *cli, struct db *db, const char *code, const char *source,
                        struct report_dossier *dossier)
{
    struct db_params *params = db_params_new();
    PGresult *found = NULL;
    enum status st = STATUS_RETRY;
    int code_no = EXIT_ANSWER_NO;

    if (params != NULL) {
        db_param_text(params, code);
        db_param_text(params, source);
        st = db_run(db, SQL_EXPLAIN_FIND, params, &found);
    }
    if (st != STATUS_OK) {
        code_no = cli_db_failed(cli, db, st);
    } else if (PQntuples(found) == 0) {
        cli_tell(cli, source == NULL ? WORD_DOSSIER_UNKNOWN : WORD_DOSSIER_UNKNOWN_THERE, code, source, NULL);
    } else if (PQntuples(found) > 1) {
        cli_tell(cli, WORD_DOSSIER_SEVERAL, code, NULL);
        for (int r = 0; r < PQntuples(found); r++) {
            char quoted[CLI_SHELL_SIZE];

            fputs("  --source ", stderr);
            table_put_printable(stderr, cli_shell(db_text(found, r, 1), quoted));
            putc('\n', stderr);
        }
    } else {
        dossier->source_id = (int32_t)db_int(found, 0, 0);
        dossier->folded = db_bool(found, 0, 2);
        snprintf(dossier->source, sizeof dossier->source, "%s", db_text(found, 0, 1));
        code_no = EXIT_FINE;
    }
    PQclear(found);
    db_params_destroy(&params);
    return code_no;
}

int report_check_unit(struct cli *cli, struct db *db, const char *unit)
{
    struct db_params *params;
    PGresult *found = NULL;
    enum status st = STATUS_RETRY;
    int code = EXIT_FINE;

    if (unit == NULL) {
        return EXIT_FINE;
    }
    params = db_params_new();
    if (params != NULL) {
        db_param_text(params, unit);
        st = db_run(db, SQL_UNIT_KNOWN, params, &found);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (PQntuples(found) == 0) {
        cli_tell(cli, WORD_UNIT_UNKNOWN, unit, NULL);
        code = EXIT_ANSWER_NO;
    }
    PQclear(found);
    db_params_destroy(&params);
    return code;
}

void report_list_add(char list[REPORT_LIST_SIZE], const char *name)
{
    static const char more[] = ", ...";
    size_t used = strlen(list);
    const char *gap = used > 0 ? ", " : "";

    if (used >= sizeof more - 1 && strcmp(list + used - (sizeof more - 1), more) == 0) {
        return;
    }
    if (used + strlen(gap) + strlen(name) + sizeof more > REPORT_LIST_SIZE) {
        gap = "";
        name = used > 0 ? more : more + 2;
    }
    snprintf(list + used, REPORT_LIST_SIZE - used, "%s%s", gap, name);
}

int report_check_source(struct cli *cli, struct db *db, const char *source)
{
    struct db_params *params;
    PGresult *found = NULL;
    char known[REPORT_LIST_SIZE] = "";
    enum status st = STATUS_RETRY;
    int code = EXIT_FINE;

    if (source == NULL) {
        return EXIT_FINE;
    }
    params = db_params_new();
    if (params != NULL) {
        db_param_text(params, source);
        st = db_run(db, SQL_SOURCE_KNOWN, params, &found);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (PQntuples(found) == 0 || !db_bool(found, 0, 1)) {
        for (int r = 0; r < PQntuples(found); r++) {
            report_list_add(known, db_text(found, r, 0));
        }
        cli_tell(cli, WORD_SOURCE_UNKNOWN, source, *known == '\0' ? cli_word(cli, WORD_NONE) : known, NULL);
        code = EXIT_ANSWER_NO;
    }
    PQclear(found);
    db_params_destroy(&params);
    return code;
}
