/* SPDX-License-Identifier: MIT */
/*
 * letter_files.h - what the CSV files about letters look like (docs/letters.md): offices, rules, contacts.
 */
#ifndef CLI_LETTER_FILES_H
#define CLI_LETTER_FILES_H

#include "cli/text_file.h"

enum letter_office_column {
    OFFICE_UNIT,
    OFFICE_NAME,
    OFFICE_SUPERIOR,
    OFFICE_PLACE,
    OFFICE_NUMBER_FORM,
    OFFICE_SIGNER_FOR,
    OFFICE_SIGNER_TITLE,
    OFFICE_SIGNER_NAME,
    OFFICE_COPIES, /* lines parted by | */
    OFFICE_NEW_DUE_PLACE,
    OFFICE_PHONE,
    OFFICE_EMAIL,
    OFFICE_TEMPLATE,
    OFFICE_REASON,
    OFFICE_TERM_DAYS,
    OFFICE_COLUMNS
};
extern const struct text_file_form letter_office_form;

enum letter_rule_column {
    LETTER_RULE_FROM,
    LETTER_RULE_DAYS,
    LETTER_RULE_CLOCK,
    LETTER_RULE_NAME,
    LETTER_RULE_NOTE,
    LETTER_RULE_COLUMNS
};
extern const struct text_file_form letter_rule_form;

enum contact_column {
    CONTACT_SOURCE,
    CONTACT_DOSSIER,
    CONTACT_NAME,
    CONTACT_ADDRESS,
    CONTACT_PHONE,
    CONTACT_EMAIL,
    CONTACT_RECEIPT,
    CONTACT_COLUMNS
};
extern const struct text_file_form contact_form;

#endif
