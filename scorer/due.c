/* SPDX-License-Identifier: MIT */
/* due.c - how pauses move a due date. */
#include "scorer/due.h"

#include "common/envelope.h"

void due_clock_start(struct due_clock *clock)
{
    clock->version = 0;
}

bool due_clock_next(struct due_clock *clock)
{
    if (clock->calendars == NULL || clock->version >= calendars_at(clock->calendars, clock->now_us)) {
        return false;
    }
    clock->version++;
    return true;
}

/* The calendar of the version being tried; NULL when there is none. */
static const struct calendar *calendar_of(struct due_clock *clock)
{
    if (clock->calendars == NULL) {
        return NULL;
    }
    if (clock->version == 0) {
        int in_force = calendars_at(clock->calendars, clock->moment_us);

        clock->version = in_force == 0 ? 1 : in_force;
    }
    return calendars_find(clock->calendars, clock->version, clock->unit_id);
}

bool due_clock_term(struct due_clock *clock, int64_t from_us, const struct term *term, int64_t *due_us)
{
    const struct calendar *calendar = term_is_working(term) ? calendar_of(clock) : NULL;

    return term_add(calendar, from_us, term, due_us) == STATUS_OK;
}

void due_walk_start(struct due_walk *walk, struct due_clock *clock, enum due_way way, bool working, int64_t start_us,
                    int64_t base_us)
{
    *walk = (struct due_walk){.clock = clock,
                              .way = way,
                              .working = working && way != DUE_DEDUCT,
                              .start_us = start_us,
                              .base_us = base_us,
                              .due_us = base_us};
    if (way == DUE_RESTART && (start_us == ENVELOPE_NONE_US || base_us < start_us)) {
        walk->way = DUE_PAUSE;
    }
}

/* Adds to at_us as much time as lies between two moments. */
static void advance(struct due_walk *walk, int64_t at_us, int64_t from_us, int64_t to_us)
{
    const struct calendar *calendar;
    int64_t working_us;

    if (!walk->working) {
        walk->due_us = at_us + (to_us - from_us);
        return;
    }
    calendar = calendar_of(walk->clock);
    if (calendar == NULL || calendar_between(calendar, from_us, to_us, &working_us) != STATUS_OK ||
        calendar_add(calendar, at_us, working_us, &walk->due_us) != STATUS_OK) {
        walk->failed = true;
    }
}

/* Lets the pause that is held move the due. */
static void settle(struct due_walk *walk)
{
    if (!walk->held || walk->ended || walk->failed) {
        return;
    }
    walk->held = false;
    if (walk->way != DUE_DEDUCT && walk->from_us > walk->due_us) {
        walk->ended = true;
    } else if (walk->way == DUE_RESTART) {
        advance(walk, walk->to_us, walk->start_us, walk->base_us);
    } else {
        advance(walk, walk->due_us, walk->from_us, walk->to_us);
    }
}

void due_walk_pause(struct due_walk *walk, int64_t from_us, int64_t to_us)
{
    if (walk->held && from_us <= walk->to_us) {
        walk->to_us = to_us > walk->to_us ? to_us : walk->to_us;
        return;
    }
    settle(walk);
    walk->held = true;
    walk->from_us = from_us;
    walk->to_us = to_us;
}

bool due_walk_end(struct due_walk *walk, int64_t *due_us)
{
    settle(walk);
    *due_us = walk->due_us;
    return !walk->failed;
}
