/* SPDX-License-Identifier: MIT */
/*
 * sender.h - a client of the intake protocol KTP/1 (docs/protocol.md): keeps a connection, and the events on their way.
 *
 * One DEALER socket.  A connection that breaks, or a server that stays silent for a few heartbeats, gets a new socket
 * (the Lazy Pirate pattern of the ZeroMQ guide) and what was not answered is sent again: the server answers events that
 * it has already as duplicates.  Not thread-safe.
 */
#ifndef CLI_SENDER_H
#define CLI_SENDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/flight.h"
#include "common/config.h"
#include "common/status.h"

#define SENDER_ERROR_SIZE 512

struct sender;

/*
 * config gives endpoint, keys and time-out ([sender]) and must outlive the result; endpoint NULL: the configured one.
 * STATUS_INVALID: *self_p is NULL and error says what is wrong with keys or endpoint.
 */
enum status sender_new(struct sender **self_p, const struct config *config, const char *endpoint, size_t batch,
                       flight_refused_cb refused, void *context, char error[SENDER_ERROR_SIZE]) MUST_CHECK;
void sender_destroy(struct sender **self_p);

/* What is on its way: add events when flight_has_room, look at the counts. */
struct flight *sender_flight(struct sender *self);

/*
 * Sends what is due, waits at most wait_ms for answers, for input_fd (-1: none) to be readable, or a signal, and takes
 * the answers that came.  STATUS_RETRY: no answer for sender.timeout, STATUS_FATAL: this server will never answer us;
 * sender_error says what to do.
 */
enum status sender_turn(struct sender *self, int input_fd, int64_t wait_ms) MUST_CHECK;
const char *sender_error(const struct sender *self);

#endif
