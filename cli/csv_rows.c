/* SPDX-License-Identifier: MIT */
/* csv_rows.c - rows of a CSV file, by libcsv, fed line by line so that the line of each row is known. */
#include "cli/csv_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <csv.h>

#define CSV_CHUNK 32768

/* A cell by its place in the text; pointers would move as the text grows. */
struct csv_place {
    size_t at;
    size_t len;
};

struct csv_span {
    int64_t line;
    size_t first; /* cell */
    size_t cells;
};

struct csv_rows {
    struct input *input; /* borrowed */
    struct csv_parser parser;
    bool started;   /* the first bytes were looked at */
    bool ended;     /* csv_fini was called */
    bool in_row;    /* the row being read has begun */
    bool failed;    /* memory was short in a callback */
    int64_t line;   /* of the piece being parsed */
    int64_t begun;  /* line the row being read began in */
    size_t row_len; /* bytes it has so far */
    char *text;     /* cells of rows [0..), one behind the other */
    size_t text_len, text_cap;
    struct csv_place *places;
    size_t place_count, place_cap;
    struct csv_span *spans; /* whole rows */
    size_t span_count, span_cap, span_next;
    size_t row_first;      /* first cell of the row being read */
    struct csv_cell *cell; /* of the row given out */
    size_t cell_cap;
    char error[INPUT_ERROR_SIZE + 128];
    char chunk[CSV_CHUNK];
};

/* Makes room for one more (or len more) elements of size bytes. */
static bool csv_grow(void **array, size_t *cap, size_t needed, size_t size)
{
    size_t wanted = *cap == 0 ? 64 : *cap;
    void *grown;

    while (wanted < needed) {
        wanted *= 2;
    }
    if (wanted == *cap) {
        return true;
    }
    grown = realloc(*array, wanted * size);
    if (grown == NULL) {
        return false;
    }
    *array = grown;
    *cap = wanted;
    return true;
}

static void csv_cell_cb(void *bytes, size_t len, void *context)
{
    struct csv_rows *self = context;

    if (!csv_grow((void **)&self->text, &self->text_cap, self->text_len + len, 1) ||
        !csv_grow((void **)&self->places, &self->place_cap, self->place_count + 1, sizeof *self->places)) {
        self->failed = true;
        return;
    }
    if (len > 0) {
        memcpy(self->text + self->text_len, bytes, len);
    }
    self->places[self->place_count].at = self->text_len;
    self->places[self->place_count].len = len;
    self->place_count++;
    self->text_len += len;
}

static void csv_row_cb(int end, void *context)
{
    struct csv_rows *self = context;

    (void)end;
    if (!csv_grow((void **)&self->spans, &self->span_cap, self->span_count + 1, sizeof *self->spans)) {
        self->failed = true;
        return;
    }
    self->spans[self->span_count].line = self->begun;
    self->spans[self->span_count].first = self->row_first;
    self->spans[self->span_count].cells = self->place_count - self->row_first;
    self->span_count++;
    self->row_first = self->place_count;
    self->in_row = false;
    self->row_len = 0;
}

struct csv_rows *csv_rows_new(struct input *input)
{
    struct csv_rows *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    if (csv_init(&self->parser, 0) != 0) {
        free(self);
        return NULL;
    }
    self->input = input;
    self->line = 1;
    return self;
}

void csv_rows_destroy(struct csv_rows **self_p)
{
    struct csv_rows *self = *self_p;

    if (self == NULL) {
        return;
    }
    csv_free(&self->parser);
    free(self->text);
    free(self->places);
    free(self->spans);
    free(self->cell);
    free(self);
    *self_p = NULL;
}

static enum status csv_fail(struct csv_rows *self, int64_t line, const char *what)
{
    snprintf(self->error, sizeof self->error, "%s:%lld: %s", input_name(self->input), (long long)line, what);
    return STATUS_INVALID;
}

