/* SPDX-License-Identifier: MIT */
/* quarantine.c - kipthoi quarantine: events that were refused and kept, and their way into the ledger after all. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "common/allow.h"
#include "common/code_book.h"
#include "common/envelope.h"
#include "ingest/gate.h"

#define PAGE 200

static const char help[] = "kipthoi quarantine [list] [--redriven] [--limit N]\n"
                           "kipthoi quarantine show ID\n"
                           "kipthoi quarantine redrive ID | --all\n\n"
                           "list      what is kept and waits, the newest first (default 100 rows; --limit 0: all)\n"
                           "show      one kept event with its payload, control characters made visible\n"
                           "redrive   checks again as if it came in now (form, times, codes, may the key speak for the "
                           "source) and stores it;\n"
                           "          leaves with 1 when something is still refused\n\n"
                           "examples:\n"
                           "  kipthoi quarantine\n"
                           "  kipthoi quarantine show 17\n"
                           "  kipthoi quarantine redrive --all\n";

static int list_rows(struct cli *cli, bool redriven, int64_t limit)
{
    static const struct report_column columns[] = {
        {"id", WORD_ID, REPORT_INT},
        {"source", WORD_SOURCE, REPORT_TEXT},
        {"code", WORD_CODE, REPORT_TEXT},
        {"reason", WORD_REASON, REPORT_TEXT},
        {"seen", WORD_SEEN, REPORT_INT},
        {"first_seen", WORD_FIRST_SEEN, REPORT_TIME},
        {"last_seen", WORD_LAST_SEEN, REPORT_TIME},
        {"redriven_at", WORD_REDRIVEN, REPORT_TIME},
    };
    const struct report_list list = {SQL_QUARANTINE_ROWS, columns, (int)(sizeof columns / sizeof *columns), false,
                                     DB_NULL_US,          NULL};
    struct db_params *params = db_params_new();
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);

    if (code == EXIT_FINE) {
        db_param_bool(params, redriven);
        db_param_int8(params, limit);
        code = report_list(cli, db, &list, params);
    }
    db_params_destroy(&params);
    return code;
}

/* Printable ASCII and line ends as they are, a backslash doubled, all else as \xNN: what is kept may be any bytes. */
static char *printable(const char *bytes, size_t len)
{
    static const char digits[] = "0123456789abcdef";
    char *text = malloc(len * 4 + 1);
    char *out = text;

    for (size_t i = 0; text != NULL && i < len; i++) {
        unsigned char byte = (unsigned char)bytes[i];

        if (byte == '\\') {
            *out++ = '\\';
            *out++ = '\\';
        } else if (byte == '\n' || (byte >= 0x20 && byte < 0x7f)) {
            *out++ = (char)byte;
        } else {
            *out++ = '\\';
            *out++ = 'x';
            *out++ = digits[byte >> 4];
            *out++ = digits[byte & 15];
        }
    }
    if (text != NULL) {
        *out = '\0';
    }
    return text;
}

static int print_one(struct cli *cli, const PGresult *row)
{
    static const struct report_column columns[] = {
        {"id", WORD_ID, REPORT_INT},
        {"source", WORD_SOURCE, REPORT_TEXT},
        {"sender", WORD_KEY, REPORT_TEXT},
        {"sender_name", WORD_NAME, REPORT_TEXT},
        {"code", WORD_CODE, REPORT_TEXT},
        {"reason", WORD_REASON, REPORT_TEXT},
        {"seen", WORD_SEEN, REPORT_INT},
        {"first_seen", WORD_FIRST_SEEN, REPORT_TIME},
        {"last_seen", WORD_LAST_SEEN, REPORT_TIME},
        {"redriven_at", WORD_REDRIVEN, REPORT_TIME},
    };
    char *payload = printable(PQgetvalue(row, 0, 11), (size_t)db_len(row, 0, 11));
    struct table *table = report_table(cli, row, columns, (int)(sizeof columns / sizeof *columns));
    int code = EXIT_FINE;

    if (payload == NULL || table_failed(table)) {
        cli_complain(cli, "memory is short");
        code = EXIT_UNREACHABLE;
    } else if (cli->format == CLI_JSON) {
        cJSON *totals = NULL;
        cJSON *rows = table_json(table, &totals);
        cJSON *object = cJSON_DetachItemFromArray(rows, 0);

        cJSON_AddStringToObject(object, "payload", payload);
        cJSON_Delete(rows);
        cJSON_Delete(totals);
        code = cli_print_json(cli, object);
    } else {
        table_print_text(table, stdout, cli->color);
        printf("\n%s\n", payload);
    }
    table_destroy(&table);
    free(payload);
    return code;
}

