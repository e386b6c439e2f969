/* SPDX-License-Identifier: MIT */
/* Versions of rules and terms of procedures by date; switches by name and value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "scorer/rule.h"
#include "scorer/rule_switch.h"

#define DAY_US (INT64_C(86400) * 1000000)

static void expect_switch(const struct rule *rule, const char *name, const char *value)
{
    char text[RULE_VALUE_SIZE];
    enum rule_switch which = rule_switch_from_name(name);

    assert_int_not_equal(which, RULE_SWITCHES);
    rule_switch_text(rule, which, text);
    assert_string_equal(text, value);
}

/* docs/rules.md 6. */
static void new__built_in_versions__are_those_of_the_page(void **state)
{
    static const char *const rows[][3] = {
        {"precision", "instant", "instant"}, {"due", "first", "current"},          {"finish", "latest", "latest"},
        {"pause", "move_due", "deduct"},     {"measure", "working", "elapsed"},    {"payment", "runs", "runs"},
        {"waiting", "paused", "ends"},       {"supplement_limit", "0", "1"},       {"extension_limit", "1", "1"},
        {"missing_due", "term", "term"},     {"withdrawn", "exclude_kept", "end"}, {"unaccepted", "count", "exclude"},
    };
    /* Of its row in the table; it looks at the term only. */
    static const char *const intake[][2] = {
        {"precision", "instant"},  {"due", "first"},           {"finish", "latest"},     {"pause", "none"},
        {"measure", "working"},    {"payment", "runs"},        {"waiting", "runs"},      {"supplement_limit", "0"},
        {"extension_limit", "1"},  {"missing_due", "exclude"}, {"withdrawn", "exclude"}, {"unaccepted", "count"},
        {"term", "1 working_days"}};
    struct rule_book *book = rule_book_new();

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        expect_switch(rule_book_find(book, RULE_PROMISE, 0), rows[i][0], rows[i][1]);
        expect_switch(rule_book_find(book, RULE_PORTAL, 0), rows[i][0], rows[i][2]);
    }
    for (size_t i = 0; i < sizeof intake / sizeof *intake; i++) {
        expect_switch(rule_book_find(book, RULE_INTAKE, 0), intake[i][0], intake[i][1]);
    }
    for (int name = 0; name < RULES; name++) {
        assert_int_equal(rule_book_find(book, (enum rule_name)name, INT64_MIN)->version, 1);
        assert_int_equal(rule_book_find(book, (enum rule_name)name, 0)->name, name);
    }
    rule_book_destroy(&book);
    assert_null(book);
}

static void add(struct rule_book *book, int version, int64_t effective_us)
{
    struct rule rule = *rule_book_find(book, RULE_PROMISE, 0);

    rule.version = version;
    rule.effective_us = effective_us;
    assert_int_equal(rule_book_add(book, &rule), STATUS_OK);
}

static void find__versions_added_in_any_order__the_latest_not_after(void **state)
{
    struct rule_book *book = rule_book_new();

    (void)state;
    add(book, 3, 20 * DAY_US);
    add(book, 2, 10 * DAY_US);
    add(book, 4, 30 * DAY_US);
    assert_int_equal(rule_book_find(book, RULE_PROMISE, 10 * DAY_US - 1)->version, 1);
    assert_int_equal(rule_book_find(book, RULE_PROMISE, 10 * DAY_US)->version, 2);
    assert_int_equal(rule_book_find(book, RULE_PROMISE, 20 * DAY_US - 1)->version, 2);
    assert_int_equal(rule_book_find(book, RULE_PROMISE, 20 * DAY_US)->version, 3);
    assert_int_equal(rule_book_find(book, RULE_PROMISE, INT64_MAX)->version, 4);
    assert_int_equal(rule_book_find(book, RULE_PORTAL, INT64_MAX)->version, 1);
    rule_book_destroy(&book);
}

