/* SPDX-License-Identifier: MIT */
/* test_calendar_text.c - hours, spans and days as people write them, and back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/calendar_text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void clock__five_characters__are_read(void **state)
{
    static const char *const refused[] = {"7:00",  "007:00", "07.00", "0/:00", "0::00", "07:0/",
                                          "07:0x", "07:60",  "24:01", "25:00", "-7:00"};
    int32_t second = -1;

    (void)state;
    assert_int_equal(calendar_text_read_clock("07:30", 5, &second), STATUS_OK);
    assert_int_equal(second, 7 * 3600 + 1800);
    assert_int_equal(calendar_text_read_clock("24:00", 5, &second), STATUS_OK);
    assert_int_equal(second, 86400);
    for (size_t i = 0; i < COUNT(refused); i++) {
        assert_int_equal(calendar_text_read_clock(refused[i], strlen(refused[i]), &second), STATUS_INVALID);
    }
}

static void span__hours_and_minutes__go_both_ways(void **state)
{
    static const struct {
        const char *text;
        int32_t span_s;
    } taken[] = {{"8h", 28800}, {"7h30", 27000}, {"24h", 86400}, {"0h05", 300}};
    static const char *const refused[] = {"8", "", "h", "123h", "xh", "7h5", "7h300", "7h3x", "7h60", "24h01"};
    char text[CALENDAR_TEXT_CLOCK_SIZE];
    int32_t span_s;

    (void)state;
    for (size_t i = 0; i < COUNT(taken); i++) {
        assert_int_equal(calendar_text_read_span(taken[i].text, &span_s), STATUS_OK);
        assert_int_equal(span_s, taken[i].span_s);
        assert_string_equal(calendar_text_span(span_s, text), taken[i].text);
    }
    for (size_t i = 0; i < COUNT(refused); i++) {
        assert_int_equal(calendar_text_read_span(refused[i], &span_s), STATUS_INVALID);
    }
}

static void shift__words_with_a_colon__are_hours(void **state)
{
    static const char *const refused[] = {
        "07:00-11:3",  "07:00+11:30",  "07:0x-11:30",
        "07:00-1x:30", "07:00-11:300", "7:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"};
    char error[CALENDAR_TEXT_ERROR_SIZE];
    char text[CALENDAR_TEXT_SHIFT_SIZE];
    struct calendar_shift shift, other;
    const char *rest;

    (void)state;
    assert_int_equal(calendar_text_read_shift(" 07:00-11:30\t13:30-17:00  7 nights", &shift, &rest, error), STATUS_OK);
    assert_string_equal(rest, "7 nights");
    assert_string_equal(calendar_text_shift(&shift, text), "07:00-11:30 13:30-17:00");
    assert_int_equal(calendar_text_shift_s(&shift), 8 * 3600);
    for (size_t i = 0; i < COUNT(refused); i++) {
        assert_int_equal(calendar_text_read_shift(refused[i], &other, &rest, error), STATUS_INVALID);
        assert_non_null(strstr(error, "is not hours like 07:00-11:30"));
    }
    assert_int_equal(calendar_text_read_shift("07:00-11:30", &other, &rest, error), STATUS_OK);
    assert_false(calendar_text_same_shift(&shift, &other));
    assert_int_equal(calendar_text_read_shift("07:00-11:30 13:30-17:30", &other, &rest, error), STATUS_OK);
    assert_false(calendar_text_same_shift(&shift, &other));
    assert_true(calendar_text_same_shift(&shift, &shift));
    assert_int_equal(calendar_text_read_shift("", &other, &rest, error), STATUS_OK);
    assert_int_equal(calendar_text_shift_s(&other), 0);
}

static void date__that_exists__is_read(void **state)
{
    static const char *const refused[] = {
        "2024-2-29",  "2024-002-9", "2024/02-29", "2024-02/29", "202x-02-29", "2024-0x-29", "2024-02-2x",
        "1969-12-31", "2024-00-01", "2024-13-01", "2024-01-00", "2024-01-32", "2023-02-29", ""};
    char text[CALENDAR_TEXT_DATE_SIZE];
    int32_t day;

    (void)state;
    assert_int_equal(calendar_text_read_date("2024-02-29", &day), STATUS_OK);
    assert_int_equal(day, 19782); /* 54 years of which 13 are leap years, January and 28 days */
    assert_string_equal(calendar_text_date(day, text), "2024-02-29");
    for (size_t i = 0; i < COUNT(refused); i++) {
        assert_int_equal(calendar_text_read_date(refused[i], &day), STATUS_INVALID);
    }
    /* The longest there are: 2^31 days are 5,879,610 years and some days. */
    assert_string_equal(calendar_text_date(INT32_MAX, text), "5881580-07-11");
    assert_string_equal(calendar_text_date(INT32_MIN, text), "-5877641-06-23");
}

static void weekday__names__go_both_ways(void **state)
{
    (void)state;
    for (int weekday = 0; weekday < 7; weekday++) {
        const char *name = calendar_text_weekday(weekday);

        assert_int_equal(calendar_text_read_weekday(name, strlen(name)), weekday);
    }
    assert_int_equal(calendar_text_read_weekday("mondaz", 6), 7);
    assert_int_equal(calendar_text_read_weekday("mon", 3), 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clock__five_characters__are_read),     cmocka_unit_test(span__hours_and_minutes__go_both_ways),
        cmocka_unit_test(shift__words_with_a_colon__are_hours), cmocka_unit_test(date__that_exists__is_read),
        cmocka_unit_test(weekday__names__go_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