static int show(struct cli *cli, int64_t id)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    struct db *db;
    char number[24];
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        db_param_int8(params, id);
        st = db_run(db, SQL_QUARANTINE_SHOW, params, &row);
        if (st != STATUS_OK) {
            code = cli_db_failed(cli, db, st);
        } else if (PQntuples(row) == 0) {
            snprintf(number, sizeof number, "%lld", (long long)id);
            cli_tell(cli, WORD_QUARANTINE_UNKNOWN, number, NULL);
            code = EXIT_ANSWER_NO;
        } else {
            code = print_one(cli, row);
        }
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

/* One run over what waits. */
struct redrive {
    struct cli *cli;
    struct db *db;
    struct db_params *params;
    struct allow *allow;
    struct code_book *book;
    int64_t stored;
    int64_t known;
    int64_t refused;
};

static void refuse(struct redrive *run, int64_t id, const char *code, const char *sentence)
{
    char number[24];

    snprintf(number, sizeof number, "%lld", (long long)id);
    cli_say(run->cli, WORD_REDRIVE_REFUSED, number, code, sentence, NULL);
    run->refused++;
}

/* All that ingest asks of an event. */
static enum status check(const struct redrive *run, const char *bytes, size_t len, const char *sender,
                         struct envelope *env, struct code_scratch *scratch, struct refusal *refusal)
{
    const struct config *config = &run->cli->config;
    enum status st;

    if (len > (size_t)config->ingest.event_bytes) {
        refusal->code = "TOO_LARGE";
        snprintf(refusal->sentence, sizeof refusal->sentence, "event is %zu bytes, limit %lld", len,
                 (long long)config->ingest.event_bytes);
        return STATUS_INVALID;
    }
    st = gate_check(bytes, len, refusal);
    if (st == STATUS_OK) {
        st = envelope_parse(bytes, len, env, refusal);
    }
    if (st == STATUS_OK) {
        st = envelope_check_future(env, cli_now_us(run->cli), config->ingest.future_ms * 1000, refusal);
    }
    if (st == STATUS_OK) {
        st = code_book_apply(run->book, env, scratch, refusal);
    }
    /* The key is checked as ingest checks it, else a redrive would be a way around the allow-list. */
    if (st == STATUS_OK && config->ingest.curve && !allow_source(run->allow, sender, env->source)) {
        refusal->code = "SOURCE_DENIED";
        snprintf(refusal->sentence, sizeof refusal->sentence,
                 "the key that sent it may not speak for its source; kipthoi allow first");
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        code_book_route(run->book, env);
    }
    return st;
}

static enum status store(struct redrive *run, int64_t id, const struct envelope *env, int64_t *outcome)
{
    PGresult *row = NULL;
    enum status st;

    db_params_reset(run->params);
    db_param_int8(run->params, id);
    db_param_text(run->params, env->source);
    db_param_text(run->params, env->id);
    db_param_int2(run->params, (int16_t)env->kind);
    db_param_int2(run->params, (int16_t)env->slot);
    db_param_us(run->params, env->happened_us);
    db_param_int8(run->params, env->sequence);
    db_param_text(run->params, env->dossier);
    st = db_run(run->db, SQL_QUARANTINE_REDRIVE, run->params, &row);
    if (st == STATUS_OK) {
        *outcome = db_null(row, 0, 0) ? -1 : db_int(row, 0, 0);
    }
    PQclear(row);
    return st;
}

static enum status redrive_one(struct redrive *run, const PGresult *page, int r)
{
    int64_t id = db_int(page, r, 0);
    struct envelope env = {0};
    struct code_scratch scratch;
    struct refusal refusal = {.code = "", .sentence = ""};
    int64_t outcome = -1;
    char number[24];
    enum status st =
        check(run, PQgetvalue(page, r, 1), (size_t)db_len(page, r, 1), db_text(page, r, 2), &env, &scratch, &refusal);

