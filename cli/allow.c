/* SPDX-License-Identifier: MIT */
/* allow.c - kipthoi allow, revoke: which keys may speak for which sources, and listen to the feed. */
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/cli.h"
#include "common/secret.h"

#define NAME_MAX_LEN 128
#define PATTERN_MAX_LEN 256
#define PATH_MAX_LEN 4096

static const char allow_help[] =
    "kipthoi allow KEY|FILE.pub --name WHO [--source PATTERN]... [--feed]\n"
    "kipthoi allow --list\n\n"
    "Lets a CURVE public key in, or adds to what it may.  In force within a second, without a restart.\n\n"
    "  --name WHO         who holds the key, for people\n"
    "  --source PATTERN   a source it may speak for: exact, or a prefix that ends in '*'\n"
    "  --feed             may subscribe to the alert feed and replay it\n"
    "  --list             prints every key\n\n"
    "examples:\n"
    "  kipthoi allow secrets/district-1.pub --name \"District 1\" --source /hcm/q1\n"
    "  kipthoi allow secrets/dashboard.pub --name Dashboard --feed\n"
    "  kipthoi allow --list --json\n";

static const char revoke_help[] =
    "kipthoi revoke KEY|FILE.pub|NAME - takes a key back\n\n"
    "In force within a second; the row stays as a trace.  When several keys bear the name, give the key.\n\n"
    "examples:\n"
    "  kipthoi revoke secrets/district-1.pub\n"
    "  kipthoi revoke \"District 1\"\n";

/* A key as such, or the first line of a file; NULL with the reason in error. */
static const char *read_key(const char *arg, char key[SECRET_MAX], char error[SECRET_ERROR_SIZE])
{
    if (secret_is_z85_key(arg)) {
        return arg;
    }
    if (secret_read_public(arg, key, error) != STATUS_OK) {
        return NULL;
    }
    if (!secret_is_z85_key(key)) {
        snprintf(error, SECRET_ERROR_SIZE, "%s: holds no CURVE public key", arg);
        return NULL;
    }
    return key;
}

static bool ends_in(const char *text, const char *end)
{
    size_t len = strlen(text);
    size_t end_len = strlen(end);

    return len >= end_len && strcmp(text + len - end_len, end) == 0;
}

/*
 * The two halves of a key look alike; a secret one must not get into the database.  True for a file that is named
 * NAME.key, or that only its owner may read while NAME.pub lies beside it; public then holds the path of NAME.pub.
 */
static bool is_secret_file(const char *path, char public[PATH_MAX_LEN])
{
    const char *base = strrchr(path, '/');
    const char *dot;
    struct stat file;
    struct stat beside;

    base = base == NULL ? path : base + 1;
    dot = strrchr(base, '.');
    if (ends_in(path, ".pub") || stat(path, &file) != 0 ||
        snprintf(public, PATH_MAX_LEN, "%.*s.pub", (int)(dot == NULL ? strlen(path) : (size_t)(dot - path)), path) >=
            PATH_MAX_LEN) {
        return false;
    }
    return ends_in(path, ".key") || ((file.st_mode & (S_IRWXG | S_IRWXO)) == 0 && stat(public, &beside) == 0);
}

static int check_patterns(const struct cli *cli, const struct cli_list *patterns)
{
    for (int i = 0; i < patterns->count; i++) {
        const char *pattern = patterns->items[i];
        const char *star = strchr(pattern, '*');
        size_t len = strlen(pattern);

        if (len == 0 || len > PATTERN_MAX_LEN) {
            return cli_usage(cli, "--source: a pattern has 1 to %d bytes", PATTERN_MAX_LEN);
        }
        if (star != NULL && star[1] != '\0') {
            return cli_usage(cli, "--source %s: '*' may stand at the end only", pattern);
        }
    }
    return EXIT_FINE;
}

static int list_keys(struct cli *cli)
{
    struct table *table = table_new();
    PGresult *result = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st;

    if (code != EXIT_FINE) {
        goto done;
    }
    st = db_run(db, SQL_CLI_ALLOW_LIST, NULL, &result);
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
        goto done;
    }
    cli_column(cli, table, "public_key", WORD_KEY, TABLE_LEFT);
    cli_column(cli, table, "name", WORD_NAME, TABLE_LEFT);
    cli_column(cli, table, "sources", WORD_SOURCES, TABLE_LEFT);
    cli_column(cli, table, "feed", WORD_FEED, TABLE_LEFT);
    cli_column(cli, table, "allowed_at", WORD_ALLOWED_AT, TABLE_LEFT);
    cli_column(cli, table, "revoked_at", WORD_REVOKED_AT, TABLE_LEFT);
    for (int r = 0; r < PQntuples(result); r++) {
        table_row(table);
        table_text(table, db_text(result, r, 0));
        table_text(table, db_text(result, r, 1));
        table_text(table, db_null(result, r, 2) ? NULL : db_text(result, r, 2));
        table_bool(table, db_bool(result, r, 3), cli_word(cli, db_bool(result, r, 3) ? WORD_YES : WORD_NO));
        cli_cell_time(table, db_us(result, r, 4));
        cli_cell_time(table, db_us(result, r, 5));
        table_tone(table, TABLE_BAD);
    }
    code = cli_print_table(cli, &table, DB_NULL_US);
