/* SPDX-License-Identifier: MIT */
/*
 * letter_check.h - whether a letter says what its template needs: there is no letter with a blank in it.
 */
#ifndef NOTIFIER_LETTER_CHECK_H
#define NOTIFIER_LETTER_CHECK_H

#include "common/status.h"
#include "notifier/letter_field.h"
#include "notifier/letter_template.h"

/* Whether the letter gives the field: something of its text can be seen. */
bool letter_gives(const struct letter *letter, enum letter_field field);

/*
 * STATUS_INVALID: a needed field is not given, or a given one is no UTF-8 or too long; error names the dossier and the
 * field.
 */
enum status letter_check(const struct letter_template *form, const struct letter *letter,
                         char error[LETTER_ERROR_SIZE]) MUST_CHECK;

/* Writes "dossier X: sentence" as the errors about one letter are; returns STATUS_INVALID. */
enum status letter_refuse(const struct letter *letter, char error[LETTER_ERROR_SIZE], const char *fmt, ...)
    PRINTF_LIKE(3, 4) MUST_CHECK;

#endif
