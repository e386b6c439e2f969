/* SPDX-License-Identifier: MIT */
/*
 * test_verdict.c - classes under the three rules, every switch by a dossier of its own; steps named are those of
 * docs/rules.md 8.  The week is that of tests/support/week.h; what is expected was counted by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scorer/verdict.h"
#include "tests/support/fold_steps.h"
#include "tests/support/week.h"

#define PROCEDURE "1.000656"

static struct calendars *calendars;

/* A dossier received on Monday 8:00; the dates given are put in by the cases. */
static struct dossier promised(int64_t due_us)
{
    struct dossier dossier;

    fold_start(&dossier);
    dossier.received_us = at(MON, 8);
    dossier.last_happened_us = at(MON, 8);
    dossier.due_first_us = dossier.due_us = due_us;
    return dossier;
}

static struct rule rule_by_default(enum rule_name name)
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
static struct verdicts judge_by(const struct dossier *dossier, const struct rule *rule,
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

static struct verdicts judge(const struct dossier *dossier, int64_t now_us)
{
    struct rule promise = rule_by_default(RULE_PROMISE);

    return judge_by(dossier, &promise, NULL, now_us);
}

static void check(const struct dossier *dossier, enum rule_name name, int64_t now_us, enum verdict_class class, int day)
{
    struct verdict verdict = judge(dossier, now_us).rule[name];

    assert_string_equal(verdict_class_name(verdict.class), verdict_class_name(class));
    assert_int_equal(verdict.day - MONDAY, day);
}

/* --- each switch alone turns the class --- */

static struct fold_pause one_pause[1];

static void pause_it(struct dossier *dossier, enum fold_pause_kind kind, int64_t from_us, int64_t to_us)
{
    one_pause[0] = (struct fold_pause){.kind = kind, .from_us = from_us, .to_us = to_us};
    dossier->pauses = one_pause;
    dossier->pause_count = 1;
    dossier->open_pauses[kind] = to_us == NONE;
    dossier->supplements = kind == FOLD_SUPPLEMENT;
}

/* Finished an hour after the due of the same day. */
static void an_hour_late(struct dossier *dossier)
{
    dossier->finished_us = dossier->finished_first_us = at(TUE, 18);
}

static void due_moved(struct dossier *dossier)
{
    dossier->due_us = at(THU, 17);
    dossier->finished_us = dossier->finished_first_us = at(WED, 10);
}

static void finish_corrected(struct dossier *dossier)
{
    dossier->finished_first_us = at(WED, 10);
    dossier->finished_us = at(TUE, 10);
}

/* 2 h and 3 h of work, 19 h by the clock: due Wednesday 14:00, or 12:00. */
static void paused_over_night(struct dossier *dossier)
{
    pause_it(dossier, FOLD_SUPPLEMENT, at(MON, 15), at(TUE, 10));
    dossier->finished_us = dossier->finished_first_us = at(WED, 13);
}

static void paused_finished_earlier(struct dossier *dossier)
{
    paused_over_night(dossier);
    dossier->finished_us = dossier->finished_first_us = at(WED, 12);
}

static void waited_for_payment(struct dossier *dossier)
{
    paused_over_night(dossier);
    one_pause[0].kind = FOLD_PAYMENT;
}

static void waits(struct dossier *dossier)
{
    pause_it(dossier, FOLD_SUPPLEMENT, at(MON, 15), NONE);
}

static void waits_to_pay(struct dossier *dossier)
{
    pause_it(dossier, FOLD_PAYMENT, at(MON, 15), NONE);
}

/* Due Wednesday 8:00; the pause ends with the dossier: 2 h and 3 h of work, due Wednesday 15:00. */
static void waits_and_refused(struct dossier *dossier)
{
    dossier->due_first_us = dossier->due_us = at(WED, 8);
    pause_it(dossier, FOLD_SUPPLEMENT, at(TUE, 15), NONE);
    dossier->refused_us = at(WED, 10);
}

/* The request is no end when the dossier has one: as above, but by a result. */
static void waits_and_finished(struct dossier *dossier)
{
    waits_and_refused(dossier);
    dossier->refused_us = NONE;
    dossier->finished_us = dossier->finished_first_us = at(WED, 10);
}

static void waits_and_returned(struct dossier *dossier)
{
    waits_and_refused(dossier);
    dossier->refused_us = NONE;
    dossier->returned_us = at(WED, 10);
}

static void asked_twice(struct dossier *dossier)
{
    dossier->supplements = 2;
    dossier->finished_us = dossier->finished_first_us = at(MON, 10);
}

static void asked_twice_and_open(struct dossier *dossier)
{
    dossier->supplements = 2;
}

/* The term, two working days, ends on Wednesday 8:00. */
static void without_due(struct dossier *dossier)
{
    dossier->due_first_us = dossier->due_us = NONE;
    dossier->finished_us = dossier->finished_first_us = at(TUE, 10);
}

static void withdrawn_in_time(struct dossier *dossier)
{
    dossier->withdrawn_us = at(TUE, 10);
}

static void withdrawn_late(struct dossier *dossier)
{
    dossier->withdrawn_us = at(WED, 10);
}

static void never_accepted(struct dossier *dossier)
{
    dossier->due_first_us = dossier->due_us = NONE;
    dossier->refused_us = at(TUE, 10);
}

#define SWITCH(member, value) offsetof(struct rule, member), (int)(value)

static void verdict__each_switch__turns_the_class(void **state)
{
    static const struct {
        void (*make)(struct dossier *dossier);
        size_t at;
        int value;
        enum verdict_class class;
        int day;
    } cases[] = {
        {an_hour_late, SWITCH(precision, RULE_INSTANT), VERDICT_LATE, TUE},
        {an_hour_late, SWITCH(precision, RULE_DAY), VERDICT_ON_TIME, TUE},
        {due_moved, SWITCH(due, RULE_DUE_FIRST), VERDICT_LATE, WED},
        {due_moved, SWITCH(due, RULE_DUE_CURRENT), VERDICT_EARLY, WED},
        {finish_corrected, SWITCH(finish, RULE_FINISH_LATEST), VERDICT_ON_TIME, TUE},
        {finish_corrected, SWITCH(finish, RULE_FINISH_FIRST), VERDICT_LATE, WED},
        {paused_over_night, SWITCH(pause, RULE_PAUSE_MOVE_DUE), VERDICT_ON_TIME, WED},
        {paused_over_night, SWITCH(pause, RULE_PAUSE_DEDUCT), VERDICT_LATE, WED},
        {paused_finished_earlier, SWITCH(pause, RULE_PAUSE_DEDUCT), VERDICT_ON_TIME, WED},
        {paused_finished_earlier, SWITCH(pause, RULE_PAUSE_NONE), VERDICT_LATE, WED},
        {waits, SWITCH(pause, RULE_PAUSE_NONE), VERDICT_OVERDUE, TUE},
        {paused_over_night, SWITCH(measure, RULE_WORKING), VERDICT_ON_TIME, WED},
        {paused_over_night, SWITCH(measure, RULE_ELAPSED), VERDICT_LATE, WED},
        {waited_for_payment, SWITCH(payment, RULE_PAYMENT_PAUSES), VERDICT_ON_TIME, WED},
        {waited_for_payment, SWITCH(payment, RULE_PAYMENT_RUNS), VERDICT_LATE, WED},
        {waits_to_pay, SWITCH(payment, RULE_PAYMENT_PAUSES), VERDICT_PAUSED, MON},
        {waits_to_pay, SWITCH(payment, RULE_PAYMENT_RUNS), VERDICT_OVERDUE, TUE},
        {waits, SWITCH(waiting, RULE_WAITING_PAUSED), VERDICT_PAUSED, MON},
        {waits, SWITCH(waiting, RULE_WAITING_ENDS), VERDICT_PAUSED, MON},
        {waits, SWITCH(waiting, RULE_WAITING_RUNS), VERDICT_OVERDUE, TUE},
        {waits_and_refused, SWITCH(waiting, RULE_WAITING_PAUSED), VERDICT_ON_TIME, WED},
        {waits_and_refused, SWITCH(waiting, RULE_WAITING_RUNS), VERDICT_ON_TIME, WED},
        {waits_and_refused, SWITCH(waiting, RULE_WAITING_ENDS), VERDICT_EARLY, WED},
        {waits_and_finished, SWITCH(waiting, RULE_WAITING_ENDS), VERDICT_ON_TIME, WED},
        {waits_and_returned, SWITCH(waiting, RULE_WAITING_ENDS), VERDICT_ON_TIME, WED},
        {asked_twice, SWITCH(supplement_limit, 0), VERDICT_EARLY, MON},
        {asked_twice, SWITCH(supplement_limit, 1), VERDICT_LATE, MON},
        {asked_twice, SWITCH(supplement_limit, 2), VERDICT_EARLY, MON},
        {asked_twice_and_open, SWITCH(supplement_limit, 1), VERDICT_OVERDUE, TUE},
        {without_due, SWITCH(missing_due, RULE_MISSING_TERM), VERDICT_EARLY, TUE},
        {without_due, SWITCH(missing_due, RULE_MISSING_EXCLUDE), VERDICT_EXCLUDED, MON},
        {withdrawn_in_time, SWITCH(withdrawn, RULE_WITHDRAWN_END), VERDICT_ON_TIME, TUE},
        {withdrawn_in_time, SWITCH(withdrawn, RULE_WITHDRAWN_EXCLUDE), VERDICT_EXCLUDED, MON},
        {withdrawn_in_time, SWITCH(withdrawn, RULE_WITHDRAWN_EXCLUDE_KEPT), VERDICT_EXCLUDED, MON},
        {withdrawn_late, SWITCH(withdrawn, RULE_WITHDRAWN_END), VERDICT_LATE, WED},
        {withdrawn_late, SWITCH(withdrawn, RULE_WITHDRAWN_EXCLUDE), VERDICT_EXCLUDED, MON},
        {withdrawn_late, SWITCH(withdrawn, RULE_WITHDRAWN_EXCLUDE_KEPT), VERDICT_LATE, WED},
        {never_accepted, SWITCH(unaccepted, RULE_UNACCEPTED_COUNT), VERDICT_EARLY, TUE},
        {never_accepted, SWITCH(unaccepted, RULE_UNACCEPTED_EXCLUDE), VERDICT_EXCLUDED, MON},
    };
    const struct procedure_term term = {.effective_us = 0, .has_term = true, .term = {2, TERM_WORKING_DAYS}};
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dossier dossier = promised(at(TUE, 17));
        struct rule rule = rule_by_default(RULE_PROMISE);
        struct verdict verdict;
        bool known;

        cases[i].make(&dossier);
        known = dossier.due_first_us != NONE;
        memcpy((char *)&rule + cases[i].at, &cases[i].value, sizeof cases[i].value);
        verdict = judge_by(&dossier, &rule, known ? NULL : &term, at(WED, 12)).rule[RULE_PROMISE];
        if (verdict.class != cases[i].class || verdict.day != MONDAY + cases[i].day) {
            print_error("case %zu: %s on day %d, not %s on day %d\n", i, verdict_class_name(verdict.class),
                        verdict.day - MONDAY, verdict_class_name(cases[i].class), cases[i].day);
            failed++;
        }
    }
    assert_int_equal(failed, 0);
}

