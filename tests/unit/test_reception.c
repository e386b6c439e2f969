/* SPDX-License-Identifier: MIT */
/* test_reception.c - requests and their replies over inproc, with a database that never comes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <zmq.h>

#include "ingest/reception.h"

#define WAIT_MS 5000
#define NOW 1000000
#define BODY_SIZE 200000
#define GOOD(id)                                                                                                       \
    "{\"specversion\":\"1.0\",\"id\":\"" id "\",\"source\":\"s\",\"type\":\"vn.kipthoi.dossier.received.v1\","         \
    "\"time\":\"2016-01-12T08:00:00Z\",\"data\":{\"dossier\":\"D\",\"received\":\"2016-01-12T08:00:00Z\"}}"
#define WELCOME "KTP/1 WELCOME window=5 event_bytes=1024 batch=1000 heartbeat_ms=5000 request_bytes=4096"

struct fixture {
    struct config config;
    struct log log;
    void *context;
    void *sender;
    struct allow *allow;
    struct code_book *book;
    struct sources *sources;
    struct intake intake;
    struct stats stats;
    struct router *router;
    struct guard *guard;
    struct ledger *ledger;
    struct commit *commit;
    struct reception *reception;
    char header[512]; /* of the last reply */
    char body[BODY_SIZE];
};

static enum status register_cb(void *context, const char *name, int32_t *source_id)
{
    (void)context;
    (void)name;
    *source_id = 1;
    return STATUS_OK;
}

static void parcel_done_cb(void *context, struct parcel *parcel)
{
    reception_parcel_done(((struct fixture *)context)->reception, parcel);
}

static void stored_cb(void *context)
{
    (void)context;
}

/* routing_id NULL: one is made up. */
static void *new_sender_named(struct fixture *f, const char *routing_id)
{
    void *socket = zmq_socket(f->context, ZMQ_DEALER);
    int linger = 0;

    zmq_setsockopt(socket, ZMQ_LINGER, &linger, sizeof linger);
    if (routing_id != NULL) {
        assert_int_equal(zmq_setsockopt(socket, ZMQ_ROUTING_ID, routing_id, strlen(routing_id)), 0);
    }
    assert_int_equal(zmq_connect(socket, "inproc://ingest"), 0);
    return socket;
}

static void *new_sender(struct fixture *f)
{
    return new_sender_named(f, NULL);
}

static int setup_with(void **state, bool curve)
{
    struct fixture *f = calloc(1, sizeof *f);
    const struct commit_listener listener = {.parcel_done = parcel_done_cb, .stored = stored_cb, .context = f};
    static const struct guard_limits no_wire = {.port = -1};
    static const struct guard_kernel kernel = {wire_look, wire_port, wire_cut};
    char public_key[41];
    char secret_key[41];

    assert_non_null(f);
    config_defaults(&f->config);
    f->config.ingest.curve = curve;
    strcpy(f->config.ingest.endpoint, "inproc://ingest");
    f->config.ingest.window_events = 5;
    f->config.ingest.event_bytes = 1024;
    f->config.ingest.batch_bytes = 4096;
    f->config.ingest.queue_bytes = 65536;
    f->config.ingest.busy_after_ms = 3000;
    f->config.ingest.max_peers = 1;
    f->log = (struct log){.program = "test", .level = LOG_LEVEL_ERROR};
    assert_int_equal(zmq_curve_keypair(public_key, secret_key), 0);
    f->context = zmq_ctx_new();
    f->allow = allow_new();
    f->book = code_book_new();
    f->sources = sources_new(register_cb, f);
    f->router = router_new(f->context, &f->config, secret_key, &f->log);
    assert_non_null(f->router);
    f->guard = guard_new(&no_wire, &kernel, &f->log);
    f->commit = commit_new(&f->config, &f->log, &f->intake, &f->stats, &listener);
    f->ledger = ledger_new(&f->config, &f->log, commit_ledger_cb, f->commit);
    commit_use_ledger(f->commit, f->ledger);
    f->reception = reception_new(&(struct reception_parts){&f->config, f->allow, f->book, f->sources, &f->intake,
                                                           &f->stats, f->router, f->guard, f->ledger, f->commit});
    assert_non_null(f->reception);
    f->sender = new_sender(f);
    *state = f;
    return 0;
}

static int setup(void **state)
{
    return setup_with(state, false);
}

