/* SPDX-License-Identifier: MIT */
/*
 * board.h - which rows a scoreboard has: the units and fields that targets ask of, which target decides in each, which
 * one it takes the place of, and what was counted there.  Pure: targets, figures, units and groups are put in.
 *
 * Texts put in are borrowed and must outlive the board.
 */
#ifndef TARGETS_BOARD_H
#define TARGETS_BOARD_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"
#include "targets/score.h"
#include "targets/target.h"

/* Where figures come from. */
enum board_source { BOARD_PROMISE, BOARD_PORTAL, BOARD_INTAKE, BOARD_LETTERS, BOARD_REPORTED, BOARD_SOURCES };
enum board_source board_source(enum target_measure kind);

/* What was counted in a cell; a unit's cells hold what its subordinates did too. */
struct board_figure {
    const char *unit;      /* NULL: all that is looked at */
    const char *field;     /* never NULL */
    const char *procedure; /* NULL: not told apart */
    const char *measure;   /* of BOARD_REPORTED; else NULL */
    struct score_tally tally;
};

struct board_row {
    const struct target *target;   /* the one that decides */
    const struct target *replaces; /* the most specific of those it takes the place of, or NULL */
    const char *unit;              /* NULL: all that is looked at */
    const char *field;             /* NULL: all of the target's group */
    struct score_tally tally;
};

struct board;

/* unit: only this one and those under it are looked at; NULL: all. */
struct board *board_new(const char *unit);
void board_destroy(struct board **self_p);

/* These remember when memory is short; board_make says so.  parent NULL: none. */
void board_add_unit(struct board *self, const char *code, const char *parent);
void board_add_group(struct board *self, const char *name, const char *field);
void board_add_figure(struct board *self, enum board_source source, const struct board_figure *figure);

/*
 * Makes the rows of the targets over a period of this kind; sets their unit_depth.  A target that asks of each field or
 * unit has a row for each that has figures, and one without figures (field and unit NULL) when none has.  Call once.
 * STATUS_RETRY: memory is short.
 */
enum status board_make(struct board *self, struct target *targets, size_t count, enum target_period period) MUST_CHECK;

/*
 * Instead of board_make, where the figures of every unit stand under its name and every unit is looked at in turn: the
 * first is called once, the second for each unit.  Then the rows are those of the unit itself: what it would have on a
 * board of its own, without its subordinates' and without those that nobody has figures for.  They stand until the
 * next turn.
 */
void board_prepare(struct board *self, struct target *targets, size_t count, enum target_period period);
enum status board_look_at(struct board *self, const char *unit) MUST_CHECK;

size_t board_rows(const struct board *self);
const struct board_row *board_row(const struct board *self, size_t index);

#endif