static void verdict__extension_limit__flags_what_is_over(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));
    struct rule rule = rule_by_default(RULE_PROMISE);

    (void)state;
    dossier.due_moves = 2;
    for (int limit = 0; limit < 4; limit++) {
        rule.extension_limit = limit;
        assert_int_equal(judge_by(&dossier, &rule, NULL, at(MON, 9)).flags, limit < 2 ? FOLD_FLAG_EXTENSIONS_OVER : 0);
    }
}

/* --- promise --- */

static void verdict__finished__early_on_time_late(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));

    (void)state;
    dossier.finished_us = at(MON, 23);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EARLY, MON);
    dossier.finished_us = at(TUE, 0);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_ON_TIME, TUE);
    dossier.finished_us = at(TUE, 17); /* to the microsecond */
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_ON_TIME, TUE);
    dossier.finished_us = at(TUE, 17) + 1;
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_LATE, TUE);
    dossier.finished_us = at(THU, 0);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_LATE, THU);
}

static void verdict__open__in_time_then_overdue(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));

    (void)state;
    check(&dossier, RULE_PROMISE, at(TUE, 17), VERDICT_IN_TIME, MON);
    check(&dossier, RULE_PROMISE, at(TUE, 17) + 1, VERDICT_OVERDUE, TUE);
    check(&dossier, RULE_PORTAL, at(TUE, 17) + 1, VERDICT_OVERDUE, MON); /* at its receipt */
    assert_true(judge(&dossier, at(TUE, 17)).rule[RULE_PROMISE].flips_us == at(TUE, 17));
    assert_true(judge(&dossier, at(TUE, 17) + 1).rule[RULE_PROMISE].flips_us == NONE);
}

