/* SPDX-License-Identifier: MIT */
/* code_check.c - code_file_check of code_file.h: rows that contradict each other. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/code_file.h"

static int by_code(const void *a, const void *b)
{
    const struct code_line *const *x = a;
    const struct code_line *const *y = b;
    int order = ((*x)->list > (*y)->list) - ((*x)->list < (*y)->list);

    return order != 0 ? order : strcmp((*x)->code, (*y)->code);
}

static bool days_meet(const struct code_line *a, const struct code_line *b)
{
    return a->from_day <= b->to_day && b->from_day <= a->to_day;
}

static bool same_key(const struct code_line *a, const struct code_line *b)
{
    return a->list == b->list && a->from_day == b->from_day && strcmp(a->source, b->source) == 0 &&
           strcmp(a->code, b->code) == 0;
}

/* The rows with a code of a list, of sorted ones: the first, and their number. */
static size_t find(const struct code_line **sorted, size_t count, const struct code_line *key, size_t *found)
{
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (by_code(&sorted[middle], &key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *found = 0;
    while (low + *found < count && by_code(&sorted[low + *found], &key) == 0) {
        (*found)++;
    }
    return low;
}

/* Names another row for a refusal: its line, or that it is loaded. */
static const char *called(const struct code_line *line, char out[64])
{
    if (line->line == 0) {
        snprintf(out, 64, "what is loaded (kipthoi codes list)");
    } else {
        snprintf(out, 64, "line %lld", (long long)line->line);
    }
    return out;
}

static enum status check_overlap(const struct code_file *self, const struct code_line **sorted, size_t count,
                                 const struct code_line *line, char *error)
{
    char other[64];
    size_t found;
    size_t at = find(sorted, count, line, &found);

    for (size_t i = at; i < at + found; i++) {
        /* Of two rows of the file the later one is told; a loaded row is one, whatever its place. */
        if (sorted[i]->line < line->line && strcmp(sorted[i]->source, line->source) == 0 &&
            days_meet(sorted[i], line)) {
            return code_file_refuse(self, line, error,
                                    "%s \"%s\" of %s has a meaning on some of these days already: %s",
                                    code_list_text(line->list), line->code, line->source, called(sorted[i], other));
        }
    }
    return STATUS_OK;
}

/* Whether both hold for one event. */
static bool meet(const struct code_line *a, const struct code_line *b)
{
    bool sources = strcmp(a->source, b->source) == 0 || strcmp(a->source, "*") == 0 || strcmp(b->source, "*") == 0;

    return sources && days_meet(a, b) && strcmp(b->code, b->means) != 0;
}

static enum status check_chain(const struct code_file *self, const struct code_line **sorted, size_t count,
                               const struct code_line *line, char *error)
{
    struct code_line meant = {.list = line->list, .code = line->means};
    char other[64];
    size_t found;
    size_t at;

    if (strcmp(line->code, line->means) == 0) {
        return STATUS_OK;
    }
    at = find(sorted, count, &meant, &found);
    for (size_t i = at; i < at + found; i++) {
        /* A chain is told at its row in the file, at the later one when both are. */
        if (meet(line, sorted[i]) && (line->line != 0 || sorted[i]->line != 0)) {
            const struct code_line *told = line->line > sorted[i]->line ? line : sorted[i];
            const struct code_line *partner = told == line ? sorted[i] : line;

            return code_file_refuse(
                self, told, error,
                "\"%s\" means \"%s\", which itself means \"%s\": give the last meaning at once (see %s)", line->code,
                line->means, sorted[i]->means, called(partner, other));
        }
    }
    return STATUS_OK;
}

/* The rows as they will be: without the loaded ones that the file replaces.  NULL when memory is short. */
static const struct code_line **sort_lines(const struct code_file *self, size_t *count)
{
    const struct code_line **sorted = calloc(code_file_count(self) + 1, sizeof *sorted);
    const struct code_line **kept;

    *count = 0;
    kept = calloc(code_file_count(self) + 1, sizeof *kept);
    if (sorted == NULL || kept == NULL) {
        free(sorted);
        free(kept);
        return NULL;
    }
    for (size_t i = 0; i < code_file_count(self); i++) {
        sorted[i] = code_file_line(self, i);
    }
    qsort(sorted, code_file_count(self), sizeof *sorted, by_code);
    for (size_t i = 0; i < code_file_count(self); i++) {
        bool replaced = false;
        size_t found;
        size_t at = find(sorted, code_file_count(self), sorted[i], &found);

        for (size_t other = at; sorted[i]->line == 0 && other < at + found; other++) {
            replaced |= sorted[other]->line != 0 && same_key(sorted[i], sorted[other]);
        }
        if (!replaced) {
            kept[(*count)++] = sorted[i];
        }
    }
    free(sorted);
    return kept;
}

enum status code_file_check(const struct code_file *self, char error[CSV_FILE_ERROR_SIZE])
{
    size_t count;
    const struct code_line **sorted = sort_lines(self, &count);
    enum status st = sorted == NULL ? STATUS_RETRY : STATUS_OK;

    for (size_t i = 0; i < code_file_count(self) && st == STATUS_OK; i++) {
        if (code_file_line(self, i)->line != 0) {
            st = check_overlap(self, sorted, count, code_file_line(self, i), error);
        }
    }
    for (size_t i = 0; i < count && st == STATUS_OK; i++) {
        /* Statuses and channels mean words of another list than the upstream's codes: 1 may mean 2 and 2 mean 1. */
        if (sorted[i]->list != CODE_STATUS && sorted[i]->list != CODE_CHANNEL) {
            st = check_chain(self, sorted, count, sorted[i], error);
        }
    }
    free(sorted);
    return st;
}
