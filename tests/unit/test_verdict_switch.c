/* SPDX-License-Identifier: MIT */
/*
 * test_verdict_switch.c - every switch of a rule by a dossier of its own, whose class it alone turns.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/verdict_case.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict__each_switch__turns_the_class),
        cmocka_unit_test(verdict__extension_limit__flags_what_is_over),
    };

    return cmocka_run_group_tests_name("verdict_switch", tests, open_office, close_office);
}
