/* SPDX-License-Identifier: MIT */
/* Rows of CSV files: cells, the line each row begins in, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zlib.h>

#include "cli/csv_rows.h"
#include "cli/lines.h"

struct table {
    char path[64];
    struct input *input;
    struct csv_rows *rows;
};

static void put_file(char path[64], const void *bytes, size_t len)
{
    int fd;

    strcpy(path, "/tmp/kipthoi-rows-XXXXXX");
    fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
}

static void table_open(struct table *table, const char *text, size_t len)
{
    char error[INPUT_ERROR_SIZE];

    put_file(table->path, text, len);
    assert_int_equal(input_open(&table->input, table->path, error), STATUS_OK);
    table->rows = csv_rows_new(table->input);
    assert_non_null(table->rows);
}

static void table_shut(struct table *table)
{
    csv_rows_destroy(&table->rows);
    input_close(&table->input);
    unlink(table->path);
}

static void expect_row(struct table *table, int64_t line, size_t cells, const char *const *texts)
{
    struct csv_row row;

    assert_int_equal(csv_rows_next(table->rows, &row), STATUS_OK);
    assert_int_equal(row.cells, cells);
    assert_int_equal(row.line, line);
    for (size_t i = 0; i < cells; i++) {
        assert_int_equal(row.cell[i].len, strlen(texts[i]));
        assert_memory_equal(row.cell[i].text, texts[i], row.cell[i].len);
    }
}

static void expect_end(struct table *table)
{
    struct csv_row row;

    assert_int_equal(csv_rows_next(table->rows, &row), STATUS_OK);
    assert_int_equal(row.cells, 0);
}

static void csv_rows__quoted_line_breaks__lines_are_counted(void **state)
{
    static const char text[] = "\xef\xbb\xbfid,note\r\n1,\"two\nlines, \"\"quoted\"\"\"\r\n\r\n2, plain \n3,";
    struct table table;

    (void)state;
    table_open(&table, text, strlen(text));
    expect_row(&table, 1, 2, (const char *const[]){"id", "note"});
    expect_row(&table, 2, 2, (const char *const[]){"1", "two\nlines, \"quoted\""});
    expect_row(&table, 5, 2, (const char *const[]){"2", "plain"});
    expect_row(&table, 6, 2, (const char *const[]){"3", ""});
    expect_end(&table);
    expect_end(&table);
    table_shut(&table);
}

static void csv_rows__rows_across_chunks__are_whole(void **state)
{
    enum { ROWS = 5000 };
    char *text = malloc(ROWS * 32 + 1);
    size_t len = 0;
    struct table table;

    (void)state;
    for (int i = 1; i <= ROWS; i++) {
        len += (size_t)sprintf(text + len, "%d,dossier-%d,end\n", i, i);
    }
    table_open(&table, text, len);
    for (int i = 1; i <= ROWS; i++) {
        char number[16], dossier[32];

        sprintf(number, "%d", i);
        sprintf(dossier, "dossier-%d", i);
        expect_row(&table, i, 3, (const char *const[]){number, dossier, "end"});
    }
    expect_end(&table);
    table_shut(&table);
    free(text);
}

static void csv_rows__quote_never_closed__is_refused(void **state)
{
    size_t len = CSV_ROW_MAX + 100000;
    char *text = malloc(len);
    struct table table;
    struct csv_row row;

    (void)state;
    memset(text, 'x', len);
    memcpy(text, "a\n\"", 3);
    table_open(&table, text, len);
    assert_int_equal(csv_rows_next(table.rows, &row), STATUS_OK);
    assert_int_equal(csv_rows_next(table.rows, &row), STATUS_INVALID);
    assert_non_null(strstr(csv_rows_error(table.rows), ":2: "));
    table_shut(&table);
    free(text);
}

static void csv_rows__empty_file__has_no_rows(void **state)
{
    struct table table;

    (void)state;
    table_open(&table, "", 0);
    expect_end(&table);
    table_shut(&table);
}

/* Packs text as one gzip member behind what is in out. */
static size_t pack(unsigned char *out, size_t room, const char *text)
{
    z_stream stream = {0};
    size_t len;

    assert_int_equal(deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
    stream.next_in = (unsigned char *)(uintptr_t)text;
    stream.avail_in = (unsigned)strlen(text);
    stream.next_out = out;
    stream.avail_out = (unsigned)room;
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    len = room - stream.avail_out;
    deflateEnd(&stream);
    return len;
}

static void input__gzip_of_two_members__is_one_text(void **state)
{
    unsigned char packed[512];
    size_t len = pack(packed, sizeof packed, "a,b\n1,");
    struct table table;

    (void)state;
    len += pack(packed + len, sizeof packed - len, "2\n");
    table_open(&table, (const char *)packed, len);
    expect_row(&table, 1, 2, (const char *const[]){"a", "b"});
    expect_row(&table, 2, 2, (const char *const[]){"1", "2"});
    expect_end(&table);
    assert_int_equal(input_size(table.input), len);
    assert_int_equal(input_position(table.input), len);
    table_shut(&table);
}

static void input__gzip_cut_off__is_refused(void **state)
{
    unsigned char packed[512];
    size_t len = pack(packed, sizeof packed, "a,b\n1,2\n");
    struct table table;
    struct csv_row row;
    enum status st;

    (void)state;
    table_open(&table, (const char *)packed, len - 9);
    do {
        st = csv_rows_next(table.rows, &row);
    } while (st == STATUS_OK && row.cells > 0);
    assert_int_equal(st, STATUS_INVALID);
    assert_non_null(strstr(csv_rows_error(table.rows), "ends in the middle"));
    table_shut(&table);
}

static void input__missing_file__is_named(void **state)
{
    char error[INPUT_ERROR_SIZE];
    struct input *input;

    (void)state;
    assert_int_equal(input_open(&input, "/nonexistent/events.ndjson", error), STATUS_INVALID);
    assert_null(input);
    assert_string_equal(error, "/nonexistent/events.ndjson: No such file or directory");
}

static void lines__long_line__is_passed_over(void **state)
{
    size_t long_len = LINES_MAX + 70000;
    char *text = malloc(long_len + 64);
    char path[64], error[INPUT_ERROR_SIZE];
    struct input *input;
    struct lines *lines;
    struct line line;

    (void)state;
    memcpy(text, "one\r\n", 5);
    memset(text + 5, 'x', long_len);
    memcpy(text + 5 + long_len, "\n\nlast", 6);
    put_file(path, text, 5 + long_len + 6);
    assert_int_equal(input_open(&input, path, error), STATUS_OK);
    lines = lines_new(input);
    assert_int_equal(lines_next(lines, &line), STATUS_OK);
    assert_int_equal(line.number, 1);
    assert_int_equal(line.len, 3);
    assert_int_equal(lines_next(lines, &line), STATUS_INVALID);
    assert_int_equal(line.number, 2);
    assert_int_equal(lines_next(lines, &line), STATUS_OK);
    assert_int_equal(line.number, 3);
    assert_int_equal(line.len, 0);
    assert_non_null(line.text);
    assert_int_equal(lines_next(lines, &line), STATUS_OK);
    assert_int_equal(line.number, 4);
    assert_memory_equal(line.text, "last", 4);
    assert_int_equal(lines_next(lines, &line), STATUS_OK);
    assert_null(line.text);
    lines_destroy(&lines);
    input_close(&input);
    unlink(path);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(csv_rows__quoted_line_breaks__lines_are_counted),
        cmocka_unit_test(csv_rows__rows_across_chunks__are_whole),
        cmocka_unit_test(csv_rows__quote_never_closed__is_refused),
        cmocka_unit_test(csv_rows__empty_file__has_no_rows),
        cmocka_unit_test(input__gzip_of_two_members__is_one_text),
        cmocka_unit_test(input__gzip_cut_off__is_refused),
        cmocka_unit_test(input__missing_file__is_named),
        cmocka_unit_test(lines__long_line__is_passed_over),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
