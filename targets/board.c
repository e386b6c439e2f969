/* SPDX-License-Identifier: MIT */
/* board.c - see board.h. */
#include "targets/board.h"

#include <stdlib.h>
#include <string.h>

#include "targets/board_places.h"

struct figures {
    struct board_figure *items; /* by unit (NULL first), field, procedure, measure */
    size_t count;
    size_t capacity;
};

/* What a target asks of: a row of it, before it is known who decides. */
struct subject {
    const struct target *asked_by;
    const char *unit;  /* NULL: all that is looked at */
    const char *field; /* NULL: all of the target's group */
};

struct board {
    const char *unit; /* NULL: all */
    const char *turn; /* the unit whose own figures are all that is looked at; NULL: those of no unit are */
    struct board_places *places;
    struct figures figures[BOARD_SOURCES];
    struct target *targets;
    size_t target_count;
    enum target_period period;
    struct board_row *rows;
    size_t row_count;
    size_t row_capacity;
    bool failed; /* memory was short */
};

enum board_source board_source(enum target_measure kind)
{
    switch (kind) {
    case TARGET_ON_TIME:
    case TARGET_LATE:
        return BOARD_PROMISE;
    case TARGET_ON_TIME_PORTAL:
        return BOARD_PORTAL;
    case TARGET_LETTERS_TIMELY:
        return BOARD_LETTERS;
    case TARGET_INTAKE_ON_TIME:
        return BOARD_INTAKE;
    case TARGET_REPORTED:
        break;
    }
    return BOARD_REPORTED;
}

/* NULL before all texts. */
static int compare_texts(const char *a, const char *b)
{
    if (a == NULL || b == NULL) {
        return (a != NULL) - (b != NULL);
    }
    return strcmp(a, b);
}

static int by_place(const void *a, const void *b)
{
    const struct board_figure *x = a;
    const struct board_figure *y = b;
    int order = compare_texts(x->unit, y->unit);

    if (order == 0) {
        order = strcmp(x->field, y->field);
    }
    if (order == 0) {
        order = compare_texts(x->procedure, y->procedure);
    }
    return order != 0 ? order : compare_texts(x->measure, y->measure);
}

/* The first figure of a unit (NULL: of all that is looked at), and behind its last one. */
static void find_unit(const struct board *self, const struct figures *figures, const char *unit, size_t *begin,
                      size_t *end)
{
    size_t low = 0;
    size_t high = figures->count;

    if (unit == NULL) {
        unit = self->turn;
    }
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_texts(figures->items[middle].unit, unit) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *begin = low;
    while (low < figures->count && compare_texts(figures->items[low].unit, unit) == 0) {
        low++;
    }
    *end = low;
}

/* Whether the figure counts for a subject of the target, of its field or of all fields in scope. */
static bool counts(const struct board *self, const struct board_figure *figure, const struct target *target,
                   const char *field)
{
    if (target->kind == TARGET_REPORTED && strcmp(figure->measure, target->measure) != 0) {
        return false;
    }
    if (*target->procedure != '\0' &&
        (figure->procedure == NULL || strcmp(figure->procedure, target->procedure) != 0)) {
        return false;
    }
    if (field != NULL) {
        return strcmp(figure->field, field) == 0;
    }
    return *target->field_group == '\0' || board_places_in_group(self->places, figure->field, target->field_group);
}

/* The unit a target is judged in, inside what is looked at; false when it lies outside. */
static bool scope_unit(const struct board *self, const struct target *target, const char **unit)
{
    *unit = NULL;
    if (*target->unit == '\0' || (self->unit != NULL && board_places_under(self->places, self->unit, target->unit))) {
        return true;
    }
    *unit = target->unit;
    return self->unit == NULL || board_places_under(self->places, target->unit, self->unit);
}

