/* SPDX-License-Identifier: MIT */
/* notifier.c - the loop of kipthoi-notifier. */
#include "notifier/notifier.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "common/allow.h"
#include "common/metrics.h"
#include "common/service.h"
#include "common/zap.h"
#include "notifier/duty.h"
#include "notifier/feed.h"
#include "notifier/keepalive.h"
#include "notifier/replay.h"
#include "notifier/topics.h"

#define SECOND_MS 1000
#define COUNT_EVERY_MS 10000
#define STATS_EVERY_MS 60000
#define BACKOFF_MIN_MS 200
#define BACKOFF_MAX_MS 5000
/* A bell carries nothing: its ringing is the message. */
#define BELL_QUEUE 64
#define BELL_BYTES 256

struct counters {
    int64_t rounds;
    int64_t opened;
    int64_t voided;
    int64_t published;
    int64_t keepalives;
    int64_t failures; /* of the database */
};

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
    struct topics *topics;
    struct metrics *metrics;
    struct keepalive keepalive;
    struct counters counters;
    enum duty_outcome outcome; /* of the last round */
    bool connected;            /* the database answered last time */
    bool fatal;                /* the database refuses for good: leave */
    int64_t open_duties;
    int64_t backoff_ms;
    int64_t caught_up_ms; /* when nothing was left to do */
    int64_t retry_at_ms;  /* the moments below: when something is due */
    int64_t round_at_ms;
    int64_t second_at_ms;
    int64_t count_at_ms;
    int64_t topics_at_ms;
    int64_t stats_at_ms;
};

static int64_t lag_ms(const struct notifier *self)
{
    return clock_monotonic_ms() - self->caught_up_ms;
}

/* Every failure of the database ends here: the one place that logs it and decides when to try again. */
static void database_failed(struct notifier *self, enum status st, const char *doing)
{
    int64_t now_ms = clock_monotonic_ms();

    self->counters.failures++;
    if (st == STATUS_FATAL) {
        self->fatal = true;
        log_error(self->log, "DB-REFUSES", "%s: %s; run: kipthoi doctor", doing, db_error(self->db));
        return;
    }
    if (strncmp(db_sqlstate(self->db), "40", 2) == 0) {
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
        self->open_duties = db_int(count, 0, 0);
    }
    PQclear(count);
    return st;
}

