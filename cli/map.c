/* SPDX-License-Identifier: MIT */
/* map.c - turns rows of a table into events. */
#include "cli/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map_parts.h"
#include "common/log.h"

/* Of a table's columns, in an error. */
#define MAP_COLUMNS_SHOWN 8
#define MAP_COLUMNS_SIZE 320

/* dossier opens the object "data": it is required, so it is always there. */
const struct map_member_row map_members[MAP_MEMBERS] = {
    [MAP_ID] = {"id", ",\"id\":\"", false, true},
    [MAP_TIME] = {"time", ",\"time\":\"", true, true},
    [MAP_SEQUENCE] = {"sequence", ",\"sequence\":\"", false, false},
    [MAP_DOSSIER] = {"data.dossier", ",\"data\":{\"dossier\":\"", false, true},
    [MAP_UNIT] = {"data.unit", ",\"unit\":\"", false, false},
    [MAP_UNIT_NAME] = {"data.unit_name", ",\"unit_name\":\"", false, false},
    [MAP_UNIT_PARENT] = {"data.unit_parent", ",\"unit_parent\":\"", false, false},
    [MAP_FIELD] = {"data.field", ",\"field\":\"", false, false},
    [MAP_FIELD_NAME] = {"data.field_name", ",\"field_name\":\"", false, false},
    [MAP_PROCEDURE] = {"data.procedure", ",\"procedure\":\"", false, false},
    [MAP_PROCEDURE_NAME] = {"data.procedure_name", ",\"procedure_name\":\"", false, false},
    [MAP_RECEIVED] = {"data.received", ",\"received\":\"", true, false},
    [MAP_DUE] = {"data.due", ",\"due\":\"", true, false},
    [MAP_FINISHED] = {"data.finished", ",\"finished\":\"", true, false},
};

enum status map_read(struct map **self_p, const char *path, char error[MAP_ERROR_SIZE])
{
    struct map *self = calloc(1, sizeof *self);
    enum status st = STATUS_RETRY;

    *self_p = NULL;
    snprintf(error, MAP_ERROR_SIZE, "%s: memory is short", path);
    if (self == NULL) {
        return st;
    }
    self->rule = calloc(MAP_RULES, sizeof *self->rule);
    if (self->rule != NULL) {
        st = map_file_read(self, path, error);
    }
    if (st != STATUS_OK) {
        map_destroy(&self);
    }
    *self_p = self;
    return st;
}

void map_destroy(struct map **self_p)
{
    struct map *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->rules; i++) {
        json_out_clear(&self->rule[i].head);
    }
    free(self->rule);
    wall_time_destroy(&self->times);
    json_out_clear(&self->event);
    free(self);
    *self_p = NULL;
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

static enum status map_find(const struct map *self, const struct csv_row *header, const char *column, int line,
                            size_t *index, char error[MAP_ERROR_SIZE])
{
    size_t len = strlen(column);
    char columns[MAP_COLUMNS_SIZE];

    for (size_t i = 0; i < header->cells; i++) {
        if (header->cell[i].len == len && memcmp(header->cell[i].text, column, len) == 0) {
            *index = i;
            return STATUS_OK;
        }
    }
    map_say_columns(header, columns, sizeof columns);
    snprintf(error, MAP_ERROR_SIZE, "%s:%d: the table has no column \"%s\"; %s", self->path, line, column, columns);
    return STATUS_INVALID;
}

static enum status map_bind_rule(const struct map *self, struct map_rule *rule, const struct csv_row *header,
                                 char error[MAP_ERROR_SIZE])
{
    enum status st = STATUS_OK;

    for (size_t i = 0; st == STATUS_OK && i < rule->conditions; i++) {
        struct map_condition *condition = &rule->condition[i];

        st = map_find(self, header, condition->column, condition->line, &condition->index, error);
    }
    for (size_t m = 0; m < MAP_MEMBERS; m++) {
        struct map_value *value = &rule->value[m];

        for (size_t i = 0; st == STATUS_OK && i < value->parts; i++) {
            if (value->part[i].column) {
                st = map_find(self, header, value->part[i].text, value->line, &value->part[i].index, error);
            }
        }
    }
    return st;
}

enum status map_bind(struct map *self, const struct csv_row *header, char error[MAP_ERROR_SIZE])
{
    enum status st = STATUS_OK;

    self->columns = header->cells;
    for (size_t i = 0; st == STATUS_OK && i < self->rules; i++) {
        st = map_bind_rule(self, &self->rule[i], header, error);
    }
    return st;
}

