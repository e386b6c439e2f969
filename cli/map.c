/* SPDX-License-Identifier: MIT */
/* map.c - turns rows of a table or a log into events. */
#include "cli/map.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/map_parts.h"
#include "common/log.h"

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
    [MAP_SUBMITTED] = {"data.submitted", ",\"submitted\":\"", true, false},
    [MAP_CHANNEL] = {"data.channel", ",\"channel\":\"", false, false},
    [MAP_REASON] = {"data.reason", ",\"reason\":\"", false, false},
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
    if (st == STATUS_OK) {
        st = map_note_columns(self, error);
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
    for (size_t i = 0; i < self->times_count; i++) {
        wall_time_destroy(&self->times[i].times);
    }
    free(self->column);
    free(self->column_cell);
    json_out_clear(&self->event);
    free(self);
    *self_p = NULL;
}

enum map_format map_format(const struct map *self)
{
    return self->format;
}

static bool map_holds(const struct map_condition *condition, const struct csv_row *row)
{
    const struct csv_cell *cell = &row->cell[condition->index];
    bool equal = cell->len == condition->equal_len && memcmp(cell->text, condition->equal, cell->len) == 0;

    switch (condition->test) {
    case MAP_FILLED:
        return cell->len > 0;
    case MAP_EMPTY:
        return cell->len == 0;
    case MAP_UNEQUAL:
        return !equal;
    case MAP_EQUAL:
        break;
    }
    return equal;
}

static bool map_fits(const struct map *self, const struct map_rule *rule)
{
    size_t held = 0;

    while (held < rule->conditions && map_holds(&rule->condition[held], &self->row)) {
        held++;
    }
    return held == rule->conditions && rule->each == self->each;
}

/* The next rule that fits the row, NULL when none does (any more). */
static const struct map_rule *map_choose(struct map *self)
{
    while (self->next < self->rules) {
        const struct map_rule *rule = &self->rule[self->next++];

        self->tried += rule->each == self->each;
        if (map_fits(self, rule)) {
            self->next = self->all ? self->next : self->rules;
            self->fitted = true;
            return rule;
        }
    }
    return NULL;
}

static enum status map_put_moment(struct map *self, const struct map_times *times, const struct map_part *part,
                                  const struct csv_cell *cell, char error[MAP_ERROR_SIZE])
{
    char text[WALL_TIME_SIZE], shown[64];
    size_t len;

    if (wall_time_convert(times->times, cell->text, cell->len, text, &len) != STATUS_OK) {
        snprintf(error, MAP_ERROR_SIZE, "%s: \"%s\" does not read as %s", part->text,
                 log_clean(cell->text, cell->len, shown, sizeof shown), times->text);
        return STATUS_INVALID;
    }
    json_out_put(&self->event, text, len);
    return STATUS_OK;
}

/* times NULL: the value is text. */
static enum status map_put_part(struct map *self, const struct map_part *part, const struct map_times *times,
                                char error[MAP_ERROR_SIZE])
{
    const struct csv_cell *cell;

    if (!part->column) {
        json_out_put(&self->event, part->text, part->len);
        return STATUS_OK;
    }
    cell = &self->row.cell[part->index];
    if (times != NULL) {
        return map_put_moment(self, times, part, cell, error);
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

static enum status map_put_member(struct map *self, const struct map_rule *rule, size_t m, char error[MAP_ERROR_SIZE])
{
    const struct map_member_row *member = &map_members[m];
    const struct map_value *value = &rule->value[m];
    const struct map_part *missing;
    enum status st = STATUS_OK;

    if (value->line == 0) {
        return STATUS_OK;
    }
    missing = map_missing(value, &self->row);
    if (missing != NULL && member->required) {
        snprintf(error, MAP_ERROR_SIZE, "%s: is empty, so the event has no %s", missing->text, member->key);
        return STATUS_INVALID;
    }
    if (missing != NULL) {
        return STATUS_OK;
    }
    json_out_put(&self->event, member->open, strlen(member->open));
    for (size_t i = 0; st == STATUS_OK && i < value->parts; i++) {
        st = map_put_part(self, &value->part[i], member->moment ? &self->times[value->times] : NULL, error);
    }
    json_out_put(&self->event, "\"", 1);
    return st;
}

void map_take_row(struct map *self, const struct csv_row *row, enum map_each each)
{
    self->row = *row;
    self->each = each;
    self->next = 0;
    self->tried = 0;
    self->fitted = false;
}

static enum status map_write(struct map *self, const struct map_rule *rule, char error[MAP_ERROR_SIZE])
{
    enum status st = STATUS_OK;

    self->event.len = 0;
    json_out_put(&self->event, rule->head.bytes, rule->head.len);
    for (size_t m = 0; st == STATUS_OK && m < MAP_MEMBERS; m++) {
        st = map_put_member(self, rule, m, error);
    }
    json_out_put(&self->event, "}}", 2);
    if (st == STATUS_OK && self->event.failed) {
        snprintf(error, MAP_ERROR_SIZE, "memory is short");
        st = STATUS_RETRY;
    }
    return st;
}

enum status map_next(struct map *self, const char **json, size_t *len, char error[MAP_ERROR_SIZE])
{
    const struct map_rule *rule;
    enum status st;

    *json = NULL;
    *len = 0;
    if (self->row.cells != self->cells && self->next == 0) {
        self->next = self->rules;
        self->fitted = true;
        snprintf(error, MAP_ERROR_SIZE, "has %zu cells, the first row %zu", self->row.cells, self->cells);
        return STATUS_INVALID;
    }
    rule = map_choose(self);
    if (rule == NULL && (self->all || self->fitted || self->tried == 0)) {
        return STATUS_OK;
    }
    if (rule == NULL) {
        self->fitted = true; /* it is said once */
        snprintf(error, MAP_ERROR_SIZE, "fits no [event] section of %s", self->path);
        return STATUS_INVALID;
    }
    st = map_write(self, rule, error);
    if (st == STATUS_OK) {
        *json = self->event.bytes;
        *len = self->event.len;
    }
    return st;
}

bool map_has_more(const struct map *self)
{
    size_t next = self->next;

    while (next < self->rules && !map_fits(self, &self->rule[next])) {
        next++;
    }
    return next < self->rules;
}
