/* SPDX-License-Identifier: MIT */
/*
 * chain.h - which step of a promise waits: of the rungs counted from it the next one, and no other.
 *
 * Most dossiers end before any rung of theirs is due, so a row for each rung was mostly written to be dropped.  The
 * rungs behind the next one follow from the promise and the unit's hours; they become rows when it is taken.  So a
 * rung without a row is one that is still to come, as long as an earlier one waits; one that was taken, or that was
 * over when the promise became known, has a row.  What waits is the first by its time, then by its number, of those
 * that are to come.
 *
 * A rung is told in the unit's hours: at its time or when they begin next.  One counted in days whose time is the end
 * of hours is told an hour of work before it, not on the next day.
 *
 * Pure: no database, no clock.
 */
#ifndef NOTIFIER_CHAIN_H
#define NOTIFIER_CHAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "notifier/hours.h"

#define CHAIN_RUNGS_MAX 32
/* Rungs are members of a set of 64. */
#define CHAIN_RUNG_LIMIT 63

/* A rung whose time is counted from a promise. */
struct chain_rung {
    int16_t number; /* 0 to CHAIN_RUNG_LIMIT - 1 */
    bool active;
    int days_before;
    int hours_before;
};

struct chain_rungs {
    struct chain_rung rung[CHAIN_RUNGS_MAX];
    int count;
};

enum chain_state { CHAIN_WAITING, CHAIN_DONE, CHAIN_DROPPED };

/* A row of table step. */
struct chain_step {
    int16_t rung;
    enum chain_state state;
    int32_t unit_id;
    int64_t due_us;
    int64_t anchor_us;
    int64_t was_us; /* before an official postponed it; DB_NULL_US: nobody did */
};

/* A promise to keep, and the steps of it that have a row. */
struct chain_promise {
    int32_t unit_id;
    int64_t due_us;
    int64_t known_us; /* since when it is known: rungs whose time was over then are not told */
    struct chain_step step[CHAIN_RUNGS_MAX];
    int count;
};

enum chain_act {
    CHAIN_FORGET, /* the row goes: its rung is to come, or another one waits instead */
    CHAIN_WAIT,   /* a row that waits comes */
    CHAIN_PASS    /* a row comes that says: its time was over when the promise became known */
};

struct chain_change {
    enum chain_act act;
    struct chain_step step;
};

/* The rows that change, those that go first. */
struct chain_plan {
    struct chain_change change[2 * CHAIN_RUNGS_MAX + 1];
    int count;
};

void chain_plan(const struct chain_rungs *rungs, const struct hours *hours, const struct chain_promise *promise,
                struct chain_plan *plan);

/* A rung of a promise, in the order in which they are told. */
struct chain_link {
    struct chain_step step;
    int16_t place; /* from 1 on; of several that are due the last place is told */
};

/* What a step that is taken brings along. */
struct chain_links {
    struct chain_link link[CHAIN_RUNGS_MAX + 1]; /* itself, then those that are due by now as well, then the next */
    int count;
};

/* taken is due at now_us; rows: the set of rungs of its promise that have one (1 << number). */
void chain_follow(const struct chain_rungs *rungs, const struct hours *hours, const struct chain_step *taken,
                  uint64_t rows, int64_t now_us, struct chain_links *links);

#endif
