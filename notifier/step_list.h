/* SPDX-License-Identifier: MIT */
/*
 * step_list.h - rows of table step, gathered to go to the server as one array a column.
 */
#ifndef NOTIFIER_STEP_LIST_H
#define NOTIFIER_STEP_LIST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "notifier/chain.h"

struct step_row {
    int32_t source_id;
    int16_t episode;
    int16_t place;       /* of a link of a chain */
    const char *code;    /* borrowed */
    const char *outcome; /* borrowed; NULL: none */
    struct chain_step step;
};

/* Zeroed at first. */
struct step_list {
    struct step_row *row;
    size_t count;
    size_t size;
    bool is_short; /* of memory: rows are missing */
};

void step_list_add(struct step_list *self, const struct step_row *row);
/* Adds $n… to params: sources, codes, episodes, rungs. */
void step_list_put_keys(const struct step_list *self, struct db_params *params);
/* Units, when they are due, promises, when they were due before they were postponed. */
void step_list_put_times(const struct step_list *self, struct db_params *params);
void step_list_put_outcomes(const struct step_list *self, struct db_params *params);
void step_list_put_places(const struct step_list *self, struct db_params *params);
/* Frees the rows; it is empty then. */
void step_list_clear(struct step_list *self);

#endif
