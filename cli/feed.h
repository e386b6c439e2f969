/* SPDX-License-Identifier: MIT */
/*
 * feed.h - the events of a file: NDJSON as it is, or a table or an XES log turned into events by a map.
 */
#ifndef CLI_FEED_H
#define CLI_FEED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/map.h"
#include "common/status.h"

#define FEED_ERROR_SIZE 1280

struct feed_event {
    const char *text; /* one JSON text, valid until the next call; NULL at the end */
    size_t len;
    int64_t line; /* where it begins in the file */
};

struct feed;

/* path "-": standard input.  map NULL: NDJSON.  STATUS_INVALID: *self_p is NULL and error says why. */
enum status feed_open(struct feed **self_p, const char *path, const char *map, char error[FEED_ERROR_SIZE]) MUST_CHECK;
void feed_close(struct feed **self_p);

/*
 * The next event.  STATUS_INVALID: event->line is bad, feed_error is a sentence, the next call goes on behind it.
 * STATUS_FATAL: nothing more can be read, feed_error says why, with the file's name.
 */
enum status feed_next(struct feed *self, struct feed_event *event) MUST_CHECK;
const char *feed_error(const struct feed *self);
const char *feed_name(const struct feed *self);

/* True when feed_next would not wait; else poll feed_fd. */
bool feed_ready(const struct feed *self);
int feed_fd(const struct feed *self);

/* Bytes of the file (-1: unknown), and how many of them were read. */
int64_t feed_size(const struct feed *self);
int64_t feed_position(const struct feed *self);

#endif
