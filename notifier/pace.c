/* SPDX-License-Identifier: MIT */
/* pace.c - see pace.h. */
#include "notifier/pace.h"

enum pace_answer pace_ask(const struct pace *self, int32_t today, int64_t now_ms)
{
    bool midnight = self->judged && today != self->day;

    /* Who waits at midnight does not ask in every turn. */
    if (now_ms < self->next_ms && (!midnight || self->waits)) {
        return PACE_NOT_YET;
    }
    return midnight ? PACE_ROUND : PACE_IF_CHANGED;
}

void pace_note(struct pace *self, enum pace_end end, int32_t today, int64_t every_ms, int64_t now_ms, int64_t took_ms)
{
    int64_t pause_ms = end == PACE_WAITS ? PACE_AGAIN_MS : every_ms;
    int64_t share_ms = took_ms * PACE_SHARE;

    self->waits = end == PACE_WAITS || end == PACE_FAILED;
    self->next_ms = now_ms + (pause_ms > share_ms ? pause_ms : share_ms);
    if (end == PACE_JUDGED) {
        self->judged = true;
        self->day = today;
    }
}
