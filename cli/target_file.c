/* SPDX-License-Identifier: MIT */
/* target_file.c - see target_file.h. */
#include "cli/target_file.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum {
    PLAN,
    VALID_FROM,
    VALID_TO,
    EACH,
    UNIT,
    GROUP,
    PROCEDURE,
    MEASURE,
    RELATION,
    BOUND,
    MIN_SAMPLE,
    PERIOD,
    TITLE,
    SOURCE,
    COLUMNS
};
static const struct csv_column columns[COLUMNS] = {
    {"plan", NULL, true, 64},       {"valid_from", NULL, true, 10}, {"valid_to", NULL, true, 10},
    {"each", NULL, true, 16},       {"unit", NULL, true, 128},      {"field_group", NULL, true, 64},
    {"procedure", NULL, true, 128}, {"measure", NULL, true, 64},    {"relation", NULL, true, 8},
    {"bound", NULL, true, 16},      {"min_sample", NULL, true, 16}, {"period", NULL, true, 16},
    {"title", NULL, true, 512},     {"source", NULL, true, 2048},
};

/* Nobody asks for less than 1 %: such a bound was meant in per cent. */
#define BOUND_MIN 100

/* The columns that are kept as texts. */
static const int kept[] = {PLAN, UNIT, GROUP, PROCEDURE, MEASURE, TITLE, SOURCE};
#define KEPT ((int)(sizeof kept / sizeof *kept))

struct line {
    struct target target;
    char *texts[KEPT]; /* owned; the target borrows them */
};

struct target_file {
    struct line *lines; /* in the order of the file */
    size_t count;
};

/* Where a row is being read. */
struct place {
    struct csv_file *file;
    const char **cells;
    int64_t line;
    char *error;
};

static enum status refuse_cell(const struct place *at, int column, const char *what)
{
    return csv_file_refuse(at->file, at->line, at->error, "%s: \"%s\" is %s", columns[column].name, at->cells[column],
                           what);
}

static enum status read_count(const struct place *at, int column, int32_t max, int32_t *value)
{
    const char *text = at->cells[column];
    long number = 0;
    char *end = NULL;
    char what[64];

    if (*text >= '0' && *text <= '9' && strlen(text) <= 9) {
        number = strtol(text, &end, 10);
    }
    if (end == NULL || *end != '\0' || number > max) {
        snprintf(what, sizeof what, "no whole number of 0 to %d", (int)max);
        return refuse_cell(at, column, what);
    }
    *value = (int32_t)number;
    return STATUS_OK;
}

static enum status read_words(const struct place *at, struct target *target)
{
    if (*at->cells[PLAN] == '\0') {
        return csv_file_refuse(at->file, at->line, at->error, "plan: a target belongs to a plan");
    }
    if (*at->cells[TITLE] == '\0') {
        return csv_file_refuse(at->file, at->line, at->error, "title: is empty");
    }
    if (target_read_each(at->cells[EACH], &target->each) != STATUS_OK) {
        return refuse_cell(at, EACH, "neither field nor unit nor empty");
    }
    if (target_read_relation(at->cells[RELATION], &target->relation) != STATUS_OK) {
        return refuse_cell(at, RELATION, "neither >= nor <");
    }
    if (target_read_period(at->cells[PERIOD], &target->period) != STATUS_OK) {
        return refuse_cell(at, PERIOD, "none of year, quarter, month, plan");
    }
    if (target_read_measure(at->cells[MEASURE], &target->kind) != STATUS_OK) {
        return refuse_cell(at, MEASURE, "no measure: small letters, digits and _");
    }
    return STATUS_OK;
}

static enum status read_numbers(const struct place *at, struct target *target)
{
    enum status st = read_count(at, BOUND, TARGET_WHOLE_BP, &target->bound_bp);

    if (st == STATUS_OK && target->relation == TARGET_AT_LEAST && target->bound_bp > 0 &&
        target->bound_bp < BOUND_MIN) {
        st = csv_file_refuse(at->file, at->line, at->error, "bound is in hundredths of a per cent: 9800 is 98 %%");
    }
    if (st == STATUS_OK) {
        st = read_count(at, MIN_SAMPLE, 999999999, &target->min_sample);
    }
    if (st == STATUS_OK && cli_read_date(at->cells[VALID_FROM], &target->first_day) != STATUS_OK) {
        st = refuse_cell(at, VALID_FROM, "no day like 2023-01-31");
    }
    if (st == STATUS_OK && cli_read_date(at->cells[VALID_TO], &target->last_day) != STATUS_OK) {
        st = refuse_cell(at, VALID_TO, "no day like 2023-01-31");
    }
    return st;
}

