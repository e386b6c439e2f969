/* SPDX-License-Identifier: MIT */
/*
 * backoff.h - when a delivery that failed is tried again.  Pure.
 */
#ifndef NOTIFIER_BACKOFF_H
#define NOTIFIER_BACKOFF_H

#include <stdint.h>

/*
 * Milliseconds to wait before the next attempt when `failed` attempts were made: 0 before the first one, -1 when the
 * schedule is used up.  random (any 32 bits) lengthens the wait by less than a tenth, so that what failed together is
 * not tried again together.
 */

/* The schedule of the Standard Webhooks specification: ten attempts over 75 hours and a half. */
int64_t webhook_backoff_ms(int failed, uint32_t random);

/* Thirteen attempts over four days, as RFC 5321 (4.5.4.1) asks of a sender. */
int64_t mail_backoff_ms(int failed, uint32_t random);

#endif
