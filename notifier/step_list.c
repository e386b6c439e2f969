/* SPDX-License-Identifier: MIT */
/* step_list.c - rows of table step as parameters of a statement. */
#include "notifier/step_list.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_SIZE 64

void step_list_add(struct step_list *self, const struct step_row *row)
{
    if (self->count == self->size) {
        size_t size = self->size == 0 ? FIRST_SIZE : 2 * self->size;
        struct step_row *more = realloc(self->row, size * sizeof *more);

        if (more == NULL) {
            self->is_short = true;
            return;
        }
        self->row = more;
        self->size = size;
    }
    self->row[self->count++] = *row;
}

/* One array parameter over the rows. */
#define EACH_ROW(type, add)                                                                                            \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (const struct step_row *row = self->row; row < self->row + self->count; row++) {                           \
            add;                                                                                                       \
        }                                                                                                              \
    } while (0)

void step_list_put_keys(const struct step_list *self, struct db_params *params)
{
    EACH_ROW(DB_ARRAY_INT4, db_param_add_int(params, row->source_id));
    EACH_ROW(DB_ARRAY_TEXT, db_param_add_text(params, row->code));
    EACH_ROW(DB_ARRAY_INT2, db_param_add_int(params, row->episode));
    EACH_ROW(DB_ARRAY_INT2, db_param_add_int(params, row->step.rung));
}

void step_list_put_times(const struct step_list *self, struct db_params *params)
{
    EACH_ROW(DB_ARRAY_INT4, db_param_add_int(params, row->step.unit_id));
    EACH_ROW(DB_ARRAY_US, db_param_add_us(params, row->step.due_us));
    EACH_ROW(DB_ARRAY_US, db_param_add_us(params, row->step.anchor_us));
    EACH_ROW(DB_ARRAY_US, db_param_add_us(params, row->step.was_us));
}

void step_list_put_outcomes(const struct step_list *self, struct db_params *params)
{
    EACH_ROW(DB_ARRAY_TEXT, db_param_add_text(params, row->outcome));
}

void step_list_put_places(const struct step_list *self, struct db_params *params)
{
    EACH_ROW(DB_ARRAY_INT2, db_param_add_int(params, row->place));
}

void step_list_clear(struct step_list *self)
{
    free(self->row);
    memset(self, 0, sizeof *self);
}
