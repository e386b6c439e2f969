/* SPDX-License-Identifier: MIT */
/* rates.c - kipthoi rates: on-time rates by unit, field and procedure, for windows of days. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/rate.h"
#include "cli/report.h"
#include "cli/window.h"

#define WINDOWS_MAX 16
#define NO_TARGET (-1)

static const char help[] =
    "kipthoi rates [--by unit,field,procedure] [--window W[,W...]] [--from DAY --to DAY] [--rule RULE]\n"
    "              [--target PERCENT] [--unit CODE] [--check]\n\n"
    "  --by LIST          one row per unit, field, procedure, or any of them together (default unit)\n"
    "  --window LIST      7d 30d 90d 365d (that many days, today the last), mtd qtd ytd, a year 2015, years\n"
    "                     2023-2025, all (default); days are those of the deployment's zone, today is the clock's\n"
    "  --from, --to       first and last day, 2015-01-31\n"
    "  --rule RULE        promise (default) or portal\n"
    "  --target PERCENT   shows whether each row reaches it; decided on the counts, not on the rounded rate\n"
    "  --unit CODE        this unit and those under it only\n"
    "  --check            leaves with 1 when a row misses the target\n\n"
    "rate = (early + on time) / finished; with overdue = (early + on time) / (finished + overdue).  A row of a unit\n"
    "holds what its subordinates did; the total counts everything once.  Dossiers without a due date are excluded\n"
    "and shown apart.\n\n"
    "examples:\n"
    "  kipthoi rates --by unit,field --window 30d,ytd\n"
    "  kipthoi rates --by field --window 2015 --target 98 --check\n"
    "  kipthoi rates --by procedure --from 2015-01-01 --to 2015-03-31 --csv\n";

struct request {
    bool by_unit;
    bool by_field;
    bool by_procedure;
    bool check;
    const char *rule;
    const char *unit; /* NULL: all */
    int64_t target_bp;
    struct window windows[WINDOWS_MAX];
    int window_count;
};

/* What came of it, besides the table. */
struct outcome {
    int64_t as_of_us;
    bool missed;
};

static int read_by(const struct cli *cli, const char *list, struct request *request)
{
    char copy[64];
    char *rest = NULL;

    if (snprintf(copy, sizeof copy, "%s", list) >= (int)sizeof copy) {
        return cli_usage(cli, "--by: too long");
    }
    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        if (strcmp(word, "unit") == 0) {
            request->by_unit = true;
        } else if (strcmp(word, "field") == 0) {
            request->by_field = true;
        } else if (strcmp(word, "procedure") == 0) {
            request->by_procedure = true;
        } else {
            return cli_usage(cli, "--by: \"%s\" is neither unit, field nor procedure", word);
        }
    }
    return EXIT_FINE;
}

static int read_windows(const struct cli *cli, const char *list, struct request *request)
{
    char copy[WINDOWS_MAX * WINDOW_NAME_SIZE];
    char *rest = NULL;

    if (snprintf(copy, sizeof copy, "%s", list) >= (int)sizeof copy) {
        return cli_usage(cli, "--window: too long");
    }
    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        if (request->window_count == WINDOWS_MAX) {
            return cli_usage(cli, "--window: at most %d", WINDOWS_MAX);
        }
        if (window_read(word, cli_today(cli), &request->windows[request->window_count++]) != STATUS_OK) {
            return cli_usage(cli, "--window: \"%s\" is none of 7d mtd qtd ytd 2015 2023-2025 all", word);
        }
    }
    return request->window_count == 0 ? cli_usage(cli, "--window: names none") : EXIT_FINE;
}

static int read_span(const struct cli *cli, const char *from, const char *to, struct request *request)
{
    struct window *window = &request->windows[0];

    if (from == NULL || to == NULL) {
        return cli_usage(cli, "--from and --to belong together");
    }
    if (cli_read_date(from, &window->first_day) != STATUS_OK || cli_read_date(to, &window->last_day) != STATUS_OK ||
        window->first_day > window->last_day) {
        return cli_usage(cli, "--from, --to: two days like 2015-01-31, the first not after the last");
    }
    snprintf(window->name, sizeof window->name, "%.10s..%.10s", from, to);
    request->window_count = 1;
    return EXIT_FINE;
}