static void verdict__precision_day__flips_at_midnight(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));
    struct rule rule = rule_by_default(RULE_PROMISE);
    struct verdict verdict;

    (void)state;
    rule.precision = RULE_DAY;
    verdict = judge_by(&dossier, &rule, NULL, at(WED, 0) - 1).rule[RULE_PROMISE];
    assert_int_equal(verdict.class, VERDICT_IN_TIME);
    assert_true(verdict.flips_us == at(WED, 0) - 1);
    verdict_tick(&rule, at(WED, 0), &verdict);
    assert_int_equal(verdict.class, VERDICT_OVERDUE);
    assert_int_equal(verdict.day, MONDAY + TUE);
    assert_true(verdict.flips_us == NONE);
    verdict.day = 0;
    verdict_tick(&rule, at(THU, 0), &verdict); /* overdue stays as it is */
    assert_int_equal(verdict.day, 0);
}

static void verdict__waits_since_the_due_was_over__is_overdue(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));

    (void)state;
    pause_it(&dossier, FOLD_SUPPLEMENT, at(TUE, 17), NONE);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_PAUSED, MON);
    pause_it(&dossier, FOLD_SUPPLEMENT, at(TUE, 17) + 1, NONE);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_OVERDUE, TUE);
    check(&dossier, RULE_PORTAL, at(SAT, 0), VERDICT_OVERDUE, MON);
}

