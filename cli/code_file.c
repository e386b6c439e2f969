/* SPDX-License-Identifier: MIT */
/* code_file.c - see code_file.h. */
#include "cli/code_file.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/code_form.h"

#define SOURCE_MAX_LEN 256
#define CODE_MAX_LEN 128
#define DAY_MAX_LEN 32
#define NOTE_MAX_LEN 1024
#define LINES_MAX 1000000

enum { SOURCE, LIST, CODE, MEANS, FROM, TO, NOTE, LOADED_AT, LOADED_BY, COLUMNS };
/* The last ones are what the list prints besides. */
static const struct csv_column columns[COLUMNS] = {
    [SOURCE] = {"source", NULL, true, SOURCE_MAX_LEN}, [LIST] = {"list", NULL, true, DAY_MAX_LEN},
    [CODE] = {"code", NULL, true, CODE_MAX_LEN},       [MEANS] = {"means", NULL, true, CODE_MAX_LEN},
    [FROM] = {"from", NULL, false, DAY_MAX_LEN},       [TO] = {"to", NULL, false, DAY_MAX_LEN},
    [NOTE] = {"note", NULL, false, NOTE_MAX_LEN},      [LOADED_AT] = {"loaded_at", NULL, false, 0},
    [LOADED_BY] = {"loaded_by", NULL, false, 0},
};

static const char *const list_names[CODE_LISTS] = {
    [CODE_STATUS] = "status", [CODE_CHANNEL] = "channel",     [CODE_UNIT] = "unit",
    [CODE_FIELD] = "field",   [CODE_PROCEDURE] = "procedure", [CODE_DOSSIER] = "dossier",
};

struct code_file {
    char *path;
    struct code_line *lines;
    size_t count;
    size_t room;
};

enum status code_file_refuse(const struct code_file *self, const struct code_line *line,
                             char error[CSV_FILE_ERROR_SIZE], const char *fmt, ...)
{
    int used = snprintf(error, CSV_FILE_ERROR_SIZE, "%s:%lld: ", self->path, (long long)line->line);
    va_list args;

    if (used >= 0 && used < CSV_FILE_ERROR_SIZE) {
        va_start(args, fmt);
        vsnprintf(error + used, CSV_FILE_ERROR_SIZE - (size_t)used, fmt, args);
        va_end(args);
    }
    return STATUS_INVALID;
}

/* One more line; NULL when memory is short. */
static struct code_line *append(struct code_file *self)
{
    size_t room = self->room == 0 ? 64 : self->room * 2;
    struct code_line *lines = self->lines;

    if (self->count == self->room) {
        lines = reallocarray(lines, room, sizeof *lines);
        if (lines == NULL) {
            return NULL;
        }
        self->lines = lines;
        self->room = room;
    }
    lines[self->count] = (struct code_line){0};
    return &lines[self->count++];
}

static enum status copy_texts(struct code_line *line, const char *source, const char *code, const char *means,
                              const char *note)
{
    line->source = strdup(source);
    line->code = strdup(code);
    line->means = strdup(means);
    line->note = strdup(note);
    return line->source == NULL || line->code == NULL || line->means == NULL || line->note == NULL ? STATUS_RETRY
                                                                                                   : STATUS_OK;
}

static enum status read_day(const struct code_file *self, const struct code_line *line, const char *name,
                            const char *text, int32_t *day, char *error)
{
    if (text[0] != '\0' && cli_read_date(text, day) != STATUS_OK) {
        return code_file_refuse(self, line, error, "%s: \"%s\" is no day like 2026-01-01", name, text);
    }
    return STATUS_OK;
}

static bool is_national_status(const char *means)
{
    size_t len = strlen(means);

    return (len == 1 && means[0] >= '1' && means[0] <= '9') || strcmp(means, "10") == 0;
}

/* A code in another form would never be found. */
static enum status check_form(const struct code_file *self, const struct code_line *line, const char *name,
                              const char *code, char *error)
{
    char form[CODE_FORM_SIZE];
    enum status st = code_form(line->list, code, form);

    if (st == STATUS_OK && strcmp(form, code) != 0) {
        st = code_file_refuse(self, line, error, "%s: \"%s\" is read as \"%s\" before this list is asked; write that",
                              name, code, form);
    }
    return st;
}

static enum status check_row(const struct code_file *self, const struct code_line *line, char *error)
{
    const char *star = strchr(line->source, '*');
    enum status st;

