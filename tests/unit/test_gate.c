/* SPDX-License-Identifier: MIT */
/*
 * test_gate.c - every word the gate says, at the byte it says it.
 *
 * Inputs are laid against a page that cannot be read, so that one byte read too many ends the program.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "ingest/gate.h"

/* A text that may hold NUL, and its length. */
#define TEXT(literal) literal, sizeof(literal) - 1
#define COUNT(table) (sizeof(table) / sizeof *(table))

#define GUARDED_SIZE ((size_t)1 << 20)

struct gate_case {
    const char *text;
    size_t len;
    const char *code; /* NULL: passes */
    const char *part; /* of the sentence */
};

/* GUARDED_SIZE bytes, and a page behind them that faults. */
static char *guarded;

static int guarded_setup(void **state)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);

    (void)state;
    guarded = mmap(NULL, GUARDED_SIZE + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return guarded == MAP_FAILED ? -1 : mprotect(guarded + GUARDED_SIZE, page, PROT_NONE);
}

static int guarded_teardown(void **state)
{
    (void)state;
    return munmap(guarded, GUARDED_SIZE + (size_t)sysconf(_SC_PAGESIZE));
}

static enum status check(const char *text, size_t len, struct refusal *refusal)
{
    char *at = guarded + GUARDED_SIZE - len;

    assert_true(len <= GUARDED_SIZE);
    memcpy(at, text, len);
    *refusal = (struct refusal){0};
    return gate_check(at, len, refusal);
}