/* inproc knows no CURVE: what comes has no key. */
static int setup_curve(void **state)
{
    return setup_with(state, true);
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    reception_dismiss(f->reception);
    commit_destroy(&f->commit);
    assert_int_equal(reception_held_bytes(f->reception), 0);
    reception_destroy(&f->reception);
    ledger_destroy(&f->ledger);
    sources_destroy(&f->sources);
    intake_clear(&f->intake);
    router_destroy(&f->router);
    guard_destroy(&f->guard);
    code_book_destroy(&f->book);
    allow_destroy(&f->allow);
    zmq_close(f->sender);
    zmq_ctx_term(f->context);
    free(f);
    return 0;
}

static void wait_readable(void *socket)
{
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};

    assert_int_equal(zmq_poll(&item, 1, WAIT_MS), 1);
}

static bool waits(void *socket)
{
    zmq_pollitem_t item = {.socket = socket, .events = ZMQ_POLLIN};

    return zmq_poll(&item, 1, 0) > 0;
}

/* Sends a request and has it read; body NULL: none. */
static void put_from(struct fixture *f, void *socket, const char *header, const char *body)
{
    assert_int_equal(zmq_send(socket, "", 0, ZMQ_SNDMORE), 0);
    assert_true(zmq_send(socket, header, strlen(header), body != NULL ? ZMQ_SNDMORE : 0) >= 0);
    if (body != NULL) {
        assert_true(zmq_send(socket, body, strlen(body), 0) >= 0);
    }
    wait_readable(router_socket(f->router));
    reception_read(f->reception, NOW);
}

static void put(struct fixture *f, const char *header, const char *body)
{
    put_from(f, f->sender, header, body);
}

static void take_from(struct fixture *f, void *socket)
{
    char scrap[8];
    int len;

    wait_readable(socket);
    assert_int_equal(zmq_recv(socket, scrap, sizeof scrap, 0), 0);
    len = zmq_recv(socket, f->header, sizeof f->header - 1, 0);
    assert_true(len > 0);
    f->header[len] = '\0';
    len = 0;
    if (waits(socket)) {
        int more = 0;
        size_t size = sizeof more;

        assert_int_equal(zmq_getsockopt(socket, ZMQ_RCVMORE, &more, &size), 0);
        len = more != 0 ? zmq_recv(socket, f->body, BODY_SIZE - 1, 0) : 0;
        assert_true(len >= 0);
    }
    f->body[len] = '\0';
}

static void expect(struct fixture *f, const char *header, const char *body)
{
    take_from(f, f->sender);
    assert_string_equal(f->header, header);
    assert_string_equal(f->body, body);
}

/* The code of the ERROR reply. */
static void expect_error(struct fixture *f, const char *code)
{
    char wanted[64];

    snprintf(wanted, sizeof wanted, "KTP/1 ERROR %s ", code);
    take_from(f, f->sender);
    assert_memory_equal(f->header, wanted, strlen(wanted));
    assert_string_equal(f->body, "");
}

static void expect_start(struct fixture *f, const char *header, const char *body_start)
{
    take_from(f, f->sender);
    assert_string_equal(f->header, header);
    assert_memory_equal(f->body, body_start, strlen(body_start));
}

static void hello__tells_the_limits(void **state)
{
    struct fixture *f = *state;

    put(f, "KTP/1 HELLO", NULL);
    expect(f, WELCOME, "");
}

static void ping__returns_the_tag(void **state)
{
    struct fixture *f = *state;

    put(f, "KTP/1 PING 41", NULL);
    expect(f, "KTP/1 PONG 41 window=5", "");
    put(f, "KTP/1 PING", NULL);
    expect(f, "KTP/1 PONG - window=5", "");
}

static void errors__each_code__is_answered(void **state)
{
    struct fixture *f = *state;
    char body[5000];

    put(f, "KTP/1 EVENT x", "{}");
    expect_error(f, "HEADER");
    put(f, "KTP/1 HELLO", "{}");
    expect_error(f, "BODY");
    put(f, "KTP/1 EVENTS 1", NULL);
    expect_error(f, "BODY");
    put(f, "KTP/1 EVENTS 1", "\n \n");
    expect_error(f, "EMPTY");
    memset(body, 'x', sizeof body);
    body[4097] = '\0';
    put(f, "KTP/1 EVENTS 1", body);
    expect_error(f, "REQUEST_TOO_LARGE");
    for (size_t i = 0; i < 1001; i++) {
        memcpy(body + 2 * i, "x\n", 2);
    }
    body[2002] = '\0';
    put(f, "KTP/1 EVENTS 1", body);
    expect_error(f, "TOO_MANY");
    assert_int_equal(f->stats.received, 0);
}

