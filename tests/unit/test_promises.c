/* SPDX-License-Identifier: MIT */
/*
 * test_promises.c - later promises, by docs/rules.md 12: which re-appointments are promises, which of them were broken,
 * which is next and when time breaks it.  The week is that of tests/support/week.h; what is expected was counted by
 * hand.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "scorer/promises.h"
#include "tests/support/fold_steps.h"
#include "tests/support/week.h"

#define APPOINTMENTS 4
#define LATER 4

static struct calendars *calendars;

/* --- dossiers: received on Monday 8:00, due on Tuesday 17:00 --- */

static void nothing_else(struct dossier *dossier)
{
    (void)dossier;
}

static void finished_tuesday(struct dossier *dossier)
{
    dossier->finished_us = dossier->finished_first_us = at(TUE, 16);
}

static void finished_thursday(struct dossier *dossier)
{
    dossier->finished_us = dossier->finished_first_us = at(THU, 17);
}

static void finished_after_thursday(struct dossier *dossier)
{
    dossier->finished_us = dossier->finished_first_us = at(THU, 17) + 1;
}

static void withdrawn_tuesday(struct dossier *dossier)
{
    dossier->withdrawn_us = at(TUE, 10);
}

static void withdrawn_friday(struct dossier *dossier)
{
    dossier->withdrawn_us = at(FRI, 8);
}

static void add_pause(struct dossier *dossier, enum fold_pause_kind kind, int64_t from_us, int64_t to_us)
{
    dossier->pauses = calloc(1, sizeof *dossier->pauses);
    assert_non_null(dossier->pauses);
    dossier->pauses[0] = (struct fold_pause){.kind = kind, .from_us = from_us, .to_us = to_us};
    dossier->pause_count = dossier->pause_room = 1;
    dossier->open_pauses[kind] = to_us == NONE;
    dossier->supplements = kind == FOLD_SUPPLEMENT;
}

static void asked_monday(struct dossier *dossier)
{
    add_pause(dossier, FOLD_SUPPLEMENT, at(MON, 15), NONE);
}

static void asked_wednesday(struct dossier *dossier)
{
    add_pause(dossier, FOLD_SUPPLEMENT, at(WED, 8), NONE);
}

static void asked_thursday_evening(struct dossier *dossier)
{
    add_pause(dossier, FOLD_SUPPLEMENT, at(THU, 18), NONE);
}

static void asked_to_pay(struct dossier *dossier)
{
    add_pause(dossier, FOLD_PAYMENT, at(MON, 15), NONE);
}

static void asked_wednesday_and_stopped(struct dossier *dossier)
{
    asked_wednesday(dossier);
    dossier->stopped_us = at(FRI, 8);
}

/* 2 h and 3 h of work: the first promise moves to Wednesday 14:00. */
static void waited_over_night(struct dossier *dossier)
{
    add_pause(dossier, FOLD_SUPPLEMENT, at(MON, 15), at(TUE, 10));
}

static void asked_twice(struct dossier *dossier)
{
    dossier->supplements = 2;
}

static void asked_twice_and_waits(struct dossier *dossier)
{
    asked_monday(dossier);
    dossier->supplements = 2;
}

static void asked_twice_and_finished(struct dossier *dossier)
{
    asked_twice(dossier);
    dossier->finished_us = dossier->finished_first_us = at(MON, 10);
}

static void without_due(struct dossier *dossier)
{
    dossier->due_first_us = dossier->due_us = NONE;
}

/* --- rules: the default, and what differs --- */

enum variant { DEFAULT, BY_DAY, LIMITED, WAITING_ENDS };

static struct rule rule_of(enum variant variant)
{
    struct rule_book *book = rule_book_new();
    struct rule rule;

    assert_non_null(book);
    rule = *rule_book_find(book, RULE_PROMISE, 0);
    rule_book_destroy(&book);
    rule.precision = variant == BY_DAY ? RULE_DAY : RULE_INSTANT;
    rule.supplement_limit = variant == LIMITED ? 1 : 0;
    rule.waiting = variant == WAITING_ENDS ? RULE_WAITING_ENDS : RULE_WAITING_PAUSED;
    return rule;
}

