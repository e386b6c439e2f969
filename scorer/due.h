/* SPDX-License-Identifier: MIT */
/*
 * due.h - how pauses move a due date, by docs/rules.md 7 and 8 step 6.  Pure.
 */
#ifndef SCORER_DUE_H
#define SCORER_DUE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/calendars.h"
#include "common/term.h"

/*
 * Which calendar counts.  Versions are tried from the one in force at moment_us up to the one in force at now_us until
 * one knows the years; as long as no working time is asked for, none is looked up.
 *
 *     due_clock_start(&clock);
 *     do {
 *         if (whatever needs working time succeeds) { clock.version tells what was used; … }
 *     } while (due_clock_next(&clock));
 */
struct due_clock {
    const struct calendars *calendars; /* may be NULL */
    int32_t unit_id;
    int64_t moment_us;
    int64_t now_us;
    int version; /* 0: none was needed so far */
};

void due_clock_start(struct due_clock *clock);
/* False when there is no newer version. */
bool due_clock_next(struct due_clock *clock);
/* False: the version does not know the years. */
bool due_clock_term(struct due_clock *clock, int64_t from_us, const struct term *term, int64_t *due_us);

enum due_way {
    DUE_PAUSE,   /* a pause stops the clock */
    DUE_RESTART, /* a pause starts it anew */
    DUE_DEDUCT   /* a pause is time that does not count, on or off work */
};

/* A walk over the pauses, which come ascending by their beginning. */
struct due_walk {
    struct due_clock *clock;
    enum due_way way;
    bool working; /* measured in working time */
    bool ended;   /* the due was broken before a pause: later ones do not mend it */
    bool failed;  /* the years are not known */
    bool held;    /* from_us and to_us hold a pause that later ones may extend */
    int64_t from_us;
    int64_t to_us;
    int64_t start_us; /* when the term began, ENVELOPE_NONE_US: not known */
    int64_t base_us;
    int64_t due_us;
};

void due_walk_start(struct due_walk *walk, struct due_clock *clock, enum due_way way, bool working, int64_t start_us,
                    int64_t base_us);
/* A closed pause, from_us < to_us. */
void due_walk_pause(struct due_walk *walk, int64_t from_us, int64_t to_us);
/* The due after all of them; false when the years are not known. */
bool due_walk_end(struct due_walk *walk, int64_t *due_us);

#endif
