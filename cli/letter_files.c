/* SPDX-License-Identifier: MIT */
/* letter_files.c - see letter_files.h. */
#include "cli/letter_files.h"

#include <string.h>

#include "cli/cli.h"
#include "notifier/letter_facts.h"
#include "notifier/mail_address.h"

#define UNITS_MAX 100000
#define RULES_MAX 1000
#define CONTACTS_MAX 1000000

static const struct csv_column office_columns[OFFICE_COLUMNS] = {
    {"unit", NULL, true, 128},         {"name", NULL, true, 1000},
    {"superior", NULL, true, 1000},    {"place", NULL, true, 320},
    {"number_form", NULL, true, 240},  {"signer_for", NULL, false, 480},
    {"signer_title", NULL, true, 480}, {"signer_name", NULL, true, 480},
    {"copies", NULL, false, 3200},     {"new_due_place", NULL, false, 1600},
    {"phone", NULL, false, 160},       {"email", NULL, false, 254},
    {"template", NULL, false, 64},     {"reason", NULL, false, 6000},
    {"term_days", NULL, false, 8},
};

static const struct csv_column rule_columns[LETTER_RULE_COLUMNS] = {
    {"effective_from", NULL, true, 10}, {"days_before", NULL, true, 8}, {"clock", NULL, true, 16},
    {"name", NULL, true, 64},           {"note", NULL, true, 2000},
};

/* The widths of table contact, in bytes; characters are counted by check_contact. */
static const struct csv_column contact_columns[CONTACT_COLUMNS] = {
    {"source", NULL, true, 256},          {"dossier", NULL, true, 128}, {"name", NULL, true, 800},
    {"address", NULL, false, 2000},       {"phone", NULL, false, 200},  {"email", NULL, false, 1016},
    {"receipt_number", NULL, false, 400},
};

static enum status check_filled(const struct csv_file *file, int64_t line, const struct csv_column *columns,
                                const char *const cells[], const int *needed, size_t count,
                                char error[CSV_FILE_ERROR_SIZE])
{
    for (size_t i = 0; i < count; i++) {
        if (*cells[needed[i]] == '\0') {
            return csv_file_refuse(file, line, error, "%s: is empty", columns[needed[i]].name);
        }
    }
    return STATUS_OK;
}

static enum status check_office(const struct csv_file *file, int64_t line, const char *const cells[],
                                char error[CSV_FILE_ERROR_SIZE])
{
    static const int needed[] = {OFFICE_UNIT,        OFFICE_NAME,         OFFICE_PLACE,
                                 OFFICE_NUMBER_FORM, OFFICE_SIGNER_TITLE, OFFICE_SIGNER_NAME};
    char no[LETTER_NO_SIZE];
    enum status st = check_filled(file, line, office_columns, cells, needed, sizeof needed / sizeof *needed, error);

    if (st == STATUS_OK && strstr(cells[OFFICE_NUMBER_FORM], "{number}") == NULL) {
        st = csv_file_refuse(file, line, error, "number_form: has no {number}, as in {number}/TXL-UBND");
    }
    if (st == STATUS_OK &&
        letter_number_text(cells[OFFICE_NUMBER_FORM], 9999999, 2000, cells[OFFICE_UNIT], no) != STATUS_OK) {
        st = csv_file_refuse(file, line, error, "number_form: letter numbers would have more than %d characters",
                             LETTER_NO_MAX);
    }
    if (st == STATUS_OK) {
        st = text_file_check_number(file, line, "term_days", cells[OFFICE_TERM_DAYS], 1, 366, error);
    }
    if (st == STATUS_OK) {
        st = text_file_check_chars(file, line, "reason", cells[OFFICE_REASON], 1500, error);
    }
    return st;
}

static enum status check_rule(const struct csv_file *file, int64_t line, const char *const cells[],
                              char error[CSV_FILE_ERROR_SIZE])
{
    static const int needed[] = {LETTER_RULE_DAYS, LETTER_RULE_CLOCK, LETTER_RULE_NAME, LETTER_RULE_NOTE};
    enum status st = check_filled(file, line, rule_columns, cells, needed, sizeof needed / sizeof *needed, error);
    int32_t day;

    if (st == STATUS_OK && *cells[LETTER_RULE_FROM] != '\0' &&
        cli_read_date(cells[LETTER_RULE_FROM], &day) != STATUS_OK) {
        st = csv_file_refuse(file, line, error, "effective_from: \"%s\" is no day like 2023-01-31",
                             cells[LETTER_RULE_FROM]);
    }
    if (st == STATUS_OK) {
        st = text_file_check_number(file, line, "days_before", cells[LETTER_RULE_DAYS], 0, 30, error);
    }
    if (st == STATUS_OK && strcmp(cells[LETTER_RULE_CLOCK], "day") != 0 &&
        strcmp(cells[LETTER_RULE_CLOCK], "instant") != 0) {
        st = csv_file_refuse(file, line, error, "clock: \"%s\" is neither day nor instant", cells[LETTER_RULE_CLOCK]);
    }
    return st;
}

/* As mail takes them; whether it can be reached nobody knows before it is tried. */
static bool is_email(const char *text)
{
    char ascii[MAIL_ADDRESS_SIZE];
    char error[MAIL_ADDRESS_ERROR_SIZE];

    return mail_address_parse(text, ascii, error) == STATUS_OK;
}

static enum status check_contact(const struct csv_file *file, int64_t line, const char *const cells[],
                                 char error[CSV_FILE_ERROR_SIZE])
{
    static const int needed[] = {CONTACT_SOURCE, CONTACT_DOSSIER, CONTACT_NAME};
    static const struct {
        enum contact_column column;
        size_t max;
    } widths[] = {
        {CONTACT_NAME, 200}, {CONTACT_ADDRESS, 500}, {CONTACT_PHONE, 50}, {CONTACT_EMAIL, 254}, {CONTACT_RECEIPT, 100}};
    enum status st = check_filled(file, line, contact_columns, cells, needed, sizeof needed / sizeof *needed, error);

    for (size_t i = 0; i < sizeof widths / sizeof *widths && st == STATUS_OK; i++) {
        st = text_file_check_chars(file, line, contact_columns[widths[i].column].name, cells[widths[i].column],
                                   widths[i].max, error);
    }
    if (st == STATUS_OK && *cells[CONTACT_EMAIL] != '\0' && !is_email(cells[CONTACT_EMAIL])) {
        /* Without the address: messages get into logs. */
        st = csv_file_refuse(file, line, error, "email: is no address like name@example.org");
    }
    return st;
}

const struct text_file_form letter_office_form = {office_columns, OFFICE_COLUMNS, 1, UNITS_MAX, check_office};
const struct text_file_form letter_rule_form = {rule_columns, LETTER_RULE_COLUMNS, 1, RULES_MAX, check_rule};
const struct text_file_form contact_form = {contact_columns, CONTACT_COLUMNS, 2, CONTACTS_MAX, check_contact};
