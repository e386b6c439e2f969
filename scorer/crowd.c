/* SPDX-License-Identifier: MIT */
/* crowd.c - the rest between turns while a crowd of events comes. */
#include "scorer/crowd.h"

/* Of slower ones each is folded at once: they leave the processor enough. */
#define CROWD_EVENTS_MS 5
/* Events come by batches of ingest, so that a shorter time tells no pace. */
#define CROWD_LEAST_MS 50

int64_t crowd_rests_until(struct crowd *self, int64_t begun_ms, int64_t folded, bool more)
{
    /* What a turn folds has come since the last one began. */
    int64_t gathered_ms = begun_ms - self->begun_ms;

    self->begun_ms = begun_ms;
    gathered_ms = gathered_ms > CROWD_LEAST_MS ? gathered_ms : CROWD_LEAST_MS;
    return !more && folded > CROWD_EVENTS_MS * gathered_ms ? begun_ms + CROWD_TURN_MS : 0;
}
