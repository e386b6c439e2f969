/* SPDX-License-Identifier: MIT */
/* ladder_file.c - see ladder_file.h. */
#include "cli/ladder_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 64
#define NAME_MAX_LEN 64
#define ROLES_MAX_LEN 512
#define ROLE_MAX_LEN 32
#define DAYS_MAX 366
#define HOURS_MAX 1000

enum { RUNG, ACTIVE, BEFORE_DAYS, BEFORE_HOURS, ROLES, SUPERIOR, NUMBER, ANCHOR, COLUMNS };
/* The last ones are what the list prints besides. */
static const struct csv_column columns[COLUMNS] = {
    [RUNG] = {"rung", NULL, true, NAME_MAX_LEN},
    [ACTIVE] = {"active", NULL, true, NAME_MAX_LEN},
    [BEFORE_DAYS] = {"before_days", NULL, true, NAME_MAX_LEN},
    [BEFORE_HOURS] = {"before_hours", NULL, true, NAME_MAX_LEN},
    [ROLES] = {"roles", NULL, true, ROLES_MAX_LEN},
    [SUPERIOR] = {"superior", NULL, true, NAME_MAX_LEN},
    [NUMBER] = {"number", NULL, false, 0},
    [ANCHOR] = {"anchor", NULL, false, 0},
};

struct ladder_file {
    struct ladder_line lines[LINES_MAX];
    size_t count;
};

bool ladder_is_role(const char *text, size_t len)
{
    if (len == 0 || len > ROLE_MAX_LEN || text[0] < 'a' || text[0] > 'z') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if ((text[i] < 'a' || text[i] > 'z') && text[i] != '_') {
            return false;
        }
    }
    return true;
}

static enum status read_bool(const struct csv_file *file, int64_t line, int column, const char *text, bool *value,
                             char *error)
{
    static const struct {
        const char *text;
        bool value;
    } words[] = {{"yes", true}, {"no", false}, {"true", true}, {"false", false}};

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(text, words[i].text) == 0) {
            *value = words[i].value;
            return STATUS_OK;
        }
    }
    return csv_file_refuse(file, line, error, "%s: \"%s\" is neither yes nor no", columns[column].name, text);
}

static enum status read_number(const struct csv_file *file, int64_t line, int column, const char *text, int32_t most,
                               int32_t *number, char *error)
{
    char *end;
    long value = strtol(text, &end, 10);

    if (end == text || *end != '\0' || value < 0 || value > most) {
        return csv_file_refuse(file, line, error, "%s: \"%s\" is no number from 0 to %d", columns[column].name, text,
                               (int)most);
    }
    *number = (int32_t)value;
    return STATUS_OK;
}

static bool is_among(const char *word, size_t len, const char *words)
{
    for (; *words != '\0'; words += strcspn(words, " "), words += strspn(words, " ")) {
        if (strcspn(words, " ") == len && memcmp(words, word, len) == 0) {
            return true;
        }
    }
    return false;
}

/* Leaves one blank between roles. */
static enum status read_roles(const struct csv_file *file, struct ladder_line *rung, const char *text, char *error)
{
    size_t used = 0;

    rung->roles = calloc(1, strlen(text) + 1);
    if (rung->roles == NULL) {
        return STATUS_RETRY;
    }
    for (text += strspn(text, " "); *text != '\0'; text += strspn(text, " ")) {
        size_t len = strcspn(text, " ");

        if (!ladder_is_role(text, len)) {
            return csv_file_refuse(file, rung->line, error,
                                   "roles: \"%.*s\" is no role like head or one_stop: lower-case letters and _ only",
                                   (int)len, text);
        }
        if (is_among(text, len, rung->roles)) {
            return csv_file_refuse(file, rung->line, error, "roles: \"%.*s\" stands twice", (int)len, text);
        }
        if (used > 0) {
            rung->roles[used++] = ' ';
        }
        memcpy(rung->roles + used, text, len);
        used += len;
        text += len;
    }
    return used > 0 ? STATUS_OK
                    : csv_file_refuse(file, rung->line, error,
                                      "roles: is empty; a rung that nobody is to hear of has active no");
}

static enum status read_rung(struct ladder_file *self, const struct csv_file *file, const char **cells, int64_t line,
                             char *error)
{
    struct ladder_line *rung = &self->lines[self->count];
    enum status st;

    if (self->count == LINES_MAX) {
        return csv_file_refuse(file, line, error, "more than %d rungs", LINES_MAX);
    }
    for (size_t i = 0; i < self->count; i++) {
        if (strcmp(self->lines[i].rung, cells[RUNG]) == 0) {
            return csv_file_refuse(file, line, error, "rung \"%s\" stands in line %lld already", cells[RUNG],
                                   (long long)self->lines[i].line);
        }
    }
    self->count++;
    *rung = (struct ladder_line){.line = line, .rung = strdup(cells[RUNG])};
    st = rung->rung == NULL ? STATUS_RETRY : read_bool(file, line, ACTIVE, cells[ACTIVE], &rung->active, error);
    if (st == STATUS_OK) {
        st = read_number(file, line, BEFORE_DAYS, cells[BEFORE_DAYS], DAYS_MAX, &rung->before_days, error);
    }
    if (st == STATUS_OK) {
        st = read_number(file, line, BEFORE_HOURS, cells[BEFORE_HOURS], HOURS_MAX, &rung->before_hours, error);
    }
    if (st == STATUS_OK) {
        st = read_bool(file, line, SUPERIOR, cells[SUPERIOR], &rung->superior, error);
    }
    return st == STATUS_OK ? read_roles(file, rung, cells[ROLES], error) : st;
}

enum status ladder_file_read(struct ladder_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_file *file = NULL;
    const char *cells[COLUMNS];
    int64_t line = 1;
    enum status st = STATUS_RETRY;

    *self_p = calloc(1, sizeof **self_p);
    if (*self_p != NULL) {
        st = csv_file_open(&file, path, columns, COLUMNS, error);
    }
    while (st == STATUS_OK && line != 0) {
        st = csv_file_next(file, cells, &line, error);
        if (st == STATUS_OK && line != 0) {
            st = read_rung(*self_p, file, cells, line, error);
        }
    }
    if (st == STATUS_OK && (*self_p)->count == 0) {
        st = csv_file_refuse(file, csv_file_header(file), error, "no rung follows");
    }
    csv_file_close(&file);
    if (st == STATUS_RETRY) {
        snprintf(error, CSV_FILE_ERROR_SIZE, "%s: memory is short", path);
    }
    if (st != STATUS_OK) {
        ladder_file_destroy(self_p);
    }
    return st;
}

void ladder_file_destroy(struct ladder_file **self_p)
{
    struct ladder_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        free(self->lines[i].rung);
        free(self->lines[i].roles);
    }
    free(self);
    *self_p = NULL;
}

size_t ladder_file_count(const struct ladder_file *self)
{
    return self->count;
}

const struct ladder_line *ladder_file_line(const struct ladder_file *self, size_t index)
{
    return &self->lines[index];
}
