/* SPDX-License-Identifier: MIT */
/*
 * map_parts.h - a mapping file in memory: what map_file.c and map_value.c read, map_columns.c
 * binds and map.c applies.  Not for others.
 */
#ifndef CLI_MAP_PARTS_H
#define CLI_MAP_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/json_out.h"
#include "cli/map.h"
#include "cli/wall_time.h"

#define MAP_RULES 32
#define MAP_CONDITIONS 8
#define MAP_PARTS 8
#define MAP_TIMES 8
#define MAP_TEXT 256

/* The members of an event that a map can set, in the order they are written. */
enum map_member {
    MAP_ID,
    MAP_TIME,
    MAP_SEQUENCE,
    MAP_DOSSIER,
    MAP_UNIT,
    MAP_UNIT_NAME,
    MAP_UNIT_PARENT,
    MAP_FIELD,
    MAP_FIELD_NAME,
    MAP_PROCEDURE,
    MAP_PROCEDURE_NAME,
    MAP_RECEIVED,
    MAP_DUE,
    MAP_FINISHED,
    MAP_SUBMITTED,
    MAP_CHANNEL,
    MAP_REASON,
    MAP_MEMBERS
};

struct map_member_row {
    const char *key;  /* in the mapping file */
    const char *open; /* JSON up to the value */
    bool moment;
    bool required;
};
extern const struct map_member_row map_members[MAP_MEMBERS];

/* A piece of a value: constant text, already escaped, or a column. */
struct map_part {
    bool column;
    size_t index; /* of the column among map_columns, after map_bind in the row */
    size_t len;
    char text[MAP_TEXT]; /* the constant, or the column's name */
};

/* How moments are written: [source] time_format comes first, then those that values have of their own. */
struct map_times {
    int line; /* 0: not given */
    char text[MAP_TEXT];
    struct wall_time *times;
};

struct map_value {
    int line;     /* 0: not set */
    size_t times; /* of a moment: which of the map's times */
    size_t parts;
    struct map_part part[MAP_PARTS];
};

enum map_test { MAP_FILLED, MAP_EMPTY, MAP_EQUAL, MAP_UNEQUAL };
struct map_condition {
    enum map_test test;
    int line;
    size_t index;
    size_t equal_len;
    char column[MAP_TEXT];
    char equal[MAP_TEXT];
};

/* A section [event NAME]. */
struct map_rule {
    int line;
    char name[MAP_TEXT];
    char type[MAP_TEXT]; /* CloudEvents type, "" when not set */
    enum map_each each;
    int each_line; /* 0: not given */
    size_t conditions;
    struct map_condition condition[MAP_CONDITIONS];
    struct map_value value[MAP_MEMBERS];
    struct json_out head; /* the event up to its id */
};

/* A column that the map names, by its first mention. */
struct map_column {
    const char *name; /* borrowed from there */
    int line;
};

struct map {
    char path[MAP_TEXT];
    char source[MAP_TEXT];
    enum map_format format;
    bool all; /* every rule that holds makes an event, not only the first */
    char time_zone[MAP_TEXT];
    size_t times_count;
    struct map_times times[MAP_TIMES];
    size_t rules;
    struct map_rule *rule; /* MAP_RULES of them */
    size_t column_count;
    struct map_column *column;
    struct csv_cell *column_cell; /* the same, as a row */
    size_t cells;                 /* of the first row */
    struct csv_row row;           /* being mapped */
    enum map_each each;           /* it tells of */
    size_t next;                  /* rule to try on it */
    size_t tried;                 /* rules that were */
    bool fitted;                  /* one of them held */
    struct json_out event;
};

/* Reads the file into an empty map and checks it.  STATUS_INVALID with "FILE:LINE: key: sentence" in error. */
enum status map_file_read(struct map *map, const char *path, char error[MAP_ERROR_SIZE]) MUST_CHECK;

/* Lists the columns that the map names.  STATUS_INVALID with "FILE:LINE: ..." in error. */
enum status map_note_columns(struct map *map, char error[MAP_ERROR_SIZE]) MUST_CHECK;

#endif
