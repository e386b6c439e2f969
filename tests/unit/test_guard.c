/* SPDX-License-Identifier: MIT */
/* test_guard.c - what connections may hold, with a kernel of our own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/guard.h"

#define PORT 7700
#define SHAKEN 300
#define WIRES 200

static const struct log quiet = {.program = "test", .level = LOG_LEVEL_ERROR};
static const struct guard_limits limits = {
    .bytes = 10000, .heartbeat_ms = 1000, .connections = 4, .shaking = 3, .port = PORT};

/* By descriptor; the cookie is 0 where nothing is open. */
static struct wire_sight wires[WIRES];
static int ports[WIRES];

static bool look(int fd, struct wire_sight *sight)
{
    *sight = wires[fd];
    return sight->cookie != 0;
}

static int port(int fd)
{
    return ports[fd];
}

static void cut(int fd)
{
    wires[fd].cookie = 0;
}

static int setup(void **state)
{
    static const struct guard_kernel kernel = {look, port, cut};

    memset(wires, 0, sizeof wires);
    *state = guard_new(&limits, &kernel, &quiet);
    return *state == NULL;
}

static int teardown(void **state)
{
    struct guard *guard = *state;

    guard_destroy(&guard);
    guard_destroy(&guard);
    return 0;
}

/* A connection comes, with a cookie unlike any before. */
static void comes(struct guard *guard, int fd, uint64_t sent)
{
    static uint64_t cookies;

    wires[fd] = (struct wire_sight){.cookie = ++cookies, .sent = sent};
    ports[fd] = PORT;
    guard_accepted(guard, fd, 0);
}

static void request_in_the_making__is_held__until_it_is_whole(void **state)
{
    comes(*state, 5, SHAKEN);
    wires[5].received = 4000;
    assert_int_equal(guard_turn(*state, 0), 25);
    assert_int_equal(guard_held_bytes(*state), 4000);
    assert_int_equal(guard_turn(*state, 10), 15); /* too early for another look */
    guard_heard(*state, 5, 3500);
    guard_turn(*state, 25);
    assert_int_equal(guard_held_bytes(*state), 4000 - 3500 - 3); /* 25 ms of heartbeats */
    assert_int_equal(guard_connections(*state), 1);
    assert_int_equal(guard_cuts(*state), 0);
}

static void too_much_held__those_that_hold_the_most_are_cut(void **state)
{
    comes(*state, 5, SHAKEN);
    comes(*state, 6, SHAKEN);
    comes(*state, 190, SHAKEN);
    wires[5].received = 6000;
    wires[6].received = 4000;
    wires[190].received = 7000;
    guard_turn(*state, 0);
    assert_int_equal(guard_cuts(*state), 1);
    assert_int_equal(wires[190].cookie, 0);
    assert_int_equal(guard_held_bytes(*state), 10000);
    wires[6].received = 4100;
    guard_turn(*state, 25);
    assert_int_equal(guard_cuts(*state), 2);
    assert_int_equal(wires[5].cookie, 0);
    assert_int_equal(guard_connections(*state), 1);
}

static void replies__not_taken__are_held(void **state)
{
    comes(*state, 5, SHAKEN);
    guard_replied(*state, 5, 9000);
    guard_turn(*state, 0);
    assert_int_equal(guard_held_bytes(*state), 9000 - SHAKEN);
    wires[5].sent += 9000;
    guard_turn(*state, 25);
    assert_int_equal(guard_held_bytes(*state), 0);
    guard_replied(*state, 5, 11000);
    guard_turn(*state, 50);
    assert_int_equal(guard_cuts(*state), 1);
}

/* A peer that beats as it was told holds nothing, whatever it has sent in a month; nor does it save any up. */
static void heartbeats__are_no_request(void **state)
{
    comes(*state, 5, SHAKEN);
    for (int64_t s = 1; s <= 100000; s++) {
        wires[5].received += 90;
        guard_turn(*state, s * 1000);
    }
    assert_int_equal(guard_held_bytes(*state), 0);
    wires[5].received += 5000;
    guard_turn(*state, INT64_C(100000025));
    assert_in_range(guard_held_bytes(*state), 4990, 5000);
}

