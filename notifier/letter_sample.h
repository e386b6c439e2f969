/* SPDX-License-Identifier: MIT */
/*
 * letter_sample.h - invented contents for every field, for trying a template out.  Nobody and no dossier is meant.
 */
#ifndef NOTIFIER_LETTER_SAMPLE_H
#define NOTIFIER_LETTER_SAMPLE_H

#include "notifier/letter_field.h"

/* Gives each field a text of the program's own. */
void letter_sample(struct letter *letter);

#endif
