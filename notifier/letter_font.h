/* SPDX-License-Identifier: MIT */
/*
 * letter_font.h - the fonts of a letter: those that its template names and no others.
 *
 * Fontconfig would put some other font in the place of a missing one without a word, and an official letter would leave
 * the house in it.  Here the named families are looked up, and text is laid out with their files alone.
 */
#ifndef NOTIFIER_LETTER_FONT_H
#define NOTIFIER_LETTER_FONT_H

#include <pango/pango.h>

#include "common/status.h"
#include "notifier/letter_style.h"

struct letter_fonts;

/*
 * families: names with commas between.  The first must be there upright, bold and italic, the others upright.
 * STATUS_INVALID: one is missing; error names it and the Debian package.  STATUS_RETRY: fontconfig does not work.
 */
enum status letter_fonts_new(struct letter_fonts **self_p, const char *families,
                             char error[LETTER_ERROR_SIZE]) MUST_CHECK;
void letter_fonts_destroy(struct letter_fonts **self_p);

const char *letter_fonts_families(const struct letter_fonts *self);

/* A new layout, its lengths in points; g_object_unref it before the fonts are destroyed. */
PangoLayout *letter_fonts_layout(struct letter_fonts *self);
/* Borrowed. */
const PangoFontDescription *letter_fonts_description(const struct letter_fonts *self, enum letter_style style);

#endif
