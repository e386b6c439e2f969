/* SPDX-License-Identifier: MIT */
/* test_explain_gap.c - which switch makes promise and portal differ, in Asia/Ho_Chi_Minh (UTC+7, no summer time). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cli/explain_gap.h"
#include "common/clock.h"
#include "tests/support/office.h"

#define NONE FOLD_NONE_US
#define MAX_SWITCHES 3
#define HOUR INT64_C(3600000000)
#define DAY (24 * HOUR)
/* 2026-03-02, a Monday, 00:00 in Ho Chi Minh City. */
#define MONDAY (INT64_C(20513) * DAY + 17 * HOUR)

/* Received Monday 08:00, first due Friday 17:00. */
static struct dossier dossier_of_a_week(void)
{
    struct dossier dossier;

    fold_start(&dossier);
    dossier.received_us = MONDAY + 8 * HOUR;
    dossier.last_happened_us = dossier.received_us;
    dossier.due_first_us = dossier.due_us = MONDAY + 4 * DAY + 17 * HOUR;
    return dossier;
}

static struct rule_book *book_with(const struct rule *promise, const struct rule *portal)
{
    struct rule_book *book = rule_book_new();

    assert_non_null(book);
    assert_int_equal(promise == NULL ? STATUS_OK : rule_book_add(book, promise), STATUS_OK);
    assert_int_equal(portal == NULL ? STATUS_OK : rule_book_add(book, portal), STATUS_OK);
    return book;
}

/* switches: those expected, ended by RULE_SWITCHES */
static void check(struct rule_book *book, const struct calendars *calendars, const struct dossier *dossier,
                  const char *promise, const char *portal, const enum rule_switch switches[MAX_SWITCHES])
{
    struct verdict_basis basis = {.rules = book, .calendars = calendars};
    int64_t now_us = MONDAY + 30 * DAY;
    struct explain_gap gap;
    struct verdicts verdicts;
    int count = 0;

    verdict_judge(&basis, dossier, "", now_us, &verdicts);
    assert_string_equal(verdict_class_name(verdicts.rule[RULE_PROMISE].class), promise);
    assert_string_equal(verdict_class_name(verdicts.rule[RULE_PORTAL].class), portal);
    assert_int_equal(explain_gap_find(&basis, dossier, "", now_us, &gap), STATUS_OK);
    while (switches[count] != RULE_SWITCHES) {
        assert_true(count < gap.count);
        assert_string_equal(rule_switch_name(gap.switches[count]), rule_switch_name(switches[count]));
        count++;
    }
    assert_int_equal(gap.count, count);
    assert_false(gap.no_calendar);
    rule_book_destroy(&book);
}

#define CHECK(book, dossier, promise, portal, ...)                                                                     \
    check(book, NULL, dossier, promise, portal, (const enum rule_switch[MAX_SWITCHES]){__VA_ARGS__, RULE_SWITCHES})

static void gap__same_class__no_switch(void **state)
{
    struct dossier dossier = dossier_of_a_week();

    (void)state;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 9 * DAY;
    check(book_with(NULL, NULL), NULL, &dossier, "late", "late", (const enum rule_switch[MAX_SWITCHES]){RULE_SWITCHES});
}

static void gap__due_moved_upstream__due(void **state)
{
    struct dossier dossier = dossier_of_a_week();

    (void)state;
    dossier.due_us = MONDAY + 11 * DAY;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 9 * DAY;
    CHECK(book_with(NULL, NULL), &dossier, "late", "early", RULE_SWITCH_DUE);
}

static void gap__two_requests__supplement_limit(void **state)
{
    struct dossier dossier = dossier_of_a_week();

    (void)state;
    dossier.supplements = 2;
    dossier.finished_us = dossier.finished_first_us = MONDAY + DAY;
    CHECK(book_with(NULL, NULL), &dossier, "early", "late", RULE_SWITCH_SUPPLEMENT_LIMIT);
}

static void gap__withdrawn_in_time__withdrawn(void **state)
{
    struct dossier dossier = dossier_of_a_week();

    (void)state;
    dossier.withdrawn_us = MONDAY + DAY;
    CHECK(book_with(NULL, NULL), &dossier, "excluded", "early", RULE_SWITCH_WITHDRAWN);
}

