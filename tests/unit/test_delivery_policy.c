/* SPDX-License-Identifier: MIT */
/* test_delivery_policy.c - what is done after an attempt, outcome by outcome (docs/deliveries.md 4). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "notifier/delivery_policy.h"

#define MINUTE_MS 60000

static struct delivery_verdict judged(enum delivery_channel channel, bool letter, int attempts, enum outcome_kind kind,
                                      int64_t not_before_ms)
{
    struct outcome outcome;

    outcome_set(&outcome, kind, 0, "test");
    outcome.not_before_ms = not_before_ms;
    return delivery_judge(channel, letter, attempts, &outcome, 0);
}

static void expect(struct delivery_verdict verdict, const char *state, int64_t wait_ms, int64_t spare_ms, bool disable)
{
    assert_string_equal(verdict.state, state);
    assert_int_equal(verdict.wait_ms, wait_ms);
    assert_int_equal(verdict.spare_ms, spare_ms);
    assert_int_equal(verdict.disable, disable);
}

static void judge__delivered_refused_gone__ends_it(void **state)
{
    (void)state;
    expect(judged(DELIVERY_EMAIL, false, 1, OUTCOME_DELIVERED, 0), "sent", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT, false);
    expect(judged(DELIVERY_EMAIL, true, 1, OUTCOME_REFUSED, 0), "dead", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT, false);
    expect(judged(DELIVERY_WEBHOOK, false, 1, OUTCOME_GONE, 0), "dead", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT, true);
}

/* The schedules of docs/deliveries.md: the first pause of mail is a minute, of webhooks five seconds. */
static void judge__failed__waits_by_the_schedule(void **state)
{
    (void)state;
    expect(judged(DELIVERY_EMAIL, false, 1, OUTCOME_RETRY, 0), "waiting", MINUTE_MS, DELIVERY_NO_WAIT, false);
    expect(judged(DELIVERY_WEBHOOK, false, 1, OUTCOME_CERTIFICATE, 0), "waiting", 5000, DELIVERY_NO_WAIT, false);
    expect(judged(DELIVERY_WEBHOOK, false, 2, OUTCOME_UNSAFE, 0), "waiting", 5 * MINUTE_MS, DELIVERY_NO_WAIT, false);
    /* The receiver asked for longer, and for less than the schedule. */
    expect(judged(DELIVERY_WEBHOOK, false, 1, OUTCOME_RETRY, 7000), "waiting", 7000, DELIVERY_NO_WAIT, false);
    expect(judged(DELIVERY_WEBHOOK, false, 2, OUTCOME_RETRY, 7000), "waiting", 5 * MINUTE_MS, DELIVERY_NO_WAIT, false);
}

static void judge__throttled__spares_the_recipient(void **state)
{
    (void)state;
    expect(judged(DELIVERY_WEBHOOK, false, 1, OUTCOME_THROTTLED, 30000), "waiting", 30000, 30000, false);
}

static void judge__schedule_used_up__is_given_up(void **state)
{
    (void)state;
    expect(judged(DELIVERY_WEBHOOK, false, 10, OUTCOME_RETRY, 0), "dead", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT, false);
    expect(judged(DELIVERY_EMAIL, false, 13, OUTCOME_THROTTLED, 0), "dead", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT, false);
}

static void judge__uncertain__repeats_alerts_and_never_letters(void **state)
{
    (void)state;
    expect(judged(DELIVERY_EMAIL, false, 1, OUTCOME_UNCERTAIN, 0), "waiting", MINUTE_MS, DELIVERY_NO_WAIT, false);
    expect(judged(DELIVERY_EMAIL, true, 1, OUTCOME_UNCERTAIN, 0), "uncertain", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT,
           false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(judge__delivered_refused_gone__ends_it),
        cmocka_unit_test(judge__failed__waits_by_the_schedule),
        cmocka_unit_test(judge__throttled__spares_the_recipient),
        cmocka_unit_test(judge__schedule_used_up__is_given_up),
        cmocka_unit_test(judge__uncertain__repeats_alerts_and_never_letters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
