/* SPDX-License-Identifier: MIT */
/* outcome.c - names and texts of outcomes. */
#include "notifier/outcome.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"

const char *outcome_name(enum outcome_kind kind)
{
    static const char *const names[OUTCOME_END] = {
        [OUTCOME_DELIVERED] = "delivered", [OUTCOME_RETRY] = "retry",
        [OUTCOME_THROTTLED] = "throttled", [OUTCOME_REFUSED] = "refused",
        [OUTCOME_GONE] = "gone",           [OUTCOME_UNCERTAIN] = "uncertain",
        [OUTCOME_UNSAFE] = "unsafe",       [OUTCOME_CERTIFICATE] = "certificate",
    };

    assert(kind < OUTCOME_END);
    return names[kind];
}

void outcome_set(struct outcome *outcome, enum outcome_kind kind, int code, const char *fmt, ...)
{
    char text[4 * OUTCOME_TEXT_SIZE];
    va_list args;

    va_start(args, fmt);
    if (vsnprintf(text, sizeof text, fmt, args) < 0) {
        text[0] = '\0';
    }
    va_end(args);
    outcome->kind = kind;
    outcome->code = code;
    outcome->not_before_ms = 0;
    log_clean(text, strlen(text), outcome->text, sizeof outcome->text);
}
