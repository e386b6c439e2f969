/* SPDX-License-Identifier: MIT */
/* recipients.c - kipthoi recipients: whom alerts go to. */
#include "cli/recipients.h"

#include <stdio.h>
#include <string.h>

#include "cli/calls.h"
#include "cli/report.h"

static const char help[] =
    "kipthoi recipients [list] [--unit U]\n"
    "kipthoi recipients add --unit U --role ROLE --email ADDRESS|--webhook URL [--hours work|always] [--lang vi|en]\n"
    "                       [--secret-file FILE] [--why TEXT] [--by WHO]\n"
    "kipthoi recipients load FILE.csv [--dry-run] [--by WHO]\n"
    "kipthoi recipients remove|disable|enable ID --why TEXT [--by WHO]\n"
    "kipthoi recipients rotate ID [--finish] [--by WHO]\n"
    "kipthoi recipients secret ID [--by WHO]\n"
    "kipthoi recipients test ID [--by WHO]\n"
    "kipthoi recipients check\n"
    "kipthoi recipients log [ID] [--limit N]\n\n"
    "list     who hears of what, and what became of the messages\n"
    "add      ROLE: officer, head, one_stop, oversight, or any word that a rung names (kipthoi alerts ladder).  Mail "
    "is\n"
    "         sent in working hours (--hours work), webhooks are called always.  --lang: of the messages, vi unless "
    "given\n"
    "load     adds what a CSV file names: unit,role,channel,address,hours,lang,secret_file; what is there stays, with "
    "the\n"
    "         file's hours and language.  Every bad row is told, and with one of them nothing is loaded\n"
    "remove   deletes one to whom nothing was ever addressed; another one is disabled\n"
    "enable   goes on with one that was disabled; says how many messages were given up meanwhile, and how to send "
    "them\n"
    "rotate   a new key signs a webhook's messages, beside the old one; --finish: the old one no longer does\n"
    "secret   prints the newest key of a webhook, to be handed over; to a terminal only, unless --yes\n"
    "test     sends a message that says it is a test, at any hour\n"
    "check    units with open dossiers or letters to send of which nobody would hear; leaves with 1 when there are "
    "some\n"
    "log      who changed this, and who looked at keys\n\n"
    "A unit without a recipient of a role is heard at the nearest unit above it that has one.\n\n"
    "examples:\n"
    "  kipthoi recipients add --unit H56.14 --role officer --email officer@h56.example.vn\n"
    "  kipthoi recipients add --unit H56 --role oversight --webhook https://alerts.example.vn/in --lang en\n"
    "  kipthoi recipients load deploy/recipients.sample.csv --dry-run\n"
    "  kipthoi recipients rotate 4 && kipthoi recipients secret 4\n";

/* Columns of recipients_rows.sql that are looked at. */
enum list_column { LIST_ID = 0, LIST_NOTICES = 9, LIST_DISABLED = 13 };
/* Columns of recipients_unheard.sql that are looked at. */
enum unheard_column { UNHEARD_UNIT = 0, UNHEARD_ROLES = 5 };

int recipients_find(struct cli *cli, struct db *db, const char *text, PGresult **row)
{
    struct db_params *params;
    int64_t id;
    enum status st = STATUS_RETRY;
    int code = calls_read_id(cli, text, &id);

    *row = NULL;
    if (code >= 0) {
        return code;
    }
    params = db_params_new();
    if (params != NULL) {
        db_param_int4(params, (int32_t)id);
        st = db_run(db, SQL_RECIPIENTS_ONE, params, row);
    }
    db_params_destroy(&params);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    if (PQntuples(*row) == 0) {
        PQclear(*row);
        *row = NULL;
        cli_tell(cli, WORD_RECIPIENT_UNKNOWN, text, NULL);
        return EXIT_ANSWER_NO;
    }
    return EXIT_FINE;
}

