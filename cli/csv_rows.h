/* SPDX-License-Identifier: MIT */
/*
 * csv_rows.h - the rows of a CSV file (RFC 4180) one by one, each with the line it begins in.
 *
 * Quoted cells may hold line breaks.  Blank lines are skipped, a byte order mark at the start too, blanks around
 * unquoted cells are dropped.  Memory is bounded by the longest row (CSV_ROW_MAX).
 */
#ifndef CLI_CSV_ROWS_H
#define CLI_CSV_ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/input.h"
#include "common/status.h"

/* A longer row is taken for a quote that was not closed. */
#define CSV_ROW_MAX 1048576

struct csv_cell {
    const char *text; /* not NUL-terminated */
    size_t len;
};

struct csv_row {
    int64_t line; /* where it begins, from 1 */
    size_t cells;
    const struct csv_cell *cell;
};

struct csv_rows;

/* Borrows input.  NULL when memory is short. */
struct csv_rows *csv_rows_new(struct input *input);
void csv_rows_destroy(struct csv_rows **self_p);

/*
 * The next row, valid until the next call; row->cells 0 at the end.  STATUS_INVALID: the file cannot be read further,
 * csv_rows_error says why.
 */
enum status csv_rows_next(struct csv_rows *self, struct csv_row *row) MUST_CHECK;
const char *csv_rows_error(const struct csv_rows *self);

/* True when a row is there without reading. */
bool csv_rows_ready(const struct csv_rows *self);

#endif
