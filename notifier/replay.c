/* SPDX-License-Identifier: MIT */
/* replay.c - the ROUTER socket of the feed's replay. */
#include "notifier/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "notifier/replay_request.h"
#include "notifier/socket.h"

/* Each way and peer: with the bounds of an answer below, 4 MB for a peer that does not read. */
#define QUEUE_MESSAGES 16
#define MESSAGE_BYTES 1024
#define ANSWER_ALERTS 500
#define ANSWER_TOPICS 1000
#define ANSWER_BYTES (256 * 1024)
/* Requests answered before the rest of the loop has its turn. */
#define TURN_REQUESTS 16
/* One more than a request may have, so that too many are noticed. */
#define FRAMES_KEPT (REPLAY_REQUEST_FRAMES + 1)
#define HEADER_SIZE 256
/* SQLSTATE character_not_in_repertoire. */
#define NOT_UTF8 "22021"

struct replay {
    void *socket;
    const struct allow *allow;
    const struct log *log;
    bool curve;
    struct db_params *params;
    struct replay_stats stats;
};

/* A message as received: the peer's routing id and the frames after it. */
struct message {
    zmq_msg_t peer;
    zmq_msg_t frames[FRAMES_KEPT];
    size_t count;
};

enum topics_column { TOPICS_COUNT, TOPICS_MORE, TOPICS_LINES };
enum alerts_column { ALERTS_LAST, ALERTS_LOW, ALERTS_HIGH, ALERTS_LINES };

/* Takes the next message; frames beyond those kept are read and forgotten.  False when none waits. */
static bool message_receive(struct message *message, void *socket)
{
    zmq_msg_t rest;
    bool more;

    message->count = 0;
    zmq_msg_init(&message->peer);
    if (zmq_msg_recv(&message->peer, socket, ZMQ_DONTWAIT) < 0) {
        zmq_msg_close(&message->peer);
        return false;
    }
    more = zmq_msg_more(&message->peer) != 0;
    while (more) {
        zmq_msg_t *frame = message->count < FRAMES_KEPT ? &message->frames[message->count] : &rest;

        zmq_msg_init(frame);
        if (zmq_msg_recv(frame, socket, ZMQ_DONTWAIT) < 0) {
            zmq_msg_close(frame);
            break; /* the frames of a message come all or none; this is not reached */
        }
        more = zmq_msg_more(frame) != 0;
        if (frame == &rest) {
            zmq_msg_close(&rest);
        } else {
            message->count++;
        }
    }
    return true;
}

static void message_close(struct message *message)
{
    zmq_msg_close(&message->peer);
    for (size_t i = 0; i < message->count; i++) {
        zmq_msg_close(&message->frames[i]);
    }
}

/* Sends [peer][][header] and, when they are not NULL, topic and body. */
static void answer(struct replay *self, struct message *message, const char *header, const char *topic,
                   const char *body)
{
    const char *parts[] = {"", header, topic, body};
    size_t count = topic == NULL && body == NULL ? 2 : 4;
    int sent =
        zmq_send(self->socket, zmq_msg_data(&message->peer), zmq_msg_size(&message->peer), ZMQ_SNDMORE | ZMQ_DONTWAIT);

    for (size_t i = 0; i < count && sent >= 0; i++) {
        /* Only TOPICS has no topic: its body follows the header. */
        if (parts[i] != NULL) {
            sent = zmq_send(self->socket, parts[i], strlen(parts[i]), (i + 1 < count ? ZMQ_SNDMORE : 0) | ZMQ_DONTWAIT);
        }
    }
    if (sent < 0) {
        self->stats.dropped++;
    }
}

static void refuse(struct replay *self, struct message *message, const char *code, const char *sentence)
{
    char header[HEADER_SIZE];

    snprintf(header, sizeof header, "KTP/1 ERROR %s %s", code, sentence);
    self->stats.refused++;
    answer(self, message, header, NULL, NULL);
}

/* What the database could not do.  Only a topic that is no UTF-8 is the asker's fault. */
static enum status refuse_failed(struct replay *self, struct db *db, struct message *message, enum status st)
{
    if (strcmp(db_sqlstate(db), NOT_UTF8) == 0) {
        refuse(self, message, REPLAY_MALFORMED, "a topic is UTF-8 text");
        return STATUS_OK;
    }
    refuse(self, message, REPLAY_BUSY, "the database is away, ask again later");
    return st;
}

static enum status answer_topics(struct replay *self, struct db *db, struct message *message,
                                 const struct replay_request *request)
{
    PGresult *page = NULL;
    char header[HEADER_SIZE];
    enum status st;

    db_params_reset(self->params);
    db_param_text(self->params, request->topic);
    db_param_text(self->params, request->after);
    db_param_int8(self->params, ANSWER_TOPICS);
    st = db_run(db, SQL_ALERT_TOPIC_PAGE, self->params, &page);
    if (st != STATUS_OK) {
        return refuse_failed(self, db, message, st);
    }
    snprintf(header, sizeof header, "KTP/1 TOPICS %" PRId64 " %s", db_int(page, 0, TOPICS_COUNT),
             db_bool(page, 0, TOPICS_MORE) ? "more" : "end");
    answer(self, message, header, NULL, db_text(page, 0, TOPICS_LINES));
    PQclear(page);
    return STATUS_OK;
}

