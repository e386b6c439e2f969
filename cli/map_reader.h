/* SPDX-License-Identifier: MIT */
/*
 * map_reader.h - a mapping file while it is read: what map_file.c and map_value.c share.  Not for others.
 */
#ifndef CLI_MAP_READER_H
#define CLI_MAP_READER_H

#include <stdbool.h>
#include <stdio.h>

#include "cli/map_parts.h"

struct map_file {
    struct map *map;
    FILE *file;
    int line; /* of the line inih was given last */
    int time_zone_line;
    char format[MAP_TEXT]; /* [source] format and match, as they stand */
    int format_line;
    char match[MAP_TEXT];
    int match_line;
    bool failed;
    char *error; /* MAP_ERROR_SIZE */
};

/* Both return 1, or 0 (inih's "no") after map_refuse. */

/* Keeps the first error; returns 0. */
int map_refuse(struct map_file *self, int line, const char *key, const char *fmt, ...) PRINTF_LIKE(4, 5);

/* Reads the value of a member of an event: text with {COLUMN} in it, or time(COLUMN), time(COLUMN, FORMAT). */
int map_value_read(struct map_file *self, struct map_value *value, const struct map_member_row *member,
                   const char *text);

#endif
