/* SPDX-License-Identifier: MIT */
/*
 * stats.h - what the process has done since it started, for metrics and the STATS line.
 */
#ifndef INGEST_STATS_H
#define INGEST_STATS_H

#include <stdint.h>

#include "ingest/answer.h"

struct stats {
    int64_t received;            /* events */
    int64_t words[ANSWER_WORDS]; /* events, by what became of them */
    int64_t codes[CODE_END];     /* refusals and errors, by code */
    int64_t requests;            /* messages read */
    int64_t lost_replies;        /* the peer was gone or did not read */
    int64_t batches;             /* committed */
    int64_t batch_events;        /* in them */
    int64_t batch_ms;            /* spent on them */
    int64_t retries;             /* batches sent again */
    int64_t bells;               /* rung */
};

/* Notes that an event has its outcome. */
static inline void stats_settled(struct stats *stats, enum answer_word word, enum answer_code code)
{
    stats->words[word]++;
    stats->codes[code]++;
}

#endif
