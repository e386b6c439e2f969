/* SPDX-License-Identifier: MIT */
/* letter_template.c - see letter_template.h: what is told of a template, and reading its file. */
#include "notifier/letter_template.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <glib.h>

#include "notifier/letter_block.h"
#include "notifier/letter_reader.h"
#include "notifier/letter_text.h"

const char *letter_template_name(const struct letter_template *self)
{
    return self->name;
}

const char *letter_template_title(const struct letter_template *self)
{
    return self->title;
}

const char *letter_template_title_of(const struct letter_template *self, const struct letter *letter)
{
    return letter->ended && self->title_ended[0] != '\0' ? self->title_ended : self->title;
}

const char *letter_template_form(const struct letter_template *self)
{
    return self->form;
}

const char *letter_template_note(const struct letter_template *self)
{
    return self->note;
}

const char *letter_template_fonts(const struct letter_template *self)
{
    return self->fonts;
}

int32_t letter_template_effective_from(const struct letter_template *self)
{
    return self->effective_from;
}

uint32_t letter_template_mandatory(const struct letter_template *self)
{
    return self->mandatory;
}

uint32_t letter_template_needed(const struct letter_template *self)
{
    return self->needed;
}

uint32_t letter_template_used(const struct letter_template *self)
{
    return self->used;
}

const struct letter_template *letter_template_choose(const struct letter_template *const *list, size_t count,
                                                     int32_t day)
{
    const struct letter_template *chosen = NULL;

    for (size_t i = 0; i < count; i++) {
        if (list[i]->effective_from <= day && (chosen == NULL || list[i]->effective_from >= chosen->effective_from)) {
            chosen = list[i];
        }
    }
    return chosen;
}

void letter_template_destroy(struct letter_template **self_p)
{
    if (*self_p != NULL) {
        g_free((*self_p)->texts);
        g_free(*self_p);
        *self_p = NULL;
    }
}

/* The line on which the byte at stands. */
static int line_of(const char *text, size_t at)
{
    int line = 1;

    for (size_t i = 0; i < at; i++) {
        line += text[i] == '\n';
    }
    return line;
}

/* Tabs and both ways to end a line are fine; any other control character is a sign of a file that is no text. */
static enum status check_bytes(const char *called, const char *text, size_t len, char error[LETTER_ERROR_SIZE])
{
    const char *end = text;

    if (len > LETTER_TEMPLATE_MAX_LEN) {
        snprintf(error, LETTER_ERROR_SIZE, "%s:1: the template is longer than %zu bytes", called,
                 LETTER_TEMPLATE_MAX_LEN);
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] < 0x20 && strchr("\t\r\n", text[i]) == NULL) || text[i] == 0x7f || text[i] == 0) {
            snprintf(error, LETTER_ERROR_SIZE, "%s:%d: the line holds a control character; save the file as plain text",
                     called, line_of(text, i));
            return STATUS_INVALID;
        }
    }
    if (!g_utf8_validate_len(text, len, &end)) {
        snprintf(error, LETTER_ERROR_SIZE, "%s:%d: the line is not UTF-8; save the file with the encoding UTF-8",
                 called, line_of(text, (size_t)(end - text)));
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status letter_template_parse(struct letter_template **self_p, const char *called, const char *text, size_t len,
                                  char error[LETTER_ERROR_SIZE])
{
    char *composed;
    enum status st;

    *self_p = NULL;
    st = check_bytes(called, text, len, error);
    if (st != STATUS_OK) {
        return st;
    }
    /* Editors on Windows may write letter and accent apart. */
    composed = letter_text_nfc(text, len);
    *self_p = g_new0(struct letter_template, 1);
    st = letter_reader_run(*self_p, called, composed, error);
    if (st != STATUS_OK) {
        letter_template_destroy(self_p);
    }
    g_free(composed);
    return st;
}

enum status letter_template_read(struct letter_template **self_p, const char *path, char error[LETTER_ERROR_SIZE])
{
    FILE *file = fopen(path, "re");
    enum status st = STATUS_INVALID;
    char *text;
    size_t len;

    *self_p = NULL;
    if (file == NULL) {
        snprintf(error, LETTER_ERROR_SIZE, "%s: %s", path, strerror(errno));
        return STATUS_INVALID;
    }
    text = g_malloc(LETTER_TEMPLATE_MAX_LEN + 1);
    len = fread(text, 1, LETTER_TEMPLATE_MAX_LEN + 1, file);
    if (ferror(file) != 0) {
        snprintf(error, LETTER_ERROR_SIZE, "%s: %s", path, strerror(errno));
    } else {
        st = letter_template_parse(self_p, path, text, len, error);
    }
    g_free(text);
    fclose(file);
    return st;
}
