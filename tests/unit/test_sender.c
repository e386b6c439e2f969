/* SPDX-License-Identifier: MIT */
/* The KTP/1 client against a server in the same thread, on the loopback. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zmq.h>

#include "cli/sender.h"
#include "common/clock.h"

#define DEADLINE_MS 20000

/* A server that keeps what it was asked last. */
struct server {
    void *context;
    void *router;
    struct config config;
    struct sender *sender;
    char identity[256];
    size_t identity_len;
    char header[128];
    char body[1024];
    char error[SENDER_ERROR_SIZE];
};

static int open_server(void **state)
{
    struct server *self = calloc(1, sizeof *self);
    size_t len = sizeof self->config.sender.endpoint;

    assert_non_null(self);
    self->context = zmq_ctx_new();
    self->router = zmq_socket(self->context, ZMQ_ROUTER);
    assert_int_equal(zmq_bind(self->router, "tcp://127.0.0.1:*"), 0);
    config_defaults(&self->config);
    self->config.sender.curve = false;
    self->config.sender.timeout_ms = 10000;
    assert_int_equal(zmq_getsockopt(self->router, ZMQ_LAST_ENDPOINT, self->config.sender.endpoint, &len), 0);
    assert_int_equal(sender_new(&self->sender, &self->config, NULL, 2, NULL, NULL, self->error), STATUS_OK);
    *state = self;
    return 0;
}

static int close_server(void **state)
{
    struct server *self = *state;
    int linger = 0;

    sender_destroy(&self->sender);
    if (self->router != NULL) {
        zmq_setsockopt(self->router, ZMQ_LINGER, &linger, sizeof linger);
        zmq_close(self->router);
    }
    zmq_ctx_term(self->context);
    free(self);
    return 0;
}

/* Takes one request; false when there is none. */
static bool take(struct server *self)
{
    char frame[1024];
    int more = 1, len;
    size_t size = sizeof more;

    len = zmq_recv(self->router, self->identity, sizeof self->identity, ZMQ_DONTWAIT);
    if (len < 0) {
        return false;
    }
    self->identity_len = (size_t)len;
    self->header[0] = self->body[0] = '\0';
    for (int i = 0; more != 0; i++) {
        len = zmq_recv(self->router, frame, sizeof frame - 1, 0);
        assert_in_range(len, 0, sizeof frame - 1);
        frame[len] = '\0';
        if (i == 0) {
            assert_int_equal(len, 0);
        } else {
            snprintf(i == 1 ? self->header : self->body, i == 1 ? sizeof self->header : sizeof self->body, "%.*s",
                     i == 1 ? 127 : 1023, frame);
        }
        zmq_getsockopt(self->router, ZMQ_RCVMORE, &more, &size);
    }
    return true;
}

static void answer(struct server *self, const char *header, const char *body)
{
    assert_true(zmq_send(self->router, self->identity, self->identity_len, ZMQ_SNDMORE) >= 0);
    assert_true(zmq_send(self->router, "", 0, ZMQ_SNDMORE) >= 0);
    assert_true(zmq_send(self->router, header, strlen(header), body == NULL ? 0 : ZMQ_SNDMORE) >= 0);
    if (body != NULL) {
        assert_true(zmq_send(self->router, body, strlen(body), 0) >= 0);
    }
}

/* Turns the sender until the server is asked something whose header begins so; other requests are not answered. */
static void expect(struct server *self, const char *header)
{
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS;

    do {
        assert_true(clock_monotonic_ms() < until_ms);
        assert_int_equal(sender_turn(self->sender, -1, 5), STATUS_OK);
    } while (!take(self) || strncmp(self->header, header, strlen(header)) != 0);
}

/* Turns the sender until so many events are held, or a turn says otherwise. */
static enum status settle(struct server *self, size_t held)
{
    int64_t until_ms = clock_monotonic_ms() + DEADLINE_MS;
    enum status st = STATUS_OK;

    while (st == STATUS_OK && flight_held(sender_flight(self->sender)) > held) {
        assert_true(clock_monotonic_ms() < until_ms);
        st = sender_turn(self->sender, -1, 5);
    }
    return st;
}

static void welcome(struct server *self, const char *header)
{
    expect(self, "KTP/1 HELLO");
    answer(self, header, NULL);
    while (!flight_has_room(sender_flight(self->sender))) {
        assert_int_equal(sender_turn(self->sender, -1, 5), STATUS_OK);
    }
}

static void add(struct server *self, const char *event)
{
    assert_int_equal(flight_add(sender_flight(self->sender), event, strlen(event), 1), STATUS_OK);
}

static void reply(struct server *self, const char *body)
{
    char header[160];

    snprintf(header, sizeof header, "KTP/1 REPLY %s window=4", self->header + strlen("KTP/1 EVENTS "));
    answer(self, header, body);
}