static struct verdicts judge(const struct dossier *dossier, const struct rule *rule, int64_t now_us)
{
    struct rule_book *book = rule_book_new();
    struct verdict_basis basis = {.rules = book, .calendars = calendars};
    struct verdicts verdicts;

    assert_non_null(book);
    assert_int_equal(rule_book_add(book, rule), STATUS_OK);
    verdict_judge(&basis, dossier, "", now_us, &verdicts);
    rule_book_destroy(&book);
    return verdicts;
}

/* --- cases --- */

struct promise_case {
    const char *name;
    enum variant variant;
    void (*make)(struct dossier *dossier);
    int64_t appointed[APPOINTMENTS]; /* in the order told, until 0 */
    int64_t now_us;
    enum verdict_class class;
    int32_t broken;
    int64_t next_us;
    int64_t flips_us;
    int64_t later[LATER]; /* P2, P3, … until 0 */
};

static struct dossier dossier_of(const struct promise_case *c)
{
    struct dossier dossier;

    fold_start(&dossier);
    dossier.received_us = dossier.last_happened_us = at(MON, 8);
    dossier.due_first_us = dossier.due_us = at(TUE, 17);
    c->make(&dossier);
    for (int i = 0; i < APPOINTMENTS && c->appointed[i] != 0; i++) {
        assert_int_equal(fold_appoint(&dossier, c->appointed[i]), STATUS_OK);
    }
    return dossier;
}

static int check_later(const struct promise_case *c, const struct dossier *dossier, const struct verdict *promise)
{
    const int64_t *dues;
    size_t count = promises_later(dossier, promise, &dues);
    size_t expected = 0;
    int failed = 0;

    while (expected < LATER && c->later[expected] != 0) {
        expected++;
    }
    if (count != expected) {
        print_error("%s: %zu later promises, not %zu\n", c->name, count, expected);
        return 1;
    }
    for (size_t i = 0; i < count; i++) {
        failed += differs(c->name, dues[i], c->later[i]);
    }
    return failed;
}

static int check(const struct promise_case *c)
{
    struct dossier dossier = dossier_of(c);
    struct rule rule = rule_of(c->variant);
    struct verdicts verdicts = judge(&dossier, &rule, c->now_us);
    const struct verdict *promise = &verdicts.rule[RULE_PROMISE];
    int failed = check_later(c, &dossier, promise);

    if (promise->class != c->class || verdicts.broken != c->broken) {
        print_error("%s: %s with %d broken, not %s with %d\n", c->name, verdict_class_name(promise->class),
                    verdicts.broken, verdict_class_name(c->class), c->broken);
        failed++;
    }
    failed += differs(c->name, verdicts.next_due_us, c->next_us);
    failed += differs(c->name, promise->flips_us, c->flips_us);
    fold_clear(&dossier);
    return failed;
}

static void check_all(const struct promise_case *cases, size_t count)
{
    int failed = 0;

    for (size_t i = 0; i < count; i++) {
        failed += check(&cases[i]);
    }
    assert_int_equal(failed, 0);
}

