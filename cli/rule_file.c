/* SPDX-License-Identifier: MIT */
/* rule_file.c - see rule_file.h. */
#include "cli/rule_file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/input.h"
#include "cli/lines.h"
#include "common/utf8.h"

#define LINE_SIZE 2048

struct rule_file {
    struct rule_change changes[RULE_FILE_VERSIONS];
    size_t count;
};

/* What is known while reading. */
struct reader {
    struct rule_file *file;
    const char *path;
    char *error;  /* RULE_FILE_ERROR_SIZE */
    int64_t line; /* being read */
};

static enum status refuse(const struct reader *reader, int64_t line, const char *fmt, ...) PRINTF_LIKE(3, 4);

static enum status refuse(const struct reader *reader, int64_t line, const char *fmt, ...)
{
    int used = snprintf(reader->error, RULE_FILE_ERROR_SIZE, "%s:%lld: ", reader->path, (long long)line);
    va_list args;

    if (used >= 0 && used < RULE_FILE_ERROR_SIZE) {
        va_start(args, fmt);
        vsnprintf(reader->error + used, RULE_FILE_ERROR_SIZE - (size_t)used, fmt, args);
        va_end(args);
    }
    return STATUS_INVALID;
}

/* Takes blanks off both ends. */
static char *trim(char *text)
{
    size_t len;

    text += strspn(text, " \t\r");
    len = strlen(text);
    while (len > 0 && strchr(" \t\r", text[len - 1]) != NULL) {
        len--;
    }
    text[len] = '\0';
    return text;
}

static struct rule_change *last_change(const struct reader *reader)
{
    return reader->file->count == 0 ? NULL : &reader->file->changes[reader->file->count - 1];
}

static enum status end_section(const struct reader *reader)
{
    const struct rule_change *change = last_change(reader);

    if (change != NULL && change->from_line == 0) {
        return refuse(reader, change->line, "[%s] has no \"from\": from when on the version shall hold",
                      rule_name_text(change->values.name));
    }
    return STATUS_OK;
}

static enum status begin_section(struct reader *reader, char *text)
{
    size_t len = strlen(text);
    struct rule_change *change;
    enum rule_name rule;
    enum status st = end_section(reader);

    if (st != STATUS_OK) {
        return st;
    }
    if (text[len - 1] != ']') {
        return refuse(reader, reader->line, "neither [rule] nor key = value");
    }
    text[len - 1] = '\0';
    rule = rule_name_from_text(trim(text + 1));
    if (rule == RULES) {
        return refuse(reader, reader->line, "[%s] is no rule; rules are promise, portal, intake", trim(text + 1));
    }
    if (reader->file->count == RULE_FILE_VERSIONS) {
        return refuse(reader, reader->line, "more than %d versions in one file", RULE_FILE_VERSIONS);
    }
    change = &reader->file->changes[reader->file->count++];
    change->line = reader->line;
    change->values.name = rule;
    return STATUS_OK;
}

static enum status take_from(const struct reader *reader, struct rule_change *change, const char *value)
{
    if (change->from_line != 0) {
        return refuse(reader, reader->line, "from is given twice");
    }
    change->from_line = reader->line;
    if (cli_read_time(value, &change->values.effective_us) != STATUS_OK) {
        return refuse(reader, reader->line, "from: \"%s\" is neither a day (2026-01-01) nor RFC 3339", value);
    }
    return STATUS_OK;
}

static enum status take_note(const struct reader *reader, struct rule_change *change, const char *value)
{
    if (change->note[0] != '\0') {
        return refuse(reader, reader->line, "note is given twice");
    }
    if ((size_t)snprintf(change->note, sizeof change->note, "%s", value) >= sizeof change->note) {
        return refuse(reader, reader->line, "note is longer than %d bytes", RULE_NOTE_SIZE - 1);
    }
    return STATUS_OK;
}

static enum status take_switch(const struct reader *reader, struct rule_change *change, const char *key,
                               const char *value)
{
    enum rule_switch which = rule_switch_from_name(key);

    if (which == RULE_SWITCHES) {
        return refuse(reader, reader->line, "%s is no switch; see: kipthoi rules show %s", key,
                      rule_name_text(change->values.name));
    }
    if (!rule_switch_applies(change->values.name, which)) {
        return refuse(reader, reader->line, "[%s] does not look at %s; see: kipthoi rules show %s",
                      rule_name_text(change->values.name), key, rule_name_text(change->values.name));
    }
    if (change->given[which]) {
        return refuse(reader, reader->line, "%s is given twice", key);
    }
    if (rule_switch_set(&change->values, which, value) != STATUS_OK) {
        return refuse(reader, reader->line, "%s: \"%s\" is none of: %s", key, value, rule_switch_values(which));
    }
    change->given[which] = true;
    return STATUS_OK;
}