static void add__the_moment_of_another__takes_its_place(void **state)
{
    struct rule_book *book = rule_book_new();
    struct rule rule = *rule_book_find(book, RULE_PORTAL, 0);

    (void)state;
    rule.precision = RULE_DAY;
    assert_int_equal(rule_book_add(book, &rule), STATUS_OK);
    assert_int_equal(rule_book_find(book, RULE_PORTAL, INT64_MIN)->precision, RULE_DAY);
    assert_int_equal(rule_book_find(book, RULE_PORTAL, INT64_MAX)->precision, RULE_DAY);
    rule_book_destroy(&book);
}

static void add_term(struct rule_book *book, const char *procedure, int64_t effective_us, int32_t count)
{
    struct procedure_term term = {
        .effective_us = effective_us, .has_term = true, .term = {count, TERM_WORKING_DAYS}, .restart = count == 9};

    assert_int_equal(rule_book_add_term(book, procedure, &term), STATUS_OK);
}

static void term__no_rows__is_null(void **state)
{
    struct rule_book *book = rule_book_new();

    (void)state;
    assert_null(rule_book_term(book, "1.000656", 0));
    rule_book_destroy(&book);
}

static void term__rows_of_several_procedures__its_own_latest_not_after(void **state)
{
    struct rule_book *book = rule_book_new();

    (void)state;
    add_term(book, "2", 5 * DAY_US, 3);
    add_term(book, "1", 10 * DAY_US, 2);
    add_term(book, "1", 0, 1);
    add_term(book, "3", DB_MINUS_INFINITY_US, 9);
    assert_null(rule_book_term(book, "1", -1));
    assert_int_equal(rule_book_term(book, "1", 0)->term.count, 1);
    assert_int_equal(rule_book_term(book, "1", 10 * DAY_US - 1)->term.count, 1);
    assert_int_equal(rule_book_term(book, "1", 10 * DAY_US)->term.count, 2);
    /* The row before its first one is another procedure's. */
    assert_null(rule_book_term(book, "2", 5 * DAY_US - 1));
    assert_int_equal(rule_book_term(book, "2", 5 * DAY_US)->term.count, 3);
    assert_true(rule_book_term(book, "3", INT64_MIN + 2)->restart);
    assert_null(rule_book_term(book, "15", INT64_MAX));
    assert_null(rule_book_term(book, "4", INT64_MAX));
    add_term(book, "2", 5 * DAY_US, 7);
    assert_int_equal(rule_book_term(book, "2", 5 * DAY_US)->term.count, 7);
    rule_book_destroy(&book);
}

static void term__twenty_thousand_procedures__each_is_found(void **state)
{
    struct rule_book *book = rule_book_new();
    char code[32];

    (void)state;
    for (int i = 0; i < 20000; i++) {
        snprintf(code, sizeof code, "1.%06d", (i * 7919) % 20000);
        add_term(book, code, 0, 1 + (i * 7919) % 20000 % 100);
    }
    for (int i = 0; i < 20000; i++) {
        snprintf(code, sizeof code, "1.%06d", i);
        assert_int_equal(rule_book_term(book, code, 0)->term.count, 1 + i % 100);
    }
    rule_book_destroy(&book);
}

