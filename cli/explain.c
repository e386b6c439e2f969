/* SPDX-License-Identifier: MIT */
/* explain.c - kipthoi explain: one dossier, every event, verdict, letter and alert, and why. */
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "scorer/fold.h"

static const char help[] =
    "kipthoi explain DOSSIER [--source S] - why a dossier is judged as it is\n\n"
    "Dates as first reported and as they stand now, both verdicts with a sentence, every event in the order in which\n"
    "it counts, when the dossier came to be late, its letters and alerts, and what looks wrong in its dates.  A code\n"
    "that several sources use needs --source.\n\n"
    "examples:\n"
    "  kipthoi explain H56.14-240823-0001\n"
    "  kipthoi explain 12345 --source /hcm/q1 --json\n";

/* Columns of explain_dossier.sql. */
enum {
    COL_UNIT,
    COL_UNIT_NAME,
    COL_FIELD,
    COL_FIELD_NAME,
    COL_PROCEDURE,
    COL_PROCEDURE_NAME,
    COL_STATE,
    COL_PROMISE,
    COL_PROMISE_DAY,
    COL_PORTAL,
    COL_RECEIVED,
    COL_ACCEPTED,
    COL_DUE_FIRST,
    COL_DUE_CURRENT,
    COL_FINISHED_FIRST,
    COL_FINISHED,
    COL_RETURNED,
    COL_REFUSED,
    COL_STOPPED,
    COL_WITHDRAWN,
    COL_PAUSED,
    COL_END,
    COL_DUE_MOVES,
    COL_FLAGS,
    COL_EVENTS,
    COL_JUDGED_AT
};

static const struct {
    int column;
    const char *name;
    enum word title;
} dates[] = {
    {COL_RECEIVED, "received", WORD_DATE_RECEIVED},    {COL_ACCEPTED, "accepted", WORD_DATE_ACCEPTED},
    {COL_DUE_FIRST, "due_first", WORD_DATE_DUE_FIRST}, {COL_DUE_CURRENT, "due_current", WORD_DATE_DUE_CURRENT},
    {COL_PAUSED, "paused_since", WORD_DATE_PAUSED},    {COL_FINISHED_FIRST, "finished_first", WORD_DATE_FINISHED_FIRST},
    {COL_FINISHED, "finished", WORD_DATE_FINISHED},    {COL_RETURNED, "returned", WORD_DATE_RETURNED},
    {COL_REFUSED, "refused", WORD_DATE_REFUSED},       {COL_STOPPED, "stopped", WORD_DATE_STOPPED},
    {COL_WITHDRAWN, "withdrawn", WORD_DATE_WITHDRAWN},
};

static const struct {
    enum fold_flag flag;
    const char *name;
    enum word word;
} flags[] = {
    {FOLD_FLAG_DUE_MOVED, "due_moved", WORD_FLAG_DUE_MOVED},
    {FOLD_FLAG_FINISH_MOVED, "finish_moved", WORD_FLAG_FINISH_MOVED},
    {FOLD_FLAG_FINISH_BEFORE_RECEIPT, "finish_before_receipt", WORD_FLAG_FINISH_BEFORE_RECEIPT},
    {FOLD_FLAG_DUE_BEFORE_RECEIPT, "due_before_receipt", WORD_FLAG_DUE_BEFORE_RECEIPT},
    {FOLD_FLAG_FINISH_WITHOUT_RECEIPT, "finish_without_receipt", WORD_FLAG_FINISH_WITHOUT_RECEIPT},
};

/* The lists below the header: a query of (source_id, code), its name in JSON, its title and columns. */
#define SECTION_COLUMNS 8
struct section {
    enum sql_query query;
    const char *name;
    enum word title;
    int count;
    struct report_column columns[SECTION_COLUMNS];
};

