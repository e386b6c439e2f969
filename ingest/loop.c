/* SPDX-License-Identifier: MIT */
/* loop.c - one thread, one loop, named steps. */
#include "ingest/loop.h"

#include <stdio.h>

#include <zmq.h>

#include "common/clock.h"
#include "ingest/report.h"

#define TURN_MAX_MS 250 /* allow-list and watchdog want a turn so often */
#define BELL_FRAME "ledger"
#define STATUS_SIZE 128

/* Fixed places among the poll items; the ledger's sockets follow. */
enum { POLL_ROUTER, POLL_MONITOR, POLL_ZAP, POLL_METRICS, POLL_LEDGER };

struct turn {
    zmq_pollitem_t items[POLL_LEDGER + LEDGER_SLOTS_MAX];
    int count;
    int64_t now_ms;
    bool stopping;
};

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A part that is absent or not wanted is polled for nothing; negative descriptors are passed over by poll(2). */
static void fill_items(struct loop *self, struct turn *turn)
{
    int metrics = metrics_fd(self->metrics);

    turn->items[POLL_ROUTER] = (zmq_pollitem_t){.socket = router_socket(self->router), .events = ZMQ_POLLIN};
    turn->items[POLL_MONITOR] = (zmq_pollitem_t){.socket = router_monitor(self->router), .events = ZMQ_POLLIN};
    turn->items[POLL_ZAP] = (zmq_pollitem_t){.fd = metrics, .events = 0};
    turn->items[POLL_METRICS] = (zmq_pollitem_t){.fd = metrics, .events = ZMQ_POLLIN};
    if (self->zap != NULL) {
        turn->items[POLL_ZAP] = (zmq_pollitem_t){.socket = zap_socket(self->zap), .events = ZMQ_POLLIN};
    }
    if (turn->stopping) {
        turn->items[POLL_ROUTER].events = 0;
    }
    turn->count = POLL_LEDGER + ledger_poll(self->ledger, turn->items + POLL_LEDGER);
}

static void wait(struct loop *self, struct turn *turn, int64_t wait_ms)
{
    wait_ms = least(wait_ms, ledger_wait_ms(self->ledger, turn->now_ms));
    wait_ms = least(wait_ms, reception_wait_ms(self->reception, turn->now_ms));
    fill_items(self, turn);
    if (zmq_poll(turn->items, turn->count, (long)least(wait_ms, TURN_MAX_MS)) < 0) {
        for (int i = 0; i < turn->count; i++) {
            turn->items[i].revents = 0; /* a signal: nothing was looked at */
        }
    }
    turn->now_ms = clock_monotonic_ms();
}

static void answer_doors(struct loop *self, const struct turn *turn)
{
    if (self->zap != NULL && turn->items[POLL_ZAP].revents != 0) {
        zap_turn(self->zap);
    }
    metrics_turn(self->metrics);
}

static void hold_name(struct loop *self, const struct turn *turn)
{
    control_turn(self->control, turn->now_ms, service_take_reload());
    commit_use_name(self->commit, control_holds_name(self->control), control_mark(self->control));
}

static void read_requests(struct loop *self, const struct turn *turn)
{
    if (!turn->stopping && turn->items[POLL_ROUTER].revents != 0) {
        reception_read(self->reception, turn->now_ms);
    }
}

static int64_t watch_connections(struct loop *self, const struct turn *turn)
{
    int connection;

    while (router_accepted(self->router, &connection)) {
        guard_accepted(self->guard, connection, turn->now_ms);
    }
    return guard_turn(self->guard, turn->now_ms);
}

static void tell_alive(struct loop *self, const struct turn *turn)
{
    char status[STATUS_SIZE];

    snprintf(status, sizeof status, "%s; database connections %d of %d, events waiting %lld",
             turn->stopping ? "stopping" : "receiving", ledger_up(self->ledger), ledger_slots(self->ledger),
             (long long)commit_queued(self->commit));
    service_tell_alive(status);
    if (turn->now_ms >= self->report_ms) {
        self->report_ms = turn->now_ms + REPORT_EVERY_MS;
        report_line(self);
    }
}

/* One turn; returns the milliseconds until something is due. */
static int64_t turn_once(struct loop *self, struct turn *turn, int64_t wait_ms)
{
    bool more_sources;
    int64_t look_ms;

    wait(self, turn, wait_ms);
    answer_doors(self, turn);
    hold_name(self, turn);
    more_sources = sources_turn(self->sources);
    read_requests(self, turn);
    look_ms = watch_connections(self, turn);
    ledger_turn(self->ledger, turn->items + POLL_LEDGER, turn->now_ms);
    reception_turn(self->reception, turn->now_ms);
    tell_alive(self, turn);
    wait_ms = commit_turn(self->commit, turn->now_ms, turn->stopping);
    return more_sources ? 0 : least(wait_ms, look_ms);
}

void loop_ring(struct loop *self)
{
    if (self->bell != NULL && zmq_send(self->bell, BELL_FRAME, sizeof BELL_FRAME - 1, ZMQ_DONTWAIT) >= 0) {
        self->stats.bells++;
    }
}

/* Finishes what is in hand. */
static void finish(struct loop *self, struct turn *turn, int64_t end_ms)
{
    int64_t wait_ms = 0;

    while (!commit_is_idle(self->commit) && turn->now_ms < end_ms) {
        wait_ms = turn_once(self, turn, least(wait_ms, end_ms - turn->now_ms));
    }
}

/* For as long as a sender would wait at most.  Who came meanwhile is told to come again, and counted. */
static void drain(struct loop *self, struct turn *turn)
{
    int64_t end_ms = turn->now_ms + self->service.config.ingest.busy_after_ms;

    turn->stopping = true;
    finish(self, turn, end_ms);
    reception_stop(self->reception);
    reception_read(self->reception, turn->now_ms);
    finish(self, turn, end_ms);
    reception_dismiss(self->reception);
}

void loop_run(struct loop *self)
{
    struct turn turn = {.now_ms = clock_monotonic_ms()};
    int64_t wait_ms = 0;

    self->open = true;
    self->report_ms = turn.now_ms + REPORT_EVERY_MS;
    while (!service_stopping()) {
        wait_ms = turn_once(self, &turn, wait_ms);
    }
    self->open = false;
    service_tell_stopping();
    log_info(&self->service.log, "STOPPING", "requests in hand=%lld", (long long)reception_unanswered(self->reception));
    drain(self, &turn);
    report_line(self);
}