static void verdict__pauses__reversed_and_empty_do_not_count(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));
    struct verdicts verdicts;

    (void)state;
    dossier.finished_us = at(TUE, 18);
    pause_it(&dossier, FOLD_SUPPLEMENT, at(MON, 15), at(MON, 10));
    verdicts = judge(&dossier, at(SAT, 0));
    assert_int_equal(verdicts.rule[RULE_PROMISE].class, VERDICT_LATE);
    assert_true(verdicts.rule[RULE_PROMISE].due_us == at(TUE, 17));
    assert_int_equal(verdicts.flags, FOLD_FLAG_PAUSE_REVERSED);
    pause_it(&dossier, FOLD_SUPPLEMENT, at(MON, 15), at(MON, 15));
    verdicts = judge(&dossier, at(SAT, 0));
    assert_true(verdicts.rule[RULE_PROMISE].due_us == at(TUE, 17));
    assert_int_equal(verdicts.flags, 0);
    assert_int_equal(verdicts.calendar, 0);
}

static void verdict__no_due__is_excluded(void **state)
{
    struct dossier dossier = promised(NONE);

    (void)state;
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EXCLUDED, MON);
    dossier.finished_us = at(TUE, 10);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EXCLUDED, MON);
    dossier.received_us = NONE;
    dossier.last_happened_us = at(WED, 1);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EXCLUDED, WED);
    dossier.submitted_us = at(TUE, 1);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EXCLUDED, TUE);
}

