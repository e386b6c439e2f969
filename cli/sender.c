/* SPDX-License-Identifier: MIT */
/* sender.c - a client of KTP/1. */
#include "cli/sender.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/secret.h"
#include "common/service.h"

/* Until the server tells its own (WELCOME). */
#define SENDER_HEARTBEAT_MS 5000
#define SENDER_SILENT_BEATS 3  /* then a new socket */
#define SENDER_RESEND_BEATS 2  /* a request unanswered for so long is sent again */
#define SENDER_AUTH_FAILURES 5 /* then the key is taken for refused */
#define SENDER_REOPEN_MIN_MS 100
#define SENDER_REOPEN_MAX_MS 5000
#define SENDER_HEADER_MAX 512
#define SENDER_DRAIN 64 /* replies taken in one turn */

struct sender {
    const struct config *config;
    const char *endpoint;
    void *context;
    void *socket;  /* NULL: to be opened at reopen_ms */
    void *monitor; /* tells of connects and disconnects */
    struct flight *flight;
    bool greeted;  /* HELLO is sent */
    bool welcomed; /* WELCOME came */
    bool blocked;  /* the socket would not take a message */
    int silent_beats;
    int auth_failures;
    int64_t heartbeat_ms;
    int64_t heard_ms;    /* anything came, or a heartbeat was sent */
    int64_t answered_ms; /* WELCOME or REPLY came, or nothing was wanted */
    int64_t reopen_ms;
    int64_t reopen_wait_ms;
    char trouble[128]; /* what the connection said last */
    char server_key[SECRET_MAX];
    char secret_key[SECRET_MAX];
    char public_key[SECRET_MAX];
    char error[SENDER_ERROR_SIZE];
};

static enum status sender_read_keys(struct sender *self, char error[SENDER_ERROR_SIZE])
{
    char why[SECRET_ERROR_SIZE] = "";
    enum status st;

    if (!self->config->sender.curve) {
        return STATUS_OK;
    }
    st = secret_read_public(self->config->sender.server_key_file, self->server_key, why);
    if (st == STATUS_OK) {
        st = secret_read_public(self->config->sender.public_key_file, self->public_key, why);
    }
    if (st == STATUS_OK) {
        st = secret_read(self->config->sender.secret_key_file, self->secret_key, why);
    }
    snprintf(error, SENDER_ERROR_SIZE, "%s", why);
    return st;
}

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static bool sender_set_options(struct sender *self, void *socket)
{
    const struct {
        int option;
        int value;
    } options[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_IMMEDIATE, 1}, /* nothing is queued for a connection that is not there */
        {ZMQ_RECONNECT_IVL, SENDER_REOPEN_MIN_MS},
        {ZMQ_RECONNECT_IVL_MAX, SENDER_REOPEN_MAX_MS},
        {ZMQ_HEARTBEAT_IVL, SENDER_HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, SENDER_SILENT_BEATS * SENDER_HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TTL, SENDER_SILENT_BEATS * SENDER_HEARTBEAT_MS},
    };
    bool good = true;

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        good = good && set_int(socket, options[i].option, options[i].value) == 0;
    }
    if (self->config->sender.curve) {
        good = good &&
               zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, self->server_key, strlen(self->server_key) + 1) == 0 &&
               zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, self->public_key, strlen(self->public_key) + 1) == 0 &&
               zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, self->secret_key, strlen(self->secret_key) + 1) == 0;
    }
    return good;
}

static void sender_close(struct sender *self)
{
    if (self->socket != NULL) {
        zmq_socket_monitor(self->socket, NULL, 0);
        zmq_close(self->socket);
        self->socket = NULL;
    }
    if (self->monitor != NULL) {
        set_int(self->monitor, ZMQ_LINGER, 0);
        zmq_close(self->monitor);
        self->monitor = NULL;
    }
}

static enum status sender_watch(struct sender *self)
{
    static const char place[] = "inproc://sender.monitor";
    int events = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_CONNECT_RETRIED;

