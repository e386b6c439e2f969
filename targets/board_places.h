/* SPDX-License-Identifier: MIT */
/*
 * board_places.h - the tree of units and the groups of fields, for board.c.  Pure; texts are borrowed.
 */
#ifndef TARGETS_BOARD_PLACES_H
#define TARGETS_BOARD_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct board_places;

/* NULL when memory is short. */
struct board_places *board_places_new(void);
void board_places_destroy(struct board_places **self_p);

/* False when memory is short.  parent NULL: none. */
bool board_places_add_unit(struct board_places *self, const char *code, const char *parent);
bool board_places_add_group(struct board_places *self, const char *name, const char *field);
/* After the last unit and before the first question. */
void board_places_seal(struct board_places *self);

/* 1 for a unit without superior (or one that nobody knows), 2 under it ...; a circle of superiors ends. */
int32_t board_places_depth(const struct board_places *self, const char *unit);
/* Whether unit is above itself or stands under it. */
bool board_places_under(const struct board_places *self, const char *unit, const char *above);
bool board_places_in_group(const struct board_places *self, const char *field, const char *group);

#endif
