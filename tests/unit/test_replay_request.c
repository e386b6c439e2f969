/* SPDX-License-Identifier: MIT */
/* test_replay_request.c - the grammar of docs/feed.md, frame by frame. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "notifier/replay_request.h"

#define FRAME(text)                                                                                                    \
    {                                                                                                                  \
        (text), sizeof(text) - 1                                                                                       \
    }

static struct replay_request request;
static struct replay_refusal refusal;

static enum status parse(const struct replay_frame *frames, size_t count)
{
    refusal.code = "";
    return replay_request_parse(frames, count, &request, &refusal);
}

static void assert_refused(const struct replay_frame *frames, size_t count, const char *code)
{
    assert_int_equal(parse(frames, count), STATUS_INVALID);
    assert_string_equal(refusal.code, code);
    assert_true(strlen(refusal.sentence) > 0);
}

static void replay_request__topics_alone__asks_for_all(void **state)
{
    const struct replay_frame frames[] = {FRAME(""), FRAME("KTP/1 TOPICS")};

    (void)state;
    assert_int_equal(parse(frames, 2), STATUS_OK);
    assert_int_equal(request.kind, REPLAY_TOPICS);
    assert_string_equal(request.topic, "");
    assert_string_equal(request.after, "");
}

static void replay_request__topics_with_prefix_and_place__takes_both(void **state)
{
    const struct replay_frame frames[] = {FRAME(""), FRAME("KTP/1 TOPICS"), FRAME("letter.owed/"),
                                          FRAME("letter.owed/H29 ph\xC3\xB2ng 1")};

    (void)state;
    assert_int_equal(parse(frames, 4), STATUS_OK);
    assert_string_equal(request.topic, "letter.owed/");
    assert_string_equal(request.after, "letter.owed/H29 ph\xC3\xB2ng 1");
}

static void replay_request__replay__takes_number_and_topic(void **state)
{
    const struct replay_frame frames[] = {FRAME(""), FRAME("KTP/1 REPLAY 999999999999999999"), FRAME("letter.void/")};

    (void)state;
    assert_int_equal(parse(frames, 3), STATUS_OK);
    assert_int_equal(request.kind, REPLAY_ALERTS);
    assert_true(request.from == INT64_C(999999999999999999));
    assert_string_equal(request.topic, "letter.void/");
}

static void replay_request__number_out_of_grammar__is_malformed(void **state)
{
    static const char *const headers[] = {
        "KTP/1 REPLAY",    "KTP/1 REPLAY ",   "KTP/1 REPLAY 0",
        "KTP/1 REPLAY 01", "KTP/1 REPLAY -1", "KTP/1 REPLAY +1",
        "KTP/1 REPLAY 1 ", "KTP/1 REPLAY 1x", "KTP/1 REPLAY 1000000000000000000", /* 19 digits */
    };

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const struct replay_frame frames[] = {FRAME(""), {headers[i], strlen(headers[i])}, FRAME("t")};

        assert_refused(frames, 3, REPLAY_MALFORMED);
    }
}

static void replay_request__unknown_header__is_malformed(void **state)
{
    static const char *const headers[] = {"",      "KTP/1", "KTP/1 ", "KTP/2 TOPICS", "KTP/1 topics", "KTP/1 TOPICS ",
                                          "TOPICS"};

    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const struct replay_frame frames[] = {FRAME(""), {headers[i], strlen(headers[i])}};

        assert_refused(frames, 2, REPLAY_MALFORMED);
    }
}

static void replay_request__no_delimiter__is_malformed(void **state)
{
    const struct replay_frame frames[] = {FRAME("KTP/1 TOPICS"), FRAME("KTP/1 TOPICS")};

    (void)state;
    assert_refused(frames, 0, REPLAY_MALFORMED);
    assert_refused(frames, 1, REPLAY_MALFORMED);
    assert_refused(frames, 2, REPLAY_MALFORMED);
}

static void replay_request__replay_without_one_topic__is_malformed(void **state)
{
    const struct replay_frame frames[] = {FRAME(""), FRAME("KTP/1 REPLAY 1"), FRAME("t"), FRAME("u")};
    const struct replay_frame empty[] = {FRAME(""), FRAME("KTP/1 REPLAY 1"), {NULL, 0}};

    (void)state;
    assert_refused(frames, 2, REPLAY_MALFORMED);
    assert_refused(frames, 4, REPLAY_MALFORMED);
    assert_refused(empty, 3, REPLAY_MALFORMED);
}

static void replay_request__nul_in_topic__is_malformed(void **state)
{
    const struct replay_frame frames[] = {FRAME(""), FRAME("KTP/1 REPLAY 1"), FRAME("letter\0owed")};

    (void)state;
    assert_refused(frames, 3, REPLAY_MALFORMED);
}

static void replay_request__topic_of_256_octets__is_the_longest(void **state)
{
    char topic[REPLAY_REQUEST_TOPIC_MAX + 1];
    struct replay_frame frames[] = {FRAME(""), FRAME("KTP/1 REPLAY 1"), {topic, REPLAY_REQUEST_TOPIC_MAX}};

    (void)state;
    memset(topic, 't', sizeof topic);
    assert_int_equal(parse(frames, 3), STATUS_OK);
    assert_int_equal(strlen(request.topic), 256);
    frames[2].len++;
    assert_refused(frames, 3, REPLAY_TOO_LARGE);
}

static void replay_request__too_much__is_too_large(void **state)
{
    char header[REPLAY_REQUEST_HEADER_MAX + 1];
    const struct replay_frame five[] = {FRAME(""), FRAME("KTP/1 TOPICS"), FRAME(""), FRAME(""), FRAME("")};
    const struct replay_frame long_header[] = {FRAME(""), {header, sizeof header}};

    (void)state;
    memset(header, 'x', sizeof header);
    assert_refused(five, 5, REPLAY_TOO_LARGE);
    assert_refused(long_header, 2, REPLAY_TOO_LARGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replay_request__topics_alone__asks_for_all),
        cmocka_unit_test(replay_request__topics_with_prefix_and_place__takes_both),
        cmocka_unit_test(replay_request__replay__takes_number_and_topic),
        cmocka_unit_test(replay_request__number_out_of_grammar__is_malformed),
        cmocka_unit_test(replay_request__unknown_header__is_malformed),
        cmocka_unit_test(replay_request__no_delimiter__is_malformed),
        cmocka_unit_test(replay_request__replay_without_one_topic__is_malformed),
        cmocka_unit_test(replay_request__nul_in_topic__is_malformed),
        cmocka_unit_test(replay_request__topic_of_256_octets__is_the_longest),
        cmocka_unit_test(replay_request__too_much__is_too_large),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
