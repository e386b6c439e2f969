/* SPDX-License-Identifier: MIT */
/* test_letter_values.c - the contents of letters: moments in official Vietnamese, clean texts, and what is missing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "common/clock.h"
#include "notifier/letter_check.h"
#include "notifier/letter_moment.h"
#include "notifier/letter_sample.h"
#include "notifier/letter_text.h"

#define HOUR_US (INT64_C(3600) * CLOCK_SECOND_US)
#define MINUTE_US (INT64_C(60) * CLOCK_SECOND_US)
/* date -u -d "2025-08-05" +%s */
#define AUGUST_5 (INT64_C(1754352000) * CLOCK_SECOND_US)
/* date -u -d "2026-02-15" +%s */
#define FEBRUARY_15 (INT64_C(1771113600) * CLOCK_SECOND_US)
/* date -u -d "2024-12-31" +%s */
#define DECEMBER_31 (INT64_C(1735603200) * CLOCK_SECOND_US)

static int in_vietnam(void **state)
{
    (void)state;
    return clock_use_zone("Asia/Ho_Chi_Minh") == STATUS_OK ? 0 : -1;
}

static void moment__official_text__leading_zeros_of_the_convention(void **state)
{
    char out[LETTER_MOMENT_SIZE];

    (void)state;
    /* The zone is seven hours ahead of UTC. */
    assert_string_equal(letter_moment_text(AUGUST_5 + 7 * HOUR_US + 30 * MINUTE_US, out),
                        "14 giờ 30 phút, ngày 05 tháng 8 năm 2025");
    assert_string_equal(letter_moment_text(FEBRUARY_15 + 1 * HOUR_US + 5 * MINUTE_US + 59 * CLOCK_SECOND_US, out),
                        "08 giờ 05 phút, ngày 15 tháng 02 năm 2026");
    assert_string_equal(letter_moment_text(DECEMBER_31 + 17 * HOUR_US, out),
                        "00 giờ 00 phút, ngày 01 tháng 01 năm 2025");
    assert_string_equal(letter_moment_date(DECEMBER_31 + 17 * HOUR_US - 1, out), "ngày 31 tháng 12 năm 2024");
    assert_string_equal(letter_moment_date(AUGUST_5, out), "ngày 05 tháng 8 năm 2025");
}

static void moment__place_and_date__one_line(void **state)
{
    char out[LETTER_MOMENT_SIZE], place[LETTER_MOMENT_SIZE * 2 + 1];

    (void)state;
    assert_string_equal(letter_moment_place_date("TP. Hồ Chí Minh", AUGUST_5, out),
                        "TP. Hồ Chí Minh, ngày 05 tháng 8 năm 2025");
    for (size_t i = 0; i < LETTER_MOMENT_SIZE * 2; i += 2) {
        memcpy(place + i, "Đ", 2);
    }
    place[LETTER_MOMENT_SIZE * 2] = '\0';
    letter_moment_place_date(place, AUGUST_5, out);
    assert_true(g_utf8_validate(out, -1, NULL));
    assert_non_null(strstr(out, "ĐĐ, ngày 05 tháng 8 năm 2025"));
}

static void assert_clean(const char *text, bool lines, const char *wanted)
{
    GString *out = g_string_new("<");

    letter_text_add(out, text, lines);
    g_string_append_c(out, '>');
    if (strcmp(out->str + 1, wanted) != 0) {
        fail_msg("\"%s\" is printed as \"%s\", not as \"%s\"", text, out->str + 1, wanted);
    }
    g_string_free(out, TRUE);
}

static void text__from_outside__is_printed_plainly(void **state)
{
    (void)state;
    assert_clean("Nguyễn Văn A", false, "Nguyễn Văn A>");
    assert_clean("  Nguyễn \t Văn\u00a0A \n", false, "Nguyễn Văn A>");
    assert_clean("một\r\nhai\nba", false, "một hai ba>");
    assert_clean("một \r\n hai\n\n\nba\n", true, "một\nhai\nba>");
    assert_clean("a\001b\xc2\x85"
                 "c\u2028d",
                 false, "a b c d>");
    assert_clean("ab\u200bc\u202ed\ufeffe\u00adf", false, "abcdef>");
    assert_clean("<b>&amp;</b> {reason} @title", false, "<b>&amp;</b> {reason} @title>");
    assert_clean("", false, ">");
    assert_clean(" \u200b\n", true, ">");
    /* Letter, circumflex and acute apart: one character. */
    assert_clean("tie\u0302\u0301ng Vie\u0323\u0302t", false, "tiếng Việt>");
}

