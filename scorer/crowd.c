/* SPDX-License-Identifier: MIT */
/* crowd.c - the rest between turns while a crowd of events comes. */
#include "scorer/crowd.h"

/* Of slower ones each is folded at once: they leave the processor enough. */
#define CROWD_EVENTS_MS 5

int64_t crowd_rests_until(struct crowd *self, int64_t begun_ms, int64_t folded, bool more)
{
    /* What a turn folds has come since the last one began. */
    int64_t gathered_ms = begun_ms - self->begun_ms;

    self->begun_ms = begun_ms;
    return !more && folded > CROWD_EVENTS_MS * gathered_ms ? begun_ms + CROWD_TURN_MS : 0;
}
