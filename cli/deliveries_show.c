/* SPDX-License-Identifier: MIT */
/* deliveries_show.c - kipthoi deliveries show: one message, what it says, and every attempt. */
#include <stdio.h>
#include <string.h>

#include "cli/calls.h"
#include "cli/deliveries.h"
#include "cli/mail_off.h"
#include "cli/report.h"
#include "notifier/compose.h"

static const struct report_column about[] = {
    {"id", WORD_ID, REPORT_INT},
    {"state", WORD_STATE, REPORT_VALUE},
    {"channel", WORD_CHANNEL, REPORT_VALUE},
    {"recipient", WORD_RECIPIENT, REPORT_INT},
    {"unit", WORD_UNIT, REPORT_TEXT},
    {"role", WORD_ROLE, REPORT_TEXT},
    {"address", WORD_ADDRESS, REPORT_TEXT},
    {"kind", WORD_KIND, REPORT_VALUE},
    {"key", WORD_MESSAGE_KEY, REPORT_TEXT},
    {"items", WORD_ITEMS, REPORT_INT},
    {"attempts", WORD_ATTEMPTS, REPORT_INT},
    {"created_at", WORD_MADE_AT, REPORT_TIME},
    {"next_at", WORD_NEXT_AT, REPORT_TIME},
    {"claimed_until", WORD_CLAIMED_UNTIL, REPORT_TIME},
    {"sent_at", WORD_SENT_AT, REPORT_TIME},
    {"wire_id", WORD_WIRE_ID, REPORT_TEXT},
    {"last_error", WORD_LAST_ERROR, REPORT_TEXT},
    {"disabled", WORD_DISABLED, REPORT_TEXT},
};
#define ABOUT ((int)(sizeof about / sizeof *about))
enum { STATE = 1, CHANNEL = 2, UNIT = 4, ROLE = 5, KIND = 7, MESSAGE = ABOUT, FACTS, AT, IN_LANG, UNIT_NAME };

static const struct report_column items[] = {
    {"kind", WORD_KIND, REPORT_VALUE},
    {"due", WORD_DUE, REPORT_TIME},
    {"about", WORD_ITEM_ABOUT, REPORT_TEXT},
    {"facts", WORD_ITEM_FACTS, REPORT_TEXT},
};
#define ITEMS ((int)(sizeof items / sizeof *items))

static const struct report_column attempts[] = {
    {"at", WORD_AT, REPORT_TIME},           {"attempt", WORD_ATTEMPT, REPORT_INT},
    {"outcome", WORD_OUTCOME, REPORT_TEXT}, {"status", WORD_ATTEMPT_STATUS, REPORT_INT},
    {"detail", WORD_WHY, REPORT_TEXT},
};
#define ATTEMPTS ((int)(sizeof attempts / sizeof *attempts))

struct delivery_parts {
    PGresult *row; /* deliveries_show.sql */
    PGresult *items;
    PGresult *attempts;
    struct composed mail; /* what a mail to officials says; NULLs when it is none */
};

/* One line for each thing that there is. */
static void print_about(const struct cli *cli, const PGresult *row)
{
    char text[CLI_TIME_SIZE];

    for (int c = 0; c < ABOUT; c++) {
        if (db_null(row, 0, c)) {
            continue;
        }
        switch (about[c].type) {
        case REPORT_INT:
            cli_line_int(cli, about[c].title, db_int(row, 0, c));
            break;
        case REPORT_TIME:
            cli_line(cli, about[c].title, cli_time(db_us(row, 0, c), text));
            break;
        case REPORT_VALUE:
            cli_line(cli, about[c].title, report_value(cli, db_text(row, 0, c)));
            break;
        default:
            cli_line(cli, about[c].title, db_text(row, 0, c));
        }
    }
}

static void print_list(const struct cli *cli, enum word title, const PGresult *rows,
                       const struct report_column *columns, int count)
{
    struct table *table = report_brief(cli, rows, columns, count);

    if (table_rows(table) > 0) {
        cli_heading(cli, cli_word(cli, title));
        table_print_text(table, stdout, cli->color);
    }
    table_destroy(&table);
}

static void add_list(const struct cli *cli, cJSON *object, const char *name, const PGresult *rows,
                     const struct report_column *columns, int count)
{
    struct table *table = report_table(cli, rows, columns, count);
    cJSON *totals = NULL;

    cJSON_AddItemToObject(object, name, table_json(table, &totals));
    cJSON_Delete(totals);
    table_destroy(&table);
}

/* As the notifier does it: the same facts give the same text.  What it could not send is shown as it is stored. */
static enum status compose(struct delivery_parts *parts)
{
    const PGresult *row = parts->row;
    struct compose_request request;
    enum status st;

