/* SPDX-License-Identifier: MIT */
/*
 * ladder_file.h - the alert ladder as a CSV file: rung,active,before_days,before_hours,roles,superior (docs/alerts.md).
 */
#ifndef CLI_LADDER_FILE_H
#define CLI_LADDER_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/csv_file.h"
#include "common/status.h"

struct ladder_line {
    int64_t line; /* of the file, from 1 */
    char *rung;
    char *roles; /* separated by one blank each, none twice */
    int32_t before_days;
    int32_t before_hours;
    bool active;
    bool superior;
};

struct ladder_file;

/* STATUS_INVALID: refused, error says "FILE:LINE: sentence"; STATUS_RETRY: memory is short. */
enum status ladder_file_read(struct ladder_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
void ladder_file_destroy(struct ladder_file **self_p);

/* In the order of the file. */
size_t ladder_file_count(const struct ladder_file *self);
const struct ladder_line *ladder_file_line(const struct ladder_file *self, size_t index);

/* True for a name like "head" or "one_stop": what a recipient's role may be. */
bool ladder_is_role(const char *text, size_t len);

#endif
