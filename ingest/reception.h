/* SPDX-License-Identifier: MIT */
/*
 * reception.h - what happens to a request from its frames to its reply.
 *
 * Every request is answered in every state.  Requests whose events wait to be stored are kept in the order received;
 * after ingest.busy_after they are answered "busy", whatever the database does.
 */
#ifndef INGEST_RECEPTION_H
#define INGEST_RECEPTION_H

#include <stdint.h>

#include "common/allow.h"
#include "common/code_book.h"
#include "common/config.h"
#include "ingest/commit.h"
#include "ingest/guard.h"
#include "ingest/intake.h"
#include "ingest/ledger.h"
#include "ingest/router.h"
#include "ingest/sources.h"
#include "ingest/stats.h"

struct reception;

/* What it works with; all borrowed. */
struct reception_parts {
    const struct config *config;
    const struct allow *allow;
    const struct code_book *book;
    struct sources *sources;
    struct intake *intake;
    struct stats *stats;
    struct router *router;
    struct guard *guard;
    struct ledger *ledger;
    struct commit *commit;
};

/* NULL when memory is short. */
struct reception *reception_new(const struct reception_parts *parts);
void reception_destroy(struct reception **self_p);

/* Reads and handles requests until none waits or a turn's worth is done. */
void reception_read(struct reception *self, int64_t now_ms);

/* For struct commit_listener: answers the parcel, if that was not done, and frees it. */
void reception_parcel_done(struct reception *self, struct parcel *parcel);

/* Answers those who waited too long and forgets idle peers. */
void reception_turn(struct reception *self, int64_t now_ms);
/* From now on events that are read are answered "busy": the service stops. */
void reception_stop(struct reception *self);
/* Answers all that still wait. */
void reception_dismiss(struct reception *self);

/* Milliseconds until someone has waited too long. */
int64_t reception_wait_ms(const struct reception *self, int64_t now_ms);

int64_t reception_held_bytes(const struct reception *self);
int64_t reception_unanswered(const struct reception *self); /* requests */
int64_t reception_peers(const struct reception *self);

#endif