static void verdict__end__first_of_the_ladder(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));

    (void)state;
    dossier.withdrawn_us = at(MON, 9);
    dossier.stopped_us = at(TUE, 6);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_ON_TIME, TUE);
    dossier.refused_us = at(MON, 10);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EARLY, MON);
    dossier.stopped_us = at(MON, 9);
    dossier.refused_us = at(WED, 2);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EARLY, MON);
    dossier.stopped_us = NONE;
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_LATE, WED);
    dossier.returned_us = at(MON, 11);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_EARLY, MON);
    dossier.finished_us = at(FRI, 4);
    check(&dossier, RULE_PROMISE, at(SAT, 0), VERDICT_LATE, FRI);
}

static void verdict__accepted_or_promised__is_not_unaccepted(void **state)
{
    const struct procedure_term term = {.has_term = true, .term = {2, TERM_WORKING_DAYS}};
    const size_t one_is_known[] = {offsetof(struct dossier, accepted_us), offsetof(struct dossier, due_first_us),
                                   offsetof(struct dossier, finished_us), offsetof(struct dossier, returned_us)};
    struct rule rule = rule_by_default(RULE_PROMISE);

    (void)state;
    rule.unaccepted = RULE_UNACCEPTED_EXCLUDE;
    for (size_t i = 0; i < COUNT(one_is_known); i++) {
        struct dossier dossier = promised(NONE);

        dossier.refused_us = at(TUE, 10);
        *(int64_t *)(void *)((char *)&dossier + one_is_known[i]) = at(MON, 9);
        assert_int_not_equal(judge_by(&dossier, &rule, &term, at(SAT, 0)).rule[RULE_PROMISE].class, VERDICT_EXCLUDED);
    }
}

/* --- terms and versions --- */

static void verdict__term_unit__decides_how_pauses_are_measured(void **state)
{
    static const struct {
        struct procedure_term term;
        int day;
        int hour;
    } cases[] = {
        {{.has_term = true, .term = {9, TERM_WORKING_DAYS}}, WED, 14},
        {{.has_term = true, .term = {9, TERM_WORKING_HOURS}}, WED, 14},
        {{.has_term = true, .term = {9, TERM_CALENDAR_DAYS}}, WED, 12},
        {{.has_term = true, .term = {9, TERM_MONTHS}}, WED, 12},
        {{.has_term = false}, WED, 14},
        /* restart: the 15 h of work since Monday 8:00, again from Tuesday 10:00: 5 h, 8 h and 2 h */
        {{.restart = true}, THU, 9},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dossier dossier = promised(at(TUE, 17));
        struct rule rule = rule_by_default(RULE_PROMISE);
        int64_t due_us;

        paused_over_night(&dossier);
        due_us = judge_by(&dossier, &rule, &cases[i].term, at(SAT, 0)).rule[RULE_PROMISE].due_us;
        assert_int_equal(differs("due", due_us, at(cases[i].day, cases[i].hour)), 0);
    }
}

static void verdict__term__starts_when_accepted(void **state)
{
    const struct procedure_term term = {.has_term = true, .term = {1, TERM_WORKING_DAYS}};
    struct rule rule = rule_by_default(RULE_PROMISE);
    struct dossier dossier = promised(at(TUE, 17));
    struct verdicts verdicts;

    (void)state;
    verdicts = judge_by(&dossier, &rule, &term, at(MON, 9));
    assert_true(verdicts.due_computed_us == at(TUE, 8));
    assert_int_equal(verdicts.calendar, 1);
    assert_int_equal(verdicts.flags, 0);
    dossier.accepted_us = at(WED, 8);
    verdicts = judge_by(&dossier, &rule, &term, at(MON, 9));
    assert_true(verdicts.due_computed_us == at(THU, 8));
    assert_int_equal(verdicts.flags, FOLD_FLAG_DUE_OTHER_THAN_TERM);
    dossier.accepted_us = dossier.received_us = NONE;
    verdicts = judge_by(&dossier, &rule, &term, at(MON, 9));
    assert_true(verdicts.due_computed_us == NONE);
    assert_int_equal(verdicts.flags, 0);
}

