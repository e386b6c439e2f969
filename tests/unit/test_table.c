/* SPDX-License-Identifier: MIT */
/* test_table.c - tables as text, CSV and JSON. */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/table.h"

typedef void (*print_cb)(const struct table *table, FILE *out);

static void print_plain(const struct table *table, FILE *out)
{
    table_print_text(table, out, false);
}

static void print_color(const struct table *table, FILE *out)
{
    table_print_text(table, out, true);
}

static void assert_prints(const struct table *table, print_cb print, const char *wanted)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    print(table, out);
    fclose(out);
    assert_string_equal(text, wanted);
    free(text);
}

static struct table *two_columns(void)
{
    struct table *table = table_new();

    assert_non_null(table);
    table_column(table, "unit", "Đơn vị", TABLE_LEFT);
    table_column(table, "late", "Trễ", TABLE_RIGHT);
    return table;
}

static void width__precomposed_vietnamese__one_column_a_letter(void **state)
{
    (void)state;
    assert_int_equal(table_width("Đúng hạn"), 8);
}

static void width__combining_accents__take_no_column(void **state)
{
    (void)state;
    /* "hạn" with the dot below as a character of its own. */
    assert_int_equal(table_width("ha\xcc\xa3n"), 3);
}

static void width__bytes_that_are_no_utf8__one_column_each(void **state)
{
    (void)state;
    assert_int_equal(table_width("a\xff\xfe"), 3);
}

static void width__wide_characters__two_columns(void **state)
{
    (void)state;
    assert_int_equal(table_width("漢"), 2);
}

static void text__accents__columns_stay_aligned(void **state)
{
    struct table *table = two_columns();

    (void)state;
    table_row(table);
    table_text(table, "Sở Xây dựng");
    table_int(table, 7);
    table_row(table);
    table_text(table, "H56");
    table_int(table, 12);
    assert_prints(table, print_plain,
                  "Đơn vị       Trễ\n"
                  "Sở Xây dựng    7\n"
                  "H56           12\n");
    table_destroy(&table);
    assert_null(table);
}

static void text__null_and_total__dash_and_rule(void **state)
{
    struct table *table = two_columns();

    (void)state;
    table_row(table);
    table_text(table, NULL);
    table_null(table);
    table_row(table);
    table_mark_total(table);
    table_text(table, "x");
    assert_prints(table, print_plain,
                  "Đơn vị  Trễ\n"
                  "–         –\n"
                  "──────  ───\n"
                  "x         –\n");
    table_destroy(&table);
}

static void text__title_of_two_lines__stands_at_the_bottom(void **state)
{
    struct table *table = table_new();

    (void)state;
    table_column(table, "a", "a", TABLE_LEFT);
    table_column(table, "b", "Tỷ lệ\nđúng hạn", TABLE_RIGHT);
    table_row(table);
    table_text(table, "x");
    table_text(table, "98.00");
    assert_prints(table, print_plain,
                  "      Tỷ lệ\n"
                  "a  đúng hạn\n"
                  "x     98.00\n");
    table_destroy(&table);
}

static void text__escape_sequence__is_not_passed_on(void **state)
{
    struct table *table = two_columns();

    (void)state;
    table_row(table);
    table_text(table, "\033[2J\n\xff");
    table_int(table, 1);
    assert_prints(table, print_plain,
                  "Đơn vị  Trễ\n"
                  "?[2J??    1\n");
    table_destroy(&table);
}

static void text__colors__only_when_asked(void **state)
{
    struct table *table = two_columns();

    (void)state;
    table_row(table);
    table_bool(table, false, "missed");
    table_tone(table, TABLE_BAD);
    table_int(table, 3);
    assert_prints(table, print_plain,
                  "Đơn vị  Trễ\n"
                  "missed    3\n");
    assert_prints(table, print_color,
                  "\033[1mĐơn vị\033[0m  \033[1mTrễ\033[0m\n"
                  "\033[31mmissed\033[0m    3\n");
    table_destroy(&table);
}

static void csv__commas_quotes_and_lines__are_quoted(void **state)
{
    struct table *table = two_columns();

    (void)state;
    table_row(table);
    table_text(table, "a,\"b\"\nc");
    table_int(table, INT64_MAX);
    table_row(table);
    table_bool(table, true, "có");
    assert_prints(table, table_print_csv,
                  "unit,late\r\n"
                  "\"a,\"\"b\"\"\nc\",9223372036854775807\r\n"
                  "true,\r\n");
    table_destroy(&table);
}

static void json__rows_and_total__are_apart_and_numbers_whole(void **state)
{
    struct table *table = two_columns();
    cJSON *totals = NULL;
    cJSON *rows;
    char *text;

    (void)state;
    table_row(table);
    table_text(table, "H56");
    table_show(table, "shown to people only");
    table_int(table, 9007199254740993);
    table_row(table);
    table_mark_total(table);
    rows = table_json(table, &totals);
    text = cJSON_PrintUnformatted(rows);
    assert_string_equal(text, "[{\"unit\":\"H56\",\"late\":9007199254740993}]");
    free(text);
    text = cJSON_PrintUnformatted(totals);
    assert_string_equal(text, "[{\"unit\":null,\"late\":null}]");
    free(text);
    cJSON_Delete(rows);
    cJSON_Delete(totals);
    table_destroy(&table);
}

static void row__more_cells_than_columns__are_dropped(void **state)
{
    struct table *table = two_columns();

    (void)state;
    table_row(table);
    table_int(table, 1);
    table_int(table, 2);
    table_int(table, 3);
    assert_false(table_failed(table));
    assert_int_equal(table_rows(table), 1);
    assert_prints(table, table_print_csv, "unit,late\r\n1,2\r\n");
    table_destroy(&table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width__precomposed_vietnamese__one_column_a_letter),
        cmocka_unit_test(width__combining_accents__take_no_column),
        cmocka_unit_test(width__bytes_that_are_no_utf8__one_column_each),
        cmocka_unit_test(width__wide_characters__two_columns),
        cmocka_unit_test(text__accents__columns_stay_aligned),
        cmocka_unit_test(text__null_and_total__dash_and_rule),
        cmocka_unit_test(text__title_of_two_lines__stands_at_the_bottom),
        cmocka_unit_test(text__escape_sequence__is_not_passed_on),
        cmocka_unit_test(text__colors__only_when_asked),
        cmocka_unit_test(csv__commas_quotes_and_lines__are_quoted),
        cmocka_unit_test(json__rows_and_total__are_apart_and_numbers_whole),
        cmocka_unit_test(row__more_cells_than_columns__are_dropped),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
