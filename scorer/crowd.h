/* SPDX-License-Identifier: MIT */
/*
 * crowd.h - the rest between turns while a crowd of events comes.
 *
 * A turn costs as much as some dozen events.  What few large ones save of the processor goes to those who wait for an
 * answer of ingest.
 */
#ifndef SCORER_CROWD_H
#define SCORER_CROWD_H

#include <stdbool.h>
#include <stdint.h>

#define CROWD_TURN_MS 100

struct crowd {
    int64_t begun_ms; /* the last turn; 0: there was none */
};

/*
 * To be told of every turn: when it began by the monotonic clock, how many events it folded, and whether it left a
 * part for the next one.  Returns the moment up to which to rest before that; 0: not at all.
 */
int64_t crowd_rests_until(struct crowd *self, int64_t begun_ms, int64_t folded, bool more);

#endif
