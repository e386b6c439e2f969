/* SPDX-License-Identifier: MIT */
/* target_episode.c - see target_episode.h. */
#include "notifier/target_episode.h"

#include <stdlib.h>
#include <string.h>

enum column { ID, KIND, PLAN, LINE, MEASURE, PERIOD, UNIT, FIELD, FIELD_GROUP, PROCEDURE, RELATION, BOUND, TITLE };

/* NULL before all texts. */
static int compare_texts(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return strcmp(a, b);
}

static int by_subject(const void *a, const void *b)
{
    const struct target_episode *x = a;
    const struct target_episode *y = b;
    const char *const texts[][2] = {{x->unit, y->unit},          {x->field, y->field},
                                    {x->plan, y->plan},          {x->period, y->period},
                                    {x->measure, y->measure},    {x->field_group, y->field_group},
                                    {x->procedure, y->procedure}};
    int order = (x->line > y->line) - (x->line < y->line);

    if (order == 0) {
        order = (int)x->forecast - (int)y->forecast;
    }
    for (size_t i = 0; order == 0 && i < sizeof texts / sizeof *texts; i++) {
        order = compare_texts(texts[i][0], texts[i][1]);
    }
    return order;
}

enum status target_episodes_read(struct target_episodes *self, struct db *db)
{
    enum status st = db_run(db, SQL_TARGET_EPISODE_OPEN, NULL, &self->rows);

    if (st != STATUS_OK) {
        return st;
    }
    self->count = (size_t)PQntuples(self->rows);
    self->items = calloc(self->count + 1, sizeof *self->items);
    if (self->items == NULL) {
        target_episodes_clear(self);
        return STATUS_RETRY;
    }
    for (size_t i = 0; i < self->count; i++) {
        int r = (int)i;

        self->items[i] =
            (struct target_episode){.id = db_int(self->rows, r, ID),
                                    .forecast = strcmp(db_text(self->rows, r, KIND), "forecast") == 0,
                                    .line = (int32_t)db_int(self->rows, r, LINE),
                                    .bound_bp = (int32_t)db_int(self->rows, r, BOUND),
                                    .plan = db_text(self->rows, r, PLAN),
                                    .measure = db_text(self->rows, r, MEASURE),
                                    .period = db_text(self->rows, r, PERIOD),
                                    .unit = db_text(self->rows, r, UNIT),
                                    .field = db_null(self->rows, r, FIELD) ? NULL : db_text(self->rows, r, FIELD),
                                    .field_group = db_text(self->rows, r, FIELD_GROUP),
                                    .procedure = db_text(self->rows, r, PROCEDURE),
                                    .relation = db_text(self->rows, r, RELATION),
                                    .title = db_text(self->rows, r, TITLE)};
    }
    qsort(self->items, self->count, sizeof *self->items, by_subject);
    return STATUS_OK;
}

void target_episodes_clear(struct target_episodes *self)
{
    free(self->items);
    PQclear(self->rows);
    *self = (struct target_episodes){0};
}

struct target_episode *target_episodes_find(const struct target_episodes *self, const struct target_episode *about)
{
    return self->count == 0 ? NULL : bsearch(about, self->items, self->count, sizeof *self->items, by_subject);
}
