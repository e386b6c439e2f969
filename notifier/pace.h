/* SPDX-License-Identifier: MIT */
/*
 * pace.h - when to look at the targets: not more often than configured, at each local midnight, again soon after what
 * passes by itself, and for a part of the time only, because the loop stands still meanwhile.  Pure.
 */
#ifndef NOTIFIER_PACE_H
#define NOTIFIER_PACE_H

#include <stdbool.h>
#include <stdint.h>

/* Soon. */
#define PACE_AGAIN_MS 1000
/* A look may take one of so many parts of the time. */
#define PACE_SHARE 20

/* All 0: nothing was ever looked at. */
struct pace {
    int64_t next_ms; /* not before, unless it is midnight */
    int32_t day;     /* the local day of the last round */
    bool judged;     /* there was one */
    bool waits;      /* the one that was due could not be made */
};

enum pace_answer {
    PACE_NOT_YET,
    PACE_IF_CHANGED, /* a round, if something was written since the last one */
    PACE_ROUND       /* a round in any case: figures go with the day */
};

enum pace_end {
    PACE_JUDGED,    /* there was a round */
    PACE_UNCHANGED, /* there was no need for one */
    PACE_WAITS,     /* a scorer or another notifier was at work, or moved on at the same time */
    PACE_FAILED     /* the database did not do it */
};

enum pace_answer pace_ask(const struct pace *self, int32_t today, int64_t now_ms);

/* Notes how it ended.  every_ms: the configured pause; took_ms: since it was asked. */
void pace_note(struct pace *self, enum pace_end end, int32_t today, int64_t every_ms, int64_t now_ms, int64_t took_ms);

#endif