/* Whether a target speaks of the subject, as one that may decide in it or be replaced in it. */
static bool covers(const struct board *self, const struct target *target, const struct subject *subject)
{
    const char *unit = subject->unit != NULL ? subject->unit : self->unit;
    const struct target *by = subject->asked_by;

    if (!target_same_family(target, by)) {
        return false;
    }
    if (*target->procedure != '\0' && strcmp(target->procedure, by->procedure) != 0) {
        return false;
    }
    if (*target->field_group != '\0' &&
        (subject->field != NULL ? !board_places_in_group(self->places, subject->field, target->field_group)
                                : strcmp(target->field_group, by->field_group) != 0)) {
        return false;
    }
    return *target->unit == '\0' || (unit != NULL && board_places_under(self->places, unit, target->unit));
}

/*
 * Whether a covering target may decide in the subject.  One that asks of a whole decides of what is asked of each only
 * where it names that very thing: the group of the field, or the unit.
 */
static bool may_decide(const struct board *self, const struct target *target, const struct subject *subject)
{
    const char *unit = subject->unit != NULL ? subject->unit : self->unit;

    if (target->each == subject->asked_by->each) {
        return true;
    }
    if (target->each != TARGET_WHOLE) {
        return false;
    }
    return subject->asked_by->each == TARGET_EACH_FIELD ? *target->field_group != '\0'
                                                        : unit != NULL && strcmp(target->unit, unit) == 0;
}

/* Whether a covering target that asks otherwise would have held here: of each field in a group, of each unit in one. */
static bool may_be_replaced(const struct target *target, const struct subject *subject)
{
    const struct target *by = subject->asked_by;

    if (target->each == by->each || by->each != TARGET_WHOLE) {
        return target->each == by->each;
    }
    return target->each == TARGET_EACH_FIELD ? *by->field_group != '\0' : *by->unit != '\0';
}

static void keep_row(struct board *self, const struct board_row *row)
{
    if (self->row_count == self->row_capacity) {
        size_t capacity = self->row_capacity == 0 ? 64 : self->row_capacity * 2;
        struct board_row *rows = reallocarray(self->rows, capacity, sizeof *rows);

        if (rows == NULL) {
            self->failed = true;
            return;
        }
        self->rows = rows;
        self->row_capacity = capacity;
    }
    self->rows[self->row_count++] = *row;
}

/* Adds up what counts; false when nothing does. */
static bool add_up(const struct board *self, const struct subject *subject, struct score_tally *tally)
{
    const struct figures *figures = &self->figures[board_source(subject->asked_by->kind)];
    bool any = false;
    size_t begin;
    size_t end;

    find_unit(self, figures, subject->unit, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        if (counts(self, &figures->items[i], subject->asked_by, subject->field)) {
            score_add(tally, &figures->items[i].tally);
            any = true;
        }
    }
    return any;
}

/* Makes the subject's row unless another target decides there: then that one has a row for it. */
static void judge_subject(struct board *self, const struct subject *subject)
{
    struct board_row row = {.target = subject->asked_by, .unit = subject->unit, .field = subject->field};
    enum target_each each = subject->asked_by->each;

    for (size_t i = 0; i < self->target_count; i++) {
        const struct target *other = &self->targets[i];

        if (other == subject->asked_by || !covers(self, other, subject)) {
            continue;
        }
        if (target_precedence(other, subject->asked_by, each, self->period) > 0) {
            if (may_decide(self, other, subject)) {
                return;
            }
        } else if (may_be_replaced(other, subject) &&
                   (row.replaces == NULL || target_precedence(other, row.replaces, each, self->period) > 0)) {
            row.replaces = other;
        }
    }
    (void)add_up(self, subject, &row.tally);
    keep_row(self, &row);
}

/* A row for each field with figures in the target's scope; the figures of a unit are sorted by field. */
static bool each_field(struct board *self, const struct target *target, const char *unit)
{
    const struct figures *figures = &self->figures[board_source(target->kind)];
    const char *last = NULL;
    size_t begin;
    size_t end;

    find_unit(self, figures, unit, &begin, &end);
    for (size_t i = begin; i < end; i++) {
        const struct board_figure *figure = &figures->items[i];

        if (counts(self, figure, target, NULL) && (last == NULL || strcmp(last, figure->field) != 0)) {
            last = figure->field;
            judge_subject(self, &(struct subject){target, unit, last});
        }
    }
    return last != NULL;
}

