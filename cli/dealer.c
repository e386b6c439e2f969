/* SPDX-License-Identifier: MIT */
/* dealer.c - the socket of a sender. */
#include "cli/dealer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/secret.h"

struct dealer {
    const struct config *config;
    const char *endpoint;
    void *context;
    void *socket;  /* NULL: closed */
    void *monitor; /* tells of connects and disconnects */
    bool blocked;  /* the socket would not take a message */
    char server_key[SECRET_MAX];
    char secret_key[SECRET_MAX];
    char public_key[SECRET_MAX];
};

static enum status read_keys(struct dealer *self, char error[DEALER_ERROR_SIZE])
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
    snprintf(error, DEALER_ERROR_SIZE, "%s", why);
    return st;
}

static int set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value);
}

static bool set_options(const struct dealer *self)
{
    static const struct {
        int option;
        int value;
    } options[] = {
        {ZMQ_LINGER, 0},
        {ZMQ_IMMEDIATE, 1}, /* nothing is queued for a connection that is not there */
        {ZMQ_RECONNECT_IVL, DEALER_RECONNECT_MIN_MS},
        {ZMQ_RECONNECT_IVL_MAX, DEALER_RECONNECT_MAX_MS},
        {ZMQ_HEARTBEAT_IVL, DEALER_HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TIMEOUT, DEALER_SILENT_BEATS * DEALER_HEARTBEAT_MS},
        {ZMQ_HEARTBEAT_TTL, DEALER_SILENT_BEATS * DEALER_HEARTBEAT_MS},
    };
    bool good = true;

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        good = good && set_int(self->socket, options[i].option, options[i].value) == 0;
    }
    if (self->config->sender.curve) {
        good = good &&
               zmq_setsockopt(self->socket, ZMQ_CURVE_SERVERKEY, self->server_key, strlen(self->server_key) + 1) == 0 &&
               zmq_setsockopt(self->socket, ZMQ_CURVE_PUBLICKEY, self->public_key, strlen(self->public_key) + 1) == 0 &&
               zmq_setsockopt(self->socket, ZMQ_CURVE_SECRETKEY, self->secret_key, strlen(self->secret_key) + 1) == 0;
    }
    return good;
}

static bool watch(struct dealer *self)
{
    static const char place[] = "inproc://sender.monitor";
    int events = ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                 ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_CONNECT_RETRIED;

    self->monitor = zmq_socket(self->context, ZMQ_PAIR);
    return self->monitor != NULL && zmq_socket_monitor(self->socket, place, events) == 0 &&
           zmq_connect(self->monitor, place) == 0;
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

/* Takes one frame; false when there is none. */
static bool take_frame(void *socket, zmq_msg_t *frame, bool *more)
{
    if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0) {
        return false;
    }
    *more = zmq_msg_more(frame) != 0;
    return true;
}

enum status dealer_new(struct dealer **self_p, const struct config *config, const char *endpoint,
                       char error[DEALER_ERROR_SIZE])
{
    struct dealer *self = calloc(1, sizeof *self);
    enum status st = STATUS_RETRY;

    snprintf(error, DEALER_ERROR_SIZE, "memory is short");
    if (self != NULL) {
        self->config = config;
        self->endpoint = endpoint != NULL ? endpoint : config->sender.endpoint;
        self->context = zmq_ctx_new();
        st = self->context == NULL ? STATUS_RETRY : read_keys(self, error);
    }
    if (st != STATUS_OK) {
        dealer_destroy(&self);
    }
    *self_p = self;
    return st;
}

void dealer_destroy(struct dealer **self_p)
{
    struct dealer *self = *self_p;

    if (self == NULL) {
        return;
    }
    dealer_close(self);
    if (self->context != NULL) {
        zmq_ctx_term(self->context);
    }
    secret_wipe(self->secret_key, sizeof self->secret_key);
    free(self);
    *self_p = NULL;
}

const char *dealer_endpoint(const struct dealer *self)
{
    return self->endpoint;
}

const char *dealer_public_key(const struct dealer *self)
{
    return self->public_key;
}