static void verdict__anchor__chooses_the_versions(void **state)
{
    struct rule rule = rule_by_default(RULE_PROMISE);
    struct dossier dossier = promised(at(TUE, 17));

    (void)state;
    rule.effective_us = at(MON, 9);
    rule.precision = RULE_DAY;
    dossier.finished_us = at(TUE, 18);
    assert_int_equal(judge_by(&dossier, &rule, NULL, at(SAT, 0)).rule[RULE_PROMISE].class, VERDICT_LATE);
    dossier.accepted_us = at(MON, 9);
    assert_int_equal(judge_by(&dossier, &rule, NULL, at(SAT, 0)).rule[RULE_PROMISE].class, VERDICT_ON_TIME);
    dossier.accepted_us = dossier.received_us = NONE;
    dossier.submitted_us = at(MON, 8);
    assert_int_equal(judge_by(&dossier, &rule, NULL, at(SAT, 0)).rule[RULE_PROMISE].class, VERDICT_LATE);
    dossier.submitted_us = NONE;
    dossier.last_happened_us = at(MON, 9);
    assert_int_equal(judge_by(&dossier, &rule, NULL, at(SAT, 0)).rule[RULE_PROMISE].class, VERDICT_ON_TIME);
}

/* --- calendars --- */

static void verdict__calendar__that_in_force_at_the_end(void **state)
{
    struct calendar_definition narrow = office(2026, 2026);
    struct calendar_definition wide = office(2026, 2027);
    const struct procedure_term term = {.has_term = true, .term = {300, TERM_WORKING_DAYS}};
    struct rule rule = rule_by_default(RULE_PROMISE);
    struct calendars *kept = calendars;
    struct dossier dossier = promised(at(TUE, 17));

    (void)state;
    calendars = calendars_new();
    wide.week[WED] = (struct calendar_shift){.count = 0}; /* Wednesdays are off from version 2 on */
    add_office(calendars, 1, INT64_MIN, 0, &narrow);
    add_office(calendars, 2, at(THU, 0), 0, &wide);
    pause_it(&dossier, FOLD_SUPPLEMENT, at(MON, 15), at(TUE, 10));
    dossier.finished_us = at(THU, 0) - 1;
    assert_int_equal(judge(&dossier, at(SAT, 0)).calendar, 1);
    assert_true(judge(&dossier, at(SAT, 0)).rule[RULE_PROMISE].due_us == at(WED, 14));
    dossier.finished_us = at(THU, 0);
    assert_int_equal(judge(&dossier, at(SAT, 0)).calendar, 2);
    assert_true(judge(&dossier, at(SAT, 0)).rule[RULE_PROMISE].due_us == at(THU, 14));
    dossier.finished_us = NONE; /* open: at the moment of judgement */
    assert_int_equal(judge(&dossier, at(WED, 0)).calendar, 1);
    assert_int_equal(judge(&dossier, at(THU, 0)).calendar, 2);
    /* Version 1 does not know 2027: the next one that does and is in force at the moment of judgement. */
    dossier.due_first_us = dossier.due_us = at(TUE, 17) + 300 * 24 * HOUR_US;
    assert_int_equal(judge(&dossier, at(WED, 0)).calendar, 1);
    dossier.due_first_us = dossier.due_us = at(TUE, 17) + 310 * 24 * HOUR_US;
    dossier.finished_us = at(WED, 0);
    assert_int_equal(judge(&dossier, at(WED, 0)).calendar, -1); /* not in force yet */
    assert_int_equal(judge(&dossier, at(THU, 0)).calendar, 2);
    /* A term of 300 working days from March 2026 on ends there as well. */
    assert_true(judge_by(&dossier, &rule, &term, at(WED, 0)).due_computed_us == NONE);
    assert_true(judge_by(&dossier, &rule, &term, at(THU, 0)).due_computed_us > at(MON, 8) + 300 * 24 * HOUR_US);
    calendars_destroy(&calendars);
    calendars = kept;
}

