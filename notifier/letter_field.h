/* SPDX-License-Identifier: MIT */
/*
 * letter_field.h - the contents of an apology letter that differ from letter to letter.
 *
 * A template names them in braces ({addressee}); a letter gives each as text, so that a letter that was made can be
 * made again from what is stored.  The tables do not change while the program runs.
 */
#ifndef NOTIFIER_LETTER_FIELD_H
#define NOTIFIER_LETTER_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum letter_field {
    LETTER_NUMBER,
    LETTER_PLACE,
    LETTER_DATE,
    LETTER_PARENT_UNIT,
    LETTER_UNIT,
    LETTER_ADDRESSEE,
    LETTER_ADDRESS,
    LETTER_PHONE,
    LETTER_EMAIL,
    LETTER_PROCEDURE_NAME,
    LETTER_PROCEDURE,
    LETTER_FIELD,
    LETTER_DOSSIER,
    LETTER_RECEIPT,
    LETTER_RECEIVED,
    LETTER_DUE,
    LETTER_STATE,
    LETTER_REASON,
    LETTER_UNIT_IN_CHARGE,
    LETTER_NEW_DUE,
    LETTER_NEW_DUE_PLACE,
    LETTER_EXTENSION_NUMBER,
    LETTER_ON_BEHALF,
    LETTER_SIGNER_TITLE,
    LETTER_SIGNER,
    LETTER_RECIPIENTS,
    LETTER_CHANNEL,
    LETTER_FIELD_END
};

/* A set of fields. */
#define LETTER_BIT(field) (UINT32_C(1) << (field))

/* Errors of all letter parts: one sentence of UTF-8, NUL-terminated. */
#define LETTER_ERROR_SIZE 1024

struct letter_field_info {
    const char *name; /* as typed in templates and values */
    const char *vi;   /* what people call it */
    const char *en;
    size_t max_chars; /* Unicode characters */
    bool lines;       /* may have several lines; line ends of the others become blanks */
    bool code;        /* is kept on one line where it fits */
};

/* What one letter says: a text (UTF-8, NUL-terminated, borrowed) each; NULL or nothing visible: not given. */
struct letter {
    bool ended; /* its dossier has: the letter announces no new date */
    const char *text[LETTER_FIELD_END];
};

/* Never NULL for a field; field < LETTER_FIELD_END. */
const struct letter_field_info *letter_field_info(enum letter_field field);

/* The field that name[0 .. len) names, or LETTER_FIELD_END. */
enum letter_field letter_field_find(const char *name, size_t len);

/* All names with blanks between, for messages; returns out. */
#define LETTER_FIELD_NAMES_SIZE 512
const char *letter_field_names(char out[LETTER_FIELD_NAMES_SIZE]);

#endif
