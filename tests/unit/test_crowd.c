/* SPDX-License-Identifier: MIT */
/* test_crowd.c - when a scorer rests, and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scorer/crowd.h"

#define BEGUN_MS 1000000

static void crowd__events_one_by_one__no_rest(void **state)
{
    struct crowd crowd = {0};

    (void)state;
    for (int turn = 0; turn < 10; turn++) {
        assert_int_equal(crowd_rests_until(&crowd, BEGUN_MS + turn * 20, 1, false), 0);
    }
}

static void crowd__many_events__rests_from_when_the_turn_began(void **state)
{
    struct crowd crowd = {.begun_ms = BEGUN_MS};

    (void)state;
    assert_int_equal(crowd_rests_until(&crowd, BEGUN_MS + 20, 300, false), BEGUN_MS + 120);
}

static void crowd__a_batch_of_ingest__no_rest(void **state)
{
    struct crowd crowd = {.begun_ms = BEGUN_MS};

    (void)state;
    assert_int_equal(crowd_rests_until(&crowd, BEGUN_MS + 5, 100, false), 0);
}

/* A rest makes the next turn larger, which is no reason for another one: as many events a second come as before. */
static void crowd__a_moderate_pace__never_rests(void **state)
{
    struct crowd crowd = {.begun_ms = BEGUN_MS};
    const int64_t events_ms = 2;
    int64_t now_ms = BEGUN_MS;

    (void)state;
    assert_int_not_equal(crowd_rests_until(&crowd, now_ms += 10, 600, false), 0);
    assert_int_equal(crowd_rests_until(&crowd, now_ms += CROWD_TURN_MS, CROWD_TURN_MS * events_ms, false), 0);
    assert_int_equal(crowd_rests_until(&crowd, now_ms += 30, 30 * events_ms, false), 0);
}

static void crowd__goes_on__rests_each_time(void **state)
{
    struct crowd crowd = {.begun_ms = BEGUN_MS};
    const int64_t events_ms = 15;

    (void)state;
    for (int64_t now_ms = BEGUN_MS + CROWD_TURN_MS; now_ms < BEGUN_MS + 2000; now_ms += CROWD_TURN_MS) {
        assert_int_equal(crowd_rests_until(&crowd, now_ms, CROWD_TURN_MS * events_ms, false), now_ms + CROWD_TURN_MS);
    }
}

static void crowd__events_were_left__no_rest(void **state)
{
    struct crowd crowd = {.begun_ms = BEGUN_MS};

    (void)state;
    assert_int_equal(crowd_rests_until(&crowd, BEGUN_MS + 10, 1000, true), 0);
}

static void crowd__first_turn_after_the_start__no_rest(void **state)
{
    struct crowd crowd = {0};

    (void)state;
    assert_int_equal(crowd_rests_until(&crowd, BEGUN_MS, 40000, false), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(crowd__events_one_by_one__no_rest),
        cmocka_unit_test(crowd__many_events__rests_from_when_the_turn_began),
        cmocka_unit_test(crowd__a_batch_of_ingest__no_rest),
        cmocka_unit_test(crowd__a_moderate_pace__never_rests),
        cmocka_unit_test(crowd__goes_on__rests_each_time),
        cmocka_unit_test(crowd__events_were_left__no_rest),
        cmocka_unit_test(crowd__first_turn_after_the_start__no_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
