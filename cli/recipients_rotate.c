/* SPDX-License-Identifier: MIT */
/* recipients_rotate.c - kipthoi recipients rotate, kipthoi recipients secret: the keys that sign webhooks. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "cli/recipient_key.h"
#include "cli/recipients.h"

/* Changes the files of the recipient's keys and notes it.  EXIT_FINE or the exit code, the reason printed. */
static int set_files(struct cli *cli, struct db *db, const PGresult *found, const char *files, const char *what,
                     const struct recipients_request *request)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    enum status st = STATUS_RETRY;
    int code = EXIT_FINE;

    if (params != NULL) {
        db_param_int4(params, (int32_t)db_int(found, 0, RECIPIENTS_ID));
        db_param_text(params, db_text(found, 0, RECIPIENTS_FILES));
        db_param_text(params, files);
        db_param_text(params, what);
        db_param_text(params, cli_who(request->by));
        db_param_text(params, "");
        st = db_run(db, SQL_RECIPIENTS_KEYS, params, &row);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (PQntuples(row) == 0) {
        cli_tell(cli, WORD_KEYS_CHANGED, NULL);
        code = EXIT_UNREACHABLE;
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

/* Finds the recipient, who must have a webhook. */
static int find_webhook(struct cli *cli, const char *text, struct db **db, PGresult **found)
{
    int code = cli_db(cli, db);

    if (code == EXIT_FINE) {
        code = recipients_find(cli, *db, text, found);
    }
    if (code == EXIT_FINE && db_null(*found, 0, RECIPIENTS_FILES)) {
        cli_tell(cli, WORD_KEY_NONE, text, NULL);
        code = EXIT_ANSWER_NO;
    }
    return code;
}

/* The new key first: receivers are shown that one, and the first signature is its. */
static int begin(struct cli *cli, struct db *db, const char *text, const PGresult *found,
                 const struct recipients_request *request)
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    char files[RECIPIENT_KEY_FILES_SIZE];
    char error[SECRET_ERROR_SIZE];
    const char *old = db_text(found, 0, RECIPIENTS_FILES);
    int code;
    int len;

    if (recipient_key_at(old, 1, path)) {
        cli_tell(cli, WORD_ROTATION_OPEN, text, NULL);
        return EXIT_ANSWER_NO;
    }
    if (recipient_key_make(cli->config.notifier.webhook_secrets, path, error) != STATUS_OK) {
        cli_complain(cli, "%s", error);
        return EXIT_UNREACHABLE;
    }
    len = snprintf(files, sizeof files, "%s %s", path, old);
    code = len < 0 || (size_t)len >= sizeof files ? EXIT_UNREACHABLE
                                                  : set_files(cli, db, found, files, "key_added", request);
    if (code != EXIT_FINE) {
        (void)unlink(path);
        return code;
    }
    cli_say(cli, WORD_ROTATED, text, path, NULL);
    return EXIT_FINE;
}

static int finish(struct cli *cli, struct db *db, const char *text, const PGresult *found,
                  const struct recipients_request *request)
{
    const char *files = db_text(found, 0, RECIPIENTS_FILES);
    char newest[RECIPIENT_KEY_PATH_SIZE];
    char path[RECIPIENT_KEY_PATH_SIZE];
    int code;

    if (!recipient_key_at(files, 0, newest) || !recipient_key_at(files, 1, path)) {
        cli_tell(cli, WORD_ROTATION_NONE, text, NULL);
        return EXIT_ANSWER_NO;
    }
    code = set_files(cli, db, found, newest, "key_dropped", request);
    for (size_t i = 1; code == EXIT_FINE && recipient_key_at(files, i, path); i++) {
        if (!recipient_key_drop(cli->config.notifier.webhook_secrets, path)) {
            cli_tell(cli, WORD_KEY_LEFT, path, NULL);
        }
    }
    if (code == EXIT_FINE) {
        cli_say(cli, WORD_ROTATION_DONE, text, NULL);
    }
    return code;
}

int recipients_rotate(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct recipients_request *r = request;
    PGresult *found = NULL;
    struct db *db;
    int code = find_webhook(cli, argv[0], &db, &found);

    (void)argc;
    if (code == EXIT_FINE) {
        code = r->finish ? finish(cli, db, argv[0], found, r) : begin(cli, db, argv[0], found, r);
    }
    PQclear(found);
    return code;
}

int recipients_secret(struct cli *cli, int argc, char **argv, const void *request)
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    char key[SECRET_MAX];
    char error[SECRET_ERROR_SIZE];
    PGresult *found = NULL;
    struct db *db;
    int code;

    (void)argc;
    if (!cli->yes && isatty(STDOUT_FILENO) != 1) {
        return cli_usage(cli, "recipients secret: prints a key to a terminal only; --yes prints it anywhere");
    }
    code = find_webhook(cli, argv[0], &db, &found);
    if (code == EXIT_FINE && !recipient_key_at(db_text(found, 0, RECIPIENTS_FILES), 0, path)) {
        cli_tell(cli, WORD_KEY_NONE, argv[0], NULL);
        code = EXIT_ANSWER_NO;
    }
    if (code == EXIT_FINE && recipient_key_read(path, key, error) != STATUS_OK) {
        cli_complain(cli, "%s", error);
        code = EXIT_UNREACHABLE;
    }
    /* Noted before it is shown. */
    if (code == EXIT_FINE) {
        code = set_files(cli, db, found, db_text(found, 0, RECIPIENTS_FILES), "key_shown", request);
        if (code == EXIT_FINE) {
            puts(key);
        }
        secret_wipe(key, sizeof key);
    }
    PQclear(found);
    return code;
}

/* One file of a recipient; first is its newest key, further ones are a rotation that is not finished. */
static void look_at_file(struct recipients_keys *keys, long long id, const char *path, bool rotating)
{
    char error[SECRET_ERROR_SIZE];
    char key[SECRET_MAX];
    struct stat about;

    if (stat(path, &about) != 0 && errno == EACCES) {
        keys->unseen++;
        return;
    }
    /* Who runs this need not be the notifier: a key that only its owner may read is as it should be. */
    if (stat(path, &about) == 0 && (about.st_mode & (S_IRWXG | S_IRWXO)) == 0 && about.st_uid != geteuid() &&
        geteuid() != 0) {
        keys->unseen++;
    } else if (recipient_key_read(path, key, error) != STATUS_OK) {
        if (keys->bad++ == 0) {
            snprintf(keys->bad_text, sizeof keys->bad_text, "%lld: %.480s", id, error);
        }
        return;
    }
    secret_wipe(key, sizeof key);
    if (rotating && time(NULL) - about.st_mtime > (time_t)RECIPIENTS_ROTATION_DAYS * CLOCK_DAY_S && keys->old++ == 0) {
        snprintf(keys->old_text, sizeof keys->old_text, "%lld: %.480s", id, path);
    }
}

enum status recipients_look_at_keys(struct db *db, struct recipients_keys *keys)
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    PGresult *rows = NULL;
    enum status st = db_run(db, SQL_RECIPIENTS_FILES, NULL, &rows);

    *keys = (struct recipients_keys){0};
    for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
        const char *files = db_text(rows, r, 2);
        bool rotating = recipient_key_at(files, 1, path);

        for (size_t i = 0; recipient_key_at(files, i, path); i++) {
            /* The rotation began when the newest key was made. */
            look_at_file(keys, (long long)db_int(rows, r, 0), path, rotating && i == 0);
        }
    }
    PQclear(rows);
    return st;
}
