/* SPDX-License-Identifier: MIT */
/*
 * webhook_reply.h - what a receiver's answer means, after the Standard Webhooks specification.  Pure.
 */
#ifndef NOTIFIER_WEBHOOK_REPLY_H
#define NOTIFIER_WEBHOOK_REPLY_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "notifier/outcome.h"

#define WEBHOOK_RETRY_AFTER_MAX_MS INT64_C(86400000) /* a day: a receiver cannot put deliveries off for ever */

/*
 * Reads the value of Retry-After, seconds or an HTTP date, as milliseconds from now_s on, cut at the maximum above.
 * STATUS_INVALID when it is neither; a date that has passed is 0.
 */
enum status webhook_retry_after_ms(const char *value, size_t len, int64_t now_s, int64_t *wait_ms) MUST_CHECK;

/*
 * 2xx is delivered, 410 gone, 429, 502 and 504 throttled; every other status is a failure that is tried again, 3xx and
 * 4xx among them: a receiver that is being mended answers with those, too.
 */
void webhook_reply_outcome(const char *host, int http_status, int64_t retry_after_ms, struct outcome *outcome);

#endif