static void frames__too_many_or_too_few__are_an_error(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(zmq_send(f->sender, "", 0, ZMQ_SNDMORE), 0);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(zmq_send(f->sender, "KTP/1 PING", 10, ZMQ_SNDMORE), 10);
    }
    put(f, "KTP/1 PING 1", NULL);
    expect_error(f, "FRAMES");
    assert_int_equal(zmq_send(f->sender, "KTP/1 PING", 10, 0), 10); /* no delimiter */
    wait_readable(router_socket(f->router));
    reception_read(f->reception, NOW);
    expect_error(f, "FRAMES");
    assert_int_equal(zmq_send(f->sender, "", 0, 0), 0);
    wait_readable(router_socket(f->router));
    reception_read(f->reception, NOW);
    expect_error(f, "FRAMES");
    put(f, "KTP/1 PING 2", NULL); /* and the peer is kept */
    expect(f, "KTP/1 PONG 2 window=5", "");
}

static void no_key__nothing_is_let_in(void **state)
{
    struct fixture *f = *state;

    put(f, "KTP/1 HELLO", NULL);
    expect_error(f, "NOT_ALLOWED");
    put(f, "KTP/1 EVENT 1", GOOD("a"));
    expect_error(f, "NOT_ALLOWED");
    assert_int_equal(f->stats.received, 0);
}

static void events__beyond_the_window__are_busy(void **state)
{
    struct fixture *f = *state;

    put(f, "KTP/1 EVENTS 1", GOOD("a") "\n" GOOD("b") "\n" GOOD("c"));
    assert_false(waits(f->sender));
    put(f, "KTP/1 EVENTS 2", GOOD("d") "\n" GOOD("e") "\n" GOOD("f"));
    expect_start(f, "KTP/1 REPLY 2 window=5", "busy CREDIT sender ");
    assert_int_equal(f->stats.words[ANSWER_BUSY], 3);
    assert_int_equal(intake_row(&f->intake, 0)->busy, 3);
    put(f, "KTP/1 EVENTS 3", GOOD("d") "\n" GOOD("e")); /* five are allowed */
    assert_false(waits(f->sender));
    assert_int_equal(reception_unanswered(f->reception), 2);
}

static void events__memory_full__are_busy(void **state)
{
    struct fixture *f = *state;

    f->config.ingest.queue_bytes = 100;
    put(f, "KTP/1 EVENT 1", GOOD("a")); /* the first is taken in whatever its size */
    assert_false(waits(f->sender));
    put(f, "KTP/1 EVENT 2", GOOD("b"));
    expect_start(f, "KTP/1 REPLY 2 window=5", "busy QUEUE_FULL server ");
}

static void events__database_away__are_busy_in_time(void **state)
{
    struct fixture *f = *state;

    put(f, "KTP/1 EVENTS 1", GOOD("a") "\n{}");
    assert_int_equal(reception_wait_ms(f->reception, NOW), 3000);
    reception_turn(f->reception, NOW + 2999);
    assert_false(waits(f->sender));
    reception_turn(f->reception, NOW + 3000);
    /* The invalid one too: its reason is told when it is safe in quarantine. */
    expect(f, "KTP/1 REPLY 1 window=5",
           "busy DATABASE_AWAY server the database cannot be reached; send again after 1000 ms\n"
           "busy DATABASE_AWAY server the database cannot be reached; send again after 1000 ms\n");
    assert_int_equal(reception_unanswered(f->reception), 0);
    assert_int_equal(reception_held_bytes(f->reception), 0);
    assert_int_equal(commit_queued(f->commit), 0);
    /* One of the source, one of nobody. */
    assert_int_equal(intake_row(&f->intake, 0)->busy, 1);
    assert_int_equal(intake_row(&f->intake, 1)->busy, 1);
    put(f, "KTP/1 EVENTS 2",
        GOOD("a") "\n" GOOD("b") "\n" GOOD("c") "\n" GOOD("d") "\n" GOOD("e")); /* credit is back */
    assert_false(waits(f->sender));
}

