/* SPDX-License-Identifier: MIT */
/* Requests in flight: window, tags, answers, retries. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "cli/flight.h"

struct refused {
    int count;
    int64_t line;
    char text[128];
};

static void refused_cb(void *context, const struct flight_refusal *refusal)
{
    struct refused *refused = context;

    refused->count++;
    refused->line = refusal->line;
    snprintf(refused->text, sizeof refused->text, "%s|%s|%s", refusal->word, refusal->code, refusal->sentence);
}

static struct flight *open_flight(size_t batch, uint64_t window, struct refused *refused)
{
    struct flight *flight = flight_new(batch, refused_cb, refused);
    struct flight_limits limits = {.window = window, .batch = 1000, .event_bytes = 65536};

    assert_non_null(flight);
    assert_false(flight_has_room(flight));
    flight_limit(flight, &limits);
    return flight;
}

/* Adds events "e<line>" with lines first..last. */
static void add(struct flight *flight, int first, int last)
{
    char event[16];

    for (int line = first; line <= last; line++) {
        sprintf(event, "e%d", line);
        assert_true(flight_has_room(flight));
        assert_int_equal(flight_add(flight, event, strlen(event), line), STATUS_OK);
    }
}

static uint64_t expect_request(struct flight *flight, int64_t now_ms, const char *body)
{
    struct flight_request request;

    assert_true(flight_next(flight, now_ms, &request));
    assert_int_equal(request.body_len, strlen(body));
    assert_memory_equal(request.body, body, request.body_len);
    flight_sent(flight, request.tag, now_ms);
    return request.tag;
}

static void expect_none(struct flight *flight, int64_t now_ms)
{
    struct flight_request request;

    assert_false(flight_next(flight, now_ms, &request));
}

static void answer(struct flight *flight, uint64_t tag, const char *body, int64_t now_ms)
{
    assert_int_equal(flight_answer(flight, tag, body, strlen(body), now_ms), STATUS_OK);
}

static void flight__full_and_closed_requests__are_sent_in_order(void **state)
{
    struct refused refused = {0};
    struct flight *flight = open_flight(2, 100, &refused);
    uint64_t first, second;

    (void)state;
    add(flight, 1, 3);
    first = expect_request(flight, 0, "e1\ne2\n");
    expect_none(flight, 0);
    flight_close(flight);
    second = expect_request(flight, 0, "e3\n");
    answer(flight, second, "duplicate\n", 5);
    answer(flight, first, "accepted\naccepted", 6);
    assert_int_equal(flight_held(flight), 0);
    assert_int_equal(flight_count(flight, FLIGHT_ACCEPTED), 2);
    assert_int_equal(flight_count(flight, FLIGHT_DUPLICATE), 1);
    assert_int_equal(refused.count, 0);
    flight_destroy(&flight);
}

static void flight__window__is_never_exceeded(void **state)
{
    struct refused refused = {0};
    struct flight *flight = open_flight(4, 6, &refused);
    uint64_t first;

    (void)state;
    add(flight, 1, 6);
    assert_false(flight_has_room(flight));
    flight_close(flight);
    first = expect_request(flight, 0, "e1\ne2\ne3\ne4\n");
    flight_window(flight, 5); /* it shrinks: the second request no longer fits */
    expect_none(flight, 0);
    answer(flight, first, "accepted\naccepted\naccepted\naccepted\n", 1);
    (void)expect_request(flight, 1, "e5\ne6\n");
    flight_window(flight, 0);
    assert_false(flight_has_room(flight));
    flight_destroy(&flight);
}

static void flight__window_below_a_request__sends_a_part(void **state)
{
    struct refused refused = {0};
    struct flight *flight = open_flight(4, 8, &refused);
    uint64_t tag;

    (void)state;
    add(flight, 1, 4);
    flight_window(flight, 3);
    tag = expect_request(flight, 0, "e1\ne2\ne3\n");
    expect_none(flight, 0);
    answer(flight, tag, "accepted\nrejected NOT_JSON sender no value\naccepted\n", 1);
    assert_int_equal(refused.line, 2);
    tag = expect_request(flight, 1, "e4\n");
    answer(flight, tag, "rejected NOT_JSON sender no value\n", 2);
    assert_int_equal(refused.line, 4);
    assert_int_equal(flight_held(flight), 0);
    flight_destroy(&flight);
}

