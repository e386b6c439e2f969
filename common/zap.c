/* SPDX-License-Identifier: MIT */
/* zap.c - see zap.h.  Frames and codes are those of ZeroMQ RFC 27. */
#include "common/zap.h"

#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "common/clock.h"
#include "common/secret.h"

#define ZAP_ENDPOINT "inproc://zeromq.zap.01"
#define ZAP_DOMAIN "kipthoi"
#define ZAP_FRAME_MAX 255
#define ZAP_HANDSHAKE_MS 10000
#define ZAP_TURN_MAX 64 /* requests answered before the loop goes on */
#define ZAP_LOG_EVERY_MS 1000
#define CURVE_KEY_BYTES 32

/* Frames of a request, in their order. */
enum { FRAME_VERSION, FRAME_REQUEST, FRAME_DOMAIN, FRAME_ADDRESS, FRAME_IDENTITY, FRAME_MECHANISM, FRAME_KEY, FRAMES };

struct frame {
    char bytes[ZAP_FRAME_MAX + 1];
    size_t len;
};

struct zap_request {
    struct frame frames[FRAMES];
    int count; /* frames received, also those beyond FRAMES */
};

/* What is answered: code, sentence, and the user when admitted. */
struct verdict {
    const char *code;
    const char *sentence;
    char user[SECRET_KEY_SIZE];
};

struct zap {
    void *socket;
    const struct allow *allow;
    zap_admit_cb admit;
    const struct log *log;
    int64_t refused;
    int64_t next_log_ms;
};

/* Reads a whole request; false when none waits. */
static bool receive(void *socket, struct zap_request *request)
{
    int more = 1;
    size_t more_size = sizeof more;

    request->count = 0;
    for (size_t i = 0; i < FRAMES; i++) {
        request->frames[i].len = 0;
    }
    while (more) {
        struct frame scrap;
        struct frame *frame = request->count < FRAMES ? &request->frames[request->count] : &scrap;
        int len = zmq_recv(socket, frame->bytes, ZAP_FRAME_MAX, ZMQ_DONTWAIT);

        if (len < 0) {
            return false;
        }
        /* A longer frame was cut by zmq_recv: none that we accept is. */
        frame->len = len > ZAP_FRAME_MAX ? 0 : (size_t)len;
        frame->bytes[frame->len] = '\0';
        request->count++;
        if (zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &more_size) != 0) {
            return false;
        }
    }
    return true;
}

static bool frame_is(const struct frame *frame, const char *text)
{
    return frame->len == strlen(text) && memcmp(frame->bytes, text, frame->len) == 0;
}

static struct verdict decide(const struct zap *self, const struct zap_request *request)
{
    struct verdict verdict = {"400", "not allowed", ""};

    if (request->count < FRAMES || !frame_is(&request->frames[FRAME_VERSION], "1.0")) {
        verdict = (struct verdict){"500", "not a ZAP 1.0 request", ""};
    } else if (!frame_is(&request->frames[FRAME_DOMAIN], ZAP_DOMAIN)) {
        verdict.sentence = "unknown domain";
    } else if (!frame_is(&request->frames[FRAME_MECHANISM], "CURVE") || request->count != FRAMES ||
               request->frames[FRAME_KEY].len != CURVE_KEY_BYTES) {
        verdict.sentence = "CURVE is required";
    } else if (!zmq_z85_encode(verdict.user, (const uint8_t *)request->frames[FRAME_KEY].bytes, CURVE_KEY_BYTES)) {
        verdict = (struct verdict){"500", "key cannot be read", ""};
    } else if (allow_knows(self->allow, verdict.user) && self->admit(self->allow, verdict.user)) {
        verdict.code = "200", verdict.sentence = "OK";
    }
    return verdict;
}