    snprintf(number, sizeof number, "%lld", (long long)id);
    if (st == STATUS_INVALID) {
        refuse(run, id, refusal.code, refusal.sentence);
        st = STATUS_OK;
    } else if (st == STATUS_OK) {
        st = store(run, id, &env, &outcome);
        if (st == STATUS_INVALID) {
            refuse(run, id, "DATABASE", db_error(run->db));
            st = STATUS_OK;
        } else if (st == STATUS_OK && outcome == 2) {
            refuse(run, id, "CONFLICT", cli_word(run->cli, WORD_REDRIVE_CONFLICT));
        } else if (st == STATUS_OK) {
            cli_say(run->cli, outcome == 0 ? WORD_REDRIVE_STORED : WORD_REDRIVE_KNOWN, number, NULL);
            run->stored += outcome == 0;
            run->known += outcome != 0;
        }
    }
    envelope_clear(&env);
    return st;
}

/* Page by page: each row is a transaction of its own, so that one bad event holds back no other. */
static enum status redrive_pages(struct redrive *run, int64_t only)
{
    int64_t after = -1;
    int rows;
    enum status st;

    do {
        PGresult *page = NULL;

        db_params_reset(run->params);
        db_param_int8(run->params, after);
        if (only < 0) {
            db_param_null(run->params);
        } else {
            db_param_int8(run->params, only);
        }
        db_param_int8(run->params, PAGE);
        st = db_run(run->db, SQL_QUARANTINE_OPEN, run->params, &page);
        rows = st == STATUS_OK ? PQntuples(page) : 0;
        for (int r = 0; r < rows && st == STATUS_OK; r++) {
            after = db_int(page, r, 0);
            st = redrive_one(run, page, r);
        }
        PQclear(page);
    } while (st == STATUS_OK && rows == PAGE);
    return st;
}

static int redrive(struct cli *cli, int64_t only)
{
    struct redrive run = {.cli = cli, .params = db_params_new(), .allow = allow_new(), .book = code_book_new()};
    bool made = run.params != NULL && run.allow != NULL && run.book != NULL;
    int code = made ? cli_db(cli, &run.db) : EXIT_UNREACHABLE;
    char number[24];
    char refused[24];
    enum status st;

    if (code == EXIT_FINE) {
        st = allow_refresh(run.allow, run.db, NULL);
        if (st == STATUS_OK) {
            st = code_book_load(run.book, run.db);
        }
        if (st == STATUS_OK) {
            st = redrive_pages(&run, only);
        }
        if (st != STATUS_OK) {
            code = cli_db_failed(cli, run.db, st);
        } else if (only >= 0 && run.stored + run.known + run.refused == 0) {
            snprintf(number, sizeof number, "%lld", (long long)only);
            cli_tell(cli, WORD_QUARANTINE_UNKNOWN, number, NULL);
            code = EXIT_ANSWER_NO;
        } else {
            snprintf(number, sizeof number, "%lld", (long long)(run.stored + run.known));
            snprintf(refused, sizeof refused, "%lld", (long long)run.refused);
            cli_say(cli, WORD_REDRIVE_SUM, number, refused, NULL);
            code = run.refused > 0 ? EXIT_ANSWER_NO : EXIT_FINE;
        }
    }
    code_book_destroy(&run.book);
    allow_destroy(&run.allow);
    db_params_destroy(&run.params);
    return code;
}

static bool read_id(const char *text, int64_t *id)
{
    char *end;
    long long value = strtoll(text, &end, 10);

    *id = value;
    return end != text && *end == '\0' && value >= 0;
}

int cmd_quarantine(struct cli *cli, int argc, char **argv)
{
    bool all = false;
    bool redriven = false;
    int64_t limit = 100;
    const struct cli_option options[] = {
        {"--all", CLI_FLAG, &all},
        {"--redriven", CLI_FLAG, &redriven},
        {"--limit", CLI_INT_VALUE, &limit},
        {NULL, CLI_FLAG, NULL},
    };
    int64_t id = -1;
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0)) {
        return list_rows(cli, redriven, limit);
    }
    if (argc == 2 && strcmp(argv[1], "redrive") == 0 && all) {
        return redrive(cli, -1);
    }
    if (argc != 3 || !read_id(argv[2], &id)) {
        return cli_usage(cli, "usage: kipthoi quarantine [list | show ID | redrive ID|--all]");
    }
    if (strcmp(argv[1], "show") == 0) {
        return show(cli, id);
    }
    return strcmp(argv[1], "redrive") == 0 ? redrive(cli, id)
                                           : cli_usage(cli, "quarantine: unknown \"%s\"; see --help", argv[1]);
}
