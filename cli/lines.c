/* SPDX-License-Identifier: MIT */
/* lines.c - the lines of an input one by one. */
#include "cli/lines.h"

#include <stdlib.h>
#include <string.h>

struct lines {
    struct input *input; /* borrowed */
    int64_t number;
    size_t begin, end; /* what is read and not given out */
    size_t searched;   /* no LF in [begin, searched) */
    bool ended;
    bool passing; /* the rest of a line that is too long is thrown away */
    char buffer[LINES_MAX];
};

struct lines *lines_new(struct input *input)
{
    struct lines *self = malloc(sizeof *self);

    if (self != NULL) {
        self->input = input;
        self->number = 0;
        self->begin = self->end = self->searched = 0;
        self->ended = self->passing = false;
    }
    return self;
}

void lines_destroy(struct lines **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

/* The LF of the line that begins at begin, NULL when it is not read yet. */
static char *lines_find(struct lines *self)
{
    char *lf = memchr(self->buffer + self->searched, '\n', self->end - self->searched);

    self->searched = lf == NULL ? self->end : (size_t)(lf - self->buffer);
    return lf;
}

static enum status lines_fill(struct lines *self)
{
    size_t len;

    if (self->begin > 0) {
        memmove(self->buffer, self->buffer + self->begin, self->end - self->begin);
        self->end -= self->begin;
        self->searched -= self->begin;
        self->begin = 0;
    }
    if (input_read(self->input, self->buffer + self->end, sizeof self->buffer - self->end, &len) != STATUS_OK) {
        return STATUS_FATAL;
    }
    self->ended = len == 0;
    self->end += len;
    return STATUS_OK;
}

/* At the very beginning only; fewer than its three bytes are not taken for one. */
static enum status lines_skip_mark(struct lines *self)
{
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    enum status st = STATUS_OK;

    while (st == STATUS_OK && !self->ended && self->end < sizeof mark && memcmp(self->buffer, mark, self->end) == 0) {
        st = lines_fill(self);
    }
    if (self->end >= sizeof mark && memcmp(self->buffer, mark, sizeof mark) == 0) {
        self->begin = self->searched = sizeof mark;
    }
    return st;
}

enum status lines_first(struct lines *self, int *first)
{
    enum status st = lines_skip_mark(self);
    size_t at = self->begin;

    *first = -1;
    while (st == STATUS_OK) {
        while (at < self->end && strchr(" \t\r\n", self->buffer[at]) != NULL && self->buffer[at] != '\0') {
            at++;
        }
        if (at < self->end || self->end == sizeof self->buffer || self->ended) {
            /* A buffer full of blanks is no text of events either. */
            *first = at < self->end ? (unsigned char)self->buffer[at] : self->ended ? -1 : ' ';
            break;
        }
        at -= self->begin; /* lines_fill moves what is held to the front */
        st = lines_fill(self);
    }
    return st;
}

/* Gives out [begin, stop) and goes on behind the LF, when there is one. */
static void lines_give(struct lines *self, size_t stop, struct line *line)
{
    line->text = self->buffer + self->begin;
    line->len = stop - self->begin;
    if (line->len > 0 && line->text[line->len - 1] == '\r') {
        line->len--;
    }
    self->begin = self->searched = stop < self->end ? stop + 1 : stop;
}

enum status lines_next(struct lines *self, struct line *line)
{
    char *lf;

    self->number += !self->passing;
    line->number = self->number;
    line->text = NULL;
    line->len = 0;
    while ((lf = lines_find(self)) == NULL) {
        enum status st;

        if (self->ended && self->begin < self->end && !self->passing) {
            lines_give(self, self->end, line);
        }
        if (self->ended) {
            return STATUS_OK;
        }
        if (self->passing || (self->begin == 0 && self->end == sizeof self->buffer)) {
            bool first = !self->passing;

            self->passing = true;
            self->begin = self->searched = self->end = 0;
            if (first) {
                return STATUS_INVALID;
            }
        }
        st = lines_fill(self);
        if (st != STATUS_OK) {
            return st;
        }
    }
    if (self->passing) {
        self->passing = false;
        self->begin = self->searched = (size_t)(lf - self->buffer) + 1;
        return lines_next(self, line);
    }
    lines_give(self, (size_t)(lf - self->buffer), line);
    return STATUS_OK;
}

bool lines_ready(const struct lines *self)
{
    return memchr(self->buffer + self->begin, '\n', self->end - self->begin) != NULL;
}
