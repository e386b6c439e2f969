/* SPDX-License-Identifier: MIT */
/*
 * dealer.h - the socket of a sender: one DEALER with its keys and its monitor; whole messages of KTP/1 in and out.
 *
 * Opened and closed as often as wanted.  Knows frames, not what their words mean.  Nothing here waits but dealer_poll.
 */
#ifndef CLI_DEALER_H
#define CLI_DEALER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <zmq.h>

#include "common/config.h"
#include "common/status.h"

#define DEALER_ERROR_SIZE 512
#define DEALER_HEADER_SIZE 512
/* libzmq's own heartbeat and pauses between attempts to connect. */
#define DEALER_HEARTBEAT_MS 5000
#define DEALER_SILENT_BEATS 3
#define DEALER_RECONNECT_MIN_MS 100
#define DEALER_RECONNECT_MAX_MS 5000

struct dealer;

/* A reply; body is borrowed from the frames. */
struct dealer_message {
    char header[DEALER_HEADER_SIZE]; /* NUL-terminated; "" when the frames make no reply */
    const char *body;
    size_t body_len;
    zmq_msg_t frames[3];
};

/* What the monitor told. */
struct dealer_news {
    bool lost;           /* the connection ended, and the answers under way with it */
    int refused;         /* handshakes that failed for the key */
    const char *trouble; /* static text, why there is no connection; left as it is when there is nothing to tell */
};

/*
 * Reads the keys ([sender]), opens nothing.  endpoint NULL: the configured one.  config and endpoint must outlive the
 * result.  Not STATUS_OK: *self_p is NULL and error says why.
 */
enum status dealer_new(struct dealer **self_p, const struct config *config, const char *endpoint,
                       char error[DEALER_ERROR_SIZE]) MUST_CHECK;
void dealer_destroy(struct dealer **self_p);

const char *dealer_endpoint(const struct dealer *self);
const char *dealer_public_key(const struct dealer *self); /* "" without CURVE */

/* STATUS_INVALID: it stays closed and error says why. */
enum status dealer_open(struct dealer *self, char error[DEALER_ERROR_SIZE]) MUST_CHECK;
void dealer_close(struct dealer *self);
bool dealer_is_open(const struct dealer *self);

/* Sends delimiter, header and body (NULL: none).  False when the socket takes nothing now; dealer_poll waits for that.
 */
bool dealer_put(struct dealer *self, const char *header, const char *body, size_t body_len);

/* Takes one message; false when none waits.  Clear it after each true. */
bool dealer_take(struct dealer *self, struct dealer_message *message);
void dealer_message_clear(struct dealer_message *message);

void dealer_hear(struct dealer *self, struct dealer_news *news);

/* Waits for a message, news, room after a refused put, input_fd (-1: none) to be readable, or a signal. */
void dealer_poll(struct dealer *self, int input_fd, long wait_ms);

#endif
