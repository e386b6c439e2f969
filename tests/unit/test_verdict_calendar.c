/* SPDX-License-Identifier: MIT */
/*
 * test_verdict_calendar.c - terms, versions and calendars: which of them a dossier is judged by.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/support/verdict_case.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdict__term_unit__decides_how_pauses_are_measured),
        cmocka_unit_test(verdict__term__starts_when_accepted),
        cmocka_unit_test(verdict__anchor__chooses_the_versions),
        cmocka_unit_test(verdict__calendar__that_in_force_at_the_end),
        cmocka_unit_test(verdict__no_calendar__is_excluded_and_flagged),
    };

    return cmocka_run_group_tests_name("verdict_calendar", tests, open_office, close_office);
}
