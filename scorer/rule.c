/* SPDX-License-Identifier: MIT */
/* rule.c - versions of rules and terms of procedures by effective date. */
#include "scorer/rule.h"

#include <stdlib.h>
#include <string.h>

#include "scorer/rule_switch.h"

struct procedure_row {
    char *procedure;
    struct procedure_term term;
};

struct rule_book {
    struct rule *versions[RULES]; /* in order of effective_us; each has at least one */
    size_t version_count[RULES];
    struct procedure_row *terms; /* in order of procedure and effective_us */
    size_t term_count;
    size_t term_room;
};

static const char *const rule_names[RULES] = {
    [RULE_PROMISE] = "promise",
    [RULE_PORTAL] = "portal",
    [RULE_INTAKE] = "intake",
};

/* As schema/migrations/0006_rules.sql inserts them. */
static const struct rule first_versions[RULES] = {
    [RULE_PROMISE] = {.name = RULE_PROMISE,
                      .version = 1,
                      .effective_us = DB_MINUS_INFINITY_US,
                      .precision = RULE_INSTANT,
                      .due = RULE_DUE_FIRST,
                      .finish = RULE_FINISH_LATEST,
                      .pause = RULE_PAUSE_MOVE_DUE,
                      .measure = RULE_WORKING,
                      .payment = RULE_PAYMENT_RUNS,
                      .waiting = RULE_WAITING_PAUSED,
                      .supplement_limit = 0,
                      .extension_limit = 1,
                      .missing_due = RULE_MISSING_TERM,
                      .withdrawn = RULE_WITHDRAWN_EXCLUDE_KEPT,
                      .unaccepted = RULE_UNACCEPTED_COUNT},
    [RULE_PORTAL] = {.name = RULE_PORTAL,
                     .version = 1,
                     .effective_us = DB_MINUS_INFINITY_US,
                     .precision = RULE_INSTANT,
                     .due = RULE_DUE_CURRENT,
                     .finish = RULE_FINISH_LATEST,
                     .pause = RULE_PAUSE_DEDUCT,
                     .measure = RULE_ELAPSED,
                     .payment = RULE_PAYMENT_RUNS,
                     .waiting = RULE_WAITING_ENDS,
                     .supplement_limit = 1,
                     .extension_limit = 1,
                     .missing_due = RULE_MISSING_TERM,
                     .withdrawn = RULE_WITHDRAWN_END,
                     .unaccepted = RULE_UNACCEPTED_EXCLUDE},
    [RULE_INTAKE] = {.name = RULE_INTAKE,
                     .version = 1,
                     .effective_us = DB_MINUS_INFINITY_US,
                     .precision = RULE_INSTANT,
                     .due = RULE_DUE_FIRST,
                     .finish = RULE_FINISH_LATEST,
                     .pause = RULE_PAUSE_NONE,
                     .measure = RULE_WORKING,
                     .payment = RULE_PAYMENT_RUNS,
                     .waiting = RULE_WAITING_RUNS,
                     .supplement_limit = 0,
                     .extension_limit = 1,
                     .missing_due = RULE_MISSING_EXCLUDE,
                     .withdrawn = RULE_WITHDRAWN_EXCLUDE,
                     .unaccepted = RULE_UNACCEPTED_COUNT,
                     .term = {1, TERM_WORKING_DAYS}},
};

static void content_free(struct rule_book *self)
{
    for (int name = 0; name < RULES; name++) {
        free(self->versions[name]);
    }
    for (size_t i = 0; i < self->term_count; i++) {
        free(self->terms[i].procedure);
    }
    free(self->terms);
}

struct rule_book *rule_book_new(void)
{
    struct rule_book *self = calloc(1, sizeof *self);

    for (int name = 0; self != NULL && name < RULES; name++) {
        if (rule_book_add(self, &first_versions[name]) != STATUS_OK) {
            rule_book_destroy(&self);
        }
    }
    return self;
}

void rule_book_destroy(struct rule_book **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    content_free(*self_p);
    free(*self_p);
    *self_p = NULL;
}

/* The number of versions effective at a moment. */
static size_t versions_until(const struct rule_book *self, enum rule_name name, int64_t at_us)
{
    size_t count = self->version_count[name];

    /* Versions are few, and most dossiers are judged by the newest. */
    while (count > 0 && self->versions[name][count - 1].effective_us > at_us) {
        count--;
    }
    return count;
}

enum status rule_book_add(struct rule_book *self, const struct rule *rule)
{
    size_t count = self->version_count[rule->name];
    size_t at = versions_until(self, rule->name, rule->effective_us);
    struct rule *versions = self->versions[rule->name];

    if (at > 0 && versions[at - 1].effective_us == rule->effective_us) {
        versions[at - 1] = *rule;
        return STATUS_OK;
    }
    versions = realloc(versions, (count + 1) * sizeof *versions);
    if (versions == NULL) {
        return STATUS_RETRY;
    }
    memmove(versions + at + 1, versions + at, (count - at) * sizeof *versions);
    versions[at] = *rule;
    self->versions[rule->name] = versions;
    self->version_count[rule->name] = count + 1;
    return STATUS_OK;
}

