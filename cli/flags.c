/* SPDX-License-Identifier: MIT */
/* flags.c - kipthoi flags: what looks wrong in the dates, by flag and by source. */
#include <stdio.h>
#include <string.h>

#include "cli/flag_list.h"
#include "cli/report.h"

/* They read whole tables, which the limit for short questions would cut off. */
#define QUESTION_LIMIT_MS (INT64_C(3600) * 1000)

static const char help[] =
    "kipthoi flags [--flag NAME] [--source S] [--unit U] [--limit N] - what looks wrong in the dates\n\n"
    "  --flag NAME    the dossiers that bear this flag, and how many (--json: all counts beside them):\n"
    "                 due_moved finish_moved finish_before_receipt\n"
    "                 due_before_receipt finish_without_receipt reopened supplement_unasked pause_reversed\n"
    "                 finish_backdated finish_at_due extensions_over due_other_than_term no_calendar told_late\n"
    "  --source S     of this source only\n"
    "  --unit U       of this unit and those under it only\n"
    "  --limit N      at most N dossiers, and N bulk resets (default 100; 0: all)\n\n"
    "How many dossiers bear each flag; per source how many that ended were late in fact, and how many only seem\n"
    "late because their end was told after the due (late on the wire); and bulk resets: 20 or more dossiers of a\n"
    "source whose finish is exactly a due date and was stored in the same ten minutes.  Flags are signs, no proofs.\n\n"
    "This reads every dossier twice and the events of those whose finish is a due date: minutes where there are many\n"
    "millions (an hour at most a question).  --csv prints the dossiers with --flag, else the counts.\n\n"
    "examples:\n"
    "  kipthoi flags\n"
    "  kipthoi flags --source /hcm/q1 --json\n"
    "  kipthoi flags --flag finish_backdated --unit H29 --limit 0 --csv > backdated.csv\n";

struct request {
    const char *source;
    const char *unit;
    int64_t limit;
    int flag; /* FLAG_COUNT: none asked for */
};

/* Results of one state of the database. */
struct answers {
    PGresult *counts;
    PGresult *wire; /* NULL, as bulk, where a flag is asked for and its dossiers alone are printed */
    PGresult *bulk;
    PGresult *rows; /* NULL unless a flag was asked for */
    PGresult *as_of;
};

static const struct report_column bulk_columns[] = {
    {"source", WORD_SOURCE, REPORT_TEXT},     {"from", WORD_TEN_MINUTES, REPORT_TIME},
    {"dossiers", WORD_DOSSIERS, REPORT_INT},  {"rewritten", WORD_REWRITTEN, REPORT_INT},
    {"examples", WORD_EXAMPLES, REPORT_TEXT},
};

static const struct report_column row_columns[] = {
    {"unit", WORD_UNIT, REPORT_CODE},           {"dossier", WORD_DOSSIER, REPORT_TEXT},
    {"source", WORD_SOURCE, REPORT_TEXT},       {"state", WORD_STATE, REPORT_VALUE},
    {"class", WORD_CLASS, REPORT_VALUE},        {"due_first", WORD_DUE_FIRST, REPORT_TIME},
    {"due_current", WORD_DUE_NOW, REPORT_TIME}, {"end", WORD_ENDED, REPORT_TIME},
    {"told_at", WORD_TOLD, REPORT_TIME},
};

#define COUNT(columns) ((int)(sizeof(columns) / sizeof *(columns)))

/* For people: no source where all rows have the same, no due in force where it is the first one. */
static struct table *row_table(const struct cli *cli, const PGresult *rows)
{
    enum { SOURCE = 2, DUE_CURRENT = 6 };
    static const int quiet[] = {SOURCE, DUE_CURRENT};
    struct report_column shown[COUNT(row_columns)];

    memcpy(shown, row_columns, sizeof row_columns);
    for (int i = 0; i < COUNT(quiet) && cli->format == CLI_TEXT; i++) {
        if (report_is_quiet(rows, quiet[i], shown[quiet[i]].type)) {
            shown[quiet[i]].type = REPORT_HIDDEN;
        }
    }
    return report_table(cli, rows, shown, COUNT(row_columns));
}

static enum status read_filtered(struct db *db, enum sql_query query, const struct request *request, bool limited,
                                 PGresult **result)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, request->source);
        db_param_text(params, request->unit);
        if (limited) {
            db_param_int8(params, request->limit);
        }
        st = db_run(db, query, params, result);
    }
    db_params_destroy(&params);
    return st;
}