static void promises__open_dossier__break_one_after_the_other(void **state)
{
    const int64_t p1 = at(TUE, 17), wed = at(WED, 17), thu = at(THU, 17), fri = at(FRI, 17);
    const struct promise_case cases[] = {
        {"never re-appointed", DEFAULT, nothing_else, {0}, p1, VERDICT_IN_TIME, 0, p1, p1, {0}},
        {"the only one is over", DEFAULT, nothing_else, {0}, p1 + 1, VERDICT_OVERDUE, 1, NONE, NONE, {0}},
        {"the first holds", DEFAULT, nothing_else, {thu}, p1, VERDICT_IN_TIME, 0, p1, p1, {thu}},
        {"the first is over", DEFAULT, nothing_else, {thu}, p1 + 1, VERDICT_OVERDUE, 1, thu, thu, {thu}},
        {"the second holds", DEFAULT, nothing_else, {thu}, thu, VERDICT_OVERDUE, 1, thu, thu, {thu}},
        {"the second is over", DEFAULT, nothing_else, {thu}, thu + 1, VERDICT_OVERDUE, 2, NONE, NONE, {thu}},
        {"a third one", DEFAULT, nothing_else, {thu, fri}, at(THU, 18), VERDICT_OVERDUE, 2, fri, fri, {thu, fri}},
        {"all at once",
         DEFAULT,
         nothing_else,
         {wed, thu, fri},
         at(SAT, 8),
         VERDICT_OVERDUE,
         4,
         NONE,
         NONE,
         {wed, thu, fri}},
        {"the same and earlier dues are none",
         DEFAULT,
         nothing_else,
         {p1, at(TUE, 10)},
         at(SAT, 8),
         VERDICT_OVERDUE,
         1,
         NONE,
         NONE,
         {0}},
        {"only what is later than the last promise",
         DEFAULT,
         nothing_else,
         {thu, wed, thu, fri},
         at(THU, 8),
         VERDICT_OVERDUE,
         1,
         thu,
         thu,
         {thu, fri}},
        {"not by a due below the first promise",
         DEFAULT,
         waited_over_night,
         {at(WED, 10), thu},
         at(WED, 15),
         VERDICT_OVERDUE,
         1,
         thu,
         thu,
         {thu}},
        {"a payment that does not stop the clock",
         DEFAULT,
         asked_to_pay,
         {thu},
         at(WED, 8),
         VERDICT_OVERDUE,
         1,
         thu,
         thu,
         {thu}},
        {"without a first promise", DEFAULT, without_due, {thu}, at(SAT, 8), VERDICT_EXCLUDED, 0, NONE, NONE, {0}},
    };

    (void)state;
    check_all(cases, COUNT(cases));
}

static void promises__waiting_dossier__is_measured_by_the_request(void **state)
{
    const int64_t thu = at(THU, 17), fri = at(FRI, 17);
    const struct promise_case cases[] = {
        {"asked in time", DEFAULT, asked_monday, {thu}, at(SAT, 8), VERDICT_PAUSED, 0, NONE, NONE, {thu}},
        {"asked after the first", DEFAULT, asked_wednesday, {thu}, at(SAT, 8), VERDICT_OVERDUE, 1, NONE, NONE, {thu}},
        {"asked after the second",
         DEFAULT,
         asked_thursday_evening,
         {thu, fri},
         at(SAT, 8),
         VERDICT_OVERDUE,
         2,
         NONE,
         NONE,
         {thu, fri}},
        {"asked at a promise",
         DEFAULT,
         asked_wednesday,
         {at(WED, 8)},
         at(SAT, 8),
         VERDICT_OVERDUE,
         1,
         NONE,
         NONE,
         {at(WED, 8)}},
        /* The wait ends with the dossier and is too late to move anything: Friday 8:00 counts. */
        {"stopped",
         DEFAULT,
         asked_wednesday_and_stopped,
         {at(WED, 8)},
         at(SAT, 8),
         VERDICT_LATE,
         2,
         NONE,
         NONE,
         {at(WED, 8)}},
        /* The request is the end counted. */
        {"stopped, by the request",
         WAITING_ENDS,
         asked_wednesday_and_stopped,
         {at(WED, 8)},
         at(SAT, 8),
         VERDICT_LATE,
         1,
         NONE,
         NONE,
         {at(WED, 8)}},
    };

    (void)state;
    check_all(cases, COUNT(cases));
}

