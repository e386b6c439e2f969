/* SPDX-License-Identifier: MIT */
/*
 * figures.h - what the notifier counts, and how it is told to /metrics.
 */
#ifndef NOTIFIER_FIGURES_H
#define NOTIFIER_FIGURES_H

#include <stdint.h>

#include "common/metrics.h"

struct figures {
    int64_t rounds;
    int64_t opened;
    int64_t voided;
    int64_t drafted; /* letters, by the notifier itself */
    int64_t sent;    /* deliveries, and what became of attempts that failed */
    int64_t failed;
    int64_t dead;
    int64_t uncertain;
    int64_t steps;    /* of the ladder, taken */
    int64_t messages; /* to recipients, made */
    int64_t published;
    int64_t unsent; /* messages that found the feed closed */
    int64_t keepalives;
    int64_t failures; /* of the database */
    int64_t targets_told;
    int64_t replay_requests;
    int64_t replay_refused;
    int64_t replay_dropped;
    int64_t keys_refused;
    int64_t open_duties; /* as counted last */
    int64_t lag_ms;      /* since nothing was left to do */
};

void figures_write(struct metrics_page *page, const struct figures *figures);

#endif