static void verdict__no_calendar__is_excluded_and_flagged(void **state)
{
    const struct procedure_term term = {.has_term = true, .term = {2, TERM_WORKING_DAYS}};
    struct rule rule = rule_by_default(RULE_PROMISE);
    struct calendars *kept = calendars;
    struct dossier dossier = promised(at(TUE, 17));
    struct verdicts verdicts;

    (void)state;
    pause_it(&dossier, FOLD_SUPPLEMENT, at(MON, 15), at(TUE, 10));
    dossier.finished_us = at(WED, 10);
    for (int i = 0; i < 2; i++) {
        calendars = i == 0 ? NULL : office_calendars(2027, 2027);
        verdicts = judge(&dossier, at(SAT, 0));
        assert_int_equal(verdicts.rule[RULE_PROMISE].class, VERDICT_EXCLUDED);
        assert_int_equal(verdicts.rule[RULE_PROMISE].day, MONDAY);
        assert_true(verdicts.rule[RULE_PROMISE].due_us == NONE);
        assert_int_equal(verdicts.rule[RULE_PORTAL].class, VERDICT_ON_TIME); /* deducts by the clock */
        assert_int_equal(verdicts.calendar, -1);
        assert_int_equal(verdicts.flags, FOLD_FLAG_NO_CALENDAR);
        dossier.pause_count = 0; /* nothing to be counted */
        verdicts = judge(&dossier, at(SAT, 0));
        assert_int_equal(verdicts.rule[RULE_PROMISE].class, VERDICT_LATE);
        assert_int_equal(verdicts.calendar, 0);
        assert_int_equal(verdicts.flags, 0);
        assert_true(judge_by(&dossier, &rule, &term, at(SAT, 0)).due_computed_us == NONE);
        assert_int_equal(judge_by(&dossier, &rule, &term, at(SAT, 0)).calendar, -1);
        dossier.pause_count = 1;
        dossier.online = true;
        assert_int_equal(judge(&dossier, at(SAT, 0)).rule[RULE_INTAKE].class, VERDICT_EXCLUDED);
        dossier.online = false;
        calendars_destroy(&calendars);
    }
    calendars = kept;
}

/* --- told late, intake, names --- */

static void verdict__told_late__more_than_a_day_after_the_end(void **state)
{
    struct dossier dossier = promised(at(TUE, 17));

    (void)state;
    dossier.told_us = at(WED, 10);
    assert_int_equal(judge(&dossier, at(SAT, 0)).flags, 0); /* reopened: there is no end */
    dossier.finished_us = at(TUE, 10);
    assert_int_equal(judge(&dossier, at(SAT, 0)).flags, 0);
    dossier.told_us = at(WED, 10) + 1;
    assert_int_equal(judge(&dossier, at(SAT, 0)).flags, FOLD_FLAG_TOLD_LATE);
    dossier.told_us = NONE;
    assert_int_equal(judge(&dossier, at(SAT, 0)).flags, 0);
}