static enum status read_rows(struct db *db, const struct request *request, PGresult **result)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_int4(params, flag_bit(request->flag));
        db_param_text(params, request->source);
        db_param_text(params, request->unit);
        db_param_int8(params, request->limit);
        st = db_run(db, SQL_FLAGS_ROWS, params, result);
    }
    db_params_destroy(&params);
    return st;
}

/* summary: what is printed of all flags together. */
static enum status read_answers(struct db *db, const struct request *request, bool summary, struct answers *answers)
{
    enum status st = db_set_limit(db, QUESTION_LIMIT_MS);

    if (st == STATUS_OK) {
        st = read_filtered(db, SQL_FLAGS_COUNT, request, false, &answers->counts);
    }
    if (st == STATUS_OK && summary) {
        st = read_filtered(db, SQL_FLAGS_WIRE, request, false, &answers->wire);
    }
    if (st == STATUS_OK && summary) {
        st = read_filtered(db, SQL_FLAGS_BULK, request, true, &answers->bulk);
    }
    if (st == STATUS_OK && request->flag < FLAG_COUNT) {
        st = read_rows(db, request, &answers->rows);
    }
    if (st == STATUS_OK) {
        st = db_run(db, SQL_RATES_AS_OF, NULL, &answers->as_of);
    }
    return st == STATUS_OK ? db_commit(db) : st;
}

/* flag: only this one; FLAG_COUNT: all. */
static struct table *count_table(const struct cli *cli, const struct answers *answers, int flag)
{
    struct table *table = table_new();

    cli_column(cli, table, "flag", WORD_FLAG, TABLE_LEFT);
    cli_column(cli, table, "dossiers", WORD_DOSSIERS, TABLE_RIGHT);
    cli_column(cli, table, "share", WORD_SHARE, TABLE_RIGHT);
    cli_column(cli, table, "means", WORD_FLAG_MEANS, TABLE_LEFT);
    for (int i = 0; i < FLAG_COUNT; i++) {
        int64_t count = db_int(answers->counts, i, 1);

        if (flag != FLAG_COUNT && flag != i) {
            continue;
        }
        table_row(table);
        table_text(table, flag_name(i));
        table_int(table, count);
        table_tone(table, count > 0 ? TABLE_WARN : TABLE_PLAIN);
        cli_cell_rate(cli, table, count, db_int(answers->counts, i, 2));
        table_text(table, cli_word(cli, flag_word(i)));
    }
    return table;
}

static void put_lag(const struct cli *cli, struct table *table, const PGresult *wire, int row, int column)
{
    char shown[CLI_TIME_SIZE];
    char span[CLI_TIME_SIZE + 1];
    int64_t lag_s = db_int(wire, row, column);

    if (db_null(wire, row, column)) {
        table_null(table);
        return;
    }
    snprintf(span, sizeof span, "%s%s", lag_s < 0 ? "-" : "", cli_span(cli, lag_s * CLOCK_SECOND_US, shown));
    table_int(table, lag_s);
    table_show(table, span);
}

static struct table *wire_table(const struct cli *cli, const PGresult *wire)
{
    struct table *table = table_new();

    cli_column(cli, table, "source", WORD_SOURCE, TABLE_LEFT);
    cli_column(cli, table, "ended", WORD_COL_ENDED, TABLE_RIGHT);
    cli_column(cli, table, "late_in_fact", WORD_LATE_IN_FACT, TABLE_RIGHT);
    cli_column(cli, table, "late_on_wire", WORD_LATE_ON_WIRE, TABLE_RIGHT);
    cli_column(cli, table, "wire_share", WORD_WIRE_SHARE, TABLE_RIGHT);
    cli_column(cli, table, "told_after_median_s", WORD_TOLD_MEDIAN, TABLE_RIGHT);
    cli_column(cli, table, "told_after_p90_s", WORD_TOLD_P90, TABLE_RIGHT);
    for (int row = 0; row < PQntuples(wire); row++) {
        int64_t late = db_int(wire, row, 2);
        int64_t on_wire = db_int(wire, row, 3);

        table_row(table);
        table_text(table, db_text(wire, row, 0));
        table_int(table, db_int(wire, row, 1));
        table_int(table, late);
        table_int(table, on_wire);
        cli_cell_rate(cli, table, on_wire, late + on_wire);
        put_lag(cli, table, wire, row, 4);
        put_lag(cli, table, wire, row, 5);
    }
    return table;
}

/* The parts of the answer in their order. */
enum part { PART_COUNTS, PART_WIRE, PART_BULK, PART_ROWS, PARTS };
static const struct {
    const char *name;
    enum word title;
} parts[PARTS] = {
    [PART_COUNTS] = {"flags", WORD_SECTION_FLAGS},
    [PART_WIRE] = {"sources", WORD_SECTION_WIRE},
    [PART_BULK] = {"bulk_resets", WORD_SECTION_BULK},
    [PART_ROWS] = {"rows", WORD_SECTION_FLAGGED},
};

