/* SPDX-License-Identifier: MIT */
/* csv_file.c - see csv_file.h. */
#include "cli/csv_file.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv_rows.h"
#include "cli/input.h"
#include "common/utf8.h"

#define NO_COLUMN ((size_t)-1)
#define COLUMN_SHOWN 64 /* bytes of an unknown column that an error names */

struct csv_file {
    const char *path;                 /* borrowed */
    const struct csv_column *columns; /* borrowed */
    int count;
    size_t at[CSV_FILE_COLUMNS];   /* place of each column, or NO_COLUMN */
    char *texts[CSV_FILE_COLUMNS]; /* of the row at hand, max_len + 1 each */
    size_t header_cells;
    int64_t header_line;
    struct input *input;
    struct csv_rows *rows;
};

enum status csv_file_refuse(const struct csv_file *self, int64_t line, char error[CSV_FILE_ERROR_SIZE], const char *fmt,
                            ...)
{
    int used = snprintf(error, CSV_FILE_ERROR_SIZE, "%s:%lld: ", self->path, (long long)line);
    va_list args;

    if (used >= 0 && used < CSV_FILE_ERROR_SIZE) {
        va_start(args, fmt);
        vsnprintf(error + used, CSV_FILE_ERROR_SIZE - (size_t)used, fmt, args);
        va_end(args);
    }
    return STATUS_INVALID;
}

static bool cell_is(const struct csv_cell *cell, const char *text)
{
    return text != NULL && cell->len == strlen(text) && memcmp(cell->text, text, cell->len) == 0;
}

/* "a, b, c" of the columns that are read. */
static void list_names(const struct csv_file *self, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (int c = 0; c < self->count && used < size; c++) {
        if (self->columns[c].max_len > 0) {
            int len = snprintf(out + used, size - used, "%s%s", used > 0 ? ", " : "", self->columns[c].name);

            used += len < 0 ? 0 : (size_t)len;
        }
    }
}

static enum status place_column(struct csv_file *self, const struct csv_row *row, size_t at, char *error)
{
    const struct csv_cell *cell = &row->cell[at];
    char names[256];
    int c = 0;

    while (c < self->count && !cell_is(cell, self->columns[c].name) && !cell_is(cell, self->columns[c].synonym)) {
        c++;
    }
    if (c == self->count) {
        list_names(self, names, sizeof names);
        return csv_file_refuse(self, row->line, error, "unknown column \"%.*s\"; known are %s",
                               (int)utf8_cut(cell->text, cell->len, COLUMN_SHOWN), cell->text, names);
    }
    if (self->at[c] != NO_COLUMN) {
        return csv_file_refuse(self, row->line, error, "the column \"%s\" stands twice", self->columns[c].name);
    }
    self->at[c] = at;
    return STATUS_OK;
}

/* The reader of rows names the file, and where it can the line, itself. */
static enum status next_row(struct csv_file *self, struct csv_row *row, char *error)
{
    enum status st = csv_rows_next(self->rows, row);

    if (st == STATUS_INVALID) {
        snprintf(error, CSV_FILE_ERROR_SIZE, "%s", csv_rows_error(self->rows));
    }
    return st;
}

static enum status read_header(struct csv_file *self, char *error)
{
    struct csv_row row = {0};
    enum status st = next_row(self, &row, error);

    if (st != STATUS_OK) {
        return st;
    }
    if (row.cells == 0) {
        return csv_file_refuse(self, 1, error, "is empty: no header");
    }
    self->header_cells = row.cells;
    self->header_line = row.line;
    for (size_t i = 0; i < row.cells && st == STATUS_OK; i++) {
        st = place_column(self, &row, i, error);
    }
    for (int c = 0; c < self->count && st == STATUS_OK; c++) {
        if (self->columns[c].needed && self->at[c] == NO_COLUMN) {
            st = csv_file_refuse(self, row.line, error, "the header has no column \"%s\"", self->columns[c].name);
        }
    }
    return st;
}

static enum status prepare(struct csv_file *self, const char *path, char *error)
{
    enum status st;

    for (int c = 0; c < self->count; c++) {
        self->at[c] = NO_COLUMN;
        self->texts[c] = calloc(1, self->columns[c].max_len + 1);
        if (self->texts[c] == NULL) {
            return STATUS_RETRY;
        }
    }
    st = input_open(&self->input, path, error);
    if (st != STATUS_OK) {
        return st;
    }
    self->rows = csv_rows_new(self->input);
    return self->rows == NULL ? STATUS_RETRY : read_header(self, error);
}

enum status csv_file_open(struct csv_file **self_p, const char *path, const struct csv_column *columns, int count,
                          char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_file *self = calloc(1, sizeof *self);
    enum status st = STATUS_RETRY;

    assert(count <= CSV_FILE_COLUMNS);
    snprintf(error, CSV_FILE_ERROR_SIZE, "%s: memory is short", path);
    if (self != NULL) {
        self->path = path;
        self->columns = columns;
        self->count = count;
        st = prepare(self, path, error);
    }
    if (st != STATUS_OK) {
        csv_file_close(&self);
    }
    *self_p = self;
    return st;
}

void csv_file_close(struct csv_file **self_p)
{
    struct csv_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (int c = 0; c < self->count; c++) {
        free(self->texts[c]);
    }
    csv_rows_destroy(&self->rows);
    input_close(&self->input);
    free(self);
    *self_p = NULL;
}

int64_t csv_file_header(const struct csv_file *self)
{
    return self->header_line;
}

bool csv_file_has(const struct csv_file *self, int column)
{
    return self->at[column] != NO_COLUMN;
}

static enum status take(struct csv_file *self, const struct csv_row *row, int c, char *error)
{
    const struct csv_column *column = &self->columns[c];
    const struct csv_cell *cell;

    self->texts[c][0] = '\0';
    if (column->max_len == 0 || self->at[c] == NO_COLUMN || self->at[c] >= row->cells) {
        return STATUS_OK;
    }
    cell = &row->cell[self->at[c]];
    if (cell->len > column->max_len) {
        return csv_file_refuse(self, row->line, error, "%s is longer than %zu bytes", column->name, column->max_len);
    }
    if (!utf8_is_text(cell->text, cell->len)) {
        return csv_file_refuse(self, row->line, error, "%s is not UTF-8 text on one line", column->name);
    }
    memcpy(self->texts[c], cell->text, cell->len);
    self->texts[c][cell->len] = '\0';
    return STATUS_OK;
}

enum status csv_file_next(struct csv_file *self, const char *cells[], int64_t *line, char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_row row = {0};
    enum status st = next_row(self, &row, error);

    *line = 0;
    if (st != STATUS_OK) {
        return st;
    }
    *line = row.cells == 0 ? 0 : row.line;
    if (row.cells > self->header_cells) {
        return csv_file_refuse(self, row.line, error, "has %zu cells, the header %zu; is a comma not quoted?",
                               row.cells, self->header_cells);
    }
    for (int c = 0; c < self->count && st == STATUS_OK; c++) {
        st = take(self, &row, c, error);
        cells[c] = self->texts[c];
    }
    return st;
}
