/* SPDX-License-Identifier: MIT */
/* late.c - kipthoi late: dossiers that missed their promise. */
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "cli/window.h"

static const char help[] =
    "kipthoi late [--open] [--unit CODE] [--window W] [--limit N] - dossiers that missed their promise\n\n"
    "  --open         only those that are not finished yet\n"
    "  --unit CODE    this unit and those under it only\n"
    "  --window W     by the day of the end, or of the due date while open: 7d 30d mtd qtd ytd 2015 2015-Q2 2015-06\n"
    "                 2023-2025 all (default)\n"
    "  --limit N      at most N rows, the oldest promise first (default 100; 0: all)\n\n"
    "The due is the promise: the first due reported, moved by lawful pauses; where that moved it, the first due "
    "stands\n"
    "beside it.  People see columns only where they tell rows apart.\n\n"
    "examples:\n"
    "  kipthoi late --open --unit H56.14\n"
    "  kipthoi late --window 30d --limit 0 --csv > late.csv\n";

static const struct report_column columns[] = {
    {"unit", WORD_UNIT, REPORT_CODE},           {"field", WORD_FIELD, REPORT_CODE},
    {"dossier", WORD_DOSSIER, REPORT_TEXT},     {"source", WORD_SOURCE, REPORT_TEXT},
    {"class", WORD_CLASS, REPORT_VALUE},        {"due", WORD_DUE, REPORT_TIME},
    {"due_first", WORD_DUE_FIRST, REPORT_TIME}, {"end", WORD_ENDED, REPORT_TIME},
    {"days_late", WORD_DAYS_LATE, REPORT_INT},  {"late_by_s", WORD_LATE, REPORT_HIDDEN},
    {"letter", WORD_LETTER, REPORT_VALUE},
};

#define COLUMNS (sizeof columns / sizeof *columns)
enum { SOURCE = 3, DUE_FIRST = 6 };

struct request {
    bool open;
    const char *unit;
    int64_t limit;
    struct window window;
};

static void add_filters(struct db_params *params, const struct request *request)
{
    db_params_reset(params);
    db_param_bool(params, request->open);
    db_param_text(params, request->unit);
    db_param_day(params, request->window.first_day);
    db_param_day(params, request->window.last_day);
}

/* For people: no source where all rows have the same, no first due where none was moved. */
static struct table *late_table(const struct cli *cli, const PGresult *rows)
{
    static const int quiet[] = {SOURCE, DUE_FIRST};
    struct report_column shown[COLUMNS];

    memcpy(shown, columns, sizeof columns);
    for (size_t i = 0; i < sizeof quiet / sizeof *quiet && cli->format == CLI_TEXT; i++) {
        if (report_is_quiet(rows, quiet[i], shown[quiet[i]].type)) {
            shown[quiet[i]].type = REPORT_HIDDEN;
        }
    }
    return report_table(cli, rows, shown, (int)COLUMNS);
}

static int run(struct cli *cli, const struct request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    PGresult *count = NULL;
    PGresult *as_of = NULL;
    struct db *db;
    char late[CLI_NUMBER_SIZE];
    char overdue[CLI_NUMBER_SIZE];
    char shown[CLI_NUMBER_SIZE];
    char when[CLI_TIME_SIZE];
    int code = params == NULL ? EXIT_UNREACHABLE : cli_snapshot(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, request->unit);
    }
    if (code != EXIT_FINE) {
        goto done;
    }
    add_filters(params, request);
    st = db_run(db, SQL_LATE_COUNT, params, &count);
    if (st == STATUS_OK) {
        add_filters(params, request);
        db_param_us(params, cli_now_us(cli));
        db_param_int8(params, request->limit);
        st = db_run(db, SQL_LATE_ROWS, params, &rows);
    }
    if (st == STATUS_OK) {
        st = db_run(db, SQL_RATES_AS_OF, NULL, &as_of);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
        goto done;
    }
    table = late_table(cli, rows);
    code = cli_print_table(cli, &table, db_us(as_of, 0, 0));
    if (cli->format == CLI_TEXT) {
        cli_say(cli, WORD_LATE_COUNT, cli_number(cli, db_int(count, 0, 0), late),
                cli_number(cli, db_int(count, 0, 1), overdue), cli_number(cli, PQntuples(rows), shown),
                cli_time(db_us(as_of, 0, 0), when), NULL);
    }
done:
    PQclear(rows);
    PQclear(count);
    PQclear(as_of);
    table_destroy(&table);
    db_params_destroy(&params);
    return code;
}

int cmd_late(struct cli *cli, int argc, char **argv)
{
    struct request request = {.limit = 100};
    const char *window = "all";
    const struct cli_option options[] = {
        {"--open", CLI_FLAG, &request.open},
        {"--unit", CLI_TEXT_VALUE, &request.unit},
        {"--window", CLI_TEXT_VALUE, &window},
        {"--limit", CLI_INT_VALUE, &request.limit},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "late: unexpected \"%s\"; see: kipthoi late --help", argv[1]);
    }
    if (window_read(window, cli_today(cli), &request.window) != STATUS_OK) {
        return cli_usage(cli, "--window: \"%s\" is none of 7d mtd qtd ytd 2015 2015-Q2 2015-06 2023-2025 all", window);
    }
    return run(cli, &request);
}
