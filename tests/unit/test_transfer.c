/* SPDX-License-Identifier: MIT */
/* test_transfer.c - room, and the end of what is in flight; no attempt gets as far as the network. */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "notifier/webhook.h"

struct fixture {
    struct transfer *transfer;
    struct webhook *webhook;
    struct webhook_secret secret;
    int ended;
    struct outcome last;
    enum status again; /* what starting anew from the callback gave */
};

static int setup(void **state)
{
    static struct fixture fixture;
    struct webhook_settings settings = {.connect_ms = 1000, .total_ms = 2000, .per_host = 2};
    char error[WEBHOOK_ERROR_SIZE];

    memset(&fixture, 0, sizeof fixture);
    assert_int_equal(transfer_new(&fixture.transfer, 3, error), STATUS_OK);
    assert_int_equal(webhook_new(&fixture.webhook, &settings, fixture.transfer, error), STATUS_OK);
    assert_int_equal(webhook_secret_parse("whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", &fixture.secret, error), STATUS_OK);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    transfer_destroy(&fixture->transfer);
    webhook_destroy(&fixture->webhook);
    return 0;
}

static void done_cb(void *context, const struct outcome *outcome)
{
    struct fixture *fixture = context;

    fixture->ended++;
    fixture->last = *outcome;
}

static enum status begin(struct fixture *fixture, const char *url, transfer_done_cb done)
{
    struct webhook_message message = {
        .url = url, .id = "msg_7", .payload = "{}", .payload_len = 2, .secrets = &fixture->secret, .secrets_len = 1};
    char error[WEBHOOK_ERROR_SIZE];

    return webhook_send(fixture->webhook, &message, done, fixture, error);
}

static void again_cb(void *context, const struct outcome *outcome)
{
    struct fixture *fixture = context;

    done_cb(context, outcome);
    fixture->again = begin(fixture, "https://192.0.2.9/", done_cb);
}

static void transfer__room__is_kept_per_host_and_in_all(void **state)
{
    struct fixture *fixture = *state;

    assert_true(webhook_has_room(fixture->webhook, "https://192.0.2.1/"));
    assert_int_equal(begin(fixture, "https://192.0.2.1/a", done_cb), STATUS_OK);
    assert_int_equal(begin(fixture, "https://192.0.2.1:444/b", done_cb), STATUS_OK);
    assert_false(webhook_has_room(fixture->webhook, "https://192.0.2.1/c"));
    assert_int_equal(begin(fixture, "https://192.0.2.1/c", done_cb), STATUS_RETRY);
    assert_true(webhook_has_room(fixture->webhook, "https://192.0.2.2/"));
    assert_int_equal(begin(fixture, "https://192.0.2.2/", done_cb), STATUS_OK);
    assert_false(webhook_has_room(fixture->webhook, "https://192.0.2.3/"));
    assert_int_equal(begin(fixture, "https://192.0.2.3/", done_cb), STATUS_RETRY);
    assert_int_equal(transfer_in_flight(fixture->transfer), 3);
    assert_int_equal(fixture->ended, 0);
}

static void transfer__nothing_in_flight__waits_for_ever(void **state)
{
    struct fixture *fixture = *state;
    struct pollfd polled = {.fd = transfer_fd(fixture->transfer), .events = POLLIN};

    assert_int_equal(transfer_wait_ms(fixture->transfer), -1);
    transfer_turn(fixture->transfer);
    assert_int_equal(poll(&polled, 1, 0), 0);
    assert_int_equal(begin(fixture, "https://192.0.2.1/", done_cb), STATUS_OK);
    assert_int_equal(transfer_wait_ms(fixture->transfer), 0);
}

static void transfer__unsafe_address__ends_in_its_first_turns(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(begin(fixture, "https://127.0.0.1/", done_cb), STATUS_OK);
    for (int turn = 0; turn < 10 && fixture->ended == 0; turn++) {
        transfer_turn(fixture->transfer);
    }
    assert_int_equal(fixture->ended, 1);
    assert_int_equal(fixture->last.kind, OUTCOME_UNSAFE);
    assert_int_equal(transfer_in_flight(fixture->transfer), 0);
}

static void transfer__cancel__ends_each_once_and_lets_none_begin(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(begin(fixture, "https://192.0.2.1/", again_cb), STATUS_OK);
    assert_int_equal(begin(fixture, "https://192.0.2.2/", again_cb), STATUS_OK);
    transfer_cancel(fixture->transfer);
    assert_int_equal(fixture->ended, 2);
    assert_int_equal(fixture->last.kind, OUTCOME_RETRY);
    assert_int_equal(fixture->again, STATUS_RETRY);
    assert_int_equal(transfer_in_flight(fixture->transfer), 0);
    /* Afterwards there is room again. */
    assert_int_equal(begin(fixture, "https://192.0.2.1/", done_cb), STATUS_OK);
    transfer_destroy(&fixture->transfer);
    assert_null(fixture->transfer);
    assert_int_equal(fixture->ended, 3);
    transfer_destroy(&fixture->transfer);
}

static void transfer__callback_starts_the_next__it_begins(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(begin(fixture, "https://10.0.0.1/", again_cb), STATUS_OK);
    for (int turn = 0; turn < 10 && fixture->ended == 0; turn++) {
        transfer_turn(fixture->transfer);
    }
    assert_int_equal(fixture->ended, 1);
    assert_int_equal(fixture->again, STATUS_OK);
}

static void transfer__absurd_room__is_refused(void **state)
{
    struct transfer *transfer;
    char error[TRANSFER_ERROR_SIZE];

    (void)state;
    assert_int_equal(transfer_new(&transfer, 0, error), STATUS_INVALID);
    assert_null(transfer);
    assert_int_equal(transfer_new(&transfer, TRANSFER_ROOM_MAX + 1, error), STATUS_INVALID);
    assert_non_null(strstr(error, "1 to 1024"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(transfer__room__is_kept_per_host_and_in_all, setup, teardown),
        cmocka_unit_test_setup_teardown(transfer__nothing_in_flight__waits_for_ever, setup, teardown),
        cmocka_unit_test_setup_teardown(transfer__unsafe_address__ends_in_its_first_turns, setup, teardown),
        cmocka_unit_test_setup_teardown(transfer__cancel__ends_each_once_and_lets_none_begin, setup, teardown),
        cmocka_unit_test_setup_teardown(transfer__callback_starts_the_next__it_begins, setup, teardown),
        cmocka_unit_test(transfer__absurd_room__is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
