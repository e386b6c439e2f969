/* SPDX-License-Identifier: MIT */
/* letter_facts.c - see letter_facts.h. */
#include "notifier/letter_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What letter_facts.sql gives, in this order. */
enum column {
    SOURCE_ID,
    CODE,
    EPISODE,
    DUTY,
    DUE,
    DEADLINE,
    UNIT_ID,
    DOSSIER,
    ENDED,
    RECEIVED,
    DUE_CURRENT,
    PROMISED,
    PROMISES,
    BROKEN,
    NEXT_DUE,
    STATE,
    TEMPLATE,
    NUMBER,
    NO,
    YEAR,
    REASON,
    NEW_DUE,
    EXTENSION,
    DRAFTED,
    PRINTED,
    CHANNEL,
    FORM,
    SOURCE,
    UNIT,
    UNIT_NAME,
    OFFICE_ID,
    SUPERIOR,
    PLACE,
    NUMBER_FORM,
    SIGNER_FOR,
    SIGNER_TITLE,
    SIGNER_NAME,
    COPIES,
    NEW_DUE_PLACE,
    OFFICE_PHONE,
    OFFICE_EMAIL,
    TERM_DAYS,
    OFFICE_REASON,
    PROCEDURE,
    PROCEDURE_NAME,
    FIELD,
    FIELD_NAME,
    NAME,
    ADDRESS,
    PHONE,
    EMAIL,
    RECEIPT,
    ERASED
};

/* Where the texts of a row go. */
static const struct {
    enum column column;
    size_t offset;
} texts_of_row[] = {
    {DUTY, offsetof(struct letter_facts, duty)},
    {DOSSIER, offsetof(struct letter_facts, dossier)},
    {STATE, offsetof(struct letter_facts, state)},
    {NO, offsetof(struct letter_facts, letter_no)},
    {REASON, offsetof(struct letter_facts, reason)},
    {CHANNEL, offsetof(struct letter_facts, channel)},
    {SOURCE, offsetof(struct letter_facts, source)},
    {UNIT, offsetof(struct letter_facts, unit)},
    {UNIT_NAME, offsetof(struct letter_facts, unit_name)},
    {SUPERIOR, offsetof(struct letter_facts, superior)},
    {PLACE, offsetof(struct letter_facts, place)},
    {NUMBER_FORM, offsetof(struct letter_facts, number_form)},
    {SIGNER_FOR, offsetof(struct letter_facts, signer_for)},
    {SIGNER_TITLE, offsetof(struct letter_facts, signer_title)},
    {SIGNER_NAME, offsetof(struct letter_facts, signer_name)},
    {COPIES, offsetof(struct letter_facts, copies)},
    {NEW_DUE_PLACE, offsetof(struct letter_facts, new_due_place)},
    {OFFICE_PHONE, offsetof(struct letter_facts, office_phone)},
    {OFFICE_EMAIL, offsetof(struct letter_facts, office_email)},
    {OFFICE_REASON, offsetof(struct letter_facts, office_reason)},
    {PROCEDURE, offsetof(struct letter_facts, procedure)},
    {PROCEDURE_NAME, offsetof(struct letter_facts, procedure_name)},
    {FIELD, offsetof(struct letter_facts, field)},
    {FIELD_NAME, offsetof(struct letter_facts, field_name)},
    {NAME, offsetof(struct letter_facts, name)},
    {ADDRESS, offsetof(struct letter_facts, address)},
    {PHONE, offsetof(struct letter_facts, phone)},
    {EMAIL, offsetof(struct letter_facts, email)},
    {RECEIPT, offsetof(struct letter_facts, receipt_number)},
};

/* What letters say of names that programs know. */
struct name_text {
    const char *name;
    const char *text;
};

static const struct name_text states[] = {
    {"received", "Đã tiếp nhận, chưa giải quyết"},
    {"in_process", "Đang giải quyết"},
    {"paused", "Đang chờ bổ sung hồ sơ"},
    {"finished", "Đã giải quyết xong, chưa trả kết quả"},
    {"returned", "Đã trả kết quả"},
    {"refused", "Đã từ chối giải quyết"},
    {"stopped", "Đã dừng giải quyết"},
    {"withdrawn", "Đã rút hồ sơ"},
    {NULL, ""},
};