static void publish(struct notifier *self, const PGresult *alerts)
{
    for (int row = 0; row < PQntuples(alerts); row++) {
        const char *topic = db_text(alerts, row, 0);
        int64_t seq = db_int(alerts, row, 1);

        feed_send(self->feed, topic, seq, db_text(alerts, row, 2));
        self->counters.published++;
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

static void run_round(struct notifier *self)
{
    struct duty_round round;
    enum status st;

    st = duty_run(self->db, clock_now_us(&self->config->deployment.clock), self->config->notifier.batch, &round);
    if (st != STATUS_OK) {
        database_failed(self, st, "round of duties");
    } else {
        self->backoff_ms = 0;
        self->counters.rounds++;
        self->counters.opened += round.opened;
        self->counters.voided += round.voided;
        for (int i = 0; i < DUTY_ALERTS; i++) {
            if (round.alerts[i] != NULL) {
                publish(self, round.alerts[i]);
            }
        }
        if (round.opened + round.voided > 0) {
            log_debug(self->log, "ROUND", "opened=%" PRId64 " voided=%" PRId64, round.opened, round.voided);
        }
        note_outcome(self, round.outcome);
        /* Rounds follow each other until one finds nothing; the sockets have their turn in between. */
        self->round_at_ms = clock_monotonic_ms() + (round.outcome == DUTY_MORE ? 0 : self->config->notifier.poll_ms);
    }
    duty_round_clear(&round);
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
        run_round(self);
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
        self->counters.keepalives++;
    }
}

static void tell_stats(struct notifier *self, int64_t now_ms)
{
    const struct replay_stats *replay = replay_stats(self->replay);
    char status[128];

    snprintf(status, sizeof status, "owed=%" PRId64 " lag_ms=%" PRId64 " %s", self->open_duties, lag_ms(self),
             self->connected ? duty_outcome_name(self->outcome) : "database_away");
    service_tell_alive(status);
    if (now_ms >= self->stats_at_ms) {
        self->stats_at_ms = now_ms + STATS_EVERY_MS;
        log_stats(self->log, "STATS",
                  "opened=%" PRId64 " voided=%" PRId64 " published=%" PRId64 " rounds=%" PRId64 " replay=%" PRId64
                  " refused=%" PRId64 " keys_refused=%" PRId64 " %s",
                  self->counters.opened, self->counters.voided, self->counters.published, self->counters.rounds,
                  replay->requests, replay->refused, self->zap == NULL ? 0 : zap_refused(self->zap), status);
    }
}

static void write_metrics(struct metrics_page *page, void *context)
{
    const struct notifier *self = context;
    const struct replay_stats *replay = replay_stats(self->replay);
    const struct {
        const char *name;
        const char *help;
        int64_t value;
    } rows[] = {
        {"kipthoi_notifier_duties_opened_total", "Letters that came to be owed.", self->counters.opened},
        {"kipthoi_notifier_duties_voided_total", "Duties voided by a correction.", self->counters.voided},
        {"kipthoi_notifier_alerts_published_total", "Alerts sent on the feed.", self->counters.published},
        {"kipthoi_notifier_feed_unsent_total", "Messages that found the feed closed.", feed_unsent(self->feed)},
        {"kipthoi_notifier_keepalives_total", "Keepalives sent on the feed.", self->counters.keepalives},
        {"kipthoi_notifier_rounds_total", "Rounds finished.", self->counters.rounds},
        {"kipthoi_notifier_database_failures_total", "Failures of the database.", self->counters.failures},
        {"kipthoi_notifier_replay_requests_total", "Requests to the replay.", replay->requests},
        {"kipthoi_notifier_replay_refused_total", "Requests answered with an error.", replay->refused},
        {"kipthoi_notifier_replay_dropped_total", "Answers that their peer did not take.", replay->dropped},
        {"kipthoi_notifier_keys_refused_total", "Connections turned away.",
         self->zap == NULL ? 0 : zap_refused(self->zap)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        metrics_counter(page, rows[i].name, rows[i].help, "", rows[i].value);
    }
    metrics_gauge(page, "kipthoi_notifier_duties_open", "Letters owed and not sent.", "", (double)self->open_duties);
    metrics_gauge(page, "kipthoi_notifier_lag_seconds", "Since nothing was left to do.", "",
                  (double)lag_ms(self) / SECOND_MS);
}

static bool is_ready(void *context)
{
    const struct notifier *self = context;

    return self->connected && self->outcome != DUTY_OTHER_CLUSTER;
}

static int64_t sooner(int64_t one, int64_t other)
{
    return one < other ? one : other;
}

/* At most a second: the metrics and the watchdog want a turn. */
static int64_t wait_ms(const struct notifier *self, int64_t now_ms)
{
    int64_t until_ms = now_ms + SECOND_MS;

    until_ms = sooner(until_ms, self->connected ? self->round_at_ms : self->retry_at_ms);
    until_ms = sooner(until_ms, now_ms + keepalive_wait_ms(&self->keepalive, now_ms, topics_count(self->topics)));
    return until_ms > now_ms ? until_ms - now_ms : 0;
}

/* Forgets all bells that wait; true when there was one. */
static bool take_bell(struct notifier *self)
{
    char bytes[BELL_BYTES];
    bool rang = false;

    for (int i = 0; i < BELL_QUEUE && zmq_recv(self->bell, bytes, sizeof bytes, ZMQ_DONTWAIT) >= 0; i++) {
        rang = true;
    }
    return rang;
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
    };

    /* What fails here (a signal) makes the turn go on at once, which is right. */
    (void)zmq_poll(items, sizeof items / sizeof *items, (long)wait_ms(self, now_ms));
    rang = take_bell(self);
    if (self->zap != NULL) {
        zap_turn(self->zap);
    }
    metrics_turn(self->metrics);
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

/* Bells are local hints: no CURVE, tiny queues, and whatever they say means "look". */
static enum status connect_bells(struct notifier *self)
{
    char list[CONFIG_TEXT_MAX];
    char *rest = NULL;
    int queue = BELL_QUEUE;
    int linger = 0;
    int64_t most = BELL_BYTES;

    self->bell = zmq_socket(self->context, ZMQ_SUB);
    if (self->bell == NULL || zmq_setsockopt(self->bell, ZMQ_SUBSCRIBE, "", 0) != 0 ||
        zmq_setsockopt(self->bell, ZMQ_RCVHWM, &queue, sizeof queue) != 0 ||
        zmq_setsockopt(self->bell, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
        zmq_setsockopt(self->bell, ZMQ_MAXMSGSIZE, &most, sizeof most) != 0) {
        log_error(self->log, "BELL-SOCKET", "cannot make the socket of the bells: %s", zmq_strerror(zmq_errno()));
        return STATUS_FATAL;
    }
    snprintf(list, sizeof list, "%s", self->config->notifier.bells);
    for (char *one = strtok_r(list, " \t", &rest); one != NULL; one = strtok_r(NULL, " \t", &rest)) {
        if (zmq_connect(self->bell, one) != 0) {
            log_error(self->log, "BELL-CONNECT", "notifier.bells: %s: %s", one, zmq_strerror(zmq_errno()));
            return STATUS_FATAL;
        }
    }
    return STATUS_OK;
}

/* The list is read before anybody is let in: a subscriber refused too early would not come back by itself. */
static enum status start(struct notifier *self, const char *secret_key)
{
    const struct config *config = self->config;

    self->context = zmq_ctx_new();
    self->allow = allow_new();
    self->topics = topics_new();
    if (self->context == NULL || self->allow == NULL || self->topics == NULL) {
        log_error(self->log, "MEMORY", "memory is short");
        return STATUS_FATAL;
    }
    if (allow_refresh(self->allow, self->db, NULL) != STATUS_OK || load_topics(self) != STATUS_OK ||
        count_duties(self) != STATUS_OK) {
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
    if (connect_bells(self) != STATUS_OK) {
        return STATUS_FATAL;
    }
    self->feed = feed_new(self->context, config->notifier.feed, secret_key, self->log);
    self->replay = replay_new(self->context, config->notifier.replay, secret_key, self->allow, self->log);
    if (self->feed == NULL || self->replay == NULL) {
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
