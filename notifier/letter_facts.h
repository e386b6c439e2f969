/* SPDX-License-Identifier: MIT */
/*
 * letter_facts.h - what the database knows about letters, and a letter's texts made of it.
 *
 * Read as kipthoi_letters: the facts hold names.  Texts are borrowed from the set they were read into.
 */
#ifndef NOTIFIER_LETTER_FACTS_H
#define NOTIFIER_LETTER_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/letter_field.h"
#include "notifier/letter_moment.h"

/* A letter: the one of a promise of a dossier.  code is borrowed. */
struct letter_key {
    int32_t source_id;
    int16_t episode; /* which promise, from 1 */
    const char *code;
};

/* A missing text is "", a missing moment DB_NULL_US, a missing number 0. */
struct letter_facts {
    struct letter_key key;
    const char *source;
    const char *duty; /* its state; "": there is none yet, the promise is not missed */
    int64_t due_us;   /* the promise */
    int64_t deadline_us;
    int32_t unit_id;
    const char *unit;      /* code */
    const char *unit_name; /* as letters are headed */
    const char *dossier;   /* its state; "": unknown */
    int64_t ended_us;      /* when it came into that state; DB_NULL_US: it has not ended */
    int64_t received_us;
    int64_t due_current_us;
    int64_t promised_us;   /* the promise after this one */
    int16_t promises;      /* up to this one */
    int16_t broken;        /* promises of the dossier */
    int64_t next_due_us;   /* of an open dossier */
    const char *procedure; /* code */
    const char *procedure_name;
    const char *field; /* code */
    const char *field_name;

    const char *state;   /* of the letter; "": there is none yet */
    int32_t template_id; /* of the letter; of one that is to be drafted: the one to use, 0: none */
    int32_t form_id;     /* the form to be used now; 0: none */
    int32_t number;
    const char *letter_no;
    int16_t year;
    const char *reason;
    int64_t new_due_us;
    int16_t extension;
    int64_t drafted_us;
    int64_t printed_us;
    const char *channel;

    int32_t office_id; /* the unit whose office it is; 0: none is known */
    const char *superior;
    const char *place;
    const char *number_form;
    const char *signer_for;
    const char *signer_title;
    const char *signer_name;
    const char *copies;
    const char *new_due_place;
    const char *office_phone;
    const char *office_email;
    int16_t term_days;
    const char *office_reason;

    const char *name;
    const char *address;
    const char *phone;
    const char *email;
    const char *receipt_number;
    bool erased; /* the person's data were */
};

struct letter_facts_set {
    PGresult *rows; /* owned */
    size_t count;
    struct letter_facts *facts; /* owned; as many and in the order of the keys */
};

/* Adds the keys as three arrays: source_ids, codes, episodes. */
void letter_keys_param(struct db_params *params, const struct letter_key *keys, size_t count);

/*
 * Reads them; form names the form that new letters get, NULL: each office's own, else the newest.  day is the local day
 * by which the form is chosen.  Not STATUS_OK: the set is empty.
 */
enum status letter_facts_read(struct letter_facts_set *set, struct db *db, const struct letter_key *keys, size_t count,
                              const char *form, int32_t day) MUST_CHECK;
void letter_facts_clear(struct letter_facts_set *set);

/* The texts of one letter that are made and not read. */
struct letter_texts {
    char date[LETTER_MOMENT_SIZE];
    char received[LETTER_MOMENT_SIZE];
    char due[LETTER_MOMENT_SIZE];
    char new_due[2 * LETTER_MOMENT_SIZE];
    char extension[12];
};

/*
 * Whether the letter announces a date: one that is made of a dossier that has ended says since when the result can be
 * had instead, and is no extension.  What a letter said that was sent stands.
 */
bool letter_facts_announce(const struct letter_facts *facts);

/* Fills letter from facts; its texts are borrowed from both. */
void letter_facts_letter(const struct letter_facts *facts, struct letter_texts *texts, struct letter *letter);

/*
 * Fills {number} {year} {unit} of an office's form: "12/TXL-UBND".  The number has at least two digits, as official
 * letters write it.  STATUS_INVALID: the result is longer than LETTER_NO_MAX characters or empty.
 */
#define LETTER_NO_MAX 60
#define LETTER_NO_SIZE 512
enum status letter_number_text(const char *form, int32_t number, int16_t year, const char *unit,
                               char out[LETTER_NO_SIZE]) MUST_CHECK;

#endif