static enum status answer_alerts(struct replay *self, struct db *db, struct message *message,
                                 const struct replay_request *request)
{
    PGresult *page = NULL;
    int64_t from = request->from;
    int64_t to = from - 1;
    int64_t last = 0;
    const char *lines = "";
    char header[HEADER_SIZE];
    enum status st;

    db_params_reset(self->params);
    db_param_text(self->params, request->topic);
    db_param_int8(self->params, from);
    db_param_int8(self->params, ANSWER_ALERTS);
    db_param_int8(self->params, ANSWER_BYTES);
    st = db_run(db, SQL_ALERT_PAGE, self->params, &page);
    if (st != STATUS_OK) {
        return refuse_failed(self, db, message, st);
    }
    if (PQntuples(page) == 1) {
        last = db_int(page, 0, ALERTS_LAST);
        if (!db_null(page, 0, ALERTS_LOW)) {
            from = db_int(page, 0, ALERTS_LOW);
            to = db_int(page, 0, ALERTS_HIGH);
            lines = db_text(page, 0, ALERTS_LINES);
        }
    }
    snprintf(header, sizeof header, "KTP/1 ALERTS %" PRId64 " %" PRId64 " %" PRId64, from, to, last);
    answer(self, message, header, request->topic, lines);
    PQclear(page);
    return STATUS_OK;
}

/* libzmq 4.3.4 does not give the User-Id with the routing id, only with what follows it. */
static bool may_listen(const struct replay *self, struct message *message)
{
    const char *user;

    if (!self->curve) {
        return true;
    }
    user = message->count == 0 ? NULL : zmq_msg_gets(&message->frames[message->count - 1], "User-Id");
    return user != NULL && allow_feed(self->allow, user);
}

static enum status handle(struct replay *self, struct db *db, struct message *message)
{
    struct replay_frame frames[FRAMES_KEPT];
    struct replay_request request;
    struct replay_refusal refusal;

    self->stats.requests++;
    for (size_t i = 0; i < message->count; i++) {
        frames[i].bytes = zmq_msg_data(&message->frames[i]);
        frames[i].len = zmq_msg_size(&message->frames[i]);
    }
    if (!may_listen(self, message)) {
        refuse(self, message, REPLAY_DENIED, "this key may not listen to the feed");
        return STATUS_OK;
    }
    if (replay_request_parse(frames, message->count, &request, &refusal) != STATUS_OK) {
        refuse(self, message, refusal.code, refusal.sentence);
        return STATUS_OK;
    }
    if (db == NULL) {
        refuse(self, message, REPLAY_BUSY, "the database is away, ask again later");
        return STATUS_OK;
    }
    return request.kind == REPLAY_TOPICS ? answer_topics(self, db, message, &request)
                                         : answer_alerts(self, db, message, &request);
}

struct replay *replay_new(void *context, const char *endpoint, const char *secret_key, const struct allow *allow,
                          const struct log *log)
{
    struct replay *self = calloc(1, sizeof *self);
    char real[NOTIFIER_ENDPOINT_SIZE];
    char error[NOTIFIER_SOCKET_ERROR_SIZE];
    int yes = 1;

    if (self == NULL) {
        return NULL;
    }
    self->allow = allow;
    self->log = log;
    self->curve = secret_key != NULL;
    self->params = db_params_new();
    self->socket = notifier_socket_new(context, ZMQ_ROUTER, secret_key, QUEUE_MESSAGES, MESSAGE_BYTES);
    if (self->params == NULL || self->socket == NULL ||
        zmq_setsockopt(self->socket, ZMQ_ROUTER_MANDATORY, &yes, sizeof yes) != 0) {
        log_error(log, "REPLAY-SOCKET", "cannot make the socket of the replay: %s", zmq_strerror(zmq_errno()));
        replay_destroy(&self);
        return NULL;
    }
    if (notifier_socket_bind(self->socket, endpoint, real, error) != STATUS_OK) {
        log_error(log, "REPLAY-BIND", "%s; see notifier.replay", error);
        replay_destroy(&self);
        return NULL;
    }
    log_info(log, "REPLAY-UP", "endpoint=%s curve=%s", real, self->curve ? "yes" : "no");
    return self;
}

void replay_destroy(struct replay **self_p)
{
    struct replay *self = *self_p;

    if (self != NULL) {
        if (self->socket != NULL) {
            zmq_close(self->socket);
        }
        db_params_destroy(&self->params);
        free(self);
        *self_p = NULL;
    }
}

void *replay_socket(const struct replay *self)
{
    return self->socket;
}

enum status replay_turn(struct replay *self, struct db *db)
{
    struct message message;
    enum status st = STATUS_OK;

    for (int i = 0; i < TURN_REQUESTS && st == STATUS_OK && message_receive(&message, self->socket); i++) {
        st = handle(self, db, &message);
        message_close(&message);
    }
    return st;
}

const struct replay_stats *replay_stats(const struct replay *self)
{
    return &self->stats;
}
