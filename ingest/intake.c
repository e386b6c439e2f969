/* SPDX-License-Identifier: MIT */
/* intake.c - refusals not counted yet. */
#include "ingest/intake.h"

#include <stdlib.h>
#include <string.h>

static struct intake_row *find(struct intake *self, int32_t source_id)
{
    if (source_id == 0) {
        return &self->unproven;
    }
    for (size_t i = self->count; i > 0; i--) {
        if (self->rows[i - 1].source_id == source_id) {
            return &self->rows[i - 1];
        }
    }
    if (self->count == self->room) {
        size_t room = self->room != 0 ? self->room * 2 : 16;
        struct intake_row *rows = reallocarray(self->rows, room, sizeof *rows);

        if (rows == NULL) {
            return &self->unproven;
        }
        self->rows = rows;
        self->room = room;
    }
    self->rows[self->count] = (struct intake_row){.source_id = source_id};
    return &self->rows[self->count++];
}

void intake_add(struct intake *self, int32_t source_id, enum answer_word word, int64_t count)
{
    struct intake_row *row = find(self, source_id);

    if (word == ANSWER_REJECTED) {
        row->rejected += count;
    } else if (word == ANSWER_DENIED) {
        row->denied += count;
    } else {
        row->busy += count;
    }
}

void intake_move(struct intake *self, struct intake *from)
{
    for (size_t i = 0; i < intake_rows(from); i++) {
        const struct intake_row *row = intake_row(from, i);
        struct intake_row *mine = find(self, row->source_id);

        mine->rejected += row->rejected;
        mine->denied += row->denied;
        mine->busy += row->busy;
    }
    from->count = 0;
    from->unproven = (struct intake_row){0};
}

bool intake_is_empty(const struct intake *self)
{
    return self->count == 0 && self->unproven.rejected + self->unproven.denied + self->unproven.busy == 0;
}

void intake_clear(struct intake *self)
{
    free(self->rows);
    memset(self, 0, sizeof *self);
}

size_t intake_rows(const struct intake *self)
{
    return self->count + 1;
}

const struct intake_row *intake_row(const struct intake *self, size_t at)
{
    return at == 0 ? &self->unproven : &self->rows[at - 1];
}
