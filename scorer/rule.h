/* SPDX-License-Identifier: MIT */
/*
 * rule.h - the rules a dossier is judged by: versions of their switches, and terms of procedures, by effective date.
 * Meanings: docs/rules.md 6 and 8; tables rule_version and procedure_term.
 */
#ifndef SCORER_RULE_H
#define SCORER_RULE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "common/term.h"

/* In the order of the type rule_name. */
enum rule_name { RULE_PROMISE, RULE_PORTAL, RULE_INTAKE, RULES };

enum rule_precision { RULE_INSTANT, RULE_DAY };
enum rule_due { RULE_DUE_FIRST, RULE_DUE_CURRENT };
enum rule_finish { RULE_FINISH_LATEST, RULE_FINISH_FIRST };
enum rule_pause { RULE_PAUSE_MOVE_DUE, RULE_PAUSE_DEDUCT, RULE_PAUSE_NONE };
enum rule_measure { RULE_WORKING, RULE_ELAPSED };
enum rule_payment { RULE_PAYMENT_PAUSES, RULE_PAYMENT_RUNS };
enum rule_waiting { RULE_WAITING_PAUSED, RULE_WAITING_ENDS, RULE_WAITING_RUNS };
enum rule_missing_due { RULE_MISSING_EXCLUDE, RULE_MISSING_TERM };
enum rule_withdrawn { RULE_WITHDRAWN_END, RULE_WITHDRAWN_EXCLUDE, RULE_WITHDRAWN_EXCLUDE_KEPT };
enum rule_unaccepted { RULE_UNACCEPTED_COUNT, RULE_UNACCEPTED_EXCLUDE };

struct rule {
    enum rule_name name;
    int version;
    int64_t effective_us;
    enum rule_precision precision;
    enum rule_due due;
    enum rule_finish finish;
    enum rule_pause pause;
    enum rule_measure measure;
    enum rule_payment payment;
    enum rule_waiting waiting;
    enum rule_missing_due missing_due;
    enum rule_withdrawn withdrawn;
    enum rule_unaccepted unaccepted;
    int supplement_limit; /* 0: none */
    int extension_limit;
    struct term term; /* of RULE_INTAKE */
};

/* What a procedure says about its clock. */
struct procedure_term {
    int64_t effective_us;
    bool has_term;
    struct term term;
    bool restart; /* a supplement starts the clock anew instead of stopping it */
};

struct rule_book;

/* A book with version 1 of each rule as the first migration of rules gives it; NULL when memory is short. */
struct rule_book *rule_book_new(void);
void rule_book_destroy(struct rule_book **self_p);

/* Reads the tables; on success the old content is replaced, else kept. */
enum status rule_book_load(struct rule_book *self, struct db *db) MUST_CHECK;

/* Adds a version (tests, and load); versions of a rule in order of effective_us. */
enum status rule_book_add(struct rule_book *self, const struct rule *rule) MUST_CHECK;
enum status rule_book_add_term(struct rule_book *self, const char *procedure,
                               const struct procedure_term *term) MUST_CHECK;

/* The version effective at a moment; the first one before that.  Never NULL. */
const struct rule *rule_book_find(const struct rule_book *self, enum rule_name name, int64_t anchor_us);

/* The row of a procedure effective at a moment; NULL when there is none. */
const struct procedure_term *rule_book_term(const struct rule_book *self, const char *procedure, int64_t anchor_us);

/* "promise" …; and back, RULES when there is none of that name. */
const char *rule_name_text(enum rule_name name);
enum rule_name rule_name_from_text(const char *text);

#endif
