/* SPDX-License-Identifier: MIT */
/* router.c - the socket that senders connect to. */
#include "ingest/router.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "common/zap.h"
#include "ingest/wire.h"

#define ENDPOINT_SIZE 256
#define LINGER_MS 1000
/* Messages held per peer: memory for requests is bounded by this times the message limit, see docs/protocol.md 11. */
#define RECEIVE_HWM 128
/* Replies held per peer besides one for each event of its window: of PING, HELLO and what was not understood. */
#define SEND_SPARE 1000
#define BACKLOG 512
/* Bodies up to so many times the limit get an answer; beyond it the connection is cut by libzmq. */
#define POLITE_FACTOR 4
#define HEARTBEATS_MISSED 3
#define MONITOR_ENDPOINT "inproc://router.monitor"

/* Frames of a request after the routing id. */
enum { FRAME_DELIMITER = 1, FRAME_HEADER, FRAME_BODY };

struct router {
    void *socket;
    void *monitor; /* PAIR */
    const struct config *config;
    char endpoint[ENDPOINT_SIZE];
};

bool router_endpoint_is_local(const char *endpoint)
{
    static const char *const local[] = {"ipc://", "inproc://", "tcp://127.", "tcp://[::1]:", "tcp://localhost:"};

    for (size_t i = 0; i < sizeof local / sizeof *local; i++) {
        if (strncmp(endpoint, local[i], strlen(local[i])) == 0) {
            return true;
        }
    }
    return false;
}

int64_t router_body_max(const struct config *config)
{
    int64_t one = config->ingest.event_bytes + 1;

    return config->ingest.batch_bytes > one ? config->ingest.batch_bytes : one;
}

int64_t router_frame_max(const struct config *config)
{
    return router_body_max(config) * POLITE_FACTOR;
}

static bool set_int(void *socket, int option, int64_t value)
{
    int number = (int)value;

    return zmq_setsockopt(socket, option, &number, sizeof number) == 0;
}

static bool set_options(void *socket, const struct config *config)
{
    int64_t most = router_frame_max(config);
    int64_t beat_ms = config->ingest.heartbeat_ms;

    return set_int(socket, ZMQ_ROUTER_MANDATORY, 1) && set_int(socket, ZMQ_ROUTER_HANDOVER, 0) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0 &&
           set_int(socket, ZMQ_HEARTBEAT_IVL, beat_ms) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, beat_ms * HEARTBEATS_MISSED) &&
           set_int(socket, ZMQ_HEARTBEAT_TTL, beat_ms * HEARTBEATS_MISSED) &&
           set_int(socket, ZMQ_RCVHWM, RECEIVE_HWM) &&
           set_int(socket, ZMQ_SNDHWM, config->ingest.window_events + SEND_SPARE) &&
           set_int(socket, ZMQ_LINGER, LINGER_MS) && set_int(socket, ZMQ_BACKLOG, BACKLOG) &&
           set_int(socket, ZMQ_IPV6, strchr(config->ingest.endpoint, '[') != NULL);
}

/* Without bound: libzmq's thread would wait for us while the pipe is full. */
static bool open_monitor(struct router *self, void *context)
{
    self->monitor = zmq_socket(context, ZMQ_PAIR);
    return self->monitor != NULL && set_int(self->monitor, ZMQ_RCVHWM, 0) && set_int(self->monitor, ZMQ_LINGER, 0) &&
           zmq_socket_monitor(self->socket, MONITOR_ENDPOINT, ZMQ_EVENT_ACCEPTED) == 0 &&
           zmq_connect(self->monitor, MONITOR_ENDPOINT) == 0;
}

struct router *router_new(void *context, const struct config *config, const char *secret_key, const struct log *log)
{
    struct router *self = calloc(1, sizeof *self);
    size_t endpoint_size = ENDPOINT_SIZE;

    if (self == NULL) {
        log_error(log, "ROUTER-NEW", "memory is short");
        return NULL;
    }
    self->config = config;
    self->socket = zmq_socket(context, ZMQ_ROUTER);
    if (self->socket == NULL || !set_options(self->socket, config) ||
        (config->ingest.curve && zap_curve_server(self->socket, secret_key) != STATUS_OK)) {
        log_error(log, "ROUTER-OPTIONS", "the socket cannot be set up: %s", zmq_strerror(errno));
        router_destroy(&self);
    } else if (!open_monitor(self, context)) {
        log_error(log, "ROUTER-MONITOR", "connections cannot be watched: %s", zmq_strerror(errno));
        router_destroy(&self);
    } else if (zmq_bind(self->socket, config->ingest.endpoint) != 0 ||
               zmq_getsockopt(self->socket, ZMQ_LAST_ENDPOINT, self->endpoint, &endpoint_size) != 0) {
        log_error(log, "ROUTER-BIND", "cannot listen on %s: %s; set another ingest.endpoint", config->ingest.endpoint,
                  zmq_strerror(errno));
        router_destroy(&self);
    }
    return self;
}

