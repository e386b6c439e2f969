/* SPDX-License-Identifier: MIT */
/*
 * lines.h - the lines of an input one by one, without their ends (LF or CR LF).
 */
#ifndef CLI_LINES_H
#define CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/input.h"
#include "common/status.h"

/* A longer line is passed over. */
#define LINES_MAX 1048576

struct line {
    const char *text; /* not NUL-terminated, valid until the next call; NULL at the end */
    size_t len;
    int64_t number; /* from 1 */
};

struct lines;

/* Borrows input.  NULL when memory is short. */
struct lines *lines_new(struct input *input);
void lines_destroy(struct lines **self_p);

/*
 * Call before lines_next: the first byte that is no blank, -1 when there is none.  Takes a byte order mark away and
 * nothing else.  Waits for that byte; STATUS_FATAL: input_error.
 */
enum status lines_first(struct lines *self, int *first) MUST_CHECK;

/* STATUS_INVALID: this line is longer than LINES_MAX, the next call goes on behind it.  STATUS_FATAL: input_error. */
enum status lines_next(struct lines *self, struct line *line) MUST_CHECK;
/* True when a line is there without reading. */
bool lines_ready(const struct lines *self);

#endif
