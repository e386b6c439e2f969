/* SPDX-License-Identifier: MIT */
/* notifier.c - the loop of kipthoi-notifier. */
#include "notifier/notifier.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <zmq.h>

#include "common/allow.h"
#include "common/bell.h"
#include "common/metrics.h"
#include "common/service.h"
#include "common/zap.h"
#include "notifier/dispatch.h"
#include "notifier/feed.h"
#include "notifier/figures.h"
#include "notifier/keepalive.h"
#include "notifier/replay.h"
#include "notifier/rounds.h"
#include "notifier/target_alert.h"
#include "notifier/topics.h"
#include "notifier/turn.h"

#define SECOND_MS 1000
#define COUNT_EVERY_MS 10000
#define STATS_EVERY_MS 60000
#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 2000

struct notifier {
    const struct config *config;
    const struct log *log;
    void *context;
    void *bell;
    struct db *db;
    struct allow *allow;
    struct zap *zap; /* NULL without CURVE */
    struct feed *feed;
    struct replay *replay;
    struct letter_desk *desk;
    struct rounds *rounds;
    struct dispatch *dispatch;
    struct topics *topics;
    struct target_alert *targets;
    struct metrics *metrics;
    struct keepalive keepalive;
    struct figures figures;
    enum duty_outcome outcome; /* of the last round */
    bool rested;               /* it had time for more than duties */
    bool connected;            /* the database answered last time */
    bool dispatching;          /* deliveries want another turn at once */
    bool fatal;                /* the database refuses for good: leave */
    int64_t waited_ms;         /* how long the server has let the call under way wait */
    int64_t backoff_ms;
    int64_t caught_up_ms; /* when nothing was left to do */
    int64_t retry_at_ms;  /* the moments below: when something is due */
    int64_t round_at_ms;
    int64_t second_at_ms;
    int64_t count_at_ms;
    int64_t topics_at_ms;
    int64_t stats_at_ms;
};

