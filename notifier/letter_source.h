/* SPDX-License-Identifier: MIT */
/*
 * letter_source.h - letters that were drafted, read from the database: what each says, and the form it is put into.
 *
 * For those who print and those who mail.  The connection is kipthoi_letters', for letters hold names.
 */
#ifndef NOTIFIER_LETTER_SOURCE_H
#define NOTIFIER_LETTER_SOURCE_H

#include <stddef.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/letter_facts.h"
#include "notifier/letter_template.h"

struct letter_source;

/* NULL when memory is short.  Borrows db, which must outlive the result. */
struct letter_source *letter_source_new(struct db *db);
void letter_source_destroy(struct letter_source **self_p);

/* Reads some letters in the place of those read before. */
enum status letter_source_read(struct letter_source *self, const struct letter_key *keys, size_t count) MUST_CHECK;
size_t letter_source_count(const struct letter_source *self);

/* What is known of the letter at index, in the order of the keys: also its state, its duty's, the address to mail to.
 */
const struct letter_facts *letter_source_facts(const struct letter_source *self, size_t index);

/*
 * The letter's texts and form, borrowed until the next call.  STATUS_INVALID: there is nothing to print, error says
 * why: it was never drafted, was written elsewhere, or its form cannot be read.
 */
enum status letter_source_letter(struct letter_source *self, size_t index, struct letter *letter,
                                 const struct letter_template **form, char error[LETTER_ERROR_SIZE]) MUST_CHECK;

#endif
