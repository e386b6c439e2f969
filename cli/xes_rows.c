/* SPDX-License-Identifier: MIT */
/* xes_rows.c - rows of an XES log, by expat, which is suspended at the end of each trace. */
#include "cli/xes_rows.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <expat.h>

#define XES_CHUNK 32768
#define XES_INDEX_KEY "index"
/* Depths of elements; <log> is 1. */
#define XES_DEPTH_LOG 1
#define XES_DEPTH_TRACE 2
#define XES_DEPTH_EVENT 3

/* A value by its place in the text; pointers would move as the text grows. */
struct xes_place {
    size_t at;
    size_t len;
};

struct xes_rows {
    struct input *input;           /* borrowed */
    const struct csv_cell *column; /* borrowed */
    size_t columns;
    bool *seen; /* per column */
    XML_Parser parser;
    int64_t fed; /* bytes given to the parser */
    int depth;
    bool ended;     /* the last byte was parsed */
    bool failed;    /* error is set */
    bool suspended; /* a trace has ended, more of the chunk may wait */
    bool in_trace;
    bool in_event;
    size_t rows;             /* of the trace held: itself, then its events */
    size_t given;            /* rows given out */
    struct xes_place *place; /* columns of them per row */
    size_t place_cap;
    int64_t *line; /* per row */
    size_t line_cap;
    char *text;
    size_t text_len, text_cap;
    struct csv_cell *cell; /* of the row given out */
    size_t names;
    char name[XES_NAMES_MAX][XES_NAME_SIZE];
    char error[INPUT_ERROR_SIZE + 192];
};

/* Keeps the first error and stops the parser for good. */
static void xes_fail(struct xes_rows *self, const char *what)
{
    if (self->failed) {
        return;
    }
    self->failed = true;
    snprintf(self->error, sizeof self->error, "%s:%llu: %s", input_name(self->input),
             (unsigned long long)XML_GetCurrentLineNumber(self->parser), what);
    XML_StopParser(self->parser, XML_FALSE);
}

/* Room for count elements of size bytes, within what a trace may have. */
static bool xes_grow(struct xes_rows *self, void **array, size_t *cap, size_t count, size_t size)
{
    char why[128];
    size_t wanted = *cap == 0 ? 64 : *cap;
    void *grown;

    if (count <= *cap) {
        return true;
    }
    while (wanted < count) {
        wanted *= 2;
    }
    if (count > XES_TRACE_MAX / size) {
        snprintf(why, sizeof why, "the trace that began in line %lld is larger than %d MiB", (long long)self->line[0],
                 XES_TRACE_MAX >> 20);
        xes_fail(self, why);
        return false;
    }
    grown = realloc(*array, wanted * size);
    if (grown == NULL) {
        xes_fail(self, "memory is short");
        return false;
    }
    *array = grown;
    *cap = wanted;
    return true;
}

static bool xes_begins(const struct csv_cell *column, const char *prefix)
{
    size_t len = strlen(prefix);

    return column->len >= len && memcmp(column->text, prefix, len) == 0;
}

static bool xes_begin_row(struct xes_rows *self)
{
    size_t places = (self->rows + 1) * self->columns;

    if (!xes_grow(self, (void **)&self->line, &self->line_cap, self->rows + 1, sizeof *self->line)) {
        return false;
    }
    self->line[self->rows] = (int64_t)XML_GetCurrentLineNumber(self->parser);
    if (!xes_grow(self, (void **)&self->place, &self->place_cap, places, sizeof *self->place)) {
        return false;
    }
    memset(self->place + self->rows * self->columns, 0, self->columns * sizeof *self->place);
    self->rows++;
    return true;
}

/* Puts a value into the newest row (of an event) or the first one (of the trace) when a column wants it. */
static void xes_put(struct xes_rows *self, const char *prefix, const char *key, const char *value)
{
    size_t prefix_len = strlen(prefix), key_len = strlen(key), len = strlen(value);
    size_t row = self->in_event ? self->rows - 1 : 0;

    for (size_t i = 0; i < self->columns; i++) {
        const struct csv_cell *column = &self->column[i];

        if (column->len != prefix_len + key_len || !xes_begins(column, prefix) ||
            memcmp(column->text + prefix_len, key, key_len) != 0) {
            continue;
        }
        self->seen[i] = true;
        if (!xes_grow(self, (void **)&self->text, &self->text_cap, self->text_len + len, 1)) {
            return;
        }
        if (len > 0) {
            memcpy(self->text + self->text_len, value, len);
        }
        self->place[row * self->columns + i] = (struct xes_place){.at = self->text_len, .len = len};
        self->text_len += len;
        return;
    }
}

