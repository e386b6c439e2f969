/* SPDX-License-Identifier: MIT */
/* table.c - see table.h. */
#include "cli/table_parts.h"

#include <stdlib.h>
#include <string.h>

static char *copy(struct table *self, const char *text)
{
    char *made = strdup(text);

    if (made == NULL) {
        self->failed = true;
    }
    return made;
}

static struct table_cell *cell_take(struct table *self, enum table_cell_type type)
{
    struct table_cell *cell;

    if (self == NULL || self->row_count == 0 || self->next >= self->column_count) {
        return NULL;
    }
    cell = &self->rows[self->row_count - 1].cells[self->next++];
    cell->type = type;
    return cell;
}

static struct table_cell *cell_last(struct table *self)
{
    if (self == NULL || self->row_count == 0 || self->next == 0) {
        return NULL;
    }
    return &self->rows[self->row_count - 1].cells[self->next - 1];
}

/* RFC 4180: quoted when it holds a comma, a quote or a line end; quotes doubled. */
static void put_csv(FILE *out, const char *text, bool last)
{
    if (strpbrk(text, ",\"\r\n") == NULL) {
        fputs(text, out);
    } else {
        putc('"', out);
        for (; *text != '\0'; text++) {
            if (*text == '"') {
                putc('"', out);
            }
            putc(*text, out);
        }
        putc('"', out);
    }
    fputs(last ? "\r\n" : ",", out);
}

static const char *cell_csv(const struct table_cell *cell, char digits[24])
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

static cJSON *cell_json(const struct table_cell *cell)
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

static cJSON *row_json(const struct table *self, const struct table_row *row)
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
    struct table_column *column;

    if (self == NULL || self->column_count == TABLE_COLUMNS_MAX || self->row_count > 0) {
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

void table_hide(struct table *self, enum table_hide hide)
{
    if (self != NULL && self->column_count > 0) {
        self->columns[self->column_count - 1].hide = hide;
    }
}

void table_give_way(struct table *self)
{
    if (self != NULL && self->column_count > 0) {
        self->columns[self->column_count - 1].gives_way = true;
    }
}

void table_head_rows(struct table *self)
{
    table_give_way(self);
    if (self != NULL && self->column_count > 0) {
        self->columns[self->column_count - 1].heads_rows = true;
    }
}

void table_row(struct table *self)
{
    struct table_cell *cells;

    if (self == NULL || self->column_count == 0) {
        return;
    }
    if (self->row_count == self->row_capacity) {
        size_t capacity = self->row_capacity == 0 ? 32 : self->row_capacity * 2;
        struct table_row *rows = reallocarray(self->rows, capacity, sizeof *rows);

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
    self->rows[self->row_count++] = (struct table_row){.cells = cells};
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
    struct table_cell *cell = cell_take(self, CELL_NULL);

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
    struct table_cell *cell = cell_take(self, CELL_INT);

    if (cell != NULL) {
        cell->number = value;
    }
}

void table_bool(struct table *self, bool value, const char *shown)
{
    struct table_cell *cell = cell_take(self, CELL_BOOL);

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

static void show(struct table *self, struct table_cell *cell, const char *shown)
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
    struct table_cell *cell = cell_last(self);

    if (cell != NULL) {
        cell->tone = tone;
    }
}

size_t table_rows(const struct table *self)
{
    return self == NULL ? 0 : self->row_count;
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
