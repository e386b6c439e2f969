/* SPDX-License-Identifier: MIT */
/* init.c - kipthoi init: database, roles, passwords, schema, deployment row, keys.  Every step is safe to repeat. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#include <zmq.h>

#include "cli/admin.h"
#include "cli/keygen.h"
#include "common/secret.h"

#define PASSWORD_BYTES 32

static const char help[] =
    "kipthoi init [--create-database] [--reset-passwords] - makes what is missing: database, roles, passwords, schema, "
    "keys\n\n"
    "Acts as database.admin_user, who must be a superuser.  Safe to repeat, and for two at once: what is there stays,\n"
    "and what was made and what was there is printed.  Passwords and keys go to the files of the configuration.\n\n"
    "  --create-database   makes the database itself when it is missing\n"
    "  --reset-passwords   sets the roles' passwords to those of the files, whatever they were (other deployments on\n"
    "                      the same cluster use the same roles)\n\n"
    "examples:\n"
    "  kipthoi init --create-database\n"
    "  kipthoi init --config /etc/kipthoi/kipthoi.conf\n";

static void tell(const struct cli *cli, bool made, const char *what)
{
    cli_say(cli, made ? WORD_INIT_MADE : WORD_INIT_THERE, what, NULL);
}

/* Makes the folder that a file will lie in, for its owner alone. */
static int make_folder_of(struct cli *cli, const char *path)
{
    char folder[CONFIG_TEXT_MAX];
    char *slash;

    snprintf(folder, sizeof folder, "%s", path);
    slash = strrchr(folder, '/');
    if (slash == NULL || slash == folder) {
        return EXIT_FINE;
    }
    *slash = '\0';
    if (mkdir(folder, 0700) == 0) {
        tell(cli, true, folder);
    } else if (errno != EEXIST) {
        cli_complain(cli, "%s: %s", folder, strerror(errno));
        return EXIT_UNREACHABLE;
    }
    return EXIT_FINE;
}

static int create_database(struct cli *cli)
{
    static struct config server; /* the same server, seen from a database that is always there */
    struct db_params *params = db_params_new();
    PGresult *found = NULL;
    struct db *db = NULL;
    enum status st = STATUS_RETRY;
    int code;

    server = cli->config;
    snprintf(server.database.name, sizeof server.database.name, "postgres");
    code = admin_open(cli, &server, &db);
    if (code != EXIT_FINE || params == NULL) {
        db_params_destroy(&params);
        db_close(&db);
        return EXIT_UNREACHABLE;
    }
    db_param_text(params, cli->config.database.name);
    st = db_run(db, SQL_CLI_DATABASE_KNOWN, params, &found);
    if (st == STATUS_OK && PQntuples(found) == 0) {
        st = admin_run_made(db, SQL_CLI_DATABASE_CREATE, params);
        /* Somebody else made it in between: duplicate_database, or the catalog's own unique key. */
        if (strcmp(db_sqlstate(db), "42P04") == 0 || strcmp(db_sqlstate(db), "23505") == 0) {
            st = STATUS_OK;
        }
    }
    if (st == STATUS_OK) {
        tell(cli, PQntuples(found) == 0, cli->config.database.name);
    } else {
        code = cli_db_failed(cli, db, st);
    }
    PQclear(found);
    db_params_destroy(&params);
    db_close(&db);
    return code;
}

