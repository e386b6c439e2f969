/* SPDX-License-Identifier: MIT */
/* Rows of XES logs: which attributes they take, where they begin, and what is refused. */
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

#include "cli/xes_rows.h"

#define COLUMNS_MAX 12

struct log {
    char path[64];
    struct input *input;
    struct csv_cell cells[COLUMNS_MAX];
    struct csv_row columns;
    struct xes_rows *rows;
};

/* The log opened with these columns; NULL ends them. */
static void log_open_bytes(struct log *log, const void *bytes, size_t len, const char *const *columns)
{
    char error[INPUT_ERROR_SIZE];
    int fd;

    *log = (struct log){.path = "/tmp/kipthoi-log-XXXXXX", .columns = {.cell = log->cells}};
    fd = mkstemp(log->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes, len), (ssize_t)len);
    close(fd);
    for (; columns[log->columns.cells] != NULL; log->columns.cells++) {
        log->cells[log->columns.cells].text = columns[log->columns.cells];
        log->cells[log->columns.cells].len = strlen(columns[log->columns.cells]);
    }
    assert_int_equal(input_open(&log->input, log->path, error), STATUS_OK);
    log->rows = xes_rows_new(log->input, &log->columns);
    assert_non_null(log->rows);
}

static void log_open(struct log *log, const char *text, const char *const *columns)
{
    log_open_bytes(log, text, strlen(text), columns);
}

static void log_shut(struct log *log)
{
    xes_rows_destroy(&log->rows);
    assert_null(log->rows);
    input_close(&log->input);
    unlink(log->path);
}

/* The cells of a row, with '|' between them. */
static void join(const struct csv_row *row, char *out, size_t size)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < row->cells; i++) {
        used += (size_t)snprintf(out + used, size - used, "%s%.*s", i == 0 ? "" : "|", (int)row->cell[i].len,
                                 row->cell[i].text);
        assert_true(used < size);
    }
}

static void expect_row(struct log *log, bool trace, int64_t line, const char *expected)
{
    struct csv_row row;
    char joined[512];
    bool is_trace = !trace;

    assert_int_equal(xes_rows_next(log->rows, &row, &is_trace), STATUS_OK);
    assert_int_equal(row.cells, log->columns.cells);
    join(&row, joined, sizeof joined);
    assert_string_equal(joined, expected);
    assert_int_equal(row.line, line);
    assert_int_equal(is_trace, trace);
}

static void expect_end(struct log *log)
{
    struct csv_row row;
    bool trace;

    for (int i = 0; i < 2; i++) {
        assert_int_equal(xes_rows_next(log->rows, &row, &trace), STATUS_OK);
        assert_int_equal(row.cells, 0);
    }
}

/* Reads until the log cannot be read further; the error begins with the file and the line. */
static void expect_refused(struct log *log, int line, const char *expected)
{
    char begin[96];
    struct csv_row row;
    enum status st;
    bool trace;

    do {
        st = xes_rows_next(log->rows, &row, &trace);
    } while (st == STATUS_OK && row.cells > 0);
    assert_int_equal(st, STATUS_INVALID);
    snprintf(begin, sizeof begin, "%s:%d: ", log->path, line);
    assert_memory_equal(xes_rows_error(log->rows), begin, strlen(begin));
    assert_non_null(strstr(xes_rows_error(log->rows), expected));
    assert_int_equal(xes_rows_next(log->rows, &row, &trace), STATUS_INVALID);
}

static const char *const code_and_name[] = {"trace:concept:name", "event:concept:name", "event:index", NULL};

