/* SPDX-License-Identifier: MIT */
/* alerts_hush.c - kipthoi alerts ack, snooze, mute, unmute, mutes: what officials say about alerts. */
#include <stdio.h>
#include <string.h>

#include "cli/alerts.h"
#include "cli/calls.h"
#include "cli/report.h"

#define MUTE_DAYS_MAX 90
/* A turn of the notifier is waited for; that it comes between again right afterwards is rare, so often rarer still. */
#define TRIES 5

/* A moment ahead of the clock.  -1, or EXIT_USAGE with the reason printed. */
static int read_until(const struct cli *cli, const char *text, int64_t *until_us)
{
    if (text == NULL) {
        return cli_usage(cli, "--until TIME is needed: everything that is kept quiet has an end");
    }
    if (cli_read_time(text, until_us) != STATUS_OK) {
        return cli_usage(cli, "--until: \"%s\" is no time like 2026-01-16 or \"2026-01-16 08:30\"", text);
    }
    return *until_us > cli_now_us(cli) ? -1 : cli_usage(cli, "--until: %s lies in the past", text);
}

/* Finds a dossier that has been judged. */
static int find_dossier(struct cli *cli, struct db *db, const char *code, const char *source,
                        struct report_dossier *found)
{
    int exit_code = report_find_dossier(cli, db, code, source, found);

    if (exit_code == EXIT_FINE && !found->folded) {
        cli_tell(cli, WORD_HUSH_NOT_JUDGED, code, NULL);
        exit_code = EXIT_ANSWER_NO;
    }
    return exit_code;
}

static int tell_acked(const struct cli *cli, const char *dossier, const PGresult *row)
{
    enum { PROMISE, EPISODE, KNOWN, MADE };
    char number[24];

    if (PQntuples(row) == 0) {
        cli_tell(cli, WORD_HUSH_NOT_JUDGED, dossier, NULL);
        return EXIT_ANSWER_NO;
    }
    if (db_null(row, 0, KNOWN) && db_null(row, 0, MADE)) {
        cli_tell(cli, WORD_ACK_CLOSED, dossier, report_value(cli, db_text(row, 0, PROMISE)), NULL);
        return EXIT_ANSWER_NO;
    }
    snprintf(number, sizeof number, "%lld", (long long)db_int(row, 0, db_null(row, 0, KNOWN) ? MADE : KNOWN));
    cli_say(cli, db_null(row, 0, KNOWN) ? WORD_ACKED : WORD_ACKED_BEFORE, dossier, number, NULL);
    return EXIT_FINE;
}

