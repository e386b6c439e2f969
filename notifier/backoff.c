/* SPDX-License-Identifier: MIT */
/* backoff.c - the schedules. */
#include "notifier/backoff.h"

#include <stddef.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)
#define JITTER_PART 10 /* at most a tenth of the wait */

static const int64_t webhook_waits_ms[] = {
    0,           5 * SECOND_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS,
    5 * HOUR_MS, 10 * HOUR_MS,  14 * HOUR_MS,  20 * HOUR_MS,   24 * HOUR_MS,
};

/* The first ones are short because a submission server mostly fails by being restarted. */
static const int64_t mail_waits_ms[] = {
    0,           MINUTE_MS,   5 * MINUTE_MS, 15 * MINUTE_MS, 30 * MINUTE_MS, HOUR_MS,      2 * HOUR_MS,
    4 * HOUR_MS, 8 * HOUR_MS, 12 * HOUR_MS,  24 * HOUR_MS,   24 * HOUR_MS,   24 * HOUR_MS,
};

static int64_t wait_of(const int64_t *waits_ms, size_t len, int failed, uint32_t random)
{
    int64_t wait_ms;

    if (failed < 0 || (size_t)failed >= len) {
        return -1;
    }
    wait_ms = waits_ms[failed];
    /* The longest wait is below 2^27 ms: the product stays below 2^59. */
    return wait_ms + (wait_ms / JITTER_PART * (int64_t)random >> 32);
}

int64_t webhook_backoff_ms(int failed, uint32_t random)
{
    return wait_of(webhook_waits_ms, sizeof webhook_waits_ms / sizeof *webhook_waits_ms, failed, random);
}

int64_t mail_backoff_ms(int failed, uint32_t random)
{
    return wait_of(mail_waits_ms, sizeof mail_waits_ms / sizeof *mail_waits_ms, failed, random);
}
