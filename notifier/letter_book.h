/* SPDX-License-Identifier: MIT */
/*
 * letter_book.h - one PDF of many letters for the printer: each begins on a new page, and a register of all of them may
 * follow, for the signatures of those who take them.
 *
 * A4, fonts embedded, text that can be found and copied (NFC), an outline with an entry for each letter, and a
 * structure that readers of the blind go by.  The library writes PDF's language nowhere (cairo 1.16 cannot).  Not
 * thread-safe. When memory is short glib and cairo end the program or the book fails with STATUS_RETRY.
 */
#ifndef NOTIFIER_LETTER_BOOK_H
#define NOTIFIER_LETTER_BOOK_H

#include "common/status.h"
#include "notifier/letter_check.h"

struct letter_book;

/* Takes the next bytes of the PDF; anything but STATUS_OK ends the book. */
typedef enum status (*letter_book_write)(void *arg, const unsigned char *data, size_t len);

struct letter_book_options {
    const char *title;   /* of the document; NULL: none */
    const char *author;  /* the unit; NULL: none */
    const char *subject; /* NULL: none */
    int64_t created_us;  /* printed in the register, and in the document's properties */
    bool with_register;
    letter_book_write write;
    void *arg;
};

/* options are copied, their texts too.  STATUS_RETRY: no PDF can be begun. */
enum status letter_book_new(struct letter_book **self_p, const struct letter_book_options *options) MUST_CHECK;
/* Without letter_book_finish what was written is no whole PDF. */
void letter_book_destroy(struct letter_book **self_p);

/*
 * Checks, lays out and adds one letter.  STATUS_INVALID: error says what is wrong with it; the book is as before and
 * goes on.  STATUS_RETRY: the book failed (it could not be written, or fontconfig does not work).
 */
enum status letter_book_add(struct letter_book *self, const struct letter_template *form, const struct letter *letter,
                            char error[LETTER_ERROR_SIZE]) MUST_CHECK;

int letter_book_letters(const struct letter_book *self);
int letter_book_pages(const struct letter_book *self);

/* Adds the register, if one is wanted, and writes the end.  STATUS_INVALID: there are no letters. */
enum status letter_book_finish(struct letter_book *self, char error[LETTER_ERROR_SIZE]) MUST_CHECK;

/* A PDF in memory: a letter_book_write whose arg is a zeroed struct letter_bytes. */
struct letter_bytes {
    unsigned char *data;
    size_t len;
    size_t size;
};
enum status letter_bytes_write(void *arg, const unsigned char *data, size_t len) MUST_CHECK;
void letter_bytes_clear(struct letter_bytes *self);

#endif
