/* SPDX-License-Identifier: MIT */
/*
 * verdict_case.h - what the tests of verdicts share: a dossier with a promise, pauses, and its judgement by a rule of
 * the case, in the week of week.h.
 */
#ifndef TESTS_VERDICT_CASE_H
#define TESTS_VERDICT_CASE_H

#include "scorer/verdict.h"
#include "tests/support/fold_steps.h"
#include "tests/support/week.h"

#define PROCEDURE "1.000656"

static struct calendars *calendars;

/* A dossier received on Monday 8:00; the dates given are put in by the cases. */
static inline struct dossier promised(int64_t due_us)
{
    struct dossier dossier;

    fold_start(&dossier);
    dossier.received_us = at(MON, 8);
    dossier.last_happened_us = at(MON, 8);
    dossier.due_first_us = dossier.due_us = due_us;
    return dossier;
}

static inline struct rule rule_by_default(enum rule_name name)
{
    struct rule_book *book = rule_book_new();
    struct rule rule;

    assert_non_null(book);
    rule = *rule_book_find(book, name, 0);
    rule_book_destroy(&book);
    rule.version = 2;
    rule.effective_us = 0;
    return rule;
}

/* term may be NULL. */
static inline struct verdicts judge_by(const struct dossier *dossier, const struct rule *rule,
                                       const struct procedure_term *term, int64_t now_us)
{
    struct rule_book *book = rule_book_new();
    struct verdict_basis basis = {.rules = book, .calendars = calendars};
    struct verdicts verdicts;

    assert_non_null(book);
    assert_int_equal(rule_book_add(book, rule), STATUS_OK);
    if (term != NULL) {
        assert_int_equal(rule_book_add_term(book, PROCEDURE, term), STATUS_OK);
    }
    verdict_judge(&basis, dossier, PROCEDURE, now_us, &verdicts);
    rule_book_destroy(&book);
    return verdicts;
}

static inline struct verdicts judge(const struct dossier *dossier, int64_t now_us)
{
    struct rule promise = rule_by_default(RULE_PROMISE);

    return judge_by(dossier, &promise, NULL, now_us);
}

static inline void check(const struct dossier *dossier, enum rule_name name, int64_t now_us, enum verdict_class class,
                         int day)
{
    struct verdict verdict = judge(dossier, now_us).rule[name];

    assert_string_equal(verdict_class_name(verdict.class), verdict_class_name(class));
    assert_int_equal(verdict.day - MONDAY, day);
}

static struct fold_pause one_pause[1];

static inline void pause_it(struct dossier *dossier, enum fold_pause_kind kind, int64_t from_us, int64_t to_us)
{
    one_pause[0] = (struct fold_pause){.kind = kind, .from_us = from_us, .to_us = to_us};
    dossier->pauses = one_pause;
    dossier->pause_count = 1;
    dossier->open_pauses[kind] = to_us == NONE;
    dossier->supplements = kind == FOLD_SUPPLEMENT;
}

/* 2 h and 3 h of work, 19 h by the clock: due Wednesday 14:00, or 12:00. */
static inline void paused_over_night(struct dossier *dossier)
{
    pause_it(dossier, FOLD_SUPPLEMENT, at(MON, 15), at(TUE, 10));
    dossier->finished_us = dossier->finished_first_us = at(WED, 13);
}

static inline int open_office(void **state)
{
    if (use_zone(state) != 0) {
        return -1;
    }
    calendars = office_calendars(2026, 2026);
    return 0;
}

static inline int close_office(void **state)
{
    (void)state;
    calendars_destroy(&calendars);
    return 0;
}

#endif
