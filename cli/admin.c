/* SPDX-License-Identifier: MIT */
/* admin.c - acting as the database administrator; see admin.h. */
#include "cli/admin.h"

/* Migrations of a full ledger may take their time. */
#define ADMIN_LIMIT_MS (30 * 60 * 1000)

int admin_open(struct cli *cli, const struct config *config, struct db **db_p)
{
    char error[DB_ERROR_SIZE];

    if (db_open(db_p, config, &config->database.admin, "kipthoi-admin", &cli->log, error) != STATUS_OK) {
        cli_tell(cli, WORD_CANNOT_CONNECT, config->database.name, config->database.admin.user, error, NULL);
        return EXIT_UNREACHABLE;
    }
    if (db_set_limit(*db_p, ADMIN_LIMIT_MS) != STATUS_OK) {
        int code = cli_db_failed(cli, *db_p, STATUS_RETRY);

        db_close(db_p);
        return code;
    }
    return EXIT_FINE;
}

enum status admin_run_made(struct db *db, enum sql_query query, struct db_params *params)
{
    PGresult *statement = NULL;
    enum status st = db_run(db, query, params, &statement);

    if (st == STATUS_OK) {
        st = db_script(db, db_text(statement, 0, 0));
    }
    PQclear(statement);
    return st;
}

void admin_roles(const struct config *config, struct admin_role roles[ADMIN_ROLES])
{
    const struct config_role *const all[ADMIN_ROLES] = {&config->ingest.role, &config->scorer.role,
                                                        &config->notifier.role, &config->letters.role,
                                                        &config->operator.role };

    for (int i = 0; i < ADMIN_ROLES; i++) {
        roles[i] = (struct admin_role){all[i]->user, all[i]->password_file};
    }
}

void admin_keys(const struct config *config, struct admin_key keys[ADMIN_KEYS])
{
    keys[0] = (struct admin_key){"ingest", config->ingest.secret_key_file, config->ingest.public_key_file};
    keys[1] = (struct admin_key){"notifier", config->notifier.secret_key_file, config->notifier.public_key_file};
    keys[2] = (struct admin_key){"sender", config->sender.secret_key_file, config->sender.public_key_file};
}
