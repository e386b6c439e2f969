/* SPDX-License-Identifier: MIT */
/*
 * map.h - turns rows of a table or a log into events by a mapping file.  Grammar: docs/mapping.md.
 *
 * map_read makes the map's time zone the one of the process: a program that maps judges nothing.
 */
#ifndef CLI_MAP_H
#define CLI_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/csv_rows.h"
#include "common/status.h"

#define MAP_ERROR_SIZE 1024

struct map;

/* What the map is for: a table, or an XES log, whose rows cli/xes_rows.h makes. */
enum map_format { MAP_CSV, MAP_XES };

/* What a row tells of; a table's rows are all events. */
enum map_each { MAP_EACH_EVENT, MAP_EACH_TRACE };

/* STATUS_INVALID: *self_p is NULL and error is "FILE:LINE: key: sentence". */
enum status map_read(struct map **self_p, const char *path, char error[MAP_ERROR_SIZE]) MUST_CHECK;
void map_destroy(struct map **self_p);

enum map_format map_format(const struct map *self);

/* The columns that the map names, each once, as a first row for map_bind where there is none.  Borrowed from self. */
void map_columns(const struct map *self, struct csv_row *columns);

/* Finds the map's columns in the first row of a table.  STATUS_INVALID: error names a column that is not there. */
enum status map_bind(struct map *self, const struct csv_row *header, char error[MAP_ERROR_SIZE]) MUST_CHECK;

/* seen has an element for each of map_columns.  STATUS_INVALID: error names the first that was not seen. */
enum status map_check_seen(const struct map *self, const bool *seen, char error[MAP_ERROR_SIZE]) MUST_CHECK;

/* Turns to a row, which must outlast the calls of map_next. */
void map_take_row(struct map *self, const struct csv_row *row, enum map_each each);

/*
 * The next event of the row, one JSON text, valid until the next call; *json NULL when there is none (more).
 * STATUS_INVALID: the row, or this event of it, is bad; error is a sentence without file and line; the next call goes
 * on behind it.
 */
enum status map_next(struct map *self, const char **json, size_t *len, char error[MAP_ERROR_SIZE]) MUST_CHECK;

/* After a call of map_next: true when a further one would give an event, or say why one is bad. */
bool map_has_more(const struct map *self);

#endif
