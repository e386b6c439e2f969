/* SPDX-License-Identifier: MIT */
/*
 * delivery_policy.h - what to do after an attempt to deliver (docs/deliveries.md).  Pure.
 *
 * A message to officials that may or may not have arrived is sent again under the same id: an alert twice is better
 * than none.  A letter to a citizen is not: nobody gets two letters for one failure.
 */
#ifndef NOTIFIER_DELIVERY_POLICY_H
#define NOTIFIER_DELIVERY_POLICY_H

#include <stdbool.h>
#include <stdint.h>

#include "notifier/outcome.h"

enum delivery_channel { DELIVERY_EMAIL, DELIVERY_WEBHOOK, DELIVERY_CHANNELS };

#define DELIVERY_NO_WAIT (-1)

struct delivery_verdict {
    const char *state; /* of table delivery: waiting, sent, dead, uncertain */
    int64_t wait_ms;   /* until the next attempt; DELIVERY_NO_WAIT: there is none */
    int64_t spare_ms;  /* the recipient gets nothing for so long; DELIVERY_NO_WAIT: no such thing */
    bool disable;      /* the recipient wants nothing any more */
};

/* attempts: made until now, this one among them.  random: any 32 bits. */
struct delivery_verdict delivery_judge(enum delivery_channel channel, bool letter, int attempts,
                                       const struct outcome *outcome, uint32_t random);

#endif
