/* SPDX-License-Identifier: MIT */
/*
 * letter_reader.h - reads the text of a template, for letter_template.c, letter_reader.c, letter_head.c and
 * letter_body.c only.
 */
#ifndef NOTIFIER_LETTER_READER_H
#define NOTIFIER_LETTER_READER_H

#include "notifier/letter_block.h"

#include <glib.h>

/* A template being read. */
struct letter_reader {
    struct letter_template *form;
    const char *called;
    int line;           /* of the line at hand */
    uint32_t keys;      /* keys of the head seen, a bit each */
    int mandatory_line; /* where the key stands */
    int words_line;
    bool in_block;            /* a block is open: lines without a word of their own belong to it */
    struct letter_block open; /* kind, optional, line */
    GString *block;           /* the open block's text as written */
    uint32_t kinds;           /* of blocks seen, a bit each */
    GString *texts;           /* of all pieces; they get their places in it at the end */
    char *error;              /* LETTER_ERROR_SIZE */
};

/* Fills self, which is zeroed, from text (UTF-8, NUL-terminated).  STATUS_INVALID with "FILE:LINE: sentence". */
enum status letter_reader_run(struct letter_template *self, const char *called, const char *text,
                              char error[LETTER_ERROR_SIZE]) MUST_CHECK;

/* Writes the sentence; returns STATUS_INVALID. */
enum status letter_reader_refuse(struct letter_reader *self, int line, const char *fmt, ...)
    PRINTF_LIKE(3, 4) MUST_CHECK;

/* "key = value" of [letter]; and whether the head is whole. */
enum status letter_head_line(struct letter_reader *self, char *line) MUST_CHECK;
enum status letter_head_end(struct letter_reader *self) MUST_CHECK;

/* A line of [body] without the blanks around it, also an empty one; and the end of the body. */
enum status letter_body_line(struct letter_reader *self, const char *line) MUST_CHECK;
enum status letter_body_end(struct letter_reader *self) MUST_CHECK;

#endif