/* Handed in on Monday 8:00: one working day ends on Tuesday 8:00. */
static void verdict__intake__from_handing_in_to_acceptance(void **state)
{
    static const size_t ways_out[] = {offsetof(struct dossier, refused_us), offsetof(struct dossier, stopped_us),
                                      offsetof(struct dossier, withdrawn_us), offsetof(struct dossier, finished_us),
                                      offsetof(struct dossier, returned_us)};
    struct dossier dossier = promised(at(FRI, 17));

    (void)state;
    dossier.received_us = at(WED, 8);
    dossier.submitted_us = at(MON, 8);
    assert_int_equal(judge(&dossier, at(MON, 9)).rule[RULE_INTAKE].class, VERDICT_CLASSES); /* not online */
    dossier.online = true;
    assert_true(judge(&dossier, at(MON, 9)).rule[RULE_INTAKE].due_us == at(TUE, 8));
    check(&dossier, RULE_INTAKE, at(TUE, 8), VERDICT_IN_TIME, MON);
    assert_true(judge(&dossier, at(TUE, 8)).rule[RULE_INTAKE].flips_us == at(TUE, 8));
    check(&dossier, RULE_INTAKE, at(TUE, 8) + 1, VERDICT_OVERDUE, TUE);
    for (size_t i = 0; i < COUNT(ways_out); i++) {
        struct dossier gone = dossier;

        *(int64_t *)(void *)((char *)&gone + ways_out[i]) = at(TUE, 9);
        check(&gone, RULE_INTAKE, at(SAT, 0), VERDICT_EXCLUDED, MON);
        gone.accepted_us = at(TUE, 7);
        check(&gone, RULE_INTAKE, at(SAT, 0), VERDICT_ON_TIME, TUE);
    }
    dossier.accepted_us = at(MON, 23);
    check(&dossier, RULE_INTAKE, at(SAT, 0), VERDICT_EARLY, MON);
    dossier.accepted_us = at(TUE, 8);
    check(&dossier, RULE_INTAKE, at(SAT, 0), VERDICT_ON_TIME, TUE);
    dossier.accepted_us = at(TUE, 8) + 1;
    check(&dossier, RULE_INTAKE, at(SAT, 0), VERDICT_LATE, TUE);
    dossier.submitted_us = NONE; /* from receipt on */
    check(&dossier, RULE_INTAKE, at(SAT, 0), VERDICT_EARLY, TUE);
    dossier.received_us = NONE;
    assert_int_equal(judge(&dossier, at(SAT, 0)).rule[RULE_INTAKE].class, VERDICT_CLASSES);
}

static void verdict__names__go_both_ways(void **state)
{
    (void)state;
    for (int class = 0; class < VERDICT_CLASSES; class ++) {
        const char *name = verdict_class_name((enum verdict_class) class);
        assert_int_equal(verdict_class_from_name(name), class);
        assert_int_equal(verdict_missed((enum verdict_class) class), class == VERDICT_LATE || class == VERDICT_OVERDUE);
    }
    assert_int_equal(verdict_class_from_name("tardy"), VERDICT_CLASSES);
}

static int start(void **state)
{
    if (use_zone(state) != 0) {
        return -1;
    }
    calendars = office_calendars(2026, 2026);
    return 0;
}

static int end(void **state)
{
    (void)state;
    calendars_destroy(&calendars);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict__each_switch__turns_the_class),
        cmocka_unit_test(verdict__extension_limit__flags_what_is_over),
        cmocka_unit_test(verdict__finished__early_on_time_late),
        cmocka_unit_test(verdict__open__in_time_then_overdue),
        cmocka_unit_test(verdict__precision_day__flips_at_midnight),
        cmocka_unit_test(verdict__waits_since_the_due_was_over__is_overdue),
        cmocka_unit_test(verdict__pauses__reversed_and_empty_do_not_count),
        cmocka_unit_test(verdict__no_due__is_excluded),
        cmocka_unit_test(verdict__end__first_of_the_ladder),
        cmocka_unit_test(verdict__accepted_or_promised__is_not_unaccepted),
        cmocka_unit_test(verdict__term_unit__decides_how_pauses_are_measured),
        cmocka_unit_test(verdict__term__starts_when_accepted),
        cmocka_unit_test(verdict__anchor__chooses_the_versions),
        cmocka_unit_test(verdict__calendar__that_in_force_at_the_end),
        cmocka_unit_test(verdict__no_calendar__is_excluded_and_flagged),
        cmocka_unit_test(verdict__told_late__more_than_a_day_after_the_end),
        cmocka_unit_test(verdict__intake__from_handing_in_to_acceptance),
        cmocka_unit_test(verdict__names__go_both_ways),
    };

    return cmocka_run_group_tests(tests, start, end);
}