/* expat keeps every name that it meets, so their number is bounded. */
static void xes_know_name(struct xes_rows *self, const char *name)
{
    size_t len = strlen(name);

    for (size_t i = 0; i < self->names; i++) {
        if (strcmp(self->name[i], name) == 0) {
            return;
        }
    }
    if (len >= XES_NAME_SIZE || self->names == XES_NAMES_MAX) {
        xes_fail(self, "has names of elements or attributes that no XES log has");
        return;
    }
    memcpy(self->name[self->names], name, len + 1);
    self->names++;
}

static void xes_begin_trace(struct xes_rows *self)
{
    self->rows = 0;
    self->text_len = 0;
    self->in_trace = xes_begin_row(self);
}

static void xes_begin_event(struct xes_rows *self)
{
    char index[24];

    if (!xes_begin_row(self)) {
        return;
    }
    self->in_event = true;
    snprintf(index, sizeof index, "%zu", self->rows - 1);
    xes_put(self, XES_EVENT_PREFIX, XES_INDEX_KEY, index);
}

/* <string key="..." value="..."/> and its like. */
static void xes_attribute(struct xes_rows *self, const char *element, const char **attributes)
{
    static const char *const types[] = {"string", "date", "int", "float", "boolean", "id"};
    const char *key = NULL, *value = NULL;
    bool known = false;

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        known = known || strcmp(element, types[i]) == 0;
    }
    for (; known && *attributes != NULL; attributes += 2) {
        if (strcmp(attributes[0], "key") == 0) {
            key = attributes[1];
        } else if (strcmp(attributes[0], "value") == 0) {
            value = attributes[1];
        }
    }
    if (key == NULL || value == NULL) {
        return;
    }
    /* An attribute called "index" would hide the number that the mapping counts on. */
    if (!self->in_event || strcmp(key, XES_INDEX_KEY) != 0) {
        xes_put(self, self->in_event ? XES_EVENT_PREFIX : XES_TRACE_PREFIX, key, value);
    }
}

static void XMLCALL xes_start_cb(void *context, const char *element, const char **attributes)
{
    struct xes_rows *self = context;

    if (self->failed) {
        return;
    }
    self->depth++;
    xes_know_name(self, element);
    for (const char **name = attributes; *name != NULL; name += 2) {
        xes_know_name(self, *name);
    }
    if (self->depth > XES_DEPTH_MAX) {
        xes_fail(self, "elements are nested too deep for an XES log");
    } else if (self->depth == XES_DEPTH_LOG && strcmp(element, "log") != 0) {
        xes_fail(self, "is no XES log: the first element is not <log>");
    } else if (self->depth == XES_DEPTH_TRACE && strcmp(element, "event") == 0) {
        xes_fail(self, "this event stands outside of a trace");
    } else if (self->depth == XES_DEPTH_TRACE && strcmp(element, "trace") == 0) {
        xes_begin_trace(self);
    } else if (self->depth == XES_DEPTH_EVENT && self->in_trace && strcmp(element, "event") == 0) {
        xes_begin_event(self);
    } else if (self->in_trace && self->depth == (self->in_event ? XES_DEPTH_EVENT : XES_DEPTH_TRACE) + 1) {
        xes_attribute(self, element, attributes);
    }
}

static void XMLCALL xes_end_cb(void *context, const char *element)
{
    struct xes_rows *self = context;

    (void)element;
    if (self->failed) {
        return;
    }
    if (self->depth == XES_DEPTH_EVENT) {
        self->in_event = false;
    } else if (self->depth == XES_DEPTH_TRACE && self->in_trace) {
        self->in_trace = false;
        self->given = 0;
        self->suspended = true;
        XML_StopParser(self->parser, XML_TRUE);
    }
    self->depth--;
}

static void XMLCALL xes_doctype_cb(void *context, const char *name, const char *system_id, const char *public_id,
                                   int internal)
{
    (void)name;
    (void)system_id;
    (void)public_id;
    (void)internal;
    xes_fail(context, "has a DOCTYPE, which no XES log needs: entities are not taken");
}

