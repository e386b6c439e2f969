/* SPDX-License-Identifier: MIT */
/*
 * map_parts.h - a mapping file in memory: what map_file.c reads and map.c applies.  Not for others.
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
    size_t index; /* of the column, after map_bind */
    size_t len;
    char text[MAP_TEXT]; /* the constant, or the column's name */
};

struct map_value {
    int line; /* 0: not set */
    size_t parts;
    struct map_part part[MAP_PARTS];
};

enum map_test { MAP_FILLED, MAP_EMPTY, MAP_EQUAL };
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
    size_t conditions;
    struct map_condition condition[MAP_CONDITIONS];
    struct map_value value[MAP_MEMBERS];
    struct json_out head; /* the event up to its id */
};

struct map {
    char path[MAP_TEXT];
    char source[MAP_TEXT];
    char format[MAP_TEXT];
    char time_format[MAP_TEXT];
    char time_zone[MAP_TEXT];
    size_t columns; /* of the header */
    struct wall_time *times;
    size_t rules;
    struct map_rule *rule; /* MAP_RULES of them */
    struct json_out event;
};

/* Reads the file into an empty map and checks it.  STATUS_INVALID with "FILE:LINE: key: sentence" in error. */
enum status map_file_read(struct map *map, const char *path, char error[MAP_ERROR_SIZE]) MUST_CHECK;

#endif
