/* SPDX-License-Identifier: MIT */
/*
 * zap.h - answers libzmq's authentication requests (ZeroMQ RFC 27) from the allow-list, in the program's own loop.
 *
 * Only CURVE is let in; the User-Id of an admitted connection is its public key in Z85.  One handler per context.
 */
#ifndef COMMON_ZAP_H
#define COMMON_ZAP_H

#include <stdbool.h>
#include <stdint.h>

#include "common/allow.h"
#include "common/log.h"
#include "common/status.h"

struct zap;

/* Decides whether a listed key may enter this program (ingest: any; notifier: allow_feed). */
typedef bool (*zap_admit_cb)(const struct allow *allow, const char *public_key);

/*
 * Binds inproc://zeromq.zap.01; call before any CURVE socket of the context is bound.  allow and log are borrowed.
 * NULL when the socket cannot be made.
 */
struct zap *zap_new(void *context, const struct allow *allow, zap_admit_cb admit, const struct log *log);
void zap_destroy(struct zap **self_p);

/* The socket to poll for ZMQ_POLLIN; call zap_turn when it is readable. */
void *zap_socket(const struct zap *self);
/* Answers the requests that wait. */
void zap_turn(struct zap *self);
/* Connections turned away so far. */
int64_t zap_refused(const struct zap *self);

/*
 * Makes a socket a CURVE server that asks this handler: key, domain, ZAP_ENFORCE_DOMAIN, handshake limit.
 */
enum status zap_curve_server(void *socket, const char *secret_key_z85) MUST_CHECK;

#endif
