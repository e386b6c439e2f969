/* SPDX-License-Identifier: MIT */
/* code_form.c - see code_form.h. */
#include "cli/code_form.h"

#include <stdio.h>

/* An empty book changes the form and nothing else, which is just what happens to the codes of an event. */
enum status code_form(enum code_list list, const char *code, char out[CODE_FORM_SIZE])
{
    struct code_book *book = code_book_new();
    struct code_scratch scratch;
    struct refusal refusal;
    struct envelope env = {.source = "", .record = ENVELOPE_NO_RECORD};
    enum status st = STATUS_RETRY;

    env.unit = list == CODE_UNIT ? code : NULL;
    env.procedure = list == CODE_PROCEDURE ? code : NULL;
    if (book != NULL) {
        st = code_book_apply(book, &env, &scratch, &refusal);
    }
    if (st == STATUS_OK) {
        snprintf(out, CODE_FORM_SIZE, "%s", env.unit != NULL ? env.unit : env.procedure != NULL ? env.procedure : code);
    }
    code_book_destroy(&book);
    return st;
}
