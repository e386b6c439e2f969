/* SPDX-License-Identifier: MIT */
/* letters.c - kipthoi letters: apology letters owed, and noting those that were sent. */
#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/report.h"
#include "targets/score.h"

static const char help[] =
    "kipthoi letters [list] [--state owed|drafted|approved|sent|void] [--unit CODE] [--limit N]\n"
    "kipthoi letters count [--unit CODE]\n"
    "kipthoi letters sent DOSSIER --no NUMBER --why TEXT [--source S] [--at TIME] [--by WHO]\n\n"
    "list     letters by deadline; without --state those that are still to be sent (default 100 rows; --limit 0: all)\n"
    "count    how many each unit owes, has sent, and how many became void\n"
    "sent     notes that the letter of a dossier was sent.  TIME as 2015-01-16 or \"2015-01-16 08:30\" local, or\n"
    "         RFC 3339 (default: the clock); WHO defaults to your login name.  Repeating it with the same number is "
    "fine.\n\n"
    "examples:\n"
    "  kipthoi letters --unit H56.14\n"
    "  kipthoi letters count\n"
    "  kipthoi letters sent H56.14-240823-0001 --no 12/TXL --why \"handed over at the counter\"\n";

static const struct report_column list_columns[] = {
    {"unit", WORD_UNIT, REPORT_CODE},           {"dossier", WORD_DOSSIER, REPORT_TEXT},
    {"source", WORD_SOURCE, REPORT_TEXT},       {"episode", WORD_EPISODE, REPORT_INT},
    {"state", WORD_STATE, REPORT_VALUE},        {"due", WORD_DUE, REPORT_TIME},
    {"deadline", WORD_DEADLINE, REPORT_TIME},   {"opened_at", WORD_OPENED, REPORT_TIME},
    {"letter_no", WORD_LETTER_NO, REPORT_TEXT}, {"sent_at", WORD_SENT_AT, REPORT_TIME},
    {"sent_by", WORD_SENT_BY, REPORT_TEXT},
};

struct request {
    const char *state;
    const char *unit;
    int64_t limit;
    const char *source;
    const char *number;
    const char *at;
    const char *by;
    const char *why;
};

/* "100 of 30,599" */
static void say_shown(const struct cli *cli, int rows, int64_t total)
{
    char separator = cli->lang == LANG_VI ? '.' : ',';
    char shown[SCORE_TEXT_SIZE], of[SCORE_TEXT_SIZE];

    cli_say(cli, WORD_LETTERS_SHOWN, score_number(rows, separator, shown), score_number(total, separator, of), NULL);
}

static int list_letters(struct cli *cli, const struct request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    PGresult *total = NULL;
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_snapshot(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, request->unit);
    }
    if (code != EXIT_FINE) {
        goto done;
    }
    db_param_text(params, request->state);
    db_param_text(params, request->unit);
    st = db_run(db, SQL_LETTERS_TOTAL, params, &total);
    if (st == STATUS_OK) {
        db_params_reset(params);
        db_param_text(params, request->state);
        db_param_text(params, request->unit);
        db_param_int8(params, request->limit);
        st = db_run(db, SQL_LETTERS_ROWS, params, &rows);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
        goto done;
    }
    table = report_table(cli, rows, list_columns, (int)(sizeof list_columns / sizeof *list_columns));
    code = cli_print_table(cli, &table, DB_NULL_US);
    if (cli->format == CLI_TEXT) {
        say_shown(cli, PQntuples(rows), db_int(total, 0, 0));
    }
done:
    PQclear(rows);
    PQclear(total);
    table_destroy(&table);
    db_params_destroy(&params);
    return code;
}

static struct table *count_table(const struct cli *cli, const PGresult *rows)
{
    static const struct report_column columns[] = {
        {"unit", WORD_UNIT, REPORT_CODE},
        {"to_send", WORD_TO_SEND, REPORT_INT},
        {"past_deadline", WORD_PAST_DEADLINE, REPORT_INT},
        {"sent", WORD_COL_SENT, REPORT_INT},
        {"void", WORD_COL_VOID, REPORT_INT},
    };
    struct table *table = report_table(cli, rows, columns, (int)(sizeof columns / sizeof *columns));

    table_mark_total(table);
    table_show_first(table, cli_word(cli, WORD_TOTAL));
    return table;
}

static int count_letters(struct cli *cli, const struct request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_snapshot(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, request->unit);
    }
    if (code == EXIT_FINE) {
        db_param_text(params, request->unit);
        db_param_us(params, cli_now_us(cli));
        st = db_run(db, SQL_LETTERS_COUNT, params, &rows);
        if (st == STATUS_OK) {
            st = db_commit(db);
        }
        if (st != STATUS_OK) {
            code = cli_db_failed(cli, db, st);
        }
    }
    if (code == EXIT_FINE) {
        table = count_table(cli, rows);
        code = cli_print_table(cli, &table, cli_now_us(cli));
    }
    PQclear(rows);
    db_params_destroy(&params);
    return code;
}

