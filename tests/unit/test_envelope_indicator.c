/* SPDX-License-Identifier: MIT */
/*
 * test_envelope_indicator.c - indicators taken apart: key, period, and every refusal.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/event_case.h"

static void indicator__whole__has_its_key(void **state)
{
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_int_equal(parse("indicator.reported",
                           "{\"measure\":\"satisfaction\",\"period\":\"2025-Q3\",\"unit\":\"H29.1\",\"field\":\"G09\","
                           "\"numerator\":9007199254740992,\"denominator\":0,\"dossier\":7,\"note\":1}",
                           &env, &refusal),
                     STATUS_OK);
    assert_int_equal(env.kind, EVENT_INDICATOR);
    assert_int_equal(env.record, ENVELOPE_NO_RECORD);
    assert_string_equal(env.measure, "satisfaction");
    assert_string_equal(env.period, "2025-Q3");
    assert_string_equal(env.unit, "H29.1");
    assert_string_equal(env.field, "G09");
    assert_true(env.numerator == INT64_C(9007199254740992));
    assert_true(env.denominator == 0);
    assert_string_equal(env.key, "satisfaction|2025-Q3|H29.1|G09");
    assert_ptr_equal(env.dossier, env.key);
    assert_int_equal(env.slot, envelope_slot("urn:shop:1", "satisfaction|2025-Q3|H29.1|G09"));
    envelope_clear(&env);
    assert_int_equal(parse("indicator.reported",
                           "{\"measure\":\"m\",\"period\":\"2025\",\"unit\":\"u\",\"field\":null,\"numerator\":1,"
                           "\"denominator\":3}",
                           &env, &refusal),
                     STATUS_OK);
    assert_null(env.field);
    assert_string_equal(env.key, "m|2025|u|");
    envelope_clear(&env);
}

static void indicator__period__is_a_year_a_quarter_or_a_month(void **state)
{
    static const struct {
        const char *period;
        enum status status;
    } cases[] = {
        {"1990", STATUS_OK},          {"2099", STATUS_OK},         {"2025-Q1", STATUS_OK},
        {"2025-Q4", STATUS_OK},       {"2025-01", STATUS_OK},      {"2025-09", STATUS_OK},
        {"2025-10", STATUS_OK},       {"2025-12", STATUS_OK},      {"1989", STATUS_INVALID},
        {"2100", STATUS_INVALID},     {"202", STATUS_INVALID},     {"20255", STATUS_INVALID},
        {"2025-", STATUS_INVALID},    {"2025-Q", STATUS_INVALID},  {"2025-Q0", STATUS_INVALID},
        {"2025-Q5", STATUS_INVALID},  {"2025-q1", STATUS_INVALID}, {"2025-00", STATUS_INVALID},
        {"2025-13", STATUS_INVALID},  {"2025-7", STATUS_INVALID},  {"2025/07", STATUS_INVALID},
        {"2025-071", STATUS_INVALID}, {"2025-20", STATUS_INVALID}, {"x025", STATUS_INVALID},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char data[200];
        struct envelope env;
        struct refusal refusal = {0};

        snprintf(data, sizeof data,
                 "{\"measure\":\"m\",\"period\":\"%s\",\"unit\":\"u\",\"numerator\":1,\"denominator\":3}",
                 cases[i].period);
        if (parse("indicator.reported", data, &env, &refusal) != cases[i].status) {
            fail_msg("%s", cases[i].period);
        }
        if (cases[i].status == STATUS_INVALID) {
            assert_string_equal(refusal.sentence,
                                "data.period is no year, quarter or month like 2025, 2025-Q3, 2025-07");
        }
        envelope_clear(&env);
    }
}

#define INDICATOR(members) "{\"measure\":\"m\",\"period\":\"2025\"," members "}"

static void indicator__bad_members__are_refused_by_name(void **state)
{
    static const char top[] = "data.numerator is not an integer from 0 to 2^53";
    static const struct refused_case cases[] = {
        {"{\"period\":\"2025\",\"unit\":\"u\",\"numerator\":1,\"denominator\":2}", "MEMBER_MISSING",
         "data.measure is missing"},
        {"{\"measure\":\"m\",\"unit\":\"u\",\"numerator\":1,\"denominator\":2}", "MEMBER_MISSING",
         "data.period is missing"},
        {INDICATOR("\"numerator\":1,\"denominator\":2"), "MEMBER_MISSING", "data.unit is missing"},
        {INDICATOR("\"unit\":\"u\",\"denominator\":2"), "MEMBER_MISSING", "data.numerator is missing"},
        {INDICATOR("\"unit\":\"u\",\"numerator\":1,\"denominator\":null"), "MEMBER_MISSING",
         "data.denominator is missing"},
        {INDICATOR("\"unit\":\"u\",\"numerator\":\"1\",\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":-1,\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":0.5,\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":1e17,\"denominator\":2"), "MEMBER_INVALID", top},
        {INDICATOR("\"unit\":\"u\",\"numerator\":1,\"denominator\":-1"), "MEMBER_INVALID",
         "data.denominator is not an integer from 0 to 2^53"},
        {INDICATOR("\"unit\":1,\"numerator\":1,\"denominator\":2"), "MEMBER_INVALID",
         "data.unit is not a text of 1 to 128 bytes"},
        {INDICATOR("\"unit\":\"a|b\",\"numerator\":1,\"denominator\":2"), "MEMBER_INVALID", "data.unit holds a '|'"},
        {INDICATOR("\"unit\":\"u\",\"field\":\"|\",\"numerator\":1,\"denominator\":2"), "MEMBER_INVALID",
         "data.field holds a '|'"},
        {"{\"measure\":\"m|\",\"period\":\"2025\",\"unit\":\"u\",\"numerator\":1,\"denominator\":2}", "MEMBER_INVALID",
         "data.measure holds a '|'"},
        {"{\"measure\":\"123456789-123456789-123456789-123456789-123456789-123456789-12345\",\"period\":\"2025\","
         "\"unit\":\"u\",\"numerator\":1,\"denominator\":2}",
         "MEMBER_INVALID", "data.measure is not a text of 1 to 64 bytes"},
    };
    char data[400];
    const struct refused_case too_long = {
        data, "MEMBER_INVALID", "data.measure, period, unit and field with bars between them are 129 bytes, limit 128"};
    struct envelope env;
    struct refusal refusal;

    (void)state;
    assert_refused("indicator.reported", cases, COUNT(cases));
    /* m|2025|, the unit, | */
    snprintf(data, sizeof data, INDICATOR("\"unit\":\"%0120d\",\"numerator\":1,\"denominator\":2"), 0);
    assert_int_equal(parse("indicator.reported", data, &env, &refusal), STATUS_OK);
    assert_int_equal(strlen(env.key), 128);
    envelope_clear(&env);
    snprintf(data, sizeof data, INDICATOR("\"unit\":\"%0121d\",\"numerator\":1,\"denominator\":2"), 0);
    assert_refused("indicator.reported", &too_long, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(indicator__whole__has_its_key),
        cmocka_unit_test(indicator__period__is_a_year_a_quarter_or_a_month),
        cmocka_unit_test(indicator__bad_members__are_refused_by_name),
    };

    return cmocka_run_group_tests_name("envelope_indicator", tests, use_new_york, NULL);
}