/* The cells of a row that began in the last chunk become the first ones; rows given out are forgotten. */
static void csv_carry(struct csv_rows *self)
{
    size_t cells = self->place_count - self->row_first;
    size_t from = cells == 0 ? self->text_len : self->places[self->row_first].at;

    if (from > 0) {
        memmove(self->text, self->text + from, self->text_len - from);
        self->text_len -= from;
    }
    for (size_t i = 0; i < cells; i++) {
        self->places[i] = self->places[self->row_first + i];
        self->places[i].at -= from;
    }
    self->place_count = cells;
    self->row_first = 0;
    self->span_count = 0;
    self->span_next = 0;
}

static bool csv_blank(const char *piece, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (piece[i] != ' ' && piece[i] != '\t' && piece[i] != '\r' && piece[i] != '\n') {
            return false;
        }
    }
    return true;
}

/* Parses one line, or what the chunk holds of it. */
static enum status csv_feed(struct csv_rows *self, const char *piece, size_t len, bool whole_line)
{
    if (!self->in_row && !csv_blank(piece, len)) {
        self->in_row = true;
        self->begun = self->line;
    }
    self->row_len += len;
    if (csv_parse(&self->parser, piece, len, csv_cell_cb, csv_row_cb, self) != len || self->failed) {
        return csv_fail(self, self->line, "memory is short");
    }
    if (self->row_len > CSV_ROW_MAX) {
        return csv_fail(self, self->begun, "the row that begins here is longer than 1 MiB; is a quote not closed?");
    }
    self->row_len = self->in_row ? self->row_len : 0;
    self->line += whole_line ? 1 : 0;
    return STATUS_OK;
}

static size_t csv_mark_len(struct csv_rows *self, size_t len)
{
    bool marked = !self->started && len >= 3 && memcmp(self->chunk, "\xef\xbb\xbf", 3) == 0;

    self->started = true;
    return marked ? 3 : 0;
}

static enum status csv_fill(struct csv_rows *self)
{
    size_t len;
    enum status st;

    csv_carry(self);
    st = input_read(self->input, self->chunk, sizeof self->chunk, &len);
    if (st != STATUS_OK) {
        snprintf(self->error, sizeof self->error, "%s", input_error(self->input));
        return st;
    }
    if (len == 0) {
        self->ended = true;
        csv_fini(&self->parser, csv_cell_cb, csv_row_cb, self);
        return self->failed ? csv_fail(self, self->line, "memory is short") : STATUS_OK;
    }
    for (size_t at = csv_mark_len(self, len); st == STATUS_OK && at < len;) {
        const char *end = memchr(self->chunk + at, '\n', len - at);
        size_t piece = end == NULL ? len - at : (size_t)(end - (self->chunk + at)) + 1;

        st = csv_feed(self, self->chunk + at, piece, end != NULL);
        at += piece;
    }
    return st;
}

enum status csv_rows_next(struct csv_rows *self, struct csv_row *row)
{
    const struct csv_span *span;

    memset(row, 0, sizeof *row);
    while (self->span_next == self->span_count) {
        enum status st = self->ended ? STATUS_OK : csv_fill(self);

        if (st != STATUS_OK || (self->ended && self->span_next == self->span_count)) {
            return st;
        }
    }
    span = &self->spans[self->span_next++];
    if (!csv_grow((void **)&self->cell, &self->cell_cap, span->cells, sizeof *self->cell)) {
        return csv_fail(self, span->line, "memory is short");
    }
    for (size_t i = 0; i < span->cells; i++) {
        self->cell[i].text = self->text + self->places[span->first + i].at;
        self->cell[i].len = self->places[span->first + i].len;
    }
    row->line = span->line;
    row->cells = span->cells;
    row->cell = self->cell;
    return STATUS_OK;
}

const char *csv_rows_error(const struct csv_rows *self)
{
    return self->error;
}

bool csv_rows_ready(const struct csv_rows *self)
{
    return self->span_next < self->span_count;
}
