/* SPDX-License-Identifier: MIT */
/* test_timestamp.c - moments read and written.  Expected values were computed with another calendar library. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "common/timestamp.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void timestamp__whole_moments__are_read(void **state)
{
    static const struct {
        const char *text;
        int64_t moment_us;
    } cases[] = {
        {"1990-01-01T00:00:00Z", INT64_C(631152000000000)},
        {"1989-12-31T19:00:00-05:00", INT64_C(631152000000000)},
        {"2016-01-13T03:00:00-05:00", INT64_C(1452672000000000)},
        {"2016-01-13T08:00:00Z", INT64_C(1452672000000000)},
        {"2016-01-13t08:00:00z", INT64_C(1452672000000000)},
        {"2016-01-13 08:00:00+00:00", INT64_C(1452672000000000)},
        {"2016-01-13T08:00:00-00:00", INT64_C(1452672000000000)},
        {"2016-01-13T15:00:00+07:00", INT64_C(1452672000000000)},
        {"2016-01-13T23:59:00+15:59", INT64_C(1452672000000000)},
        {"2016-01-12T16:01:00-15:59", INT64_C(1452672000000000)},
        {"2000-02-29T23:59:59+07:00", INT64_C(951843599000000)},
        {"2016-01-13T08:00:00.5Z", INT64_C(1452672000500000)},
        {"2016-01-13T08:00:00.000001Z", INT64_C(1452672000000001)},
        {"2016-01-13T08:00:00.123456Z", INT64_C(1452672000123456)},
        {"2016-01-13T08:00:00.123456999Z", INT64_C(1452672000123456)},
        {"2016-01-13T07:59:60Z", INT64_C(1452671999000000)},
        {"2016-12-31T23:59:60.75Z", INT64_C(1483228799750000)},
        {"2099-12-31T23:59:59.999999Z", INT64_C(4102444799999999)},
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t moment_us = -1;
        if (timestamp_parse(cases[i].text, strlen(cases[i].text), &moment_us) != STATUS_OK ||
            moment_us != cases[i].moment_us) {
            print_error("%s: %lld\n", cases[i].text, (long long)moment_us);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void timestamp__anything_else__is_refused(void **state)
{
    static const char *const cases[] = {
        "",
        "2016",
        "2016-01-13",
        "2016-01-13T08:00:00",
        "2016-01-13T08:00Z",
        "2016-01-13T08Z",
        "20160113080000",
        "20160113T080000Z",
        "2016-1-13T08:00:00Z",
        "2016-01-3T08:00:00Z",
        "16-01-13T08:00:00Z",
        "12016-01-13T08:00:00Z",
        "-2016-01-13T08:00:00Z",
        "+2016-01-13T08:00:00Z",
        "2016/01/13T08:00:00Z",
        "2016-01-13_08:00:00Z",
        "2016-01-13T8:00:00Z",
        "2016-01-13T08.00.00Z",
        "2016-00-13T08:00:00Z",
        "2016-13-13T08:00:00Z",
        "2016-01-00T08:00:00Z",
        "2016-01-32T08:00:00Z",
        "2016-04-31T08:00:00Z",
        "2016-02-30T08:00:00Z",
        "2015-02-29T08:00:00Z",
        "2100-02-29T08:00:00Z",
        "2016-01-13T24:00:00Z",
        "2016-01-13T08:60:00Z",
        "2016-01-13T08:00:61Z",
        "2016-01-13T08:00:00.Z",
        "2016-01-13T08:00:00,5Z",
        "2016-01-13T08:00:00.1234567890Z",
        "2016-01-13T08:00:00.12345678901234567890123456789Z",
        "2016-01-13T08:00:00.5",
        "2016-01-13T08:00:00+7",
        "2016-01-13T08:00:00+07",
        "2016-01-13T08:00:00+0700",
        "2016-01-13T08:00:00+07:0",
        "2016-01-13T08:00:00+16:00",
        "2016-01-13T08:00:00-16:00",
        "2016-01-13T08:00:00+24:00",
        "2016-01-13T08:00:00+07:60",
        "2016-01-13T08:00:00 +07:00",
        "2016-01-13T08:00:00UTC",
        "2016-01-13T08:00:00ZZ",
        "2016-01-13T08:00:00Z ",
        " 2016-01-13T08:00:00Z",
        "2016-01-13T08:00:0\xd9\xa0Z",
        /* whole, but out of bounds */
        "1989-12-31T23:59:59.999999Z",
        "1990-01-01T00:00:00+07:00",
        "2100-01-01T00:00:00Z",
        "2099-12-31T23:59:59-00:01",
        "0001-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "9999-12-31T23:59:59Z",
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        int64_t moment_us = -1;
        if (timestamp_parse(cases[i], strlen(cases[i]), &moment_us) != STATUS_INVALID || moment_us != -1) {
            print_error("passed: %s\n", cases[i]);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void timestamp__any_cut__is_refused(void **state)
{
    static const char text[] = "2016-01-13T08:00:00.123456789+07:00";

    (void)state;
    for (size_t len = 0; len < sizeof text - 1; len++) {
        int64_t moment_us;
        assert_int_equal(timestamp_parse(text, len, &moment_us), STATUS_INVALID);
    }
}

static void timestamp__length__is_obeyed(void **state)
{
    int64_t moment_us;

    (void)state;
    assert_int_equal(timestamp_parse("2016-01-13T08:00:00Zgarbage", 20, &moment_us), STATUS_OK);
    assert_int_equal(timestamp_parse("2016-01-13T08:00:00Z\0", 21, &moment_us), STATUS_INVALID);
}

static void timestamp__format__is_utc_with_the_fraction_it_needs(void **state)
{
    static const struct {
        int64_t moment_us;
        const char *text;
    } cases[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59.999999Z"},
        {INT64_C(-1000000), "1969-12-31T23:59:59Z"},
        {INT64_C(1452672000000000), "2016-01-13T08:00:00Z"},
        {INT64_C(1452672000000001), "2016-01-13T08:00:00.000001Z"},
        {INT64_C(1452672000500000), "2016-01-13T08:00:00.500000Z"},
        {INT64_C(951782400000000), "2000-02-29T00:00:00Z"},
        {INT64_C(4102444799999999), "2099-12-31T23:59:59.999999Z"},
        {INT64_MIN, "1000-01-01T00:00:00Z"},
        {INT64_MAX, "9999-12-31T23:59:59.999999Z"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        char out[TIMESTAMP_SIZE];
        assert_string_equal(timestamp_format(cases[i].moment_us, out), cases[i].text);
    }
}

static void timestamp__what_is_written__is_read_again(void **state)
{
    (void)state;
    /* A prime step of about nine days reaches all times of day and all months. */
    for (int64_t us = TIMESTAMP_MIN_US; us < TIMESTAMP_MAX_US; us += INT64_C(777600000000) + INT64_C(7919999983)) {
        char out[TIMESTAMP_SIZE];
        int64_t again_us;
        timestamp_format(us, out);
        assert_int_equal(timestamp_parse(out, strlen(out), &again_us), STATUS_OK);
        assert_true(again_us == us);
    }
}

static void timestamp__civil_days__count_from_1970(void **state)
{
    static const struct {
        int year, month, day;
        int64_t number;
    } cases[] = {
        {1970, 1, 1, 0},     {1969, 12, 31, -1},   {1990, 1, 1, 7305}, {2000, 2, 29, 11016}, {2000, 3, 1, 11017},
        {2100, 3, 1, 47541}, {1900, 3, 1, -25508}, {1, 1, 1, -719162}, {0, 3, 1, -719468},   {0, 2, 29, -719469},
        {-1, 3, 1, -719834}, {1970, 1, 32, 31},    {1970, 13, 1, 365},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        assert_int_equal(timestamp_civil_day(cases[i].year, cases[i].month, cases[i].day), cases[i].number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamp__whole_moments__are_read),
        cmocka_unit_test(timestamp__anything_else__is_refused),
        cmocka_unit_test(timestamp__any_cut__is_refused),
        cmocka_unit_test(timestamp__length__is_obeyed),
        cmocka_unit_test(timestamp__format__is_utc_with_the_fraction_it_needs),
        cmocka_unit_test(timestamp__what_is_written__is_read_again),
        cmocka_unit_test(timestamp__civil_days__count_from_1970),
    };

    return cmocka_run_group_tests_name("timestamp", tests, NULL, NULL);
}
