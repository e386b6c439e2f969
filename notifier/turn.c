/* SPDX-License-Identifier: MIT */
/* turn.c - one notifier acts at a time. */
#include "notifier/turn.h"

#include <string.h>

#include "common/fault.h"

enum status turn_begin(struct db *db, bool *had)
{
    PGresult *cursor = NULL;
    enum status st = db_begin_repeatable(db);

    *had = false;
    if (st == STATUS_OK) {
        st = db_run(db, SQL_NOTIFIER_RIGHT, NULL, &cursor);
    }
    if (st == STATUS_OK) {
        *had = PQntuples(cursor) > 0;
        st = db_run(db, SQL_NOTIFIER_PLAN, NULL, NULL);
    }
    PQclear(cursor);
    return st;
}

enum status turn_end(struct db *db, enum status st, bool store)
{
    if (st == STATUS_OK && store) {
        FAULT_POINT("notifier-turn-stored");
        st = db_commit(db);
        FAULT_POINT("notifier-turn-committed");
    }
    if (st != STATUS_OK || !store) {
        db_rollback(db);
    }
    return st;
}

bool turn_lost(const char *sqlstate)
{
    return strncmp(sqlstate, "40", 2) == 0 || strcmp(sqlstate, "23505") == 0;
}

static int put_keys(struct db_params *params, const PGresult *keys, bool owing_only)
{
    int count = 0;

    db_params_reset(params);
    db_param_array(params, DB_ARRAY_INT4);
    for (int row = 0; row < PQntuples(keys); row++) {
        if (!owing_only || db_bool(keys, row, TURN_KEY_MAY_OWE)) {
            db_param_add_int(params, db_int(keys, row, TURN_KEY_SOURCE));
            count++;
        }
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (int row = 0; row < PQntuples(keys); row++) {
        if (!owing_only || db_bool(keys, row, TURN_KEY_MAY_OWE)) {
            db_param_add_text(params, db_text(keys, row, TURN_KEY_CODE));
        }
    }
    return count;
}

void turn_put_keys(struct db_params *params, const PGresult *keys)
{
    (void)put_keys(params, keys, false);
}

int turn_put_owing(struct db_params *params, const PGresult *keys)
{
    return put_keys(params, keys, true);
}
