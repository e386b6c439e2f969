/* SPDX-License-Identifier: MIT */
/*
 * turn.h - one notifier acts at a time: the lock of the cursor is the right to open duties, to number alerts, to take
 * steps and to make messages.  Deliveries have claims of their own.
 */
#ifndef NOTIFIER_TURN_H
#define NOTIFIER_TURN_H

#include <stdbool.h>

#include "common/db.h"
#include "common/status.h"

/* Begins a transaction of one snapshot; *had: the right was free and is held until its end. */
enum status turn_begin(struct db *db, bool *had) MUST_CHECK;

/* Commits when st is STATUS_OK and store is set, else rolls back.  Returns st, or what the commit gave. */
enum status turn_end(struct db *db, enum status st, bool store) MUST_CHECK;

/*
 * Whether what failed with this SQLSTATE lost to somebody who acted at the same time: the next turn sees what they did.
 * Class 40, and 23505: the right is free again as soon as another notifier has committed, also for one whose snapshot
 * is older than that, because the cursor's row need not have changed.  It then writes a row that is there already.
 */
bool turn_lost(const char *sqlstate);

/* The dossiers that a turn looks at: columns of notifier_changes.sql and notifier_page.sql. */
enum turn_key { TURN_KEY_SOURCE, TURN_KEY_CODE, TURN_KEY_KNOWN_AT, TURN_KEY_MAY_OWE };

/* All of them as $1 sources and $2 codes.  Empties params. */
void turn_put_keys(struct db_params *params, const PGresult *keys);

/*
 * Same for those whose duty may be missing: of the others none is, as the change after which a promise was broken says
 * so.  Returns how many there are.
 */
int turn_put_owing(struct db_params *params, const PGresult *keys) MUST_CHECK;

#endif
