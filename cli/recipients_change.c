/* SPDX-License-Identifier: MIT */
/* recipients_change.c - kipthoi recipients remove, disable, enable, test. */
#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "cli/calls.h"
#include "cli/mail_off.h"
#include "cli/recipient_key.h"
#include "cli/recipients.h"

#define UUID_BYTES 16
#define UUID_SIZE 37
#define DISABLED_SIZE 1024

/* Deletes the files of the keys of a webhook that is there no more. */
static void drop_keys(const struct cli *cli, const char *files)
{
    char path[RECIPIENT_KEY_PATH_SIZE];

    for (size_t i = 0; recipient_key_at(files, i, path); i++) {
        if (!recipient_key_drop(cli->config.notifier.webhook_secrets, path)) {
            cli_tell(cli, WORD_KEY_LEFT, path, NULL);
        }
    }
}

static int tell_removed(const struct cli *cli, const char *id, const PGresult *row)
{
    if (PQntuples(row) == 0) {
        cli_tell(cli, WORD_RECIPIENT_UNKNOWN, id, NULL);
        return EXIT_ANSWER_NO;
    }
    if (!db_bool(row, 0, 0)) {
        cli_say(cli, WORD_RECIPIENT_KEPT, id, NULL);
        return EXIT_FINE;
    }
    drop_keys(cli, db_text(row, 0, 1));
    cli_say(cli, WORD_RECIPIENT_REMOVED, id, NULL);
    return EXIT_FINE;
}

int recipients_remove(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct recipients_request *r = request;
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    struct db *db;
    int64_t id;
    enum status st;
    int code = params == NULL ? EXIT_UNREACHABLE : calls_read_id(cli, argv[0], &id);

    (void)argc;
    if (code < 0) {
        code = cli_db(cli, &db);
    }
    if (code == EXIT_FINE) {
        db_param_int4(params, (int32_t)id);
        db_param_text(params, cli_who(r->by));
        db_param_text(params, r->why);
        st = db_run(db, SQL_RECIPIENTS_REMOVE, params, &row);
        code = st == STATUS_OK ? tell_removed(cli, argv[0], row) : cli_db_failed(cli, db, st);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

/* What the notifier gave up meanwhile stays so until somebody says otherwise. */
static void tell_changed(const struct cli *cli, const char *id, const char *disabled, const PGresult *row)
{
    char count[CLI_NUMBER_SIZE];

    cli_say(cli, disabled != NULL ? WORD_RECIPIENT_DISABLED : WORD_RECIPIENT_ENABLED, id, NULL);
    if (disabled == NULL && db_int(row, 0, 1) > 0) {
        cli_say(cli, WORD_RECIPIENT_GIVEN_UP, cli_number(cli, db_int(row, 0, 1), count), id, NULL);
    }
}

/* disabled: what the row says from now on; NULL: it is enabled. */
static int change(struct cli *cli, const char *text, const char *disabled, const struct recipients_request *request)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    struct db *db;
    int64_t id;
    enum status st;
    int code = params == NULL ? EXIT_UNREACHABLE : calls_read_id(cli, text, &id);

    if (code < 0) {
        code = cli_db(cli, &db);
    }
    if (code == EXIT_FINE) {
        db_param_int4(params, (int32_t)id);
        db_param_text(params, disabled);
        db_param_text(params, cli_who(request->by));
        db_param_text(params, request->why);
        st = db_run(db, SQL_RECIPIENTS_DISABLE, params, &row);
        if (st != STATUS_OK) {
            code = cli_db_failed(cli, db, st);
        } else if (PQntuples(row) == 0) {
            cli_tell(cli, WORD_RECIPIENT_UNKNOWN, text, NULL);
            code = EXIT_ANSWER_NO;
        } else {
            tell_changed(cli, text, disabled, row);
        }
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

int recipients_disable(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct recipients_request *r = request;
    char disabled[DISABLED_SIZE];

    (void)argc;
    snprintf(disabled, sizeof disabled, "%s: %s", cli_who(r->by), r->why);
    return change(cli, argv[0], disabled, r);
}

int recipients_enable(struct cli *cli, int argc, char **argv, const void *request)
{
    (void)argc;
    return change(cli, argv[0], NULL, request);
}

/* A random one, RFC 9562 version 4. */
static void make_uuid(char out[UUID_SIZE])
{
    unsigned char b[UUID_BYTES];

    randombytes_buf(b, sizeof b);
    b[6] = (unsigned char)((b[6] & 0x0fU) | 0x40U);
    b[8] = (unsigned char)((b[8] & 0x3fU) | 0x80U);
    snprintf(out, UUID_SIZE, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x", b[0], b[1], b[2],
             b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]);
}

static int queue_test(struct cli *cli, struct db *db, const PGresult *found, const struct recipients_request *request)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    char uuid[UUID_SIZE], key[UUID_SIZE + 8], wire[UUID_SIZE + 8], id[24];
    enum status st = STATUS_RETRY;
    int code = EXIT_FINE;

    make_uuid(uuid);
    snprintf(key, sizeof key, "test/%s", uuid);
    /* A webhook-id as it is; of mail the part of its Message-ID before the domain. */
    snprintf(wire, sizeof wire, "test-%s", uuid);
    if (params != NULL) {
        db_param_int4(params, (int32_t)db_int(found, 0, RECIPIENTS_ID));
        db_param_us(params, cli_now_us(cli));
        db_param_text(params, cli_who(request->by));
        db_param_text(params, wire);
        db_param_text(params, key);
        st = db_run(db, SQL_RECIPIENTS_TEST, params, &row);
    }
    if (st != STATUS_OK || PQntuples(row) == 0) {
        code = cli_db_failed(cli, db, st);
    } else if (cli->format == CLI_JSON) {
        cJSON *json = cJSON_CreateObject();

        cJSON_AddNumberToObject(json, "delivery", (double)db_int(row, 0, 1));
        code = cli_print_json(cli, json);
    } else {
        snprintf(id, sizeof id, "%lld", (long long)db_int(row, 0, 1));
        cli_say(cli, WORD_TEST_QUEUED, id, db_text(found, 0, RECIPIENTS_ADDRESS), NULL);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

int recipients_test(struct cli *cli, int argc, char **argv, const void *request)
{
    PGresult *found = NULL;
    struct db *db;
    int code = cli_db(cli, &db);

    (void)argc;
    if (code == EXIT_FINE) {
        code = recipients_find(cli, db, argv[0], &found);
    }
    if (code == EXIT_FINE && !db_null(found, 0, RECIPIENTS_DISABLED)) {
        cli_tell(cli, WORD_RECIPIENT_IS_DISABLED, argv[0], db_text(found, 0, RECIPIENTS_DISABLED), NULL);
        code = EXIT_ANSWER_NO;
    }
    if (code == EXIT_FINE) {
        code = queue_test(cli, db, found, request);
    }
    if (code == EXIT_FINE && strcmp(db_text(found, 0, RECIPIENTS_CHANNEL), "email") == 0) {
        mail_off_tell(cli);
    }
    PQclear(found);
    return code;
}
