/* SPDX-License-Identifier: MIT */
/*
 * socket.h - how the notifier's two public sockets, feed and replay, are made.
 */
#ifndef NOTIFIER_SOCKET_H
#define NOTIFIER_SOCKET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

#define NOTIFIER_ENDPOINT_SIZE 512
#define NOTIFIER_SOCKET_ERROR_SIZE 640

/* True for endpoints that only this machine can reach: where CURVE may be switched off. */
bool notifier_endpoint_is_local(const char *endpoint);

/*
 * Makes a socket of a type with bounded queues (messages each way and peer), bounded message size, heartbeats and no
 * linger, a CURVE server when secret_key is not NULL.  NULL when it cannot be made.
 */
void *notifier_socket_new(void *context, int type, const char *secret_key, int queue_messages, int message_bytes);

/* Binds; real gets the endpoint with its port.  STATUS_RETRY with a sentence in error when it cannot be had now. */
enum status notifier_socket_bind(void *socket, const char *endpoint, char real[NOTIFIER_ENDPOINT_SIZE],
                                 char error[NOTIFIER_SOCKET_ERROR_SIZE]) MUST_CHECK;

#endif
