/* SPDX-License-Identifier: MIT */
/* sender.c - a client of KTP/1. */
#include "cli/sender.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/dealer.h"
#include "common/clock.h"
#include "common/log.h"
#include "common/service.h"

/* Until the server tells its own (WELCOME). */
#define SENDER_HEARTBEAT_MS DEALER_HEARTBEAT_MS
#define SENDER_SILENT_BEATS 3  /* then a new socket */
#define SENDER_RESEND_BEATS 2  /* a request unanswered for so long is sent again */
#define SENDER_AUTH_FAILURES 5 /* then the key is taken for refused */
#define SENDER_DRAIN 64        /* replies taken in one turn */

struct sender {
    const struct config *config;
    struct dealer *dealer; /* closed: to be opened at reopen_ms */
    struct flight *flight;
    bool greeted;  /* HELLO is sent */
    bool welcomed; /* WELCOME came */
    bool known;    /* WELCOME came on this or an earlier socket */
    bool broken;   /* a connection ended before that */
    int silent_beats;
    int auth_failures;
    int64_t heartbeat_ms;
    int64_t heard_ms;    /* anything came, or a heartbeat was sent */
    int64_t answered_ms; /* WELCOME or REPLY came, or nothing was wanted */
    int64_t reopen_ms;
    int64_t reopen_wait_ms;
    const char *trouble; /* what the connection said last; NULL: nothing */
    char error[SENDER_ERROR_SIZE];
};

static enum status sender_open(struct sender *self, int64_t now_ms)
{
    self->greeted = false;
    self->welcomed = false;
    self->silent_beats = 0;
    self->heard_ms = now_ms;
    return dealer_open(self->dealer, self->error);
}

enum status sender_new(struct sender **self_p, const struct config *config, const char *endpoint, size_t batch,
                       flight_refused_cb refused, void *context, char error[SENDER_ERROR_SIZE])
{
    struct sender *self = calloc(1, sizeof *self);
    enum status st = STATUS_RETRY;

    *self_p = NULL;
    snprintf(error, SENDER_ERROR_SIZE, "memory is short");
    if (self == NULL) {
        return st;
    }
    self->config = config;
    self->heartbeat_ms = SENDER_HEARTBEAT_MS;
    self->answered_ms = clock_monotonic_ms();
    self->flight = flight_new(batch, refused, context);
    if (self->flight == NULL) {
        goto done;
    }
    st = dealer_new(&self->dealer, config, endpoint, error);
    if (st == STATUS_OK) {
        st = sender_open(self, self->answered_ms);
        snprintf(error, SENDER_ERROR_SIZE, "%s", self->error);
    }
done:
    if (st != STATUS_OK) {
        sender_destroy(&self);
    }
    *self_p = self;
    return st;
}

void sender_destroy(struct sender **self_p)
{
    struct sender *self = *self_p;

    if (self == NULL) {
        return;
    }
    dealer_destroy(&self->dealer);
    flight_destroy(&self->flight);
    free(self);
    *self_p = NULL;
}

struct flight *sender_flight(struct sender *self)
{
    return self->flight;
}

const char *sender_error(const struct sender *self)
{
    return self->error;
}

static enum status sender_fail(struct sender *self, enum status st, const char *what, const char *more)
{
    snprintf(self->error, sizeof self->error, "%s: %s%s", dealer_endpoint(self->dealer), what, more);
    return st;
}

static void sender_send(struct sender *self, int64_t now_ms)
{
    struct flight_request request;
    char header[64];
    bool took = true;

    if (!self->greeted) {
        took = self->greeted = dealer_put(self->dealer, "KTP/1 HELLO", NULL, 0);
    }
    while (self->welcomed && took && flight_next(self->flight, now_ms, &request)) {
        snprintf(header, sizeof header, "KTP/1 EVENTS %" PRIu64, request.tag);
        took = dealer_put(self->dealer, header, request.body, request.body_len);
        if (took) {
            flight_sent(self->flight, request.tag, now_ms);
        }
    }
}

