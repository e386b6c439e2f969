/* SPDX-License-Identifier: MIT */
/*
 * replay.h - the feed's memory: a ROUTER socket that answers which topics there are and what was said (docs/feed.md).
 *
 * Who asks is known by the User-Id that the handshake gave the connection, never by the routing id.  A peer that does
 * not read its answers loses them; nobody waits for it.
 */
#ifndef NOTIFIER_REPLAY_H
#define NOTIFIER_REPLAY_H

#include <stdint.h>

#include "common/allow.h"
#include "common/db.h"
#include "common/log.h"
#include "common/status.h"

struct replay;

struct replay_stats {
    int64_t requests;
    int64_t refused; /* answered with an error */
    int64_t dropped; /* answers that their peer did not take */
};

/*
 * Binds endpoint.  secret_key NULL: no CURVE, everybody may ask.  Everything is borrowed and must outlive the result.
 * NULL when it cannot listen there; logged.
 */
struct replay *replay_new(void *context, const char *endpoint, const char *secret_key, const struct allow *allow,
                          const struct log *log);
void replay_destroy(struct replay **self_p);

/* The socket to poll for ZMQ_POLLIN. */
void *replay_socket(const struct replay *self);

/*
 * Answers some of the requests that wait.  db NULL: the database is away, they are told so.  Not STATUS_OK: the
 * database failed on the way; the request was answered all the same.
 */
enum status replay_turn(struct replay *self, struct db *db) MUST_CHECK;

const struct replay_stats *replay_stats(const struct replay *self);

#endif