/* The pause begins after the due: the promise is broken by then, the portal deducts it all the same.  (The finish is
 * reported from within the pause; after one that began too late, no deduction helps.) */
static void gap__pause_after_due__pause(void **state)
{
    struct fold_pause pause = {FOLD_SUPPLEMENT, MONDAY + 5 * DAY, MONDAY + 9 * DAY, NULL};
    struct dossier dossier = dossier_of_a_week();

    (void)state;
    dossier.pauses = &pause;
    dossier.pause_count = 1;
    dossier.supplements = 1;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 8 * DAY - HOUR;
    CHECK(book_with(NULL, NULL), &dossier, "late", "early", RULE_SWITCH_PAUSE);
}

/* Thursday 10:00 to Friday 10:00 are 8 working hours, which lead to Monday 17:00, and 24 hours by the clock, which lead
 * to Saturday 17:00: it takes two switches to go from the portal to the promise, one to go the other way. */
static void gap__pause_before_a_weekend__one_switch(void **state)
{
    struct fold_pause pause = {FOLD_SUPPLEMENT, MONDAY + 3 * DAY + 10 * HOUR, MONDAY + 4 * DAY + 10 * HOUR, NULL};
    struct dossier dossier = dossier_of_a_week();
    struct calendar_definition definition = office(2026, 2026);
    struct calendars *calendars = calendars_new();
    char error[CALENDAR_ERROR_SIZE];

    (void)state;
    assert_int_equal(calendars_add(calendars, 1, DB_MINUS_INFINITY_US, 0, &definition, error), STATUS_OK);
    dossier.pauses = &pause;
    dossier.pause_count = 1;
    dossier.supplements = 1;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 7 * DAY + 16 * HOUR;
    check(book_with(NULL, NULL), calendars, &dossier, "on_time", "late",
          (const enum rule_switch[MAX_SWITCHES]){RULE_SWITCH_PAUSE, RULE_SWITCHES});
    calendars_destroy(&calendars);
}

static void gap__never_supplemented__waiting(void **state)
{
    struct fold_pause pause = {FOLD_SUPPLEMENT, MONDAY + DAY, NONE, NULL};
    struct dossier dossier = dossier_of_a_week();
    struct rule_book *shipped = book_with(NULL, NULL);
    struct rule promise = *rule_book_find(shipped, RULE_PROMISE, 0);

    (void)state;
    rule_book_destroy(&shipped);
    dossier.pauses = &pause;
    dossier.pause_count = 1;
    dossier.supplements = 1;
    dossier.refused_us = MONDAY + 9 * DAY;
    /* No pause helps this promise, so that the refusal is late; the portal takes the request for the end. */
    promise.pause = RULE_PAUSE_NONE;
    CHECK(book_with(&promise, NULL), &dossier, "late", "early", RULE_SWITCH_PAUSE);
    promise.pause = RULE_PAUSE_DEDUCT;
    promise.waiting = RULE_WAITING_RUNS;
    dossier.refused_us = NONE;
    CHECK(book_with(&promise, NULL), &dossier, "overdue", "paused", RULE_SWITCH_WAITING);
}

static void gap__same_day__precision(void **state)
{
    struct dossier dossier = dossier_of_a_week();
    struct rule_book *shipped = book_with(NULL, NULL);
    struct rule portal = *rule_book_find(shipped, RULE_PORTAL, 0);

    (void)state;
    rule_book_destroy(&shipped);
    portal.precision = RULE_DAY;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 4 * DAY + 18 * HOUR;
    CHECK(book_with(NULL, &portal), &dossier, "late", "on_time", RULE_SWITCH_PRECISION);
}

/* The portal would still be late without the limit, by the due; the promise is late as soon as it has the limit. */
static void gap__late_twice_over__the_smaller_way(void **state)
{
    struct dossier dossier = dossier_of_a_week();

    (void)state;
    dossier.supplements = 2;
    dossier.due_us = MONDAY + DAY;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 2 * DAY;
    CHECK(book_with(NULL, NULL), &dossier, "early", "late", RULE_SWITCH_SUPPLEMENT_LIMIT);
}

/* On time on its last day by the promise; without the limit the portal, which counts the weekend, would call it late by
 * its own reckoning of the pauses. */