/* What waits for a recipient who is disabled waits for ever, unless somebody knows of it. */
static void say_stranded(const struct cli *cli, const PGresult *rows)
{
    char id[24], notices[24];

    for (int r = 0; cli->format == CLI_TEXT && r < PQntuples(rows); r++) {
        if (!db_null(rows, r, LIST_NOTICES) && !db_null(rows, r, LIST_DISABLED)) {
            snprintf(id, sizeof id, "%lld", (long long)db_int(rows, r, LIST_ID));
            snprintf(notices, sizeof notices, "%lld", (long long)db_int(rows, r, LIST_NOTICES));
            cli_say(cli, WORD_STRANDED, id, notices, NULL);
        }
    }
}

int recipients_list(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"id", WORD_ID, REPORT_INT},
        {"unit", WORD_UNIT, REPORT_CODE},
        {"role", WORD_ROLE, REPORT_TEXT},
        {"channel", WORD_CHANNEL, REPORT_VALUE},
        {"address", WORD_ADDRESS, REPORT_TEXT},
        {"hours", WORD_HEARING_HOURS, REPORT_VALUE},
        {"lang", WORD_MESSAGE_LANG, REPORT_TEXT},
        {"sent", WORD_COL_SENT, REPORT_INT},
        {"waiting", WORD_COL_WAITING, REPORT_INT},
        {"notices", WORD_COL_NOTICES, REPORT_INT},
        {"stuck", WORD_STUCK, REPORT_INT},
        {"last_sent", WORD_LAST_SENT, REPORT_TIME},
        {"paused_until", WORD_PAUSED_UNTIL, REPORT_TIME},
        {"disabled", WORD_DISABLED, REPORT_TEXT},
        {"secret_file", WORD_KEY_FILES, REPORT_TEXT},
    };
    const struct recipients_request *r = request;
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);
    enum status st;

    (void)argc;
    (void)argv;
    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, r->unit);
    }
    if (code == EXIT_FINE) {
        db_param_text(params, r->unit);
        st = db_run(db, SQL_RECIPIENTS_ROWS, params, &rows);
        if (st == STATUS_OK) {
            /* Where keys lie is for programs and for kipthoi recipients secret. */
            table =
                report_brief(cli, rows, columns, (int)(sizeof columns / sizeof *columns) - (cli->format == CLI_TEXT));
            code = cli_print_table(cli, &table, DB_NULL_US);
            report_none(cli, rows, r->unit == NULL ? "kipthoi recipients add" : NULL);
            say_stranded(cli, rows);
        } else {
            code = cli_db_failed(cli, db, st);
        }
    }
    PQclear(rows);
    db_params_destroy(&params);
    return code;
}

int recipients_log(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"at", WORD_AT, REPORT_TIME},         {"recipient", WORD_RECIPIENT, REPORT_INT},
        {"what", WORD_LOG_WHAT, REPORT_TEXT}, {"about", WORD_ITEM_ABOUT, REPORT_TEXT},
        {"who", WORD_WHO, REPORT_TEXT},       {"why", WORD_WHY, REPORT_TEXT},
    };
    const struct report_list list = {SQL_RECIPIENTS_LOG, columns, (int)(sizeof columns / sizeof *columns), false,
                                     DB_NULL_US,         NULL};
    const struct recipients_request *r = request;
    struct db_params *params = db_params_new();
    struct db *db;
    int64_t limit = 0;
    int64_t id = 0;
    int code = params == NULL ? EXIT_UNREACHABLE : calls_read_limit(cli, r->limit, &limit);

    if (code < 0 && argc > 0) {
        code = calls_read_id(cli, argv[0], &id);
    }
    if (code < 0) {
        code = cli_db(cli, &db);
    }
    if (code == EXIT_FINE) {
        if (argc > 0) {
            db_param_int4(params, (int32_t)id);
        } else {
            db_param_null(params);
        }
        db_param_int8(params, limit);
        code = report_list(cli, db, &list, params);
    }
    db_params_destroy(&params);
    return code;
}

