/* SPDX-License-Identifier: MIT */
/*
 * letter_text.h - texts from outside as a letter may print them.
 *
 * Printed text is NFC (so that each Vietnamese letter is one character and one glyph), without control characters and
 * without characters that cannot be seen (marks of writing direction, zero widths): what is printed is what was read by
 * the official who approved it.  No text is ever taken for markup.
 */
#ifndef NOTIFIER_LETTER_TEXT_H
#define NOTIFIER_LETTER_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include <glib.h>

/* True when nothing of the text would be printed; NULL is blank. */
bool letter_text_is_blank(const char *text);

/* Appends text (valid UTF-8) as it is printed: blanks trimmed and single; line ends kept when lines is true. */
void letter_text_add(GString *out, const char *text, bool lines);

/* The text (valid UTF-8) as NFC; g_free it. */
char *letter_text_nfc(const char *text, size_t len);

/* Copies the begin of a text of any bytes into out for a message, printable, cut at a character; returns out. */
const char *letter_text_shown(const char *text, char *out, size_t size);

#endif