static void switch__every_value_of_every_switch__reads_back(void **state)
{
    static const char *const values[RULE_SWITCHES][4] = {
        [RULE_SWITCH_PRECISION] = {"instant", "day"},
        [RULE_SWITCH_DUE] = {"first", "current"},
        [RULE_SWITCH_FINISH] = {"latest", "first"},
        [RULE_SWITCH_PAUSE] = {"move_due", "deduct", "none"},
        [RULE_SWITCH_MEASURE] = {"working", "elapsed"},
        [RULE_SWITCH_PAYMENT] = {"pauses", "runs"},
        [RULE_SWITCH_WAITING] = {"paused", "ends", "runs"},
        [RULE_SWITCH_MISSING_DUE] = {"exclude", "term"},
        [RULE_SWITCH_WITHDRAWN] = {"end", "exclude", "exclude_kept"},
        [RULE_SWITCH_UNACCEPTED] = {"count", "exclude"},
        [RULE_SWITCH_SUPPLEMENT_LIMIT] = {"0", "1", "1000"},
        [RULE_SWITCH_EXTENSION_LIMIT] = {"0", "7", "1000"},
        [RULE_SWITCH_TERM] = {"1 working_days", "8 working_hours", "30 calendar_days", "2 months"},
    };
    struct rule rule = {0};
    struct rule other;

    (void)state;
    for (int which = 0; which < RULE_SWITCHES; which++) {
        assert_int_equal(rule_switch_from_name(rule_switch_name((enum rule_switch)which)), which);
        for (int i = 0; i < 4 && values[which][i] != NULL; i++) {
            assert_int_equal(rule_switch_set(&rule, (enum rule_switch)which, values[which][i]), STATUS_OK);
            expect_switch(&rule, rule_switch_name((enum rule_switch)which), values[which][i]);
            other = rule;
            assert_true(rule_switch_same(&rule, &other, (enum rule_switch)which));
            assert_int_equal(rule_switch_set(&other, (enum rule_switch)which, values[which][i == 0 ? 1 : 0]),
                             STATUS_OK);
            assert_false(rule_switch_same(&rule, &other, (enum rule_switch)which));
            rule_switch_copy(&other, &rule, (enum rule_switch)which);
            assert_true(rule_switch_same(&rule, &other, (enum rule_switch)which));
        }
    }
    assert_int_equal(rule.withdrawn, RULE_WITHDRAWN_EXCLUDE_KEPT);
    assert_int_equal(rule.pause, RULE_PAUSE_NONE);
}

static void switch__no_such_value__is_refused_and_changes_nothing(void **state)
{
    struct rule rule = {.supplement_limit = 3, .due = RULE_DUE_CURRENT, .term = {4, TERM_MONTHS}};

    (void)state;
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_DUE, "latest"), STATUS_INVALID);
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_DUE, ""), STATUS_INVALID);
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_SUPPLEMENT_LIMIT, "-1"), STATUS_INVALID);
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_SUPPLEMENT_LIMIT, "1001"), STATUS_INVALID);
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_SUPPLEMENT_LIMIT, "99999999999999999999"), STATUS_INVALID);
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_SUPPLEMENT_LIMIT, "1x"), STATUS_INVALID);
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_SUPPLEMENT_LIMIT, ""), STATUS_INVALID);
    assert_int_equal(rule_switch_set(&rule, RULE_SWITCH_TERM, "0 working days"), STATUS_INVALID);
    assert_int_equal(rule.supplement_limit, 3);
    assert_int_equal(rule.due, RULE_DUE_CURRENT);
    assert_int_equal(rule.term.count, 4);
    assert_int_equal(rule_switch_from_name("Precision"), RULE_SWITCHES);
}

static void name__text_and_back(void **state)
{
    (void)state;
    assert_string_equal(rule_name_text(RULE_PROMISE), "promise");
    assert_string_equal(rule_name_text(RULE_PORTAL), "portal");
    assert_string_equal(rule_name_text(RULE_INTAKE), "intake");
    assert_int_equal(rule_name_from_text("intake"), RULE_INTAKE);
    assert_int_equal(rule_name_from_text("Intake"), RULES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new__built_in_versions__are_those_of_the_page),
        cmocka_unit_test(find__versions_added_in_any_order__the_latest_not_after),
        cmocka_unit_test(add__the_moment_of_another__takes_its_place),
        cmocka_unit_test(term__no_rows__is_null),
        cmocka_unit_test(term__rows_of_several_procedures__its_own_latest_not_after),
        cmocka_unit_test(term__twenty_thousand_procedures__each_is_found),
        cmocka_unit_test(switch__every_value_of_every_switch__reads_back),
        cmocka_unit_test(switch__no_such_value__is_refused_and_changes_nothing),
        cmocka_unit_test(name__text_and_back),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
