/* SPDX-License-Identifier: MIT */
/* feed.c - the events of a file. */
#include "cli/feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/csv_rows.h"
#include "cli/input.h"
#include "cli/lines.h"

struct feed {
    struct input *input;
    struct lines *lines;   /* without a map */
    struct csv_rows *rows; /* with a map */
    struct map *map;
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

static enum status feed_open_table(struct feed *self, const char *map)
{
    char why[MAP_ERROR_SIZE];

    if (map_read(&self->map, map, why) != STATUS_OK) {
        return feed_fail(self, STATUS_INVALID, why);
    }
    self->rows = csv_rows_new(self->input);
    return self->rows == NULL ? feed_fail(self, STATUS_RETRY, "memory is short") : feed_bind(self);
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
        st = feed_open_table(self, map);
    } else {
        self->lines = lines_new(self->input);
        st = self->lines == NULL ? feed_fail(self, STATUS_RETRY, "memory is short") : STATUS_OK;
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
    map_destroy(&self->map);
    input_close(&self->input);
    free(self);
    *self_p = NULL;
}

static enum status feed_next_line(struct feed *self, struct feed_event *event)
{
    struct line line;
    enum status st;

    do {
        st = lines_next(self->lines, &line);
        event->line = line.number;
        /* Blank lines part events for people, they are none. */
    } while (st == STATUS_OK && line.text != NULL && line.len == 0);
    event->text = line.text;
    event->len = line.len;
    if (st == STATUS_INVALID) {
        return feed_fail(self, st, "is longer than 1 MiB");
    }
    return st == STATUS_OK ? st : feed_fail(self, STATUS_FATAL, input_error(self->input));
}

static enum status feed_next_row(struct feed *self, struct feed_event *event)
{
    char why[MAP_ERROR_SIZE];
    struct csv_row row;
    enum status st;

    event->text = NULL;
    if (csv_rows_next(self->rows, &row) != STATUS_OK) {
        return feed_fail(self, STATUS_FATAL, csv_rows_error(self->rows));
    }
    event->line = row.line;
    if (row.cells == 0) {
        return STATUS_OK;
    }
    st = map_event(self->map, &row, &event->text, &event->len, why);
    if (st != STATUS_OK) {
        return feed_fail(self, st == STATUS_INVALID ? st : STATUS_FATAL, why);
    }
    return st;
}

enum status feed_next(struct feed *self, struct feed_event *event)
{
    return self->map != NULL ? feed_next_row(self, event) : feed_next_line(self, event);
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
    bool held = self->map != NULL ? csv_rows_ready(self->rows) : lines_ready(self->lines);

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
