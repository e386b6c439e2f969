/* SPDX-License-Identifier: MIT */
/* Letter numbers, new dates, and what facts become in a letter. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "notifier/draft.h"
#include "tests/support/week.h"

#define HOUR_US (INT64_C(3600) * CLOCK_SECOND_US)
#define DAY_US (24 * HOUR_US)

static void expect_number(const char *form, int32_t number, const char *wanted)
{
    char out[LETTER_NO_SIZE];

    assert_int_equal(letter_number_text(form, number, 2026, "H29.11", out), STATUS_OK);
    assert_string_equal(out, wanted);
}

static void number__placeholders__are_filled_in(void **state)
{
    (void)state;
    expect_number("{number}/TXL-UBND", 7, "07/TXL-UBND");
    expect_number("{number}/{year}/{unit}", 123, "123/2026/H29.11");
    expect_number("{number}{number}", 45, "4545");
}

static void number__other_braces__stay(void **state)
{
    (void)state;
    expect_number("{number}/{Number}/{}", 1, "01/{Number}/{}");
}

/* 60 characters of two bytes each are not too long; 61 are. */
static void number__too_long__is_refused(void **state)
{
    char form[512] = "{number}";
    char out[LETTER_NO_SIZE];

    (void)state;
    for (int i = 0; i < 58; i++) {
        strcat(form, "Đ");
    }
    assert_int_equal(letter_number_text(form, 1, 2026, "U", out), STATUS_OK);
    strcat(form, "Đ");
    assert_int_equal(letter_number_text(form, 1, 2026, "U", out), STATUS_INVALID);
    assert_int_equal(letter_number_text("", 1, 2026, "U", out), STATUS_INVALID);
}

static void letter__names_of_programs__are_words(void **state)
{
    const struct letter_facts facts = {.key = {1, 2, "D1"},
                                       .dossier = "paused",
                                       .channel = "post",
                                       .procedure = "1.000656",
                                       .procedure_name = "",
                                       .field = "G09",
                                       .field_name = "Hộ tịch",
                                       .extension = 2,
                                       .due_us = 9 * HOUR_US + 30 * 60 * CLOCK_SECOND_US,
                                       .received_us = DB_NULL_US,
                                       .new_due_us = DB_NULL_US,
                                       .drafted_us = 40 * DAY_US};
    struct letter_texts texts;
    struct letter letter;

    (void)state;
    assert_int_equal(clock_use_zone("UTC"), STATUS_OK);
    letter_facts_letter(&facts, &texts, &letter);
    assert_string_equal(letter.text[LETTER_STATE], "Đang chờ bổ sung hồ sơ");
    assert_string_equal(letter.text[LETTER_CHANNEL], "Bưu chính");
    assert_string_equal(letter.text[LETTER_PROCEDURE_NAME], "1.000656");
    assert_string_equal(letter.text[LETTER_FIELD], "Hộ tịch");
    assert_string_equal(letter.text[LETTER_EXTENSION_NUMBER], "2");
    assert_string_equal(letter.text[LETTER_DUE], "09 giờ 30 phút, ngày 01 tháng 01 năm 1970");
    assert_string_equal(letter.text[LETTER_RECEIVED], "");
    assert_string_equal(letter.text[LETTER_NEW_DUE], "");
    /* The fortieth day after the first of January is the tenth of February. */
    assert_string_equal(letter.text[LETTER_DATE], "ngày 10 tháng 02 năm 1970");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(number__placeholders__are_filled_in),
        cmocka_unit_test(number__other_braces__stay),
        cmocka_unit_test(number__too_long__is_refused),
        cmocka_unit_test(letter__names_of_programs__are_words),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