static void gap__two_supplements_on_time__supplement_limit(void **state)
{
    struct fold_pause pauses[] = {{FOLD_SUPPLEMENT, MONDAY + DAY + 8 * HOUR, MONDAY + DAY + 9 * HOUR, NULL},
                                  {FOLD_SUPPLEMENT, MONDAY + 3 * DAY + 10 * HOUR, MONDAY + 4 * DAY + 10 * HOUR, NULL}};
    struct dossier dossier = dossier_of_a_week();
    struct calendar_definition definition = office(2026, 2026);
    struct calendars *calendars = calendars_new();
    char error[CALENDAR_ERROR_SIZE];

    (void)state;
    assert_int_equal(calendars_add(calendars, 1, DB_MINUS_INFINITY_US, 0, &definition, error), STATUS_OK);
    dossier.pauses = pauses;
    dossier.pause_count = 2;
    dossier.supplements = 2;
    /* 1 + 8 working hours lead to Tuesday 09:00; the clock's 25 hours to Saturday 18:00. */
    dossier.finished_us = dossier.finished_first_us = MONDAY + 8 * DAY + 8 * HOUR;
    check(book_with(NULL, NULL), calendars, &dossier, "on_time", "late",
          (const enum rule_switch[MAX_SWITCHES]){RULE_SWITCH_SUPPLEMENT_LIMIT, RULE_SWITCHES});
    calendars_destroy(&calendars);
}

/* Due Friday, Saturday with either switch, Sunday with both; the end on Saturday is late, on time and early. */
static void gap__two_steps__both_switches(void **state)
{
    struct fold_pause pause = {FOLD_PAYMENT, MONDAY + DAY, MONDAY + 2 * DAY, NULL};
    struct dossier dossier = dossier_of_a_week();
    struct rule_book *shipped = book_with(NULL, NULL);
    struct rule promise = *rule_book_find(shipped, RULE_PROMISE, 0);
    struct rule portal = *rule_book_find(shipped, RULE_PORTAL, 0);

    (void)state;
    rule_book_destroy(&shipped);
    promise.pause = RULE_PAUSE_DEDUCT;
    promise.measure = RULE_ELAPSED;
    portal.payment = RULE_PAYMENT_PAUSES;
    dossier.pauses = &pause;
    dossier.pause_count = 1;
    dossier.due_us = dossier.due_first_us + DAY;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 5 * DAY + 16 * HOUR;
    CHECK(book_with(&promise, &portal), &dossier, "late", "early", RULE_SWITCH_DUE, RULE_SWITCH_PAYMENT);
}

/* The promise counts the pause in working time, the portal by the clock on the wall. */
static void gap__no_calendar__said_instead_of_switches(void **state)
{
    struct fold_pause pause = {FOLD_SUPPLEMENT, MONDAY + DAY, MONDAY + 2 * DAY, NULL};
    struct dossier dossier = dossier_of_a_week();
    struct rule_book *book = book_with(NULL, NULL);
    struct verdict_basis basis = {.rules = book, .calendars = NULL};
    struct explain_gap gap;

    (void)state;
    dossier.pauses = &pause;
    dossier.pause_count = 1;
    dossier.supplements = 1;
    dossier.finished_us = dossier.finished_first_us = MONDAY + 5 * DAY;
    assert_int_equal(explain_gap_find(&basis, &dossier, "", MONDAY + 30 * DAY, &gap), STATUS_OK);
    assert_true(gap.no_calendar);
    assert_int_equal(gap.count, 0);
    rule_book_destroy(&book);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gap__same_class__no_switch),
        cmocka_unit_test(gap__due_moved_upstream__due),
        cmocka_unit_test(gap__two_requests__supplement_limit),
        cmocka_unit_test(gap__withdrawn_in_time__withdrawn),
        cmocka_unit_test(gap__pause_after_due__pause),
        cmocka_unit_test(gap__pause_before_a_weekend__one_switch),
        cmocka_unit_test(gap__never_supplemented__waiting),
        cmocka_unit_test(gap__same_day__precision),
        cmocka_unit_test(gap__late_twice_over__the_smaller_way),
        cmocka_unit_test(gap__two_supplements_on_time__supplement_limit),
        cmocka_unit_test(gap__two_steps__both_switches),
        cmocka_unit_test(gap__no_calendar__said_instead_of_switches),
    };

    if (clock_use_zone("Asia/Ho_Chi_Minh") != STATUS_OK) {
        return 77;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