static void columns(const struct cli *cli, const struct request *request, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    if (request->by_unit || !people) {
        cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    }
    if (request->by_field || !people) {
        cli_column(cli, table, "field", WORD_FIELD, TABLE_LEFT);
    }
    if (request->by_procedure || !people) {
        cli_column(cli, table, "procedure", WORD_PROCEDURE, TABLE_LEFT);
    }
    cli_column(cli, table, "window", WORD_WINDOW, TABLE_LEFT);
    if (!people) {
        cli_column(cli, table, "rule", WORD_RULE, TABLE_LEFT);
    }
    cli_column(cli, table, "early", WORD_COL_EARLY, TABLE_RIGHT);
    cli_column(cli, table, "on_time", WORD_COL_ON_TIME, TABLE_RIGHT);
    cli_column(cli, table, "late", WORD_COL_LATE, TABLE_RIGHT);
    cli_column(cli, table, "finished", WORD_COL_FINISHED, TABLE_RIGHT);
    cli_column(cli, table, "overdue", WORD_COL_OVERDUE, TABLE_RIGHT);
    if (!people) {
        cli_column(cli, table, "in_time", WORD_IN_TIME, TABLE_RIGHT);
        cli_column(cli, table, "paused", WORD_PAUSED, TABLE_RIGHT);
    }
    cli_column(cli, table, "excluded", WORD_COL_EXCLUDED, TABLE_RIGHT);
    cli_column(cli, table, "rate", WORD_RATE, TABLE_RIGHT);
    cli_column(cli, table, "rate_with_overdue", WORD_RATE_WITH_OVERDUE, TABLE_RIGHT);
    if (request->target_bp != NO_TARGET || !people) {
        cli_column(cli, table, "target", WORD_TARGET, TABLE_RIGHT);
        cli_column(cli, table, "met", WORD_MET, TABLE_LEFT);
    }
    if (!people) {
        cli_column(cli, table, "as_of", WORD_AS_OF, TABLE_LEFT);
    }
}

/* A code of the row; "" is what came without one.  In the total, the first column says so. */
static void put_code(const struct cli *cli, struct table *table, const PGresult *rows, int r, int column, bool asked,
                     bool *say_total)
{
    if (!asked && cli->format == CLI_TEXT) {
        return;
    }
    if (db_null(rows, r, column)) {
        table_null(table);
        if (*say_total) {
            table_show(table, cli_word(cli, WORD_TOTAL));
        }
        *say_total = false;
        return;
    }
    table_text(table, db_text(rows, r, column));
    if (db_text(rows, r, column)[0] == '\0') {
        table_show(table, cli_word(cli, WORD_NONE));
    }
}

static void put_target(const struct cli *cli, const struct request *request, struct table *table, int64_t part,
                       int64_t whole, bool *missed)
{
    char text[RATE_SIZE];
    bool met;

    if (request->target_bp == NO_TARGET) {
        if (cli->format != CLI_TEXT) {
            table_null(table);
            table_null(table);
        }
        return;
    }
    table_text(table, rate_format(request->target_bp, 10000, text));
    if (whole == 0) {
        table_null(table);
        return;
    }
    met = rate_meets(part, whole, request->target_bp);
    table_bool(table, met, cli_word(cli, met ? WORD_TARGET_MET : WORD_TARGET_MISSED));
    table_tone(table, met ? TABLE_GOOD : TABLE_BAD);
    *missed = *missed || !met;
}

static void put_row(const struct cli *cli, const struct request *request, struct table *table,
                    const struct window *window, const PGresult *rows, int r, struct outcome *outcome)
{
    bool people = cli->format == CLI_TEXT;
    bool say_total = db_bool(rows, r, 0);
    int64_t part = db_int(rows, r, 4) + db_int(rows, r, 5);
    int64_t whole = part + db_int(rows, r, 6);
    int64_t overdue = db_int(rows, r, 7);
    char text[RATE_SIZE];

    table_row(table);
    if (say_total) {
        table_mark_total(table);
    }
    put_code(cli, table, rows, r, 1, request->by_unit, &say_total);
    put_code(cli, table, rows, r, 2, request->by_field, &say_total);
    put_code(cli, table, rows, r, 3, request->by_procedure, &say_total);
    table_text(table, window->name);
    if (!people) {
        table_text(table, request->rule);
    }
    table_int(table, db_int(rows, r, 4));
    table_int(table, db_int(rows, r, 5));
    table_int(table, db_int(rows, r, 6));
    table_int(table, whole);
    table_int(table, overdue);
    if (!people) {
        table_int(table, db_int(rows, r, 8));
        table_int(table, db_int(rows, r, 9));
    }
    table_int(table, db_int(rows, r, 10));
    table_text(table, rate_format(part, whole, text));
    table_text(table, rate_format(part, whole + overdue, text));
    put_target(cli, request, table, part, whole, &outcome->missed);
    if (!people) {
        cli_cell_time(table, outcome->as_of_us);
    }
}

