/* SPDX-License-Identifier: MIT */
/*
 * target_change.h - what a round has found to tell of targets: the rows of target_alert_tell.sql.
 *
 * Texts are borrowed and must outlive the list.
 */
#ifndef NOTIFIER_TARGET_CHANGE_H
#define NOTIFIER_TARGET_CHANGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/db_param.h"
#include "common/status.h"
#include "targets/watch.h"

enum target_change_kind {
    TARGET_CHANGE_FELL,      /* the target is missed */
    TARGET_CHANGE_FORECAST,  /* it will be at the present pace */
    TARGET_CHANGE_RECOVERED, /* either is over */
    TARGET_CHANGE_ENDED,     /* the period is over, or nobody asks any more */
    TARGET_CHANGE_PASSED     /* what was forecast came: told by TARGET_CHANGE_FELL */
};

struct target_change {
    enum target_change_kind kind;
    int64_t episode; /* 0: a new one */
    int32_t line;
    int32_t bound_bp;
    const char *why;
    const char *plan;
    const char *measure;
    const char *period;
    const char *unit;
    const char *field; /* NULL: all of the group */
    const char *field_group;
    const char *procedure;
    const char *relation;
    const char *title;
    struct watch_figures figures; /* all 0 when it ended */
};

struct target_changes {
    struct target_change *items;
    size_t count;
    size_t capacity;
};

/* STATUS_RETRY: memory is short. */
enum status target_changes_add(struct target_changes *self, const struct target_change *change) MUST_CHECK;
void target_changes_clear(struct target_changes *self);

/* Adds the columns $4 and following. */
void target_changes_params(const struct target_changes *self, struct db_params *params);

#endif