static void run(const struct gate_case *cases, size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        const struct gate_case *c = &cases[i];
        struct refusal refusal;
        enum status st = check(c->text, c->len, &refusal);
        const char *code = st == STATUS_OK ? NULL : refusal.code;

        if ((c->code == NULL) != (code == NULL) || (code != NULL && strcmp(code, c->code) != 0) ||
            (code != NULL && c->part != NULL && strstr(refusal.sentence, c->part) == NULL)) {
            print_error("case %zu <%.60s>: expected %s (%s), got %s (%s)\n", i, c->text, c->code ? c->code : "passed",
                        c->part ? c->part : "", code ? code : "passed", refusal.sentence);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void gate__valid_objects__pass(void **state)
{
    static const struct gate_case cases[] = {
        {TEXT("{}"), NULL, NULL},
        {TEXT(" \t\r\n{ \t\r\n} \t\r\n"), NULL, NULL},
        {TEXT("{\"\":\"\"}"), NULL, NULL},
        {TEXT("{\"a\":1}"), NULL, NULL},
        {TEXT("{ \"a\" : [ ] , \"b\" : { } }"), NULL, NULL},
        {TEXT("{\"a\":[1,\"x\",true,false,null,[],{}]}"), NULL, NULL},
        {TEXT("{\"a\":{\"a\":{\"a\":null}}}"), NULL, NULL}, /* the same key in different objects */
        {TEXT("{\"a\":1,\"A\":2,\"aa\":3,\"\":4}"), NULL, NULL},
        {TEXT("{\"s\":\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0001\\u00e9\\uFFFF\"}"), NULL, NULL},
        {TEXT("{\"s\":\"\\ud83d\\ude00 \\uDBFF\\uDFFF \\uD800\\uDC00\"}"), NULL, NULL},
        {TEXT("{\"s\":\"\x7f\"}"), NULL, NULL},
        {TEXT(
             "{\"h\xe1\xbb\x93 s\xc6\xa1\":\"\xc2\x80 \xdf\xbf \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbf\"}"),
         NULL, NULL},
        {TEXT("{\"s\":\"\xf0\x90\x80\x80 \xf4\x8f\xbf\xbf\"}"), NULL, NULL},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void gate__what_is_no_json__is_refused(void **state)
{
    static const struct gate_case cases[] = {
        {TEXT(""), "NOT_JSON", "byte 0: the text ends where '{' is expected"},
        {TEXT(" \n"), "NOT_JSON", "byte 2: the text ends"},
        {TEXT("\0"), "NOT_JSON", "byte 0: 0x00"},
        {TEXT("x"), "NOT_JSON", "byte 0: 0x78"},
        {TEXT("}"), "NOT_JSON", NULL},
        {TEXT("+1"), "NOT_JSON", NULL},
        {TEXT("\xef\xbb\xbf{}"), "NOT_JSON", "byte 0: 0xef where '{' is expected"}, /* byte order mark */
        {TEXT("\xff\xfe{\0}\0"), "NOT_JSON", "byte 0: 0xff"},
        {TEXT("\v{}"), "NOT_JSON", "0x0b"},
        {TEXT("\xc2\xa0{}"), "NOT_JSON", NULL},
        {TEXT("{"), "NOT_JSON", "byte 1: the text ends where a key is expected"},
        {TEXT("{ "), "NOT_JSON", "byte 2: the text ends where a key"},
        {TEXT("{,}"), "NOT_JSON", "byte 1: 0x2c where a key is expected"},
        {TEXT("{a:1}"), "NOT_JSON", "byte 1: 0x61 where a key is expected"},
        {TEXT("{'a':1}"), "NOT_JSON", "byte 1"},
        {TEXT("{1:1}"), "NOT_JSON", "byte 1"},
        {TEXT("{\"a\"}"), "NOT_JSON", "byte 4: 0x7d where ':' is expected"},
        {TEXT("{\"a\""), "NOT_JSON", "byte 4: the text ends where ':' is expected"},
        {TEXT("{\"a\" 1}"), "NOT_JSON", "byte 5: 0x31 where ':' is expected"},
        {TEXT("{\"a\"::1}"), "NOT_JSON", "byte 5: 0x3a where a value is expected"},
        {TEXT("{\"a\":"), "NOT_JSON", "byte 5: the text ends where a value is expected"},
        {TEXT("{\"a\":}"), "NOT_JSON", "byte 5: 0x7d where a value is expected"},
        {TEXT("{\"a\":1,}"), "NOT_JSON", "byte 7: 0x7d where a key is expected"},
        {TEXT("{\"a\":1 \"b\":2}"), "NOT_JSON", "byte 7: 0x22 where ',' or '}' is expected"},
        {TEXT("{\"a\":1]"), "NOT_JSON", "byte 6"},
        {TEXT("{\"a\":1"), "NOT_JSON", "byte 6: the text ends where ',' or '}'"},
        {TEXT("{\"a\":[1,]}"), "NOT_JSON", "byte 8: 0x5d where a value is expected"},
        {TEXT("{\"a\":[,1]}"), "NOT_JSON", "byte 6"},
        {TEXT("{\"a\":[1 2]}"), "NOT_JSON", "byte 8: 0x32 where ',' or ']' is expected"},
        {TEXT("{\"a\":[1}"), "NOT_JSON", "byte 7"},
        {TEXT("{\"a\":["), "NOT_JSON", "byte 6"},
        {TEXT("{\"a\":tru"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":True}"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":nul}"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":nullx}"), "NOT_JSON", "byte 9"},
        {TEXT("{\"a\":NaN}"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":Infinity}"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":.5}"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":+1}"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":/**/1}"), "NOT_JSON", "byte 5"},
        {TEXT("{\"a\":1}//"), "NOT_JSON", "byte 7"},
        {TEXT("{} {}"), "NOT_JSON", "byte 3: 0x7b where the end is expected"},
        {TEXT("{}x"), "NOT_JSON", "byte 2"},
        {TEXT("{}\0"), "NOT_JSON", "byte 2: 0x00"},
        {TEXT("{\"a\"\0:1}"), "NOT_JSON", "byte 4: 0x00"},
        {TEXT("{\"a\":1\0}"), "NOT_JSON", "byte 6: 0x00"},
        {TEXT("{\"a\":\xe1}"), "NOT_JSON", "byte 5: 0xe1"},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void gate__other_values_at_the_top__are_refused(void **state)
{
    static const struct gate_case cases[] = {
        {TEXT("[]"), "NOT_OBJECT", "byte 0"},     {TEXT(" [{}]"), "NOT_OBJECT", "byte 1"},
        {TEXT("\"x\""), "NOT_OBJECT", NULL},      {TEXT("0"), "NOT_OBJECT", NULL},
        {TEXT("-1"), "NOT_OBJECT", NULL},         {TEXT("true"), "NOT_OBJECT", NULL},
        {TEXT("false"), "NOT_OBJECT", NULL},      {TEXT("null"), "NOT_OBJECT", NULL},
        {TEXT("[{\"a\":1}"), "NOT_OBJECT", NULL},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void gate__text_that_is_not_utf8__is_refused(void **state)
{
    static const struct gate_case cases[] = {
        {TEXT("{\"a\":\"\x80\"}"), "NOT_UTF8", "byte 6: not valid UTF-8"}, /* continuation alone */
        {TEXT("{\"a\":\"\xbf\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xc0\x80\"}"), "NOT_UTF8", "byte 6"}, /* two bytes for U+0000 */
        {TEXT("{\"a\":\"\xc1\xbf\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xc3\"}"), "NOT_UTF8", "byte 6"}, /* cut */
        {TEXT("{\"a\":\"\xc3"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xc3\xc3\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xe0\x9f\xbf\"}"), "NOT_UTF8", "byte 6"}, /* overlong */
        {TEXT("{\"a\":\"\xe1\xbb\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xe1\xbb"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xed\xa0\x80\"}"), "NOT_UTF8", "byte 6"}, /* U+D800 */
        {TEXT("{\"a\":\"\xed\xbf\xbf\"}"), "NOT_UTF8", "byte 6"}, /* U+DFFF */
        {TEXT("{\"a\":\"\xf0\x8f\xbf\xbf\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xf0\x9f\x98\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xf4\x90\x80\x80\"}"), "NOT_UTF8", "byte 6"}, /* U+110000 */
        {TEXT("{\"a\":\"\xf5\x80\x80\x80\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"a\":\"\xff\"}"), "NOT_UTF8", "byte 6"},
        {TEXT("{\"ok\xff\":1}"), "NOT_UTF8", "byte 4"},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void gate__bad_strings__are_refused(void **state)
{
    static const struct gate_case cases[] = {
        {TEXT("{\"a\":\"x"), "STRING_INVALID", "byte 7: the text ends inside a string"},
        {TEXT("{\"a"), "STRING_INVALID", "byte 3: the text ends inside a string"},
        {TEXT("{\""), "STRING_INVALID", "byte 2: the text ends inside a string"},
        {TEXT("{\"a\":\"\n\"}"), "STRING_INVALID", "byte 6: control characters"},
        {TEXT("{\"a\":\"\0\"}"), "STRING_INVALID", "byte 6: control characters"},
        {TEXT("{\"a\":\"\x1f\"}"), "STRING_INVALID", "byte 6"},
        {TEXT("{\"\t\":1}"), "STRING_INVALID", "byte 2"},
        {TEXT("{\"a\":\"\\x\"}"), "STRING_INVALID", "byte 6: unknown escape"},
        {TEXT("{\"a\":\"\\'\"}"), "STRING_INVALID", "byte 6: unknown escape"},
        {TEXT("{\"a\":\"\\U0041\"}"), "STRING_INVALID", "byte 6: unknown escape"},
        {TEXT("{\"a\":\"\\\0\"}"), "STRING_INVALID", "byte 6: unknown escape"},
        {TEXT("{\"a\":\"\\"), "STRING_INVALID", "byte 6: unknown escape"},
        {TEXT("{\"a\":\"\\u"), "STRING_INVALID", "byte 8: \\u takes four"},
        {TEXT("{\"a\":\"\\u12"), "STRING_INVALID", "byte 10: \\u takes four"},
        {TEXT("{\"a\":\"\\u12g4\"}"), "STRING_INVALID", "byte 10: \\u takes four"},
        {TEXT("{\"a\":\"\\u123\"}"), "STRING_INVALID", "byte 11: \\u takes four"},
        {TEXT("{\"a\":\"\\u+123\"}"), "STRING_INVALID", "byte 8: \\u takes four"},
        {TEXT("{\"a\":\"\\u0000\"}"), "STRING_INVALID", "byte 6: \\u0000 cannot be stored"},
        {TEXT("{\"a\\u0000b\":1}"), "STRING_INVALID", "byte 3: \\u0000"},
        {TEXT("{\"a\":\"\\ud800\"}"), "STRING_INVALID", "byte 6: half of a surrogate pair"},
        {TEXT("{\"a\":\"\\ud800"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\ud800\\"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\ud800\\n\"}"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\ud800\\u"), "STRING_INVALID", "byte 14: \\u takes four"},
        {TEXT("{\"a\":\"\\ud800\\u0041\"}"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\ud800\\u0000\"}"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\ud800\\ud800\"}"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\ud800\\ue000\"}"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\udc00\"}"), "STRING_INVALID", "byte 6: half"},
        {TEXT("{\"a\":\"\\udfff\\ud800\"}"), "STRING_INVALID", "byte 6: half"},
    };

    (void)state;
    run(cases, COUNT(cases));
}

static void gate__equal_keys__are_refused(void **state)
{
    static const struct gate_case cases[] = {
        {TEXT("{\"a\":1,\"a\":1}"), "DUPLICATE_KEY", "byte 7: key 'a' stands in its object twice"},
        {TEXT("{\"\":1,\"\":1}"), "DUPLICATE_KEY", "byte 6: key ''"},
        {TEXT("{\"a\":1,\"\\u0061\":1}"), "DUPLICATE_KEY", "byte 7: key '\\u0061'"},
        {TEXT("{\"\\u0061\":1,\"b\":2,\"a\":1}"), "DUPLICATE_KEY", "byte 18: key 'a'"},
        {TEXT("{\"\\n\":1,\"\\u000A\":1}"), "DUPLICATE_KEY", NULL},
        {TEXT("{\"\\/\":1,\"/\":1}"), "DUPLICATE_KEY", NULL},
        {TEXT("{\"\\\\\":1,\"\\u005c\":1}"), "DUPLICATE_KEY", NULL},
        {TEXT("{\"\\\"\":1,\"\\u0022\":1}"), "DUPLICATE_KEY", "key '\\u0022'"},
        {TEXT("{\"\\u0022\":1,\"\\\"\":1}"), "DUPLICATE_KEY", "key '\\?'"}, /* quotes do not reach the answer */
        {TEXT("{\"\xc3\xa9\":1,\"\\u00e9\":1}"), "DUPLICATE_KEY", NULL},
        {TEXT("{\"\xf0\x9f\x98\x80\":1,\"\\ud83d\\uDE00\":1}"), "DUPLICATE_KEY", NULL},
        {TEXT("{\"x\":[{\"a\":1,\"a\":1}]}"), "DUPLICATE_KEY", "byte 13"},
        {TEXT("{\"a\":{\"b\":1},\"b\":2,\"a\":3}"), "DUPLICATE_KEY", "byte 19"},
        {TEXT("{\"a\\\\\":1,\"a\\\\\\\\\":1,\"a\":2}"), NULL, NULL},
        {TEXT("{\"\\\\u0061\":1,\"\\u0061\":1}"), NULL, NULL},  /* the text \u0061 and the letter */
        {TEXT("{\"e\xcc\x81\":1,\"\xc3\xa9\":1}"), NULL, NULL}, /* composed or not: no normalization */
    };

    (void)state;
    run(cases, COUNT(cases));
}

struct number_case {
    const char *number;
    const char *part; /* of the sentence; NULL: passes */
};

static void check_numbers(const struct number_case *cases, size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        char text[128];
        int len = snprintf(text, sizeof text, "{\"n\":%s}", cases[i].number);
        struct refusal refusal;
        enum status st = check(text, (size_t)len, &refusal);
        int as_expected = cases[i].part == NULL ? st == STATUS_OK
                                                : st == STATUS_INVALID && strcmp(refusal.code, "NUMBER_INVALID") == 0 &&
                                                      strncmp(refusal.sentence, "byte 5: ", 8) == 0 &&
                                                      strstr(refusal.sentence, cases[i].part) != NULL;
        if (!as_expected) {
            print_error("case %s: %d %s\n", cases[i].number, st, refusal.sentence);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void gate__numbers__follow_the_grammar(void **state)
{
    static const struct number_case cases[] = {
        {"0", NULL},
        {"-0", NULL},
        {"10", NULL},
        {"-1", NULL},
        {"0.5", NULL},
        {"0.0", NULL},
        {"-0.0e-0", NULL},
        {"1e5", NULL},
        {"1E+5", NULL},
        {"1.25e-5", NULL},
        {"1e005", NULL},
        {"-", "a number begins with"},
        {"--1", "a number begins with"},
        {"-+1", "a number begins with"},
        {"-.5", "a number begins with"},
        {"-e1", "a number begins with"},
        {"00", "a number begins with"},
        {"01", "a number begins with"},
        {"-01", "a number begins with"},
        {"00.5", "a number begins with"},
        {"1.", "digits must follow the decimal point"},
        {"1.e5", "digits must follow the decimal point"},
        {"1.-5", "digits must follow the decimal point"},
        {"1e", "digits must follow the exponent's mark"},
        {"1e+", "digits must follow the exponent's mark"},
        {"1e-", "digits must follow the exponent's mark"},
        {"1e.5", "digits must follow the exponent's mark"},
        {"1.2.3", "not a number"},
        {"1-2", "not a number"},
        {"1e5.5", "not a number"},
        {"1e5e5", "not a number"},
        {"1.5+", "not a number"},
    };

    (void)state;
    check_numbers(cases, COUNT(cases));
}

static void gate__numbers__fit_a_double(void **state)
{
    static const struct number_case cases[] = {
        {"9007199254740992", NULL},
        {"-9007199254740992", NULL},
        {"9007199254740993", "an integer beyond 2^53"},
        {"-9007199254740993", "an integer beyond 2^53"},
        {"9999999999999999", "an integer beyond 2^53"},
        {"10000000000000000", "an integer beyond 2^53"},
        {"99999999999999999999999999", "an integer beyond 2^53"},
        {"9007199254740993.0", NULL}, /* not an integer: read as a double everywhere */
        {"1e308", NULL},
        {"1.7976931348623157e308", NULL},
        {"1.797693134862315807e308", NULL},
        {"1.797693134862315808e308", "a number that a double cannot hold"},
        {"-1.8e308", "a number that a double cannot hold"},
        {"0.00001e313", NULL},
        {"0.00001e314", "a number that a double cannot hold"},
        {"12345678.9e301", NULL},
        {"12345678.9e302", "a number that a double cannot hold"},
        {"1e309", "a number that a double cannot hold"},
        {"1e400", "a number that a double cannot hold"},
        {"1e99999999999999999999", "a number that a double cannot hold"},
        {"1e-99999999999999999999", "a number that a double cannot hold"},
        {"5e-324", NULL},
        {"2e-324", "a number that a double cannot hold"}, /* would be read as 0 */
        {"1e-400", "a number that a double cannot hold"},
        {"0e400", NULL},
        {"0.0e-400", NULL},
        {"0e401", "a number that a double cannot hold"}, /* PostgreSQL's numeric has an end too */
        {"0e-401", "a number that a double cannot hold"},
        {"0e-99999", "a number that a double cannot hold"},
        {"0.1111111111111111111111111111111111111111111111111111111111111", NULL}, /* 63 */
        {"0.11111111111111111111111111111111111111111111111111111111111111", "64 characters, limit 63"},
        {"1111111111111111111111111111111111111111111111111111111111111.e", "digits must follow the decimal"},
        {"11111111111111111111111111111111111111111111111111111111.5e+300", "a double cannot hold"},
        {"11111111111111111111111111111111111111111111111111111111.5e+254", "a double cannot hold"},
        {"11111111111111111111111111111111111111111111111111111111.5e+253", NULL},
    };

    (void)state;
    check_numbers(cases, COUNT(cases));
}

static void gate__number_at_the_end_of_the_bytes__is_not_read_beyond(void **state)
{
    static const struct gate_case cases[] = {
        {TEXT("{\"n\":1"), "NOT_JSON", "byte 6: the text ends"},
        {TEXT("{\"n\":1."), "NUMBER_INVALID", NULL},
        {TEXT("{\"n\":1e"), "NUMBER_INVALID", NULL},
        {TEXT("{\"n\":-"), "NUMBER_INVALID", NULL},
        {TEXT("{\"n\":1.5e3"), "NOT_JSON", NULL},
        {TEXT("{\"n\":12\0"), "NOT_JSON", "byte 7: 0x00"},
        {TEXT("{\"n\":0x10}"), "NOT_JSON", "byte 6: 0x78"},
    };

    (void)state;
    run(cases, COUNT(cases));
}

/* Writes {"a":{"a": ... or {"a":[[ ... of depth in all; returns the length. */
static size_t nested(char *out, int depth, const char *open, const char *close)
{
    size_t at = 0;

    for (int i = 0; i < depth; i++) {
        const char *part = i == 0 ? "{\"a\":" : open;
        at += strlen(strcpy(out + at, part));
    }
    out[at++] = '1';
    for (int i = depth - 1; i >= 0; i--) {
        out[at++] = i == 0 ? '}' : *close;
    }
    return at;
}

static void gate__depth__ends_at_its_limit(void **state)
{
    static const char *const forms[][2] = {{"{\"a\":", "}"}, {"[", "]"}};

    (void)state;
    for (size_t i = 0; i < COUNT(forms); i++) {
        char text[512];
        struct refusal refusal;

        assert_int_equal(check(text, nested(text, 32, forms[i][0], forms[i][1]), &refusal), STATUS_OK);
        assert_int_equal(check(text, nested(text, 33, forms[i][0], forms[i][1]), &refusal), STATUS_INVALID);
        assert_string_equal(refusal.code, "TOO_DEEP");
        assert_non_null(strstr(refusal.sentence, "more than 32 objects and arrays"));
    }
}

static void gate__depth_of_siblings__does_not_add_up(void **state)
{
    char text[1024] = "{\"a\":[0";
    struct refusal refusal;

    (void)state;
    for (int i = 0; i < 100; i++) {
        strcat(text, ",[{}]");
    }
    strcat(text, "]}");
    assert_int_equal(check(text, strlen(text), &refusal), STATUS_OK);
}

static void gate__brackets_without_end__cost_no_stack(void **state)
{
    char *text = malloc(GUARDED_SIZE);
    struct refusal refusal;

    (void)state;
    assert_non_null(text);
    memset(text, '[', GUARDED_SIZE);
    memcpy(text, "{\"a\":", 5);
    assert_int_equal(check(text, GUARDED_SIZE, &refusal), STATUS_INVALID);
    assert_string_equal(refusal.code, "TOO_DEEP");
    assert_non_null(strstr(refusal.sentence, "byte 36: "));
    free(text);
}

/* Writes an object with keys "0".."count-1" and, when repeat is not negative, that key once more. */
static size_t many_keys(char *out, int count, int repeat)
{
    int at = sprintf(out, "{");

    for (int i = 0; i < count; i++) {
        at += sprintf(out + at, "%s\"%d\":%d", i > 0 ? "," : "", i, i);
    }
    if (repeat >= 0) {
        at += sprintf(out + at, ",\"%d\":0", repeat);
    }
    at += sprintf(out + at, "}");
    return (size_t)at;
}

static void gate__members__end_at_their_limit(void **state)
{
    char text[8192];
    struct refusal refusal;

    (void)state;
    assert_int_equal(check(text, many_keys(text, 256, -1), &refusal), STATUS_OK);
    assert_int_equal(check(text, many_keys(text, 257, -1), &refusal), STATUS_INVALID);
    assert_string_equal(refusal.code, "TOO_MANY_KEYS");
    assert_non_null(strstr(refusal.sentence, "an object of more than 256 members"));
    assert_int_equal(check(text, many_keys(text, 255, 0), &refusal), STATUS_INVALID);
    assert_string_equal(refusal.code, "DUPLICATE_KEY");
    assert_int_equal(check(text, many_keys(text, 255, 254), &refusal), STATUS_INVALID);
    assert_string_equal(refusal.code, "DUPLICATE_KEY");
}

static void gate__long_keys__are_compared_to_their_end(void **state)
{
    static char text[3 * 70000];
    static char key[70001];
    struct refusal refusal;
    int len;

    (void)state;
    memset(key, 'k', 70000);
    len = sprintf(text, "{\"%s1\":1,\"%s2\":2}", key, key);
    assert_int_equal(check(text, (size_t)len, &refusal), STATUS_OK);
    len = sprintf(text, "{\"%s1\":1,\"%s\\u0031\":2}", key, key);
    assert_int_equal(check(text, (size_t)len, &refusal), STATUS_INVALID);
    assert_string_equal(refusal.code, "DUPLICATE_KEY");
    assert_true(strlen(refusal.sentence) < 160); /* the key is cut */
}

/* The sentence goes into answers and tables: it stays UTF-8 although the key is cut inside a character. */
static void gate__long_key_beyond_ascii__is_shown_whole_characters(void **state)
{
    char key[3 * 100 + 1] = "";
    char text[1024];
    struct refusal refusal;
    const char *shown;

    (void)state;
    for (int i = 0; i < 100; i++) {
        strcat(key, "\xe1\xbb\x93");
    }
    for (int shift = 0; shift < 3; shift++) {
        int len = sprintf(text, "{\"%.*s%s\":1,\"%.*s%s\":2}", shift, "ab", key, shift, "ab", key);
        assert_int_equal(check(text, (size_t)len, &refusal), STATUS_INVALID);
        shown = strchr(refusal.sentence, '\'') + 1;
        assert_int_equal((strchr(shown, '\'') - shown - (shift < 2 ? shift : 2)) % 3, 0);
    }
}

static const char sample[] =
    "{\"specversion\":\"1.0\",\"id\":\"e-1\",\"source\":\"urn:shop:1\",\"type\":\"vn.kipthoi.dossier.finished.v1\","
    "\"time\":\"2016-01-13T08:00:00+07:00\",\"sequence\":12,\"data\":{\"dossier\":\"H56.14-240823-0001\","
    "\"unit_name\":\"S\xe1\xbb\x9f \\u0054\xc6\xb0 "
    "ph\xc3\xa1p\",\"n\":[1.5e3,-0,true,null,{\"x\":\"\\ud83d\\ude00\"}]}}";

static void gate__any_cut_of_an_event__is_refused(void **state)
{
    struct refusal refusal;

    (void)state;
    assert_int_equal(check(sample, sizeof sample - 1, &refusal), STATUS_OK);
    for (size_t len = 0; len < sizeof sample - 1; len++) {
        assert_int_equal(check(sample, len, &refusal), STATUS_INVALID);
        assert_non_null(refusal.code);
        assert_true(strncmp(refusal.sentence, "byte ", 5) == 0);
    }
}

/* Nothing but the guard page and the words is looked at here: whatever stands at any byte, there is an answer. */
static void gate__any_byte_anywhere__gets_an_answer(void **state)
{
    char text[sizeof sample];
    struct refusal refusal;

    (void)state;
    for (size_t at = 0; at < sizeof sample - 1; at++) {
        memcpy(text, sample, sizeof sample);
        for (int byte = 0; byte < 256; byte++) {
            text[at] = (char)byte;
            if (check(text, sizeof sample - 1, &refusal) != STATUS_OK) {
                assert_non_null(refusal.code);
                assert_true(strncmp(refusal.sentence, "byte ", 5) == 0);
            }
        }
    }
}

/* Found by search: both keys have the hash of the other, and begin with different characters. */
static void gate__keys_of_one_hash__are_two_keys(void **state)
{
    static const char text[] = "{\"\xe4\xbc\xa0\xe4\xb9\xbf\xe4\xb8\x80\":1,"
                               "\"\xe4\xbc\xa5\xe4\xb9\xbf\xf3\xbf\xb7\x8d\":2}";
    struct refusal refusal;

    (void)state;
    assert_int_equal(gate_check(text, sizeof text - 1, &refusal), STATUS_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gate__keys_of_one_hash__are_two_keys),
        cmocka_unit_test(gate__valid_objects__pass),
        cmocka_unit_test(gate__what_is_no_json__is_refused),
        cmocka_unit_test(gate__other_values_at_the_top__are_refused),
        cmocka_unit_test(gate__text_that_is_not_utf8__is_refused),
        cmocka_unit_test(gate__bad_strings__are_refused),
        cmocka_unit_test(gate__equal_keys__are_refused),
        cmocka_unit_test(gate__numbers__follow_the_grammar),
        cmocka_unit_test(gate__numbers__fit_a_double),
        cmocka_unit_test(gate__number_at_the_end_of_the_bytes__is_not_read_beyond),
        cmocka_unit_test(gate__depth__ends_at_its_limit),
        cmocka_unit_test(gate__depth_of_siblings__does_not_add_up),
        cmocka_unit_test(gate__brackets_without_end__cost_no_stack),
        cmocka_unit_test(gate__members__end_at_their_limit),
        cmocka_unit_test(gate__long_keys__are_compared_to_their_end),
        cmocka_unit_test(gate__long_key_beyond_ascii__is_shown_whole_characters),
        cmocka_unit_test(gate__any_cut_of_an_event__is_refused),
        cmocka_unit_test(gate__any_byte_anywhere__gets_an_answer),
    };

    return cmocka_run_group_tests_name("gate", tests, guarded_setup, guarded_teardown);
}
