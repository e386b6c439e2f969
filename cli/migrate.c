/* SPDX-License-Identifier: MIT */
/* migrate.c - kipthoi migrate: applies pending migrations, each in a transaction of its own. */
#include <stdio.h>

#include "cli/admin.h"

static const char help[] =
    "kipthoi migrate - brings the schema up to date, as database.admin_user\n\n"
    "Migrations run in order, each in a transaction of its own; safe to repeat and for two at once.  Stop the three\n"
    "stages first when the release notes call a migration breaking.\n\n"
    "examples:\n"
    "  kipthoi migrate --config /etc/kipthoi/kipthoi.conf\n";

/* What earlier migrations have made. */
struct present {
    bool versions;
    bool cursors;
};

/* Whether version is there; the table of versions is itself made by the first migration. */
static enum status is_applied(struct db *db, int version, struct present *present, bool *applied)
{
    struct db_params *params = db_params_new();
    PGresult *result = NULL;
    enum status st = STATUS_RETRY;

    if (params == NULL) {
        return st;
    }
    *applied = false;
    st = db_run(db, SQL_MIGRATE_BEGIN, NULL, &result);
    if (st == STATUS_OK) {
        present->versions = db_bool(result, 0, 0);
        present->cursors = db_bool(result, 0, 1);
        PQclear(result);
        result = NULL;
    }
    if (st == STATUS_OK && present->versions) {
        db_param_int4(params, version);
        st = db_run(db, SQL_MIGRATE_KNOWN, params, &result);
        *applied = st == STATUS_OK && PQntuples(result) > 0;
    }
    PQclear(result);
    db_params_destroy(&params);
    return st;
}

static enum status note(struct db *db, const struct sql_migration *migration)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_int4(params, migration->version);
        db_param_text(params, migration->name);
        db_param_bool(params, migration->breaking);
        st = db_run(db, SQL_MIGRATE_NOTE, params, NULL);
    }
    db_params_destroy(&params);
    return st;
}

/*
 * The version row comes first, so that a second runner that slipped past the lock fails on its key before it changes
 * anything; only the migration that makes the table has to be noted after it.
 */
static enum status apply(struct db *db, const struct sql_migration *migration, bool *did)
{
    struct present present = {.versions = false};
    bool applied = false;
    enum status st = db_begin(db);

    *did = false;
    if (st == STATUS_OK) {
        st = is_applied(db, migration->version, &present, &applied);
    }
    if (st == STATUS_OK && !applied) {
        if (present.versions) {
            st = note(db, migration);
        }
        if (st == STATUS_OK && present.cursors) {
            st = db_run(db, SQL_MIGRATE_HOLD, NULL, NULL);
        }
        if (st == STATUS_OK) {
            st = db_script(db, migration->text);
        }
        if (st == STATUS_OK && !present.versions) {
            st = note(db, migration);
        }
        *did = true;
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        db_rollback(db);
    }
    return st;
}

/* A database that is ahead of this program is told, not touched. */
static int check_newer(struct cli *cli, struct db *db, int newest)
{
    PGresult *result = NULL;
    enum status st = db_run(db, SQL_MIGRATE_NEWEST, NULL, &result);
    int code = EXIT_FINE;
    char theirs[24];
    char ours[24];

    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    if (db_int(result, 0, 0) > newest) {
        snprintf(theirs, sizeof theirs, "%lld", (long long)db_int(result, 0, 0));
        snprintf(ours, sizeof ours, "%d", newest);
        cli_tell(cli, WORD_SCHEMA_NEWER, theirs, ours, NULL);
        code = EXIT_ANSWER_NO;
    }
    PQclear(result);
    return code;
}

int migrate_run(struct cli *cli, struct db *db)
{
    int count;
    const struct sql_migration *all = sql_migrations(&count);
    char name[CLI_SENTENCE_SIZE];
    int applied = 0;

    for (int i = 0; i < count; i++) {
        bool did;
        enum status st = apply(db, &all[i], &did);

        snprintf(name, sizeof name, "%04d_%s", all[i].version, all[i].name);
        if (st != STATUS_OK) {
            cli_tell(cli, WORD_MIGRATION_FAILED, name, db_error(db), NULL);
            return EXIT_UNREACHABLE;
        }
        if (did) {
            cli_say(cli, WORD_MIGRATION_APPLIED, name, NULL);
            applied++;
        }
    }
    if (applied == 0) {
        snprintf(name, sizeof name, "%d", count == 0 ? 0 : all[count - 1].version);
        cli_say(cli, WORD_SCHEMA_CURRENT, name, NULL);
    }
    return check_newer(cli, db, count == 0 ? 0 : all[count - 1].version);
}

int cmd_migrate(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    struct db *db = NULL;
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "usage: kipthoi migrate");
    }
    code = admin_open(cli, &cli->config, &db);
    if (code == EXIT_FINE) {
        code = migrate_run(cli, db);
    }
    db_close(&db);
    return code;
}
