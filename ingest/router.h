/* SPDX-License-Identifier: MIT */
/*
 * router.h - the socket that senders connect to: whole requests in, replies out.
 *
 * A routing id is not an identity: who sent a request is told by the connection's key (User-Id), read from a payload
 * frame, since libzmq 4.3.4 does not give it with the first frame after a poll.
 */
#ifndef INGEST_ROUTER_H
#define INGEST_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zmq.h>

#include "common/config.h"
#include "common/log.h"
#include "ingest/answer.h"
#include "ingest/parcel.h"

/* The sender recorded when CURVE is off. */
#define ROUTER_PLAIN_SENDER "(plain)"

struct router;

/* One request; the frames are empty when it had none. */
struct message {
    zmq_msg_t identity;
    zmq_msg_t header;
    zmq_msg_t body;
    bool has_body;
    char sender[PARCEL_SENDER_SIZE]; /* "" when it could not be told */
    int connection;                  /* its descriptor, which may be another's by now; -1 when not told */
    size_t wire_bytes;               /* what it took on the wire */
    enum answer_code fault;          /* CODE_NONE, or why the frames make no request */
};

/* True when endpoint cannot be reached from another machine, so that CURVE may be off. */
bool router_endpoint_is_local(const char *endpoint);
/* Longest body that is a request. */
int64_t router_body_max(const struct config *config);
/* Longest frame that gets an answer; beyond it libzmq cuts the connection. */
int64_t router_frame_max(const struct config *config);

/*
 * Binds ingest.endpoint (a wildcard port is fine); secret_key is ignored without CURVE.  NULL after logging why. config
 * and log are borrowed.
 */
struct router *router_new(void *context, const struct config *config, const char *secret_key, const struct log *log);
/* Replies on their way are given a moment. */
void router_destroy(struct router **self_p);

/* Where it is bound. */
const char *router_endpoint(const struct router *self);
void *router_socket(const struct router *self);

/* Readable when connections came; each is told once. */
void *router_monitor(const struct router *self);
bool router_accepted(struct router *self, int *connection);

/* Frames of message must be initialised; message_clear empties them again. */
void message_init(struct message *message);
void message_clear(struct message *message);

/* False when no request waits.  No more than three frames of a request are kept. */
bool router_receive(struct router *self, struct message *message);

/*
 * Returns what the reply takes on the wire; 0 when the peer is gone or does not read: the reply is lost, and the sender
 * will ask again.
 */
size_t router_reply(struct router *self, const zmq_msg_t *identity, const char *header, const char *body,
                    size_t body_len);

#endif
