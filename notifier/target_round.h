/* SPDX-License-Identifier: MIT */
/*
 * target_round.h - one round of target_alert.h inside a transaction: judges every unit's rows and finds what changed.
 */
#ifndef NOTIFIER_TARGET_ROUND_H
#define NOTIFIER_TARGET_ROUND_H

#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/target_change.h"
#include "targets/watch.h"

struct target_round;

/* Borrows db and rule.  today: the local day by the clock.  NULL when memory is short. */
struct target_round *target_round_new(struct db *db, int32_t today, const struct watch_rule *rule);
void target_round_destroy(struct target_round **self_p);

/* Reads and judges.  Call once; *changes belongs to the round. */
enum status target_round_judge(struct target_round *self, const struct target_changes **changes) MUST_CHECK;

#endif