/* In the place of a new date, around the day of the end. */
static const struct {
    const char *state;
    const char *before;
    const char *after;
} ends[] = {
    {"finished", "trong giờ làm việc, kể từ ", " (hồ sơ đã có kết quả)"},
    {"returned", "đã trả kết quả ", ""},
    {"refused", "trong giờ làm việc, kể từ ", " (hồ sơ đã có kết quả)"},
    {"stopped", "không hẹn lại (đã dừng giải quyết ", ")"},
    {"withdrawn", "không hẹn lại (đã rút hồ sơ ", ")"},
};

static const struct name_text channels[] = {
    {"paper", "Văn bản giấy"},
    {"email", "Thư điện tử"},
    {"sms", "Tin nhắn điện thoại"},
    {"in_person", "Trao trực tiếp"},
    {"post", "Bưu chính"},
    {"upstream", "Hệ thống thông tin một cửa"},
    {NULL, ""},
};

static void take_row(struct letter_facts *facts, const PGresult *rows, int r)
{
    *facts = (struct letter_facts){
        .key = {(int32_t)db_int(rows, r, SOURCE_ID), (int16_t)db_int(rows, r, EPISODE), db_text(rows, r, CODE)},
        .due_us = db_us(rows, r, DUE),
        .deadline_us = db_us(rows, r, DEADLINE),
        .unit_id = (int32_t)db_int(rows, r, UNIT_ID),
        .ended_us = db_us(rows, r, ENDED),
        .received_us = db_us(rows, r, RECEIVED),
        .due_current_us = db_us(rows, r, DUE_CURRENT),
        .promised_us = db_us(rows, r, PROMISED),
        .promises = (int16_t)db_int(rows, r, PROMISES),
        .broken = (int16_t)db_int(rows, r, BROKEN),
        .next_due_us = db_us(rows, r, NEXT_DUE),
        .template_id = (int32_t)db_int(rows, r, TEMPLATE),
        .form_id = (int32_t)db_int(rows, r, FORM),
        .number = (int32_t)db_int(rows, r, NUMBER),
        .year = (int16_t)db_int(rows, r, YEAR),
        .new_due_us = db_us(rows, r, NEW_DUE),
        .extension = (int16_t)db_int(rows, r, EXTENSION),
        .drafted_us = db_us(rows, r, DRAFTED),
        .printed_us = db_us(rows, r, PRINTED),
        .office_id = (int32_t)db_int(rows, r, OFFICE_ID),
        .term_days = (int16_t)db_int(rows, r, TERM_DAYS),
        .erased = db_bool(rows, r, ERASED),
    };
    for (size_t i = 0; i < sizeof texts_of_row / sizeof *texts_of_row; i++) {
        const char *text = db_text(rows, r, (int)texts_of_row[i].column);

        memcpy((char *)facts + texts_of_row[i].offset, &text, sizeof text);
    }
}

void letter_keys_param(struct db_params *params, const struct letter_key *keys, size_t count)
{
    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(params, keys[i].source_id);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, keys[i].code);
    }
    db_param_array(params, DB_ARRAY_INT2);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(params, keys[i].episode);
    }
}

enum status letter_facts_read(struct letter_facts_set *set, struct db *db, const struct letter_key *keys, size_t count,
                              const char *form, int32_t day)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    *set = (struct letter_facts_set){0};
    if (params != NULL) {
        letter_keys_param(params, keys, count);
        db_param_day(params, day);
        db_param_text(params, form);
        st = db_run(db, SQL_LETTER_FACTS, params, &set->rows);
    }
    if (st == STATUS_OK) {
        set->count = (size_t)PQntuples(set->rows);
        set->facts = calloc(set->count + 1, sizeof *set->facts);
        st = set->facts == NULL ? STATUS_RETRY : STATUS_OK;
    }
    for (size_t i = 0; i < set->count && st == STATUS_OK; i++) {
        take_row(&set->facts[i], set->rows, (int)i);
    }
    db_params_destroy(&params);
    if (st != STATUS_OK) {
        letter_facts_clear(set);
    }
    return st;
}

void letter_facts_clear(struct letter_facts_set *set)
{
    free(set->facts);
    PQclear(set->rows);
    *set = (struct letter_facts_set){0};
}

/* "" for a name that the table does not have. */
static const char *text_of(const struct name_text *table, const char *name)
{
    while (table->name != NULL && strcmp(table->name, name) != 0) {
        table++;
    }
    return table->text;
}

static const char *moment_text(int64_t moment_us, char out[LETTER_MOMENT_SIZE])
{
    return moment_us == DB_NULL_US ? "" : letter_moment_text(moment_us, out);
}

static const char *or_else(const char *text, const char *other)
{
    return *text != '\0' ? text : other;
}