/* Every failure of the database ends here: the one place that logs it and decides when to try again. */
static void database_failed(struct notifier *self, enum status st, const char *doing)
{
    int64_t now_ms = clock_monotonic_ms();

    self->figures.failures++;
    if (st == STATUS_FATAL) {
        self->fatal = true;
        log_error(self->log, "DB-REFUSES", "%s: %s; run: kipthoi doctor", doing, db_error(self->db));
        return;
    }
    if (turn_lost(db_sqlstate(self->db))) {
        /* Somebody changed a duty, or another notifier moved on, at the same time: the next round sees it. */
        self->round_at_ms = now_ms + self->config->notifier.poll_ms;
        log_debug(self->log, "DB-CONFLICT", "%s: %s", doing, db_error(self->db));
        return;
    }
    self->connected = false;
    self->backoff_ms = service_backoff_ms(self->backoff_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
    self->retry_at_ms = now_ms + self->backoff_ms;
    log_warn(self->log, "DB-RETRY", "%s: %s sqlstate=%s wait_ms=%" PRId64, doing, db_error(self->db),
             db_sqlstate(self->db), self->backoff_ms);
}

static enum status load_topics(struct notifier *self)
{
    PGresult *list = NULL;
    enum status st = db_run(self->db, SQL_ALERT_TOPIC_LIST, NULL, &list);

    for (int row = 0; st == STATUS_OK && row < PQntuples(list); row++) {
        st = topics_set(self->topics, db_text(list, row, 0), db_int(list, row, 1));
    }
    PQclear(list);
    return st;
}

static enum status count_duties(struct notifier *self)
{
    PGresult *count = NULL;
    enum status st = db_run(self->db, SQL_DUTY_COUNT_OPEN, NULL, &count);

    if (st == STATUS_OK) {
        self->figures.open_duties = db_int(count, 0, 0);
    }
    PQclear(count);
    return st;
}

static void publish(void *context, const PGresult *alerts)
{
    struct notifier *self = context;

    for (int row = 0; row < PQntuples(alerts); row++) {
        const char *topic = db_text(alerts, row, 0);
        int64_t seq = db_int(alerts, row, 1);

        if (db_null(alerts, row, 0)) {
            continue;
        }
        feed_send(self->feed, topic, seq, db_text(alerts, row, 2));
        self->figures.published++;
        /* Memory short: the keepalive tells an older number until the topics are read again. */
        if (topics_set(self->topics, topic, seq) != STATUS_OK) {
            self->topics_at_ms = 0;
        }
    }
}

/* Tells a state that lasts once, when it begins. */
static void note_outcome(struct notifier *self, enum duty_outcome outcome)
{
    if (outcome == DUTY_OTHER_CLUSTER && self->outcome != outcome) {
        log_error(self->log, "OTHER-CLUSTER",
                  "the scorers' cursors belong to another database cluster (a restored dump?); run: kipthoi rebase");
    } else if (outcome == DUTY_ELSEWHERE && self->outcome != outcome) {
        log_debug(self->log, "STANDBY", "another notifier is at work");
    }
    if (outcome == DUTY_DONE || outcome == DUTY_ELSEWHERE) {
        self->caught_up_ms = clock_monotonic_ms();
    }
    self->outcome = outcome;
}

static int64_t sooner(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

static void run_rounds(struct notifier *self)
{
    struct rounds_done done;
    const char *doing;
    enum status st = rounds_run(self->rounds, &done, &doing);

    self->figures.opened += done.opened;
    self->figures.voided += done.voided;
    self->figures.drafted += done.drafted;
    self->figures.steps += done.taken;
    self->figures.messages += done.messages;
    if (st != STATUS_OK) {
        database_failed(self, st, doing);
        return;
    }
    self->backoff_ms = 0;
    self->figures.rounds++;
    if (done.opened + done.voided + done.amended + done.taken + done.messages > 0) {
        log_debug(self->log, "ROUND",
                  "opened=%" PRId64 " voided=%" PRId64 " amended=%" PRId64 " steps=%" PRId64 " messages=%" PRId64,
                  done.opened, done.voided, done.amended, done.taken, done.messages);
    }
    note_outcome(self, done.outcome);
    self->rested = done.rest;
    /* Rounds follow each other until one finds nothing; the sockets have their turn in between. */
    self->round_at_ms =
        done.more ? clock_monotonic_ms() : sooner(clock_monotonic_ms() + self->config->notifier.poll_ms, done.again_ms);
}

static void run_deliveries(struct notifier *self)
{
    enum status st = dispatch_run(self->dispatch, self->db, &self->dispatching);

    if (st != STATUS_OK) {
        database_failed(self, st, "deliveries");
    }
}

static void run_targets(struct notifier *self)
{
    struct target_alert_round round;
    enum status st = target_alert_turn(self->targets, self->db, clock_now_us(&self->config->deployment.clock),
                                       clock_monotonic_ms(), &round);

    if (st != STATUS_OK) {
        database_failed(self, st, "round of targets");
    } else if (round.told > 0) {
        self->figures.targets_told += round.told;
        publish(self, round.alerts);
        log_debug(self->log, "TARGETS", "told=%" PRId64, round.told);
    }
    target_alert_round_clear(&round);
}

static void reconnect(struct notifier *self)
{
    enum status st = db_reconnect(self->db);

    if (st != STATUS_OK) {
        database_failed(self, st == STATUS_INVALID ? STATUS_RETRY : st, "connecting");
        return;
    }
    self->connected = true;
    self->round_at_ms = 0;
    /* A commit whose answer was lost may have numbered alerts that were not published. */
    self->topics_at_ms = 0;
}

static void refresh_allow(struct notifier *self)
{
    bool changed = false;
    enum status st = allow_refresh(self->allow, self->db, &changed);

    if (st != STATUS_OK) {
        database_failed(self, st, "reading the allow-list");
    } else if (changed && self->zap != NULL) {
        feed_renew(self->feed);
    }
}

/* The work that recurs with the database; each step may find it gone. */
static void database_tick(struct notifier *self, int64_t now_ms, bool rang)
{
    enum status st = STATUS_OK;

    if (!self->connected && now_ms >= self->retry_at_ms) {
        reconnect(self);
    }
    if (self->connected && now_ms >= self->second_at_ms) {
        self->second_at_ms = now_ms + SECOND_MS;
        refresh_allow(self);
    }
    if (self->connected && now_ms >= self->topics_at_ms) {
        self->topics_at_ms = now_ms + self->config->notifier.keepalive_ms;
        st = load_topics(self);
    }
    if (self->connected && st == STATUS_OK && now_ms >= self->count_at_ms) {
        self->count_at_ms = now_ms + COUNT_EVERY_MS;
        st = count_duties(self);
    }
    if (st != STATUS_OK) {
        database_failed(self, st, "reading topics and duties");
    }
    if (self->connected && (rang || now_ms >= self->round_at_ms)) {
        run_rounds(self);
    }
    if (self->connected) {
        run_deliveries(self);
    }
    /* Letters first: a target may ask about them. */
    if (self->connected && self->rested) {
        run_targets(self);
    }
}

static void send_keepalives(struct notifier *self, int64_t now_ms)
{
    size_t count = topics_count(self->topics);
    size_t due = keepalive_due(&self->keepalive, now_ms, count);

    for (size_t i = 0; i < due; i++) {
        int64_t last_seq;
        const char *topic = topics_at(self->topics, keepalive_turn(&self->keepalive, count), &last_seq);

        feed_send(self->feed, topic, last_seq, FEED_KEEPALIVE);
        self->figures.keepalives++;
    }
}

/* Brings together what others count. */
static void gather_figures(struct notifier *self)
{
    const struct replay_stats *replay = replay_stats(self->replay);

    self->figures.replay_requests = replay->requests;
    self->figures.replay_refused = replay->refused;
    self->figures.replay_dropped = replay->dropped;
    self->figures.unsent = feed_unsent(self->feed);
    self->figures.keys_refused = self->zap == NULL ? 0 : zap_refused(self->zap);
    self->figures.sent = dispatch_figures(self->dispatch)->sent;
    self->figures.failed = dispatch_figures(self->dispatch)->failed;
    self->figures.dead = dispatch_figures(self->dispatch)->dead;
    self->figures.uncertain = dispatch_figures(self->dispatch)->uncertain;
    self->figures.lag_ms = clock_monotonic_ms() - self->caught_up_ms;
}

static void tell_stats(struct notifier *self, int64_t now_ms)
{
    const struct figures *figures = &self->figures;
    char status[128];

    gather_figures(self);
    snprintf(status, sizeof status, "owed=%" PRId64 " lag_ms=%" PRId64 " %s", figures->open_duties, figures->lag_ms,
             self->connected ? duty_outcome_name(self->outcome) : "database_away");
    service_tell_alive(status);
    if (now_ms >= self->stats_at_ms) {
        self->stats_at_ms = now_ms + STATS_EVERY_MS;
        log_stats(self->log, "STATS",
                  "opened=%" PRId64 " voided=%" PRId64 " published=%" PRId64 " rounds=%" PRId64 " replay=%" PRId64
                  " refused=%" PRId64 " keys_refused=%" PRId64 " %s",
                  figures->opened, figures->voided, figures->published, figures->rounds, figures->replay_requests,
                  figures->replay_refused, figures->keys_refused, status);
    }
}

static void write_metrics(struct metrics_page *page, void *context)
{
    struct notifier *self = context;

    gather_figures(self);
    figures_write(page, &self->figures);
}

static bool is_ready(void *context)
{
    const struct notifier *self = context;

    return self->connected && self->outcome != DUTY_OTHER_CLUSTER && self->waited_ms < DB_PATIENCE_MS;
}

static void wait_cb(void *context, int64_t waited_ms)
{
    struct notifier *self = context;

    self->waited_ms = waited_ms;
    metrics_turn(self->metrics);
    self->waited_ms = 0;
}

/* At most a second: the metrics and the watchdog want a turn. */
static int64_t wait_ms(const struct notifier *self, int64_t now_ms)
{
    int64_t until_ms = now_ms + SECOND_MS;
    int64_t transfer_ms = dispatch_wait_ms(self->dispatch);

    if (self->connected && self->dispatching) {
        return 0;
    }
    until_ms = transfer_ms < 0 ? until_ms : sooner(until_ms, now_ms + transfer_ms);

    until_ms = sooner(until_ms, self->connected ? self->round_at_ms : self->retry_at_ms);
    until_ms = sooner(until_ms, now_ms + keepalive_wait_ms(&self->keepalive, now_ms, topics_count(self->topics)));
    return until_ms > now_ms ? until_ms - now_ms : 0;
}

static void turn(struct notifier *self)
{
    int64_t now_ms = clock_monotonic_ms();
    bool rang;
    enum status st;
    zmq_pollitem_t items[] = {
        {.socket = self->bell, .events = ZMQ_POLLIN},
        {.socket = replay_socket(self->replay), .events = ZMQ_POLLIN},
        {.socket = self->zap == NULL ? NULL : zap_socket(self->zap), .fd = -1, .events = ZMQ_POLLIN},
        {.fd = metrics_fd(self->metrics), .events = ZMQ_POLLIN},
        {.fd = dispatch_fd(self->dispatch, DELIVERY_EMAIL), .events = ZMQ_POLLIN},
        {.fd = dispatch_fd(self->dispatch, DELIVERY_WEBHOOK), .events = ZMQ_POLLIN},
    };

    /* What fails here (a signal) makes the turn go on at once, which is right. */
    (void)zmq_poll(items, sizeof items / sizeof *items, (long)wait_ms(self, now_ms));
    rang = bell_take(self->bell);
    if (self->zap != NULL) {
        zap_turn(self->zap);
    }
    metrics_turn(self->metrics);
    dispatch_turn(self->dispatch);
    if (service_take_reload()) {
        self->second_at_ms = 0;
    }
    st = replay_turn(self->replay, self->connected ? self->db : NULL);
    if (st != STATUS_OK) {
        database_failed(self, st, "replay");
    }
    now_ms = clock_monotonic_ms();
    database_tick(self, now_ms, rang);
    feed_turn(self->feed);
    send_keepalives(self, clock_monotonic_ms());
    tell_stats(self, now_ms);
}

/* The list is read before anybody is let in: a subscriber refused too early would not come back by itself. */
static enum status start(struct notifier *self, const char *secret_key)
{
    const struct config *config = self->config;
    char error[DISPATCH_ERROR_SIZE];

    self->context = zmq_ctx_new();
    self->allow = allow_new();
    self->topics = topics_new();
    self->desk = letter_desk_new(config, self->log);
    if (self->desk != NULL) {
        letter_desk_on_wait(self->desk, wait_cb, self);
        self->rounds = rounds_new(config, self->db, self->desk, self->log, publish, self);
    }
    self->targets = target_alert_new(config);
    if (self->context == NULL || self->allow == NULL || self->topics == NULL || self->rounds == NULL ||
        self->targets == NULL) {
        log_error(self->log, "MEMORY", "memory is short");
        return STATUS_FATAL;
    }
    if (dispatch_new(&self->dispatch, config, self->desk, rounds_hours(self->rounds), self->log, error) != STATUS_OK) {
        log_error(self->log, "CHANNELS", "%s", error);
        return STATUS_FATAL;
    }
    if (allow_refresh(self->allow, self->db, NULL) != STATUS_OK || load_topics(self) != STATUS_OK ||
        count_duties(self) != STATUS_OK || dispatch_tell_unsent(self->dispatch, self->db) != STATUS_OK) {
        log_error(self->log, "START", "cannot read keys and topics: %s", db_error(self->db));
        return STATUS_FATAL;
    }
    if (secret_key != NULL) {
        self->zap = zap_new(self->context, self->allow, allow_feed, self->log);
        if (self->zap == NULL) {
            log_error(self->log, "ZAP-SOCKET", "cannot make the handler of keys: %s", zmq_strerror(zmq_errno()));
            return STATUS_FATAL;
        }
    }
    self->bell = bell_connect(self->context, config->notifier.bells, self->log);
    self->feed = feed_new(self->context, config->notifier.feed, secret_key, self->log);
    self->replay = replay_new(self->context, config->notifier.replay, secret_key, self->allow, self->log);
    if (self->bell == NULL || self->feed == NULL || self->replay == NULL) {
        return STATUS_FATAL;
    }
    return metrics_new(&self->metrics, config->notifier.metrics_port, write_metrics, is_ready, self, self->log);
}

struct notifier *notifier_new(const struct config *config, const char *secret_key, struct db **db_p,
                              const struct log *log)
{
    struct notifier *self = calloc(1, sizeof *self);
    int64_t now_ms = clock_monotonic_ms();

    if (self == NULL) {
        db_close(db_p);
        return NULL;
    }
    self->config = config;
    self->log = log;
    self->db = *db_p;
    *db_p = NULL; /* the notifier owns it now */
    self->connected = true;
    self->caught_up_ms = now_ms;
    self->second_at_ms = now_ms + SECOND_MS;
    self->count_at_ms = now_ms + COUNT_EVERY_MS;
    self->topics_at_ms = now_ms + config->notifier.keepalive_ms;
    self->stats_at_ms = now_ms + STATS_EVERY_MS;
    keepalive_start(&self->keepalive, config->notifier.keepalive_ms, now_ms);
    db_on_wait(self->db, wait_cb, self);
    if (start(self, secret_key) != STATUS_OK) {
        notifier_destroy(&self);
    }
    return self;
}

void notifier_destroy(struct notifier **self_p)
{
    struct notifier *self = *self_p;

    if (self == NULL) {
        return;
    }
    dispatch_destroy(&self->dispatch, self->connected ? self->db : NULL);
    metrics_destroy(&self->metrics);
    replay_destroy(&self->replay);
    feed_destroy(&self->feed);
    zap_destroy(&self->zap);
    if (self->bell != NULL) {
        zmq_close(self->bell);
    }
    if (self->context != NULL) {
        zmq_ctx_term(self->context);
    }
    rounds_destroy(&self->rounds);
    letter_desk_destroy(&self->desk);
    target_alert_destroy(&self->targets);
    topics_destroy(&self->topics);
    allow_destroy(&self->allow);
    db_close(&self->db);
    free(self);
    *self_p = NULL;
}

enum status notifier_run(struct notifier *self)
{
    while (!service_stopping() && !self->fatal) {
        turn(self);
    }
    return self->fatal ? STATUS_FATAL : STATUS_OK;
}