static void flight__busy_events__come_again_after_a_pause(void **state)
{
    struct refused refused = {0};
    struct flight *flight = open_flight(5, 100, &refused);
    uint64_t tag, again;
    int64_t pause_ms;

    (void)state;
    add(flight, 1, 5);
    tag = expect_request(flight, 1000, "e1\ne2\ne3\ne4\ne5\n");
    answer(flight, tag,
           "accepted\nbusy QUEUE_FULL server wait\nduplicate\nbusy QUEUE_FULL server wait\n"
           "conflict CONFLICT sender other content\n",
           1000);
    assert_int_equal(flight_held(flight), 2);
    assert_int_equal(flight_count(flight, FLIGHT_BUSY), 2);
    assert_int_equal(refused.count, 1);
    assert_int_equal(refused.line, 5);
    assert_string_equal(refused.text, "conflict|CONFLICT|other content");
    pause_ms = flight_pause_ms(flight, 1000);
    assert_in_range(pause_ms, 100, 201);
    expect_none(flight, 1000 + pause_ms - 1);
    again = expect_request(flight, 1000 + pause_ms, "e2\ne4\n");
    assert_int_not_equal(again, tag);
    answer(flight, tag, "accepted\naccepted\naccepted\naccepted\naccepted\n", 1300); /* of the first sending */
    assert_int_equal(flight_held(flight), 2);
    answer(flight, again, "rejected TIME_INVALID sender no time\naccepted\n", 1300);
    assert_int_equal(refused.line, 2);
    assert_int_equal(flight_held(flight), 0);
    assert_int_equal(flight_count(flight, FLIGHT_ACCEPTED), 2);
    flight_destroy(&flight);
}

static void flight__lost_answers__are_asked_for_again(void **state)
{
    struct refused refused = {0};
    struct flight *flight = open_flight(1, 2, &refused);
    uint64_t first, second;

    (void)state;
    add(flight, 1, 2);
    first = expect_request(flight, 100, "e1\n");
    second = expect_request(flight, 200, "e2\n");
    flight_resend(flight, 150);
    assert_int_equal(expect_request(flight, 300, "e1\n"), first);
    expect_none(flight, 300);
    flight_resend(flight, INT64_MAX);
    answer(flight, second, "accepted\n", 301); /* came after all */
    assert_int_equal(expect_request(flight, 302, "e1\n"), first);
    expect_none(flight, 302);
    answer(flight, first, "accepted\n", 303);
    answer(flight, first, "duplicate\n", 304); /* the second answer of two */
    assert_int_equal(flight_count(flight, FLIGHT_ACCEPTED), 2);
    assert_int_equal(flight_count(flight, FLIGHT_DUPLICATE), 0);
    assert_int_equal(flight_held(flight), 0);
    flight_destroy(&flight);
}

static void flight__answers_of_another_protocol__are_refused(void **state)
{
    static const char *const bad[] = {"accepted\n", "accepted\naccepted\naccepted\n", "accepted\nok\n", "", "\n\n"};
    struct refused refused = {0};
    struct flight *flight = open_flight(2, 2, &refused);
    uint64_t tag;

    (void)state;
    add(flight, 1, 2);
    tag = expect_request(flight, 0, "e1\ne2\n");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(flight_answer(flight, tag, bad[i], strlen(bad[i]), 0), STATUS_INVALID);
    }
    assert_int_equal(flight_answer(flight, tag + 1, "nonsense", 8, 0), STATUS_OK);
    assert_int_equal(flight_held(flight), 2);
    flight_destroy(&flight);
}

static void flight__many_single_events__use_each_place_again(void **state)
{
    struct refused refused = {0};
    struct flight *flight = open_flight(1, 5000, &refused);
    int line = 1;

    (void)state;
    for (int round = 0; round < 3; round++) {
        struct flight_request request;
        uint64_t tags[2000];
        size_t sent = 0;

        while (flight_has_room(flight)) {
            add(flight, line, line);
            line++;
        }
        while (flight_next(flight, 0, &request)) {
            flight_sent(flight, request.tag, 0);
            tags[sent++] = request.tag;
        }
        assert_int_equal(sent, 1024);
        for (size_t i = 0; i < sent; i++) {
            answer(flight, tags[i], "accepted\n", 0);
        }
        assert_int_equal(flight_held(flight), 0);
    }
    assert_int_equal(flight_count(flight, FLIGHT_ACCEPTED), 3072);
    flight_destroy(&flight);
}

/* Four fit into a request: the places are used up long before the window is, and none is asked for in vain. */
static void flight__long_events__wait_for_a_free_place(void **state)
{
    static char event[60000];
    struct refused refused = {0};
    struct flight *flight = open_flight(1000, 8000, &refused);
    struct flight_request request;
    int added = 0;

    (void)state;
    memset(event, 'e', sizeof event);
    while (flight_has_room(flight)) {
        assert_int_equal(flight_add(flight, event, sizeof event, ++added), STATUS_OK);
    }
    assert_in_range(added, 1024 * 3, 1024 * 4);
    flight_close(flight);
    assert_true(flight_next(flight, 0, &request));
    flight_sent(flight, request.tag, 0);
    answer(flight, request.tag, "accepted\naccepted\naccepted\naccepted\n", 0);
    assert_true(flight_has_room(flight));
    flight_destroy(&flight);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flight__full_and_closed_requests__are_sent_in_order),
        cmocka_unit_test(flight__window__is_never_exceeded),
        cmocka_unit_test(flight__window_below_a_request__sends_a_part),
        cmocka_unit_test(flight__busy_events__come_again_after_a_pause),
        cmocka_unit_test(flight__lost_answers__are_asked_for_again),
        cmocka_unit_test(flight__answers_of_another_protocol__are_refused),
        cmocka_unit_test(flight__many_single_events__use_each_place_again),
        cmocka_unit_test(flight__long_events__wait_for_a_free_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
