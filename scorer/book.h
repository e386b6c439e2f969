/* SPDX-License-Identifier: MIT */
/*
 * book.h - everything that dossiers are folded and judged by and that people load: calendars, rules, terms, codes.
 */
#ifndef SCORER_BOOK_H
#define SCORER_BOOK_H

#include <stdint.h>

#include "common/calendars.h"
#include "common/code_book.h"
#include "common/db.h"
#include "common/status.h"
#include "scorer/rule.h"

struct book {
    int64_t stamp; /* of table book when it was read; 0: never */
    struct calendars *calendars;
    struct rule_book *rules;
    struct code_book *codes;
};

/* Empty; NULL when memory is short. */
struct book *book_new(void);
void book_destroy(struct book **self_p);

/*
 * Reads everything when stamp is another than the one last read.  On failure what could not be read is as before;
 * STATUS_FATAL: error says what is stored that makes no sense.
 */
enum status book_read(struct book *self, struct db *db, int64_t stamp, char error[CALENDAR_ERROR_SIZE]) MUST_CHECK;

#endif
