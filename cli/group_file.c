/* SPDX-License-Identifier: MIT */
/* group_file.c - the groups of target_file.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/target_file.h"

#define LINES_MAX 5000

enum { NAME, FIELD, NOTE, COLUMNS };
static const struct csv_column columns[COLUMNS] = {
    {"name", NULL, true, 64},
    {"field", NULL, true, 128},
    {"note", NULL, true, 512},
};

struct group_file {
    struct group_line *lines; /* in the order of the file */
    size_t count;
};

static enum status read_line(struct group_file *self, struct csv_file *file, const char **cells, int64_t line,
                             char *error)
{
    struct group_line *group = &self->lines[self->count];

    if (self->count == LINES_MAX) {
        return csv_file_refuse(file, line, error, "more than %d fields", LINES_MAX);
    }
    if (*cells[NAME] == '\0' || *cells[FIELD] == '\0') {
        return csv_file_refuse(file, line, error, "%s: is empty", columns[*cells[NAME] == '\0' ? NAME : FIELD].name);
    }
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->lines[i].name, cells[NAME]) == 0 && strcmp(self->lines[i].field, cells[FIELD]) == 0) {
            return csv_file_refuse(file, line, error, "field \"%s\" is in group \"%s\" already, by line %lld",
                                   cells[FIELD], cells[NAME], (long long)self->lines[i].line);
        }
    }
    self->count++;
    *group = (struct group_line){
        .line = line, .name = strdup(cells[NAME]), .field = strdup(cells[FIELD]), .note = strdup(cells[NOTE])};
    return group->name == NULL || group->field == NULL || group->note == NULL ? STATUS_RETRY : STATUS_OK;
}

enum status group_file_read(struct group_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_file *file = NULL;
    const char *cells[COLUMNS];
    int64_t line = 1;
    enum status st = STATUS_RETRY;

    snprintf(error, CSV_FILE_ERROR_SIZE, "%s: memory is short", path);
    *self_p = calloc(1, sizeof **self_p);
    if (*self_p != NULL) {
        (*self_p)->lines = calloc(LINES_MAX, sizeof *(*self_p)->lines);
        st = (*self_p)->lines == NULL ? STATUS_RETRY : csv_file_open(&file, path, columns, COLUMNS, error);
    }
    while (st == STATUS_OK && line != 0) {
        st = csv_file_next(file, cells, &line, error);
        if (st == STATUS_OK && line != 0) {
            st = read_line(*self_p, file, cells, line, error);
        }
    }
    csv_file_close(&file);
    if (st != STATUS_OK) {
        group_file_destroy(self_p);
    }
    return st;
}

void group_file_destroy(struct group_file **self_p)
{
    struct group_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        free(self->lines[i].name);
        free(self->lines[i].field);
        free(self->lines[i].note);
    }
    free(self->lines);
    free(self);
    *self_p = NULL;
}

size_t group_file_count(const struct group_file *self)
{
    return self->count;
}

const struct group_line *group_file_at(const struct group_file *self, size_t index)
{
    return &self->lines[index];
}
