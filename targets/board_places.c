/* SPDX-License-Identifier: MIT */
/* board_places.c - see board_places.h. */
#include "targets/board_places.h"

#include <stdlib.h>
#include <string.h>

struct pair {
    const char *first;  /* unit, or group */
    const char *second; /* its superior or NULL, or a field */
};

struct pairs {
    struct pair *items; /* sorted by first, then second, once sealed */
    size_t count;
    size_t capacity;
};

struct board_places {
    struct pairs units;
    struct pairs groups;
};

static bool add(struct pairs *pairs, const char *first, const char *second)
{
    if (pairs->count == pairs->capacity) {
        size_t capacity = pairs->capacity == 0 ? 64 : pairs->capacity * 2;
        struct pair *items = reallocarray(pairs->items, capacity, sizeof *items);

        if (items == NULL) {
            return false;
        }
        pairs->items = items;
        pairs->capacity = capacity;
    }
    pairs->items[pairs->count++] = (struct pair){first, second};
    return true;
}

static int by_first(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->first, ((const struct pair *)b)->first);
}

static int by_both(const void *a, const void *b)
{
    int order = by_first(a, b);

    return order != 0 ? order : strcmp(((const struct pair *)a)->second, ((const struct pair *)b)->second);
}

/* NULL when there is none or nobody knows the unit. */
static const char *superior(const struct board_places *self, const char *unit)
{
    struct pair key = {unit, NULL};
    const struct pair *found =
        self->units.count == 0 ? NULL : bsearch(&key, self->units.items, self->units.count, sizeof key, by_first);

    return found == NULL ? NULL : found->second;
}

struct board_places *board_places_new(void)
{
    return calloc(1, sizeof(struct board_places));
}

void board_places_destroy(struct board_places **self_p)
{
    if (*self_p != NULL) {
        free((*self_p)->units.items);
        free((*self_p)->groups.items);
        free(*self_p);
        *self_p = NULL;
    }
}

bool board_places_add_unit(struct board_places *self, const char *code, const char *parent)
{
    return add(&self->units, code, parent);
}

bool board_places_add_group(struct board_places *self, const char *name, const char *field)
{
    return add(&self->groups, name, field);
}

void board_places_seal(struct board_places *self)
{
    if (self->units.count > 0) {
        qsort(self->units.items, self->units.count, sizeof *self->units.items, by_first);
    }
    if (self->groups.count > 0) {
        qsort(self->groups.items, self->groups.count, sizeof *self->groups.items, by_both);
    }
}

int32_t board_places_depth(const struct board_places *self, const char *unit)
{
    int32_t depth = 1;

    /* No way up is longer than there are units, unless it is a circle. */
    while ((unit = superior(self, unit)) != NULL && (size_t)depth <= self->units.count) {
        depth++;
    }
    return depth;
}

bool board_places_under(const struct board_places *self, const char *unit, const char *above)
{
    for (size_t step = 0; unit != NULL && step <= self->units.count; step++) {
        if (strcmp(unit, above) == 0) {
            return true;
        }
        unit = superior(self, unit);
    }
    return false;
}

bool board_places_in_group(const struct board_places *self, const char *field, const char *group)
{
    struct pair key = {group, field};

    return self->groups.count > 0 && bsearch(&key, self->groups.items, self->groups.count, sizeof key, by_both) != NULL;
}