static enum status take_pair(const struct reader *reader, char *text)
{
    struct rule_change *change = last_change(reader);
    char *equals = strchr(text, '=');
    const char *key;
    const char *value;

    if (equals == NULL) {
        return refuse(reader, reader->line, "neither [rule] nor key = value");
    }
    if (change == NULL) {
        return refuse(reader, reader->line, "stands before the first [rule]");
    }
    *equals = '\0';
    key = trim(text);
    value = trim(equals + 1);
    if (strcmp(key, "from") == 0) {
        return take_from(reader, change, value);
    }
    return strcmp(key, "note") == 0 ? take_note(reader, change, value) : take_switch(reader, change, key, value);
}

static enum status read_line(struct reader *reader, const struct line *line)
{
    char buffer[LINE_SIZE];
    size_t skip = line->number == 1 && line->len >= 3 && memcmp(line->text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
    char *text;

    reader->line = line->number;
    if (line->len - skip >= sizeof buffer) {
        return refuse(reader, reader->line, "is longer than %d bytes", LINE_SIZE - 1);
    }
    if (!utf8_is_text(line->text + skip, line->len - skip)) {
        return refuse(reader, reader->line, "is not UTF-8 text");
    }
    memcpy(buffer, line->text + skip, line->len - skip);
    buffer[line->len - skip] = '\0';
    text = trim(buffer);
    if (*text == '\0' || *text == '#' || *text == ';') {
        return STATUS_OK;
    }
    return *text == '[' ? begin_section(reader, text) : take_pair(reader, text);
}

static enum status read_lines(struct reader *reader, struct input *input, struct lines *lines)
{
    struct line line;
    enum status st = STATUS_OK;

    while (st == STATUS_OK) {
        st = lines_next(lines, &line);
        if (st == STATUS_FATAL) {
            snprintf(reader->error, RULE_FILE_ERROR_SIZE, "%s", input_error(input)); /* which names the file itself */
            return STATUS_INVALID;
        }
        if (st == STATUS_INVALID) {
            return refuse(reader, reader->line + 1, "is longer than %d bytes", LINE_SIZE - 1);
        }
        if (line.text == NULL) {
            break;
        }
        st = read_line(reader, &line);
    }
    if (st == STATUS_OK && reader->file->count == 0) {
        return refuse(reader, 1, "holds no version; begin one with [promise], [portal] or [intake]");
    }
    return st == STATUS_OK ? end_section(reader) : st;
}

enum status rule_file_read(struct rule_file **self_p, const char *path, char error[RULE_FILE_ERROR_SIZE])
{
    struct reader reader = {.path = path, .error = error};
    struct input *input = NULL;
    struct lines *lines = NULL;
    enum status st;

    snprintf(error, RULE_FILE_ERROR_SIZE, "%s: memory is short", path);
    *self_p = reader.file = calloc(1, sizeof *reader.file);
    st = reader.file == NULL ? STATUS_RETRY : input_open(&input, path, error);
    if (st == STATUS_OK) {
        lines = lines_new(input);
        st = lines == NULL ? STATUS_RETRY : read_lines(&reader, input, lines);
    }
    lines_destroy(&lines);
    input_close(&input);
    if (st != STATUS_OK) {
        rule_file_destroy(self_p);
    }
    return st;
}

void rule_file_destroy(struct rule_file **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

size_t rule_file_count(const struct rule_file *self)
{
    return self->count;
}

const struct rule_change *rule_file_change(const struct rule_file *self, size_t index)
{
    return &self->changes[index];
}

void rule_change_apply(const struct rule_change *self, const struct rule *before, struct rule *after)
{
    *after = *before;
    after->version = before->version + 1;
    after->effective_us = self->values.effective_us;
    for (int which = 0; which < RULE_SWITCHES; which++) {
        if (self->given[which]) {
            rule_switch_copy(after, &self->values, (enum rule_switch)which);
        }
    }
}
