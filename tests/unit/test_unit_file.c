/* SPDX-License-Identifier: MIT */
/* test_unit_file.c - units as a CSV file. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/unit_file.h"

static char path[] = "/tmp/kipthoi-units-XXXXXX";

static enum status read_text(const char *text, struct unit_file **file, char error[UNIT_FILE_ERROR_SIZE])
{
    FILE *out = fopen(path, "w");

    assert_non_null(out);
    fputs(text, out);
    fclose(out);
    return unit_file_read(file, path, error);
}

static void assert_refused(const char *text, const char *wanted)
{
    struct unit_file *file = NULL;
    char error[UNIT_FILE_ERROR_SIZE];
    char whole[UNIT_FILE_ERROR_SIZE];

    assert_int_equal(read_text(text, &file, error), STATUS_INVALID);
    assert_null(file);
    snprintf(whole, sizeof whole, "%s:%s", path, wanted);
    assert_string_equal(error, whole);
}

static void read__whole_line__every_column(void **state)
{
    struct unit_file *file = NULL;
    char error[UNIT_FILE_ERROR_SIZE];

    (void)state;
    assert_int_equal(
        read_text("\xef\xbb\xbfname,code,confirmed,parent\n\"Sở Kế hoạch, Đầu tư\",H56.14,yes,H56\n", &file, error),
        STATUS_OK);
    assert_int_equal(unit_file_count(file), 1);
    assert_string_equal(unit_file_line(file, 0)->code, "H56.14");
    assert_string_equal(unit_file_line(file, 0)->name, "Sở Kế hoạch, Đầu tư");
    assert_string_equal(unit_file_line(file, 0)->parent, "H56");
    assert_int_equal(unit_file_line(file, 0)->confirmed, 1);
    assert_int_equal(unit_file_line(file, 0)->line, 2);
    unit_file_destroy(&file);
}

static void read__empty_fields__are_not_given(void **state)
{
    struct unit_file *file = NULL;
    char error[UNIT_FILE_ERROR_SIZE];

    (void)state;
    assert_int_equal(read_text("code,name,parent,confirmed\r\nH56,,,\r\nH57\r\n", &file, error), STATUS_OK);
    assert_int_equal(unit_file_count(file), 2);
    for (size_t i = 0; i < 2; i++) {
        assert_null(unit_file_line(file, i)->name);
        assert_null(unit_file_line(file, i)->parent);
        assert_int_equal(unit_file_line(file, i)->confirmed, -1);
    }
    unit_file_destroy(&file);
}

static void read__mistakes__are_named_with_their_line(void **state)
{
    (void)state;
    assert_refused("", "1: is empty: no header");
    assert_refused("name,parent\nx,y\n", "1: the header has no column \"code\"");
    assert_refused("code,name,code\n", "1: this column stands twice: \"code\"");
    assert_refused("code,name\nH56,a\n,b\n", "3: has no code");
    assert_refused("code\nH56\nH57\nH56\n", "4: stands twice: \"H56\"");
    assert_refused("code,parent\nH56,H56\n", "2: a unit cannot be above itself: \"H56\"");
    assert_refused("code,confirmed\nH56,maybe\n", "2: confirmed is neither true nor false");
}

static void read__code_too_long__is_refused(void **state)
{
    char text[256] = "code\n";

    (void)state;
    memset(text + 5, 'x', 129);
    assert_refused(text, "2: too long: \"code\"");
}

static void read__no_such_file__says_so(void **state)
{
    struct unit_file *file = NULL;
    char error[UNIT_FILE_ERROR_SIZE] = "";

    (void)state;
    assert_int_equal(unit_file_read(&file, "/nonexistent/units.csv", error), STATUS_INVALID);
    assert_null(file);
    assert_non_null(strstr(error, "/nonexistent/units.csv"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(read__whole_line__every_column),
        cmocka_unit_test(read__empty_fields__are_not_given),
        cmocka_unit_test(read__mistakes__are_named_with_their_line),
        cmocka_unit_test(read__code_too_long__is_refused),
        cmocka_unit_test(read__no_such_file__says_so),
    };
    int fd = mkstemp(path);
    int failed;

    if (fd < 0) {
        return 1;
    }
    close(fd);
    failed = cmocka_run_group_tests(tests, NULL, NULL);
    unlink(path);
    return failed;
}