static void sender__events__are_sent_and_counted(void **state)
{
    struct server *self = *state;

    welcome(self, "KTP/1 WELCOME window=4 event_bytes=1000 batch=10 heartbeat_ms=5000");
    assert_int_equal(flight_event_bytes(sender_flight(self->sender)), 1000);
    add(self, "{\"a\":1}");
    add(self, "{\"a\":2}");
    expect(self, "KTP/1 EVENTS 0");
    assert_string_equal(self->body, "{\"a\":1}\n{\"a\":2}\n");
    reply(self, "accepted\nduplicate\n");
    assert_int_equal(settle(self, 0), STATUS_OK);
    assert_int_equal(flight_count(sender_flight(self->sender), FLIGHT_ACCEPTED), 1);
    assert_int_equal(flight_count(sender_flight(self->sender), FLIGHT_DUPLICATE), 1);
}

static void sender__silent_server__gets_a_new_socket_and_the_same_request(void **state)
{
    struct server *self = *state;
    char first_header[128], first_identity[256];
    size_t first_len;

    welcome(self, "KTP/1 WELCOME window=4 event_bytes=1000 batch=10 heartbeat_ms=100");
    add(self, "{}");
    flight_close(sender_flight(self->sender));
    expect(self, "KTP/1 EVENTS");
    memcpy(first_header, self->header, sizeof first_header);
    memcpy(first_identity, self->identity, self->identity_len);
    first_len = self->identity_len;
    expect(self, "KTP/1 PING");
    expect(self, "KTP/1 HELLO");
    assert_false(self->identity_len == first_len && memcmp(self->identity, first_identity, first_len) == 0);
    answer(self, "KTP/1 WELCOME window=4 event_bytes=1000 batch=10 heartbeat_ms=5000", NULL);
    expect(self, "KTP/1 EVENTS");
    assert_string_equal(self->header, first_header);
    reply(self, "duplicate\n");
    assert_int_equal(settle(self, 0), STATUS_OK);
}

static void sender__server_started_anew__gets_what_was_not_answered(void **state)
{
    struct server *self = *state;
    int linger = 0;

    welcome(self, "KTP/1 WELCOME window=4 event_bytes=1000 batch=10 heartbeat_ms=5000");
    add(self, "{}");
    flight_close(sender_flight(self->sender));
    expect(self, "KTP/1 EVENTS");
    zmq_setsockopt(self->router, ZMQ_LINGER, &linger, sizeof linger);
    zmq_close(self->router);
    zmq_ctx_term(self->context); /* waits until the port is free again */
    self->context = zmq_ctx_new();
    self->router = zmq_socket(self->context, ZMQ_ROUTER);
    assert_int_equal(zmq_bind(self->router, self->config.sender.endpoint), 0);
    expect(self, "KTP/1 HELLO");
    answer(self, "KTP/1 WELCOME window=4 event_bytes=1000 batch=10 heartbeat_ms=5000", NULL);
    expect(self, "KTP/1 EVENTS");
    reply(self, "accepted\n");
    assert_int_equal(settle(self, 0), STATUS_OK);
}

static void sender__error_or_nonsense__ends_it(void **state)
{
    struct server *self = *state;

    welcome(self, "KTP/1 WELCOME window=4 event_bytes=1000 batch=10 heartbeat_ms=5000");
    add(self, "{}");
    flight_close(sender_flight(self->sender));
    expect(self, "KTP/1 EVENTS");
    reply(self, "accepted\naccepted\n");
    assert_int_equal(settle(self, 0), STATUS_FATAL);
    assert_non_null(strstr(sender_error(self->sender), "not those of KTP/1"));
    answer(self, "KTP/1 ERROR NOT_ALLOWED this connection has no key that is allowed", NULL);
    assert_int_equal(settle(self, 0), STATUS_FATAL);
    assert_non_null(strstr(sender_error(self->sender), "NOT_ALLOWED this connection has no key"));
}

static void sender__no_server__is_given_up(void **state)
{
    struct server *self = *state;

    zmq_close(self->router);
    self->router = NULL;
    self->config.sender.timeout_ms = 200;
    add(self, "{}");
    assert_int_equal(settle(self, 0), STATUS_RETRY);
    assert_non_null(strstr(sender_error(self->sender), "no answer"));
    assert_int_equal(flight_held(sender_flight(self->sender)), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sender__events__are_sent_and_counted, open_server, close_server),
        cmocka_unit_test_setup_teardown(sender__silent_server__gets_a_new_socket_and_the_same_request, open_server,
                                        close_server),
        cmocka_unit_test_setup_teardown(sender__server_started_anew__gets_what_was_not_answered, open_server,
                                        close_server),
        cmocka_unit_test_setup_teardown(sender__error_or_nonsense__ends_it, open_server, close_server),
        cmocka_unit_test_setup_teardown(sender__no_server__is_given_up, open_server, close_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
