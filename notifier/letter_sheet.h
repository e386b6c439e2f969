/* SPDX-License-Identifier: MIT */
/*
 * letter_sheet.h - places the paragraphs of one letter on pages, and draws them.
 *
 * The heading stands in two columns, the text flows, and signature and recipients stand side by side under it.  The
 * signature is never parted from the last lines of the text, and no page begins or ends with a single line of a
 * paragraph.  A sheet is used again for the next letter.
 */
#ifndef NOTIFIER_LETTER_SHEET_H
#define NOTIFIER_LETTER_SHEET_H

#include "notifier/letter_box.h"

struct letter_sheet;

struct letter_sheet *letter_sheet_new(void);
void letter_sheet_destroy(struct letter_sheet **self_p);

/* Forgets the letter before; fonts are borrowed until the next call. */
void letter_sheet_begin(struct letter_sheet *self, struct letter_fonts *fonts);

/*
 * Adds a block with the text to be printed, in the order of the body.  STATUS_INVALID: no font has the character that
 * *missing gets.
 */
enum status letter_sheet_add(struct letter_sheet *self, enum letter_block_kind kind, const char *text, size_t len,
                             const struct letter_span *spans, size_t span_count, gunichar *missing) MUST_CHECK;

/*
 * Places what was added; lines and gaps are made tight where that saves a page.  STATUS_INVALID: heading or signature
 * and recipients are too large for a page. Draws nothing.
 */
enum status letter_sheet_place(struct letter_sheet *self) MUST_CHECK;

/* Pages it takes, after letter_sheet_place. */
int letter_sheet_pages(const struct letter_sheet *self);

/* Draws all pages; the last one is left open, so that the caller may close tags on it before cairo_show_page. */
void letter_sheet_draw(struct letter_sheet *self, cairo_t *cr);

#endif
