/* SPDX-License-Identifier: MIT */
/*
 * table_parts.h - the inside of a table, for table.c, which holds it, and table_text.c, which shows it to people.
 */
#ifndef CLI_TABLE_PARTS_H
#define CLI_TABLE_PARTS_H

#include "cli/table.h"

#define TABLE_COLUMNS_MAX 48

enum table_cell_type { CELL_NULL, CELL_TEXT, CELL_INT, CELL_BOOL };

struct table_cell {
    enum table_cell_type type;
    enum table_tone tone;
    int64_t number; /* CELL_INT, CELL_BOOL */
    char *text;     /* CELL_TEXT; owned */
    char *shown;    /* what people see instead, or NULL; owned */
};

struct table_column {
    char *name;  /* owned */
    char *title; /* owned */
    enum table_align align;
    enum table_hide hide;
    bool gives_way;
    bool heads_rows;
};

struct table_row {
    bool total;
    struct table_cell *cells; /* column_count of them; owned */
};

struct table {
    struct table_column columns[TABLE_COLUMNS_MAX];
    size_t column_count;
    struct table_row *rows;
    size_t row_count;
    size_t row_capacity;
    size_t next; /* cell to be filled in the row opened last */
    bool failed; /* memory was short */
};

#endif
