/* SPDX-License-Identifier: MIT */
/* letter_reader.c - see letter_reader.h: lines and sections of a template. */
#include "notifier/letter_reader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum section { SECTION_NONE, SECTION_LETTER, SECTION_BODY };

/* A character that a "%.40s" has cut becomes question marks. */
static void mend_cuts(char *text)
{
    const char *end = text;

    while (!g_utf8_validate(end, -1, &end)) {
        text[end - text] = '?';
    }
}

enum status letter_reader_refuse(struct letter_reader *self, int line, const char *fmt, ...)
{
    int used = snprintf(self->error, LETTER_ERROR_SIZE, "%s:%d: ", self->called, line);
    va_list args;

    va_start(args, fmt);
    if (used > 0 && used < LETTER_ERROR_SIZE) {
        vsnprintf(self->error + used, LETTER_ERROR_SIZE - (size_t)used, fmt, args);
    }
    va_end(args);
    mend_cuts(self->error);
    return STATUS_INVALID;
}

static enum status section_line(struct letter_reader *self, const char *line, enum section *section)
{
    if (strcmp(line, "[letter]") == 0 && *section == SECTION_NONE) {
        *section = SECTION_LETTER;
        return STATUS_OK;
    }
    if (strcmp(line, "[body]") == 0 && *section == SECTION_LETTER) {
        *section = SECTION_BODY;
        return letter_head_end(self);
    }
    return letter_reader_refuse(self, self->line, "%.40s does not belong here; a template is [letter] and then [body]",
                                line);
}

static enum status one_line(struct letter_reader *self, char *line, enum section *section)
{
    if (line[0] == '#') {
        line[0] = '\0'; /* in a body it ends a block, as an empty line does */
    }
    if (line[0] == '[' && *section != SECTION_BODY) {
        return section_line(self, line, section);
    }
    if (*section == SECTION_BODY) {
        return letter_body_line(self, line);
    }
    if (line[0] == '\0') {
        return STATUS_OK;
    }
    if (*section == SECTION_NONE) {
        return letter_reader_refuse(self, self->line, "the line stands before [letter]");
    }
    return letter_head_line(self, line);
}

enum status letter_reader_run(struct letter_template *self, const char *called, const char *text,
                              char error[LETTER_ERROR_SIZE])
{
    struct letter_reader reader = {.form = self, .called = called, .error = error};
    enum section section = SECTION_NONE;
    enum status st = STATUS_OK;
    char **lines;

    reader.block = g_string_new(NULL);
    reader.texts = g_string_new(NULL);
    if (strncmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3; /* some editors mark UTF-8 so */
    }
    lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; *line != NULL && st == STATUS_OK; line++) {
        g_strdelimit(*line, "\t\r", ' ');
        reader.line++;
        st = one_line(&reader, g_strstrip(*line), &section);
    }
    if (st == STATUS_OK && section != SECTION_BODY) {
        st = letter_reader_refuse(&reader, MAX(reader.line, 1), "the template ends without %s",
                                  section == SECTION_NONE ? "[letter]" : "[body]");
    }
    if (st == STATUS_OK) {
        st = letter_body_end(&reader);
    }
    g_strfreev(lines);
    g_string_free(reader.block, TRUE);
    g_string_free(reader.texts, TRUE);
    return st;
}