static enum status run_window(const struct cli *cli, struct db *db, struct db_params *params,
                              const struct request *request, const struct window *window, struct table *table,
                              struct outcome *outcome)
{
    PGresult *rows = NULL;
    enum status st;

    db_params_reset(params);
    db_param_day(params, window->first_day);
    db_param_day(params, window->last_day);
    db_param_text(params, request->rule);
    db_param_bool(params, request->by_unit);
    db_param_bool(params, request->by_field);
    db_param_bool(params, request->by_procedure);
    db_param_text(params, request->unit);
    st = db_run(db, SQL_RATES_ROWS, params, &rows);
    for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
        put_row(cli, request, table, window, rows, r, outcome);
    }
    PQclear(rows);
    return st;
}

static int run(struct cli *cli, const struct request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = table_new();
    struct outcome outcome = {.as_of_us = DB_NULL_US};
    PGresult *as_of = NULL;
    struct db *db;
    char shown[CLI_TIME_SIZE];
    int code = params == NULL ? EXIT_UNREACHABLE : cli_snapshot(cli, &db);
    enum status st;

    if (code != EXIT_FINE) {
        goto done;
    }
    code = report_check_unit(cli, db, request->unit);
    if (code != EXIT_FINE) {
        goto done;
    }
    st = db_run(db, SQL_RATES_AS_OF, NULL, &as_of);
    if (st == STATUS_OK) {
        outcome.as_of_us = db_us(as_of, 0, 0);
        columns(cli, request, table);
    }
    /* Noughts of a rebuild, or before the first scorer, would read like an answer. */
    if (st == STATUS_OK && outcome.as_of_us == DB_NULL_US) {
        cli_tell(cli, WORD_NOT_JUDGED, NULL);
        code = EXIT_UNREACHABLE;
        goto done;
    }
    for (int i = 0; st == STATUS_OK && i < request->window_count; i++) {
        st = run_window(cli, db, params, request, &request->windows[i], table, &outcome);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
        goto done;
    }
    code = cli_print_table(cli, &table, outcome.as_of_us);
    if (cli->format == CLI_TEXT) {
        cli_say(cli, WORD_AS_OF_LINE, cli_time(outcome.as_of_us, shown), NULL);
    }
    if (code == EXIT_FINE && request->check && outcome.missed) {
        code = EXIT_ANSWER_NO;
    }
done:
    PQclear(as_of);
    table_destroy(&table);
    db_params_destroy(&params);
    return code;
}

int cmd_rates(struct cli *cli, int argc, char **argv)
{
    struct request request = {.rule = "promise", .target_bp = NO_TARGET};
    const char *by = "unit";
    const char *windows = "all";
    const char *from = NULL;
    const char *to = NULL;
    const char *target = NULL;
    const struct cli_option options[] = {
        {"--by", CLI_TEXT_VALUE, &by},
        {"--window", CLI_TEXT_VALUE, &windows},
        {"--from", CLI_TEXT_VALUE, &from},
        {"--to", CLI_TEXT_VALUE, &to},
        {"--rule", CLI_TEXT_VALUE, &request.rule},
        {"--target", CLI_TEXT_VALUE, &target},
        {"--unit", CLI_TEXT_VALUE, &request.unit},
        {"--check", CLI_FLAG, &request.check},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "rates: unexpected \"%s\"; see: kipthoi rates --help", argv[1]);
    }
    if (strcmp(request.rule, "promise") != 0 && strcmp(request.rule, "portal") != 0) {
        return cli_usage(cli, "--rule: \"%s\" is neither promise nor portal", request.rule);
    }
    if (target != NULL && rate_read_target(target, &request.target_bp) != STATUS_OK) {
        return cli_usage(cli, "--target: \"%s\" is no per cent with at most two decimals", target);
    }
    if (request.check && target == NULL) {
        return cli_usage(cli, "--check needs --target");
    }
    code = read_by(cli, by, &request);
    if (code == EXIT_FINE) {
        code = from != NULL || to != NULL ? read_span(cli, from, to, &request) : read_windows(cli, windows, &request);
    }
    return code == EXIT_FINE ? run(cli, &request) : code;
}
