/* SPDX-License-Identifier: MIT */
/* deliveries.c - kipthoi deliveries: the outbox of messages to officials and letters by mail. */
#include "cli/deliveries.h"

#include <string.h>

#include "cli/calls.h"
#include "cli/report.h"

static const char help[] =
    "kipthoi deliveries [list] [--state waiting|claimed|sent|dead|uncertain] [--recipient ID] [--limit N]\n"
    "kipthoi deliveries show ID\n"
    "kipthoi deliveries count\n"
    "kipthoi deliveries redrive ID... | --state dead|uncertain | --recipient ID  --why TEXT [--by WHO]\n\n"
    "list      messages and what became of them, the newest first (default 100 rows; --limit 0: all)\n"
    "show      one message: a mail's text, made as when it is sent, else its facts; every attempt and its reason\n"
    "count     how many wait, were given up, were sent in the last 30 days\n"
    "redrive   messages that were given up (dead), or whose outcome is not known (uncertain), wait again and their\n"
    "          attempts begin anew.  An uncertain one may have arrived: then its receiver gets it twice, under the "
    "same\n"
    "          id.  Leaves with 1 when one of those named could not be redriven.\n\n"
    "waiting: to be sent, now or again later; claimed: being sent; sent: the receiver has taken it.\n\n"
    "examples:\n"
    "  kipthoi deliveries --state dead\n"
    "  kipthoi deliveries show 17\n"
    "  kipthoi deliveries redrive 17 18 --why \"the mail server takes mail again\"\n"
    "  kipthoi deliveries redrive --recipient 4 --why \"the address was corrected\"\n";

int deliveries_add_recipient(const struct cli *cli, struct db_params *params, const char *recipient)
{
    int64_t id;
    int code = recipient == NULL ? -1 : calls_read_id(cli, recipient, &id);

    if (code < 0 && recipient != NULL) {
        db_param_int4(params, (int32_t)id);
    } else {
        db_param_null(params);
    }
    return code;
}

int deliveries_list(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"id", WORD_ID, REPORT_INT},
        {"state", WORD_STATE, REPORT_VALUE},
        {"channel", WORD_CHANNEL, REPORT_VALUE},
        {"unit", WORD_UNIT, REPORT_TEXT},
        {"role", WORD_ROLE, REPORT_TEXT},
        {"address", WORD_ADDRESS, REPORT_TEXT},
        {"kind", WORD_KIND, REPORT_VALUE},
        {"key", WORD_MESSAGE_KEY, REPORT_TEXT},
        {"items", WORD_ITEMS, REPORT_INT},
        {"attempts", WORD_ATTEMPTS, REPORT_INT},
        {"created_at", WORD_MADE_AT, REPORT_TIME},
        {"next_at", WORD_NEXT_AT, REPORT_TIME},
        {"sent_at", WORD_SENT_AT, REPORT_TIME},
        {"last_error", WORD_LAST_ERROR, REPORT_TEXT},
        {"recipient", WORD_RECIPIENT, REPORT_HIDDEN},
    };
    const struct deliveries_request *r = request;
    const bool all = r->state == NULL && r->recipient == NULL;
    const struct report_list list = {SQL_DELIVERIES_ROWS,
                                     columns,
                                     (int)(sizeof columns / sizeof *columns),
                                     true,
                                     DB_NULL_US,
                                     all ? "kipthoi recipients add, kipthoi letters approve --send" : NULL};
    struct db_params *params = db_params_new();
    struct db *db;
    int64_t limit = 0;
    int code = params == NULL ? EXIT_UNREACHABLE : calls_read_limit(cli, r->limit, &limit);

    (void)argc;
    (void)argv;
    if (code < 0) {
        db_param_text(params, r->state);
        code = deliveries_add_recipient(cli, params, r->recipient);
    }
    if (code < 0) {
        db_param_int8(params, limit);
        code = cli_db(cli, &db);
    }
    if (code == EXIT_FINE) {
        code = report_list(cli, db, &list, params);
    }
    db_params_destroy(&params);
    return code;
}

int deliveries_count(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"channel", WORD_CHANNEL, REPORT_VALUE},   {"waiting", WORD_COL_WAITING, REPORT_INT},
        {"claimed", WORD_COL_CLAIMED, REPORT_INT}, {"sent_30_days", WORD_COL_SENT_30_DAYS, REPORT_INT},
        {"dead", WORD_COL_DEAD, REPORT_INT},       {"uncertain", WORD_COL_UNCERTAIN, REPORT_INT},
        {"oldest", WORD_OLDEST, REPORT_TIME},
    };
    struct table *table;
    PGresult *rows = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st;

    (void)argc;
    (void)argv;
    (void)request;
    if (code != EXIT_FINE) {
        return code;
    }
    st = db_run(db, SQL_DELIVERIES_COUNT, NULL, &rows);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    table = report_table(cli, rows, columns, (int)(sizeof columns / sizeof *columns));
    table_mark_total(table);
    table_show_first(table, cli_word(cli, WORD_TOTAL));
    PQclear(rows);
    return cli_print_table(cli, &table, DB_NULL_US);
}

static const struct call calls[] = {
    {"list", "--state --recipient --limit", 0, 0, false, deliveries_list},
    {"count", "", 0, 0, false, deliveries_count},
    {"show", "", 1, 1, false, deliveries_show},
    {"redrive", "--state --recipient --why --by", 0, 1000, true, deliveries_redrive},
};

static bool is_state(const char *text)
{
    static const char *const states[] = {"waiting", "claimed", "sent", "dead", "uncertain"};

    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (strcmp(states[i], text) == 0) {
            return true;
        }
    }
    return false;
}

int cmd_deliveries(struct cli *cli, int argc, char **argv)
{
    struct deliveries_request request = {0};
    const struct cli_option options[] = {
        {"--state", CLI_TEXT_VALUE, &request.state}, {"--recipient", CLI_TEXT_VALUE, &request.recipient},
        {"--limit", CLI_TEXT_VALUE, &request.limit}, {"--why", CLI_TEXT_VALUE, &request.why},
        {"--by", CLI_TEXT_VALUE, &request.by},       {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);
    const struct calls_typed typed = {argc, argv, options, request.why, &request};

    if (code >= 0) {
        return code;
    }
    if (request.state != NULL && !is_state(request.state)) {
        return cli_usage(cli, "--state: \"%s\" is none of waiting claimed sent dead uncertain", request.state);
    }
    return calls_run(cli, calls, sizeof calls / sizeof *calls, &typed);
}
