/* SPDX-License-Identifier: MIT */
/* table_text.c - a table as people read it; see table.h. */
#include <string.h>
#include <wchar.h>

#include "cli/table_parts.h"

#define GAP "  "
#define DASH "–"
#define TITLE_SIZE 128
#define ELLIPSIS "…"
#define NARROWEST 12 /* a column that gives way keeps this */

static const char *const tone_start[] = {
    [TABLE_PLAIN] = "", [TABLE_GOOD] = "\033[32m", [TABLE_BAD] = "\033[31m", [TABLE_WARN] = "\033[33m"};

/* What people see; digits is room for a number. */
static const char *cell_shown(const struct table_cell *cell, char digits[24])
{
    if (cell->shown != NULL) {
        return cell->shown;
    }
    if (cell->type == CELL_TEXT) {
        return cell->text;
    }
    if (cell->type == CELL_NULL) {
        return DASH;
    }
    snprintf(digits, 24, "%lld", (long long)cell->number);
    return digits;
}

static void put_spaces(FILE *out, size_t count)
{
    while (count-- > 0) {
        putc(' ', out);
    }
}

/* Left-to-right and right-to-left marks, embeddings, overrides and isolates: "1.10" is not to be read as "01.1". */
static bool turns_direction(wchar_t wide)
{
    return wide == 0x200e || wide == 0x200f || (wide >= 0x202a && wide <= 0x202e) || (wide >= 0x2066 && wide <= 0x2069);
}

/* The bytes of the first character of text, and the columns it takes on a terminal: -1 when it cannot be shown. */
static size_t take_character(const char *text, size_t left, mbstate_t *state, int *columns)
{
    wchar_t wide;
    size_t len = mbrtowc(&wide, text, left, state);

    if (len == (size_t)-1 || len == (size_t)-2 || len == 0) {
        memset(state, 0, sizeof *state);
        *columns = -1;
        return 1;
    }
    *columns = turns_direction(wide) ? -1 : wcwidth(wide);
    return len;
}

size_t table_width(const char *text)
{
    mbstate_t state = {0};
    size_t width = 0;
    size_t left = strlen(text);
    size_t len;
    int columns;

    for (; left > 0; text += len, left -= len) {
        len = take_character(text, left, &state, &columns);
        width += columns < 0 ? 1 : (size_t)columns; /* shown as '?' */
    }
    return width;
}

/* How many bytes of text a terminal shows in width columns. */
static size_t cut_at(const char *text, size_t width)
{
    mbstate_t state = {0};
    size_t whole = strlen(text);
    size_t at = 0;

    while (at < whole) {
        int columns;
        size_t len = take_character(text + at, whole - at, &state, &columns);
        size_t taken = columns < 0 ? 1 : (size_t)columns;

        if (taken > width) {
            break;
        }
        width -= taken;
        at += len;
    }
    return at;
}

static void put_text(FILE *out, const char *text, size_t left)
{
    mbstate_t state = {0};
    size_t len;
    int columns;

    for (; left > 0; text += len, left -= len) {
        len = take_character(text, left, &state, &columns);
        if (columns < 0) {
            putc('?', out);
        } else {
            fwrite(text, 1, len, out);
        }
    }
}

void table_put_printable(FILE *out, const char *text)
{
    put_text(out, text, strlen(text));
}

/*
 * One cell with its padding, cut to the width; the last column of a left-aligned text gets no padding, so that lines
 * end where the text does.
 */
static void put_cell(FILE *out, const char *text, size_t width, enum table_align align, const char *start, bool last)
{
    size_t used = table_width(text);
    size_t pad = used < width ? width - used : 0;

    if (align == TABLE_RIGHT) {
        put_spaces(out, pad);
    }
    fputs(start, out);
    if (used > width) {
        put_text(out, text, cut_at(text, width - 1));
        fputs(ELLIPSIS, out);
    } else {
        table_put_printable(out, text);
    }
    if (*start != '\0') {
        fputs("\033[0m", out);
    }
    if (align == TABLE_LEFT && !last) {
        put_spaces(out, pad);
    }
    fputs(last ? "\n" : GAP, out);
}

/* Titles may have lines; the last of each stands above the cells. */
static size_t title_lines(const char *title)
{
    size_t lines = 1;

    for (; *title != '\0'; title++) {
        lines += *title == '\n';
    }
    return lines;
}

/* Line number line of count when the title is set at the bottom; "" above it. */
static const char *title_line(const char *title, size_t line, size_t count, char out[TITLE_SIZE])
{
    size_t lines = title_lines(title);
    size_t skip = line + lines - count;

    out[0] = '\0';
    if (line + lines < count) {
        return out;
    }
    while (skip-- > 0) {
        title = strchr(title, '\n') + 1;
    }
    snprintf(out, TITLE_SIZE, "%.*s", (int)strcspn(title, "\n"), title);
    return out;
}

static size_t title_width(const char *title)
{
    size_t count = title_lines(title);
    size_t widest = 0;
    char text[TITLE_SIZE];

    for (size_t i = 0; i < count; i++) {
        size_t width = table_width(title_line(title, i, count, text));

        widest = width > widest ? width : widest;
    }
    return widest;
}

/* True when text leaves the column out. */
static bool hidden(const struct table *self, size_t c)
{
    enum table_hide hide = self->columns[c].hide;
    char digits[24], first_digits[24];

    for (size_t r = 0; hide != TABLE_HIDE_NEVER && r < self->row_count; r++) {
        const struct table_cell *cell = &self->rows[r].cells[c];
        const char *shown = cell_shown(cell, digits);

        if (hide == TABLE_HIDE_SAME ? strcmp(shown, cell_shown(&self->rows[0].cells[c], first_digits)) != 0
                                    : *shown != '\0' && (cell->type != CELL_NULL || cell->shown != NULL)) {
            return false;
        }
    }
    return hide != TABLE_HIDE_NEVER;
}

