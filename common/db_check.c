/* SPDX-License-Identifier: MIT */
/* db_check.c - what a stage checks of server and schema before it calls itself ready. */
#include <stdio.h>
#include <string.h>

#include "common/db.h"

/* One row of facts about the server and the schema: db_deployment.sql. */
enum status db_check_deployment(struct db *db, const struct config *config, char error[DB_ERROR_SIZE])
{
    PGresult *facts = NULL;
    int known;
    enum status st = db_run(db, SQL_DB_DEPLOYMENT, NULL, &facts);

    sql_migrations(&known);
    if (st != STATUS_OK) {
        snprintf(error, DB_ERROR_SIZE, "%s; run: kipthoi init", db_error(db));
        return st == STATUS_RETRY ? STATUS_RETRY : STATUS_FATAL;
    }
    st = STATUS_FATAL;
    if (PQntuples(facts) != 1) {
        snprintf(error, DB_ERROR_SIZE, "the database has no deployment row; run: kipthoi init");
    } else if (db_int(facts, 0, 0) < known) {
        snprintf(error, DB_ERROR_SIZE, "the schema is at version %lld, this program needs %d; run: kipthoi migrate",
                 (long long)db_int(facts, 0, 0), known);
    } else if (db_int(facts, 0, 1) > known) {
        snprintf(error, DB_ERROR_SIZE,
                 "the schema has breaking version %lld, newer than this program; install the newer",
                 (long long)db_int(facts, 0, 1));
    } else if (strcmp(db_text(facts, 0, 2), config->deployment.time_zone) != 0) {
        snprintf(error, DB_ERROR_SIZE, "deployment.time_zone is %s, but the database counts days of %s",
                 config->deployment.time_zone, db_text(facts, 0, 2));
    } else if (!config->database.unsafe_durability && db_bool(facts, 0, 3)) {
        snprintf(error, DB_ERROR_SIZE,
                 "the server runs with fsync or synchronous_commit off: nothing could be promised");
    } else {
        st = STATUS_OK;
    }
    PQclear(facts);
    return st;
}
