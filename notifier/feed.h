/* SPDX-License-Identifier: MIT */
/*
 * feed.h - the alert feed: a PUB socket that sends [topic][number][body] (docs/feed.md).
 *
 * Sending never waits: what a slow subscriber's queue cannot take is dropped for it, and it sees so by the numbers.
 */
#ifndef NOTIFIER_FEED_H
#define NOTIFIER_FEED_H

#include <stdint.h>

#include "common/log.h"
#include "common/status.h"

/* Body of a keepalive: the number is the last one given, not a new one. */
#define FEED_KEEPALIVE "HUGZ"

struct feed;

/*
 * Binds endpoint.  secret_key NULL: no CURVE.  All are borrowed and must outlive the result.  NULL when it cannot
 * listen there; logged.
 */
struct feed *feed_new(void *context, const char *endpoint, const char *secret_key, const struct log *log);
void feed_destroy(struct feed **self_p);

/* Sends one alert or keepalive. */
void feed_send(struct feed *self, const char *topic, int64_t seq, const char *body);

/*
 * Ends all connections and listens anew at the same endpoint, so that every subscriber has to show its key again:
 * libzmq asks for it only when a connection begins.  The address may take a moment to be free; feed_turn tries on.
 */
void feed_renew(struct feed *self);
void feed_turn(struct feed *self);

/* Messages that could not be sent at all, because the feed was being renewed. */
int64_t feed_unsent(const struct feed *self);

#endif
