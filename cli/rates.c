/* SPDX-License-Identifier: MIT */
/* rates.c - kipthoi rates: on-time rates by unit, field and procedure, for windows of days. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/rate.h"
#include "cli/report.h"
#include "cli/window.h"
#include "scorer/rule.h"

#define WINDOWS_MAX 16
#define NO_TARGET (-1)

static const char help[] =
    "kipthoi rates [--by unit,field,procedure] [--window W[,W...]] [--from DAY --to DAY] [--rule RULE]\n"
    "              [--target PERCENT] [--unit CODE] [--check]\n\n"
    "  --by LIST          one row per unit, field, procedure, or any of them together (default unit)\n"
    "  --window LIST      7d 30d 90d 365d (that many days, today the last), mtd qtd ytd, a year 2015, years\n"
    "                     2023-2025, all (default); days are those of the deployment's zone, today is the clock's\n"
    "  --from, --to       first and last day, 2015-01-31\n"
    "  --rule RULE        promise (default), portal (the national indicator) or intake (accepted within the time "
    "allowed)\n"
    "  --target PERCENT   shows whether each row reaches it; decided on the counts, not on the rounded rate\n"
    "  --unit CODE        this unit and those under it only\n"
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
    "  kipthoi rates --rule portal --window ytd\n"
    "  kipthoi rates --by procedure --from 2015-01-01 --to 2015-03-31 --csv\n";

struct request {
    bool by_unit;
    bool by_field;
    bool by_procedure;
    bool check;
    const char *rule;
    bool portal;      /* the rule is the portal's, and so is the denominator */
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

/* For people the figures that make up the rate shown; for programs all. */
static void count_columns(const struct cli *cli, const struct request *request, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    cli_column(cli, table, "early", WORD_COL_EARLY, TABLE_RIGHT);
    cli_column(cli, table, "on_time", WORD_COL_ON_TIME, TABLE_RIGHT);
    cli_column(cli, table, "late", WORD_COL_LATE, TABLE_RIGHT);
    if (!people || !request->portal) {
        cli_column(cli, table, "finished", WORD_COL_FINISHED, TABLE_RIGHT);
    }
    cli_column(cli, table, "overdue", WORD_COL_OVERDUE, TABLE_RIGHT);
    if (!people || request->portal) {
        cli_column(cli, table, "in_time", WORD_COL_IN_TIME, TABLE_RIGHT);
        cli_column(cli, table, "paused", WORD_COL_PAUSED, TABLE_RIGHT);
        cli_column(cli, table, "counted", WORD_COL_COUNTED, TABLE_RIGHT);
    }
    cli_column(cli, table, "excluded", WORD_COL_EXCLUDED, TABLE_RIGHT);
}

static void rate_columns(const struct cli *cli, const struct request *request, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    cli_column(cli, table, "rate", request->portal ? WORD_RATE_PORTAL : WORD_RATE, TABLE_RIGHT);
    if (!people) {
        cli_column(cli, table, "over", WORD_OVER, TABLE_LEFT);
        cli_column(cli, table, "rate_finished", WORD_RATE, TABLE_RIGHT);
    }
    if (!people || !request->portal) {
        cli_column(cli, table, "rate_with_overdue", WORD_RATE_WITH_OVERDUE, TABLE_RIGHT);
    }
    if (!people) {
        cli_column(cli, table, "rate_portal", WORD_RATE_PORTAL, TABLE_RIGHT);
    }
    if (!people || request->portal) {
        cli_column(cli, table, "score", WORD_SCORE, TABLE_RIGHT);
    }
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
    count_columns(cli, request, table);
    rate_columns(cli, request, table);
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

/* A row's counts, and the quotients made of them: part over whole. */
struct figures {
    int64_t early, on_time, late, overdue, in_time, paused, excluded;
    int64_t kept;         /* early and on time */
    int64_t finished;     /* ... and late */
    int64_t portal_part;  /* kept, in time and paused */
    int64_t portal_whole; /* all but excluded */
};

static struct figures read_figures(const PGresult *rows, int r)
{
    enum { EARLY = 4, ON_TIME, LATE, OVERDUE, IN_TIME, PAUSED, EXCLUDED };
    struct figures f = {.early = db_int(rows, r, EARLY),
                        .on_time = db_int(rows, r, ON_TIME),
                        .late = db_int(rows, r, LATE),
                        .overdue = db_int(rows, r, OVERDUE),
                        .in_time = db_int(rows, r, IN_TIME),
                        .paused = db_int(rows, r, PAUSED),
                        .excluded = db_int(rows, r, EXCLUDED)};

    f.kept = f.early + f.on_time;
    f.finished = f.kept + f.late;
    f.portal_part = f.kept + f.in_time + f.paused;
    f.portal_whole = f.finished + f.overdue + f.in_time + f.paused;
    return f;
}

static void put_counts(const struct cli *cli, const struct request *request, struct table *table,
                       const struct figures *f)
{
    bool people = cli->format == CLI_TEXT;

    table_int(table, f->early);
    table_int(table, f->on_time);
    table_int(table, f->late);
    if (!people || !request->portal) {
        table_int(table, f->finished);
    }
    table_int(table, f->overdue);
    if (!people || request->portal) {
        table_int(table, f->in_time);
        table_int(table, f->paused);
        table_int(table, f->portal_whole);
    }
    table_int(table, f->excluded);
}

/* The portal's rate is one of its rule: under the others open dossiers stand in other windows. */
static void put_rates(const struct cli *cli, const struct request *request, struct table *table,
                      const struct figures *f)
{
    bool people = cli->format == CLI_TEXT;
    char finished[RATE_SIZE], overdue[RATE_SIZE], portal[RATE_SIZE], score[RATE_SIZE];
    const char *of_finished = rate_format(f->kept, f->finished, finished);
    const char *of_portal = request->portal ? rate_format(f->portal_part, f->portal_whole, portal) : NULL;

    table_text(table, request->portal ? of_portal : of_finished);
    if (!people) {
        table_text(table, request->portal ? "portal" : "finished");
        table_text(table, of_finished);
    }
    if (!people || !request->portal) {
        table_text(table, rate_format(f->kept, f->finished + f->overdue, overdue));
    }
    if (!people) {
        table_text(table, of_portal);
    }
    if (!people || request->portal) {
        /* 20 of 20 points where the rate is 100: a fifth of it. */
        table_text(table, request->portal ? rate_format(f->portal_part, f->portal_whole * 5, score) : NULL);
    }
}

static void put_row(const struct cli *cli, const struct request *request, struct table *table,
                    const struct window *window, const PGresult *rows, int r, struct outcome *outcome)
{
    bool people = cli->format == CLI_TEXT;
    bool say_total = db_bool(rows, r, 0);
    struct figures f = read_figures(rows, r);

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
    put_counts(cli, request, table, &f);
    put_rates(cli, request, table, &f);
    put_target(cli, request, table, request->portal ? f.portal_part : f.kept,
               request->portal ? f.portal_whole : f.finished, &outcome->missed);
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
    if (rule_name_from_text(request.rule) == RULES) {
        return cli_usage(cli, "--rule: \"%s\" is none of promise, portal, intake", request.rule);
    }
    request.portal = rule_name_from_text(request.rule) == RULE_PORTAL;
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
