/* SPDX-License-Identifier: MIT */
/*
 * ledger.h - the connections that store batches, run from the loop without ever waiting.
 *
 * Each slot is one connection with one batch under way at most.  A connection that breaks or exceeds its limit is
 * closed and opened again after a growing delay.
 */
#ifndef INGEST_LEDGER_H
#define INGEST_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>
#include <zmq.h>

#include "common/config.h"
#include "common/db_param.h"
#include "common/log.h"
#include "common/status.h"

#define LEDGER_SLOTS_MAX 64

/* What became of a batch that was sent. */
enum ledger_event {
    LEDGER_COMMITTED, /* the server says so; result holds its answer */
    LEDGER_REFUSED,   /* the server says that nothing was stored; st tells what to do, result holds its words */
    LEDGER_STALE,     /* the server says that a newer batch of the worker is stored */
    LEDGER_LOST       /* the connection broke: it may have been stored or may yet be */
};

typedef void (*ledger_cb)(void *context, int slot, enum ledger_event event, enum status st, const PGresult *result);

struct ledger;

/* NULL when memory is short.  config and log are borrowed. */
struct ledger *ledger_new(const struct config *config, const struct log *log, ledger_cb done, void *context);
void ledger_destroy(struct ledger **self_p);

int ledger_slots(const struct ledger *self);
/* Slots that are connected, idle or at work. */
int ledger_up(const struct ledger *self);
/* True when the slot is connected, idle or at work. */
bool ledger_is_up(const struct ledger *self, int slot);
/* True when a batch may be sent on the slot. */
bool ledger_ready(const struct ledger *self, int slot);

/* Sends ingest_append.  STATUS_RETRY: nothing was sent (memory). */
enum status ledger_send(struct ledger *self, int slot, struct db_params *params, int64_t now_ms) MUST_CHECK;

/* Fills at most LEDGER_SLOTS_MAX poll items and returns their number. */
int ledger_poll(struct ledger *self, zmq_pollitem_t *items);
/* Does what the sockets (those of the last ledger_poll) and the clock ask for. */
void ledger_turn(struct ledger *self, const zmq_pollitem_t *items, int64_t now_ms);
/* Milliseconds until ledger_turn has something to do without any socket. */
int64_t ledger_wait_ms(const struct ledger *self, int64_t now_ms);

#endif
