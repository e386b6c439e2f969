/* SPDX-License-Identifier: MIT */
/*
 * code_file.h - what codes mean, as a CSV file: source,list,code,means,from,to,note (docs/rules-data.md).
 *
 * Read first, then checked together with what is loaded: a row with the same source, list, code and first day takes the
 * place of the loaded one.
 */
#ifndef CLI_CODE_FILE_H
#define CLI_CODE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "cli/csv_file.h"
#include "common/code_book.h"
#include "common/status.h"

/* Days of a row that holds from ever, and for ever. */
#define CODE_FILE_EVER INT32_MIN
#define CODE_FILE_FOR_EVER INT32_MAX

struct code_line {
    int64_t line; /* of the file, from 1; 0: loaded before */
    enum code_list list;
    char *source; /* exact, or "*" */
    char *code;
    char *means;
    char *note;
    int32_t from_day, to_day; /* first and last day */
};

struct code_file;

/* STATUS_INVALID: refused, error says "FILE:LINE: sentence"; STATUS_RETRY: memory is short. */
enum status code_file_read(struct code_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;
void code_file_destroy(struct code_file **self_p);

/* In the order of the file, then what was added. */
size_t code_file_count(const struct code_file *self);
const struct code_line *code_file_line(const struct code_file *self, size_t index);

/* Adds a row that is loaded already; line->line is 0, texts are copied. */
enum status code_file_add_loaded(struct code_file *self, const struct code_line *line) MUST_CHECK;

/*
 * STATUS_INVALID when a row of the file and another hold for the same code on the same day, or when what a row means is
 * itself a code of another row on the same day (units, fields, procedures, dossiers: a code is looked up once).
 */
enum status code_file_check(const struct code_file *self, char error[CSV_FILE_ERROR_SIZE]) MUST_CHECK;

/* Writes "FILE:LINE: sentence" into error and returns STATUS_INVALID. */
enum status code_file_refuse(const struct code_file *self, const struct code_line *line,
                             char error[CSV_FILE_ERROR_SIZE], const char *fmt, ...) PRINTF_LIKE(4, 5);

/* "status" …; and back, CODE_LISTS when there is none of that name. */
const char *code_list_text(enum code_list list);
enum code_list code_list_from_text(const char *text);

#endif
