/* SPDX-License-Identifier: MIT */
/* table.c - see table.h. */
#include "cli/table.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#define COLUMNS_MAX 32
#define GAP "  "
#define DASH "–"
#define TITLE_SIZE 128

enum cell_type { CELL_NULL, CELL_TEXT, CELL_INT, CELL_BOOL };

struct cell {
    enum cell_type type;
    enum table_tone tone;
    int64_t number; /* CELL_INT, CELL_BOOL */
    char *text;     /* CELL_TEXT; owned */
    char *shown;    /* what people see instead, or NULL; owned */
};

struct column {
    char *name;  /* owned */
    char *title; /* owned */
    enum table_align align;
};

struct row {
    bool total;
    struct cell *cells; /* column_count of them; owned */
};

struct table {
    struct column columns[COLUMNS_MAX];
    size_t column_count;
    struct row *rows;
    size_t row_count;
    size_t row_capacity;
    size_t next; /* cell to be filled in the row opened last */
    bool failed; /* memory was short */
};

static const char *const tone_start[] = {
    [TABLE_PLAIN] = "", [TABLE_GOOD] = "\033[32m", [TABLE_BAD] = "\033[31m", [TABLE_WARN] = "\033[33m"};

static char *copy(struct table *self, const char *text)
{
    char *made = strdup(text);

    if (made == NULL) {
        self->failed = true;
    }
    return made;
}

static struct cell *cell_take(struct table *self, enum cell_type type)
{
    struct cell *cell;

    if (self == NULL || self->row_count == 0 || self->next >= self->column_count) {
        return NULL;
    }
    cell = &self->rows[self->row_count - 1].cells[self->next++];
    cell->type = type;
    return cell;
}

static struct cell *cell_last(struct table *self)
{
    if (self == NULL || self->row_count == 0 || self->next == 0) {
        return NULL;
    }
    return &self->rows[self->row_count - 1].cells[self->next - 1];
}

/* What people see; digits is room for a number. */
static const char *cell_shown(const struct cell *cell, char digits[24])
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

/* One cell with its padding; the last column of a left-aligned text gets none, so that lines end where the text does.
 */
static void put_cell(FILE *out, const char *text, size_t width, enum table_align align, const char *start, bool last)
{
    size_t used = table_width(text);
    size_t pad = used < width ? width - used : 0;

    if (align == TABLE_RIGHT) {
        put_spaces(out, pad);
    }
    fputs(start, out);
    table_put_printable(out, text);
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

static void put_header(FILE *out, const struct table *self, const size_t *widths, bool color)
{
    size_t count = 1;
    char text[TITLE_SIZE];

    for (size_t c = 0; c < self->column_count; c++) {
        size_t lines = title_lines(self->columns[c].title);

        count = lines > count ? lines : count;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t c = 0; c < self->column_count; c++) {
            put_cell(out, title_line(self->columns[c].title, i, count, text), widths[c], self->columns[c].align,
                     color ? "\033[1m" : "", c + 1 == self->column_count);
        }
    }
}

static void measure(const struct table *self, size_t widths[COLUMNS_MAX])
{
    for (size_t c = 0; c < self->column_count; c++) {
        widths[c] = title_width(self->columns[c].title);
        for (size_t r = 0; r < self->row_count; r++) {
            char digits[24];
            size_t width = table_width(cell_shown(&self->rows[r].cells[c], digits));

            if (width > widths[c]) {
                widths[c] = width;
            }
        }
    }
}

static void put_line(FILE *out, const struct table *self, const struct row *row, const size_t *widths, bool color)
{
    for (size_t c = 0; c < self->column_count; c++) {
        char digits[24];
        const struct cell *cell = &row->cells[c];
        const char *start = color ? tone_start[cell->tone] : "";

        if (color && *start == '\0' && row->total) {
            start = "\033[1m";
        }
        put_cell(out, cell_shown(cell, digits), widths[c], self->columns[c].align, start, c + 1 == self->column_count);
    }
}

