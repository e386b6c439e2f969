/* SPDX-License-Identifier: MIT */
/* test_request.c - the grammar of requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/request.h"

static enum status parse(const char *text, struct request_header *header)
{
    return request_header_parse(text, strlen(text), header);
}

static void header__each_verb__is_known(void **state)
{
    struct request_header header;

    (void)state;
    assert_int_equal(parse("KTP/1 HELLO", &header), STATUS_OK);
    assert_int_equal(header.verb, REQUEST_HELLO);
    assert_string_equal(header.tag, "-");
    assert_int_equal(parse("KTP/1 EVENT", &header), STATUS_OK);
    assert_int_equal(header.verb, REQUEST_EVENT);
    assert_string_equal(header.tag, "-");
    assert_int_equal(parse("KTP/1 EVENTS 17", &header), STATUS_OK);
    assert_int_equal(header.verb, REQUEST_EVENTS);
    assert_string_equal(header.tag, "17");
    assert_int_equal(parse("KTP/1 PING 0", &header), STATUS_OK);
    assert_int_equal(header.verb, REQUEST_PING);
    assert_string_equal(header.tag, "0");
}

static void header__longest_tag__is_kept(void **state)
{
    struct request_header header;

    (void)state;
    assert_int_equal(parse("KTP/1 EVENT 123456789012345678", &header), STATUS_OK);
    assert_string_equal(header.tag, "123456789012345678");
    assert_int_equal(parse("KTP/1 EVENT 1234567890123456789", &header), STATUS_INVALID);
    assert_string_equal(header.tag, "-");
}

static void header__anything_else__is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "KTP/1",
                                      "KTP/1 ",
                                      "KTP/2 HELLO",
                                      "ktp/1 HELLO",
                                      "KTP/1 hello",
                                      "KTP/1 HELLO 1",
                                      "KTP/1 HELLO ",
                                      "KTP/1 EVENT ",
                                      "KTP/1 EVENT -1",
                                      "KTP/1 EVENT 1 2",
                                      "KTP/1 EVENT  1",
                                      "KTP/1 EVENT 1\n",
                                      "KTP/1 EVENTSX",
                                      "KTP/1 EVE",
                                      "KTP/1 PING x",
                                      " KTP/1 PING"};
    struct request_header header;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(parse(bad[i], &header), STATUS_INVALID);
    }
    assert_int_equal(request_header_parse("KTP/1 PING\0", 11, &header), STATUS_INVALID);
}

static void header__too_long__is_refused(void **state)
{
    char text[REQUEST_HEADER_MAX + 1];
    struct request_header header;

    (void)state;
    memset(text, '1', sizeof text);
    memcpy(text, "KTP/1 PING ", 11);
    assert_int_equal(request_header_parse(text, sizeof text, &header), STATUS_INVALID);
}

static void assert_next(struct request_body *body, const char *wanted)
{
    const char *text = NULL;
    size_t len = 0;

    assert_true(request_body_next(body, &text, &len));
    assert_int_equal(len, strlen(wanted));
    assert_memory_equal(text, wanted, len);
}

static void assert_end(struct request_body *body)
{
    const char *text;
    size_t len;

    assert_false(request_body_next(body, &text, &len));
}

static void body__lines__come_in_order_without_blank_ones(void **state)
{
    static const char text[] = "\n{\"a\":1}\r\n \t\r\n  {\"b\" : 2} \n\n{}";
    struct request_body body = request_body_open(REQUEST_EVENTS, text, sizeof text - 1);

    (void)state;
    assert_int_equal(request_body_count(body, 100), 3);
    assert_int_equal(request_body_count(body, 2), 2);
    assert_next(&body, "{\"a\":1}");
    assert_next(&body, "{\"b\" : 2}");
    assert_next(&body, "{}");
    assert_end(&body);
    assert_end(&body);
}

static void body__last_line_ends_in_lf__is_the_last(void **state)
{
    struct request_body body = request_body_open(REQUEST_EVENTS, "x\ny\n", 4);

    (void)state;
    assert_next(&body, "x");
    assert_next(&body, "y");
    assert_end(&body);
}

static void body__one_event__may_hold_line_feeds(void **state)
{
    struct request_body body = request_body_open(REQUEST_EVENT, " {\n}\n", 5);

    (void)state;
    assert_int_equal(request_body_count(body, 10), 1);
    assert_next(&body, "{\n}");
    assert_end(&body);
}

static void body__nothing_in_it__has_no_event(void **state)
{
    (void)state;
    assert_int_equal(request_body_count(request_body_open(REQUEST_EVENTS, "", 0), 10), 0);
    assert_int_equal(request_body_count(request_body_open(REQUEST_EVENTS, "\n \r\n", 4), 10), 0);
    assert_int_equal(request_body_count(request_body_open(REQUEST_EVENT, " \n", 2), 10), 0);
}

static void body__nul_bytes__are_text(void **state)
{
    struct request_body body = request_body_open(REQUEST_EVENTS, "a\0b\nc", 5);
    const char *text;
    size_t len;

    (void)state;
    assert_true(request_body_next(&body, &text, &len));
    assert_int_equal(len, 3);
    assert_next(&body, "c");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(header__each_verb__is_known),
        cmocka_unit_test(header__longest_tag__is_kept),
        cmocka_unit_test(header__anything_else__is_refused),
        cmocka_unit_test(header__too_long__is_refused),
        cmocka_unit_test(body__lines__come_in_order_without_blank_ones),
        cmocka_unit_test(body__last_line_ends_in_lf__is_the_last),
        cmocka_unit_test(body__one_event__may_hold_line_feeds),
        cmocka_unit_test(body__nothing_in_it__has_no_event),
        cmocka_unit_test(body__nul_bytes__are_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
