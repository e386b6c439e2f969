/* SPDX-License-Identifier: MIT */
/* unit_file.c - see unit_file.h. */
#include "cli/unit_file.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv_rows.h"
#include "cli/input.h"

#define CODE_MAX_LEN 128
#define NAME_MAX_LEN 512
#define LINES_MAX 1000000
#define NO_COLUMN ((size_t)-1)

enum { CODE, NAME, PARENT, CONFIRMED, COLUMNS };
static const char *const column_names[COLUMNS] = {"code", "name", "parent", "confirmed"};

struct unit_file {
    struct unit_line *lines; /* in the order of the file */
    size_t count;
    size_t capacity;
};

/* What is known while reading. */
struct reader {
    const char *path;
    char *error;        /* UNIT_FILE_ERROR_SIZE */
    size_t at[COLUMNS]; /* place of each column, NO_COLUMN when the file does not have it */
};

static enum status refuse(const struct reader *reader, int64_t line, const char *what, const char *value)
{
    snprintf(reader->error, UNIT_FILE_ERROR_SIZE, "%s:%lld: %s%s%s%s", reader->path, (long long)line, what,
             *value == '\0' ? "" : " \"", value, *value == '\0' ? "" : "\"");
    return STATUS_INVALID;
}

static bool cell_is(const struct csv_cell *cell, const char *text)
{
    return cell->len == strlen(text) && memcmp(cell->text, text, cell->len) == 0;
}

static enum status read_header(struct reader *reader, const struct csv_row *row)
{
    for (int c = 0; c < COLUMNS; c++) {
        reader->at[c] = NO_COLUMN;
    }
    for (size_t i = 0; i < row->cells; i++) {
        int c = 0;

        while (c < COLUMNS && !cell_is(&row->cell[i], column_names[c])) {
            c++;
        }
        if (c < COLUMNS && reader->at[c] != NO_COLUMN) {
            return refuse(reader, row->line, "this column stands twice:", column_names[c]);
        }
        if (c < COLUMNS) {
            reader->at[c] = i;
        }
    }
    return reader->at[CODE] == NO_COLUMN ? refuse(reader, row->line, "the header has no column", "code") : STATUS_OK;
}

/* Copies a cell; *text is NULL when it is empty or not there. */
static enum status take(const struct reader *reader, const struct csv_row *row, int column, size_t max_len, char **text)
{
    size_t at = reader->at[column];

    *text = NULL;
    if (at == NO_COLUMN || at >= row->cells || row->cell[at].len == 0) {
        return STATUS_OK;
    }
    if (row->cell[at].len > max_len) {
        return refuse(reader, row->line, "too long:", column_names[column]);
    }
    if (memchr(row->cell[at].text, '\0', row->cell[at].len) != NULL) {
        return refuse(reader, row->line, "holds a NUL byte:", column_names[column]);
    }
    *text = strndup(row->cell[at].text, row->cell[at].len);
    return *text == NULL ? STATUS_RETRY : STATUS_OK;
}

static enum status read_confirmed(const struct reader *reader, const struct csv_row *row, int *confirmed)
{
    static const struct {
        const char *text;
        int value;
    } words[] = {{"true", 1}, {"yes", 1}, {"1", 1}, {"t", 1}, {"false", 0}, {"no", 0}, {"0", 0}, {"f", 0}};
    size_t at = reader->at[CONFIRMED];

    *confirmed = -1;
    if (at == NO_COLUMN || at >= row->cells || row->cell[at].len == 0) {
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (cell_is(&row->cell[at], words[i].text)) {
            *confirmed = words[i].value;
            return STATUS_OK;
        }
    }
    return refuse(reader, row->line, "confirmed is neither true nor false", "");
}

static enum status grow(struct unit_file *self)
{
    size_t capacity = self->capacity == 0 ? 64 : self->capacity * 2;
    struct unit_line *lines;

    if (self->count < self->capacity) {
        return STATUS_OK;
    }
    lines = reallocarray(self->lines, capacity, sizeof *lines);
    if (lines == NULL) {
        return STATUS_RETRY;
    }
    self->lines = lines;
    self->capacity = capacity;
    return STATUS_OK;
}