    if (db_null(row, 0, FACTS) || db_null(row, 0, IN_LANG) || strcmp(db_text(row, 0, CHANNEL), "email") != 0) {
        return STATUS_OK;
    }
    request = (struct compose_request){.kind = db_text(row, 0, KIND),
                                       .facts = db_text(row, 0, FACTS),
                                       .at_us = db_us(row, 0, AT),
                                       .vietnamese = strcmp(db_text(row, 0, IN_LANG), "vi") == 0,
                                       .unit = db_text(row, 0, UNIT),
                                       .unit_name = db_null(row, 0, UNIT_NAME) ? NULL : db_text(row, 0, UNIT_NAME),
                                       .role = db_text(row, 0, ROLE)};
    st = compose_mail(&request, &parts->mail);
    if (st != STATUS_OK) {
        compose_clear(&parts->mail);
    }
    return st == STATUS_INVALID ? STATUS_OK : st;
}

/* Subject and text, line by line. */
static void print_mail(const struct cli *cli, const struct composed *mail)
{
    char *line = mail->text;

    cli_line(cli, WORD_MAIL_SUBJECT, mail->subject);
    cli_heading(cli, cli_word(cli, WORD_SECTION_ITEMS));
    while (*line != '\0') {
        size_t len = strcspn(line, "\n");
        bool last = line[len] == '\0';

        line[len] = '\0';
        table_put_printable(stdout, line);
        putchar('\n');
        line += last ? len : len + 1;
    }
}

static int print_json(struct cli *cli, const struct delivery_parts *parts)
{
    struct table *table = report_table(cli, parts->row, about, ABOUT);
    cJSON *totals = NULL;
    cJSON *rows = table_json(table, &totals);
    cJSON *object = cJSON_DetachItemFromArray(rows, 0);
    cJSON *list, *one;

    cJSON_AddItemToObject(object, "message",
                          db_null(parts->row, 0, FACTS) ? cJSON_CreateNull()
                                                        : cJSON_Parse(db_text(parts->row, 0, FACTS)));
    cJSON_AddItemToObject(object, "subject",
                          parts->mail.subject == NULL ? cJSON_CreateNull() : cJSON_CreateString(parts->mail.subject));
    cJSON_AddItemToObject(object, "text",
                          parts->mail.text == NULL ? cJSON_CreateNull() : cJSON_CreateString(parts->mail.text));
    add_list(cli, object, "contents", parts->items, items, ITEMS);
    list = cJSON_GetObjectItemCaseSensitive(object, "contents");
    cJSON_ArrayForEach(one, list)
    {
        /* As they are stored, not as a text in a text. */
        const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(one, "facts"));
        cJSON *facts = text == NULL ? NULL : cJSON_Parse(text);

        if (facts != NULL) {
            cJSON_ReplaceItemInObjectCaseSensitive(one, "facts", facts);
        }
    }
    add_list(cli, object, "attempt_log", parts->attempts, attempts, ATTEMPTS);
    cJSON_Delete(rows);
    cJSON_Delete(totals);
    table_destroy(&table);
    return cli_print_json(cli, object);
}

static enum status read_parts(struct db *db, int64_t id, struct delivery_parts *parts)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_int8(params, id);
        st = db_run(db, SQL_DELIVERIES_SHOW, params, &parts->row);
    }
    if (st == STATUS_OK && PQntuples(parts->row) > 0) {
        st = db_run(db, SQL_DELIVERIES_ATTEMPTS, params, &parts->attempts);
        db_params_reset(params);
        db_param_int8(params, db_int(parts->row, 0, MESSAGE));
    }
    if (st == STATUS_OK && PQntuples(parts->row) > 0) {
        st = db_run(db, SQL_DELIVERIES_ITEMS, params, &parts->items);
    }
    if (st == STATUS_OK && PQntuples(parts->row) > 0) {
        st = compose(parts);
    }
    db_params_destroy(&params);
    return st == STATUS_OK ? db_commit(db) : st;
}

int deliveries_show(struct cli *cli, int argc, char **argv, const void *request)
{
    struct delivery_parts parts = {0};
    struct db *db;
    int64_t id;
    enum status st;
    int code = calls_read_id(cli, argv[0], &id);

    (void)argc;
    (void)request;
    if (code >= 0) {
        return code;
    }
    code = cli_snapshot(cli, &db);
    if (code != EXIT_FINE) {
        return code;
    }
    st = read_parts(db, id, &parts);
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (PQntuples(parts.row) == 0) {
        cli_tell(cli, WORD_DELIVERY_UNKNOWN, argv[0], NULL);
        code = EXIT_ANSWER_NO;
    } else if (cli->format == CLI_JSON) {
        code = print_json(cli, &parts);
    } else if (cli->format == CLI_CSV) {
        code = cli_usage(cli, "deliveries show prints no CSV; use --json");
    } else {
        print_about(cli, parts.row);
        if (parts.mail.text != NULL) {
            print_mail(cli, &parts.mail);
        } else {
            print_list(cli, WORD_SECTION_ITEMS, parts.items, items, ITEMS);
        }
        print_list(cli, WORD_SECTION_ATTEMPTS, parts.attempts, attempts, ATTEMPTS);
    }
    if (code == EXIT_FINE && strcmp(db_text(parts.row, 0, STATE), "waiting") == 0 &&
        strcmp(db_text(parts.row, 0, CHANNEL), "email") == 0) {
        mail_off_tell(cli);
    }
    PQclear(parts.row);
    PQclear(parts.items);
    PQclear(parts.attempts);
    compose_clear(&parts.mail);
    return code;
}
