/* SPDX-License-Identifier: MIT */
/* main.c - kipthoi-scorer: folds the ledger into dossiers, verdicts and day counters. */
#include <stdio.h>
#include <stdlib.h>

#include <zmq.h>

#include "common/bell.h"
#include "common/clock.h"
#include "common/db.h"
#include "common/metrics.h"
#include "common/service.h"
#include "scorer/crowd.h"
#include "scorer/round.h"

#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 2000
#define STATS_MS 10000
#define SEGMENT_CHECK_MS 60000
/* While nothing happens, open dossiers are judged as of at most so long ago. */
#define STALE_US CLOCK_SECOND_US

struct scorer {
    struct service service;
    struct db *db;
    struct db *registry_db;
    struct db_params *params;
    struct round *round;
    struct metrics *metrics;
    void *context;
    void *bells; /* SUB: ingest has stored something */
    void *bell;  /* PUB: verdicts changed */
    bool ready;
    bool told_refused;
    int64_t waited_ms; /* how long the server has let the call under way wait */
    int64_t backoff_ms;
    int64_t retry_at_ms; /* not before, after trouble */
    int64_t stats_at_ms;
    int64_t segment_at_ms;
    int64_t told_folded;
    struct crowd crowd;
    int64_t rests_until_ms;
};

/* --- metrics --- */

static void write_metrics(struct metrics_page *page, void *context)
{
    const struct scorer *self = context;
    struct round_totals totals = round_totals(self->round);

    metrics_counter(page, "kipthoi_scorer_events_folded_total", "Ledger events folded.", "", totals.folded);
    metrics_counter(page, "kipthoi_scorer_slices_total", "Transactions that moved a cursor.", "", totals.slices);
    metrics_counter(page, "kipthoi_scorer_refolded_total", "Dossiers folded again from all their events.", "",
                    totals.refolded);
    metrics_counter(page, "kipthoi_scorer_ticked_total", "Dossiers that time alone made overdue.", "", totals.ticked);
    metrics_counter(page, "kipthoi_scorer_changes_total", "Verdict changes handed to the notifier.", "",
                    totals.changes);
    metrics_counter(page, "kipthoi_scorer_unreadable_total", "Ledger rows that could not be taken apart.", "",
                    totals.unfoldable);
    metrics_gauge(page, "kipthoi_scorer_ready", "1 while connected and working.", "", self->ready ? 1 : 0);
}

static bool is_ready(void *context)
{
    const struct scorer *self = context;

    return self->ready && self->waited_ms < DB_PATIENCE_MS;
}

static void wait_cb(void *context, int64_t waited_ms)
{
    struct scorer *self = context;

    self->waited_ms = waited_ms;
    metrics_turn(self->metrics);
    self->waited_ms = 0;
}

static void tell_stats(struct scorer *self)
{
    struct round_totals totals = round_totals(self->round);
    int64_t now_ms = clock_monotonic_ms();

    if (now_ms < self->stats_at_ms) {
        return;
    }
    self->stats_at_ms = now_ms + STATS_MS;
    if (totals.folded != self->told_folded) {
        self->told_folded = totals.folded;
        log_stats(&self->service.log, "FOLDED", "events=%lld slices=%lld refolded=%lld ticked=%lld changes=%lld",
                  (long long)totals.folded, (long long)totals.slices, (long long)totals.refolded,
                  (long long)totals.ticked, (long long)totals.changes);
    }
}

/* --- database --- */