/* Reads the role's password, made first when its file is missing. */
static int have_password(struct cli *cli, const struct admin_role *role, char password[SECRET_MAX], bool *made)
{
    unsigned char bytes[PASSWORD_BYTES];
    char error[SECRET_ERROR_SIZE];
    enum status st;
    int code = make_folder_of(cli, role->password_file);

    if (code != EXIT_FINE) {
        return code;
    }
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(password, SECRET_MAX, bytes, sizeof bytes, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    secret_wipe(bytes, sizeof bytes);
    st = secret_write(role->password_file, password, error);
    *made = st == STATUS_OK;
    if (st == STATUS_DUPLICATE) {
        st = secret_read(role->password_file, password, error);
    }
    if (st != STATUS_OK) {
        cli_complain(cli, "%s", error);
        return EXIT_UNREACHABLE;
    }
    tell(cli, *made, role->password_file);
    return EXIT_FINE;
}

/* The verifier is computed here, so that the password itself never reaches the server or its log. */
static enum status set_password(struct cli *cli, struct db *db, const char *user, const char *password)
{
    char error[DB_ERROR_SIZE] = "";
    /* libpq wants a connection to hold its error message; this one is never completed. */
    PGconn *holder = db_connect_start(&cli->config, &cli->config.database.admin, "kipthoi-init", error);
    char *verifier = holder == NULL ? NULL : PQencryptPasswordConn(holder, password, user, "scram-sha-256");
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (verifier != NULL && params != NULL) {
        db_param_text(params, user);
        db_param_text(params, verifier);
        st = admin_run_made(db, SQL_CLI_PASSWORD_SET, params);
    }
    db_params_destroy(&params);
    if (verifier != NULL) {
        PQfreemem(verifier);
    }
    PQfinish(holder);
    return st;
}

static enum status has_password(struct db *db, const char *user, bool *has)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, user);
        st = db_run(db, SQL_CLI_PASSWORD_KNOWN, params, &row);
        *has = st == STATUS_OK && PQntuples(row) > 0 && db_bool(row, 0, 0);
    }
    PQclear(row);
    db_params_destroy(&params);
    return st;
}

/*
 * Roles belong to the whole cluster: another deployment on it may know a password that is set.  So one is set only when
 * the role has none, and a role whose password nobody here knows is an error.
 */
static int make_password(struct cli *cli, struct db *db, const struct admin_role *role, bool reset)
{
    char password[SECRET_MAX] = "";
    bool has = false;
    bool made = false;
    enum status st = has_password(db, role->user, &has);
    int code = EXIT_FINE;

    /* Not access(): it asks for the real user, who may have less than capabilities give the effective one. */
    if (st == STATUS_OK && has && !reset && faccessat(AT_FDCWD, role->password_file, F_OK, AT_EACCESS) != 0) {
        cli_tell(cli, WORD_PASSWORD_LOST, role->user, role->password_file, NULL);
        return EXIT_UNREACHABLE;
    }
    if (st == STATUS_OK) {
        code = have_password(cli, role, password, &made);
    }
    if (st == STATUS_OK && code == EXIT_FINE && (!has || reset)) {
        st = set_password(cli, db, role->user, password);
    }
    secret_wipe(password, sizeof password);
    return st == STATUS_OK ? code : cli_db_failed(cli, db, st);
}

/* In one transaction under the lock of migrations: ALTER ROLE twice at once would fail. */
static int make_roles(struct cli *cli, struct db *db, bool reset)
{
    struct admin_role roles[ADMIN_ROLES];
    PGresult *before = NULL;
    int code = EXIT_FINE;
    enum status st = db_begin(db);

    admin_roles(&cli->config, roles);
    if (st == STATUS_OK) {
        st = db_run(db, SQL_CLI_INIT_LOCK, NULL, &before);
    }
    if (st == STATUS_OK) {
        st = db_script(db, sql_roles());
    }
    for (int i = 0; i < ADMIN_ROLES && st == STATUS_OK && code == EXIT_FINE; i++) {
        code = make_password(cli, db, &roles[i], reset);
    }
    if (st == STATUS_OK && code == EXIT_FINE) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (code == EXIT_FINE) {
        tell(cli, db_int(before, 0, 0) == 0, cli_word(cli, WORD_INIT_ROLES));
    }
    if (code != EXIT_FINE) {
        db_rollback(db);
    }
    PQclear(before);
    return code;
}