static void without_handshake__a_few_kilobytes__are_too_many(void **state)
{
    comes(*state, 5, 100);
    wires[5].received = 4096;
    guard_turn(*state, 0);
    assert_int_equal(guard_cuts(*state), 0);
    wires[5].received = 4097;
    guard_turn(*state, 25);
    assert_int_equal(guard_cuts(*state), 1);
}

static void without_handshake__only_the_latest_stay(void **state)
{
    comes(*state, 9, SHAKEN); /* the first to come, and past its handshake */
    for (int fd = 10; fd < 15; fd++) {
        comes(*state, fd, 0);
    }
    guard_turn(*state, 0);
    assert_int_equal(guard_cuts(*state), 2);
    assert_int_equal(wires[10].cookie, 0);
    assert_int_equal(wires[11].cookie, 0);
    assert_int_equal(guard_connections(*state), 4);
}

/* Those that are here stay: who comes when there are too many is cut. */
static void past_the_handshake__one_too_many__is_cut(void **state)
{
    for (int fd = 10; fd < 14; fd++) {
        comes(*state, fd, SHAKEN);
    }
    comes(*state, 5, 0);
    guard_turn(*state, 0);
    assert_int_equal(guard_cuts(*state), 0);
    wires[5].sent = SHAKEN;
    guard_turn(*state, 25);
    assert_int_equal(guard_cuts(*state), 1);
    assert_int_equal(wires[5].cookie, 0);
    wires[10].cookie = 0; /* one leaves, and so does one whose number another gets */
    comes(*state, 11, SHAKEN);
    comes(*state, 5, SHAKEN);
    guard_turn(*state, 50);
    assert_int_equal(guard_cuts(*state), 1);
    assert_int_equal(guard_connections(*state), 4);
}

/* 64 shake hands: 2 ms more than for a few. */
static void looks__at_many__are_rarer(void **state)
{
    static const struct guard_limits wide = {.bytes = 10000, .heartbeat_ms = 1000, .shaking = 100, .port = PORT};
    static const struct guard_kernel kernel = {look, port, cut};
    struct guard *guard = guard_new(&wide, &kernel, &quiet);

    (void)state;
    assert_non_null(guard);
    for (int fd = 0; fd < 64; fd++) {
        comes(guard, fd, 0);
    }
    assert_int_equal(guard_turn(guard, 0), 27);
    guard_destroy(&guard);
}

/* libzmq closes descriptors by itself, and the kernel gives their numbers away. */
static void descriptor__of_another_connection__is_not_touched(void **state)
{
    comes(*state, 5, SHAKEN);
    wires[5] = (struct wire_sight){.cookie = 999999, .received = 50000};
    ports[5] = 41000;
    guard_turn(*state, 0);
    assert_int_equal(guard_held_bytes(*state), 0);
    assert_int_equal(guard_turn(*state, 25), INT64_MAX); /* nothing is left to look at */
    guard_accepted(*state, 5, 25);                       /* told late: the number is the database's by now */
    guard_accepted(*state, 6, 25);                       /* or nobody's */
    guard_accepted(*state, -1, 25);
    guard_turn(*state, 50);
    assert_int_equal(guard_connections(*state), 0);
    assert_int_equal(wires[5].cookie, 999999);
}

static void connection__not_known__is_passed_over(void **state)
{
    guard_heard(*state, -1, 10);
    guard_heard(*state, 7, 10);
    guard_replied(*state, 700, 10);
    assert_int_equal(guard_turn(*state, 0), INT64_MAX);
    assert_int_equal(guard_held_bytes(*state), 0);
}

static void frame__on_the_wire__has_its_overhead(void **state)
{
    (void)state;
    assert_int_equal(wire_frame_bytes(0), 35);
    assert_int_equal(wire_frame_bytes(222), 257);
    assert_int_equal(wire_frame_bytes(223), 265);
}

int main(void)
{
#define EACH(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        EACH(request_in_the_making__is_held__until_it_is_whole),
        EACH(too_much_held__those_that_hold_the_most_are_cut),
        EACH(replies__not_taken__are_held),
        EACH(heartbeats__are_no_request),
        EACH(without_handshake__a_few_kilobytes__are_too_many),
        EACH(without_handshake__only_the_latest_stay),
        EACH(looks__at_many__are_rarer),
        EACH(past_the_handshake__one_too_many__is_cut),
        EACH(descriptor__of_another_connection__is_not_touched),
        EACH(connection__not_known__is_passed_over),
        EACH(frame__on_the_wire__has_its_overhead),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