static void put_rule(FILE *out, const struct table *self, const size_t *widths)
{
    for (size_t c = 0; c < self->column_count; c++) {
        for (size_t i = 0; i < widths[c]; i++) {
            fputs("─", out);
        }
        fputs(c + 1 == self->column_count ? "\n" : GAP, out);
    }
}

/* RFC 4180: quoted when it holds a comma, a quote or a line end; quotes doubled. */
static void put_csv(FILE *out, const char *text, bool last)
{
    bool quote = strpbrk(text, ",\"\r\n") != NULL;

    if (quote) {
        putc('"', out);
    }
    for (; *text != '\0'; text++) {
        if (*text == '"') {
            putc('"', out);
        }
        putc(*text, out);
    }
    if (quote) {
        putc('"', out);
    }
    fputs(last ? "\r\n" : ",", out);
}

static const char *cell_csv(const struct cell *cell, char digits[24])
{
    if (cell->type == CELL_NULL) {
        return "";
    }
    if (cell->type == CELL_TEXT) {
        return cell->text;
    }
    if (cell->type == CELL_BOOL) {
        return cell->number != 0 ? "true" : "false";
    }
    snprintf(digits, 24, "%lld", (long long)cell->number);
    return digits;
}

static cJSON *cell_json(const struct cell *cell)
{
    char digits[24];

    switch (cell->type) {
    case CELL_TEXT:
        return cJSON_CreateString(cell->text);
    case CELL_BOOL:
        return cJSON_CreateBool(cell->number != 0);
    case CELL_INT:
        /* As digits: a double would round what is beyond 2^53. */
        snprintf(digits, sizeof digits, "%lld", (long long)cell->number);
        return cJSON_CreateRaw(digits);
    case CELL_NULL:
        break;
    }
    return cJSON_CreateNull();
}

static cJSON *row_json(const struct table *self, const struct row *row)
{
    cJSON *object = cJSON_CreateObject();

    for (size_t c = 0; object != NULL && c < self->column_count; c++) {
        if (!cJSON_AddItemToObject(object, self->columns[c].name, cell_json(&row->cells[c]))) {
            cJSON_Delete(object);
            object = NULL;
        }
    }
    return object;
}

struct table *table_new(void)
{
    return calloc(1, sizeof(struct table));
}

void table_destroy(struct table **self_p)
{
    struct table *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t r = 0; r < self->row_count; r++) {
        for (size_t c = 0; c < self->column_count; c++) {
            free(self->rows[r].cells[c].text);
            free(self->rows[r].cells[c].shown);
        }
        free(self->rows[r].cells);
    }
    for (size_t c = 0; c < self->column_count; c++) {
        free(self->columns[c].name);
        free(self->columns[c].title);
    }
    free(self->rows);
    free(self);
    *self_p = NULL;
}

bool table_failed(const struct table *self)
{
    return self == NULL || self->failed;
}

void table_column(struct table *self, const char *name, const char *title, enum table_align align)
{
    struct column *column;

    if (self == NULL || self->column_count == COLUMNS_MAX || self->row_count > 0) {
        return;
    }
    column = &self->columns[self->column_count];
    column->name = copy(self, name);
    column->title = copy(self, title);
    column->align = align;
    if (column->name == NULL || column->title == NULL) {
        free(column->name);
        free(column->title);
        return;
    }
    self->column_count++;
}

void table_row(struct table *self)
{
    struct cell *cells;

    if (self == NULL || self->column_count == 0) {
        return;
    }
    if (self->row_count == self->row_capacity) {
        size_t capacity = self->row_capacity == 0 ? 32 : self->row_capacity * 2;
        struct row *rows = reallocarray(self->rows, capacity, sizeof *rows);

        if (rows == NULL) {
            self->failed = true;
            return;
        }
        self->rows = rows;
        self->row_capacity = capacity;
    }
    cells = calloc(self->column_count, sizeof *cells);
    if (cells == NULL) {
        self->failed = true;
        return;
    }
    self->rows[self->row_count++] = (struct row){.cells = cells};
    self->next = 0;
}

