/* SPDX-License-Identifier: MIT */
/* letter_forms.c - see letter_forms.h. */
#include "notifier/letter_forms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct form {
    int32_t template_id;
    struct letter_template *form; /* owned */
};

struct letter_forms {
    struct db *db;      /* borrowed */
    struct form *forms; /* owned */
    size_t count;
};

struct letter_forms *letter_forms_new(struct db *db)
{
    struct letter_forms *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->db = db;
    }
    return self;
}

void letter_forms_destroy(struct letter_forms **self_p)
{
    struct letter_forms *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        letter_template_destroy(&self->forms[i].form);
    }
    free(self->forms);
    free(self);
    *self_p = NULL;
}

static enum status read_form(struct letter_forms *self, int32_t template_id, struct letter_template **form,
                             char error[LETTER_ERROR_SIZE])
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    enum status st = STATUS_RETRY;

    snprintf(error, LETTER_ERROR_SIZE, "memory is short");
    if (params != NULL) {
        db_param_int4(params, template_id);
        st = db_run(self->db, SQL_LETTER_FORM_BODY, params, &row);
        snprintf(error, LETTER_ERROR_SIZE, "%s", db_error(self->db));
    }
    if (st == STATUS_OK && PQntuples(row) == 0) {
        snprintf(error, LETTER_ERROR_SIZE, "there is no form %d", (int)template_id);
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        st = letter_template_parse(form, db_text(row, 0, 0), db_text(row, 0, 1), (size_t)db_len(row, 0, 1), error);
    }
    PQclear(row);
    db_params_destroy(&params);
    return st;
}

enum status letter_forms_get(struct letter_forms *self, int32_t template_id, const struct letter_template **form,
                             char error[LETTER_ERROR_SIZE])
{
    struct form *forms;
    enum status st;

    for (size_t i = 0; i < self->count; i++) {
        if (self->forms[i].template_id == template_id) {
            *form = self->forms[i].form;
            return STATUS_OK;
        }
    }
    forms = reallocarray(self->forms, self->count + 1, sizeof *forms);
    if (forms == NULL) {
        snprintf(error, LETTER_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    self->forms = forms;
    forms[self->count] = (struct form){.template_id = template_id};
    st = read_form(self, template_id, &forms[self->count].form, error);
    if (st == STATUS_OK) {
        *form = forms[self->count++].form;
    }
    return st;
}