/* NULL: that part was not asked for.  flag: as in count_table. */
static struct table *part_table(const struct cli *cli, const struct answers *answers, enum part part, int flag)
{
    switch (part) {
    case PART_COUNTS:
        return count_table(cli, answers, flag);
    case PART_WIRE:
        return answers->wire == NULL ? NULL : wire_table(cli, answers->wire);
    case PART_BULK:
        return answers->bulk == NULL ? NULL : report_table(cli, answers->bulk, bulk_columns, COUNT(bulk_columns));
    default:
        return answers->rows == NULL ? NULL : row_table(cli, answers->rows);
    }
}

static int print_json(struct cli *cli, const struct answers *answers)
{
    cJSON *document = cJSON_CreateObject();

    cJSON_AddItemToObject(document, "as_of", cli_json_time(db_us(answers->as_of, 0, 0)));
    cJSON_AddNumberToObject(document, "dossiers", (double)db_int(answers->counts, 0, 2));
    for (int part = 0; part < PARTS; part++) {
        struct table *table = part_table(cli, answers, (enum part)part, FLAG_COUNT);
        cJSON *totals = NULL;

        if (table != NULL) {
            cJSON_AddItemToObject(document, parts[part].name, table_json(table, &totals));
        }
        cJSON_Delete(totals);
        table_destroy(&table);
    }
    return cli_print_json(cli, document);
}

static void print_text(const struct cli *cli, const struct request *request, const struct answers *answers)
{
    char dossiers[24];
    char shown[CLI_TIME_SIZE];

    for (int part = 0; part < PARTS; part++) {
        struct table *table = part_table(cli, answers, (enum part)part, request->flag);

        if (table != NULL && (table_rows(table) > 0 || part == PART_ROWS)) {
            cli_heading(cli, cli_word(cli, parts[part].title));
            table_print_text(table, stdout, cli->color);
        }
        table_destroy(&table);
    }
    snprintf(dossiers, sizeof dossiers, "%lld", (long long)db_int(answers->counts, 0, 2));
    cli_say(cli, WORD_FLAGS_SUM, dossiers, cli_time(db_us(answers->as_of, 0, 0), shown), NULL);
}

static int print(struct cli *cli, const struct request *request, const struct answers *answers)
{
    struct table *table;
    int code = EXIT_FINE;

    if (cli->format == CLI_JSON) {
        return print_json(cli, answers);
    }
    if (cli->format == CLI_TEXT) {
        print_text(cli, request, answers);
        return EXIT_FINE;
    }
    table = part_table(cli, answers, request->flag < FLAG_COUNT ? PART_ROWS : PART_COUNTS, FLAG_COUNT);
    code = cli_print_table(cli, &table, DB_NULL_US);
    table_destroy(&table);
    return code;
}

static int run(struct cli *cli, const struct request *request)
{
    struct answers answers = {0};
    struct db *db;
    enum status st;
    int code = cli_snapshot(cli, &db);

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, request->unit);
    }
    if (code == EXIT_FINE) {
        code = report_check_source(cli, db, request->source);
    }
    if (code == EXIT_FINE) {
        st = read_answers(db, request, request->flag == FLAG_COUNT || cli->format == CLI_JSON, &answers);
        code = st == STATUS_OK ? print(cli, request, &answers) : cli_db_failed(cli, db, st);
    }
    PQclear(answers.counts);
    PQclear(answers.wire);
    PQclear(answers.bulk);
    PQclear(answers.rows);
    PQclear(answers.as_of);
    return code;
}

int cmd_flags(struct cli *cli, int argc, char **argv)
{
    struct request request = {.limit = 100, .flag = FLAG_COUNT};
    const char *flag = NULL;
    const struct cli_option options[] = {
        {"--flag", CLI_TEXT_VALUE, &flag},
        {"--source", CLI_TEXT_VALUE, &request.source},
        {"--unit", CLI_TEXT_VALUE, &request.unit},
        {"--limit", CLI_INT_VALUE, &request.limit},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "flags: unexpected \"%s\"; see: kipthoi flags --help", argv[1]);
    }
    if (flag != NULL) {
        request.flag = flag_from_name(flag);
        if (request.flag == FLAG_COUNT) {
            return cli_usage(cli, "--flag: there is no flag \"%s\"; see: kipthoi flags --help", flag);
        }
    }
    return run(cli, &request);
}