static void trouble(struct scorer *self, const char *what, const char *why)
{
    self->ready = false;
    self->backoff_ms = service_backoff_ms(self->backoff_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
    self->retry_at_ms = clock_monotonic_ms() + self->backoff_ms;
    log_warn(&self->service.log, "DB-RETRY", "%s wait_ms=%lld: %s", what, (long long)self->backoff_ms, why);
}

/* Makes both connections good; true when they are. */
static bool connect_database(struct scorer *self)
{
    if (self->ready) {
        return true;
    }
    if (clock_monotonic_ms() < self->retry_at_ms) {
        return false;
    }
    if (db_reconnect(self->db) != STATUS_OK) {
        trouble(self, "connecting", db_error(self->db));
    } else if (db_reconnect(self->registry_db) != STATUS_OK || round_prepare(self->round) != STATUS_OK) {
        trouble(self, "reading the registry", db_error(self->registry_db));
    } else if (db_run(self->db, SQL_SCORER_BY_KEY, NULL, NULL) != STATUS_OK) {
        trouble(self, "preparing the session", db_error(self->db));
    } else {
        self->ready = true;
    }
    return self->ready;
}

/* --- work --- */

static void ring(struct scorer *self)
{
    if (self->bell != NULL) {
        /* A lost bell costs the notifier one poll interval. */
        zmq_send(self->bell, "", 0, ZMQ_DONTWAIT);
    }
}

/* One shard's turn; a failure is kept in why, first come, and must not keep the other shards waiting. */
static enum status turn_shard(struct scorer *self, int shard, struct round_result *all, char why[DB_ERROR_SIZE])
{
    struct round_result result;
    enum status st = round_turn(self->round, shard, &result);

    if (st != STATUS_OK) {
        if (why[0] == '\0') {
            snprintf(why, DB_ERROR_SIZE, "shard %d: %s", shard, round_complaint(self->round));
        }
        return st;
    }
    all->worked |= result.worked;
    all->more |= result.more;
    if (result.alert) {
        ring(self);
    }
    return st;
}

/* A ledger that is refused stays refused until a person acts: said once, as an error. */
static void refused(struct scorer *self, const char *why)
{
    self->ready = false;
    self->retry_at_ms = clock_monotonic_ms() + BACKOFF_MAX_MS;
    if (!self->told_refused) {
        log_error(&self->service.log, "REFUSED", "%s", why);
    }
    self->told_refused = true;
}

/* Turns at each shard that has something to do, and says what they did together. */
static struct round_result turn_shards(struct scorer *self)
{
    int64_t now_us = clock_now_us(&self->service.config.deployment.clock);
    struct round_result all = {0};
    char why[DB_ERROR_SIZE] = "";
    PGresult *shards = NULL;
    bool fatal = false;

    db_params_reset(self->params);
    db_param_us(self->params, now_us);
    db_param_us(self->params, now_us - (self->service.config.deployment.clock.frozen ? 0 : STALE_US));
    if (db_run(self->db, SQL_SCORER_WAITING, self->params, &shards) != STATUS_OK) {
        snprintf(why, sizeof why, "%s", db_error(self->db));
    }
    for (int row = 0; row < (shards == NULL ? 0 : PQntuples(shards)); row++) {
        fatal |= turn_shard(self, (int)db_int(shards, row, 0), &all, why) == STATUS_FATAL;
        service_tell_alive("folding");
    }
    PQclear(shards);
    if (fatal) {
        refused(self, why);
    } else if (why[0] != '\0') {
        trouble(self, "a turn broke off", why);
    } else {
        self->backoff_ms = 0;
        self->told_refused = false;
    }
    all.worked &= why[0] == '\0';
    return all;
}

/* Turns at the shards, and says when to rest; true when one had something to do. */
static bool take_turns(struct scorer *self)
{
    int64_t begun_ms = clock_monotonic_ms();
    int64_t folded = round_totals(self->round).folded;
    struct round_result result = turn_shards(self);

    folded = round_totals(self->round).folded - folded;
    self->rests_until_ms = crowd_rests_until(&self->crowd, begun_ms, folded, result.more);
    return result.worked;
}

/* Keeps segments of the ledger from growing without end. */
static void roll_segment(struct scorer *self)
{
    PGresult *opened = NULL;

    if (!self->ready || clock_monotonic_ms() < self->segment_at_ms) {
        return;
    }
    self->segment_at_ms = clock_monotonic_ms() + SEGMENT_CHECK_MS;
    db_params_reset(self->params);
    db_param_int8(self->params, self->service.config.scorer.segment_events);
    if (db_run(self->db, SQL_SCORER_SEGMENT_ROLL, self->params, &opened) != STATUS_OK) {
        trouble(self, "opening a ledger segment", db_error(self->db));
    } else if (PQntuples(opened) == 1) {
        log_info(&self->service.log, "SEGMENT", "opened=%lld", (long long)db_int(opened, 0, 0));
    }
    PQclear(opened);
}

/* Waits for a bell, the metrics page or the poll interval; at rest for the page or its end. */
static void wait_for_work(struct scorer *self, bool worked)
{
    zmq_pollitem_t items[2] = {
        {.fd = metrics_fd(self->metrics), .events = ZMQ_POLLIN},
        {.socket = self->bells, .events = ZMQ_POLLIN},
    };
    int64_t rest_ms = self->rests_until_ms - clock_monotonic_ms();
    long wait_ms = worked && self->ready ? 0 : (long)self->service.config.scorer.poll_ms;

    zmq_poll(items, rest_ms > 0 ? 1 : 2, rest_ms > 0 ? (long)rest_ms : wait_ms);
    bell_take(self->bells);
    metrics_turn(self->metrics);
}

static void run(struct scorer *self)
{
    bool worked = false;

    while (!service_stopping()) {
        wait_for_work(self, worked);
        worked = connect_database(self) && take_turns(self);
        if (!worked) {
            roll_segment(self);
        }
        tell_stats(self);
        service_tell_alive(self->ready ? "folding" : "waiting for the database");
        if (service_take_reload()) {
            log_info(&self->service.log, "RELOAD",
                     "the scorer has nothing to reload; restart it for a new configuration");
        }
    }
    service_tell_stopping();
}

/* --- boot --- */

/* Opens one connection; while the server is only away it is waited for, but not by --check. */
static enum status open_one(struct scorer *self, struct db **db_p, const char *application)
{
    const struct config *config = &self->service.config;
    char error[DB_ERROR_SIZE];
    enum status st;

    for (;;) {
        st = db_open(db_p, config, &config->scorer.role, application, &self->service.log, error);
        if (st == STATUS_OK) {
            return st;
        }
        if (st != STATUS_RETRY || self->service.check_only || service_stopping()) {
            log_error(&self->service.log, "START", "%s", error);
            return st;
        }
        self->backoff_ms = service_backoff_ms(self->backoff_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
        log_warn(&self->service.log, "DB-AWAY", "wait_ms=%lld: %s", (long long)self->backoff_ms, error);
        zmq_poll(NULL, 0, (long)self->backoff_ms);
    }
}

static int open_database(struct scorer *self)
{
    char error[DB_ERROR_SIZE];
    enum status st = open_one(self, &self->db, "kipthoi-scorer");

    if (st == STATUS_OK) {
        st = open_one(self, &self->registry_db, "kipthoi-scorer registry");
    }
    if (st == STATUS_OK) {
        st = db_check_deployment(self->db, &self->service.config, error);
        if (st != STATUS_OK) {
            log_error(&self->service.log, "START", "%s", error);
        }
    }
    if (st != STATUS_OK) {
        return st == STATUS_INVALID ? EXIT_USAGE : EXIT_UNREACHABLE;
    }
    return -1;
}

static bool open_sockets(struct scorer *self)
{
    const char *bell = self->service.config.scorer.bell;
    int no_linger = 0;

    self->context = zmq_ctx_new();
    self->bells = bell_connect(self->context, self->service.config.scorer.bells, &self->service.log);
    if (self->bells == NULL) {
        return false;
    }
    if (bell[0] != '\0') {
        self->bell = zmq_socket(self->context, ZMQ_PUB);
        zmq_setsockopt(self->bell, ZMQ_LINGER, &no_linger, sizeof no_linger);
        if (zmq_bind(self->bell, bell) != 0) {
            log_error(&self->service.log, "START", "scorer.bell: %s: %s (a second scorer needs --set scorer.bell=)",
                      bell, zmq_strerror(zmq_errno()));
            return false;
        }
    }
    return true;
}

static int boot(struct scorer *self)
{
    int left = open_database(self);

    if (left >= 0 || self->service.check_only) {
        return left >= 0 ? left : EXIT_FINE;
    }
    self->params = db_params_new();
    self->round = round_new(&self->service.config, self->db, self->registry_db, &self->service.log);
    if (self->params == NULL || self->round == NULL || !open_sockets(self)) {
        return EXIT_UNREACHABLE;
    }
    if (metrics_new(&self->metrics, self->service.config.scorer.metrics_port, write_metrics, is_ready, self,
                    &self->service.log) != STATUS_OK) {
        return EXIT_UNREACHABLE;
    }
    db_on_wait(self->db, wait_cb, self);
    db_on_wait(self->registry_db, wait_cb, self);
    return -1;
}

static void shut_down(struct scorer *self)
{
    metrics_destroy(&self->metrics);
    if (self->bells != NULL) {
        zmq_close(self->bells);
    }
    if (self->bell != NULL) {
        zmq_close(self->bell);
    }
    if (self->context != NULL) {
        zmq_ctx_term(self->context);
    }
    round_destroy(&self->round);
    db_params_destroy(&self->params);
    db_close(&self->registry_db);
    db_close(&self->db);
}

int main(int argc, char **argv)
{
    static struct scorer self; /* large, and one per process */
    int left =
        service_boot(&self.service, argc, argv, "scorer", "folds ledger events into dossiers, verdicts and rates");

    if (left < 0) {
        left = boot(&self);
        if (left < 0) {
            service_tell_ready();
            log_info(&self.service.log, "READY", "version=%s", KIPTHOI_VERSION);
            run(&self);
            log_info(&self.service.log, "STOPPED", "folded=%lld", (long long)round_totals(self.round).folded);
            left = EXIT_FINE;
        }
        shut_down(&self);
    }
    return left;
}
