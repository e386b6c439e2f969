/* SPDX-License-Identifier: MIT */
/* procedure_file.c - see procedure_file.h. */
#include "cli/procedure_file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/code_form.h"

#define CODE_MAX_LEN 128
#define TEXT_MAX_LEN 64
#define NOTE_MAX_LEN 1024
#define LINES_MAX 1000000
#define DAY_HOURS 8 /* common/term.h */

enum {
    PROCEDURE,
    EFFECTIVE,
    TERM,
    PAUSE_MODE,
    NOTE,
    TERM_COUNT,
    TERM_UNIT,
    CHANNEL,
    NAME,
    LOADED_AT,
    LOADED_BY,
    COLUMNS
};
/* The last ones are what the list prints and catalogues have besides. */
static const struct csv_column columns[COLUMNS] = {
    [PROCEDURE] = {"procedure", "ma_thu_tuc", true, CODE_MAX_LEN},
    [EFFECTIVE] = {"effective_from", NULL, false, TEXT_MAX_LEN},
    [TERM] = {"term", NULL, false, TEXT_MAX_LEN},
    [PAUSE_MODE] = {"pause_mode", NULL, false, TEXT_MAX_LEN},
    [NOTE] = {"note", NULL, false, NOTE_MAX_LEN},
    [TERM_COUNT] = {"term_count", "so", false, TEXT_MAX_LEN},
    [TERM_UNIT] = {"term_unit", "don_vi", false, TEXT_MAX_LEN},
    [CHANNEL] = {"channel", "hinh_thuc_nop", false, 0},
    [NAME] = {"name", "ten_thu_tuc", false, 0},
    [LOADED_AT] = {"loaded_at", NULL, false, 0},
    [LOADED_BY] = {"loaded_by", NULL, false, 0},
};

struct procedure_file {
    struct procedure_line *lines;
    size_t count;
    size_t room;
    size_t ambiguous;
};

static bool is_digits(const char *text, size_t len)
{
    size_t at = 0;

    while (at < len && text[at] >= '0' && text[at] <= '9') {
        at++;
    }
    return at == len;
}

/* "1.5" working days is what catalogues write for a day and a half. */
static bool half_days(const char *number, const char *unit, struct term *term)
{
    char words[2 * TEXT_MAX_LEN + 2];
    char *end;
    long whole = strtol(number, &end, 10);

    snprintf(words, sizeof words, "1 %s", unit);
    if (end == number || !is_digits(number, (size_t)(end - number)) || whole >= TERM_COUNT_MAX / DAY_HOURS ||
        (strcmp(end, ".5") != 0 && strcmp(end, ",5") != 0) || term_parse(words, term) != STATUS_OK ||
        term->unit != TERM_WORKING_DAYS) {
        return false;
    }
    *term = (struct term){(int32_t)whole * DAY_HOURS + DAY_HOURS / 2, TERM_WORKING_HOURS};
    return true;
}

static enum status read_catalogue_term(const struct csv_file *csv, const char *cells[], struct procedure_line *line,
                                       char *error)
{
    char words[2 * TEXT_MAX_LEN + 2];

    if (cells[TERM_COUNT][0] == '\0' && cells[TERM_UNIT][0] == '\0') {
        return STATUS_OK;
    }
    line->has_term = true;
    snprintf(words, sizeof words, "%s %s", cells[TERM_COUNT], cells[TERM_UNIT]);
    if (!half_days(cells[TERM_COUNT], cells[TERM_UNIT], &line->term) && term_parse(words, &line->term) != STATUS_OK) {
        return csv_file_refuse(csv, line->line, error,
                               "\"%s\" of \"%s\" is no term; a unit is working days, working hours, days or months",
                               cells[TERM_COUNT], cells[TERM_UNIT]);
    }
    return STATUS_OK;
}

static enum status read_term(const struct csv_file *csv, const char *cells[], struct procedure_line *line, char *error)
{
    if (csv_file_has(csv, TERM_COUNT)) {
        return read_catalogue_term(csv, cells, line, error);
    }
    line->has_term = cells[TERM][0] != '\0';
    if (line->has_term && term_parse(cells[TERM], &line->term) != STATUS_OK) {
        return csv_file_refuse(csv, line->line, error,
                               "term: \"%s\" is none; write \"5 working days\", \"8 working hours\", \"30 days\" or "
                               "\"2 months\" (1 .. %d), or leave it empty",
                               cells[TERM], TERM_COUNT_MAX);
    }
    return STATUS_OK;
}

