/* SPDX-License-Identifier: MIT */
/*
 * loop.h - the one loop of kipthoi-ingest, and the parts that it turns.
 */
#ifndef INGEST_LOOP_H
#define INGEST_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/allow.h"
#include "common/code_book.h"
#include "common/metrics.h"
#include "common/service.h"
#include "common/zap.h"
#include "ingest/commit.h"
#include "ingest/control.h"
#include "ingest/guard.h"
#include "ingest/intake.h"
#include "ingest/ledger.h"
#include "ingest/reception.h"
#include "ingest/router.h"
#include "ingest/sources.h"
#include "ingest/stats.h"

/* Made by main.c; NULL where not made yet. */
struct loop {
    struct service service;
    void *zmq; /* context */
    void *bell;
    struct allow *allow;
    struct code_book *book;
    struct metrics *metrics;
    struct control *control;
    struct zap *zap;
    struct router *router;
    struct guard *guard;
    struct sources *sources;
    struct ledger *ledger;
    struct commit *commit;
    struct reception *reception;
    struct intake intake;
    struct stats stats;
    int64_t report_ms; /* next STATS line */
    bool open;         /* bound, and not stopping */
};

/* Turns until the service is told to stop and what is in hand is answered. */
void loop_run(struct loop *self);

/* Rings for new events; a lost bell costs a scorer its poll interval. */
void loop_ring(struct loop *self);

#endif