static enum status read_row(struct unit_file *self, const struct reader *reader, const struct csv_row *row)
{
    struct unit_line *line;
    enum status st = self->count == LINES_MAX ? refuse(reader, row->line, "too many lines", "") : grow(self);

    if (st != STATUS_OK) {
        return st;
    }
    line = &self->lines[self->count++];
    *line = (struct unit_line){.line = (size_t)row->line};
    st = take(reader, row, CODE, CODE_MAX_LEN, &line->code);
    if (st == STATUS_OK) {
        st = take(reader, row, NAME, NAME_MAX_LEN, &line->name);
    }
    if (st == STATUS_OK) {
        st = take(reader, row, PARENT, CODE_MAX_LEN, &line->parent);
    }
    if (st == STATUS_OK) {
        st = read_confirmed(reader, row, &line->confirmed);
    }
    if (st == STATUS_OK && line->code == NULL) {
        st = refuse(reader, row->line, "has no code", "");
    }
    if (st == STATUS_OK && line->parent != NULL && strcmp(line->parent, line->code) == 0) {
        st = refuse(reader, row->line, "a unit cannot be above itself:", line->code);
    }
    return st;
}

static int by_code(const void *a, const void *b)
{
    const struct unit_line *const *x = a;
    const struct unit_line *const *y = b;
    int order = strcmp((*x)->code, (*y)->code);

    return order != 0 ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static enum status check_unique(const struct unit_file *self, const struct reader *reader)
{
    const struct unit_line **sorted = calloc(self->count + 1, sizeof *sorted);
    enum status st = STATUS_OK;

    if (sorted == NULL) {
        return STATUS_RETRY;
    }
    for (size_t i = 0; i < self->count; i++) {
        sorted[i] = &self->lines[i];
    }
    qsort(sorted, self->count, sizeof *sorted, by_code);
    for (size_t i = 1; i < self->count && st == STATUS_OK; i++) {
        if (strcmp(sorted[i]->code, sorted[i - 1]->code) == 0) {
            st = refuse(reader, (int64_t)sorted[i]->line, "stands twice:", sorted[i]->code);
        }
    }
    free(sorted);
    return st;
}

static enum status read_rows(struct unit_file *self, struct reader *reader, struct csv_rows *rows)
{
    struct csv_row row = {0};
    bool headed = false;
    enum status st;

    for (;;) {
        st = csv_rows_next(rows, &row);
        if (st != STATUS_OK) {
            if (st == STATUS_INVALID) { /* which names the file itself */
                snprintf(reader->error, UNIT_FILE_ERROR_SIZE, "%s", csv_rows_error(rows));
            }
            return st;
        }
        if (row.cells == 0) {
            return headed ? check_unique(self, reader) : refuse(reader, 1, "is empty: no header", "");
        }
        st = headed ? read_row(self, reader, &row) : read_header(reader, &row);
        headed = true;
        if (st != STATUS_OK) {
            return st;
        }
    }
}

enum status unit_file_read(struct unit_file **self_p, const char *path, char error[UNIT_FILE_ERROR_SIZE])
{
    struct reader reader = {.path = path, .error = error};
    struct input *input = NULL;
    struct csv_rows *rows = NULL;
    enum status st;

    snprintf(error, UNIT_FILE_ERROR_SIZE, "%s: memory is short", path);
    *self_p = calloc(1, sizeof **self_p);
    st = *self_p == NULL ? STATUS_RETRY : input_open(&input, path, error);
    if (st == STATUS_OK) {
        rows = csv_rows_new(input);
        st = rows == NULL ? STATUS_RETRY : read_rows(*self_p, &reader, rows);
    }
    csv_rows_destroy(&rows);
    input_close(&input);
    if (st != STATUS_OK) {
        unit_file_destroy(self_p);
    }
    return st;
}

void unit_file_destroy(struct unit_file **self_p)
{
    struct unit_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        free(self->lines[i].code);
        free(self->lines[i].name);
        free(self->lines[i].parent);
    }
    free(self->lines);
    free(self);
    *self_p = NULL;
}

size_t unit_file_count(const struct unit_file *self)
{
    return self->count;
}

const struct unit_line *unit_file_line(const struct unit_file *self, size_t index)
{
    return &self->lines[index];
}
