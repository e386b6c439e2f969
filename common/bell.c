/* SPDX-License-Identifier: MIT */
/* bell.c - the SUB socket of doorbells. */
#include "common/bell.h"

#include <stdio.h>
#include <string.h>

#include <zmq.h>

#include "common/config.h"

#define BELL_QUEUE 64
#define BELL_BYTES 256

static bool set_options(void *bell)
{
    int queue = BELL_QUEUE;
    int linger = 0;
    int64_t most = BELL_BYTES;

    return zmq_setsockopt(bell, ZMQ_SUBSCRIBE, "", 0) == 0 &&
           zmq_setsockopt(bell, ZMQ_RCVHWM, &queue, sizeof queue) == 0 &&
           zmq_setsockopt(bell, ZMQ_LINGER, &linger, sizeof linger) == 0 &&
           zmq_setsockopt(bell, ZMQ_MAXMSGSIZE, &most, sizeof most) == 0;
}

void *bell_connect(void *context, const char *endpoints, const struct log *log)
{
    char list[CONFIG_TEXT_MAX];
    char *rest = NULL;
    void *bell = zmq_socket(context, ZMQ_SUB);

    if (bell == NULL || !set_options(bell)) {
        log_error(log, "BELL-SOCKET", "cannot make the socket of the bells: %s", zmq_strerror(zmq_errno()));
        goto fail;
    }
    snprintf(list, sizeof list, "%s", endpoints);
    for (char *one = strtok_r(list, " \t", &rest); one != NULL; one = strtok_r(NULL, " \t", &rest)) {
        if (zmq_connect(bell, one) != 0) {
            log_error(log, "BELL-CONNECT", "bells: %s: %s", one, zmq_strerror(zmq_errno()));
            goto fail;
        }
    }
    return bell;
fail:
    if (bell != NULL) {
        zmq_close(bell);
    }
    return NULL;
}

bool bell_take(void *bell)
{
    char bytes[BELL_BYTES];
    bool rang = false;

    for (int i = 0; i < BELL_QUEUE && zmq_recv(bell, bytes, sizeof bytes, ZMQ_DONTWAIT) >= 0; i++) {
        rang = true;
    }
    return rang;
}