static int fix_zone(struct cli *cli, struct db *db)
{
    struct db_params *params = db_params_new();
    const char *wanted = cli->config.deployment.time_zone;
    PGresult *zone = NULL;
    char what[CLI_SENTENCE_SIZE];
    int code = EXIT_FINE;
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, wanted);
        st = db_run(db, SQL_CLI_DEPLOYMENT_FIX, params, &zone);
    }
    if (st == STATUS_OK && PQntuples(zone) == 0) {
        /* Somebody else inserted it while this statement ran: now it is to be seen. */
        PQclear(zone);
        zone = NULL;
        st = db_run(db, SQL_CLI_DEPLOYMENT_FIX, params, &zone);
    }
    if (st != STATUS_OK || PQntuples(zone) == 0) {
        code = cli_db_failed(cli, db, st);
    } else if (strcmp(db_text(zone, 0, 0), wanted) != 0) {
        cli_tell(cli, WORD_OTHER_ZONE, wanted, db_text(zone, 0, 0), NULL);
        code = EXIT_ANSWER_NO;
    } else {
        tell(cli, db_bool(zone, 0, 1), cli_sentence(cli, what, WORD_INIT_ZONE, wanted, NULL));
    }
    PQclear(zone);
    db_params_destroy(&params);
    return code;
}

/* A public file that was lost is written again from the secret one. */
static enum status have_public(const struct admin_key *key, char error[SECRET_ERROR_SIZE])
{
    char secret_key[SECRET_MAX];
    char public_key[SECRET_KEY_SIZE];
    enum status st = secret_read(key->secret_file, secret_key, error);

    if (st == STATUS_OK && (!secret_is_z85_key(secret_key) || zmq_curve_public(public_key, secret_key) != 0)) {
        snprintf(error, SECRET_ERROR_SIZE, "%s: is no CURVE key; remove it and run init again", key->secret_file);
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        st = keygen_publish(key->public_file, public_key, error);
    }
    secret_wipe(secret_key, sizeof secret_key);
    return st == STATUS_DUPLICATE ? STATUS_OK : st;
}

static int make_keys(struct cli *cli)
{
    struct admin_key keys[ADMIN_KEYS];
    char error[SECRET_ERROR_SIZE];

    admin_keys(&cli->config, keys);
    for (int i = 0; i < ADMIN_KEYS; i++) {
        enum status st;

        if (make_folder_of(cli, keys[i].secret_file) != EXIT_FINE ||
            make_folder_of(cli, keys[i].public_file) != EXIT_FINE) {
            return EXIT_UNREACHABLE;
        }
        st = keygen_make(keys[i].secret_file, keys[i].public_file, error);
        if (st == STATUS_OK) {
            tell(cli, true, keys[i].secret_file);
            continue;
        }
        if (st == STATUS_DUPLICATE) {
            st = have_public(&keys[i], error);
        }
        if (st != STATUS_OK) {
            cli_complain(cli, "%s", error);
            return EXIT_UNREACHABLE;
        }
        tell(cli, false, keys[i].secret_file);
    }
    return EXIT_FINE;
}

/* Doorbells of one machine are sockets in a folder that must be there. */
static int make_bell_folders(struct cli *cli)
{
    const char *const bells[] = {cli->config.ingest.bell, cli->config.scorer.bell};
    int code = EXIT_FINE;

    for (size_t i = 0; i < sizeof bells / sizeof *bells && code == EXIT_FINE; i++) {
        if (strncmp(bells[i], "ipc://", 6) == 0 && bells[i][6] != '@') {
            code = make_folder_of(cli, bells[i] + 6);
        }
    }
    return code;
}

int cmd_init(struct cli *cli, int argc, char **argv)
{
    bool create = false;
    bool reset = false;
    const struct cli_option options[] = {
        {"--create-database", CLI_FLAG, &create}, {"--reset-passwords", CLI_FLAG, &reset}, {NULL, CLI_FLAG, NULL}};
    struct db *db = NULL;
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "usage: kipthoi init [--create-database] [--reset-passwords]");
    }
    code = create ? create_database(cli) : EXIT_FINE;
    if (code == EXIT_FINE) {
        code = admin_open(cli, &cli->config, &db);
        if (code != EXIT_FINE && !create) {
            cli_tell(cli, WORD_INIT_HINT, NULL);
        }
    }
    if (code == EXIT_FINE) {
        code = make_roles(cli, db, reset);
    }
    if (code == EXIT_FINE) {
        code = migrate_run(cli, db);
    }
    if (code == EXIT_FINE) {
        code = fix_zone(cli, db);
    }
    if (code == EXIT_FINE) {
        code = make_keys(cli);
    }
    if (code == EXIT_FINE) {
        code = make_bell_folders(cli);
    }
    db_close(&db);
    return code;
}
