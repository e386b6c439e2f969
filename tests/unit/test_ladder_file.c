/* SPDX-License-Identifier: MIT */
/* test_ladder_file.c - the alert ladder as a CSV file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/ladder_file.h"

#define HEADER "rung,active,before_days,before_hours,roles,superior\n"

static char path[] = "/tmp/kipthoi-ladder-XXXXXX";

static enum status read_text(const char *text, struct ladder_file **file, char error[CSV_FILE_ERROR_SIZE])
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    return ladder_file_read(file, path, error);
}

static void assert_refused(const char *text, const char *wanted)
{
    struct ladder_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    char whole[CSV_FILE_ERROR_SIZE];

    assert_int_equal(read_text(text, &file, error), STATUS_INVALID);
    assert_null(file);
    snprintf(whole, sizeof whole, "%s:%s", path, wanted);
    assert_string_equal(error, whole);
}

static void read__whole_lines__every_column(void **state)
{
    struct ladder_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    const struct ladder_line *line;

    (void)state;
    assert_int_equal(read_text(HEADER "due_3_days,yes,3,0,  officer   one_stop ,no\nletter_late,false,0,8,head,true\n",
                               &file, error),
                     STATUS_OK);
    assert_int_equal(ladder_file_count(file), 2);
    line = ladder_file_line(file, 0);
    assert_int_equal(line->line, 2);
    assert_string_equal(line->rung, "due_3_days");
    assert_string_equal(line->roles, "officer one_stop");
    assert_int_equal(line->before_days, 3);
    assert_int_equal(line->before_hours, 0);
    assert_true(line->active);
    assert_false(line->superior);
    line = ladder_file_line(file, 1);
    assert_false(line->active);
    assert_true(line->superior);
    assert_int_equal(line->before_hours, 8);
    ladder_file_destroy(&file);
    assert_null(file);
}

static void read__mistakes__are_named_with_their_line(void **state)
{
    (void)state;
    assert_refused(HEADER, "1: no rung follows");
    assert_refused("rung,active\n", "1: the header has no column \"before_days\"");
    assert_refused(HEADER "a,maybe,0,0,head,no\n", "2: active: \"maybe\" is neither yes nor no");
    assert_refused(HEADER "a,yes,367,0,head,no\n", "2: before_days: \"367\" is no number from 0 to 366");
    assert_refused(HEADER "a,yes,-1,0,head,no\n", "2: before_days: \"-1\" is no number from 0 to 366");
    assert_refused(HEADER "a,yes,0,,head,no\n", "2: before_hours: \"\" is no number from 0 to 1000");
    assert_refused(HEADER "a,yes,0,0,head,\n", "2: superior: \"\" is neither yes nor no");
    assert_refused(HEADER "a,yes,0,0,,no\n", "2: roles: is empty; a rung that nobody is to hear of has active no");
    assert_refused(HEADER "a,yes,0,0,head Boss,no\n",
                   "2: roles: \"Boss\" is no role like head or one_stop: lower-case letters and _ only");
    assert_refused(HEADER "a,yes,0,0,head officer head,no\n", "2: roles: \"head\" stands twice");
    assert_refused(HEADER "a,yes,0,0,head,no\nb,yes,0,0,head,no\na,yes,0,0,head,no\n",
                   "4: rung \"a\" stands in line 2 already");
}

static void role__names__are_told_from_others(void **state)
{
    (void)state;
    assert_true(ladder_is_role("head", 4));
    assert_true(ladder_is_role("one_stop", 8));
    assert_true(ladder_is_role("head of", 4));
    assert_true(ladder_is_role("abcdefghijklmnopqrstuvwxyzabcdef", 32));
    assert_false(ladder_is_role("abcdefghijklmnopqrstuvwxyzabcdefg", 33));
    assert_false(ladder_is_role("", 0));
    assert_false(ladder_is_role("_head", 5));
    assert_false(ladder_is_role("head2", 5));
    assert_false(ladder_is_role("Head", 4));
}

static int make_file(void **state)
{
    int fd = mkstemp(path);

    (void)state;
    return fd < 0 ? -1 : close(fd);
}

static int drop_file(void **state)
{
    (void)state;
    return unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read__whole_lines__every_column),
        cmocka_unit_test(read__mistakes__are_named_with_their_line),
        cmocka_unit_test(role__names__are_told_from_others),
    };

    return cmocka_run_group_tests(tests, make_file, drop_file);
}
