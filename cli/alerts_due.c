/* SPDX-License-Identifier: MIT */
/* alerts_due.c - kipthoi alerts list, kipthoi alerts due: steps of the ladder. */
#include <stdio.h>
#include <string.h>

#include "cli/alerts.h"
#include "cli/calls.h"
#include "cli/report.h"

#define DAYS_DEFAULT 7
#define DAYS_MAX 3660
#define TICK_LEAST_MS 1000

int64_t alerts_missed_before_us(const struct cli *cli)
{
    int64_t poll_ms = cli->config.notifier.poll_ms;

    return cli_now_us(cli) - (poll_ms > TICK_LEAST_MS ? poll_ms : TICK_LEAST_MS) * 1000;
}

int alerts_list(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"unit", WORD_UNIT, REPORT_CODE},         {"due_at", WORD_STEP_DUE, REPORT_TIME},
        {"dossier", WORD_DOSSIER, REPORT_TEXT},   {"source", WORD_SOURCE, REPORT_TEXT},
        {"episode", WORD_EPISODE, REPORT_HIDDEN}, {"rung", WORD_RUNG, REPORT_VALUE},
        {"state", WORD_STATE, REPORT_VALUE},      {"outcome", WORD_OUTCOME, REPORT_VALUE},
        {"done_at", WORD_STEP_DONE, REPORT_TIME}, {"due_was", WORD_STEP_WAS, REPORT_TIME},
        {"why", WORD_WHY, REPORT_TEXT},
    };
    const struct report_list list = {SQL_ALERTS_STEPS, columns, (int)(sizeof columns / sizeof *columns), true,
                                     cli_now_us(cli),  NULL};
    const struct alerts_request *r = request;
    int64_t days_us = (r->days > 0 ? r->days : DAYS_DEFAULT) * CLOCK_DAY_S * CLOCK_SECOND_US;
    struct db_params *params;
    struct db *db;
    int64_t limit;
    int code = calls_read_limit(cli, r->limit, &limit);

    (void)argc;
    (void)argv;
    if (code >= 0 || r->days > DAYS_MAX) {
        return code >= 0 ? code : cli_usage(cli, "--days: at most %d", DAYS_MAX);
    }
    code = cli_db(cli, &db);
    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, r->unit);
    }
    if (code != EXIT_FINE) {
        return code;
    }
    params = db_params_new();
    if (params == NULL) {
        return EXIT_UNREACHABLE;
    }
    db_param_us(params, cli_now_us(cli) - days_us);
    db_param_us(params, cli_now_us(cli) + days_us);
    db_param_text(params, r->unit);
    db_param_int8(params, limit);
    code = report_list(cli, db, &list, params);
    db_params_destroy(&params);
    return code;
}

/* All waiting steps, or those that are missed. */
static enum status read_due(struct cli *cli, struct db *db, const struct alerts_request *request, int64_t limit,
                            PGresult **missed, PGresult **rows)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_us(params, alerts_missed_before_us(cli));
        db_param_text(params, request->unit);
        st = db_run(db, SQL_ALERTS_MISSED, params, missed);
    }
    if (st == STATUS_OK) {
        db_params_reset(params);
        db_param_us(params, request->missed ? alerts_missed_before_us(cli) : DB_INFINITY_US);
        db_param_text(params, request->unit);
        db_param_us(params, cli_now_us(cli));
        db_param_int8(params, limit);
        st = db_run(db, SQL_ALERTS_DUE, params, rows);
    }
    db_params_destroy(&params);
    return st == STATUS_OK ? db_commit(db) : st;
}

static int print_due(struct cli *cli, const PGresult *missed, const PGresult *rows)
{
    static const struct report_column columns[] = {
        {"due_at", WORD_STEP_DUE, REPORT_TIME}, {"late_s", WORD_STEP_LATE, REPORT_SINCE},
        {"unit", WORD_UNIT, REPORT_CODE},       {"dossier", WORD_DOSSIER, REPORT_TEXT},
        {"source", WORD_SOURCE, REPORT_TEXT},   {"episode", WORD_EPISODE, REPORT_HIDDEN},
        {"rung", WORD_RUNG, REPORT_VALUE},      {"due_was", WORD_STEP_WAS, REPORT_TIME},
    };
    struct table *table = report_brief(cli, rows, columns, (int)(sizeof columns / sizeof *columns));
    int64_t count = db_int(missed, 0, 0);
    char number[24], since[CLI_TIME_SIZE];
    int code = cli_print_table(cli, &table, cli_now_us(cli));

    if (cli->format == CLI_TEXT) {
        snprintf(number, sizeof number, "%lld", (long long)count);
        cli_say(cli, count == 0 ? WORD_STEPS_NONE_MISSED : WORD_STEPS_MISSED, number,
                cli_time(db_us(missed, 0, 1), since), NULL);
    }
    return code == EXIT_FINE && count > 0 ? EXIT_ANSWER_NO : code;
}

int alerts_due(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct alerts_request *r = request;
    PGresult *missed = NULL;
    PGresult *rows = NULL;
    struct db *db;
    int64_t limit;
    enum status st;
    int code = calls_read_limit(cli, r->limit, &limit);

    (void)argc;
    (void)argv;
    if (code >= 0) {
        return code;
    }
    code = cli_snapshot(cli, &db);
    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, r->unit);
    }
    if (code == EXIT_FINE) {
        st = read_due(cli, db, r, limit, &missed, &rows);
        code = st == STATUS_OK ? print_due(cli, missed, rows) : cli_db_failed(cli, db, st);
    }
    PQclear(missed);
    PQclear(rows);
    return code;
}
