/* SPDX-License-Identifier: MIT */
/* test_lang.c - words and sentences in two languages. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/lang.h"

/* Bit n-1 for each {n}. */
static unsigned places(const char *sentence)
{
    unsigned found = 0;

    for (; *sentence != '\0'; sentence++) {
        if (sentence[0] == '{' && sentence[1] >= '1' && sentence[1] <= '9' && sentence[2] == '}') {
            found |= 1U << (sentence[1] - '1');
        }
    }
    return found;
}

static void words__all__are_there_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < WORD_END; i++) {
        assert_non_null(lang_word(LANG_EN, (enum word)i));
        assert_non_null(lang_word(LANG_VI, (enum word)i));
        assert_true(lang_word(LANG_EN, (enum word)i)[0] != '\0');
        assert_true(lang_word(LANG_VI, (enum word)i)[0] != '\0');
    }
}

static void words__all__have_the_same_places_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < WORD_END; i++) {
        assert_int_equal(places(lang_word(LANG_EN, (enum word)i)), places(lang_word(LANG_VI, (enum word)i)));
    }
}

static void words__headers__are_proper_vietnamese(void **state)
{
    (void)state;
    assert_string_equal(lang_word(LANG_VI, WORD_UNIT), "Đơn vị");
    assert_string_equal(lang_word(LANG_VI, WORD_FIELD), "Lĩnh vực");
    assert_string_equal(lang_word(LANG_VI, WORD_PROCEDURE), "Thủ tục");
    assert_string_equal(lang_word(LANG_VI, WORD_TARGET_MISSED), "Không đạt");
    assert_string_equal(lang_word(LANG_EN, WORD_UNIT), "unit");
}

static void fill__places__may_stand_in_any_order(void **state)
{
    const char *const args[] = {"one", "two"};
    char out[64];

    (void)state;
    assert_string_equal(lang_fill("{2} before {1}, {2} again", args, 2, out, sizeof out), "two before one, two again");
}

static void fill__place_without_value__stays(void **state)
{
    const char *const args[] = {"one"};
    char out[64];

    (void)state;
    assert_string_equal(lang_fill("{1} {2} {x} {", args, 1, out, sizeof out), "one {2} {x} {");
}

static void fill__value_with_braces__is_not_filled_again(void **state)
{
    const char *const args[] = {"{2}", "secret"};
    char out[64];

    (void)state;
    assert_string_equal(lang_fill("{1}", args, 2, out, sizeof out), "{2}");
}

static void fill__too_long__is_cut(void **state)
{
    const char *const args[] = {"123456789"};
    char out[6];

    (void)state;
    assert_string_equal(lang_fill("a{1}b", args, 1, out, sizeof out), "a1234");
}

static void parse__names__two_are_known(void **state)
{
    enum lang lang = LANG_EN;

    (void)state;
    assert_int_equal(lang_parse("vi", &lang), STATUS_OK);
    assert_int_equal(lang, LANG_VI);
    assert_int_equal(lang_parse("en", &lang), STATUS_OK);
    assert_int_equal(lang, LANG_EN);
    assert_int_equal(lang_parse("fr", &lang), STATUS_INVALID);
}

static void environment__lc_all__wins_over_lang(void **state)
{
    (void)state;
    unsetenv("LC_MESSAGES");
    setenv("LANG", "vi_VN.UTF-8", 1);
    unsetenv("LC_ALL");
    assert_int_equal(lang_from_environment(), LANG_VI);
    setenv("LC_ALL", "", 1);
    assert_int_equal(lang_from_environment(), LANG_VI);
    setenv("LC_ALL", "C.UTF-8", 1);
    assert_int_equal(lang_from_environment(), LANG_EN);
    unsetenv("LC_ALL");
    unsetenv("LANG");
    assert_int_equal(lang_from_environment(), LANG_EN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words__all__are_there_in_both_languages),
        cmocka_unit_test(words__all__have_the_same_places_in_both_languages),
        cmocka_unit_test(words__headers__are_proper_vietnamese),
        cmocka_unit_test(fill__places__may_stand_in_any_order),
        cmocka_unit_test(fill__place_without_value__stays),
        cmocka_unit_test(fill__value_with_braces__is_not_filled_again),
        cmocka_unit_test(fill__too_long__is_cut),
        cmocka_unit_test(parse__names__two_are_known),
        cmocka_unit_test(environment__lc_all__wins_over_lang),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
