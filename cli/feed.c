/* SPDX-License-Identifier: MIT */
/* feed.c - the events of a file. */
#include "cli/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv_rows.h"
#include "cli/input.h"
#include "cli/lines.h"
#include "cli/xes_rows.h"

struct feed {
    struct input *input;
    struct lines *lines;   /* without a map */
    struct csv_rows *rows; /* with a map for a table */
    struct xes_rows *log;  /* with a map for a log */
    struct map *map;
    bool in_row;  /* the map holds a row that it may make more events of */
    int64_t line; /* of that row */
    char error[FEED_ERROR_SIZE];
};

static enum status feed_fail(struct feed *self, enum status st, const char *why)
{
    snprintf(self->error, sizeof self->error, "%s", why);
    return st;
}

/* The first row names the columns. */
static enum status feed_bind(struct feed *self)
{
    char why[MAP_ERROR_SIZE];
    struct csv_row header;

    if (csv_rows_next(self->rows, &header) != STATUS_OK) {
        return feed_fail(self, STATUS_INVALID, csv_rows_error(self->rows));
    }
    if (header.cells == 0) {
        snprintf(self->error, sizeof self->error, "%s: holds no table", input_name(self->input));
        return STATUS_INVALID;
    }
    return map_bind(self->map, &header, why) == STATUS_OK ? STATUS_OK : feed_fail(self, STATUS_INVALID, why);
}

/* A log has no first row: the map's own columns stand for it, and the end tells whether all have occurred. */
static enum status feed_bind_log(struct feed *self)
{
    char why[MAP_ERROR_SIZE];
    struct csv_row columns;

    map_columns(self->map, &columns);
    self->log = xes_rows_new(self->input, &columns);
    if (self->log == NULL) {
        return feed_fail(self, STATUS_RETRY, "memory is short");
    }
    return map_bind(self->map, &columns, why) == STATUS_OK ? STATUS_OK : feed_fail(self, STATUS_INVALID, why);
}

static enum status feed_open_mapped(struct feed *self, const char *map)
{
    char why[MAP_ERROR_SIZE];

    if (map_read(&self->map, map, why) != STATUS_OK) {
        return feed_fail(self, STATUS_INVALID, why);
    }
    if (map_format(self->map) == MAP_XES) {
        return feed_bind_log(self);
    }
    self->rows = csv_rows_new(self->input);
    return self->rows == NULL ? feed_fail(self, STATUS_RETRY, "memory is short") : feed_bind(self);
}

/* A table or a log that is sent as it is would fill the quarantine with citizens' data, line by line. */
static enum status feed_open_lines(struct feed *self)
{
    int first;

