/* SPDX-License-Identifier: MIT */
/*
 * intake.h - refusals by source that the database has not counted yet; they travel with the next batch.
 */
#ifndef INGEST_INTAKE_H
#define INGEST_INTAKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ingest/answer.h"

struct intake_row {
    int32_t source_id;
    int64_t rejected;
    int64_t denied;
    int64_t busy;
};

/* All zero is empty. */
struct intake {
    struct intake_row *rows;
    size_t count;
    size_t room;
    struct intake_row unproven; /* source 0, and every source when memory is short: counts are never lost */
};

/* word: ANSWER_REJECTED, ANSWER_DENIED or ANSWER_BUSY. */
void intake_add(struct intake *self, int32_t source_id, enum answer_word word, int64_t count);

/* Adds all of from to self and empties from. */
void intake_move(struct intake *self, struct intake *from);

bool intake_is_empty(const struct intake *self);
void intake_clear(struct intake *self);

/* Row at < intake_rows(), unproven first. */
size_t intake_rows(const struct intake *self);
const struct intake_row *intake_row(const struct intake *self, size_t at);

#endif
