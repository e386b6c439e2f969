/* SPDX-License-Identifier: MIT */
/* book.c - what dossiers are folded and judged by. */
#include "scorer/book.h"

#include <stdlib.h>

struct book *book_new(void)
{
    struct book *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->rules = rule_book_new();
    self->codes = code_book_new();
    if (self->rules == NULL || self->codes == NULL) {
        book_destroy(&self);
    }
    return self;
}

void book_destroy(struct book **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    calendars_destroy(&(*self_p)->calendars);
    rule_book_destroy(&(*self_p)->rules);
    code_book_destroy(&(*self_p)->codes);
    free(*self_p);
    *self_p = NULL;
}

enum status book_read(struct book *self, struct db *db, int64_t stamp, char error[CALENDAR_ERROR_SIZE])
{
    struct calendars *calendars = NULL;
    enum status st;

    error[0] = '\0';
    if (stamp == self->stamp) {
        return STATUS_OK;
    }
    st = calendars_load(&calendars, db, error);
    if (st != STATUS_OK) {
        return st == STATUS_INVALID ? STATUS_FATAL : st;
    }
    calendars_destroy(&self->calendars);
    self->calendars = calendars;
    st = rule_book_load(self->rules, db);
    if (st == STATUS_OK) {
        st = code_book_load(self->codes, db);
    }
    if (st == STATUS_OK) {
        self->stamp = stamp;
    }
    return st;
}