int alerts_ack(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct alerts_request *r = request;
    struct report_dossier found = {0};
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);
    enum status st;

    (void)argc;
    if (code == EXIT_FINE) {
        code = find_dossier(cli, db, argv[0], r->source, &found);
    }
    if (code == EXIT_FINE) {
        db_param_int4(params, found.source_id);
        db_param_text(params, argv[0]);
        db_param_us(params, cli_now_us(cli));
        db_param_text(params, cli_who(r->by));
        db_param_text(params, r->why);
        st = db_run(db, SQL_ALERTS_ACK, params, &row);
        code = st == STATUS_OK ? tell_acked(cli, argv[0], row) : cli_db_failed(cli, db, st);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

/* The statement, alone in a transaction.  *lost: somebody took or planned the steps meanwhile, nothing was noted. */
static enum status try_to_say(struct db *db, enum sql_query query, struct db_params *params, PGresult **row, bool *lost)
{
    enum status st = db_begin_repeatable(db);

    if (st == STATUS_OK) {
        st = db_run(db, query, params, row);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    *lost = st != STATUS_OK && strncmp(db_sqlstate(db), "40", 2) == 0;
    if (st != STATUS_OK) {
        db_rollback(db);
        PQclear(*row);
        *row = NULL;
    }
    return st;
}

/*
 * Says something about steps that wait: not beside a notifier that is taking them, for the rows that come in their
 * place would know nothing of it.  Returns EXIT_FINE, or EXIT_UNREACHABLE with the reason printed.
 */
static int say_of_steps(struct cli *cli, struct db *db, enum sql_query query, struct db_params *params, PGresult **row)
{
    char tries[24];
    bool lost = true;
    enum status st = STATUS_RETRY;

    for (int i = 0; i < TRIES && lost; i++) {
        st = try_to_say(db, query, params, row, &lost);
    }
    if (lost) {
        snprintf(tries, sizeof tries, "%d", TRIES);
        cli_tell(cli, WORD_HUSH_LOST, tries, NULL);
        return EXIT_UNREACHABLE;
    }
    return st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
}

static void tell_snoozed(const struct cli *cli, const char *dossier, int64_t until_us, const PGresult *row)
{
    enum { HUSH, WAITING, MOVED, HELD, DUE };
    char hush[24], moved[24], waiting[24], held[24], until[CLI_TIME_SIZE], due[CLI_TIME_SIZE];

    snprintf(hush, sizeof hush, "%lld", (long long)db_int(row, 0, HUSH));
    snprintf(waiting, sizeof waiting, "%lld", (long long)db_int(row, 0, WAITING));
    snprintf(moved, sizeof moved, "%lld", (long long)db_int(row, 0, MOVED));
    snprintf(held, sizeof held, "%lld", (long long)db_int(row, 0, HELD));
    cli_say(cli, db_int(row, 0, WAITING) == 0 ? WORD_SNOOZED_NOTHING : WORD_SNOOZED, dossier, cli_time(until_us, until),
            moved, waiting, hush, NULL);
    if (db_int(row, 0, HELD) > 0) {
        cli_say(cli, WORD_SNOOZE_HELD, held, NULL);
    }
    if (!db_null(row, 0, DUE)) {
        cli_tell(cli, WORD_SNOOZE_PAST_DUE, cli_time(db_us(row, 0, DUE), due), until, NULL);
    }
}

int alerts_snooze(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct alerts_request *r = request;
    struct report_dossier found = {0};
    struct db_params *params = NULL;
    PGresult *row = NULL;
    struct db *db;
    int64_t until_us;
    int code = read_until(cli, r->until, &until_us);

    (void)argc;
    if (code >= 0) {
        return code;
    }
    params = db_params_new();
    code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);
    if (code == EXIT_FINE) {
        code = find_dossier(cli, db, argv[0], r->source, &found);
    }
    if (code == EXIT_FINE) {
        db_param_int4(params, found.source_id);
        db_param_text(params, argv[0]);
        db_param_us(params, cli_now_us(cli));
        db_param_us(params, until_us);
        db_param_text(params, cli_who(r->by));
        db_param_text(params, r->why);
        code = say_of_steps(cli, db, SQL_ALERTS_SNOOZE, params, &row);
    }
    if (code == EXIT_FINE && PQntuples(row) > 0) {
        tell_snoozed(cli, argv[0], until_us, row);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

/* Names the first of unit, field and rung that nothing knows. */
static int tell_muted(const struct cli *cli, const struct alerts_request *request, int64_t until_us,
                      const PGresult *row)
{
    static const enum word unknown[] = {WORD_UNIT_UNKNOWN, WORD_FIELD_UNKNOWN, WORD_RUNG_UNKNOWN};
    const char *const names[] = {request->unit, request->field, request->rung};
    char number[24], until[CLI_TIME_SIZE];

    for (int i = 0; i < 3; i++) {
        if (!db_bool(row, 0, i)) {
            cli_tell(cli, unknown[i], names[i], NULL);
            return EXIT_ANSWER_NO;
        }
    }
    snprintf(number, sizeof number, "%lld", (long long)db_int(row, 0, 3));
    cli_say(cli, WORD_MUTED, number, cli_time(until_us, until), NULL);
    return EXIT_FINE;
}

int alerts_mute(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct alerts_request *r = request;
    struct db_params *params = NULL;
    PGresult *row = NULL;
    struct db *db;
    int64_t until_us;
    enum status st;
    int code;

    (void)argc;
    (void)argv;
    if (r->unit == NULL && r->field == NULL && r->rung == NULL) {
        return cli_usage(cli, "alerts mute: say what: --unit, --field or --rung");
    }
    code = read_until(cli, r->until, &until_us);
    if (code < 0 && until_us > cli_now_us(cli) + MUTE_DAYS_MAX * CLOCK_DAY_S * CLOCK_SECOND_US) {
        code = cli_usage(cli, "--until: %s is more than %d days ahead; what is right then can be said then", r->until,
                         MUTE_DAYS_MAX);
    }
    if (code >= 0) {
        return code;
    }
    params = db_params_new();
    code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);
    if (code == EXIT_FINE) {
        db_param_text(params, r->unit);
        db_param_text(params, r->field);
        db_param_text(params, r->rung);
        db_param_us(params, cli_now_us(cli));
        db_param_us(params, until_us);
        db_param_text(params, cli_who(r->by));
        db_param_text(params, r->why);
        st = db_run(db, SQL_ALERTS_MUTE, params, &row);
        code = st == STATUS_OK ? tell_muted(cli, r, until_us, row) : cli_db_failed(cli, db, st);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

static int tell_unmuted(const struct cli *cli, const char *id, const PGresult *row)
{
    if (PQntuples(row) == 0) {
        cli_tell(cli, WORD_HUSH_UNKNOWN, id, NULL);
        return EXIT_ANSWER_NO;
    }
    if (db_bool(row, 0, 3)) {
        cli_tell(cli, WORD_HUSH_OVER, id, NULL);
        return EXIT_ANSWER_NO;
    }
    cli_say(cli, WORD_UNMUTED, id, report_value(cli, db_text(row, 0, 0)), NULL);
    return EXIT_FINE;
}

int alerts_unmute(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct alerts_request *r = request;
    struct db_params *params = NULL;
    PGresult *row = NULL;
    struct db *db;
    int64_t id;
    int code = calls_read_id(cli, argv[0], &id);

    (void)argc;
    if (code >= 0) {
        return code;
    }
    params = db_params_new();
    code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);
    if (code == EXIT_FINE) {
        db_param_int4(params, (int32_t)id);
        db_param_us(params, cli_now_us(cli));
        db_param_text(params, cli_who(r->by));
        db_param_text(params, r->why);
        code = say_of_steps(cli, db, SQL_ALERTS_UNMUTE, params, &row);
    }
    if (code == EXIT_FINE) {
        code = tell_unmuted(cli, argv[0], row);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

int alerts_mutes(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"id", WORD_ID, REPORT_INT},
        {"kind", WORD_KIND, REPORT_VALUE},
        {"unit", WORD_UNIT, REPORT_TEXT},
        {"field", WORD_FIELD, REPORT_TEXT},
        {"rung", WORD_RUNG, REPORT_VALUE},
        {"dossier", WORD_DOSSIER, REPORT_TEXT},
        {"source", WORD_SOURCE, REPORT_TEXT},
        {"since", WORD_SINCE, REPORT_TIME},
        {"until", WORD_UNTIL, REPORT_TIME},
        {"owner", WORD_WHO, REPORT_TEXT},
        {"why", WORD_WHY, REPORT_TEXT},
        {"ended_at", WORD_HUSH_ENDED, REPORT_TIME},
        {"ended_by", WORD_HUSH_ENDED_BY, REPORT_TEXT},
        {"ended_why", WORD_HUSH_ENDED_WHY, REPORT_TEXT},
    };
    const struct report_list list = {SQL_ALERTS_HUSHES, columns, (int)(sizeof columns / sizeof *columns), true,
                                     cli_now_us(cli),   NULL};
    const struct alerts_request *r = request;
    struct db_params *params = db_params_new();
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);

    (void)argc;
    (void)argv;
    if (code == EXIT_FINE) {
        db_param_us(params, cli_now_us(cli));
        db_param_bool(params, r->all);
        db_param_bool(params, !r->all);
        code = report_list(cli, db, &list, params);
    }
    db_params_destroy(&params);
    return code;
}