/* Throws the socket away; what was sent on it is sent again on the next one. */
static void sender_drop(struct sender *self, int64_t now_ms)
{
    dealer_close(self->dealer);
    flight_resend(self->flight, INT64_MAX);
    self->reopen_wait_ms = service_backoff_ms(self->reopen_wait_ms, DEALER_RECONNECT_MIN_MS, DEALER_RECONNECT_MAX_MS);
    self->reopen_ms = now_ms + self->reopen_wait_ms;
}

/* A connection that ends takes the answers under way with it; other events only tell why there is none. */
static enum status sender_hear_monitor(struct sender *self, int64_t now_ms)
{
    struct dealer_news news = {.trouble = self->trouble};

    dealer_hear(self->dealer, &news);
    self->trouble = news.trouble;
    self->broken = self->broken || (news.lost && !self->known);
    self->auth_failures += news.refused;
    if (self->auth_failures >= SENDER_AUTH_FAILURES) {
        return sender_fail(self, STATUS_FATAL, "the server does not admit this key; its operator can: kipthoi allow ",
                           dealer_public_key(self->dealer));
    }
    if (news.lost && self->greeted) {
        sender_drop(self, now_ms);
    }
    return STATUS_OK;
}

/* The number behind name in "... name=123 ...", or fallback. */
static uint64_t header_number(const char *header, const char *name, uint64_t fallback)
{
    const char *at = header;
    size_t len = strlen(name);

    while ((at = strchr(at, ' ')) != NULL) {
        at++;
        if (strncmp(at, name, len) == 0 && at[len] == '=') {
            return strtoull(at + len + 1, NULL, 10);
        }
    }
    return fallback;
}

static enum status sender_take_welcome(struct sender *self, const char *header)
{
    struct flight_limits limits = {
        .window = header_number(header, "window", 0),
        .batch = header_number(header, "batch", 1),
        .event_bytes = header_number(header, "event_bytes", 65536),
        .request_bytes = header_number(header, "request_bytes", 0),
    };
    uint64_t heartbeat_ms = header_number(header, "heartbeat_ms", SENDER_HEARTBEAT_MS);

    self->welcomed = true;
    self->known = true;
    self->auth_failures = 0;
    self->reopen_wait_ms = 0;
    self->trouble = NULL;
    self->heartbeat_ms = heartbeat_ms < 100 ? 100 : heartbeat_ms > 600000 ? 600000 : (int64_t)heartbeat_ms;
    flight_limit(self->flight, &limits);
    return STATUS_OK;
}

static enum status sender_take_reply(struct sender *self, const char *header, const char *body, size_t len,
                                     int64_t now_ms)
{
    const char *tag = header + strlen("KTP/1 REPLY ");

    flight_window(self->flight, header_number(header, "window", 0));
    if (flight_answer(self->flight, strtoull(tag, NULL, 10), body, len, now_ms) != STATUS_OK) {
        return sender_fail(self, STATUS_FATAL, "its answers are not those of KTP/1", "");
    }
    return STATUS_OK;
}

/* header is a whole reply header, NUL-terminated. */
static enum status sender_take(struct sender *self, const char *header, const char *body, size_t len, int64_t now_ms)
{
    char shown[256];

    if (strncmp(header, "KTP/1 REPLY ", 12) == 0) {
        self->answered_ms = now_ms;
        return sender_take_reply(self, header, body, len, now_ms);
    }
    if (strncmp(header, "KTP/1 WELCOME ", 14) == 0) {
        self->answered_ms = now_ms;
        return sender_take_welcome(self, header);
    }
    if (strncmp(header, "KTP/1 PONG ", 11) == 0) {
        flight_window(self->flight, header_number(header, "window", 0));
        return STATUS_OK;
    }
    log_clean(header, strlen(header), shown, sizeof shown);
    if (strncmp(header, "KTP/1 ERROR TOO_MANY_PEERS ", 27) == 0) {
        self->trouble = "it serves too many senders already";
        sender_drop(self, now_ms);
        return STATUS_OK;
    }
    return sender_fail(self, STATUS_FATAL, "the server said: ", shown);
}