/* The duty's state before the call tells what the call did. */
static int tell_sent(struct cli *cli, const char *dossier, const struct request *request, const PGresult *row)
{
    const char *was;
    char when[CLI_TIME_SIZE];

    if (PQntuples(row) == 0) {
        cli_tell(cli, WORD_LETTER_NOT_OWED, dossier, NULL);
        return EXIT_ANSWER_NO;
    }
    was = db_text(row, 0, 1);
    if (strcmp(was, "void") == 0) {
        cli_tell(cli, WORD_LETTER_VOID, dossier, NULL);
        return EXIT_ANSWER_NO;
    }
    if (strcmp(was, "sent") == 0) {
        bool same = strcmp(db_text(row, 0, 2), request->number) == 0;

        cli_tell(cli, same ? WORD_LETTER_SENT_BEFORE : WORD_LETTER_SENT_OTHER, dossier, db_text(row, 0, 2),
                 cli_time(db_us(row, 0, 3), when), NULL);
        return same ? EXIT_FINE : EXIT_ANSWER_NO;
    }
    cli_say(cli, WORD_LETTER_NOTED, dossier, request->number, NULL);
    return EXIT_FINE;
}

static int note_sent(struct cli *cli, const char *dossier, const struct request *request, int64_t at_us)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    struct db *db;
    struct report_dossier found = {0};
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_find_dossier(cli, db, dossier, request->source, &found);
    }
    if (code == EXIT_FINE) {
        db_param_int4(params, found.source_id);
        db_param_text(params, dossier);
        db_param_text(params, request->number);
        db_param_us(params, at_us);
        db_param_text(params, request->by);
        db_param_text(params, request->why);
        db_param_us(params, cli_now_us(cli));
        st = db_run(db, SQL_LETTERS_SENT, params, &row);
        code = st == STATUS_OK ? tell_sent(cli, dossier, request, row) : cli_db_failed(cli, db, st);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

static int sent(struct cli *cli, const char *dossier, struct request *request)
{
    const struct passwd *login = getpwuid(getuid());
    int64_t at_us = cli_now_us(cli);

    if (request->number == NULL || *request->number == '\0' || request->why == NULL || *request->why == '\0') {
        return cli_usage(cli, "letters sent: --no NUMBER and --why TEXT are needed");
    }
    if (request->at != NULL && cli_read_time(request->at, &at_us) != STATUS_OK) {
        return cli_usage(cli, "--at: \"%s\" is no time like 2015-01-16 or \"2015-01-16 08:30\"", request->at);
    }
    if (at_us > cli_now_us(cli)) {
        return cli_usage(cli, "--at: %s lies in the future", request->at);
    }
    if (request->by == NULL) {
        request->by = login == NULL ? "operator" : login->pw_name;
    }
    return note_sent(cli, dossier, request, at_us);
}

int cmd_letters(struct cli *cli, int argc, char **argv)
{
    struct request request = {.limit = 100};
    const struct cli_option options[] = {
        {"--state", CLI_TEXT_VALUE, &request.state},
        {"--unit", CLI_TEXT_VALUE, &request.unit},
        {"--limit", CLI_INT_VALUE, &request.limit},
        {"--source", CLI_TEXT_VALUE, &request.source},
        {"--no", CLI_TEXT_VALUE, &request.number},
        {"--at", CLI_TEXT_VALUE, &request.at},
        {"--by", CLI_TEXT_VALUE, &request.by},
        {"--why", CLI_TEXT_VALUE, &request.why},
        {NULL, CLI_FLAG, NULL},
    };
    static const char *const states[] = {"owed", "drafted", "approved", "sent", "void"};
    int code = cli_options(cli, &argc, argv, options, help);
    bool known = request.state == NULL;

    if (code >= 0) {
        return code;
    }
    for (size_t i = 0; i < sizeof states / sizeof *states && !known; i++) {
        known = strcmp(states[i], request.state) == 0;
    }
    if (!known) {
        return cli_usage(cli, "--state: \"%s\" is none of owed drafted approved sent void", request.state);
    }
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0)) {
        return list_letters(cli, &request);
    }
    if (argc == 2 && strcmp(argv[1], "count") == 0) {
        return count_letters(cli, &request);
    }
    if (argc == 3 && strcmp(argv[1], "sent") == 0) {
        return sent(cli, argv[2], &request);
    }
    return cli_usage(cli, "usage: kipthoi letters [list|count|sent DOSSIER]; see: kipthoi letters --help");
}
