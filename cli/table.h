/* SPDX-License-Identifier: MIT */
/*
 * table.h - a table of answers, printed as text, CSV or JSON from the same cells.
 *
 * Columns carry an English name for programs and a title for people.  Text is aligned by what a terminal shows, not by
 * bytes (Vietnamese has both precomposed and combining accents); set LC_CTYPE first.  Cells are copied.  When memory is
 * short the table remembers it and table_failed tells.
 */
#ifndef CLI_TABLE_H
#define CLI_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cjson/cJSON.h>

struct table;

enum table_align { TABLE_LEFT, TABLE_RIGHT };
/* When text leaves a column out. */
enum table_hide { TABLE_HIDE_NEVER, TABLE_HIDE_EMPTY, TABLE_HIDE_SAME };
/* How a cell looks on a terminal; nothing elsewhere. */
enum table_tone { TABLE_PLAIN, TABLE_GOOD, TABLE_BAD, TABLE_WARN };

/* NULL when memory is short; the other calls then do nothing. */
struct table *table_new(void);
void table_destroy(struct table **self_p);
bool table_failed(const struct table *self);

/* Columns first, then rows.  A title may have several lines. */
void table_column(struct table *self, const char *name, const char *title, enum table_align align);
/* The column added last is left out in text: when no row shows anything in it, or when all rows show the same. */
void table_hide(struct table *self, enum table_hide hide);
/*
 * Its cells are cut short in text, with an ellipsis, as far as lines would be wider than TABLE_LINE_WIDTH; of several
 * such columns the widest gives way first.
 */
#define TABLE_LINE_WIDTH 120
void table_give_way(struct table *self);
/*
 * Same, but text does not cut its cells: where they would have to be, each stands in a line of its own above the rows
 * that follow it and have the same, which are set in.  One such column a table.
 */
void table_head_rows(struct table *self);
/* Opens a row; its cells follow from left to right, cells not given are null. */
void table_row(struct table *self);
/* The row opened last is the total: set apart in text, "total" in JSON, a row like others in CSV. */
void table_mark_total(struct table *self);
void table_text(struct table *self, const char *text); /* NULL: null, shown as a dash */
void table_int(struct table *self, int64_t value);
void table_bool(struct table *self, bool value, const char *shown); /* shown to people; true/false elsewhere */
void table_null(struct table *self);
/* Shows the last cell differently to people than to programs. */
void table_show(struct table *self, const char *shown);
/* Same for the first cell of the row opened last. */
void table_show_first(struct table *self, const char *shown);
void table_tone(struct table *self, enum table_tone tone);
size_t table_rows(const struct table *self);

void table_print_text(const struct table *self, FILE *out, bool color);
void table_print_csv(const struct table *self, FILE *out);
/* Arrays of objects: the rows, and in *totals the total rows.  NULL, both, when memory is short. */
cJSON *table_json(const struct table *self, cJSON **totals);

/* Columns a terminal uses for UTF-8 text; bytes that are no character count one each. */
size_t table_width(const char *text);

/*
 * Writes text with control characters, those that turn the direction of writing, and bytes that are no UTF-8 as '?': a
 * code must not paint the terminal.
 */
void table_put_printable(FILE *out, const char *text);

#endif