/* Takes one message; false when none waits. */
static bool sender_receive(struct sender *self, int64_t now_ms, enum status *st)
{
    struct dealer_message message;

    if (!dealer_take(self->dealer, &message)) {
        return false;
    }
    if (message.header[0] != '\0') {
        self->heard_ms = now_ms;
        self->silent_beats = 0;
        *st = sender_take(self, message.header, message.body, message.body_len, now_ms);
    }
    dealer_message_clear(&message);
    return true;
}

/* After a heartbeat without a word: ask; after a few: another socket. */
static void sender_beat(struct sender *self, int64_t now_ms)
{
    if (!dealer_is_open(self->dealer) || now_ms - self->heard_ms < self->heartbeat_ms) {
        return;
    }
    self->heard_ms = now_ms;
    self->silent_beats += self->greeted;
    if (self->silent_beats > SENDER_SILENT_BEATS) {
        sender_drop(self, now_ms);
    } else if (self->greeted) {
        (void)dealer_put(self->dealer, self->welcomed ? "KTP/1 PING" : "KTP/1 HELLO", NULL, 0);
    }
}

static enum status sender_check_timeout(struct sender *self, int64_t now_ms)
{
    bool idle = self->welcomed && flight_held(self->flight) == 0;
    const char *trouble = self->trouble != NULL ? self->trouble : "it is silent";
    char why[256];

    if (idle || flight_pause_ms(self->flight, now_ms) > 0) {
        self->answered_ms = now_ms;
    }
    if (now_ms - self->answered_ms < self->config->sender.timeout_ms) {
        return STATUS_OK;
    }
    /* A server may drop a key that it does not know without a word. */
    snprintf(why, sizeof why, "%s%s", trouble,
             self->config->sender.curve && self->broken && !self->known && self->auth_failures == 0
                 ? "; is the key allowed (kipthoi allow --list)?"
                 : "");
    return sender_fail(self, STATUS_RETRY, "no answer; ", why);
}

/* How long may be waited before something is due. */
static long sender_wait_ms(const struct sender *self, int64_t wait_ms, int64_t now_ms)
{
    int64_t pause_ms = flight_pause_ms(self->flight, now_ms);
    int64_t beat_ms = self->heard_ms + self->heartbeat_ms - now_ms;

    if (!dealer_is_open(self->dealer)) {
        beat_ms = self->reopen_ms - now_ms;
    }
    wait_ms = pause_ms > 0 && pause_ms < wait_ms ? pause_ms : wait_ms;
    wait_ms = beat_ms < wait_ms ? beat_ms : wait_ms;
    return (long)(wait_ms < 0 ? 0 : wait_ms);
}

enum status sender_turn(struct sender *self, int input_fd, int64_t wait_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    enum status st = STATUS_OK;

    if (!dealer_is_open(self->dealer) && now_ms >= self->reopen_ms) {
        st = sender_open(self, now_ms);
    }
    if (st != STATUS_OK) {
        return STATUS_FATAL;
    }
    if (dealer_is_open(self->dealer)) {
        sender_send(self, now_ms);
    }
    dealer_poll(self->dealer, input_fd, sender_wait_ms(self, wait_ms, now_ms));
    now_ms = clock_monotonic_ms();
    for (int i = 0; dealer_is_open(self->dealer) && st == STATUS_OK && i < SENDER_DRAIN; i++) {
        if (!sender_receive(self, now_ms, &st)) {
            break;
        }
    }
    if (st == STATUS_OK && dealer_is_open(self->dealer)) {
        st = sender_hear_monitor(self, now_ms);
    }
    if (st == STATUS_OK) {
        sender_beat(self, now_ms);
        flight_resend(self->flight, now_ms - SENDER_RESEND_BEATS * self->heartbeat_ms);
        st = sender_check_timeout(self, now_ms);
    }
    return st;
}
