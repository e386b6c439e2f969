/* SPDX-License-Identifier: MIT */
/* text_file.c - see text_file.h. */
#include "cli/text_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db.h"

struct row {
    int64_t line;
    char *cells[CSV_FILE_COLUMNS]; /* owned; NULL: empty */
};

struct text_file {
    const struct text_file_form *form; /* borrowed */
    struct row *rows;                  /* owned */
    size_t count;
    size_t capacity;
};

static enum status keep(struct text_file *self, int64_t line, const char *const cells[])
{
    struct row *row;

    if (self->count == self->capacity) {
        size_t capacity = self->capacity == 0 ? 64 : self->capacity * 2;
        struct row *rows = reallocarray(self->rows, capacity, sizeof *rows);

        if (rows == NULL) {
            return STATUS_RETRY;
        }
        self->rows = rows;
        self->capacity = capacity;
    }
    row = &self->rows[self->count++];
    *row = (struct row){.line = line};
    for (int c = 0; c < self->form->count; c++) {
        if (*cells[c] != '\0') {
            row->cells[c] = strdup(cells[c]);
            if (row->cells[c] == NULL) {
                return STATUS_RETRY;
            }
        }
    }
    return STATUS_OK;
}

static enum status read_rows(struct text_file *self, struct csv_file *file, char *error)
{
    const char *cells[CSV_FILE_COLUMNS];
    int64_t line = 0;
    enum status st;

    for (;;) {
        st = csv_file_next(file, cells, &line, error);
        if (st != STATUS_OK || line == 0) {
            break;
        }
        if (self->count == self->form->rows_max) {
            st = csv_file_refuse(file, line, error, "more than %zu rows", self->form->rows_max);
        }
        if (st == STATUS_OK && self->form->check != NULL) {
            st = self->form->check(file, line, cells, error);
        }
        st = st == STATUS_OK ? keep(self, line, cells) : st;
        if (st != STATUS_OK) {
            break;
        }
    }
    if (st == STATUS_OK && self->count == 0) {
        st = csv_file_refuse(file, csv_file_header(file), error, "holds no rows");
    }
    return st;
}

static int compare_keys(const struct row *a, const struct row *b, int keys)
{
    int order = 0;

    for (int c = 0; c < keys && order == 0; c++) {
        order = strcmp(a->cells[c] == NULL ? "" : a->cells[c], b->cells[c] == NULL ? "" : b->cells[c]);
    }
    return order;
}

static int by_key(const void *a, const void *b, void *keys)
{
    const struct row *const *x = a;
    const struct row *const *y = b;
    int order = compare_keys(*x, *y, *(const int *)keys);

    return order != 0 ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

static enum status check_keys(const struct text_file *self, const struct csv_file *file, char *error)
{
    const struct row **sorted = calloc(self->count + 1, sizeof *sorted);
    int keys = self->form->keys;
    enum status st = sorted == NULL ? STATUS_RETRY : STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < self->count; i++) {
        sorted[i] = &self->rows[i];
    }
    if (st == STATUS_OK) {
        qsort_r(sorted, self->count, sizeof *sorted, by_key, &keys);
    }
    for (size_t i = 1; st == STATUS_OK && i < self->count; i++) {
        if (compare_keys(sorted[i - 1], sorted[i], keys) == 0) {
            st = csv_file_refuse(file, sorted[i]->line, error, "stands in line %lld already",
                                 (long long)sorted[i - 1]->line);
        }
    }
    free(sorted);
    return st;
}

enum status text_file_read(struct text_file **self_p, const char *path, const struct text_file_form *form,
                           char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_file *file = NULL;
    enum status st = STATUS_RETRY;

    snprintf(error, CSV_FILE_ERROR_SIZE, "%s: memory is short", path);
    *self_p = calloc(1, sizeof **self_p);
    if (*self_p != NULL) {
        (*self_p)->form = form;
        st = csv_file_open(&file, path, form->columns, form->count, error);
    }
    if (st == STATUS_OK) {
        st = read_rows(*self_p, file, error);
    }
    if (st == STATUS_OK && form->keys > 0) {
        st = check_keys(*self_p, file, error);
    }
    csv_file_close(&file);
    if (st != STATUS_OK) {
        text_file_destroy(self_p);
    }
    return st;
}

void text_file_destroy(struct text_file **self_p)
{
    struct text_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        for (int c = 0; c < CSV_FILE_COLUMNS; c++) {
            free(self->rows[i].cells[c]);
        }
    }
    free(self->rows);
    free(self);
    *self_p = NULL;
}

size_t text_file_count(const struct text_file *self)
{
    return self->count;
}

int64_t text_file_line(const struct text_file *self, size_t row)
{
    return self->rows[row].line;
}

const char *text_file_cell(const struct text_file *self, size_t row, int column)
{
    return self->rows[row].cells[column] == NULL ? "" : self->rows[row].cells[column];
}

void text_file_param(const struct text_file *self, struct db_params *params, int column)
{
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < self->count; i++) {
        db_param_add_text(params, self->rows[i].cells[column]);
    }
}

enum status text_file_check_number(const struct csv_file *file, int64_t line, const char *name, const char *text,
                                   long min, long max, char error[CSV_FILE_ERROR_SIZE])
{
    char *end = NULL;
    long number = 0;

    if (*text == '\0') {
        return STATUS_OK;
    }
    if (*text >= '0' && *text <= '9' && strlen(text) <= 9) {
        number = strtol(text, &end, 10);
    }
    if (end == NULL || *end != '\0' || number < min || number > max) {
        return csv_file_refuse(file, line, error, "%s: \"%s\" is no whole number of %ld to %ld", name, text, min, max);
    }
    return STATUS_OK;
}

enum status text_file_check_chars(const struct csv_file *file, int64_t line, const char *name, const char *text,
                                  size_t max, char error[CSV_FILE_ERROR_SIZE])
{
    size_t chars = 0;

    for (const char *at = text; *at != '\0'; at++) {
        chars += ((unsigned char)*at & 0xc0) != 0x80;
    }
    return chars <= max ? STATUS_OK
                        : csv_file_refuse(file, line, error, "%s: %zu characters, at most %zu", name, chars, max);
}