static const struct section sections[] = {
    {SQL_EXPLAIN_EVENTS,
     "events",
     WORD_SECTION_EVENTS,
     6,
     {{"happened", WORD_HAPPENED, REPORT_TIME},
      {"stored", WORD_STORED, REPORT_TIME},
      {"lag_s", WORD_LAG, REPORT_SPAN},
      {"kind", WORD_KIND, REPORT_VALUE},
      {"sequence", WORD_SEQUENCE, REPORT_INT},
      {"id", WORD_ID, REPORT_TEXT}}},
    {SQL_EXPLAIN_CHANGES,
     "verdict_changes",
     WORD_SECTION_CHANGES,
     3,
     {{"judged_at", WORD_JUDGED_AT, REPORT_TIME}, {"was", WORD_WAS, REPORT_VALUE}, {"now", WORD_NOW, REPORT_VALUE}}},
    {SQL_EXPLAIN_DUTIES,
     "letters",
     WORD_SECTION_LETTERS,
     8,
     {{"episode", WORD_EPISODE, REPORT_INT},
      {"state", WORD_STATE, REPORT_VALUE},
      {"due", WORD_DUE, REPORT_TIME},
      {"deadline", WORD_DEADLINE, REPORT_TIME},
      {"opened_at", WORD_OPENED, REPORT_TIME},
      {"letter_no", WORD_LETTER_NO, REPORT_TEXT},
      {"sent_at", WORD_SENT_AT, REPORT_TIME},
      {"sent_by", WORD_SENT_BY, REPORT_TEXT}}},
    {SQL_EXPLAIN_LOG,
     "letter_log",
     WORD_SECTION_LOG,
     6,
     {{"episode", WORD_EPISODE, REPORT_INT},
      {"at", WORD_AT, REPORT_TIME},
      {"was", WORD_WAS, REPORT_VALUE},
      {"now", WORD_NOW, REPORT_VALUE},
      {"who", WORD_WHO, REPORT_TEXT},
      {"why", WORD_WHY, REPORT_TEXT}}},
    {SQL_EXPLAIN_ALERTS,
     "alerts",
     WORD_SECTION_ALERTS,
     3,
     {{"at", WORD_AT, REPORT_TIME}, {"topic", WORD_TOPIC, REPORT_TEXT}, {"seq", WORD_SEQUENCE, REPORT_INT}}},
};

#define SECTIONS (sizeof sections / sizeof *sections)

/* All that was read, of one state of the database. */
struct findings {
    const char *code;
    struct report_dossier where;
    int64_t now_us;
    PGresult *dossier; /* one row when folded, else none */
    PGresult *lists[SECTIONS];
};

/* "finished A, promised B: on time, 20 min before", or why there is nothing to compare. */
static const char *promise_why(const struct cli *cli, const struct findings *f, char out[CLI_SENTENCE_SIZE])
{
    const char *class = db_text(f->dossier, 0, COL_PROMISE);
    int64_t due_us = db_us(f->dossier, 0, COL_DUE_FIRST);
    int64_t end_us = db_us(f->dossier, 0, COL_END);
    const char *verdict = report_value(cli, class);
    char due[CLI_TIME_SIZE];
    char end[CLI_TIME_SIZE];
    char span[CLI_TIME_SIZE];

    cli_time(due_us, due);
    cli_time(end_us, end);
    if (due_us == DB_NULL_US) {
        return cli_sentence(cli, out, WORD_WHY_NO_DUE, NULL);
    }
    if (strcmp(class, "excluded") == 0) {
        return cli_sentence(cli, out, WORD_WHY_WITHDRAWN, end, due, NULL);
    }
    if (end_us != DB_NULL_US) {
        cli_span(cli, due_us - end_us, span);
        return cli_sentence(cli, out, end_us > due_us ? WORD_WHY_LATE : WORD_WHY_KEPT, end, due, verdict, span, NULL);
    }
    if (strcmp(class, "paused") == 0) {
        return cli_sentence(cli, out, WORD_WHY_PAUSED, cli_time(db_us(f->dossier, 0, COL_PAUSED), end), due, NULL);
    }
    cli_span(cli, due_us - f->now_us, span);
    return cli_sentence(cli, out, strcmp(class, "overdue") == 0 ? WORD_WHY_OVERDUE : WORD_WHY_IN_TIME, due, span, NULL);
}

static void named_line(const struct cli *cli, enum word title, const char *code, const char *name)
{
    char text[CLI_SENTENCE_SIZE];

    snprintf(text, sizeof text, "%s%s%s", *code == '\0' ? cli_word(cli, WORD_NONE) : code, *name == '\0' ? "" : "  ",
             name);
    cli_line(cli, title, text);
}