static void xes_rows__attributes_of_every_type__are_taken_as_text(void **state)
{
    static const char text[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                               "<log xes.version=\"1.0\" xmlns=\"http://www.xes-standard.org/\">\n"
                               "<global scope=\"trace\"><string key=\"concept:name\" value=\"UNKNOWN\"/></global>\n"
                               "<string key=\"concept:name\" value=\"the log\"/>\n"
                               "<trace><string key=\"concept:name\" value=\"A\"/><id key=\"id\" value=\"7f-1\"/>\n"
                               "<boolean key=\"open\" value=\"true\"/>\n"
                               "<event><date key=\"time:timestamp\" value=\"2010-10-11T13:45:40.276+02:00\"/>"
                               "<int key=\"n\" value=\"-3\"/><float key=\"cost\" value=\"157.09305\"/></event>\n"
                               "</trace>\n"
                               "</log>\n";
    struct log log;

    (void)state;
    log_open(&log, text,
             (const char *const[]){"trace:concept:name", "trace:id", "trace:open", "event:time:timestamp", "event:n",
                                   "event:cost", "event:concept:name", NULL});
    expect_row(&log, true, 5, "A|7f-1|true||||");
    expect_row(&log, false, 7, "A|7f-1|true|2010-10-11T13:45:40.276+02:00|-3|157.09305|");
    expect_end(&log);
    for (size_t i = 0; i < 7; i++) {
        assert_int_equal(xes_rows_seen(log.rows)[i], i < 6);
    }
    log_shut(&log);
}

static void xes_rows__attributes_behind_the_events__belong_to_all_of_them(void **state)
{
    static const char text[] = "<log>\n<trace>\n<event><string key=\"concept:name\" value=\"first\"/></event>\n"
                               "<event/>\n"
                               "<string key=\"concept:name\" value=\"A\"/>\n</trace>\n"
                               "<trace/>\n"
                               "<trace><event><string key=\"concept:name\" value=\"third\"/></event></trace></log>";
    struct log log;

    (void)state;
    log_open(&log, text, code_and_name);
    expect_row(&log, true, 2, "A||");
    expect_row(&log, false, 3, "A|first|1");
    expect_row(&log, false, 4, "A||2");
    expect_row(&log, true, 7, "||");
    expect_row(&log, true, 8, "||");
    expect_row(&log, false, 8, "|third|1");
    expect_end(&log);
    log_shut(&log);
}

static void xes_rows__nested_and_collected_attributes__are_passed_over(void **state)
{
    static const char text[] =
        "<log><trace><string key=\"concept:name\" value=\"A\"><string key=\"concept:name\" value=\"inner\"/></string>\n"
        "<list key=\"x\"><values><string key=\"concept:name\" value=\"listed\"/></values></list>\n"
        "<event><container key=\"y\"><string key=\"concept:name\" value=\"contained\"/></container>\n"
        "<string key=\"concept:name\" value=\"first\"><int key=\"concept:name\" value=\"1\"/></string>\n"
        "<string key=\"concept:name\" value=\"last\"/><string key=\"index\" value=\"9\"/><other key=\"concept:name\" "
        "value=\"other\"/></event></trace></log>";
    struct log log;

    (void)state;
    log_open(&log, text, code_and_name);
    expect_row(&log, true, 1, "A||");
    expect_row(&log, false, 3, "A|last|1");
    expect_end(&log);
    log_shut(&log);
}

static void xes_rows__mark_references_and_character_data__are_read_as_xml_has_them(void **state)
{
    static const char text[] =
        "\xef\xbb\xbf<?xml version=\"1.0\"?><log><!-- <trace> --><trace>text &amp; <![CDATA[<event>]]>\n"
        "<string value=\"H\xe1\xbb\x93 s\xc6\xa1 &#x1EA1; &lt;&quot;&amp;&apos;&gt; a\nb\" key=\"concept:name\"/>"
        "</trace></log>";
    static const char latin[] = "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><log><trace>"
                                "<string key=\"concept:name\" value=\"caf\xe9\"/></trace></log>";
    struct log log;

    (void)state;
    log_open(&log, text, (const char *const[]){"trace:concept:name", NULL});
    expect_row(&log, true, 1, "H\xe1\xbb\x93 s\xc6\xa1 \xe1\xba\xa1 <\"&'> a b");
    expect_end(&log);
    log_shut(&log);
    log_open(&log, latin, (const char *const[]){"trace:concept:name", NULL});
    expect_row(&log, true, 1, "caf\xc3\xa9");
    expect_end(&log);
    log_shut(&log);
}

static void xes_rows__gzip__is_unpacked(void **state)
{
    static const char text[] = "<log><trace><string key=\"concept:name\" value=\"A\"/></trace></log>";
    char path[] = "/tmp/kipthoi-gz-XXXXXX", packed[512];
    struct log log;
    FILE *file;
    gzFile gz;
    size_t len;

    (void)state;
    gz = gzdopen(mkstemp(path), "wb");
    assert_int_equal(gzwrite(gz, text, sizeof text - 1), (int)sizeof text - 1);
    assert_int_equal(gzclose(gz), Z_OK);
    file = fopen(path, "rb");
    assert_non_null(file);
    len = fread(packed, 1, sizeof packed, file);
    fclose(file);
    unlink(path);
    log_open_bytes(&log, packed, len, (const char *const[]){"trace:concept:name", NULL});
    expect_row(&log, true, 1, "A");
    expect_end(&log);
    log_shut(&log);
    log_open_bytes(&log, packed, len / 2, (const char *const[]){"trace:concept:name", NULL});
    {
        struct csv_row row;
        bool trace;

        assert_int_equal(xes_rows_next(log.rows, &row, &trace), STATUS_INVALID);
        assert_non_null(strstr(xes_rows_error(log.rows), "gzip"));
    }
    log_shut(&log);
}

static void xes_rows__what_is_no_log__is_refused_with_its_line(void **state)
{
    static const struct {
        const char *text;
        int line;
        const char *error;
    } bad[] = {
        {"<log>\n<trace>\n<string key=\"a\" value=\"b\">\n</trace></log>", 4, "is not well-formed XML: mismatched tag"},
        {"<log>\n<trace></trace>\n", 3, "is not well-formed XML: no element found"},
        {"", 1, "is not well-formed XML: no element found"},
        {"id,name\n1,2\n", 1, "is not well-formed XML"},
        {"<log><trace/></log>\n<log/>", 2, "is not well-formed XML: junk after document element"},
        {"<log>\n<trace><string key=\"a\" value=\"\xc3(\"/></trace></log>", 2, "is not well-formed XML"},
        {"<log>\n<trace>&huge;</trace></log>", 2, "is not well-formed XML: undefined entity"},
        {"\n<html/>", 2, "is no XES log: the first element is not <log>"},
        {"<log>\n<event/></log>", 2, "this event stands outside of a trace"},
        {"<!DOCTYPE log [\n<!ENTITY a \"aaaaaaaaaa\">\n<!ENTITY b \"&a;&a;&a;&a;&a;\">\n]>\n<log><trace>"
         "<string key=\"a\" value=\"&b;\"/></trace></log>",
         1, "has a DOCTYPE"},
        {"<?xml version=\"1.0\"?>\n<!DOCTYPE log SYSTEM \"file:///etc/passwd\">\n<log/>", 2, "has a DOCTYPE"},
        {"<?xml version=\"1.0\" encoding=\"x-no-such\"?><log/>", 1, "unknown encoding"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct log log;

        log_open(&log, bad[i].text, (const char *const[]){"trace:a", NULL});
        expect_refused(&log, bad[i].line, bad[i].error);
        log_shut(&log);
    }
}

/* Traces before the mistake are given out first. */
static void xes_rows__mistake_late_in_the_log__keeps_what_came_before(void **state)
{
    struct log log;

    (void)state;
    log_open(&log, "<log><trace><string key=\"concept:name\" value=\"A\"/></trace>\n<trace><event></trace></log>",
             code_and_name);
    expect_row(&log, true, 1, "A||");
    expect_refused(&log, 2, "mismatched tag");
    log_shut(&log);
}

/* count times the piece between begin and end. */
static char *repeat(const char *begin, const char *piece, size_t count, const char *end)
{
    size_t len = strlen(piece);
    char *text = malloc(strlen(begin) + len * count + strlen(end) + 1), *to = text;

    assert_non_null(text);
    to = stpcpy(to, begin);
    for (size_t i = 0; i < count; i++) {
        to = stpcpy(to, piece);
    }
    stpcpy(to, end);
    return text;
}

static void expect_too_much(char *text, int line, const char *expected)
{
    struct log log;

    log_open(&log, text, (const char *const[]){"trace:a", "event:index", NULL});
    expect_refused(&log, line, expected);
    log_shut(&log);
    free(text);
}

static void xes_rows__what_would_fill_memory__is_refused(void **state)
{
    char *names, *to;

    (void)state;
    expect_too_much(
        repeat("<log>\n<trace><string key=\"a\" value=\"", "0123456789abcdef", 2 << 16, "\"/></trace></log>"), 2,
        "is longer than 1 MiB");
    expect_too_much(repeat("<log>\n<!--", "0123456789abcdef", 2 << 16, "--></log>"), 2, "is longer than 1 MiB");
    expect_too_much(repeat("<log>", "<list>", 64, ""), 1, "nested too deep");
    expect_too_much(repeat("<log>\n<trace>", "\n<event/>", 1 << 20, "</trace></log>"), 524290,
                    "the trace that began in line 2 is larger than 16 MiB");
    /* Names that are all different: expat would keep each. */
    names = repeat("<log>", "<e000 />", 200, "</log>");
    to = names + strlen("<log>");
    for (int i = 0; i < 200; i++, to += 8) {
        snprintf(to, 6, "<e%03d", i);
        to[5] = ' ';
    }
    expect_too_much(names, 1, "names of elements or attributes that no XES log has");
}

/* Below the bounds all is well: a long comment text, deep lists, a log larger than any of the bounds. */
static void xes_rows__large_but_within_bounds__is_read(void **state)
{
    char *text = repeat("<log><trace><string key=\"concept:name\" value=\"A\"/></trace>\n",
                        "<trace><event><string key=\"concept:name\" value=\"0123456789\"/></event></trace>  \n", 250000,
                        "</log>");
    struct csv_row row;
    struct log log;
    size_t rows = 0;
    bool trace;

    (void)state;
    assert_true(strlen(text) > XES_TRACE_MAX);
    log_open(&log, text, code_and_name);
    do {
        assert_int_equal(xes_rows_next(log.rows, &row, &trace), STATUS_OK);
        rows += row.cells > 0;
    } while (row.cells > 0);
    assert_int_equal(rows, 1 + 2 * 250000);
    log_shut(&log);
    free(text);
    text = repeat("<log>", "<list>", 63, "");
    text = realloc(text, 2000);
    assert_non_null(text);
    for (int i = 0; i < 63; i++) {
        strcat(text, "</list>");
    }
    strcat(text, "<trace/></log>");
    log_open(&log, text, code_and_name);
    expect_row(&log, true, 1, "||");
    expect_end(&log);
    log_shut(&log);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xes_rows__attributes_of_every_type__are_taken_as_text),
        cmocka_unit_test(xes_rows__attributes_behind_the_events__belong_to_all_of_them),
        cmocka_unit_test(xes_rows__nested_and_collected_attributes__are_passed_over),
        cmocka_unit_test(xes_rows__mark_references_and_character_data__are_read_as_xml_has_them),
        cmocka_unit_test(xes_rows__gzip__is_unpacked),
        cmocka_unit_test(xes_rows__what_is_no_log__is_refused_with_its_line),
        cmocka_unit_test(xes_rows__mistake_late_in_the_log__keeps_what_came_before),
        cmocka_unit_test(xes_rows__what_would_fill_memory__is_refused),
        cmocka_unit_test(xes_rows__large_but_within_bounds__is_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