void table_mark_total(struct table *self)
{
    if (self != NULL && self->row_count > 0) {
        self->rows[self->row_count - 1].total = true;
    }
}

void table_text(struct table *self, const char *text)
{
    struct cell *cell = cell_take(self, CELL_NULL);

    if (cell == NULL || text == NULL) {
        return;
    }
    cell->text = copy(self, text);
    if (cell->text != NULL) {
        cell->type = CELL_TEXT;
    }
}

void table_int(struct table *self, int64_t value)
{
    struct cell *cell = cell_take(self, CELL_INT);

    if (cell != NULL) {
        cell->number = value;
    }
}

void table_bool(struct table *self, bool value, const char *shown)
{
    struct cell *cell = cell_take(self, CELL_BOOL);

    if (cell == NULL) {
        return;
    }
    cell->number = value ? 1 : 0;
    cell->shown = copy(self, shown);
}

void table_null(struct table *self)
{
    (void)cell_take(self, CELL_NULL);
}

static void show(struct table *self, struct cell *cell, const char *shown)
{
    if (cell == NULL) {
        return;
    }
    free(cell->shown);
    cell->shown = copy(self, shown);
}

void table_show(struct table *self, const char *shown)
{
    show(self, cell_last(self), shown);
}

void table_show_first(struct table *self, const char *shown)
{
    if (self != NULL && self->row_count > 0) {
        show(self, self->rows[self->row_count - 1].cells, shown);
    }
}

void table_tone(struct table *self, enum table_tone tone)
{
    struct cell *cell = cell_last(self);

    if (cell != NULL) {
        cell->tone = tone;
    }
}

size_t table_rows(const struct table *self)
{
    return self == NULL ? 0 : self->row_count;
}

void table_print_text(const struct table *self, FILE *out, bool color)
{
    size_t widths[COLUMNS_MAX];
    bool ruled = false;

    if (table_failed(self)) {
        return;
    }
    measure(self, widths);
    put_header(out, self, widths, color);
    for (size_t r = 0; r < self->row_count; r++) {
        if (self->rows[r].total && !ruled) {
            put_rule(out, self, widths);
        } else if (!self->rows[r].total && ruled) {
            putc('\n', out);
        }
        ruled = self->rows[r].total;
        put_line(out, self, &self->rows[r], widths, color);
    }
}

void table_print_csv(const struct table *self, FILE *out)
{
    if (table_failed(self)) {
        return;
    }
    for (size_t c = 0; c < self->column_count; c++) {
        put_csv(out, self->columns[c].name, c + 1 == self->column_count);
    }
    for (size_t r = 0; r < self->row_count; r++) {
        for (size_t c = 0; c < self->column_count; c++) {
            char digits[24];

            put_csv(out, cell_csv(&self->rows[r].cells[c], digits), c + 1 == self->column_count);
        }
    }
}

cJSON *table_json(const struct table *self, cJSON **totals)
{
    cJSON *rows = cJSON_CreateArray();

    *totals = cJSON_CreateArray();
    if (table_failed(self) || rows == NULL || *totals == NULL) {
        goto failed;
    }
    for (size_t r = 0; r < self->row_count; r++) {
        cJSON *object = row_json(self, &self->rows[r]);

        if (object == NULL || !cJSON_AddItemToArray(self->rows[r].total ? *totals : rows, object)) {
            goto failed;
        }
    }
    return rows;
failed:
    cJSON_Delete(rows);
    cJSON_Delete(*totals);
    *totals = NULL;
    return NULL;
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
    *columns = wcwidth(wide);
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

void table_put_printable(FILE *out, const char *text)
{
    mbstate_t state = {0};
    size_t left = strlen(text);
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