enum status recipients_read_unheard(struct db *db, PGresult **rows)
{
    return db_run(db, SQL_RECIPIENTS_UNHEARD, NULL, rows);
}

/* What to type for the first row: its unit, and the first role of which nobody hears. */
static void say_way_out(const struct cli *cli, const PGresult *rows)
{
    const char *roles = db_text(rows, 0, UNHEARD_ROLES);
    char role[64], unit[CLI_SHELL_SIZE], quoted[CLI_SHELL_SIZE];

    snprintf(role, sizeof role, "%.*s", (int)strcspn(roles, " "), roles);
    cli_say(cli, WORD_UNHEARD_WAY_OUT, cli_shell(db_text(rows, 0, UNHEARD_UNIT), unit), cli_shell(role, quoted), NULL);
}

int recipients_check(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"unit", WORD_UNIT, REPORT_CODE},           {"name", WORD_NAME, REPORT_TEXT},
        {"open", WORD_UNHEARD_OPEN, REPORT_INT},    {"owed", WORD_TO_SEND, REPORT_INT},
        {"rungs", WORD_UNHEARD_RUNGS, REPORT_TEXT}, {"roles", WORD_RUNG_ROLES, REPORT_TEXT},
    };
    struct table *table;
    PGresult *rows = NULL;
    struct db *db;
    int count;
    int code = cli_db(cli, &db);
    enum status st;

    (void)argc;
    (void)argv;
    (void)request;
    if (code != EXIT_FINE) {
        return code;
    }
    st = recipients_read_unheard(db, &rows);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    count = PQntuples(rows);
    if (count == 0 && cli->format == CLI_TEXT) {
        cli_say(cli, WORD_ALL_HEARD, NULL);
        PQclear(rows);
        return EXIT_FINE;
    }
    table = report_brief(cli, rows, columns, (int)(sizeof columns / sizeof *columns));
    code = cli_print_table(cli, &table, DB_NULL_US);
    if (cli->format == CLI_TEXT) {
        say_way_out(cli, rows);
    }
    PQclear(rows);
    return code == EXIT_FINE && count > 0 ? EXIT_ANSWER_NO : code;
}

static const struct call calls[] = {
    {"list", "--unit", 0, 0, false, recipients_list},
    {"add", "--unit --role --email --webhook --hours --secret-file --why --by", 0, 0, false, recipients_add},
    {"load", "--dry-run --by", 1, 1, false, recipients_load},
    {"remove", "--why --by", 1, 1, true, recipients_remove},
    {"disable", "--why --by", 1, 1, true, recipients_disable},
    {"enable", "--why --by", 1, 1, true, recipients_enable},
    {"rotate", "--finish --by", 1, 1, false, recipients_rotate},
    {"secret", "--by", 1, 1, false, recipients_secret},
    {"test", "--by", 1, 1, false, recipients_test},
    {"check", "", 0, 0, false, recipients_check},
    {"log", "--limit", 0, 1, false, recipients_log},
};

int cmd_recipients(struct cli *cli, int argc, char **argv)
{
    struct recipients_request request = {0};
    const struct cli_option options[] = {
        {"--unit", CLI_TEXT_VALUE, &request.unit},   {"--role", CLI_TEXT_VALUE, &request.role},
        {"--email", CLI_TEXT_VALUE, &request.email}, {"--webhook", CLI_TEXT_VALUE, &request.webhook},
        {"--hours", CLI_TEXT_VALUE, &request.hours}, {"--secret-file", CLI_TEXT_VALUE, &request.secret_file},
        {"--why", CLI_TEXT_VALUE, &request.why},     {"--by", CLI_TEXT_VALUE, &request.by},
        {"--limit", CLI_TEXT_VALUE, &request.limit}, {"--finish", CLI_FLAG, &request.finish},
        {"--dry-run", CLI_FLAG, &request.dry_run},   {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);
    const struct calls_typed typed = {argc, argv, options, request.why, &request};

    return code >= 0 ? code : calls_run(cli, calls, sizeof calls / sizeof *calls, &typed);
}
