/* SPDX-License-Identifier: MIT */
/*
 * text_file.h - a CSV file of texts, read whole: each row is checked as it is read, and no two rows have the same key.
 */
#ifndef CLI_TEXT_FILE_H
#define CLI_TEXT_FILE_H

#include "cli/csv_file.h"
#include "common/db_param.h"

/* What a file of a kind looks like. */
struct text_file_form {
    const struct csv_column *columns;
    int count;
    int keys; /* the first so many columns make a row's key; 0: rows may repeat */
    size_t rows_max;
    /* Refuses a row by csv_file_refuse; may be NULL. */
    enum status (*check)(const struct csv_file *file, int64_t line, const char *const cells[],
                         char error[CSV_FILE_ERROR_SIZE]);
};

struct text_file;

/* STATUS_INVALID: refused, error says "FILE:LINE: sentence"; STATUS_RETRY: memory is short.  form is borrowed. */
enum status text_file_read(struct text_file **self_p, const char *path, const struct text_file_form *form,
                           char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
void text_file_destroy(struct text_file **self_p);

/* In the order of the file. */
size_t text_file_count(const struct text_file *self);
int64_t text_file_line(const struct text_file *self, size_t row);
/* "" when there is none. */
const char *text_file_cell(const struct text_file *self, size_t row, int column);

/* Adds a column of all rows as an array of texts; an empty cell is NULL. */
void text_file_param(const struct text_file *self, struct db_params *params, int column);

/* Checks for text_file_form.check: a whole number of min .. max, or nothing. */
enum status text_file_check_number(const struct csv_file *file, int64_t line, const char *name, const char *text,
                                   long min, long max, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
/* At most so many characters. */
enum status text_file_check_chars(const struct csv_file *file, int64_t line, const char *name, const char *text,
                                  size_t max, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;

#endif