/* A row for each unit with figures in the target's scope. */
static bool each_unit(struct board *self, const struct target *target, const char *unit)
{
    const struct figures *figures = &self->figures[board_source(target->kind)];
    const char *last = NULL;
    size_t begin = 0;
    size_t end = figures->count;

    if (self->turn != NULL) {
        find_unit(self, figures, self->turn, &begin, &end);
    }
    for (size_t i = begin; i < end; i++) {
        const struct board_figure *figure = &figures->items[i];

        if (figure->unit != NULL && (last == NULL || strcmp(last, figure->unit) != 0) &&
            (unit == NULL || board_places_under(self->places, figure->unit, unit)) &&
            counts(self, figure, target, NULL)) {
            last = figure->unit;
            judge_subject(self, &(struct subject){target, last, NULL});
        }
    }
    return last != NULL;
}

static void expand(struct board *self, const struct target *target)
{
    const char *unit;
    bool any = false;

    if (!scope_unit(self, target, &unit) || (self->turn != NULL && unit != NULL)) {
        return;
    }
    switch (target->each) {
    case TARGET_EACH_FIELD:
        any = each_field(self, target, unit);
        break;
    case TARGET_EACH_UNIT:
        any = each_unit(self, target, unit);
        break;
    case TARGET_WHOLE:
        judge_subject(self, &(struct subject){target, unit, NULL});
        any = true;
        break;
    }
    if (!any && self->turn == NULL) {
        /* That nobody has figures is an answer too. */
        keep_row(self, &(struct board_row){.target = target, .unit = unit});
    }
}

struct board *board_new(const char *unit)
{
    struct board *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->unit = unit;
        self->places = board_places_new();
        if (self->places == NULL) {
            board_destroy(&self);
        }
    }
    return self;
}

void board_destroy(struct board **self_p)
{
    if (*self_p != NULL) {
        for (int s = 0; s < BOARD_SOURCES; s++) {
            free((*self_p)->figures[s].items);
        }
        board_places_destroy(&(*self_p)->places);
        free((*self_p)->rows);
        free(*self_p);
        *self_p = NULL;
    }
}

void board_add_unit(struct board *self, const char *code, const char *parent)
{
    self->failed = !board_places_add_unit(self->places, code, parent) || self->failed;
}

void board_add_group(struct board *self, const char *name, const char *field)
{
    self->failed = !board_places_add_group(self->places, name, field) || self->failed;
}

void board_add_figure(struct board *self, enum board_source source, const struct board_figure *figure)
{
    struct figures *figures = &self->figures[source];

    if (figures->count == figures->capacity) {
        size_t capacity = figures->capacity == 0 ? 256 : figures->capacity * 2;
        struct board_figure *items = reallocarray(figures->items, capacity, sizeof *items);

        if (items == NULL) {
            self->failed = true;
            return;
        }
        figures->items = items;
        figures->capacity = capacity;
    }
    figures->items[figures->count++] = *figure;
}

void board_prepare(struct board *self, struct target *targets, size_t count, enum target_period period)
{
    board_places_seal(self->places);
    for (int s = 0; s < BOARD_SOURCES; s++) {
        if (self->figures[s].count > 0) {
            qsort(self->figures[s].items, self->figures[s].count, sizeof *self->figures[s].items, by_place);
        }
    }
    self->targets = targets;
    self->target_count = count;
    self->period = period;
    for (size_t i = 0; i < count; i++) {
        targets[i].unit_depth = *targets[i].unit == '\0' ? 0 : board_places_depth(self->places, targets[i].unit);
    }
}

static enum status make_rows(struct board *self)
{
    for (size_t i = 0; i < self->target_count; i++) {
        expand(self, &self->targets[i]);
    }
    return self->failed ? STATUS_RETRY : STATUS_OK;
}

enum status board_make(struct board *self, struct target *targets, size_t count, enum target_period period)
{
    board_prepare(self, targets, count, period);
    return make_rows(self);
}

enum status board_look_at(struct board *self, const char *unit)
{
    self->unit = unit;
    self->turn = unit;
    self->row_count = 0;
    return make_rows(self);
}

size_t board_rows(const struct board *self)
{
    return self->row_count;
}

const struct board_row *board_row(const struct board *self, size_t index)
{
    return &self->rows[index];
}