static void print_dates(const struct cli *cli, const struct findings *f)
{
    char shown[CLI_TIME_SIZE];

    cli_heading(cli, cli_word(cli, WORD_SECTION_DATES));
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        if (!db_null(f->dossier, 0, dates[i].column)) {
            cli_line(cli, dates[i].title, cli_time(db_us(f->dossier, 0, dates[i].column), shown));
        }
    }
    if (db_int(f->dossier, 0, COL_DUE_MOVES) > 0) {
        cli_line_int(cli, WORD_DUE_MOVES, db_int(f->dossier, 0, COL_DUE_MOVES));
    }
}

static void print_verdicts(const struct cli *cli, const struct findings *f)
{
    char why[CLI_SENTENCE_SIZE];
    char shown[CLI_TIME_SIZE];

    cli_heading(cli, cli_word(cli, WORD_SECTION_VERDICTS));
    cli_line(cli, WORD_RULE_PROMISE, report_value(cli, db_text(f->dossier, 0, COL_PROMISE)));
    cli_line(cli, WORD_BECAUSE, promise_why(cli, f, why));
    cli_line(cli, WORD_RULE_PORTAL,
             db_null(f->dossier, 0, COL_PORTAL) ? cli_word(cli, WORD_PORTAL_NOT_JUDGED)
                                                : report_value(cli, db_text(f->dossier, 0, COL_PORTAL)));
    cli_line(cli, WORD_AS_OF, cli_time(db_us(f->dossier, 0, COL_JUDGED_AT), shown));
}

static void print_flags(const struct cli *cli, const struct findings *f)
{
    int64_t set = db_int(f->dossier, 0, COL_FLAGS);

    if (set == 0) {
        return;
    }
    cli_heading(cli, cli_word(cli, WORD_SECTION_FLAGS));
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if ((set & (int64_t)flags[i].flag) != 0) {
            printf("  %s\n", cli_word(cli, flags[i].word));
        }
    }
}

static void print_text(struct cli *cli, const struct findings *f)
{
    cli_heading(cli, f->code);
    cli_line(cli, WORD_SOURCE, f->where.source);
    if (!f->where.folded) {
        cli_line(cli, WORD_STATE, cli_word(cli, WORD_NOT_FOLDED));
    } else {
        named_line(cli, WORD_UNIT, db_text(f->dossier, 0, COL_UNIT), db_text(f->dossier, 0, COL_UNIT_NAME));
        named_line(cli, WORD_FIELD, db_text(f->dossier, 0, COL_FIELD), db_text(f->dossier, 0, COL_FIELD_NAME));
        named_line(cli, WORD_PROCEDURE, db_text(f->dossier, 0, COL_PROCEDURE),
                   db_text(f->dossier, 0, COL_PROCEDURE_NAME));
        cli_line(cli, WORD_STATE, report_value(cli, db_text(f->dossier, 0, COL_STATE)));
        print_dates(cli, f);
        print_verdicts(cli, f);
        print_flags(cli, f);
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        struct table *table;

        if (PQntuples(f->lists[i]) == 0) {
            continue;
        }
        cli_heading(cli, cli_word(cli, sections[i].title));
        table = report_table(cli, f->lists[i], sections[i].columns, sections[i].count);
        table_print_text(table, stdout, cli->color);
        table_destroy(&table);
    }
}

static void json_text(cJSON *object, const char *name, const PGresult *row, int column)
{
    cJSON_AddItemToObject(object, name,
                          db_null(row, 0, column) ? cJSON_CreateNull() : cJSON_CreateString(db_text(row, 0, column)));
}

