/* SPDX-License-Identifier: MIT */
/*
 * target_alert.h - tells when a unit misses a target, is forecast to miss it, or reaches it again: once each.
 *
 * Every unit has its own scoreboard (targets/board.h) of the running month, quarter, year and plans; of each row
 * targets/watch.h says what is the case, table target_episode what was.  A round compares them and writes episodes,
 * alerts and notices in one transaction under the lock that duties have: killed anywhere, it is made again, and of two
 * notifiers one acts.  While a scorer is behind nothing is judged.
 */
#ifndef NOTIFIER_TARGET_ALERT_H
#define NOTIFIER_TARGET_ALERT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "common/db.h"
#include "common/status.h"

struct target_alert;

/* What a turn did. */
struct target_alert_round {
    bool judged;      /* false: it was not due, or had to wait */
    int64_t told;     /* alerts, of which alerts has the bodies */
    PGresult *alerts; /* rows of topic, seq, body, committed and not yet published; may be NULL */
};

/* Borrows config, which must outlive the result.  NULL when memory is short. */
struct target_alert *target_alert_new(const struct config *config);
void target_alert_destroy(struct target_alert **self_p);

/*
 * Runs a round when one is due: at first, when the local day has changed, and when notifier.targets_every has passed
 * and something was written to what the figures are made of; a round that takes long is followed by a longer pause.
 * Fills *round, which the caller clears in every case.  Not STATUS_OK: nothing is published; whether the round was
 * committed is unknown only when the connection broke, and then the last numbers of the topics tell.
 */
enum status target_alert_turn(struct target_alert *self, struct db *db, int64_t now_us, int64_t now_ms,
                              struct target_alert_round *round) MUST_CHECK;

void target_alert_round_clear(struct target_alert_round *round);

#endif