/* The number of rows not after (procedure, moment): those of this procedure effective then are the last of them. */
static size_t terms_until(const struct rule_book *self, const char *procedure, int64_t at_us)
{
    size_t low = 0;
    size_t high = self->term_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct procedure_row *row = &self->terms[middle];
        int order = strcmp(row->procedure, procedure);

        if (order < 0 || (order == 0 && row->term.effective_us <= at_us)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static struct procedure_term *term_at(const struct rule_book *self, size_t until, const char *procedure)
{
    struct procedure_row *row = until == 0 ? NULL : &self->terms[until - 1];

    return row != NULL && strcmp(row->procedure, procedure) == 0 ? &row->term : NULL;
}

static bool terms_room(struct rule_book *self)
{
    size_t room = self->term_room == 0 ? 64 : 2 * self->term_room;
    struct procedure_row *terms;

    if (self->term_count < self->term_room) {
        return true;
    }
    terms = realloc(self->terms, room * sizeof *terms);
    if (terms == NULL) {
        return false;
    }
    self->terms = terms;
    self->term_room = room;
    return true;
}

enum status rule_book_add_term(struct rule_book *self, const char *procedure, const struct procedure_term *term)
{
    size_t at = terms_until(self, procedure, term->effective_us);
    struct procedure_term *known = term_at(self, at, procedure);
    char *copy;

    if (known != NULL && known->effective_us == term->effective_us) {
        *known = *term;
        return STATUS_OK;
    }
    copy = terms_room(self) ? strdup(procedure) : NULL;
    if (copy == NULL) {
        return STATUS_RETRY;
    }
    memmove(self->terms + at + 1, self->terms + at, (self->term_count - at) * sizeof *self->terms);
    self->terms[at] = (struct procedure_row){copy, *term};
    self->term_count++;
    return STATUS_OK;
}

static enum status versions_load(struct rule_book *self, struct db *db)
{
    PGresult *rows;
    enum status st = db_run(db, SQL_RULE_VERSION_LIST, NULL, &rows);

    for (int row = 0; st == STATUS_OK && row < PQntuples(rows); row++) {
        struct rule rule;

        st = rule_switch_read_row(rows, row, &rule);
        if (st == STATUS_OK) {
            st = rule_book_add(self, &rule);
        }
    }
    PQclear(rows);
    return st;
}

static enum status terms_load(struct rule_book *self, struct db *db)
{
    enum { PROCEDURE, EFFECTIVE, COUNT, UNIT, RESTART };
    PGresult *rows;
    enum status st = db_run(db, SQL_PROCEDURE_TERM_LIST, NULL, &rows);

    for (int row = 0; st == STATUS_OK && row < PQntuples(rows); row++) {
        struct procedure_term term = {.effective_us = db_us(rows, row, EFFECTIVE),
                                      .has_term = !db_null(rows, row, UNIT),
                                      .restart = db_bool(rows, row, RESTART)};

        if (term.has_term) {
            term.term.count = (int32_t)db_int(rows, row, COUNT);
            term.term.unit = term_unit_from_name(db_text(rows, row, UNIT));
        }
        st = term.term.unit == TERM_UNITS ? STATUS_FATAL
                                          : rule_book_add_term(self, db_text(rows, row, PROCEDURE), &term);
    }
    PQclear(rows);
    return st;
}

enum status rule_book_load(struct rule_book *self, struct db *db)
{
    /* Version 1 is built in and in the table: the row takes its place, so a rule is never without a version. */
    struct rule_book *fresh = rule_book_new();
    struct rule_book old;
    enum status st;

    if (fresh == NULL) {
        return STATUS_RETRY;
    }
    st = versions_load(fresh, db);
    if (st == STATUS_OK) {
        st = terms_load(fresh, db);
    }
    if (st == STATUS_OK) {
        old = *self;
        *self = *fresh;
        *fresh = old;
    }
    rule_book_destroy(&fresh);
    return st;
}

const struct rule *rule_book_find(const struct rule_book *self, enum rule_name name, int64_t anchor_us)
{
    size_t until = versions_until(self, name, anchor_us);

    return &self->versions[name][until == 0 ? 0 : until - 1];
}

const struct procedure_term *rule_book_term(const struct rule_book *self, const char *procedure, int64_t anchor_us)
{
    return term_at(self, terms_until(self, procedure, anchor_us), procedure);
}

const char *rule_name_text(enum rule_name name)
{
    return rule_names[name];
}

enum rule_name rule_name_from_text(const char *text)
{
    int name = 0;

    while (name < RULES && strcmp(text, rule_names[name]) != 0) {
        name++;
    }
    return (enum rule_name)name;
}