    self->monitor = zmq_socket(self->context, ZMQ_PAIR);
    if (self->monitor == NULL || zmq_socket_monitor(self->socket, place, events) != 0 ||
        zmq_connect(self->monitor, place) != 0) {
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

static enum status sender_open(struct sender *self, int64_t now_ms)
{
    self->socket = zmq_socket(self->context, ZMQ_DEALER);
    self->greeted = false;
    self->welcomed = false;
    self->blocked = false;
    self->silent_beats = 0;
    self->heard_ms = now_ms;
    if (self->socket == NULL || !sender_set_options(self, self->socket) || sender_watch(self) != STATUS_OK ||
        zmq_connect(self->socket, self->endpoint) != 0) {
        snprintf(self->error, sizeof self->error, "%s: %s", self->endpoint, zmq_strerror(errno));
        sender_close(self);
        return STATUS_INVALID;
    }
    return STATUS_OK;
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
    self->endpoint = endpoint != NULL ? endpoint : config->sender.endpoint;
    self->heartbeat_ms = SENDER_HEARTBEAT_MS;
    self->answered_ms = clock_monotonic_ms();
    self->context = zmq_ctx_new();
    self->flight = flight_new(batch, refused, context);
    if (self->context == NULL || self->flight == NULL) {
        goto done;
    }
    st = sender_read_keys(self, error);
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
    sender_close(self);
    if (self->context != NULL) {
        zmq_ctx_term(self->context);
    }
    flight_destroy(&self->flight);
    secret_wipe(self->secret_key, sizeof self->secret_key);
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
    snprintf(self->error, sizeof self->error, "%s: %s%s", self->endpoint, what, more);
    return st;
}

/* Sends one frame; false when the socket takes none.  A signal must not cut a message in two. */
static bool put_frame(void *socket, const char *bytes, size_t len, int flags)
{
    int sent;

    do {
        sent = zmq_send(socket, bytes, len, flags);
    } while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

/* Sends delimiter, header and body (NULL: none).  False when the socket takes nothing now. */
static bool sender_put(struct sender *self, const char *header, const char *body, size_t body_len)
{
    bool sent = put_frame(self->socket, "", 0, ZMQ_SNDMORE | ZMQ_DONTWAIT);

    /* When the first frame went, the socket takes the others too. */
    sent = sent && put_frame(self->socket, header, strlen(header), body == NULL ? 0 : ZMQ_SNDMORE);
    if (body != NULL) {
        sent = sent && put_frame(self->socket, body, body_len, 0);
    }
    self->blocked = !sent;
    return sent;
}

static void sender_send(struct sender *self, int64_t now_ms)
{
    struct flight_request request;
    char header[64];

    self->blocked = false;
    if (!self->greeted) {
        self->greeted = sender_put(self, "KTP/1 HELLO", NULL, 0);
    }
    while (self->welcomed && !self->blocked && flight_next(self->flight, now_ms, &request)) {
        snprintf(header, sizeof header, "KTP/1 EVENTS %" PRIu64, request.tag);
        if (sender_put(self, header, request.body, request.body_len)) {
            flight_sent(self->flight, request.tag, now_ms);
        }
    }
}

/* Throws the socket away; what was sent on it is sent again on the next one. */
static void sender_drop(struct sender *self, int64_t now_ms)
{
    sender_close(self);
    flight_resend(self->flight, INT64_MAX);
    self->reopen_wait_ms = service_backoff_ms(self->reopen_wait_ms, SENDER_REOPEN_MIN_MS, SENDER_REOPEN_MAX_MS);
    self->reopen_ms = now_ms + self->reopen_wait_ms;
}

/* Takes one frame; false when there is none. */
static bool take_frame(void *socket, zmq_msg_t *frame, bool *more)
{
    if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0) {
        return false;
    }
    *more = zmq_msg_more(frame) != 0;
    return true;
}

/* A connection that ends takes the answers under way with it; other events only tell why there is none. */
static enum status sender_hear_monitor(struct sender *self, int64_t now_ms)
{
    static const struct {
        int event;
        const char *meaning;
    } troubles[] = {
        {ZMQ_EVENT_HANDSHAKE_FAILED_AUTH, "it does not admit this key (kipthoi allow)"},
        {ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL, "it does not agree on encryption (sender.curve, sender.server_key_file)"},
        {ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL, "the handshake failed (sender.curve, sender.server_key_file)"},
        {ZMQ_EVENT_CONNECT_RETRIED, "no connection (is kipthoi-ingest running there?)"},
        {ZMQ_EVENT_DISCONNECTED, "the connection broke"},
    };
    bool lost = false, more = true;
    zmq_msg_t frame;

    zmq_msg_init(&frame);
    while (take_frame(self->monitor, &frame, &more)) {
        uint16_t event = 0;

        if (zmq_msg_size(&frame) >= sizeof event && more) {
            memcpy(&event, zmq_msg_data(&frame), sizeof event);
        }
        for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
            /* "no connection" follows each of the others and says less. */
            if (event == troubles[i].event && (event != ZMQ_EVENT_CONNECT_RETRIED || self->trouble[0] == '\0')) {
                snprintf(self->trouble, sizeof self->trouble, "%s", troubles[i].meaning);
            }
        }
        self->auth_failures += event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
        lost = lost || event == ZMQ_EVENT_DISCONNECTED;
    }
    zmq_msg_close(&frame);
    if (self->auth_failures >= SENDER_AUTH_FAILURES) {
        return sender_fail(self, STATUS_FATAL, "the server does not admit this key; its operator can: kipthoi allow ",
                           self->public_key);
    }
    if (lost && self->greeted) {
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
    self->auth_failures = 0;
    self->reopen_wait_ms = 0;
    self->trouble[0] = '\0';
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
        snprintf(self->trouble, sizeof self->trouble, "it serves too many senders already");
        sender_drop(self, now_ms);
        return STATUS_OK;
    }
    return sender_fail(self, STATUS_FATAL, "the server said: ", shown);
}

/* Takes one message apart: delimiter, header, body; what is more is ignored.  False when none waits. */
static bool sender_receive(struct sender *self, int64_t now_ms, enum status *st)
{
    zmq_msg_t frames[3], rest;
    char header[SENDER_HEADER_MAX];
    bool more = true;
    int count = 0;
    size_t len;

    for (int i = 0; i < 3; i++) {
        zmq_msg_init(&frames[i]);
    }
    zmq_msg_init(&rest);
    while (more && take_frame(self->socket, count < 3 ? &frames[count] : &rest, &more)) {
        count++;
    }
    if (count >= 2 && zmq_msg_size(&frames[0]) == 0) {
        len = zmq_msg_size(&frames[1]);
        len = len < sizeof header ? len : sizeof header - 1;
        memcpy(header, zmq_msg_data(&frames[1]), len);
        header[len] = '\0';
        self->heard_ms = now_ms;
        self->silent_beats = 0;
        *st = sender_take(self, header, zmq_msg_data(&frames[2]), zmq_msg_size(&frames[2]), now_ms);
    }
    for (int i = 0; i < 3; i++) {
        zmq_msg_close(&frames[i]);
    }
    zmq_msg_close(&rest);
    return count > 0;
}

/* After a heartbeat without a word: ask; after a few: another socket. */
static void sender_beat(struct sender *self, int64_t now_ms)
{
    if (self->socket == NULL || now_ms - self->heard_ms < self->heartbeat_ms) {
        return;
    }
    self->heard_ms = now_ms;
    self->silent_beats += self->greeted;
    if (self->silent_beats > SENDER_SILENT_BEATS) {
        sender_drop(self, now_ms);
    } else if (self->greeted) {
        (void)sender_put(self, self->welcomed ? "KTP/1 PING" : "KTP/1 HELLO", NULL, 0);
    }
}

static enum status sender_check_timeout(struct sender *self, int64_t now_ms)
{
    bool idle = self->welcomed && flight_held(self->flight) == 0;

