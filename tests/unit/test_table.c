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

static void text__marks_that_turn_the_direction__are_not_passed_on(void **state)
{
    static const char *const marks[] = {"\u200e", "\u200f", "\u202a", "\u202b", "\u202c", "\u202d",
                                        "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"};
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        table_put_printable(out, marks[i]);
        assert_int_equal(table_width(marks[i]), 1);
    }
    table_put_printable(out, "\u2010"); /* a hyphen may pass */
    fclose(out);
    assert_string_equal(text, "???????????\u2010");
    free(text);
}

static void text__columns_without_news__are_left_out(void **state)
{
    struct table *table = table_new();

    (void)state;
    table_column(table, "plan", "plan", TABLE_LEFT);
    table_hide(table, TABLE_HIDE_SAME);
    table_column(table, "a", "a", TABLE_LEFT);
    table_column(table, "unit", "unit", TABLE_LEFT);
    table_hide(table, TABLE_HIDE_EMPTY);
    for (int i = 0; i < 2; i++) {
        table_row(table);
        table_text(table, "p");
        table_int(table, i);
        table_text(table, i == 0 ? "" : NULL);
    }
    assert_prints(table, print_plain, "a\n0\n1\n");
    assert_prints(table, table_print_csv, "plan,a,unit\r\np,0,\r\np,1,\r\n");
    table_row(table);
    table_text(table, "q");
    table_int(table, 2);
    table_text(table, "U");
    assert_prints(table, print_plain,
                  "plan  a  unit\n"
                  "p     0  \n"
                  "p     1  –\n"
                  "q     2  U\n");
    table_destroy(&table);
}

static void text__column_that_gives_way__is_cut_to_the_width_of_a_line(void **state)
{
    struct table *table = table_new();
    char other[TABLE_LINE_WIDTH - 21];
    char wanted[1024];

    (void)state;
    memset(other, 'x', sizeof other - 1);
    other[sizeof other - 1] = '\0';
    table_column(table, "title", "title", TABLE_LEFT);
    table_give_way(table);
    table_column(table, "b", "b", TABLE_LEFT);
    table_row(table);
    table_text(table, "Hồ sơ đất đai trễ hạn giải quyết");
    table_text(table, other);
    table_row(table);
    table_text(table, "Hồ sơ đất đai trễ hạn");
    table_text(table, "y");
    /* 120 less 98 and the gap of 2 is 20. */
    snprintf(wanted, sizeof wanted,
             "title                 b\n"
             "Hồ sơ đất đai trễ h…  %s\n"
             "Hồ sơ đất đai trễ h…  y\n",
             other);
    assert_prints(table, print_plain, wanted);
    snprintf(wanted, sizeof wanted, "title,b\r\nHồ sơ đất đai trễ hạn giải quyết,%s\r\nHồ sơ đất đai trễ hạn,y\r\n",
             other);
    assert_prints(table, table_print_csv, wanted);
    table_destroy(&table);
}

static void text__column_that_heads_rows__stands_above_them_rather_than_be_cut(void **state)
{
    struct table *table = table_new();
    char other[TABLE_LINE_WIDTH - 21];
    char wanted[1024];

    (void)state;
    memset(other, 'x', sizeof other - 1);
    other[sizeof other - 1] = '\0';
    table_column(table, "title", "title", TABLE_LEFT);
    table_head_rows(table);
    table_column(table, "b", "b", TABLE_LEFT);
    for (int i = 0; i < 3; i++) {
        table_row(table);
        table_text(table, i < 2 ? "Hồ sơ đất đai trễ hạn" : "Hồ sơ đất đai trễ hẹn");
        table_text(table, i == 0 ? other : "y");
    }
    /* 120 less 98 and the gap of 2 is 20, one less than the titles have. */
    snprintf(wanted, sizeof wanted,
             "  b\n"
             "Hồ sơ đất đai trễ hạn\n"
             "  %s\n"
             "  y\n"
             "Hồ sơ đất đai trễ hẹn\n"
             "  y\n",
             other);
    assert_prints(table, print_plain, wanted);
    table_destroy(&table);
    /* There is room: a column like others. */
    table = table_new();
    table_column(table, "title", "title", TABLE_LEFT);
    table_head_rows(table);
    table_column(table, "b", "b", TABLE_LEFT);
    table_row(table);
    table_text(table, "Hồ sơ");
    table_text(table, "y");
    assert_prints(table, print_plain, "title  b\nHồ sơ  y\n");
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
        cmocka_unit_test(text__marks_that_turn_the_direction__are_not_passed_on),
        cmocka_unit_test(text__columns_without_news__are_left_out),
        cmocka_unit_test(text__column_that_gives_way__is_cut_to_the_width_of_a_line),
        cmocka_unit_test(text__column_that_heads_rows__stands_above_them_rather_than_be_cut),
        cmocka_unit_test(text__colors__only_when_asked),
        cmocka_unit_test(csv__commas_quotes_and_lines__are_quoted),
        cmocka_unit_test(json__rows_and_total__are_apart_and_numbers_whole),
        cmocka_unit_test(row__more_cells_than_columns__are_dropped),
    };

    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
