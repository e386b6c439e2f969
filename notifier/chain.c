/* SPDX-License-Identifier: MIT */
/* chain.c - the next step of a promise. */
#include "notifier/chain.h"

#include <stddef.h>

#include "common/db_param.h"

/* A rung of a promise and its time. */
struct seat {
    int64_t at_us;
    const struct chain_rung *rung;
    const struct chain_step *step; /* its row; NULL: it has none */
    bool to_come;                  /* it is still to be told */
};

static int64_t time_of(const struct hours *hours, int32_t unit_id, int64_t promise_us, const struct chain_rung *rung)
{
    int64_t at_us = hours_before(hours, unit_id, promise_us, rung->days_before, rung->hours_before);

    /*
     * Most promises end with a day's work, and so does the day before: at the next opening, which is the promised day,
     * "one day ahead" would come too late.  Not at the very end either, for a message takes some minutes.
     */
    if (rung->days_before > 0 && hours_open(hours, unit_id, at_us) > at_us) {
        at_us = hours_before(hours, unit_id, at_us, 0, 1);
    }
    return hours_open(hours, unit_id, at_us);
}

static bool is_before(int64_t at_us, int16_t number, int64_t than_us, int16_t than_number)
{
    return at_us < than_us || (at_us == than_us && number < than_number);
}

/* NULL counts as the end of time. */
static bool is_earlier(const struct seat *seat, const struct seat *than)
{
    return than == NULL || is_before(seat->at_us, seat->rung->number, than->at_us, than->rung->number);
}

static bool waits(const struct seat *seat)
{
    return seat->step != NULL && seat->step->state == CHAIN_WAITING;
}

static const struct chain_step *find_step(const struct chain_promise *promise, int16_t rung)
{
    for (int i = 0; i < promise->count; i++) {
        if (promise->step[i].rung == rung) {
            return &promise->step[i];
        }
    }
    return NULL;
}

/* Rungs that were taken, or are not used, have no seat, but for one that waits: those behind it are to come. */
static int take_seats(const struct chain_rungs *rungs, const struct hours *hours, const struct chain_promise *promise,
                      struct seat seats[CHAIN_RUNGS_MAX])
{
    int count = 0;

    for (int i = 0; i < rungs->count; i++) {
        struct seat seat = {.rung = &rungs->rung[i], .step = find_step(promise, rungs->rung[i].number)};

        if (waits(&seat) || (seat.rung->active && (seat.step == NULL || seat.step->state != CHAIN_DONE))) {
            seat.at_us = time_of(hours, promise->unit_id, promise->due_us, seat.rung);
            seats[count++] = seat;
        }
    }
    return count;
}

/* The one that waits now; several may where an older notifier planned them. */
static const struct seat *find_waiting(const struct seat *seats, int count)
{
    const struct seat *first = NULL;

    for (int i = 0; i < count; i++) {
        if (waits(&seats[i]) && is_earlier(&seats[i], first)) {
            first = &seats[i];
        }
    }
    return first;
}

/* What an official postponed waits for its end, also at another unit, as long as its promise stays. */
static bool is_held(const struct seat *waiting, const struct chain_promise *promise)
{
    return waiting != NULL && waiting->step->was_us != DB_NULL_US && waiting->step->anchor_us == promise->due_us;
}

/*
 * Rungs behind the one that waits are to come even when their time has gone by: nobody has had a turn yet.  One that is
 * not used any more gives way to them, unless they are held with it.
 */
static void mark_to_come(struct seat *seats, int count, const struct seat *waiting, bool held, int64_t known_us)
{
    for (int i = 0; i < count; i++) {
        struct seat *seat = &seats[i];

        if (waits(seat)) {
            seat->to_come = seat->rung->active || (held && seat == waiting);
        } else {
            seat->to_come =
                seat->at_us > known_us || (seat->step == NULL && waiting != NULL && is_earlier(waiting, seat));
        }
    }
}

/* NULL: none is left. */
static const struct seat *find_next(const struct seat *seats, int count)
{
    const struct seat *next = NULL;

    for (int i = 0; i < count; i++) {
        if (seats[i].to_come && is_earlier(&seats[i], next)) {
            next = &seats[i];
        }
    }
    return next;
}

static struct chain_step planned(const struct seat *seat, const struct chain_promise *promise, bool held)
{
    return (struct chain_step){.rung = seat->rung->number,
                               .state = CHAIN_WAITING,
                               .unit_id = promise->unit_id,
                               .due_us = held ? seat->step->due_us : seat->at_us,
                               .anchor_us = promise->due_us,
                               .was_us = held ? seat->step->was_us : DB_NULL_US};
}

