/* SPDX-License-Identifier: MIT */
/*
 * test_verdict.c - classes under the three rules, told late, and the intake clock; steps named are those of
 * docs/rules.md 8. What is expected was counted by hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/verdict_case.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict__finished__early_on_time_late),
        cmocka_unit_test(verdict__open__in_time_then_overdue),
        cmocka_unit_test(verdict__precision_day__flips_at_midnight),
        cmocka_unit_test(verdict__waits_since_the_due_was_over__is_overdue),
        cmocka_unit_test(verdict__pauses__reversed_and_empty_do_not_count),
        cmocka_unit_test(verdict__no_due__is_excluded),
        cmocka_unit_test(verdict__end__first_of_the_ladder),
        cmocka_unit_test(verdict__accepted_or_promised__is_not_unaccepted),
        cmocka_unit_test(verdict__told_late__more_than_a_day_after_the_end),
        cmocka_unit_test(verdict__intake__from_handing_in_to_acceptance),
        cmocka_unit_test(verdict__names__go_both_ways),
    };

    return cmocka_run_group_tests_name("verdict", tests, open_office, close_office);
}
