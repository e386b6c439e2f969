/* SPDX-License-Identifier: MIT */
/* socket.c - options and binding of the public sockets. */
#include "notifier/socket.h"

#include <stdio.h>
#include <string.h>

#include <zmq.h>

#include "common/zap.h"

#define HEARTBEAT_MS 5000
#define HEARTBEAT_TIMEOUT_MS 15000

bool notifier_endpoint_is_local(const char *endpoint)
{
    static const char *const prefixes[] = {"ipc://", "inproc://", "tcp://127.", "tcp://localhost:", "tcp://[::1]:"};

    for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
        if (strncmp(endpoint, prefixes[i], strlen(prefixes[i])) == 0) {
            return true;
        }
    }
    return false;
}

static bool set_int(void *socket, int option, int value)
{
    return zmq_setsockopt(socket, option, &value, sizeof value) == 0;
}

void *notifier_socket_new(void *context, int type, const char *secret_key, int queue_messages, int message_bytes)
{
    void *socket = zmq_socket(context, type);
    int64_t most = message_bytes;
    bool fine;

    if (socket == NULL) {
        return NULL;
    }
    fine = set_int(socket, ZMQ_LINGER, 0) && set_int(socket, ZMQ_SNDHWM, queue_messages) &&
           set_int(socket, ZMQ_RCVHWM, queue_messages) && set_int(socket, ZMQ_HEARTBEAT_IVL, HEARTBEAT_MS) &&
           set_int(socket, ZMQ_HEARTBEAT_TIMEOUT, HEARTBEAT_TIMEOUT_MS) &&
           zmq_setsockopt(socket, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0;
    if (fine && secret_key != NULL) {
        fine = zap_curve_server(socket, secret_key) == STATUS_OK;
    }
    if (!fine) {
        zmq_close(socket);
        return NULL;
    }
    return socket;
}

enum status notifier_socket_bind(void *socket, const char *endpoint, char real[NOTIFIER_ENDPOINT_SIZE],
                                 char error[NOTIFIER_SOCKET_ERROR_SIZE])
{
    size_t size = NOTIFIER_ENDPOINT_SIZE;

    if (zmq_bind(socket, endpoint) != 0 || zmq_getsockopt(socket, ZMQ_LAST_ENDPOINT, real, &size) != 0) {
        snprintf(error, NOTIFIER_SOCKET_ERROR_SIZE, "cannot listen at %s: %s", endpoint, zmq_strerror(zmq_errno()));
        return STATUS_RETRY;
    }
    return STATUS_OK;
}
