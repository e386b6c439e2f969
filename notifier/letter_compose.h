/* SPDX-License-Identifier: MIT */
/*
 * letter_compose.h - puts the contents of one letter into its template, as paragraphs of a sheet.
 */
#ifndef NOTIFIER_LETTER_COMPOSE_H
#define NOTIFIER_LETTER_COMPOSE_H

#include "notifier/letter_check.h"
#include "notifier/letter_sheet.h"

/*
 * Adds and places all blocks of a letter that letter_check has passed; sheet was begun.  STATUS_INVALID: a font lacks a
 * character, or the letter does not fit; error names the dossier.
 */
enum status letter_compose(struct letter_sheet *sheet, const struct letter_template *form, const struct letter *letter,
                           char error[LETTER_ERROR_SIZE]) MUST_CHECK;

#endif
