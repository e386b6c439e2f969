/* SPDX-License-Identifier: MIT */
/*
 * code_form.h - the form of a code in which tables of codes and terms are asked: units in their new form, procedures by
 * their national part (docs/rules.md 2).
 */
#ifndef CLI_CODE_FORM_H
#define CLI_CODE_FORM_H

#include "common/code_book.h"
#include "common/status.h"

#define CODE_FORM_SIZE (ENVELOPE_CODE_MAX + 1)

/* Writes the form of a code into out; codes of other lists are theirs.  STATUS_RETRY: memory is short. */
enum status code_form(enum code_list list, const char *code, char out[CODE_FORM_SIZE]) MUST_CHECK;

#endif
