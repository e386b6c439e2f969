/* SPDX-License-Identifier: MIT */
/*
 * rounds.h - what the notifier does with the database in a turn of its loop, in this order: duties, drafts of their
 * letters, steps of the ladder, messages.  Each is a transaction of its own, so that a notifier that dies between two
 * leaves nothing half done.
 */
#ifndef NOTIFIER_ROUNDS_H
#define NOTIFIER_ROUNDS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "common/db.h"
#include "common/log.h"
#include "common/status.h"
#include "notifier/duty.h"
#include "notifier/letter_desk.h"

struct rounds;

/* Publishes committed alerts: rows of topic (NULL: none), seq, body. */
typedef void (*rounds_publish_cb)(void *context, const PGresult *alerts);

/* Everything is borrowed and must outlive the result.  NULL when memory is short. */
struct rounds *rounds_new(const struct config *config, struct db *db, struct letter_desk *desk, const struct log *log,
                          rounds_publish_cb publish, void *context);
/* The working hours as read by the rounds; borrowed as long as they live. */
const struct hours *rounds_hours(const struct rounds *self);

void rounds_destroy(struct rounds **self_p);

/* What one turn did. */
struct rounds_done {
    enum duty_outcome outcome;
    bool rest;        /* all but duties had its turn too */
    bool more;        /* something may be left: come again at once */
    int64_t again_ms; /* come again then (clock_monotonic_ms), if not before; INT64_MAX: nothing asks for it */
    int64_t opened;
    int64_t voided;
    int64_t amended;
    int64_t drafted;
    int64_t taken;    /* steps */
    int64_t messages; /* made */
};

/* Runs one turn.  Not STATUS_OK: *doing says what failed, and *done what was done before. */
enum status rounds_run(struct rounds *self, struct rounds_done *done, const char **doing) MUST_CHECK;

#endif