static bool is_same(const struct chain_step *step, const struct chain_step *other)
{
    return step->state == other->state && step->unit_id == other->unit_id && step->due_us == other->due_us &&
           step->anchor_us == other->anchor_us && step->was_us == other->was_us;
}

static void add_change(struct chain_plan *plan, enum chain_act act, const struct chain_step *step)
{
    plan->change[plan->count++] = (struct chain_change){.act = act, .step = *step};
}

void chain_plan(const struct chain_rungs *rungs, const struct hours *hours, const struct chain_promise *promise,
                struct chain_plan *plan)
{
    struct seat seats[CHAIN_RUNGS_MAX];
    int count = take_seats(rungs, hours, promise, seats);
    const struct seat *waiting = find_waiting(seats, count);
    bool held = is_held(waiting, promise);
    const struct seat *next;
    struct chain_step step = {0};
    bool stays = false;

    plan->count = 0;
    mark_to_come(seats, count, waiting, held, promise->known_us);
    next = held ? waiting : find_next(seats, count);
    if (next != NULL) {
        step = planned(next, promise, held);
        stays = next->step != NULL && is_same(next->step, &step);
    }
    for (int i = 0; i < count; i++) {
        if (seats[i].step != NULL && (seats[i].to_come || waits(&seats[i])) && !(stays && &seats[i] == next)) {
            add_change(plan, CHAIN_FORGET, seats[i].step);
        }
    }
    if (next != NULL && !stays) {
        add_change(plan, CHAIN_WAIT, &step);
    }
    for (int i = 0; i < count; i++) {
        if (seats[i].step == NULL && !seats[i].to_come) {
            step = planned(&seats[i], promise, false);
            add_change(plan, CHAIN_PASS, &step);
        }
    }
}

/* Of those due by now: what an official postponed holds the rungs behind it as well, until its end. */
static struct chain_step due_too(const struct chain_step *taken, int16_t rung, int64_t at_us)
{
    bool held = taken->was_us != DB_NULL_US && at_us < taken->due_us;

    return (struct chain_step){.rung = rung,
                               .state = CHAIN_WAITING,
                               .unit_id = taken->unit_id,
                               .due_us = held ? taken->due_us : at_us,
                               .anchor_us = taken->anchor_us,
                               .was_us = held ? at_us : DB_NULL_US};
}

static bool has_row(uint64_t rows, const struct chain_rung *rung)
{
    return (rows >> rung->number & 1) != 0;
}

/* Places of those that are due, by their time as it was before anybody postponed it. */
static void place(struct chain_links *links, const int64_t *at_us)
{
    for (int i = 0; i < links->count; i++) {
        links->link[i].place = 1;
        for (int j = 0; j < links->count; j++) {
            links->link[i].place = (int16_t)(links->link[i].place + is_before(at_us[j], links->link[j].step.rung,
                                                                              at_us[i], links->link[i].step.rung));
        }
    }
}

void chain_follow(const struct chain_rungs *rungs, const struct hours *hours, const struct chain_step *taken,
                  uint64_t rows, int64_t now_us, struct chain_links *links)
{
    int64_t at_us[CHAIN_RUNGS_MAX + 1] = {taken->was_us != DB_NULL_US ? taken->was_us : taken->due_us};
    const struct chain_rung *next = NULL;
    int64_t next_us = 0;

    links->link[0] = (struct chain_link){.step = *taken};
    links->count = 1;
    for (int i = 0; i < rungs->count; i++) {
        const struct chain_rung *rung = &rungs->rung[i];
        int64_t time_us = time_of(hours, taken->unit_id, taken->anchor_us, rung);

        if (rung->number == taken->rung) {
            at_us[0] = time_us; /* by the calendar that counts now, as the others */
        } else if (!rung->active || has_row(rows, rung)) {
            continue;
        } else if (time_us <= now_us) {
            at_us[links->count] = time_us;
            links->link[links->count++] = (struct chain_link){.step = due_too(taken, rung->number, time_us)};
        } else if (next == NULL || is_before(time_us, rung->number, next_us, next->number)) {
            next = rung;
            next_us = time_us;
        }
    }
    place(links, at_us);
    if (next != NULL) {
        links->link[links->count] = (struct chain_link){.step = due_too(taken, next->number, next_us)};
        links->link[links->count].place = (int16_t)(links->count + 1);
        links->count++;
    }
}