bool letter_facts_announce(const struct letter_facts *facts)
{
    return facts->ended_us == DB_NULL_US || (strcmp(facts->state, "sent") == 0 && facts->new_due_us != DB_NULL_US);
}

static const char *end_text(const struct letter_facts *facts, struct letter_texts *texts)
{
    char date[LETTER_MOMENT_SIZE];
    size_t i = 0;

    while (i < sizeof ends / sizeof *ends && strcmp(ends[i].state, facts->dossier) != 0) {
        i++;
    }
    if (i == sizeof ends / sizeof *ends) {
        return "";
    }
    snprintf(texts->new_due, sizeof texts->new_due, "%s%s%s", ends[i].before, letter_moment_date(facts->ended_us, date),
             ends[i].after);
    return texts->new_due;
}

void letter_facts_letter(const struct letter_facts *facts, struct letter_texts *texts, struct letter *letter)
{
    bool announce = letter_facts_announce(facts);

    snprintf(texts->extension, sizeof texts->extension, "%d", (int)facts->extension);
    *letter = (struct letter){
        .ended = !announce,
        .text = {
            [LETTER_NUMBER] = facts->letter_no,
            [LETTER_PLACE] = facts->place,
            [LETTER_PARENT_UNIT] = facts->superior,
            [LETTER_UNIT] = facts->unit_name,
            [LETTER_ADDRESSEE] = facts->name,
            [LETTER_ADDRESS] = facts->address,
            [LETTER_PHONE] = facts->phone,
            [LETTER_EMAIL] = facts->email,
            [LETTER_PROCEDURE_NAME] = or_else(facts->procedure_name, facts->procedure),
            [LETTER_PROCEDURE] = facts->procedure,
            [LETTER_FIELD] = or_else(facts->field_name, facts->field),
            [LETTER_DOSSIER] = facts->key.code,
            [LETTER_RECEIPT] = facts->receipt_number,
            [LETTER_RECEIVED] = moment_text(facts->received_us, texts->received),
            [LETTER_DUE] = moment_text(facts->due_us, texts->due),
            [LETTER_STATE] = text_of(states, facts->dossier),
            [LETTER_REASON] = facts->reason,
            [LETTER_UNIT_IN_CHARGE] = facts->unit_name,
            [LETTER_NEW_DUE] = announce ? moment_text(facts->new_due_us, texts->new_due) : end_text(facts, texts),
            [LETTER_NEW_DUE_PLACE] = facts->new_due_place,
            [LETTER_EXTENSION_NUMBER] = announce ? texts->extension : "",
            [LETTER_ON_BEHALF] = facts->signer_for,
            [LETTER_SIGNER_TITLE] = facts->signer_title,
            [LETTER_SIGNER] = facts->signer_name,
            [LETTER_RECIPIENTS] = facts->copies,
            [LETTER_CHANNEL] = text_of(channels, facts->channel),
        }};
    letter->text[LETTER_DATE] =
        facts->drafted_us == DB_NULL_US ? "" : letter_moment_date(facts->drafted_us, texts->date);
}

enum status letter_number_text(const char *form, int32_t number, int16_t year, const char *unit,
                               char out[LETTER_NO_SIZE])
{
    char number_text[16];
    char year_text[16];
    const struct {
        const char *name;
        const char *text;
    } parts[] = {{"{number}", number_text}, {"{year}", year_text}, {"{unit}", unit}};
    size_t used = 0;
    size_t chars = 0;

    snprintf(number_text, sizeof number_text, "%02d", (int)number);
    snprintf(year_text, sizeof year_text, "%d", (int)year);
    while (*form != '\0' && used + 1 < LETTER_NO_SIZE) {
        size_t p = 0;

        while (p < sizeof parts / sizeof *parts && strncmp(form, parts[p].name, strlen(parts[p].name)) != 0) {
            p++;
        }
        if (p == sizeof parts / sizeof *parts) {
            out[used++] = *form++;
            continue;
        }
        for (const char *from = parts[p].text; *from != '\0' && used + 1 < LETTER_NO_SIZE; from++) {
            out[used++] = *from;
        }
        form += strlen(parts[p].name);
    }
    out[used] = '\0';
    for (size_t i = 0; i < used; i++) {
        chars += ((unsigned char)out[i] & 0xc0) != 0x80;
    }
    return chars == 0 || chars > LETTER_NO_MAX || *form != '\0' ? STATUS_INVALID : STATUS_OK;
}
