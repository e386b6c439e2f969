/* SPDX-License-Identifier: MIT */
/*
 * letter_forms.h - the forms of letters as loaded into the database, each read once.
 *
 * A form that was loaded is never changed, so what was read stays valid.
 */
#ifndef NOTIFIER_LETTER_FORMS_H
#define NOTIFIER_LETTER_FORMS_H

#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/letter_template.h"

struct letter_forms;

/* NULL when memory is short.  Borrows db, which must outlive the result. */
struct letter_forms *letter_forms_new(struct db *db);
void letter_forms_destroy(struct letter_forms **self_p);

/* The form, borrowed.  STATUS_INVALID: there is none of that id, or it cannot be read; error says so. */
enum status letter_forms_get(struct letter_forms *self, int32_t template_id, const struct letter_template **form,
                             char error[LETTER_ERROR_SIZE]) MUST_CHECK;

#endif
