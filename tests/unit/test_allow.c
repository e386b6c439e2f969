/* SPDX-License-Identifier: MIT */
/* test_allow.c - keys, patterns and listeners of the allow-list. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/allow.h"

#define KEY_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define KEY_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define KEY_C "cccccccccccccccccccccccccccccccccccccccc"

static int setup(void **state)
{
    struct allow *allow = allow_new();

    assert_non_null(allow);
    /* Not in the order of the keys. */
    assert_int_equal(allow_add(allow, KEY_C, NULL, true), STATUS_OK);
    assert_int_equal(allow_add(allow, KEY_A, "https://mc.example/h29", false), STATUS_OK);
    assert_int_equal(allow_add(allow, KEY_B, "https://mc.example/h29/*", false), STATUS_OK);
    assert_int_equal(allow_add(allow, KEY_A, "https://mc.example/h56*", false), STATUS_OK);
    *state = allow;
    return 0;
}

static int teardown(void **state)
{
    struct allow *allow = *state;

    allow_destroy(&allow);
    assert_null(allow);
    allow_destroy(&allow);
    return 0;
}

static void allow_source__pattern_without_star__is_the_source_itself(void **state)
{
    assert_true(allow_source(*state, KEY_A, "https://mc.example/h29"));
    assert_false(allow_source(*state, KEY_A, "https://mc.example/h29/1"));
    assert_false(allow_source(*state, KEY_A, "https://mc.example/h2"));
    assert_false(allow_source(*state, KEY_A, ""));
}

static void allow_source__pattern_with_star__is_a_prefix(void **state)
{
    assert_true(allow_source(*state, KEY_A, "https://mc.example/h56"));
    assert_true(allow_source(*state, KEY_A, "https://mc.example/h56/ward/3"));
    assert_false(allow_source(*state, KEY_A, "https://mc.example/h5"));
    assert_true(allow_source(*state, KEY_B, "https://mc.example/h29/1"));
    assert_false(allow_source(*state, KEY_B, "https://mc.example/h29"));
}

static void allow_source__other_keys_permission__does_not_count(void **state)
{
    assert_false(allow_source(*state, KEY_B, "https://mc.example/h56"));
    assert_false(allow_source(*state, "", "https://mc.example/h29"));
}

static void allow_source__listener_only__may_not_speak(void **state)
{
    assert_true(allow_knows(*state, KEY_C));
    assert_false(allow_source(*state, KEY_C, "https://mc.example/h29"));
    assert_false(allow_source(*state, KEY_C, ""));
}

static void allow_source__star_in_the_middle__is_a_letter(void **state)
{
    assert_int_equal(allow_add(*state, KEY_B, "a*b", false), STATUS_OK);
    assert_true(allow_source(*state, KEY_B, "a*b"));
    assert_false(allow_source(*state, KEY_B, "axb"));
}

static void allow_source__star_alone__is_every_source(void **state)
{
    assert_int_equal(allow_add(*state, KEY_B, "*", false), STATUS_OK);
    assert_true(allow_source(*state, KEY_B, "anything"));
}

static void allow_feed__only_for_listeners(void **state)
{
    assert_true(allow_feed(*state, KEY_C));
    assert_false(allow_feed(*state, KEY_A));
    assert_false(allow_feed(*state, "unknown"));
}

static void allow_keys__each_key_counts_once(void **state)
{
    assert_int_equal(allow_keys(*state), 3);
    assert_false(allow_knows(*state, "aaaa"));
    assert_false(allow_knows(*state, "zzzz"));
}

static void allow_new__lets_nobody_in(void **state)
{
    struct allow *allow = allow_new();

    (void)state;
    assert_int_equal(allow_keys(allow), 0);
    assert_false(allow_knows(allow, KEY_A));
    assert_false(allow_source(allow, KEY_A, "x"));
    assert_false(allow_feed(allow, KEY_A));
    allow_destroy(&allow);
}

static void allow_add__too_long__is_refused(void **state)
{
    char long_pattern[300];

    for (size_t i = 0; i < sizeof long_pattern - 1; i++) {
        long_pattern[i] = 'p';
    }
    long_pattern[sizeof long_pattern - 1] = '\0';
    assert_int_equal(allow_add(*state, KEY_A, long_pattern, false), STATUS_INVALID);
    assert_int_equal(allow_add(*state, long_pattern, "x", false), STATUS_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(allow_source__pattern_without_star__is_the_source_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(allow_source__pattern_with_star__is_a_prefix, setup, teardown),
        cmocka_unit_test_setup_teardown(allow_source__other_keys_permission__does_not_count, setup, teardown),
        cmocka_unit_test_setup_teardown(allow_source__listener_only__may_not_speak, setup, teardown),
        cmocka_unit_test_setup_teardown(allow_source__star_in_the_middle__is_a_letter, setup, teardown),
        cmocka_unit_test_setup_teardown(allow_source__star_alone__is_every_source, setup, teardown),
        cmocka_unit_test_setup_teardown(allow_feed__only_for_listeners, setup, teardown),
        cmocka_unit_test_setup_teardown(allow_keys__each_key_counts_once, setup, teardown),
        cmocka_unit_test(allow_new__lets_nobody_in),
        cmocka_unit_test_setup_teardown(allow_add__too_long__is_refused, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
