/* SPDX-License-Identifier: MIT */
/*
 * unit_file.h - units as a CSV file: header code,name,parent,confirmed in any order, of which only code is needed.
 */
#ifndef CLI_UNIT_FILE_H
#define CLI_UNIT_FILE_H

#include <stddef.h>

#include "common/status.h"

#define UNIT_FILE_ERROR_SIZE 512 /* no less than INPUT_ERROR_SIZE */
#define UNIT_NO_PARENT "-"

struct unit_line {
    size_t line;   /* of the file, from 1 */
    char *code;    /* never empty */
    char *name;    /* NULL: not given */
    char *parent;  /* NULL: not given; UNIT_NO_PARENT: none */
    int confirmed; /* 1, 0, or -1: not given */
};

struct unit_file;

/*
 * STATUS_INVALID with "FILE:LINE: sentence" in error when it cannot be read, names a column twice or not at all, holds
 * a code twice, a unit under itself, or a field that is too long.  Circles are for the database to find.
 */
enum status unit_file_read(struct unit_file **self_p, const char *path, char error[UNIT_FILE_ERROR_SIZE]) MUST_CHECK;
void unit_file_destroy(struct unit_file **self_p);

size_t unit_file_count(const struct unit_file *self);
const struct unit_line *unit_file_line(const struct unit_file *self, size_t index);

#endif
