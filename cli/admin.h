/* SPDX-License-Identifier: MIT */
/*
 * admin.h - what init and migrate do as the database administrator (database.admin_*).
 */
#ifndef CLI_ADMIN_H
#define CLI_ADMIN_H

#include "cli/cli.h"

/* Connects as administrator to config's database.  EXIT_FINE, or EXIT_UNREACHABLE with the reason printed. */
int admin_open(struct cli *cli, const struct config *config, struct db **db_p);

/*
 * Runs a statement that takes no parameters (CREATE DATABASE, ALTER ROLE): query makes its text on the server, where
 * format() quotes the names and literals.
 */
enum status admin_run_made(struct db *db, enum sql_query query, struct db_params *params) MUST_CHECK;

/* Applies the migrations that the database does not have, printing each.  Returns an exit code, the reason printed. */
int migrate_run(struct cli *cli, struct db *db);

/* The five roles that log in, and whose settings they are. */
#define ADMIN_ROLES 5
struct admin_role {
    const char *user;
    const char *password_file;
};
void admin_roles(const struct config *config, struct admin_role roles[ADMIN_ROLES]);

/* The three key pairs that the programs need. */
#define ADMIN_KEYS 3
struct admin_key {
    const char *whose;
    const char *secret_file;
    const char *public_file;
};
void admin_keys(const struct config *config, struct admin_key keys[ADMIN_KEYS]);

#endif
