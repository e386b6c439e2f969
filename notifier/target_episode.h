/* SPDX-License-Identifier: MIT */
/*
 * target_episode.h - the episodes of targets that last (target_episode_open.sql), found by what they are about.
 */
#ifndef NOTIFIER_TARGET_EPISODE_H
#define NOTIFIER_TARGET_EPISODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"

/* Texts are borrowed from the list. */
struct target_episode {
    int64_t id; /* not part of what it is about, as seen, bound_bp, relation and title */
    bool forecast;
    bool seen; /* there is still a row for it */
    int32_t line;
    int32_t bound_bp;
    const char *plan;
    const char *measure;
    const char *period;
    const char *unit;
    const char *field; /* NULL: all of the group */
    const char *field_group;
    const char *procedure;
    const char *relation;
    const char *title;
};

struct target_episodes {
    struct target_episode *items;
    size_t count;
    PGresult *rows;
};

enum status target_episodes_read(struct target_episodes *self, struct db *db) MUST_CHECK;
void target_episodes_clear(struct target_episodes *self);

/* The one about the same thing as about, or NULL. */
struct target_episode *target_episodes_find(const struct target_episodes *self, const struct target_episode *about);

#endif
