/* SPDX-License-Identifier: MIT */
/* test_cli.c - options of subcommands, moments as people write them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/cli.h"

#define HOUR_US (INT64_C(3600) * CLOCK_SECOND_US)
/* 2015-02-01T00:00:00Z */
#define FEBRUARY_US (INT64_C(16467) * CLOCK_DAY_S * CLOCK_SECOND_US)

static struct cli cli;

static int parse(int *argc, char **argv, const struct cli_option *options)
{
    for (*argc = 0; argv[*argc] != NULL; (*argc)++) {
    }
    return cli_options(&cli, argc, argv, options, "");
}

static void options__both_spellings__are_read(void **state)
{
    const char *unit = NULL;
    int64_t limit = 0;
    bool open = false;
    const struct cli_option options[] = {{"--unit", CLI_TEXT_VALUE, &unit},
                                         {"--limit", CLI_INT_VALUE, &limit},
                                         {"--open", CLI_FLAG, &open},
                                         {NULL, CLI_FLAG, NULL}};
    char *argv[] = {"late", "a", "--unit=H56", "--limit", "7", "--open", "b", NULL};
    int argc;

    (void)state;
    assert_int_equal(parse(&argc, argv, options), -1);
    assert_string_equal(unit, "H56");
    assert_int_equal(limit, 7);
    assert_true(open);
    assert_int_equal(argc, 3);
    assert_string_equal(argv[1], "a");
    assert_string_equal(argv[2], "b");
    assert_null(argv[3]);
}

static void options__repeated__make_a_list(void **state)
{
    struct cli_list list = {.count = 0};
    const struct cli_option options[] = {{"--source", CLI_LIST_VALUE, &list}, {NULL, CLI_FLAG, NULL}};
    char *argv[] = {"allow", "--source", "/a", "--source=/b*", NULL};
    int argc;

    (void)state;
    assert_int_equal(parse(&argc, argv, options), -1);
    assert_int_equal(list.count, 2);
    assert_string_equal(list.items[1], "/b*");
}

static void options__after_two_dashes__everything_is_an_argument(void **state)
{
    const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    char *argv[] = {"explain", "--", "--odd", NULL};
    int argc;

    (void)state;
    assert_int_equal(parse(&argc, argv, options), -1);
    assert_int_equal(argc, 2);
    assert_string_equal(argv[1], "--odd");
}

static void options__key_that_begins_with_a_dash__is_an_argument(void **state)
{
    const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    char *argv[] = {"revoke", "-U9*P.[c7T@<kk2oFEw4qhKBu/sNdB=gd3y:-7k(", "-", NULL};
    int argc;

    (void)state;
    assert_int_equal(parse(&argc, argv, options), -1);
    assert_int_equal(argc, 3);
}

static void options__wrong_calls__are_refused(void **state)
{
    int64_t limit = 0;
    bool open = false;
    const char *unit = NULL;
    const struct cli_option options[] = {{"--limit", CLI_INT_VALUE, &limit},
                                         {"--open", CLI_FLAG, &open},
                                         {"--unit", CLI_TEXT_VALUE, &unit},
                                         {NULL, CLI_FLAG, NULL}};
    char *wrong[][4] = {
        {"late", "--limit", NULL},    {"late", "--limit", "x", NULL}, {"late", "--limit=-1", NULL},
        {"late", "--open=yes", NULL}, {"late", "--ope", NULL},        {"late", "--limit=99999999999999999999", NULL},
        {"late", "--unit", "", NULL}, {"late", "--unit=", NULL},
    };
    int argc;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(parse(&argc, wrong[i], options), EXIT_USAGE);
    }
}