    self->lines = lines_new(self->input);
    if (self->lines == NULL) {
        return feed_fail(self, STATUS_RETRY, "memory is short");
    }
    if (lines_first(self->lines, &first) != STATUS_OK) {
        return feed_fail(self, STATUS_INVALID, input_error(self->input));
    }
    if (first != -1 && first != '{') {
        snprintf(self->error, sizeof self->error, "%s is not NDJSON: give --map MAP (docs/mapping.md)",
                 input_name(self->input));
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status feed_open(struct feed **self_p, const char *path, const char *map, char error[FEED_ERROR_SIZE])
{
    struct feed *self = calloc(1, sizeof *self);
    char why[INPUT_ERROR_SIZE];
    enum status st;

    *self_p = NULL;
    if (self == NULL) {
        snprintf(error, FEED_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    st = input_open(&self->input, path, why);
    if (st != STATUS_OK) {
        (void)feed_fail(self, st, why);
    } else if (map != NULL) {
        st = feed_open_mapped(self, map);
    } else {
        st = feed_open_lines(self);
    }
    if (st != STATUS_OK) {
        snprintf(error, FEED_ERROR_SIZE, "%s", self->error);
        feed_close(&self);
    }
    *self_p = self;
    return st;
}

void feed_close(struct feed **self_p)
{
    struct feed *self = *self_p;

    if (self == NULL) {
        return;
    }
    lines_destroy(&self->lines);
    csv_rows_destroy(&self->rows);
    xes_rows_destroy(&self->log);
    map_destroy(&self->map);
    input_close(&self->input);
    free(self);
    *self_p = NULL;
}

static bool is_blank(const struct line *line)
{
    size_t i = 0;

    while (i < line->len && (line->text[i] == ' ' || line->text[i] == '\t' || line->text[i] == '\r')) {
        i++;
    }
    return i == line->len;
}

static enum status feed_next_line(struct feed *self, struct feed_event *event)
{
    struct line line;
    enum status st;

    do {
        st = lines_next(self->lines, &line);
        event->line = line.number;
        /* Blank lines part events for people, they are none. */
    } while (st == STATUS_OK && line.text != NULL && is_blank(&line));
    event->text = line.text;
    event->len = line.len;
    if (st == STATUS_INVALID) {
        return feed_fail(self, st, "is longer than 1 MiB");
    }
    return st == STATUS_OK ? st : feed_fail(self, STATUS_FATAL, input_error(self->input));
}

/* At the end of a log: a column that never occurred is taken for a mistake in the map. */
static enum status feed_end(struct feed *self)
{
    char why[MAP_ERROR_SIZE];

    if (self->log == NULL || map_check_seen(self->map, xes_rows_seen(self->log), why) == STATUS_OK) {
        return STATUS_OK;
    }
    return feed_fail(self, STATUS_FATAL, why);
}

/* Hands the next row to the map; in_row stays false at the end. */
static enum status feed_take_row(struct feed *self)
{
    struct csv_row row;
    bool trace = false;
    enum status st = self->log != NULL ? xes_rows_next(self->log, &row, &trace) : csv_rows_next(self->rows, &row);

    if (st != STATUS_OK) {
        return feed_fail(self, STATUS_FATAL,
                         self->log != NULL ? xes_rows_error(self->log) : csv_rows_error(self->rows));
    }
    if (row.cells == 0) {
        return feed_end(self);
    }
    map_take_row(self->map, &row, trace ? MAP_EACH_TRACE : MAP_EACH_EVENT);
    self->in_row = true;
    self->line = row.line;
    return STATUS_OK;
}

static enum status feed_next_mapped(struct feed *self, struct feed_event *event)
{
    char why[MAP_ERROR_SIZE];
    enum status st;

    for (;;) {
        if (!self->in_row) {
            st = feed_take_row(self);
            event->text = NULL;
            if (st != STATUS_OK || !self->in_row) {
                return st;
            }
        }
        event->line = self->line;
        st = map_next(self->map, &event->text, &event->len, why);
        /* Known at once, for feed_ready: reading on may have to wait. */
        self->in_row = map_has_more(self->map);
        if (st != STATUS_OK) {
            return feed_fail(self, st == STATUS_INVALID ? st : STATUS_FATAL, why);
        }
        if (event->text != NULL) {
            return STATUS_OK;
        }
    }
}

enum status feed_next(struct feed *self, struct feed_event *event)
{
    return self->map != NULL ? feed_next_mapped(self, event) : feed_next_line(self, event);
}

const char *feed_error(const struct feed *self)
{
    return self->error;
}

const char *feed_name(const struct feed *self)
{
    return input_name(self->input);
}

bool feed_ready(const struct feed *self)
{
    bool held = self->in_row;

    if (self->lines != NULL) {
        held = lines_ready(self->lines);
    } else if (self->rows != NULL) {
        held = held || csv_rows_ready(self->rows);
    } else {
        held = held || xes_rows_ready(self->log);
    }
    return held || input_ready(self->input);
}

int feed_fd(const struct feed *self)
{
    return input_fd(self->input);
}

int64_t feed_size(const struct feed *self)
{
    return input_size(self->input);
}

int64_t feed_position(const struct feed *self)
{
    return input_position(self->input);
}
