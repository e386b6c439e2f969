/* SPDX-License-Identifier: MIT */
/*
 * letter_register.h - the table at the end of a book: which letters it holds, with room for the receivers' signatures.
 */
#ifndef NOTIFIER_LETTER_REGISTER_H
#define NOTIFIER_LETTER_REGISTER_H

#include <cairo.h>

#include "common/status.h"
#include "notifier/letter_font.h"

#define LETTER_REGISTER_TITLE "Sổ theo dõi phiếu xin lỗi"

struct letter_register;

struct letter_register *letter_register_new(void);
void letter_register_destroy(struct letter_register **self_p);

/*
 * Copies what the register says of a letter that letter_check has passed; running numbers go by the calls.  fonts: the
 * same for all calls, borrowed.  STATUS_INVALID: they lack a character; nothing was added.
 */
enum status letter_register_add(struct letter_register *self, struct letter_fonts *fonts, const struct letter *letter,
                                char error[LETTER_ERROR_SIZE]) MUST_CHECK;

/* A4 lying; the caller sets the size of the pages. */
#define LETTER_REGISTER_WIDTH LETTER_PAGE_HEIGHT
#define LETTER_REGISTER_HEIGHT LETTER_PAGE_WIDTH

/*
 * Draws all pages, each with the table's heading and its number, and leaves the last one open; returns their
 * count.
 */
int letter_register_draw(struct letter_register *self, cairo_t *cr, int64_t created_us);

#endif
