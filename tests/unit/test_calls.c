/* SPDX-License-Identifier: MIT */
/* test_calls.c - which call of a subcommand was typed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/calls.h"

static struct cli cli;

/* What ran, and with what. */
static const char *ran;
static int ran_argc;
static const char *ran_first;

static int note(const char *name, int argc, char **argv)
{
    ran = name;
    ran_argc = argc;
    ran_first = argc > 0 ? argv[0] : NULL;
    return EXIT_FINE;
}

#define RUN(name)                                                                                                      \
    static int run_##name(struct cli *self, int argc, char **argv, const void *request)                                \
    {                                                                                                                  \
        (void)self;                                                                                                    \
        (void)request;                                                                                                 \
        return note(#name, argc, argv);                                                                                \
    }
RUN(list)
RUN(ack)
RUN(ladder)
RUN(load)

static const struct call calls[] = {
    {"list", "--unit", 0, 0, false, run_list},
    {"ack", "--why", 1, 1, true, run_ack},
    {"ladder", "", 0, 0, false, run_ladder},
    {"ladder load", "", 1, 2, false, run_load},
};

static int run(char **argv, const char *unit, const char *why)
{
    const struct cli_option options[] = {
        {"--unit", CLI_TEXT_VALUE, &unit}, {"--why", CLI_TEXT_VALUE, &why}, {NULL, CLI_FLAG, NULL}};
    struct calls_typed typed = {.argv = argv, .options = options, .why = why};

    ran = NULL;
    while (argv[typed.argc] != NULL) {
        typed.argc++;
    }
    return calls_run(&cli, calls, sizeof calls / sizeof *calls, &typed);
}

static void run__nothing_named__is_the_first(void **state)
{
    char *argv[] = {"alerts", NULL};

    (void)state;
    assert_int_equal(run(argv, NULL, NULL), EXIT_FINE);
    assert_string_equal(ran, "list");
}

static void run__arguments__follow_the_name(void **state)
{
    char *ack[] = {"alerts", "ack", "D1", NULL};
    char *none[] = {"alerts", "ack", NULL};
    char *two[] = {"alerts", "ack", "D1", "D2", NULL};

    (void)state;
    assert_int_equal(run(ack, NULL, "because"), EXIT_FINE);
    assert_string_equal(ran, "ack");
    assert_int_equal(ran_argc, 1);
    assert_string_equal(ran_first, "D1");
    assert_int_equal(run(none, NULL, "because"), EXIT_USAGE);
    assert_null(ran);
    assert_int_equal(run(two, NULL, "because"), EXIT_USAGE);
    assert_null(ran);
}

static void run__two_words__go_before_one(void **state)
{
    char *ladder[] = {"alerts", "ladder", NULL};
    char *load[] = {"alerts", "ladder", "load", "f.csv", NULL};
    char *other[] = {"alerts", "ladder", "burn", NULL};

    (void)state;
    assert_int_equal(run(ladder, NULL, NULL), EXIT_FINE);
    assert_string_equal(ran, "ladder");
    assert_int_equal(run(load, NULL, NULL), EXIT_FINE);
    assert_string_equal(ran, "load");
    assert_string_equal(ran_first, "f.csv");
    assert_int_equal(run(other, NULL, NULL), EXIT_USAGE);
    assert_null(ran);
}

static void run__what_it_does_not_take__is_refused(void **state)
{
    char *ack[] = {"alerts", "ack", "D1", NULL};
    char *unknown[] = {"alerts", "lis", NULL};
    char *longer[] = {"alerts", "lists", NULL};

    (void)state;
    assert_int_equal(run(ack, NULL, NULL), EXIT_USAGE); /* no reason */
    assert_int_equal(run(ack, NULL, ""), EXIT_USAGE);
    assert_int_equal(run(ack, "U1", "because"), EXIT_USAGE); /* another one's option */
    assert_int_equal(run(unknown, NULL, NULL), EXIT_USAGE);
    assert_int_equal(run(longer, NULL, NULL), EXIT_USAGE);
    assert_null(ran);
}

static void numbers__are_told_from_others(void **state)
{
    int64_t number;

    (void)state;
    assert_int_equal(calls_read_id(&cli, "17", &number), -1);
    assert_int_equal(number, 17);
    assert_int_equal(calls_read_id(&cli, "2147483648", &number), EXIT_USAGE);
    assert_int_equal(calls_read_id(&cli, "", &number), EXIT_USAGE);
    assert_int_equal(calls_read_id(&cli, "1x", &number), EXIT_USAGE);
    assert_int_equal(calls_read_id(&cli, "-1", &number), EXIT_USAGE);
    assert_int_equal(calls_read_id(&cli, " 1", &number), EXIT_USAGE);
    assert_int_equal(calls_read_limit(&cli, NULL, &number), -1);
    assert_int_equal(number, 100);
    assert_int_equal(calls_read_limit(&cli, "0", &number), -1);
    assert_int_equal(number, 0);
    assert_int_equal(calls_read_limit(&cli, "many", &number), EXIT_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(run__nothing_named__is_the_first), cmocka_unit_test(run__arguments__follow_the_name),
        cmocka_unit_test(run__two_words__go_before_one),    cmocka_unit_test(run__what_it_does_not_take__is_refused),
        cmocka_unit_test(numbers__are_told_from_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