static void dismiss__all_waiting__are_told_in_order(void **state)
{
    struct fixture *f = *state;

    put(f, "KTP/1 EVENT 1", GOOD("a"));
    put(f, "KTP/1 EVENT 2", GOOD("b"));
    reception_dismiss(f->reception);
    expect_start(f, "KTP/1 REPLY 1 window=5", "busy STOPPING server ");
    expect_start(f, "KTP/1 REPLY 2 window=5", "busy STOPPING server ");
}

static void stop__events_that_come_then__are_sent_away(void **state)
{
    struct fixture *f = *state;

    reception_stop(f->reception);
    put(f, "KTP/1 EVENT 1", GOOD("a"));
    expect(f, "KTP/1 REPLY 1 window=5", "busy STOPPING server the service is stopping; send again after 5000 ms\n");
    assert_int_equal(reception_unanswered(f->reception), 0);
    assert_int_equal(intake_row(&f->intake, 0)->busy, 1);
    put(f, "KTP/1 PING 2", NULL);
    expect(f, "KTP/1 PONG 2 window=5", "");
}

static void peers__more_than_the_limit__are_told(void **state)
{
    struct fixture *f = *state;
    void *second = new_sender(f);

    put(f, "KTP/1 EVENT 1", GOOD("a")); /* at work: cannot be forgotten */
    put_from(f, second, "KTP/1 HELLO", NULL);
    take_from(f, second);
    assert_memory_equal(f->header, "KTP/1 ERROR TOO_MANY_PEERS ", 27);
    put_from(f, second, "KTP/1 EVENT 7", GOOD("b"));
    take_from(f, second);
    assert_string_equal(f->header, "KTP/1 REPLY 7 window=5");
    assert_memory_equal(f->body, "busy QUEUE_FULL ", 16);
    zmq_close(second);
}

/* A socket is closed by a thread of libzmq, and the router hears of it some time after zmq_close. */
static void wait_gone(struct fixture *f, const char *routing_id)
{
    zmq_msg_t identity;
    int tries = 0;

    assert_int_equal(zmq_msg_init_size(&identity, strlen(routing_id)), 0);
    memcpy(zmq_msg_data(&identity), routing_id, strlen(routing_id));
    while (router_reply(f->router, &identity, "KTP/1 PONG - window=5", "", 0)) {
        assert_true(tries++ < WAIT_MS);
        zmq_poll(NULL, 0, 1);
    }
    zmq_msg_close(&identity);
}

static void reply__peer_gone__is_counted(void **state)
{
    struct fixture *f = *state;
    void *leaving = new_sender_named(f, "leaving");

    put_from(f, leaving, "KTP/1 EVENT 1", GOOD("a"));
    zmq_close(leaving);
    wait_gone(f, "leaving");
    reception_dismiss(f->reception);
    assert_int_equal(f->stats.lost_replies, 1);
}

static void endpoint__local_ones__are_known(void **state)
{
    (void)state;
    assert_true(router_endpoint_is_local("ipc:///run/x"));
    assert_true(router_endpoint_is_local("tcp://127.0.0.1:7700"));
    assert_true(router_endpoint_is_local("tcp://[::1]:7700"));
    assert_false(router_endpoint_is_local("tcp://*:7700"));
    assert_false(router_endpoint_is_local("tcp://0.0.0.0:7700"));
    assert_false(router_endpoint_is_local("tcp://localhost.example.org:7700"));
    assert_false(router_endpoint_is_local("tcp://192.0.2.1:7700"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(hello__tells_the_limits),
        TEST(ping__returns_the_tag),
        TEST(errors__each_code__is_answered),
        TEST(frames__too_many_or_too_few__are_an_error),
        cmocka_unit_test_setup_teardown(no_key__nothing_is_let_in, setup_curve, teardown),
        TEST(events__beyond_the_window__are_busy),
        TEST(events__memory_full__are_busy),
        TEST(events__database_away__are_busy_in_time),
        TEST(dismiss__all_waiting__are_told_in_order),
        TEST(stop__events_that_come_then__are_sent_away),
        TEST(peers__more_than_the_limit__are_told),
        TEST(reply__peer_gone__is_counted),
        cmocka_unit_test(endpoint__local_ones__are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