enum status dealer_open(struct dealer *self, char error[DEALER_ERROR_SIZE])
{
    bool prepared;

    self->socket = zmq_socket(self->context, ZMQ_DEALER);
    self->blocked = false;
    prepared = self->socket != NULL && set_options(self) && watch(self);
    if (!prepared || zmq_connect(self->socket, self->endpoint) != 0) {
        /* Of what was prepared EINVAL is about a key. */
        snprintf(error, DEALER_ERROR_SIZE, "%s: %s%s", self->endpoint, zmq_strerror(errno),
                 prepared && errno == EINVAL ? "; an endpoint is tcp://HOST:PORT or ipc://PATH" : "");
        dealer_close(self);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

void dealer_close(struct dealer *self)
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

bool dealer_is_open(const struct dealer *self)
{
    return self->socket != NULL;
}

bool dealer_put(struct dealer *self, const char *header, const char *body, size_t body_len)
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

/* Delimiter, header, body; what is more is ignored. */
bool dealer_take(struct dealer *self, struct dealer_message *message)
{
    zmq_msg_t rest;
    bool more = true;
    int count = 0;

    for (int i = 0; i < 3; i++) {
        zmq_msg_init(&message->frames[i]);
    }
    zmq_msg_init(&rest);
    while (more && take_frame(self->socket, count < 3 ? &message->frames[count] : &rest, &more)) {
        count++;
    }
    zmq_msg_close(&rest);
    message->header[0] = '\0';
    if (count >= 2 && zmq_msg_size(&message->frames[0]) == 0) {
        size_t len = zmq_msg_size(&message->frames[1]);

        len = len < sizeof message->header ? len : sizeof message->header - 1;
        memcpy(message->header, zmq_msg_data(&message->frames[1]), len);
        message->header[len] = '\0';
    }
    message->body = zmq_msg_data(&message->frames[2]);
    message->body_len = zmq_msg_size(&message->frames[2]);
    if (count == 0) {
        dealer_message_clear(message);
    }
    return count > 0;
}

void dealer_message_clear(struct dealer_message *message)
{
    for (int i = 0; i < 3; i++) {
        zmq_msg_close(&message->frames[i]);
    }
}

/* What an event of the monitor means for people, in *trouble. */
static void tell_trouble(uint16_t event, const char **trouble)
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

    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        /* "no connection" follows each of the others and says less. */
        if (event == troubles[i].event && (event != ZMQ_EVENT_CONNECT_RETRIED || *trouble == NULL)) {
            *trouble = troubles[i].meaning;
        }
    }
}

void dealer_hear(struct dealer *self, struct dealer_news *news)
{
    bool more = true;
    zmq_msg_t frame;

    news->lost = false;
    news->refused = 0;
    zmq_msg_init(&frame);
    while (take_frame(self->monitor, &frame, &more)) {
        uint16_t event = 0;

        /* The number stands in the first of two frames, the address in the second. */
        if (zmq_msg_size(&frame) >= sizeof event && more) {
            memcpy(&event, zmq_msg_data(&frame), sizeof event);
        }
        tell_trouble(event, &news->trouble);
        news->refused += event == ZMQ_EVENT_HANDSHAKE_FAILED_AUTH;
        news->lost = news->lost || event == ZMQ_EVENT_DISCONNECTED;
    }
    zmq_msg_close(&frame);
}

void dealer_poll(struct dealer *self, int input_fd, long wait_ms)
{
    zmq_pollitem_t items[3];
    int count = 0;

    if (self->socket != NULL) {
        items[count++] = (zmq_pollitem_t){.socket = self->monitor, .events = ZMQ_POLLIN};
        items[count++] =
            (zmq_pollitem_t){.socket = self->socket, .events = (short)(ZMQ_POLLIN | (self->blocked ? ZMQ_POLLOUT : 0))};
    }
    if (input_fd >= 0) {
        items[count++] = (zmq_pollitem_t){.fd = input_fd, .events = ZMQ_POLLIN};
    }
    zmq_poll(items, count, wait_ms);
    self->blocked = false;
}
