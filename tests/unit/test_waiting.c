/* SPDX-License-Identifier: MIT */
/* test_waiting.c - which lane takes which events, and when. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/peer.h"
#include "ingest/waiting.h"

#define ITEMS 400
#define START_MS 1000
#define BATCH_WAIT_MS 4

struct fixture {
    struct config config;
    struct waiting waiting;
    struct peers *peers;
    struct peer *brief; /* has nothing else on its way */
    struct peer *bulk;
    struct parcel *parcels[ITEMS]; /* of one event each */
    int used;
};

static int setup(void **state)
{
    static struct fixture fixture;
    const struct peer_limits limits = {
        .window_events = 1000, .budget_events = 10000, .floor_events = 10, .max_peers = 10, .idle_ms = 60000};

    memset(&fixture, 0, sizeof fixture);
    fixture.config.ingest.batch_events = 300;
    fixture.config.ingest.batch_bytes = 1 << 20;
    fixture.config.ingest.batch_wait_ms = BATCH_WAIT_MS;
    waiting_init(&fixture.waiting, &fixture.config);
    fixture.peers = peers_new(&limits);
    assert_non_null(fixture.peers);
    fixture.brief = peers_get(fixture.peers, "brief", 5, START_MS);
    fixture.bulk = peers_get(fixture.peers, "bulk", 4, START_MS);
    peer_add(fixture.bulk, 500);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    for (int i = 0; i < fixture->used; i++) {
        parcel_destroy(&fixture->parcels[i]);
    }
    peers_destroy(&fixture->peers);
    return 0;
}

static struct item *put(struct fixture *fixture, struct peer *peer, int64_t received_ms)
{
    zmq_msg_t identity;
    zmq_msg_t body;
    struct parcel *parcel;

    zmq_msg_init(&identity);
    zmq_msg_init(&body);
    parcel = parcel_new(&identity, &body, 1);
    assert_non_null(parcel);
    parcel->peer = peer;
    parcel->received_ms = received_ms;
    parcel->open = 1;
    parcel->items[0].parcel = parcel;
    parcel->items[0].payload = "{}";
    parcel->items[0].payload_len = 2;
    assert_int_equal(parcel_keep(parcel, "id", &parcel->items[0].id_at), STATUS_OK);
    fixture->parcels[fixture->used++] = parcel;
    waiting_put(&fixture->waiting, &parcel->items[0]);
    return &parcel->items[0];
}

static int64_t ms(struct fixture *fixture, enum waiting_share share, int64_t now_ms)
{
    return waiting_ms(&fixture->waiting, share, now_ms, true);
}

/* Takes a batch and tells how many it has; the first must be this one. */
static int gathered(struct fixture *fixture, enum waiting_share share, const struct item *first)
{
    struct batch *batch = waiting_gather(&fixture->waiting, share);
    int count;

    assert_non_null(batch);
    count = batch->count;
    if (first != NULL) {
        assert_ptr_equal(batch->items[0], first);
    }
    batch_destroy(&batch);
    return count;
}

static void one_event__nothing_under_way__goes_at_once(void **state)
{
    struct fixture *fixture = *state;

    assert_true(ms(fixture, WAITING_FOR_ALL, START_MS) == INT64_MAX);
    put(fixture, fixture->brief, START_MS);
    assert_int_equal(ms(fixture, WAITING_FOR_BRIEF, START_MS), 0);
    assert_int_equal(waiting_ms(&fixture->waiting, WAITING_FOR_BRIEF, START_MS, false), BATCH_WAIT_MS);
}

/* So many events, evenly, each taken at once. */
static int64_t arrive(struct fixture *fixture, int events, int64_t every_ms)
{
    int64_t now_ms = START_MS;

    for (int i = 0; i < events; i++, now_ms += every_ms) {
        put(fixture, fixture->brief, now_ms);
        assert_int_equal(gathered(fixture, WAITING_FOR_BRIEF, NULL), 1);
    }
    return now_ms;
}

static void one_after_the_other__goes_at_once(void **state)
{
    struct fixture *fixture = *state;
    int64_t now_ms = arrive(fixture, 100, 2);

    put(fixture, fixture->brief, now_ms);
    assert_int_equal(ms(fixture, WAITING_FOR_BRIEF, now_ms), 0);
}

static void crowd__waits_for_each_other__not_longer_than_batch_wait(void **state)
{
    struct fixture *fixture = *state;
    int64_t now_ms = arrive(fixture, 100, 1);

    put(fixture, fixture->brief, now_ms);
    assert_int_equal(ms(fixture, WAITING_FOR_BRIEF, now_ms), BATCH_WAIT_MS);
    assert_int_equal(ms(fixture, WAITING_FOR_BRIEF, now_ms + BATCH_WAIT_MS), 0);
}

static void crowd__many_at_once__go_at_once(void **state)
{
    struct fixture *fixture = *state;
    int64_t now_ms = arrive(fixture, 100, 1);

    for (int i = 0; i < 200; i++) {
        put(fixture, fixture->bulk, now_ms);
    }
    assert_int_equal(ms(fixture, WAITING_FOR_BULK, now_ms), 0);
}

static void crowd__is_over__goes_at_once(void **state)
{
    struct fixture *fixture = *state;
    int64_t now_ms = arrive(fixture, 100, 1) + 1000;

    put(fixture, fixture->brief, now_ms);
    assert_int_equal(ms(fixture, WAITING_FOR_BRIEF, now_ms), 0);
}

static void bulk__kept_lane__takes_brief_only(void **state)
{
    struct fixture *fixture = *state;
    const struct item *bulk = put(fixture, fixture->bulk, START_MS);
    const struct item *brief = put(fixture, fixture->brief, START_MS + 1);

    assert_int_equal(gathered(fixture, WAITING_FOR_BRIEF, brief), 1);
    assert_true(ms(fixture, WAITING_FOR_BRIEF, START_MS + 100) == INT64_MAX);
    assert_int_equal(gathered(fixture, WAITING_FOR_BULK, bulk), 1);
    brief = put(fixture, fixture->brief, START_MS + 2);
    assert_int_equal(gathered(fixture, WAITING_FOR_BULK, brief), 1);
}

static void only_lane__takes_who_came_first(void **state)
{
    struct fixture *fixture = *state;
    const struct item *first = put(fixture, fixture->bulk, START_MS);
    const struct item *second = put(fixture, fixture->brief, START_MS + 1);

    assert_int_equal(gathered(fixture, WAITING_FOR_ALL, first), 1);
    assert_int_equal(gathered(fixture, WAITING_FOR_ALL, second), 1);
    assert_int_equal(waiting_events(&fixture->waiting), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(one_event__nothing_under_way__goes_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(one_after_the_other__goes_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(crowd__waits_for_each_other__not_longer_than_batch_wait, setup, teardown),
        cmocka_unit_test_setup_teardown(crowd__many_at_once__go_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(crowd__is_over__goes_at_once, setup, teardown),
        cmocka_unit_test_setup_teardown(bulk__kept_lane__takes_brief_only, setup, teardown),
        cmocka_unit_test_setup_teardown(only_lane__takes_who_came_first, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
