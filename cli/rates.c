/* SPDX-License-Identifier: MIT */
/* rates.c - kipthoi rates: on-time rates by unit, field and procedure, for windows of days. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/rates_parts.h"
#include "cli/report.h"
#include "cli/window.h"
#include "scorer/rule.h"
#include "targets/rate.h"

/* The column of rates_rows.sql that tells of which window a row is. */
#define RATES_PLACE 11

static const char help[] =
    "kipthoi rates [--by unit,field,procedure] [--window W[,W...]] [--from DAY --to DAY] [--rule RULE]\n"
    "              [--target PERCENT] [--unit CODE] [--check]\n"
    "kipthoi rates --letters [the same, without --rule]\n\n"
    "  --by LIST          one row per unit, field, procedure, or any of them together (default unit)\n"
    "  --window LIST      7d 30d 90d 365d (that many days, today the last), mtd qtd ytd, a year 2015, a\n"
    "                     quarter 2015-Q2, a month 2015-06, years 2023-2025, all (default); days are those of the "
    "deployment's zone, today is the clock's\n"
    "  --from, --to       first and last day, 2015-01-31, instead of --window\n"
    "  --rule RULE        promise (default), portal (the national indicator) or intake (accepted within the time "
    "allowed)\n"
    "  --target PERCENT   shows whether each row reaches it; decided on the counts, not on the rounded rate\n"
    "  --unit CODE        this unit and those under it only\n"
    "  --letters          instead of dossiers, the letters owed for promises missed in the window: sent in time,\n"
    "                     sent late, not sent; the rate is those in time of all owed\n"
    "  --check            leaves with 1 when a row misses the target\n\n"
    "Three denominators, each with its name:\n"
    "  finished           (early + on time) / (early + on time + late): the rate of promise and intake\n"
    "  finished+overdue   the same over what is overdue too\n"
    "  portal             (early + on time + in time + paused) / (all but excluded), of the dossiers ended in the\n"
    "                     window and those still open that were received by its last day: the rate of portal; its "
    "score\n"
    "                     is 20 x rate\n"
    "A row of a unit holds what its subordinates did; the total counts everything once.  Excluded dossiers are shown\n"
    "apart.  A dossier that was open when a past window ended and has ended since stands in the later window only.\n\n"
    "examples:\n"
    "  kipthoi rates --by unit,field --window 30d,ytd\n"
    "  kipthoi rates --by field --window 2015 --target 98 --check\n"
    "  kipthoi rates --rule portal --window 2015-Q2\n"
    "  kipthoi rates --letters --by unit,field --window mtd --target 100\n"
    "  kipthoi rates --by procedure --from 2015-01-01 --to 2015-03-31 --csv\n";

static int read_by(const struct cli *cli, const char *list, struct rates_request *request)
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

static int read_windows(const struct cli *cli, const char *list, struct rates_request *request)
{
    char copy[RATES_WINDOWS_MAX * WINDOW_NAME_SIZE];
    char *rest = NULL;

    if (snprintf(copy, sizeof copy, "%s", list) >= (int)sizeof copy) {
        return cli_usage(cli, "--window: too long");
    }
    for (char *word = strtok_r(copy, ",", &rest); word != NULL; word = strtok_r(NULL, ",", &rest)) {
        if (request->window_count == RATES_WINDOWS_MAX) {
            return cli_usage(cli, "--window: at most %d", RATES_WINDOWS_MAX);
        }
        if (window_read(word, cli_today(cli), &request->windows[request->window_count++]) != STATUS_OK) {
            return cli_usage(cli, "--window: \"%s\" is none of 7d mtd qtd ytd 2015 2015-Q2 2015-06 2023-2025 all",
                             word);
        }
    }
    return request->window_count == 0 ? cli_usage(cli, "--window: names none") : EXIT_FINE;
}

static int read_day(const struct cli *cli, const char *option, const char *text, int32_t *day)
{
    return cli_read_date(text, day) == STATUS_OK
               ? EXIT_FINE
               : cli_usage(cli, "%s: \"%s\" is no day; days are written 2015-01-31", option, text);
}

static int read_span(const struct cli *cli, const char *from, const char *to, struct rates_request *request)
{
    struct window *window = &request->windows[0];
    int code;

    if (from == NULL || to == NULL) {
        return cli_usage(cli, "--from and --to belong together");
    }
    code = read_day(cli, "--from", from, &window->first_day);
    code = code == EXIT_FINE ? read_day(cli, "--to", to, &window->last_day) : code;
    if (code != EXIT_FINE) {
        return code;
    }
    if (window->first_day > window->last_day) {
        return cli_usage(cli, "--from %s is after --to %s", from, to);
    }
    snprintf(window->name, sizeof window->name, "%.10s..%.10s", from, to);
    request->window_count = 1;
    return EXIT_FINE;
}