/* At most one line per second: strangers must not fill the log. */
static void note_refused(struct zap *self, const struct zap_request *request, const struct verdict *verdict)
{
    const struct frame *address = &request->frames[FRAME_ADDRESS];
    int64_t now_ms = clock_monotonic_ms();
    char from[64];

    self->refused++;
    if (now_ms < self->next_log_ms) {
        return;
    }
    self->next_log_ms = now_ms + ZAP_LOG_EVERY_MS;
    log_warn(self->log, "ZAP-REFUSED", "%s address=%s key=%s refused=%lld; let a key in by: kipthoi allow",
             verdict->sentence, log_clean(address->bytes, address->len, from, sizeof from),
             *verdict->user ? verdict->user : "-", (long long)self->refused);
}

static void reply(void *socket, const struct zap_request *request, const struct verdict *verdict)
{
    bool admitted = strcmp(verdict->code, "200") == 0;
    const struct frame *id = &request->frames[FRAME_REQUEST];

    /* libzmq drops a connection whose verdict does not arrive, so nothing is left to do about a failed send. */
    (void)zmq_send(socket, "1.0", 3, ZMQ_SNDMORE);
    (void)zmq_send(socket, id->bytes, id->len, ZMQ_SNDMORE);
    (void)zmq_send(socket, verdict->code, 3, ZMQ_SNDMORE);
    (void)zmq_send(socket, verdict->sentence, strlen(verdict->sentence), ZMQ_SNDMORE);
    (void)zmq_send(socket, verdict->user, admitted ? strlen(verdict->user) : 0, ZMQ_SNDMORE);
    (void)zmq_send(socket, "", 0, 0);
}

struct zap *zap_new(void *context, const struct allow *allow, zap_admit_cb admit, const struct log *log)
{
    struct zap *self = calloc(1, sizeof *self);
    int linger = 0;

    if (!self) {
        return NULL;
    }
    self->allow = allow;
    self->admit = admit;
    self->log = log;
    self->socket = zmq_socket(context, ZMQ_REP);
    if (!self->socket || zmq_setsockopt(self->socket, ZMQ_LINGER, &linger, sizeof linger) != 0 ||
        zmq_bind(self->socket, ZAP_ENDPOINT) != 0) {
        zap_destroy(&self);
    }
    return self;
}

void zap_destroy(struct zap **self_p)
{
    if (!*self_p) {
        return;
    }
    if ((*self_p)->socket) {
        zmq_close((*self_p)->socket);
    }
    free(*self_p);
    *self_p = NULL;
}

void *zap_socket(const struct zap *self)
{
    return self->socket;
}

void zap_turn(struct zap *self)
{
    struct zap_request request;

    for (int i = 0; i < ZAP_TURN_MAX && receive(self->socket, &request); i++) {
        struct verdict verdict = decide(self, &request);

        reply(self->socket, &request, &verdict);
        if (strcmp(verdict.code, "200") != 0) {
            note_refused(self, &request, &verdict);
        }
    }
}

int64_t zap_refused(const struct zap *self)
{
    return self->refused;
}

enum status zap_curve_server(void *socket, const char *secret_key_z85)
{
    int on = 1;
    int handshake_ms = ZAP_HANDSHAKE_MS;

    /* An empty domain would mean that nobody is asked. */
    if (zmq_setsockopt(socket, ZMQ_CURVE_SERVER, &on, sizeof on) != 0 ||
        zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, secret_key_z85, SECRET_KEY_SIZE) != 0 ||
        zmq_setsockopt(socket, ZMQ_ZAP_DOMAIN, ZAP_DOMAIN, strlen(ZAP_DOMAIN)) != 0 ||
        zmq_setsockopt(socket, ZMQ_HANDSHAKE_IVL, &handshake_ms, sizeof handshake_ms) != 0) {
        return STATUS_INVALID;
    }
#ifdef ZMQ_ZAP_ENFORCE_DOMAIN
    if (zmq_setsockopt(socket, ZMQ_ZAP_ENFORCE_DOMAIN, &on, sizeof on) != 0)
        return STATUS_INVALID;
#endif
    return STATUS_OK;
}