done:
    PQclear(result);
    table_destroy(&table);
    return code;
}

static int allow_key(struct cli *cli, const char *key, const char *name, bool feed, const struct cli_list *patterns)
{
    struct db_params *params = db_params_new();
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st = STATUS_RETRY;

    if (code == EXIT_FINE && params != NULL) {
        db_param_text(params, key);
        db_param_text(params, name);
        db_param_bool(params, feed);
        db_param_array(params, DB_ARRAY_TEXT);
        for (int i = 0; i < patterns->count; i++) {
            db_param_add_text(params, patterns->items[i]);
        }
        st = db_run(db, SQL_CLI_ALLOW, params, NULL);
        if (st != STATUS_OK) {
            code = cli_db_failed(cli, db, st);
        } else {
            cli_say(cli, WORD_KEY_ALLOWED, key, name, NULL);
        }
    }
    db_params_destroy(&params);
    return code;
}

int cmd_allow(struct cli *cli, int argc, char **argv)
{
    bool list = false;
    bool feed = false;
    const char *name = NULL;
    struct cli_list patterns = {.count = 0};
    const struct cli_option options[] = {
        {"--list", CLI_FLAG, &list},
        {"--feed", CLI_FLAG, &feed},
        {"--name", CLI_TEXT_VALUE, &name},
        {"--source", CLI_LIST_VALUE, &patterns},
        {NULL, CLI_FLAG, NULL},
    };
    char file_key[SECRET_MAX];
    char error[SECRET_ERROR_SIZE];
    char public[PATH_MAX_LEN];
    const char *key;
    int code = cli_options(cli, &argc, argv, options, allow_help);

    if (code >= 0) {
        return code;
    }
    if (list && argc == 1) {
        return list_keys(cli);
    }
    if (argc != 2 || name == NULL || *name == '\0' || strlen(name) > NAME_MAX_LEN) {
        return cli_usage(cli, "usage: kipthoi allow KEY|FILE.pub --name WHO [--source PATTERN]... [--feed]");
    }
    if (!feed && patterns.count == 0) {
        return cli_usage(cli, "allow: name at least one --source, or --feed");
    }
    if (!secret_is_z85_key(argv[1]) && is_secret_file(argv[1], public)) {
        return cli_usage(cli, "%s is a secret key; give the public one, %s", argv[1], public);
    }
    key = read_key(argv[1], file_key, error);
    if (key == NULL) {
        return cli_usage(cli, "%s", error);
    }
    code = check_patterns(cli, &patterns);
    return code == EXIT_FINE ? allow_key(cli, key, name, feed, &patterns) : code;
}

static int revoke_one(struct cli *cli, struct db *db, struct db_params *params, const char *wanted)
{
    PGresult *found = NULL;
    enum status st;
    int code = EXIT_ANSWER_NO;

    db_param_text(params, wanted);
    st = db_run(db, SQL_CLI_REVOKE_FIND, params, &found);
    if (st == STATUS_OK && PQntuples(found) == 0) {
        cli_tell(cli, WORD_KEY_UNKNOWN, wanted, NULL);
    } else if (st == STATUS_OK && PQntuples(found) > 1) {
        cli_tell(cli, WORD_KEY_SEVERAL, wanted, NULL);
        for (int r = 0; r < PQntuples(found); r++) {
            fprintf(stderr, "  %s\n", db_text(found, r, 0));
        }
    } else if (st == STATUS_OK) {
        db_params_reset(params);
        db_param_text(params, db_text(found, 0, 0));
        st = db_run(db, SQL_CLI_REVOKE, params, NULL);
        if (st == STATUS_OK) {
            cli_say(cli, WORD_KEY_REVOKED, db_text(found, 0, 0), db_text(found, 0, 1), NULL);
            code = EXIT_FINE;
        }
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    PQclear(found);
    return code;
}

int cmd_revoke(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    char file_key[SECRET_MAX];
    char error[SECRET_ERROR_SIZE];
    struct db_params *params;
    const char *wanted;
    struct db *db;
    int code = cli_options(cli, &argc, argv, options, revoke_help);

    if (code >= 0) {
        return code;
    }
    if (argc != 2) {
        return cli_usage(cli, "usage: kipthoi revoke KEY|FILE.pub|NAME");
    }
    wanted = read_key(argv[1], file_key, error);
    code = cli_db(cli, &db);
    if (code != EXIT_FINE) {
        return code;
    }
    params = db_params_new();
    code = params == NULL ? EXIT_UNREACHABLE : revoke_one(cli, db, params, wanted != NULL ? wanted : argv[1]);
    db_params_destroy(&params);
    return code;
}
