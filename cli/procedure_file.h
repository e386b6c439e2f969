/* SPDX-License-Identifier: MIT */
/*
 * procedure_file.h - terms of procedures as a CSV file (docs/rules-data.md).
 *
 * Either procedure,effective_from,term,pause_mode,note, a procedure once for each moment; or as a catalogue lists them,
 * ma_thu_tuc,so,don_vi with a row for each way of handing in: the longest term of a procedure is taken.
 */
#ifndef CLI_PROCEDURE_FILE_H
#define CLI_PROCEDURE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/csv_file.h"
#include "common/status.h"
#include "common/term.h"

struct procedure_line {
    int64_t line; /* of the file, from 1 */
    char *procedure;
    char *note;           /* "" when there is none */
    int64_t effective_us; /* DB_MINUS_INFINITY_US: always */
    bool has_term;
    struct term term;
    bool restart;
    bool several; /* rows of the procedure tell different terms */
};

struct procedure_file;

/* STATUS_INVALID: refused, error says "FILE:LINE: sentence"; STATUS_RETRY: memory is short. */
enum status procedure_file_read(struct procedure_file **self_p, const char *path,
                                char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
void procedure_file_destroy(struct procedure_file **self_p);

/* In order of procedure and effective_us; several of them are ambiguous. */
size_t procedure_file_count(const struct procedure_file *self);
const struct procedure_line *procedure_file_line(const struct procedure_file *self, size_t index);
size_t procedure_file_ambiguous(const struct procedure_file *self);

#endif
