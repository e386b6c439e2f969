/* SPDX-License-Identifier: MIT */
/*
 * progress.h - how far a long task has come: a bar on a terminal, a line now and then in a pipe.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct progress {
    FILE *out;
    const char *what;    /* is counted: events, unless it is set after progress_begin */
    const char *waiting; /* borrowed; shown instead while it is set */
    bool terminal;
    bool drawn;    /* a bar stands in the last line */
    int64_t total; /* bytes, -1: unknown */
    int64_t began_ms;
    int64_t shown_ms;
};

/* out is borrowed; now_ms is monotonic. */
void progress_begin(struct progress *self, FILE *out, bool terminal, int64_t total, int64_t now_ms);

/* done of total bytes are done with, and so many events are answered.  Shows it when it is time to. */
void progress_show(struct progress *self, int64_t done, int64_t events, int64_t now_ms);

/* Takes the bar off, so that a line can be printed. */
void progress_clear(struct progress *self);

#endif
