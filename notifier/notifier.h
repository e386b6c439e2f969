/* SPDX-License-Identifier: MIT */
/*
 * notifier.h - the notifier's loop: rounds of duties when a bell rings, the feed, its replay, metrics.
 *
 * One thread.  The database may go away at any time: the feed's keepalives go on, the replay says BUSY, and the loop
 * tries to connect again with growing pauses.
 */
#ifndef NOTIFIER_NOTIFIER_H
#define NOTIFIER_NOTIFIER_H

#include "common/config.h"
#include "common/db.h"
#include "common/log.h"
#include "common/status.h"

struct notifier;

/*
 * Reads the allow-list and the topics, and listens.  secret_key NULL: no CURVE.  *db_p is taken over, also on failure;
 * the others are borrowed and must outlive the result.  NULL when it cannot start; logged.
 */
struct notifier *notifier_new(const struct config *config, const char *secret_key, struct db **db_p,
                              const struct log *log);
void notifier_destroy(struct notifier **self_p);

/* Runs until a signal stops it (STATUS_OK) or the database refuses for good (STATUS_FATAL; logged). */
enum status notifier_run(struct notifier *self) MUST_CHECK;

#endif
