/* SPDX-License-Identifier: MIT */
/* test_json.c - the typed reader over cJSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/json.h"

#define TEXT(literal) literal, sizeof(literal) - 1
#define COUNT(table) (sizeof(table) / sizeof *(table))

static void json_text__by_type_and_length__is_found_absent_or_wrong(void **state)
{
    static const char event[] = "{\"text\":\"abc\",\"empty\":\"\",\"null\":null,\"number\":1,\"true\":true,"
                                "\"object\":{},\"array\":[],\"vi\":\"\xe1\xbb\x93\",\"escaped\":\"\\u1ed3\\n\"}";
    static const struct {
        const char *name;
        size_t max_len;
        enum json_found found;
        const char *text;
    } cases[] = {
        {"text", 3, JSON_FOUND, "abc"},        {"text", 100, JSON_FOUND, "abc"},
        {"text", 2, JSON_WRONG, NULL},         {"TEXT", 100, JSON_ABSENT, NULL},
        {"tex", 100, JSON_ABSENT, NULL},       {"", 100, JSON_ABSENT, NULL},
        {"empty", 100, JSON_WRONG, NULL},      {"null", 100, JSON_ABSENT, NULL},
        {"number", 100, JSON_WRONG, NULL},     {"true", 100, JSON_WRONG, NULL},
        {"object", 100, JSON_WRONG, NULL},     {"array", 100, JSON_WRONG, NULL},
        {"vi", 3, JSON_FOUND, "\xe1\xbb\x93"}, /* bytes are counted, not characters */
        {"vi", 2, JSON_WRONG, NULL},           {"escaped", 4, JSON_FOUND, "\xe1\xbb\x93\n"},
    };
    cJSON *json = json_parse(TEXT(event));
    int failed = 0;

    (void)state;
    assert_non_null(json);
    for (size_t i = 0; i < COUNT(cases); i++) {
        const char *text = NULL;
        size_t len = 0;
        enum json_found found = json_text(json, cases[i].name, cases[i].max_len, &text, &len);
        int right = found == cases[i].found;

        if (right && found == JSON_FOUND) {
            right = strcmp(text, cases[i].text) == 0 && len == strlen(cases[i].text);
        } else if (right) {
            right = text == NULL && len == 0;
        }
        if (!right) {
            print_error("%s within %zu: %d\n", cases[i].name, cases[i].max_len, found);
            failed++;
        }
    }
    cJSON_Delete(json);
    assert_int_equal(failed, 0);
}

static void json_parse__one_value_and_nothing_after_it__is_taken(void **state)
{
    static const struct {
        const char *text;
        size_t len;
        int taken;
    } cases[] = {
        {TEXT("{}"), 1},    {TEXT(" {\"a\":1} \t\r\n"), 1},
        {TEXT("[1]"), 1},   {TEXT("1"), 1},
        {"{}x", 2, 1}, /* the length counts, not the bytes behind */
        {"12", 1, 1},       {TEXT("{}x"), 0},
        {TEXT("{} {}"), 0}, {TEXT("{}\0"), 0},
        {TEXT("{}\v"), 0},  {TEXT("{"), 0},
        {TEXT(""), 0},      {TEXT(" "), 0},
        {TEXT("x"), 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        cJSON *json = json_parse(cases[i].text, cases[i].len);
        int taken = json != NULL;
        cJSON_Delete(json);
        if (taken != cases[i].taken) {
            fail_msg("case %zu <%s>", i, cases[i].text);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_text__by_type_and_length__is_found_absent_or_wrong),
        cmocka_unit_test(json_parse__one_value_and_nothing_after_it__is_taken),
    };

    return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
