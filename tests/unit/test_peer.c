/* SPDX-License-Identifier: MIT */
/* test_peer.c - credit by connection. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ingest/peer.h"

static int setup(void **state)
{
    static const struct peer_limits limits = {
        .window_events = 800, .budget_events = 1600, .floor_events = 100, .max_peers = 3, .idle_ms = 1000};

    *state = peers_new(&limits);
    return *state == NULL;
}

static int teardown(void **state)
{
    struct peers *peers = *state;

    peers_destroy(&peers);
    return 0;
}

static void window__few_peers__is_the_configured_one(void **state)
{
    assert_int_equal(peers_window(*state, 0), 800);
    assert_non_null(peers_get(*state, "a", 1, 0));
    assert_non_null(peers_get(*state, "b", 1, 0));
    assert_int_equal(peers_window(*state, 0), 800);
}

static void window__budget_is_shared__shrinks(void **state)
{
    assert_non_null(peers_get(*state, "a", 1, 0));
    assert_non_null(peers_get(*state, "b", 1, 0));
    assert_non_null(peers_get(*state, "c", 1, 0));
    assert_int_equal(peers_window(*state, 0), 533); /* 1600 / 3 */
}

static void window__slow_commits__is_halved(void **state)
{
    assert_int_equal(peers_window(*state, 200), 800);
    assert_int_equal(peers_window(*state, 201), 400);
}

static void window__never_below_the_floor(void **state)
{
    static const struct peer_limits limits = {
        .window_events = 800, .budget_events = 150, .floor_events = 100, .max_peers = 3, .idle_ms = 1000};
    struct peers *peers = peers_new(&limits);

    (void)state;
    assert_int_equal(peers_window(peers, 0), 150);
    assert_int_equal(peers_window(peers, 300), 100);
    peers_destroy(&peers);
}

static void get__same_id__is_the_same_peer(void **state)
{
    struct peer *peer = peers_get(*state, "\0ab", 3, 5);

    assert_ptr_equal(peers_get(*state, "\0ab", 3, 6), peer);
    assert_ptr_not_equal(peers_get(*state, "\0ac", 3, 6), peer);
    assert_ptr_not_equal(peers_get(*state, "\0a", 2, 6), peer);
    assert_int_equal(peers_count(*state), 3);
}

static void get__table_full__forgets_the_idle_only(void **state)
{
    struct peer *a = peers_get(*state, "a", 1, 0);
    struct peer *b = peers_get(*state, "b", 1, 0);
    struct peer *c = peers_get(*state, "c", 1, 0);

    peer_add(a, 1);
    peer_add(b, 1);
    peer_add(c, 1);
    assert_null(peers_get(*state, "d", 1, 0));
    peer_remove(b, 1);
    assert_non_null(peers_get(*state, "d", 1, 0));
    assert_int_equal(peers_count(*state), 3);
    assert_ptr_equal(peers_get(*state, "a", 1, 0), a);
    assert_int_equal(peer_unanswered(a), 1);
}

static void sweep__idle_long_enough__is_forgotten(void **state)
{
    struct peer *busy = peers_get(*state, "a", 1, 0);

    peer_add(busy, 7);
    assert_non_null(peers_get(*state, "b", 1, 0));
    assert_non_null(peers_get(*state, "c", 1, 500));
    peers_sweep(*state, 999);
    assert_int_equal(peers_count(*state), 3);
    peers_sweep(*state, 1000);
    assert_int_equal(peers_count(*state), 2);
    peers_sweep(*state, 100000);
    assert_int_equal(peers_count(*state), 1); /* the one that waits for answers */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(window__few_peers__is_the_configured_one, setup, teardown),
        cmocka_unit_test_setup_teardown(window__budget_is_shared__shrinks, setup, teardown),
        cmocka_unit_test_setup_teardown(window__slow_commits__is_halved, setup, teardown),
        cmocka_unit_test(window__never_below_the_floor),
        cmocka_unit_test_setup_teardown(get__same_id__is_the_same_peer, setup, teardown),
        cmocka_unit_test_setup_teardown(get__table_full__forgets_the_idle_only, setup, teardown),
        cmocka_unit_test_setup_teardown(sweep__idle_long_enough__is_forgotten, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