static enum status read_moment(const struct csv_file *csv, const char *cells[], struct procedure_line *line,
                               char *error)
{
    line->effective_us = DB_MINUS_INFINITY_US;
    if (cells[EFFECTIVE][0] != '\0' && cli_read_time(cells[EFFECTIVE], &line->effective_us) != STATUS_OK) {
        return csv_file_refuse(csv, line->line, error,
                               "effective_from: \"%s\" is neither a day (2026-01-01) nor RFC 3339, nor empty: always",
                               cells[EFFECTIVE]);
    }
    return STATUS_OK;
}

static enum status read_mode(const struct csv_file *csv, const char *cells[], struct procedure_line *line, char *error)
{
    line->restart = strcmp(cells[PAUSE_MODE], "restart") == 0;
    if (cells[PAUSE_MODE][0] != '\0' && !line->restart && strcmp(cells[PAUSE_MODE], "pause") != 0) {
        return csv_file_refuse(csv, line->line, error, "pause_mode: \"%s\" is neither pause nor restart",
                               cells[PAUSE_MODE]);
    }
    return STATUS_OK;
}

static enum status grow(struct procedure_file *self)
{
    size_t room = self->room == 0 ? 64 : self->room * 2;
    struct procedure_line *lines;

    if (self->count < self->room) {
        return STATUS_OK;
    }
    lines = reallocarray(self->lines, room, sizeof *lines);
    if (lines == NULL) {
        return STATUS_RETRY;
    }
    self->lines = lines;
    self->room = room;
    return STATUS_OK;
}

static enum status read_row(struct procedure_file *self, const struct csv_file *csv, const char *cells[], int64_t at,
                            char *error)
{
    struct procedure_line *line;
    char procedure[CODE_FORM_SIZE];
    enum status st = self->count == LINES_MAX ? csv_file_refuse(csv, at, error, "too many lines") : grow(self);

    if (st == STATUS_OK && cells[PROCEDURE][0] == '\0') {
        st = csv_file_refuse(csv, at, error, "has no procedure");
    }
    if (st == STATUS_OK) {
        st = code_form(CODE_PROCEDURE, cells[PROCEDURE], procedure);
    }
    if (st != STATUS_OK) {
        return st;
    }
    line = &self->lines[self->count++];
    *line = (struct procedure_line){.line = at, .procedure = strdup(procedure), .note = strdup(cells[NOTE])};
    if (line->procedure == NULL || line->note == NULL) {
        return STATUS_RETRY;
    }
    st = read_term(csv, cells, line, error);
    if (st == STATUS_OK) {
        st = read_moment(csv, cells, line, error);
    }
    return st == STATUS_OK ? read_mode(csv, cells, line, error) : st;
}

static int by_key(const void *a, const void *b)
{
    const struct procedure_line *x = a;
    const struct procedure_line *y = b;
    int order = strcmp(x->procedure, y->procedure);

    if (order == 0) {
        order = (x->effective_us > y->effective_us) - (x->effective_us < y->effective_us);
    }
    return order != 0 ? order : (x->line > y->line) - (x->line < y->line);
}

static bool same_key(const struct procedure_line *a, const struct procedure_line *b)
{
    return a->effective_us == b->effective_us && strcmp(a->procedure, b->procedure) == 0;
}

/* How long a term lasts, roughly and in tenths of an hour, to tell which is longer: five working days are a week. */
static int64_t rough_length(const struct procedure_line *line)
{
    static const int64_t tenths[TERM_UNITS] = {
        [TERM_WORKING_DAYS] = 336, [TERM_WORKING_HOURS] = 42, [TERM_CALENDAR_DAYS] = 240, [TERM_MONTHS] = 7300};

    return line->has_term ? line->term.count * tenths[line->term.unit] : 0;
}

static bool same_term(const struct procedure_line *a, const struct procedure_line *b)
{
    return a->has_term == b->has_term &&
           (!a->has_term || (a->term.count == b->term.count && a->term.unit == b->term.unit));
}

