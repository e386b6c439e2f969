/* SPDX-License-Identifier: MIT */
/* keepalive.c - turns of the topics: a bucket that fills by count an interval. */
#include "notifier/keepalive.h"

void keepalive_start(struct keepalive *self, int64_t interval_ms, int64_t now_ms)
{
    self->interval_ms = interval_ms;
    self->last_ms = now_ms;
    self->credit = 0;
    self->next = 0;
}

size_t keepalive_due(struct keepalive *self, int64_t now_ms, size_t count)
{
    int64_t passed_ms = now_ms - self->last_ms;
    int64_t due;

    self->last_ms = now_ms;
    /* After a whole interval every topic is due once, and only once. */
    if (passed_ms >= self->interval_ms) {
        self->credit = 0;
        return count;
    }
    self->credit += passed_ms * (int64_t)count;
    due = self->credit / self->interval_ms;
    self->credit %= self->interval_ms;
    return due < (int64_t)count ? (size_t)due : count;
}

size_t keepalive_turn(struct keepalive *self, size_t count)
{
    size_t turn = self->next < count ? self->next : 0;

    self->next = turn + 1;
    return turn;
}

int64_t keepalive_wait_ms(const struct keepalive *self, int64_t now_ms, size_t count)
{
    int64_t missing;
    int64_t wait_ms;

    if (count == 0) {
        return self->interval_ms;
    }
    missing = self->interval_ms - self->credit - (now_ms - self->last_ms) * (int64_t)count;
    wait_ms = (missing + (int64_t)count - 1) / (int64_t)count;
    return wait_ms > 0 ? wait_ms : 0;
}