static void promises__ended_dossier__is_measured_by_its_end(void **state)
{
    const int64_t thu = at(THU, 17), fri = at(FRI, 17);
    const struct promise_case cases[] = {
        {"in time", DEFAULT, finished_tuesday, {thu}, at(SAT, 8), VERDICT_ON_TIME, 0, NONE, NONE, {thu}},
        {"at the second", DEFAULT, finished_thursday, {thu}, at(SAT, 8), VERDICT_LATE, 1, NONE, NONE, {thu}},
        {"after the second", DEFAULT, finished_after_thursday, {thu}, at(SAT, 8), VERDICT_LATE, 2, NONE, NONE, {thu}},
        {"before the third",
         DEFAULT,
         finished_after_thursday,
         {thu, fri},
         at(SAT, 8),
         VERDICT_LATE,
         2,
         NONE,
         NONE,
         {thu, fri}},
        {"withdrawn in time", DEFAULT, withdrawn_tuesday, {thu}, at(SAT, 8), VERDICT_EXCLUDED, 0, NONE, NONE, {0}},
        {"withdrawn late", DEFAULT, withdrawn_friday, {thu}, at(SAT, 8), VERDICT_LATE, 2, NONE, NONE, {thu}},
    };

    (void)state;
    check_all(cases, COUNT(cases));
}

static void promises__broken_by_supplements__the_later_ones_still_hold(void **state)
{
    const int64_t thu = at(THU, 17);
    const struct promise_case cases[] = {
        {"open", LIMITED, asked_twice, {thu}, at(MON, 10), VERDICT_OVERDUE, 1, thu, thu, {thu}},
        {"open, after the second", LIMITED, asked_twice, {thu}, thu + 1, VERDICT_OVERDUE, 2, NONE, NONE, {thu}},
        {"waits", LIMITED, asked_twice_and_waits, {thu}, at(FRI, 8), VERDICT_OVERDUE, 1, NONE, NONE, {thu}},
        {"finished", LIMITED, asked_twice_and_finished, {thu}, at(FRI, 8), VERDICT_LATE, 1, NONE, NONE, {thu}},
    };

    (void)state;
    check_all(cases, COUNT(cases));
}

static void promises__by_day__are_kept_until_its_end(void **state)
{
    const int64_t tue_end = at(WED, 0) - 1, thu_end = at(FRI, 0) - 1;
    const int64_t tue = at(TUE, 17), evening = at(TUE, 20), thu = at(THU, 8);
    const struct promise_case cases[] = {
        {"of one day, which goes on",
         BY_DAY,
         nothing_else,
         {evening},
         tue_end,
         VERDICT_IN_TIME,
         0,
         tue,
         tue_end,
         {evening}},
        {"of one day, which is over",
         BY_DAY,
         nothing_else,
         {evening},
         at(WED, 0),
         VERDICT_OVERDUE,
         2,
         NONE,
         NONE,
         {evening}},
        {"until midnight", BY_DAY, nothing_else, {thu}, thu_end, VERDICT_OVERDUE, 1, thu, thu_end, {thu}},
        {"past midnight", BY_DAY, nothing_else, {thu}, at(FRI, 0), VERDICT_OVERDUE, 2, NONE, NONE, {thu}},
        {"ended on the day", BY_DAY, finished_thursday, {thu}, at(SAT, 8), VERDICT_LATE, 1, NONE, NONE, {thu}},
    };

    (void)state;
    check_all(cases, COUNT(cases));
}

/* What a row of table dossier, and those of table promise, give back. */
static void through_the_table(const struct verdicts *verdicts, const struct dossier *dossier, struct verdicts *was,
                              struct dossier *row)
{
    const int64_t *dues;
    size_t later = promises_later(dossier, &verdicts->rule[RULE_PROMISE], &dues);

    *was = *verdicts;
    was->rule[RULE_PROMISE].end_us = was->rule[RULE_PROMISE].asked_us = was->rule[RULE_PROMISE].flips_us = NONE;
    fold_start(row);
    for (size_t i = 0; i < later; i++) {
        assert_int_equal(fold_appoint(row, dues[i]), STATUS_OK);
    }
}