static void json_dossier(const struct cli *cli, const struct findings *f, cJSON *object)
{
    char why[CLI_SENTENCE_SIZE];
    char day[CLI_TIME_SIZE];
    cJSON *promise = cJSON_AddObjectToObject(object, "promise");
    cJSON *words;

    json_text(object, "unit", f->dossier, COL_UNIT);
    json_text(object, "unit_name", f->dossier, COL_UNIT_NAME);
    json_text(object, "field", f->dossier, COL_FIELD);
    json_text(object, "field_name", f->dossier, COL_FIELD_NAME);
    json_text(object, "procedure", f->dossier, COL_PROCEDURE);
    json_text(object, "procedure_name", f->dossier, COL_PROCEDURE_NAME);
    json_text(object, "state", f->dossier, COL_STATE);
    for (size_t i = 0; i < sizeof dates / sizeof *dates; i++) {
        cJSON_AddItemToObject(object, dates[i].name, cli_json_time(db_us(f->dossier, 0, dates[i].column)));
    }
    cJSON_AddItemToObject(object, "end", cli_json_time(db_us(f->dossier, 0, COL_END)));
    json_text(promise, "class", f->dossier, COL_PROMISE);
    cJSON_AddStringToObject(promise, "day", cli_date(db_day(f->dossier, 0, COL_PROMISE_DAY), day));
    cJSON_AddStringToObject(promise, "why", promise_why(cli, f, why));
    json_text(object, "portal", f->dossier, COL_PORTAL);
    cJSON_AddItemToObject(object, "as_of", cli_json_time(db_us(f->dossier, 0, COL_JUDGED_AT)));
    cJSON_AddNumberToObject(object, "due_moves", (double)db_int(f->dossier, 0, COL_DUE_MOVES));
    words = cJSON_AddArrayToObject(object, "flags");
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
        if ((db_int(f->dossier, 0, COL_FLAGS) & (int64_t)flags[i].flag) != 0) {
            cJSON_AddItemToArray(words, cJSON_CreateString(flags[i].name));
        }
    }
}

static int print_json(struct cli *cli, const struct findings *f)
{
    cJSON *object = cJSON_CreateObject();

    cJSON_AddStringToObject(object, "dossier", f->code);
    cJSON_AddStringToObject(object, "source", f->where.source);
    cJSON_AddBoolToObject(object, "folded", f->where.folded);
    if (f->where.folded) {
        json_dossier(cli, f, object);
    }
    for (size_t i = 0; i < SECTIONS; i++) {
        struct table *table = report_table(cli, f->lists[i], sections[i].columns, sections[i].count);
        cJSON *totals = NULL;
        cJSON *rows = table_json(table, &totals);

        cJSON_AddItemToObject(object, sections[i].name, rows);
        cJSON_Delete(totals);
        table_destroy(&table);
    }
    return cli_print_json(cli, object);
}

/* Runs a query of (source_id, code). */
static enum status fetch(struct db *db, enum sql_query query, int32_t source_id, const char *code, PGresult **result)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_int4(params, source_id);
        db_param_text(params, code);
        st = db_run(db, query, params, result);
    }
    db_params_destroy(&params);
    return st;
}

static int run(struct cli *cli, const char *code, const char *source)
{
    struct findings f = {.code = code, .now_us = cli_now_us(cli)};
    struct db *db;
    enum status st = STATUS_OK;
    int exit_code = cli_snapshot(cli, &db);

    if (exit_code == EXIT_FINE) {
        exit_code = report_find_dossier(cli, db, code, source, &f.where);
    }
    if (exit_code != EXIT_FINE) {
        goto done;
    }
    if (f.where.folded) {
        st = fetch(db, SQL_EXPLAIN_DOSSIER, f.where.source_id, code, &f.dossier);
    }
    for (size_t i = 0; i < SECTIONS && st == STATUS_OK; i++) {
        st = fetch(db, sections[i].query, f.where.source_id, code, &f.lists[i]);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        exit_code = cli_db_failed(cli, db, st);
    } else if (cli->format == CLI_JSON) {
        exit_code = print_json(cli, &f);
    } else {
        print_text(cli, &f);
    }
done:
    PQclear(f.dossier);
    for (size_t i = 0; i < SECTIONS; i++) {
        PQclear(f.lists[i]);
    }
    return exit_code;
}

int cmd_explain(struct cli *cli, int argc, char **argv)
{
    const char *source = NULL;
    const struct cli_option options[] = {{"--source", CLI_TEXT_VALUE, &source}, {NULL, CLI_FLAG, NULL}};
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 2) {
        return cli_usage(cli, "usage: kipthoi explain DOSSIER [--source S]");
    }
    if (cli->format == CLI_CSV) {
        return cli_usage(cli, "explain prints no CSV; use --json");
    }
    return run(cli, argv[1], source);
}
