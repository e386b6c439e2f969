/* SPDX-License-Identifier: MIT */
/* feed.c - the PUB socket of the alert feed. */
#include "notifier/feed.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "notifier/socket.h"

/* For each subscriber that is slow; at some 500 bytes an alert, 5 MB. */
#define QUEUE_MESSAGES 10000
/* What subscribers send: subscriptions. */
#define MESSAGE_BYTES 512

struct feed {
    void *context;
    void *socket; /* NULL while it is renewed */
    const char *secret_key;
    const struct log *log;
    int64_t unsent;
    char endpoint[NOTIFIER_ENDPOINT_SIZE]; /* the real one after the first bind */
};

static enum status listen_at(struct feed *self, char error[NOTIFIER_SOCKET_ERROR_SIZE])
{
    char real[NOTIFIER_ENDPOINT_SIZE];
    void *socket = notifier_socket_new(self->context, ZMQ_PUB, self->secret_key, QUEUE_MESSAGES, MESSAGE_BYTES);

    if (socket == NULL) {
        snprintf(error, NOTIFIER_SOCKET_ERROR_SIZE, "cannot make the socket of the feed: %s",
                 zmq_strerror(zmq_errno()));
        return STATUS_RETRY;
    }
    if (notifier_socket_bind(socket, self->endpoint, real, error) != STATUS_OK) {
        zmq_close(socket);
        return STATUS_RETRY;
    }
    memcpy(self->endpoint, real, sizeof real);
    self->socket = socket;
    return STATUS_OK;
}

struct feed *feed_new(void *context, const char *endpoint, const char *secret_key, const struct log *log)
{
    struct feed *self = calloc(1, sizeof *self);
    char error[NOTIFIER_SOCKET_ERROR_SIZE];

    if (self == NULL) {
        return NULL;
    }
    self->context = context;
    self->secret_key = secret_key;
    self->log = log;
    snprintf(self->endpoint, sizeof self->endpoint, "%s", endpoint);
    if (listen_at(self, error) != STATUS_OK) {
        log_error(log, "FEED-BIND", "%s; see notifier.feed", error);
        feed_destroy(&self);
        return NULL;
    }
    log_info(log, "FEED-UP", "endpoint=%s curve=%s", self->endpoint, secret_key == NULL ? "no" : "yes");
    return self;
}

void feed_destroy(struct feed **self_p)
{
    struct feed *self = *self_p;

    if (self != NULL) {
        if (self->socket != NULL) {
            zmq_close(self->socket);
        }
        free(self);
        *self_p = NULL;
    }
}

void feed_send(struct feed *self, const char *topic, int64_t seq, const char *body)
{
    char number[24];
    int len = snprintf(number, sizeof number, "%" PRId64, seq);

    /* A PUB socket takes all frames or, for a subscriber whose queue is full, none. */
    if (self->socket == NULL || zmq_send(self->socket, topic, strlen(topic), ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_send(self->socket, number, (size_t)len, ZMQ_SNDMORE | ZMQ_DONTWAIT) < 0 ||
        zmq_send(self->socket, body, strlen(body), ZMQ_DONTWAIT) < 0) {
        self->unsent++;
    }
}

void feed_renew(struct feed *self)
{
    if (self->socket != NULL) {
        log_info(self->log, "FEED-RENEW", "keys have changed: every subscriber shows its key again");
        zmq_close(self->socket);
        self->socket = NULL;
    }
}

void feed_turn(struct feed *self)
{
    char error[NOTIFIER_SOCKET_ERROR_SIZE];

    if (self->socket == NULL && listen_at(self, error) == STATUS_OK) {
        log_info(self->log, "FEED-UP", "endpoint=%s curve=%s", self->endpoint, self->secret_key == NULL ? "no" : "yes");
    }
}

int64_t feed_unsent(const struct feed *self)
{
    return self->unsent;
}