    if (idle || flight_pause_ms(self->flight, now_ms) > 0) {
        self->answered_ms = now_ms;
    }
    if (now_ms - self->answered_ms < self->config->sender.timeout_ms) {
        return STATUS_OK;
    }
    return sender_fail(self, STATUS_RETRY, "no answer; ", self->trouble[0] != '\0' ? self->trouble : "it is silent");
}

/* How long may be waited before something is due. */
static long sender_wait_ms(const struct sender *self, int64_t wait_ms, int64_t now_ms)
{
    int64_t pause_ms = flight_pause_ms(self->flight, now_ms);
    int64_t beat_ms = self->heard_ms + self->heartbeat_ms - now_ms;

    if (self->socket == NULL) {
        beat_ms = self->reopen_ms - now_ms;
    }
    wait_ms = pause_ms > 0 && pause_ms < wait_ms ? pause_ms : wait_ms;
    wait_ms = beat_ms < wait_ms ? beat_ms : wait_ms;
    return (long)(wait_ms < 0 ? 0 : wait_ms);
}

enum status sender_turn(struct sender *self, int input_fd, int64_t wait_ms)
{
    zmq_pollitem_t items[3];
    int count = 0;
    int64_t now_ms = clock_monotonic_ms();
    enum status st = STATUS_OK;

    if (self->socket == NULL && now_ms >= self->reopen_ms) {
        st = sender_open(self, now_ms);
    }
    if (st != STATUS_OK) {
        return STATUS_FATAL;
    }
    if (self->socket != NULL) {
        sender_send(self, now_ms);
        items[count++] = (zmq_pollitem_t){.socket = self->monitor, .events = ZMQ_POLLIN};
        items[count++] =
            (zmq_pollitem_t){.socket = self->socket, .events = (short)(ZMQ_POLLIN | (self->blocked ? ZMQ_POLLOUT : 0))};
    }
    if (input_fd >= 0) {
        items[count++] = (zmq_pollitem_t){.fd = input_fd, .events = ZMQ_POLLIN};
    }
    zmq_poll(items, count, sender_wait_ms(self, wait_ms, now_ms));
    now_ms = clock_monotonic_ms();
    for (int i = 0; self->socket != NULL && st == STATUS_OK && i < SENDER_DRAIN; i++) {
        if (!sender_receive(self, now_ms, &st)) {
            break;
        }
    }
    if (st == STATUS_OK && self->socket != NULL) {
        st = sender_hear_monitor(self, now_ms);
    }
    if (st == STATUS_OK) {
        sender_beat(self, now_ms);
        flight_resend(self->flight, now_ms - SENDER_RESEND_BEATS * self->heartbeat_ms);
        st = sender_check_timeout(self, now_ms);
    }
    return st;
}