static bool map_holds(const struct map_condition *condition, const struct csv_row *row)
{
    const struct csv_cell *cell = &row->cell[condition->index];

    switch (condition->test) {
    case MAP_FILLED:
        return cell->len > 0;
    case MAP_EMPTY:
        return cell->len == 0;
    case MAP_EQUAL:
        break;
    }
    return cell->len == condition->equal_len && memcmp(cell->text, condition->equal, cell->len) == 0;
}

/* The first rule whose conditions all hold, NULL when none does. */
static const struct map_rule *map_choose(const struct map *self, const struct csv_row *row)
{
    for (size_t i = 0; i < self->rules; i++) {
        const struct map_rule *rule = &self->rule[i];
        size_t held = 0;

        while (held < rule->conditions && map_holds(&rule->condition[held], row)) {
            held++;
        }
        if (held == rule->conditions) {
            return rule;
        }
    }
    return NULL;
}

static enum status map_put_moment(struct map *self, const struct map_part *part, const struct csv_cell *cell,
                                  char error[MAP_ERROR_SIZE])
{
    char text[WALL_TIME_SIZE], shown[64];
    size_t len;

    if (wall_time_convert(self->times, cell->text, cell->len, text, &len) != STATUS_OK) {
        snprintf(error, MAP_ERROR_SIZE, "%s: \"%s\" does not read as %s", part->text,
                 log_clean(cell->text, cell->len, shown, sizeof shown), self->time_format);
        return STATUS_INVALID;
    }
    json_out_put(&self->event, text, len);
    return STATUS_OK;
}

static enum status map_put_part(struct map *self, const struct map_part *part, bool moment, const struct csv_row *row,
                                char error[MAP_ERROR_SIZE])
{
    const struct csv_cell *cell;

    if (!part->column) {
        json_out_put(&self->event, part->text, part->len);
        return STATUS_OK;
    }
    cell = &row->cell[part->index];
    if (moment) {
        return map_put_moment(self, part, cell, error);
    }
    if (json_out_text(&self->event, cell->text, cell->len) == STATUS_INVALID) {
        snprintf(error, MAP_ERROR_SIZE, "%s: is not UTF-8, or holds a NUL", part->text);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

/* The first column of a value that the row leaves empty, NULL when there is none: then the value is whole. */
static const struct map_part *map_missing(const struct map_value *value, const struct csv_row *row)
{
    for (size_t i = 0; i < value->parts; i++) {
        if (value->part[i].column && row->cell[value->part[i].index].len == 0) {
            return &value->part[i];
        }
    }
    return NULL;
}

static enum status map_put_member(struct map *self, const struct map_rule *rule, size_t m, const struct csv_row *row,
                                  char error[MAP_ERROR_SIZE])
{
    const struct map_member_row *member = &map_members[m];
    const struct map_value *value = &rule->value[m];
    const struct map_part *missing;
    enum status st = STATUS_OK;

    if (value->line == 0) {
        return STATUS_OK;
    }
    missing = map_missing(value, row);
    if (missing != NULL && member->required) {
        snprintf(error, MAP_ERROR_SIZE, "%s: is empty, so the event has no %s", missing->text, member->key);
        return STATUS_INVALID;
    }
    if (missing != NULL) {
        return STATUS_OK;
    }
    json_out_put(&self->event, member->open, strlen(member->open));
    for (size_t i = 0; st == STATUS_OK && i < value->parts; i++) {
        st = map_put_part(self, &value->part[i], member->moment, row, error);
    }
    json_out_put(&self->event, "\"", 1);
    return st;
}

enum status map_event(struct map *self, const struct csv_row *row, const char **json, size_t *len,
                      char error[MAP_ERROR_SIZE])
{
    const struct map_rule *rule;
    enum status st = STATUS_OK;

    if (row->cells != self->columns) {
        snprintf(error, MAP_ERROR_SIZE, "has %zu cells, the first row %zu", row->cells, self->columns);
        return STATUS_INVALID;
    }
    rule = map_choose(self, row);
    if (rule == NULL) {
        snprintf(error, MAP_ERROR_SIZE, "fits no [event] section of %s", self->path);
        return STATUS_INVALID;
    }
    self->event.len = 0;
    json_out_put(&self->event, rule->head.bytes, rule->head.len);
    for (size_t m = 0; st == STATUS_OK && m < MAP_MEMBERS; m++) {
        st = map_put_member(self, rule, m, row, error);
    }
    json_out_put(&self->event, "}}", 2);
    if (st == STATUS_OK && self->event.failed) {
        snprintf(error, MAP_ERROR_SIZE, "memory is short");
        st = STATUS_RETRY;
    }
    *json = self->event.bytes;
    *len = self->event.len;
    return st;
}