static void text__blank__is_not_given(void **state)
{
    struct letter letter = {.text = {[LETTER_REASON] = " \u200b\t\n", [LETTER_UNIT] = "x", [LETTER_STATE] = "\xff"}};

    (void)state;
    assert_false(letter_gives(&letter, LETTER_NUMBER));
    assert_false(letter_gives(&letter, LETTER_REASON));
    assert_true(letter_gives(&letter, LETTER_UNIT));
    assert_true(letter_gives(&letter, LETTER_STATE));
}

static struct letter_template *form_new(void)
{
    static const char text[] = "[letter]\nname = test\ntitle = T\neffective_from = 2025-01-01\nfonts = F\n"
                               "mandatory = reason\n[body]\n@unit {unit}\n@nation N\n@motto M\n{addressee}\n\n"
                               "@text? {state}\n@text? {reason}\n@signer S\n";
    char error[LETTER_ERROR_SIZE];
    struct letter_template *form;

    if (letter_template_parse(&form, "x", text, sizeof text - 1, error) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return form;
}

static void assert_check(const struct letter *letter, const char *wanted)
{
    struct letter_template *form = form_new();
    char error[LETTER_ERROR_SIZE] = "";

    assert_int_equal(letter_check(form, letter, error), *wanted == '\0' ? STATUS_OK : STATUS_INVALID);
    assert_string_equal(error, wanted);
    letter_template_destroy(&form);
}

static void check__missing_content__names_field_and_dossier(void **state)
{
    struct letter letter = {
        .text = {[LETTER_DOSSIER] = "H29-1", [LETTER_UNIT] = "U", [LETTER_ADDRESSEE] = "A", [LETTER_REASON] = "R"}};

    (void)state;
    assert_check(&letter, "");
    letter.text[LETTER_REASON] = " \n";
    assert_check(&letter, "dossier H29-1: reason (Lý do trễ hạn) is not given, but the template test needs it");
    letter.text[LETTER_REASON] = "R";
    letter.text[LETTER_ADDRESSEE] = NULL; /* not mandatory, but a block that is not optional prints it */
    assert_check(&letter, "dossier H29-1: addressee (Họ tên người nhận) is not given, but the template test needs it");
    letter.text[LETTER_DOSSIER] = NULL;
    assert_check(&letter,
                 "dossier without a code: addressee (Họ tên người nhận) is not given, but the template test needs it");
    letter.text[LETTER_DOSSIER] = "H\n29\x1b[2J\xff";
    assert_check(&letter,
                 "dossier H 29 [2J?: addressee (Họ tên người nhận) is not given, but the template test needs it");
}

static void check__bad_texts__are_refused(void **state)
{
    struct letter letter;
    char place[82 * 2];

    (void)state;
    letter_sample(&letter);
    assert_check(&letter, "");
    letter.text[LETTER_STATE] = "\xc3";
    assert_check(&letter, "dossier VD00-250715-0001: state (Tình trạng hồ sơ) is not UTF-8");
    letter.text[LETTER_STATE] = NULL;
    for (size_t i = 0; i < 81; i++) {
        memcpy(place + 2 * i, "Đ", 3);
    }
    letter.text[LETTER_PLACE] = place; /* also a text that this template does not print */
    assert_check(&letter, "dossier VD00-250715-0001: place (Địa danh) has 81 characters; a letter takes 80");
    letter.text[LETTER_PLACE] = place + 2;
    assert_check(&letter, "");
}

static void fields__table__is_whole(void **state)
{
    (void)state;
    for (enum letter_field i = 0; i < LETTER_FIELD_END; i++) {
        const struct letter_field_info *info = letter_field_info(i);

        assert_true(info->name[0] != '\0' && info->vi[0] != '\0' && info->en[0] != '\0' && info->max_chars > 0);
        assert_int_equal(letter_field_find(info->name, strlen(info->name)), i);
    }
    assert_int_equal(letter_field_find("reasons", 7), LETTER_FIELD_END);
    assert_int_equal(letter_field_find("reasons", 6), LETTER_REASON);
    assert_int_equal(letter_field_find("", 0), LETTER_FIELD_END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moment__official_text__leading_zeros_of_the_convention),
        cmocka_unit_test(moment__place_and_date__one_line),
        cmocka_unit_test(text__from_outside__is_printed_plainly),
        cmocka_unit_test(text__blank__is_not_given),
        cmocka_unit_test(check__missing_content__names_field_and_dossier),
        cmocka_unit_test(check__bad_texts__are_refused),
        cmocka_unit_test(fields__table__is_whole),
    };

    return cmocka_run_group_tests(tests, in_vietnam, NULL);
}
