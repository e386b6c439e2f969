/* SPDX-License-Identifier: MIT */
/*
 * dispatch.h - carries deliveries out: takes them from the outbox, writes what they say, hands them to the channels and
 * stores what became of them.
 *
 * No call waits for the network.  What a channel has answered is kept until the database has it; when the notifier dies
 * before, the claim runs out and the outbox knows what that means.
 */
#ifndef NOTIFIER_DISPATCH_H
#define NOTIFIER_DISPATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "common/db.h"
#include "common/log.h"
#include "common/status.h"
#include "notifier/delivery_policy.h"
#include "notifier/hours.h"
#include "notifier/letter_desk.h"

#define DISPATCH_ERROR_SIZE 1024

struct dispatch;

/* Totals since the start. */
struct dispatch_figures {
    int64_t sent;
    int64_t failed; /* attempts that did not end in "sent" */
    int64_t dead;
    int64_t uncertain;
};

/*
 * Opens the channels that the configuration names.  Everything is borrowed and must outlive the result.
 * STATUS_INVALID: a setting does not hold, error says which.
 */
enum status dispatch_new(struct dispatch **self_p, const struct config *config, struct letter_desk *desk,
                         const struct hours *hours, const struct log *log, char error[DISPATCH_ERROR_SIZE]) MUST_CHECK;
/* Cuts what is in flight and, as far as the database allows (db may be NULL), stores what became of it. */
void dispatch_destroy(struct dispatch **self_p, struct db *db);

/* For poll(), one a channel: readable when dispatch_turn has something to do. */
int dispatch_fd(const struct dispatch *self, enum delivery_channel channel);
/* Milliseconds until it has, -1: never. */
int64_t dispatch_wait_ms(const struct dispatch *self);
/* Lets the channels go on; nothing of the database. */
void dispatch_turn(struct dispatch *self);

/* Says in the log, once at the start, that no mail is sent although somebody counts on it. */
enum status dispatch_tell_unsent(const struct dispatch *self, struct db *db) MUST_CHECK;

/* Stores results, takes new deliveries, starts them.  *more: it did something; come again soon. */
enum status dispatch_run(struct dispatch *self, struct db *db, bool *more) MUST_CHECK;

const struct dispatch_figures *dispatch_figures(const struct dispatch *self);

#endif
