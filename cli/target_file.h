/* SPDX-License-Identifier: MIT */
/*
 * target_file.h - targets of one plan, and groups of fields, as CSV files (docs/targets.md).
 */
#ifndef CLI_TARGET_FILE_H
#define CLI_TARGET_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/csv_file.h"
#include "common/status.h"
#include "targets/target.h"

#define TARGET_FILE_LINES_MAX 5000

struct target_file;

/*
 * STATUS_INVALID: refused, error says "FILE:LINE: sentence": a column, value or date that is wrong, a second plan, no
 * targets, or one that contradicts another of the file.  STATUS_RETRY: memory is short.
 */
enum status target_file_read(struct target_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
void target_file_destroy(struct target_file **self_p);

size_t target_file_count(const struct target_file *self);
const struct target *target_file_at(const struct target_file *self, size_t index);

/* A field of a group. */
struct group_line {
    int64_t line;
    char *name;
    char *field;
    char *note;
};

struct group_file;

/* As above; a field stands in a group once. */
enum status group_file_read(struct group_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
void group_file_destroy(struct group_file **self_p);

size_t group_file_count(const struct group_file *self);
const struct group_line *group_file_at(const struct group_file *self, size_t index);

#endif
