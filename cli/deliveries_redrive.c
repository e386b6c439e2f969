/* SPDX-License-Identifier: MIT */
/* deliveries_redrive.c - kipthoi deliveries redrive: what was given up is sent after all. */
#include <stdio.h>
#include <string.h>

#include "cli/calls.h"
#include "cli/deliveries.h"
#include "cli/report.h"

enum { ID, STATE, DISABLED, RECIPIENT, DONE };

/* What was asked for as ids, as an array; NULL when --state or --recipient choose.  -1 or EXIT_USAGE. */
static int add_ids(const struct cli *cli, struct db_params *params, int argc, char **argv)
{
    int code = -1;

    if (argc == 0) {
        db_param_null(params);
        return code;
    }
    db_param_array(params, DB_ARRAY_INT8);
    for (int i = 0; i < argc && code < 0; i++) {
        int64_t id;

        code = calls_read_id(cli, argv[i], &id);
        if (code < 0) {
            db_param_add_int(params, id);
        }
    }
    return code;
}

static bool is_found(const PGresult *rows, const char *id)
{
    char text[24];

    for (int r = 0; r < PQntuples(rows); r++) {
        snprintf(text, sizeof text, "%lld", (long long)db_int(rows, r, ID));
        if (strcmp(text, id + strspn(id, "0")) == 0) {
            return true;
        }
    }
    return false;
}

/* Why one was left as it is. */
static void tell_left(const struct cli *cli, const PGresult *rows, int r)
{
    char id[24], recipient[24];

    snprintf(id, sizeof id, "%lld", (long long)db_int(rows, r, ID));
    snprintf(recipient, sizeof recipient, "%lld", (long long)db_int(rows, r, RECIPIENT));
    if (db_null(rows, r, DISABLED)) {
        cli_tell(cli, WORD_REDRIVE_STATE, id, report_value(cli, db_text(rows, r, STATE)), NULL);
    } else {
        cli_tell(cli, WORD_REDRIVE_DISABLED, id, recipient, db_text(rows, r, DISABLED), NULL);
    }
}

static int tell_redriven(const struct cli *cli, const PGresult *rows, int argc, char **argv)
{
    int done = 0, uncertain = 0, left = 0;
    char number[24];

    for (int r = 0; r < PQntuples(rows); r++) {
        if (db_bool(rows, r, DONE)) {
            done++;
            uncertain += strcmp(db_text(rows, r, STATE), "uncertain") == 0;
        } else {
            left++;
            tell_left(cli, rows, r);
        }
    }
    for (int i = 0; i < argc; i++) {
        if (!is_found(rows, argv[i])) {
            left++;
            cli_tell(cli, WORD_DELIVERY_UNKNOWN, argv[i], NULL);
        }
    }
    snprintf(number, sizeof number, "%d", done);
    cli_say(cli, WORD_REDRIVEN_SUM, number, NULL);
    if (uncertain > 0) {
        snprintf(number, sizeof number, "%d", uncertain);
        cli_say(cli, WORD_REDRIVEN_TWICE, number, NULL);
    }
    return left > 0 ? EXIT_ANSWER_NO : EXIT_FINE;
}

int deliveries_redrive(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct deliveries_request *r = request;
    struct db_params *params = NULL;
    PGresult *rows = NULL;
    struct db *db;
    enum status st;
    int code;

    if (argc == 0 && r->state == NULL && r->recipient == NULL) {
        return cli_usage(cli, "deliveries redrive: say which: numbers, --state dead|uncertain or --recipient ID");
    }
    if (r->state != NULL && strcmp(r->state, "dead") != 0 && strcmp(r->state, "uncertain") != 0) {
        return cli_usage(cli, "--state: only dead and uncertain ones can be redriven, not \"%s\"", r->state);
    }
    params = db_params_new();
    code = params == NULL ? EXIT_UNREACHABLE : add_ids(cli, params, argc, argv);
    if (code < 0) {
        db_param_text(params, r->state);
        code = deliveries_add_recipient(cli, params, r->recipient);
    }
    if (code < 0) {
        db_param_text(params, cli_who(r->by));
        db_param_text(params, r->why);
        code = cli_db(cli, &db);
    }
    if (code == EXIT_FINE) {
        st = db_run(db, SQL_DELIVERIES_REDRIVE, params, &rows);
        code = st == STATUS_OK ? tell_redriven(cli, rows, argc, argv) : cli_db_failed(cli, db, st);
    }
    PQclear(rows);
    db_params_destroy(&params);
    return code;
}
