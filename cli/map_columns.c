/* SPDX-License-Identifier: MIT */
/* map_columns.c - the columns that a map names: which there are, and where a row has them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map_parts.h"
#include "cli/xes_rows.h"
#include "common/log.h"

/* Of a table's columns, in an error. */
#define MAP_COLUMNS_SHOWN 8
#define MAP_COLUMNS_SIZE 320

/* Told of every mention of a column; *index is where the map keeps which cell it is. */
typedef enum status (*map_visit_cb)(void *context, const char *column, int line, size_t *index);

static enum status map_visit(struct map_rule *rule, map_visit_cb visit, void *context)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < rule->conditions; i++) {
        struct map_condition *condition = &rule->condition[i];

        st = visit(context, condition->column, condition->line, &condition->index);
    }
    for (size_t m = 0; m < MAP_MEMBERS; m++) {
        struct map_value *value = &rule->value[m];

        for (size_t i = 0; st == STATUS_OK && i < value->parts; i++) {
            if (value->part[i].column) {
                st = visit(context, value->part[i].text, value->line, &value->part[i].index);
            }
        }
    }
    return st;
}

static enum status map_visit_all(struct map *self, map_visit_cb visit, void *context)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < self->rules; i++) {
        st = map_visit(&self->rule[i], visit, context);
    }
    return st;
}

/* What a visit works on. */
struct map_look {
    struct map *map;
    const struct csv_row *header;
    char *error; /* MAP_ERROR_SIZE */
};

/* Notes a column at its first mention. */
static enum status map_note_cb(void *context, const char *column, int line, size_t *index)
{
    const struct map_look *look = context;
    struct map *self = look->map;
    struct map_column *grown;

    if (self->format == MAP_XES && strncmp(column, XES_TRACE_PREFIX, strlen(XES_TRACE_PREFIX)) != 0 &&
        strncmp(column, XES_EVENT_PREFIX, strlen(XES_EVENT_PREFIX)) != 0) {
        snprintf(look->error, MAP_ERROR_SIZE, "%s:%d: %s: a column of a log is trace:KEY or event:KEY", self->path,
                 line, column);
        return STATUS_INVALID;
    }
    for (*index = 0; *index < self->column_count; ++*index) {
        if (strcmp(self->column[*index].name, column) == 0) {
            self->column[*index].line = line < self->column[*index].line ? line : self->column[*index].line;
            return STATUS_OK;
        }
    }
    grown = realloc(self->column, (self->column_count + 1) * sizeof *grown);
    if (grown == NULL) {
        return STATUS_RETRY;
    }
    self->column = grown;
    self->column[self->column_count++] = (struct map_column){.name = column, .line = line};
    return STATUS_OK;
}

enum status map_note_columns(struct map *self, char error[MAP_ERROR_SIZE])
{
    struct map_look look = {.map = self, .error = error};
    enum status st = map_visit_all(self, map_note_cb, &look);

    if (st != STATUS_OK) {
        return st;
    }
    self->column_cell = calloc(self->column_count, sizeof *self->column_cell);
    if (self->column_cell == NULL) {
        return STATUS_RETRY;
    }
    for (size_t i = 0; i < self->column_count; i++) {
        self->column_cell[i].text = self->column[i].name;
        self->column_cell[i].len = strlen(self->column[i].name);
    }
    return STATUS_OK;
}

void map_columns(const struct map *self, struct csv_row *columns)
{
    *columns = (struct csv_row){.cells = self->column_count, .cell = self->column_cell};
}

/* Says which columns there are, as far as there is room for them. */
static void map_say_columns(const struct csv_row *header, char *out, size_t size)
{
    char name[64];
    size_t used;

    if (header->cells == 1 && memchr(header->cell[0].text, ';', header->cell[0].len) != NULL) {
        snprintf(out, size, "columns must be separated by commas, not by semicolons");
        return;
    }
    used = (size_t)snprintf(out, size, "it has ");
    for (size_t i = 0; i < header->cells && i < MAP_COLUMNS_SHOWN && used < size; i++) {
        log_clean(header->cell[i].text, header->cell[i].len, name, sizeof name);
        used += (size_t)snprintf(out + used, size - used, "%s%s", i == 0 ? "" : ", ", name);
    }
    if (header->cells > MAP_COLUMNS_SHOWN && used < size) {
        snprintf(out + used, size - used, ", ...");
    }
}

static enum status map_find_cb(void *context, const char *column, int line, size_t *index)
{
    const struct map_look *look = context;
    size_t len = strlen(column);
    char columns[MAP_COLUMNS_SIZE];

    for (size_t i = 0; i < look->header->cells; i++) {
        if (look->header->cell[i].len == len && memcmp(look->header->cell[i].text, column, len) == 0) {
            *index = i;
            return STATUS_OK;
        }
    }
    map_say_columns(look->header, columns, sizeof columns);
    snprintf(look->error, MAP_ERROR_SIZE, "%s:%d: the table has no column \"%s\"; %s", look->map->path, line, column,
             columns);
    return STATUS_INVALID;
}

enum status map_bind(struct map *self, const struct csv_row *header, char error[MAP_ERROR_SIZE])
{
    struct map_look look = {.map = self, .header = header, .error = error};

    self->cells = header->cells;
    return map_visit_all(self, map_find_cb, &look);
}

enum status map_check_seen(const struct map *self, const bool *seen, char error[MAP_ERROR_SIZE])
{
    for (size_t i = 0; i < self->column_count; i++) {
        if (!seen[i]) {
            snprintf(error, MAP_ERROR_SIZE, "%s:%d: no %s of the whole log has \"%s\"", self->path,
                     self->column[i].line,
                     strncmp(self->column[i].name, XES_TRACE_PREFIX, strlen(XES_TRACE_PREFIX)) == 0 ? "trace" : "event",
                     self->column[i].name);
            return STATUS_INVALID;
        }
    }
    return STATUS_OK;
}