static enum status keep_texts(const struct place *at, struct line *line)
{
    struct target *target = &line->target;
    const char **const members[KEPT] = {&target->plan,    &target->unit,  &target->field_group, &target->procedure,
                                        &target->measure, &target->title, &target->source};

    for (int i = 0; i < KEPT; i++) {
        line->texts[i] = strdup(at->cells[kept[i]]);
        if (line->texts[i] == NULL) {
            return STATUS_RETRY;
        }
        *members[i] = line->texts[i];
    }
    return STATUS_OK;
}

/* Against what stands above it. */
static enum status check_line(const struct target_file *self, const struct place *at)
{
    const struct target *last = &self->lines[self->count - 1].target;
    const char *nonsense = target_nonsense(last);

    if (nonsense != NULL) {
        return csv_file_refuse(at->file, at->line, at->error, "%s", nonsense);
    }
    if (strcmp(self->lines[0].target.plan, last->plan) != 0) {
        return refuse_cell(at, PLAN, "a second plan; a file holds one");
    }
    for (size_t i = 0; i + 1 < self->count; i++) {
        if (target_contradicts(&self->lines[i].target, last)) {
            return csv_file_refuse(at->file, at->line, at->error,
                                   "contradicts line %d: the same scope, measure and period on common days",
                                   self->lines[i].target.line);
        }
    }
    return STATUS_OK;
}

static enum status read_line(struct target_file *self, const struct place *at)
{
    struct line *line = &self->lines[self->count];
    enum status st = self->count == TARGET_FILE_LINES_MAX
                         ? csv_file_refuse(at->file, at->line, at->error, "more than %d targets", TARGET_FILE_LINES_MAX)
                         : read_words(at, &line->target);

    if (st == STATUS_OK) {
        st = read_numbers(at, &line->target);
    }
    if (st == STATUS_OK) {
        line->target.line = (int32_t)at->line;
        self->count++;
        st = keep_texts(at, line);
    }
    return st == STATUS_OK ? check_line(self, at) : st;
}

static enum status read_lines(struct target_file *self, struct csv_file *file, char *error)
{
    const char *cells[COLUMNS];
    struct place at = {.file = file, .cells = cells, .error = error};
    enum status st;

    for (;;) {
        st = csv_file_next(file, cells, &at.line, error);
        if (st != STATUS_OK || at.line == 0) {
            break;
        }
        st = read_line(self, &at);
        if (st != STATUS_OK) {
            break;
        }
    }
    if (st == STATUS_OK && self->count == 0) {
        st = csv_file_refuse(file, csv_file_header(file), error, "holds no targets");
    }
    return st;
}

enum status target_file_read(struct target_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_file *file = NULL;
    enum status st = STATUS_RETRY;

    snprintf(error, CSV_FILE_ERROR_SIZE, "%s: memory is short", path);
    *self_p = calloc(1, sizeof **self_p);
    if (*self_p != NULL) {
        /* One more than may be used: the line that is too much is read before it is refused. */
        (*self_p)->lines = calloc(TARGET_FILE_LINES_MAX + 1, sizeof *(*self_p)->lines);
        st = (*self_p)->lines == NULL ? STATUS_RETRY : csv_file_open(&file, path, columns, COLUMNS, error);
    }
    if (st == STATUS_OK) {
        st = read_lines(*self_p, file, error);
    }
    csv_file_close(&file);
    if (st != STATUS_OK) {
        target_file_destroy(self_p);
    }
    return st;
}

void target_file_destroy(struct target_file **self_p)
{
    struct target_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        for (int t = 0; t < KEPT; t++) {
            free(self->lines[i].texts[t]);
        }
    }
    free(self->lines);
    free(self);
    *self_p = NULL;
}

size_t target_file_count(const struct target_file *self)
{
    return self->count;
}

const struct target *target_file_at(const struct target_file *self, size_t index)
{
    return &self->lines[index].target;
}
