/* SPDX-License-Identifier: MIT */
/*
 * letter_template.h - the form of an apology letter as officials edit it: one text, one form (docs/letters.md).
 *
 * A text is taken whole or refused with "FILE:LINE: sentence".  What was read is never changed afterwards, so that one
 * template may serve any number of letters.  When memory is short glib ends the program.
 */
#ifndef NOTIFIER_LETTER_TEMPLATE_H
#define NOTIFIER_LETTER_TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "notifier/letter_field.h"

#define LETTER_TEMPLATE_MAX_LEN ((size_t)64 * 1024)

struct letter_template;

/* STATUS_INVALID: the text is refused, error says why; called stands for the file's name in it. */
enum status letter_template_parse(struct letter_template **self_p, const char *called, const char *text, size_t len,
                                  char error[LETTER_ERROR_SIZE]) MUST_CHECK;
/* Same for a file; one that cannot be read is STATUS_INVALID too. */
enum status letter_template_read(struct letter_template **self_p, const char *path,
                                 char error[LETTER_ERROR_SIZE]) MUST_CHECK;
void letter_template_destroy(struct letter_template **self_p);

/* Keys of the head; a text that was left out is "". */
const char *letter_template_name(const struct letter_template *self);
const char *letter_template_title(const struct letter_template *self);
/* What a letter is called: one of a dossier that has ended may have another name, for it asks for no more time. */
const char *letter_template_title_of(const struct letter_template *self, const struct letter *letter);
const char *letter_template_form(const struct letter_template *self);
const char *letter_template_note(const struct letter_template *self);
/* Names of font families with ", " between: the first is the text's, the others are for characters that it lacks. */
const char *letter_template_fonts(const struct letter_template *self);
/* Local day since 1970-01-01 from which the form is to be used. */
int32_t letter_template_effective_from(const struct letter_template *self);

/* Fields that the head calls mandatory. */
uint32_t letter_template_mandatory(const struct letter_template *self);
/* Fields without which there is no letter: the mandatory ones and those of blocks that are not optional. */
uint32_t letter_template_needed(const struct letter_template *self);
/* All fields of the body. */
uint32_t letter_template_used(const struct letter_template *self);

/*
 * The template in force on a local day: the one with the latest effective_from up to it, of equal ones the last in the
 * list.  NULL when none is in force yet.
 */
const struct letter_template *letter_template_choose(const struct letter_template *const *list, size_t count,
                                                     int32_t day);

#endif