struct xes_rows *xes_rows_new(struct input *input, const struct csv_row *columns)
{
    struct xes_rows *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->input = input;
    self->column = columns->cell;
    self->columns = columns->cells;
    self->seen = calloc(columns->cells, sizeof *self->seen);
    self->cell = calloc(columns->cells, sizeof *self->cell);
    self->parser = XML_ParserCreate(NULL);
    if (self->seen == NULL || self->cell == NULL || self->parser == NULL) {
        xes_rows_destroy(&self);
        return NULL;
    }
    XML_SetUserData(self->parser, self);
    XML_SetElementHandler(self->parser, xes_start_cb, xes_end_cb);
    XML_SetStartDoctypeDeclHandler(self->parser, xes_doctype_cb);
    return self;
}

void xes_rows_destroy(struct xes_rows **self_p)
{
    struct xes_rows *self = *self_p;

    if (self == NULL) {
        return;
    }
    if (self->parser != NULL) {
        XML_ParserFree(self->parser);
    }
    free(self->seen);
    free(self->cell);
    free(self->place);
    free(self->line);
    free(self->text);
    free(self);
    *self_p = NULL;
}

/* What a turn of the parser has come to. */
static enum status xes_settle(struct xes_rows *self, enum XML_Status parsed)
{
    char why[128];
    int64_t from;

    if (parsed == XML_STATUS_ERROR) {
        snprintf(why, sizeof why, "is not well-formed XML: %s", XML_ErrorString(XML_GetErrorCode(self->parser)));
        xes_fail(self, why); /* keeps what a handler has said */
    }
    /* expat holds what it has not understood yet: from the beginning of a tag, of a comment. */
    from = (int64_t)XML_GetCurrentByteIndex(self->parser);
    if (parsed == XML_STATUS_OK && from >= 0 && self->fed - from > XES_TOKEN_MAX) {
        xes_fail(self, "the tag or comment that begins here is longer than 1 MiB");
    }
    return self->failed ? STATUS_INVALID : STATUS_OK;
}

static enum status xes_fill(struct xes_rows *self)
{
    void *chunk = XML_GetBuffer(self->parser, XES_CHUNK);
    enum status st;
    size_t len;

    if (chunk == NULL) {
        xes_fail(self, "memory is short");
        return STATUS_INVALID;
    }
    st = input_read(self->input, chunk, XES_CHUNK, &len);
    if (st != STATUS_OK) {
        self->failed = true;
        snprintf(self->error, sizeof self->error, "%s", input_error(self->input));
        return st;
    }
    self->fed += (int64_t)len;
    self->ended = len == 0;
    return xes_settle(self, XML_ParseBuffer(self->parser, (int)len, len == 0));
}

/* Reads on to the end of a trace or of the log. */
static enum status xes_advance(struct xes_rows *self)
{
    self->rows = 0;
    while (!self->failed) {
        enum status st;

        if (self->suspended) {
            self->suspended = false;
            st = xes_settle(self, XML_ResumeParser(self->parser));
        } else if (self->ended) {
            return STATUS_OK;
        } else {
            st = xes_fill(self);
        }
        if (st != STATUS_OK || self->suspended) {
            return st;
        }
    }
    return STATUS_INVALID;
}

enum status xes_rows_next(struct xes_rows *self, struct csv_row *row, bool *trace)
{
    memset(row, 0, sizeof *row);
    if (!self->suspended || self->given == self->rows) {
        enum status st = xes_advance(self);

        if (st != STATUS_OK || !self->suspended) {
            return st;
        }
    }
    for (size_t i = 0; i < self->columns; i++) {
        size_t from = xes_begins(&self->column[i], XES_EVENT_PREFIX) ? self->given : 0;
        const struct xes_place *place = &self->place[from * self->columns + i];

        self->cell[i].text = place->len == 0 ? "" : self->text + place->at;
        self->cell[i].len = place->len;
    }
    row->line = self->line[self->given];
    row->cells = self->columns;
    row->cell = self->cell;
    *trace = self->given == 0;
    self->given++;
    return STATUS_OK;
}

const char *xes_rows_error(const struct xes_rows *self)
{
    return self->error;
}

const bool *xes_rows_seen(const struct xes_rows *self)
{
    return self->seen;
}

bool xes_rows_ready(const struct xes_rows *self)
{
    return self->suspended;
}
