/* SPDX-License-Identifier: MIT */
/*
 * map.h - turns rows of a table into events by a mapping file.  Grammar: docs/mapping.md.
 *
 * map_read makes the map's time zone the one of the process: a program that maps judges nothing.
 */
#ifndef CLI_MAP_H
#define CLI_MAP_H

#include <stddef.h>

#include "cli/csv_rows.h"
#include "common/status.h"

#define MAP_ERROR_SIZE 1024

struct map;

/* STATUS_INVALID: *self_p is NULL and error is "FILE:LINE: key: sentence". */
enum status map_read(struct map **self_p, const char *path, char error[MAP_ERROR_SIZE]) MUST_CHECK;
void map_destroy(struct map **self_p);

/* Finds the map's columns in the first row of a table.  STATUS_INVALID: error names a column that is not there. */
enum status map_bind(struct map *self, const struct csv_row *header, char error[MAP_ERROR_SIZE]) MUST_CHECK;

/*
 * The event of a row, one JSON text, valid until the next call.  STATUS_INVALID: the row is bad, error is a sentence
 * without file and line.
 */
enum status map_event(struct map *self, const struct csv_row *row, const char **json, size_t *len,
                      char error[MAP_ERROR_SIZE]) MUST_CHECK;

#endif