    if (line->source[0] == '\0' || line->code[0] == '\0' || line->means[0] == '\0') {
        return code_file_refuse(self, line, error, "has no %s",
                                columns[line->source[0] == '\0' ? SOURCE
                                        : line->code[0] == '\0' ? CODE
                                                                : MEANS]
                                    .name);
    }
    if (star != NULL && strcmp(line->source, "*") != 0) {
        return code_file_refuse(self, line, error, "source: \"%s\" is neither one source nor * for all", line->source);
    }
    if (line->from_day > line->to_day) {
        return code_file_refuse(self, line, error, "from is after to");
    }
    if (line->list == CODE_STATUS && !is_national_status(line->means)) {
        return code_file_refuse(self, line, error, "means: \"%s\" is none of the statuses 1 .. 10", line->means);
    }
    if (line->list == CODE_DOSSIER && star != NULL) {
        return code_file_refuse(self, line, error,
                                "source: numbers of dossiers are each source's own; * makes no sense");
    }
    if (line->list == CODE_DOSSIER && (line->from_day != CODE_FILE_EVER || line->to_day != CODE_FILE_FOR_EVER)) {
        return code_file_refuse(self, line, error, "a dossier's number holds for ever; leave from and to empty");
    }
    st = check_form(self, line, "code", line->code, error);
    return st == STATUS_OK ? check_form(self, line, "means", line->means, error) : st;
}

static enum status read_row(struct code_file *self, const char *cells[], int64_t at, char *error)
{
    struct code_line *line = append(self);
    enum status st;

    if (line == NULL) {
        return STATUS_RETRY;
    }
    line->line = at;
    line->from_day = CODE_FILE_EVER;
    line->to_day = CODE_FILE_FOR_EVER;
    line->list = code_list_from_text(cells[LIST]);
    st = copy_texts(line, cells[SOURCE], cells[CODE], cells[MEANS], cells[NOTE]);
    if (st == STATUS_OK && line->list == CODE_LISTS) {
        st = code_file_refuse(self, line, error,
                              "list: \"%s\" is none of status, channel, unit, field, procedure, dossier", cells[LIST]);
    }
    if (st == STATUS_OK) {
        st = read_day(self, line, "from", cells[FROM], &line->from_day, error);
    }
    if (st == STATUS_OK) {
        st = read_day(self, line, "to", cells[TO], &line->to_day, error);
    }
    if (st == STATUS_OK && self->count > LINES_MAX) {
        st = code_file_refuse(self, line, error, "too many lines");
    }
    return st == STATUS_OK ? check_row(self, line, error) : st;
}

static enum status read_all(struct code_file *self, struct csv_file *csv, char *error)
{
    const char *cells[COLUMNS];
    int64_t line = 1;
    enum status st = STATUS_OK;

    while (st == STATUS_OK) {
        st = csv_file_next(csv, cells, &line, error);
        if (st == STATUS_OK && line == 0) {
            return STATUS_OK;
        }
        if (st == STATUS_OK) {
            st = read_row(self, cells, line, error);
        }
    }
    return st;
}

enum status code_file_read(struct code_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_file *csv = NULL;
    enum status st;

    *self_p = NULL;
    st = csv_file_open(&csv, path, columns, COLUMNS, error);
    if (st == STATUS_OK) {
        *self_p = calloc(1, sizeof **self_p);
        st = *self_p == NULL || ((*self_p)->path = strdup(path)) == NULL ? STATUS_RETRY : read_all(*self_p, csv, error);
    }
    csv_file_close(&csv);
    if (st == STATUS_RETRY) {
        snprintf(error, CSV_FILE_ERROR_SIZE, "%s: memory is short", path);
    }
    if (st != STATUS_OK) {
        code_file_destroy(self_p);
    }
    return st;
}

void code_file_destroy(struct code_file **self_p)
{
    struct code_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        free(self->lines[i].source);
        free(self->lines[i].code);
        free(self->lines[i].means);
        free(self->lines[i].note);
    }
    free(self->lines);
    free(self->path);
    free(self);
    *self_p = NULL;
}

size_t code_file_count(const struct code_file *self)
{
    return self->count;
}

const struct code_line *code_file_line(const struct code_file *self, size_t index)
{
    return &self->lines[index];
}

enum status code_file_add_loaded(struct code_file *self, const struct code_line *line)
{
    struct code_line *copy = append(self);

    if (copy == NULL) {
        return STATUS_RETRY;
    }
    copy->list = line->list;
    copy->from_day = line->from_day;
    copy->to_day = line->to_day;
    return copy_texts(copy, line->source, line->code, line->means, line->note);
}

const char *code_list_text(enum code_list list)
{
    return list_names[list];
}

enum code_list code_list_from_text(const char *text)
{
    int list = 0;

    while (list < CODE_LISTS && strcmp(text, list_names[list]) != 0) {
        list++;
    }
    return (enum code_list)list;
}