static void time__local__is_of_the_zone(void **state)
{
    int64_t moment_us = 0;

    (void)state;
    /* Vietnam is seven hours ahead. */
    assert_int_equal(cli_read_time("2015-02-01 08:30", &moment_us), STATUS_OK);
    assert_int_equal(moment_us, FEBRUARY_US + HOUR_US + HOUR_US / 2);
    assert_int_equal(cli_read_time("2015-02-01", &moment_us), STATUS_OK);
    assert_int_equal(moment_us, FEBRUARY_US - 7 * HOUR_US);
    assert_int_equal(cli_read_time("2015-02-01T07:00:05", &moment_us), STATUS_OK);
    assert_int_equal(moment_us, FEBRUARY_US + 5 * CLOCK_SECOND_US);
    assert_int_equal(cli_read_time("2015-01-31T19:00:00-05:00", &moment_us), STATUS_OK);
    assert_int_equal(moment_us, FEBRUARY_US);
}

static void time__nonsense__is_refused(void **state)
{
    static const char *const wrong[] = {
        "", "x", "2015-02-30", "2015-2-1", "2015-02-01x", "2015-02-01 25:00", "2015-02-01 08", "1812-01-01"};
    int64_t moment_us;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_int_equal(cli_read_time(wrong[i], &moment_us), STATUS_INVALID);
    }
}

static void time__shown__local_and_seconds_only_when_there(void **state)
{
    char out[CLI_TIME_SIZE];

    (void)state;
    assert_string_equal(cli_time(FEBRUARY_US, out), "2015-02-01 07:00");
    assert_string_equal(cli_time(FEBRUARY_US + 61 * CLOCK_SECOND_US + 999999, out), "2015-02-01 07:01:01");
    assert_string_equal(cli_time(-1, out), "1970-01-01 07:59:59");
    assert_string_equal(cli_time(DB_NULL_US, out), "–");
    assert_string_equal(cli_time(DB_MINUS_INFINITY_US, out), "–");
}

static void span__lengths__two_units_at_most(void **state)
{
    char out[CLI_TIME_SIZE];

    (void)state;
    assert_string_equal(cli_span(&cli, 59 * CLOCK_SECOND_US, out), "59 s");
    assert_string_equal(cli_span(&cli, -20 * 60 * CLOCK_SECOND_US, out), "20 min");
    assert_string_equal(cli_span(&cli, 3 * HOUR_US + 60 * CLOCK_SECOND_US, out), "3 h 1 min");
    assert_string_equal(cli_span(&cli, 49 * HOUR_US, out), "2 d 1 h");
}

static void shell__codes__are_one_word(void **state)
{
    static const struct {
        const char *code, *word;
    } codes[] = {
        {"H56.14-240823-0001", "H56.14-240823-0001"}, {"/hcm/q1", "/hcm/q1"},
        {"Tân\u00a0Định", "Tân\u00a0Định"},           {"Water & Sewer", "'Water & Sewer'"},
        {"Mayor's $HOME", "'Mayor'\\''s $HOME'"},     {"", "''"},
    };
    char out[CLI_SHELL_SIZE];
    char quotes[2 * CLI_SHELL_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
        assert_string_equal(cli_shell(codes[i].code, out), codes[i].word);
    }
    /* What is cut still ends in its quote. */
    memset(quotes, '\'', sizeof quotes);
    quotes[sizeof quotes - 1] = '\0';
    assert_int_equal(strlen(cli_shell(quotes, out)) % 4, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options__both_spellings__are_read),
        cmocka_unit_test(options__repeated__make_a_list),
        cmocka_unit_test(options__after_two_dashes__everything_is_an_argument),
        cmocka_unit_test(options__key_that_begins_with_a_dash__is_an_argument),
        cmocka_unit_test(options__wrong_calls__are_refused),
        cmocka_unit_test(time__local__is_of_the_zone),
        cmocka_unit_test(time__nonsense__is_refused),
        cmocka_unit_test(time__shown__local_and_seconds_only_when_there),
        cmocka_unit_test(span__lengths__two_units_at_most),
        cmocka_unit_test(shell__codes__are_one_word),
    };

    if (clock_use_zone("Asia/Ho_Chi_Minh") != STATUS_OK) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