/* Judged at one moment and ticked to another is judged at the other: for every pair of hours of two weeks. */
static void promises__tick__ends_as_judged_anew(void **state)
{
    const struct promise_case cases[] = {
        {.name = "plain", .make = nothing_else, .appointed = {at(WED, 17), at(THU, 17), at(SAT, 3)}},
        {.name = "by day",
         .variant = BY_DAY,
         .make = nothing_else,
         .appointed = {at(TUE, 20), at(WED, 17), at(THU, 17)}},
        {.name = "moved", .make = waited_over_night, .appointed = {at(WED, 10), at(THU, 17), at(FRI, 17)}},
        {.name = "too many requests", .variant = LIMITED, .make = asked_twice, .appointed = {at(WED, 17), at(THU, 17)}},
        {.name = "waits, overdue", .make = asked_wednesday, .appointed = {at(WED, 17), at(THU, 17)}},
        {.name = "waits, paused", .make = asked_monday, .appointed = {at(WED, 17)}},
        {.name = "late", .make = finished_thursday, .appointed = {at(WED, 17), at(FRI, 17)}},
    };
    int failed = 0;

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct dossier dossier = dossier_of(&cases[i]);
        struct rule rule = rule_of(cases[i].variant);

        for (int from = 0; from < 14 * 24; from++) {
            struct verdicts first = judge(&dossier, &rule, at(MON, from));
            struct verdicts ticked;
            struct dossier row;

            for (int to = from; to < 14 * 24; to += 7) {
                struct verdicts anew = judge(&dossier, &rule, at(MON, to) + 1);
                const struct verdict *promise = &anew.rule[RULE_PROMISE];

                through_the_table(&first, &dossier, &ticked, &row);
                verdict_tick(&rule, at(MON, to) + 1, &ticked.rule[RULE_PROMISE]);
                promises_tick(&rule, &row, at(MON, to) + 1, &ticked);
                failed += ticked.rule[RULE_PROMISE].class != promise->class || ticked.broken != anew.broken ||
                          ticked.next_due_us != anew.next_due_us ||
                          ticked.rule[RULE_PROMISE].flips_us != promise->flips_us;
                fold_clear(&row);
            }
        }
        fold_clear(&dossier);
    }
    assert_int_equal(failed, 0);
}

static void promises__very_many__stop_at_the_column(void **state)
{
    struct promise_case c = {.make = nothing_else};
    struct dossier dossier = dossier_of(&c);
    struct rule rule = rule_of(DEFAULT);
    struct verdicts verdicts;
    const int64_t *dues;

    (void)state;
    for (int64_t i = 0; i < 40000; i++) {
        assert_int_equal(fold_appoint(&dossier, at(WED, 0) + i), STATUS_OK);
    }
    assert_int_equal(dossier.appointment_count, 40000);
    verdicts = judge(&dossier, &rule, at(SAT, 0));
    assert_int_equal(promises_later(&dossier, &verdicts.rule[RULE_PROMISE], &dues), INT16_MAX - 1);
    assert_int_equal(dues[0], at(WED, 0));
    assert_int_equal(verdicts.broken, INT16_MAX);
    assert_true(verdicts.next_due_us == NONE);
    fold_clear(&dossier);
}

static int set_up(void **state)
{
    if (use_zone(state) != 0) {
        return -1;
    }
    calendars = office_calendars(2026, 2026);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    calendars_destroy(&calendars);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises__open_dossier__break_one_after_the_other),
        cmocka_unit_test(promises__waiting_dossier__is_measured_by_the_request),
        cmocka_unit_test(promises__ended_dossier__is_measured_by_its_end),
        cmocka_unit_test(promises__broken_by_supplements__the_later_ones_still_hold),
        cmocka_unit_test(promises__by_day__are_kept_until_its_end),
        cmocka_unit_test(promises__tick__ends_as_judged_anew),
        cmocka_unit_test(promises__very_many__stop_at_the_column),
    };

    return cmocka_run_group_tests(tests, set_up, tear_down);
}