static void line_free(struct procedure_line *line)
{
    free(line->procedure);
    free(line->note);
}

/* Makes one line of those with the same key: the longest term stays. */
static void merge(struct procedure_file *self)
{
    size_t kept = 0;

    for (size_t i = 0; i < self->count; i++) {
        struct procedure_line *last = kept == 0 ? NULL : &self->lines[kept - 1];
        struct procedure_line *line = &self->lines[i];
        bool several;

        if (last == NULL || !same_key(last, line)) {
            self->lines[kept++] = *line;
            continue;
        }
        several = last->several || !same_term(last, line);
        if (rough_length(line) > rough_length(last)) {
            struct procedure_line shorter = *last;

            *last = *line;
            *line = shorter;
        }
        last->several = several;
        line_free(line);
    }
    self->count = kept;
    for (size_t i = 0; i < kept; i++) {
        self->ambiguous += self->lines[i].several;
    }
}

static enum status settle(struct procedure_file *self, const struct csv_file *csv, char *error)
{
    if (self->count > 0) {
        qsort(self->lines, self->count, sizeof *self->lines, by_key);
    }
    if (csv_file_has(csv, TERM_COUNT)) {
        merge(self);
        return STATUS_OK;
    }
    for (size_t i = 1; i < self->count; i++) {
        const struct procedure_line *line = &self->lines[i];

        if (same_key(&line[-1], line)) {
            return csv_file_refuse(csv, line->line, error, "procedure %s from the same moment stands in line %lld too",
                                   line->procedure, (long long)line[-1].line);
        }
    }
    return STATUS_OK;
}

static enum status check_header(const struct csv_file *csv, char *error)
{
    int64_t line = csv_file_header(csv);
    bool count = csv_file_has(csv, TERM_COUNT);
    bool unit = csv_file_has(csv, TERM_UNIT);

    if (!count && !unit && !csv_file_has(csv, TERM)) {
        return csv_file_refuse(csv, line, error, "the header has no column \"term\"");
    }
    if (count != unit) {
        return csv_file_refuse(csv, line, error, "the header has no column \"%s\"",
                               columns[count ? TERM_UNIT : TERM_COUNT].name);
    }
    if (count && csv_file_has(csv, TERM)) {
        return csv_file_refuse(csv, line, error, "\"term\" stands beside \"term_count\"; one of them is too much");
    }
    return STATUS_OK;
}

static enum status read_all(struct procedure_file *self, struct csv_file *csv, char *error)
{
    const char *cells[COLUMNS];
    int64_t line = 1;
    enum status st = check_header(csv, error);

    while (st == STATUS_OK) {
        st = csv_file_next(csv, cells, &line, error);
        if (st == STATUS_OK && line == 0) {
            return settle(self, csv, error);
        }
        if (st == STATUS_OK) {
            st = read_row(self, csv, cells, line, error);
        }
    }
    return st;
}

enum status procedure_file_read(struct procedure_file **self_p, const char *path, char error[CSV_FILE_ERROR_SIZE])
{
    struct csv_file *csv = NULL;
    enum status st;

    *self_p = NULL;
    st = csv_file_open(&csv, path, columns, COLUMNS, error);
    if (st == STATUS_OK) {
        *self_p = calloc(1, sizeof **self_p);
        st = *self_p == NULL ? STATUS_RETRY : read_all(*self_p, csv, error);
    }
    csv_file_close(&csv);
    if (st == STATUS_RETRY) {
        snprintf(error, CSV_FILE_ERROR_SIZE, "%s: memory is short", path);
    }
    if (st != STATUS_OK) {
        procedure_file_destroy(self_p);
    }
    return st;
}

void procedure_file_destroy(struct procedure_file **self_p)
{
    struct procedure_file *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        line_free(&self->lines[i]);
    }
    free(self->lines);
    free(self);
    *self_p = NULL;
}

size_t procedure_file_count(const struct procedure_file *self)
{
    return self->count;
}

const struct procedure_line *procedure_file_line(const struct procedure_file *self, size_t index)
{
    return &self->lines[index];
}

size_t procedure_file_ambiguous(const struct procedure_file *self)
{
    return self->ambiguous;
}
