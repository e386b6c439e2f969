/* SPDX-License-Identifier: MIT */
/*
 * keepalive.h - when to repeat the last number of which topic: each once an interval, spread evenly over it.  Pure.
 */
#ifndef NOTIFIER_KEEPALIVE_H
#define NOTIFIER_KEEPALIVE_H

#include <stddef.h>
#include <stdint.h>

struct keepalive {
    int64_t interval_ms;
    int64_t last_ms; /* until when turns were given out */
    int64_t credit;  /* topics times milliseconds not yet turned into turns; below interval_ms */
    size_t next;     /* whose turn comes next */
};

/* interval_ms must be above 0. */
void keepalive_start(struct keepalive *self, int64_t interval_ms, int64_t now_ms);

/* How many of count topics have their turn now; never more than count, however long nobody asked. */
size_t keepalive_due(struct keepalive *self, int64_t now_ms, size_t count);

/* Whose turn it is, 0..count-1, going round; count must be above 0. */
size_t keepalive_turn(struct keepalive *self, size_t count);

/* Milliseconds until keepalive_due is above 0; interval_ms when there is no topic. */
int64_t keepalive_wait_ms(const struct keepalive *self, int64_t now_ms, size_t count);

#endif
