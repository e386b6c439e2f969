/* SPDX-License-Identifier: MIT */
/* What is shown of names, phones and addresses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/mask.h"

static void expect_name(const char *name, const char *masked)
{
    char out[256];

    assert_string_equal(mask_name(name, out, sizeof out), masked);
}

static void name__of_several_words__initials_and_at_most_three_stars(void **state)
{
    (void)state;
    expect_name("Nguyễn Văn An", "N*** V** A.");
    expect_name("Lê An", "L* A.");
    expect_name("Công ty TNHH Một thành viên Ánh Dương", "C*** t* T*** M** t*** v*** Á** D.");
}

static void name__of_one_word__is_an_initial(void **state)
{
    (void)state;
    expect_name("Đức", "Đ.");
    expect_name("x", "x.");
    expect_name("", "");
    expect_name("   ", "");
}

static void name__with_odd_blanks__is_the_same(void **state)
{
    (void)state;
    expect_name("  Nguyễn \t Văn   An  ", "N*** V** A.");
}

/* "Hòa" with its accent as a character of its own has three letters, not four. */
static void name__decomposed__accents_are_no_letters(void **state)
{
    (void)state;
    expect_name("Ho\xcc\x80"
                "a An",
                "H** A.");
}

static void name__cut_bytes__are_not_read_past_their_end(void **state)
{
    (void)state;
    expect_name("\xe1\xbb", "\xe1\xbb.");
    expect_name("A\xc4 B", "A* B.");
}

static void name__too_long_for_the_place__is_cut_at_a_character(void **state)
{
    char out[6];

    (void)state;
    assert_string_equal(mask_name("Nguyễn Văn An", out, sizeof out), "N*** ");
    assert_int_equal(strlen(out), 5);
}

static void phone__seven_digits_or_more__last_three_are_shown(void **state)
{
    char out[32];

    (void)state;
    assert_string_equal(mask_phone("0903 123 678", out, sizeof out), "***678");
    assert_string_equal(mask_phone("+84 (903) 12-34-56", out, sizeof out), "***456");
    assert_string_equal(mask_phone("1234567", out, sizeof out), "***567");
    assert_string_equal(mask_phone("123456", out, sizeof out), "***");
    assert_string_equal(mask_phone("", out, sizeof out), "***");
}

static void email__address__first_character_and_domain(void **state)
{
    char out[64];

    (void)state;
    assert_string_equal(mask_email("an.nguyen@example.org", out, sizeof out), "a***@example.org");
    assert_string_equal(mask_email("ánh@example.org", out, sizeof out), "á***@example.org");
}

static void email__no_address__stars_alone(void **state)
{
    char out[64];

    (void)state;
    assert_string_equal(mask_email("an.nguyen", out, sizeof out), "***");
    assert_string_equal(mask_email("@example.org", out, sizeof out), "***");
    assert_string_equal(mask_email("an@nguyen@example.org", out, sizeof out), "***");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(name__of_several_words__initials_and_at_most_three_stars),
        cmocka_unit_test(name__of_one_word__is_an_initial),
        cmocka_unit_test(name__with_odd_blanks__is_the_same),
        cmocka_unit_test(name__decomposed__accents_are_no_letters),
        cmocka_unit_test(name__cut_bytes__are_not_read_past_their_end),
        cmocka_unit_test(name__too_long_for_the_place__is_cut_at_a_character),
        cmocka_unit_test(phone__seven_digits_or_more__last_three_are_shown),
        cmocka_unit_test(email__address__first_character_and_domain),
        cmocka_unit_test(email__no_address__stars_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
