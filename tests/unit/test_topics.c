/* SPDX-License-Identifier: MIT */
/* test_topics.c - the table of topics, and which endpoints are local. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "notifier/socket.h"
#include "notifier/topics.h"

static int make(void **state)
{
    *state = topics_new();
    return *state == NULL ? -1 : 0;
}

static int drop(void **state)
{
    struct topics *topics = *state;

    topics_destroy(&topics);
    topics_destroy(&topics); /* does nothing the second time */
    return 0;
}

static void topics__set_in_any_order__are_sorted(void **state)
{
    struct topics *topics = *state;
    int64_t last_seq;

    assert_int_equal(topics_set(topics, "letter.void/B", 3), STATUS_OK);
    assert_int_equal(topics_set(topics, "letter.owed/B", 2), STATUS_OK);
    assert_int_equal(topics_set(topics, "letter.owed/A", 1), STATUS_OK);
    assert_int_equal(topics_count(topics), 3);
    assert_string_equal(topics_at(topics, 0, &last_seq), "letter.owed/A");
    assert_int_equal(last_seq, 1);
    assert_string_equal(topics_at(topics, 1, &last_seq), "letter.owed/B");
    assert_string_equal(topics_at(topics, 2, &last_seq), "letter.void/B");
    assert_int_equal(last_seq, 3);
}

static void topics__set_again__takes_the_new_number_up_or_down(void **state)
{
    struct topics *topics = *state;
    int64_t last_seq;

    assert_int_equal(topics_set(topics, "letter.owed/", 5), STATUS_OK);
    assert_int_equal(topics_set(topics, "letter.owed/", 9), STATUS_OK);
    assert_int_equal(topics_count(topics), 1);
    topics_at(topics, 0, &last_seq);
    assert_int_equal(last_seq, 9);
    assert_int_equal(topics_set(topics, "letter.owed/", 4), STATUS_OK);
    topics_at(topics, 0, &last_seq);
    assert_int_equal(last_seq, 4);
}

static void topics__thousand_names__all_are_found(void **state)
{
    struct topics *topics = *state;
    char name[32];
    int64_t last_seq;

    /* 7 and 1000 have no common divisor: every number comes once. */
    for (int i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "letter.owed/%03d", i * 7 % 1000);
        assert_int_equal(topics_set(topics, name, i * 7 % 1000), STATUS_OK);
    }
    assert_int_equal(topics_count(topics), 1000);
    for (size_t i = 0; i < 1000; i++) {
        snprintf(name, sizeof name, "letter.owed/%03d", (int)i);
        assert_string_equal(topics_at(topics, i, &last_seq), name);
        assert_int_equal(last_seq, i);
    }
}

static void endpoint__of_this_machine__is_local(void **state)
{
    (void)state;
    assert_true(notifier_endpoint_is_local("ipc://run/feed"));
    assert_true(notifier_endpoint_is_local("tcp://127.0.0.1:7701"));
    assert_true(notifier_endpoint_is_local("tcp://[::1]:7701"));
    assert_true(notifier_endpoint_is_local("tcp://localhost:7701"));
}

static void endpoint__of_the_network__is_not_local(void **state)
{
    (void)state;
    assert_false(notifier_endpoint_is_local("tcp://*:7701"));
    assert_false(notifier_endpoint_is_local("tcp://0.0.0.0:7701"));
    assert_false(notifier_endpoint_is_local("tcp://10.0.0.1:7701"));
    assert_false(notifier_endpoint_is_local("tcp://localhost.example.vn:7701"));
    assert_false(notifier_endpoint_is_local(""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(topics__set_in_any_order__are_sorted, make, drop),
        cmocka_unit_test_setup_teardown(topics__set_again__takes_the_new_number_up_or_down, make, drop),
        cmocka_unit_test_setup_teardown(topics__thousand_names__all_are_found, make, drop),
        cmocka_unit_test(endpoint__of_this_machine__is_local),
        cmocka_unit_test(endpoint__of_the_network__is_not_local),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