void router_destroy(struct router **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    if ((*self_p)->socket != NULL) {
        zmq_close((*self_p)->socket);
    }
    if ((*self_p)->monitor != NULL) {
        zmq_close((*self_p)->monitor);
    }
    free(*self_p);
    *self_p = NULL;
}

const char *router_endpoint(const struct router *self)
{
    return self->endpoint;
}

void *router_socket(const struct router *self)
{
    return self->socket;
}

void *router_monitor(const struct router *self)
{
    return self->monitor;
}

bool router_accepted(struct router *self, int *connection)
{
    char event[6]; /* number and value, in the machine's order */
    int32_t value;

    if (zmq_recv(self->monitor, event, sizeof event, ZMQ_DONTWAIT) != sizeof event) {
        return false;
    }
    (void)zmq_recv(self->monitor, NULL, 0, ZMQ_DONTWAIT); /* where it came to */
    memcpy(&value, event + 2, sizeof value);
    *connection = value;
    return true;
}

void message_init(struct message *message)
{
    memset(message, 0, sizeof *message);
    message->connection = -1;
    zmq_msg_init(&message->identity);
    zmq_msg_init(&message->header);
    zmq_msg_init(&message->body);
}

void message_clear(struct message *message)
{
    zmq_msg_close(&message->identity);
    zmq_msg_close(&message->header);
    zmq_msg_close(&message->body);
    message_init(message);
}

static void read_sender(struct message *message, zmq_msg_t *frame)
{
    const char *user = zmq_msg_gets(frame, "User-Id");

    if (user != NULL && strlen(user) == PARCEL_SENDER_SIZE - 1) {
        strcpy(message->sender, user);
    }
}

static void keep_frame(struct message *message, int number, zmq_msg_t *frame)
{
    if (number == FRAME_DELIMITER) {
        message->fault = zmq_msg_size(frame) == 0 ? CODE_NONE : CODE_FRAMES;
    } else if (number == FRAME_HEADER) {
        zmq_msg_move(&message->header, frame);
        read_sender(message, &message->header);
    } else if (number == FRAME_BODY) {
        zmq_msg_move(&message->body, frame);
        message->has_body = true;
    } else {
        message->fault = CODE_FRAMES;
    }
}

/* Many frames escape every limit of libzmq, so those beyond the third are let go one by one. */
bool router_receive(struct router *self, struct message *message)
{
    zmq_msg_t frame;
    int number = 0;
    bool more;

    if (zmq_msg_recv(&message->identity, self->socket, ZMQ_DONTWAIT) < 0) {
        return false;
    }
    zmq_msg_init(&frame);
    more = zmq_msg_more(&message->identity) != 0;
    while (more && zmq_msg_recv(&frame, self->socket, ZMQ_DONTWAIT) >= 0) {
        more = zmq_msg_more(&frame) != 0;
        message->connection = zmq_msg_get(&frame, ZMQ_SRCFD);
        message->wire_bytes += wire_frame_bytes(zmq_msg_size(&frame));
        keep_frame(message, number < INT_MAX ? ++number : number, &frame);
    }
    zmq_msg_close(&frame);
    if (number < FRAME_HEADER) {
        message->fault = CODE_FRAMES;
    }
    if (!self->config->ingest.curve) {
        strcpy(message->sender, ROUTER_PLAIN_SENDER);
    }
    return true;
}

size_t router_reply(struct router *self, const zmq_msg_t *identity, const char *header, const char *body,
                    size_t body_len)
{
    zmq_msg_t *id = (zmq_msg_t *)(uintptr_t)identity; /* libzmq reads size and data of it only */
    int flags = ZMQ_DONTWAIT | ZMQ_SNDMORE;

    /* With ROUTER_MANDATORY the first frame tells whether the peer is there; the others follow it surely. */
    if (zmq_send(self->socket, zmq_msg_data(id), zmq_msg_size(id), flags) < 0 ||
        zmq_send(self->socket, "", 0, flags) < 0 ||
        zmq_send(self->socket, header, strlen(header), body_len > 0 ? flags : ZMQ_DONTWAIT) < 0 ||
        (body_len > 0 && zmq_send(self->socket, body, body_len, ZMQ_DONTWAIT) < 0)) {
        return 0;
    }
    return wire_frame_bytes(0) + wire_frame_bytes(strlen(header)) + (body_len > 0 ? wire_frame_bytes(body_len) : 0);
}
