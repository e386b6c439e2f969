/* SPDX-License-Identifier: MIT */
/*
 * csv_file.h - a CSV file whose columns are known by name: rows as texts, mistakes as "FILE:LINE: sentence".
 */
#ifndef CLI_CSV_FILE_H
#define CLI_CSV_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

#define CSV_FILE_ERROR_SIZE 1024
#define CSV_FILE_COLUMNS 16

struct csv_column {
    const char *name;
    const char *synonym; /* NULL: none */
    bool needed;
    size_t max_len; /* of a cell in bytes; 0: the column is known but not read */
};

struct csv_file;

/*
 * Opens the file and reads its header.  columns is borrowed.  STATUS_INVALID: it cannot be read, or a column is
 * missing, unknown or there twice; *self_p is NULL and error says so.
 */
enum status csv_file_open(struct csv_file **self_p, const char *path, const struct csv_column *columns, int count,
                          char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
void csv_file_close(struct csv_file **self_p);

/* The line of the header. */
int64_t csv_file_header(const struct csv_file *self);
/* Whether the header has the column. */
bool csv_file_has(const struct csv_file *self, int column);

/*
 * The next row: cells[i] is the text of columns[i], "" when there is none, valid until the next call.  *line is where
 * it begins, 0 at the end.  STATUS_INVALID: error as above; *line is the row's, and the next call passes over it, or 0
 * when the file cannot be read further.
 */
enum status csv_file_next(struct csv_file *self, const char *cells[], int64_t *line,
                          char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;

/* Writes "FILE:LINE: sentence" into error and returns STATUS_INVALID. */
enum status csv_file_refuse(const struct csv_file *self, int64_t line, char error[CSV_FILE_ERROR_SIZE], const char *fmt,
                            ...) __attribute__((format(printf, 4, 5)));

#endif