#define NO_COLUMN ((size_t)-1)

/* The columns that are shown, from left to right, and how wide each is. */
struct layout {
    size_t columns[TABLE_COLUMNS_MAX];
    size_t widths[TABLE_COLUMNS_MAX];
    size_t count;
    size_t head; /* the column whose cells stand above their rows, or NO_COLUMN */
};

static size_t column_width(const struct table *self, size_t c)
{
    size_t widest = title_width(self->columns[c].title);

    for (size_t r = 0; r < self->row_count; r++) {
        char digits[24];
        size_t width = table_width(cell_shown(&self->rows[r].cells[c], digits));

        widest = width > widest ? width : widest;
    }
    return widest;
}

/* The widest of the columns that give way and can; count when there is none. */
static size_t widest(const struct table *self, const struct layout *layout)
{
    size_t found = layout->count;
    size_t width = NARROWEST;

    for (size_t i = 0; i < layout->count; i++) {
        if (self->columns[layout->columns[i]].gives_way && layout->widths[i] > width) {
            width = layout->widths[i];
            found = i;
        }
    }
    return found;
}

/* Within a line, with the column head left out of it. */
static void fit(const struct table *self, struct layout *layout, size_t head)
{
    size_t gap = sizeof GAP - 1;
    size_t total = head == NO_COLUMN ? 0 : gap; /* rows below a head are set in */

    layout->head = head;
    layout->count = 0;
    for (size_t c = 0; c < self->column_count; c++) {
        if (c != head && !hidden(self, c)) {
            layout->columns[layout->count] = c;
            layout->widths[layout->count] = column_width(self, c);
            total += layout->widths[layout->count++] + gap;
        }
    }
    /* The last column has no gap behind it. */
    for (; total > TABLE_LINE_WIDTH + gap; total--) {
        size_t i = widest(self, layout);

        if (i == layout->count) {
            break;
        }
        layout->widths[i]--;
    }
}

static void lay_out(const struct table *self, struct layout *layout)
{
    size_t head = NO_COLUMN;

    fit(self, layout, NO_COLUMN);
    for (size_t i = 0; i < layout->count; i++) {
        size_t c = layout->columns[i];

        if (self->columns[c].heads_rows && layout->widths[i] < column_width(self, c)) {
            head = c;
        }
    }
    if (head != NO_COLUMN) {
        fit(self, layout, head);
    }
}

static void set_in(FILE *out, const struct layout *layout)
{
    fputs(layout->head == NO_COLUMN ? "" : GAP, out);
}

/* Above row r, when it is the first of those that share it. */
static void put_head(FILE *out, const struct table *self, const struct layout *layout, size_t r, bool color)
{
    char digits[24], digits_before[24];
    const char *text;

    if (layout->head == NO_COLUMN) {
        return;
    }
    text = cell_shown(&self->rows[r].cells[layout->head], digits);
    if (r == 0 || strcmp(text, cell_shown(&self->rows[r - 1].cells[layout->head], digits_before)) != 0) {
        put_cell(out, text, SIZE_MAX, TABLE_LEFT, color ? "\033[1m" : "", true);
    }
}

static void put_header(FILE *out, const struct table *self, const struct layout *layout, bool color)
{
    size_t count = 1;
    char text[TITLE_SIZE];

    for (size_t i = 0; i < layout->count; i++) {
        size_t lines = title_lines(self->columns[layout->columns[i]].title);

        count = lines > count ? lines : count;
    }
    for (size_t line = 0; line < count; line++) {
        set_in(out, layout);
        for (size_t i = 0; i < layout->count; i++) {
            const struct table_column *column = &self->columns[layout->columns[i]];

            put_cell(out, title_line(column->title, line, count, text), layout->widths[i], column->align,
                     color ? "\033[1m" : "", i + 1 == layout->count);
        }
    }
}

static void put_line(FILE *out, const struct table *self, const struct table_row *row, const struct layout *layout,
                     bool color)
{
    set_in(out, layout);
    for (size_t i = 0; i < layout->count; i++) {
        char digits[24];
        const struct table_cell *cell = &row->cells[layout->columns[i]];
        const char *start = color ? tone_start[cell->tone] : "";

        if (color && *start == '\0' && row->total) {
            start = "\033[1m";
        }
        put_cell(out, cell_shown(cell, digits), layout->widths[i], self->columns[layout->columns[i]].align, start,
                 i + 1 == layout->count);
    }
}

static void put_rule(FILE *out, const struct layout *layout)
{
    set_in(out, layout);
    for (size_t i = 0; i < layout->count; i++) {
        for (size_t w = 0; w < layout->widths[i]; w++) {
            fputs("─", out);
        }
        fputs(i + 1 == layout->count ? "\n" : GAP, out);
    }
}

void table_print_text(const struct table *self, FILE *out, bool color)
{
    struct layout layout;
    bool ruled = false;

    if (table_failed(self)) {
        return;
    }
    lay_out(self, &layout);
    put_header(out, self, &layout, color);
    for (size_t r = 0; r < self->row_count; r++) {
        if (self->rows[r].total && !ruled) {
            put_rule(out, &layout);
        } else if (!self->rows[r].total && ruled) {
            putc('\n', out);
        }
        ruled = self->rows[r].total;
        put_head(out, self, &layout, r, color);
        put_line(out, self, &self->rows[r], &layout, color);
    }
}
