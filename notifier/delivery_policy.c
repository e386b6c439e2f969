/* SPDX-License-Identifier: MIT */
/* delivery_policy.c - what to do after an attempt to deliver. */
#include "notifier/delivery_policy.h"

#include "notifier/backoff.h"

/* Again by the channel's schedule, not before the receiver wants; given up when the schedule is used up. */
static struct delivery_verdict again(enum delivery_channel channel, int attempts, const struct outcome *outcome,
                                     uint32_t random)
{
    int64_t wait_ms =
        channel == DELIVERY_EMAIL ? mail_backoff_ms(attempts, random) : webhook_backoff_ms(attempts, random);

    if (wait_ms < 0) {
        return (struct delivery_verdict){"dead", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT, false};
    }
    if (wait_ms < outcome->not_before_ms) {
        wait_ms = outcome->not_before_ms;
    }
    return (struct delivery_verdict){"waiting", wait_ms, DELIVERY_NO_WAIT, false};
}

struct delivery_verdict delivery_judge(enum delivery_channel channel, bool letter, int attempts,
                                       const struct outcome *outcome, uint32_t random)
{
    struct delivery_verdict verdict = {"dead", DELIVERY_NO_WAIT, DELIVERY_NO_WAIT, false};

    switch (outcome->kind) {
    case OUTCOME_DELIVERED:
        verdict.state = "sent";
        break;
    case OUTCOME_UNCERTAIN:
        if (letter) {
            verdict.state = "uncertain";
            break;
        }
        return again(channel, attempts, outcome, random);
    case OUTCOME_THROTTLED:
        verdict = again(channel, attempts, outcome, random);
        verdict.spare_ms = verdict.wait_ms;
        break;
    case OUTCOME_RETRY:
    case OUTCOME_CERTIFICATE:
    case OUTCOME_UNSAFE:
        return again(channel, attempts, outcome, random);
    case OUTCOME_GONE:
        verdict.disable = true;
        break;
    case OUTCOME_REFUSED:
    case OUTCOME_END:
        break;
    }
    return verdict;
}