/* What every statement of rates is asked last: by what, and of which unit. */
static void put_cut(struct db_params *params, const struct rates_request *request)
{
    db_param_bool(params, request->by_unit);
    db_param_bool(params, request->by_field);
    db_param_bool(params, request->by_procedure);
    db_param_text(params, request->unit);
}

/* Dossiers: all windows by one statement. */
static enum status run_rates(const struct cli *cli, struct db *db, struct db_params *params,
                             const struct rates_request *request, struct table *table, struct rates_outcome *outcome)
{
    PGresult *rows = NULL;
    enum status st;

    db_params_reset(params);
    db_param_array(params, DB_ARRAY_DAY);
    for (int i = 0; i < request->window_count; i++) {
        db_param_add_int(params, request->windows[i].first_day);
    }
    db_param_array(params, DB_ARRAY_DAY);
    for (int i = 0; i < request->window_count; i++) {
        db_param_add_int(params, request->windows[i].last_day);
    }
    db_param_text(params, request->rule);
    put_cut(params, request);
    st = db_run(db, SQL_RATES_ROWS, params, &rows);
    for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
        rates_put_row(cli, request, table, &request->windows[db_int(rows, r, RATES_PLACE) - 1], rows, r, outcome);
    }
    PQclear(rows);
    return st;
}

static enum status run_letters(const struct cli *cli, struct db *db, struct db_params *params,
                               const struct rates_request *request, struct table *table, struct rates_outcome *outcome)
{
    enum status st = STATUS_OK;

    for (int i = 0; st == STATUS_OK && i < request->window_count; i++) {
        const struct window *window = &request->windows[i];
        PGresult *rows = NULL;

        db_params_reset(params);
        db_param_day(params, window->first_day);
        db_param_day(params, window->last_day);
        put_cut(params, request);
        st = db_run(db, SQL_RATES_LETTERS, params, &rows);
        for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
            rates_put_letters(cli, request, table, window, rows, r, outcome);
        }
        PQclear(rows);
    }
    return st;
}

static int run(struct cli *cli, const struct rates_request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = table_new();
    struct rates_outcome outcome = {.as_of_us = DB_NULL_US};
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
        if (request->letters) {
            rates_letters_columns(cli, request, table);
        } else {
            rates_columns(cli, request, table);
        }
    }
    /* Noughts of a rebuild, or before the first scorer, would read like an answer. */
    if (st == STATUS_OK && outcome.as_of_us == DB_NULL_US) {
        cli_tell(cli, WORD_NOT_JUDGED, NULL);
        code = EXIT_UNREACHABLE;
        goto done;
    }
    if (st == STATUS_OK) {
        (void)timestamp_format(outcome.as_of_us, outcome.as_of);
        st = request->letters ? run_letters(cli, db, params, request, table, &outcome)
                              : run_rates(cli, db, params, request, table, &outcome);
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
    struct rates_request request = {.target_bp = RATES_NO_TARGET};
    const char *by = "unit";
    const char *windows = NULL;
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
        {"--letters", CLI_FLAG, &request.letters},
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
    if (request.letters && request.rule != NULL) {
        return cli_usage(cli, "--letters and --rule do not go together: letters are owed for the promise");
    }
    if (request.rule == NULL) {
        request.rule = "promise";
    }
    if (rule_name_from_text(request.rule) == RULES) {
        return cli_usage(cli, "--rule: \"%s\" is none of promise, portal, intake", request.rule);
    }
    request.portal = rule_name_from_text(request.rule) == RULE_PORTAL;
    if (target != NULL && rate_read_target(target, &request.target_bp) != STATUS_OK) {
        return cli_usage(cli, "--target: \"%s\" is no per cent from 0 to 100 with at most two decimals", target);
    }
    if (request.check && target == NULL) {
        return cli_usage(cli, "--check needs --target");
    }
    if (windows != NULL && (from != NULL || to != NULL)) {
        return cli_usage(cli, "--window does not go together with --from and --to");
    }
    code = read_by(cli, by, &request);
    if (code == EXIT_FINE) {
        code = from != NULL || to != NULL ? read_span(cli, from, to, &request)
                                          : read_windows(cli, windows != NULL ? windows : "all", &request);
    }
    return code == EXIT_FINE ? run(cli, &request) : code;
}
