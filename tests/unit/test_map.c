/* SPDX-License-Identifier: MIT */
/* Mapping files, wall-clock times and the JSON that comes of rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/json_out.h"
#include "cli/map.h"
#include "cli/wall_time.h"
#include "common/clock.h"

static const char two_events[] = "[source]\n"
                                 "source = urn:test:city\n"
                                 "format = csv\n"
                                 "time_format = %m/%d/%Y %I:%M:%S %p\n"
                                 "time_zone = America/New_York\n"
                                 "[event closed]\n"
                                 "when = CLOSED\n"
                                 "type = finished\n"
                                 "id = {ID}:finished\n"
                                 "time = CLOSED\n"
                                 "data.dossier = {ID}\n"
                                 "data.unit = {UNIT}\n"
                                 "data.unit_parent = City\n"
                                 "data.due = time(DUE)\n"
                                 "[event open]\n"
                                 "when_empty = CLOSED\n"
                                 "when = UNIT = Parks\n"
                                 "type = received\n"
                                 "id = {ID}:received\n"
                                 "time = OPEN\n"
                                 "data.dossier = {ID}\n";

static enum status read_map(struct map **map, const char *text, char error[MAP_ERROR_SIZE])
{
    char path[] = "/tmp/kipthoi-map-XXXXXX";
    int fd = mkstemp(path);
    enum status st;

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    st = map_read(map, path, error);
    unlink(path);
    return st;
}

/* A row from texts; NULL ends them. */
static struct csv_row make_row(struct csv_cell cells[16], const char *const *texts)
{
    struct csv_row row = {.line = 1, .cell = cells};

    for (; texts[row.cells] != NULL; row.cells++) {
        cells[row.cells].text = texts[row.cells];
        cells[row.cells].len = strlen(texts[row.cells]);
    }
    return row;
}

static struct map *bound_map(const char *text)
{
    char error[MAP_ERROR_SIZE] = "";
    struct csv_cell cells[16];
    struct csv_row header = make_row(cells, (const char *const[]){"ID", "OPEN", "DUE", "CLOSED", "UNIT", NULL});
    struct map *map;

    assert_int_equal(read_map(&map, text, error), STATUS_OK);
    assert_int_equal(map_bind(map, &header, error), STATUS_OK);
    return map;
}

static void expect_event(struct map *map, const char *const *texts, const char *expected)
{
    char error[MAP_ERROR_SIZE] = "";
    struct csv_cell cells[16];
    struct csv_row row = make_row(cells, texts);
    const char *json;
    size_t len;

    assert_int_equal(map_event(map, &row, &json, &len, error), STATUS_OK);
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(json, expected, len);
}

static void expect_bad_row(struct map *map, const char *const *texts, const char *expected)
{
    char error[MAP_ERROR_SIZE] = "";
    struct csv_cell cells[16];
    struct csv_row row = make_row(cells, texts);
    const char *json;
    size_t len;

    assert_int_equal(map_event(map, &row, &json, &len, error), STATUS_INVALID);
    assert_non_null(strstr(error, expected));
}

static void map__rows__become_events(void **state)
{
    struct map *map = bound_map(two_events);

    (void)state;
    expect_event(map,
                 (const char *const[]){"7", "01/02/2015 08:00:00 AM", "01/16/2015 12:00:00 PM",
                                       "07/01/2015 12:05:09 AM", "Say \"hi\"", NULL},
                 "{\"specversion\":\"1.0\",\"source\":\"urn:test:city\",\"type\":\"vn.kipthoi.dossier.finished.v1\","
                 "\"id\":\"7:finished\",\"time\":\"2015-07-01T00:05:09-04:00\",\"data\":{\"dossier\":\"7\","
                 "\"unit\":\"Say \\\"hi\\\"\",\"unit_parent\":\"City\",\"due\":\"2015-01-16T12:00:00-05:00\"}}");
    expect_event(map, (const char *const[]){"8", "01/02/2015 08:00:00 AM", "", "", "Parks", NULL},
                 "{\"specversion\":\"1.0\",\"source\":\"urn:test:city\",\"type\":\"vn.kipthoi.dossier.received.v1\","
                 "\"id\":\"8:received\",\"time\":\"2015-01-02T08:00:00-05:00\",\"data\":{\"dossier\":\"8\"}}");
    map_destroy(&map);
}

static void map__empty_column__omits_the_member(void **state)
{
    struct map *map = bound_map(two_events);

    (void)state;
    expect_event(map, (const char *const[]){"7", "", "", "07/01/2015 12:05:09 PM", "", NULL},
                 "{\"specversion\":\"1.0\",\"source\":\"urn:test:city\",\"type\":\"vn.kipthoi.dossier.finished.v1\","
                 "\"id\":\"7:finished\",\"time\":\"2015-07-01T12:05:09-04:00\",\"data\":{\"dossier\":\"7\","
                 "\"unit_parent\":\"City\"}}");
    map_destroy(&map);
}

static void map__bad_rows__are_named(void **state)
{
    struct map *map = bound_map(two_events);

    (void)state;
    expect_bad_row(map, (const char *const[]){"7", "", "", "13/01/2015 12:05:09 PM", "", NULL},
                   "CLOSED: \"13/01/2015 12:05:09 PM\" does not read as %m/%d/%Y");
    expect_bad_row(map, (const char *const[]){"", "", "", "07/01/2015 12:05:09 PM", "", NULL},
                   "ID: is empty, so the event has no id");
    expect_bad_row(map, (const char *const[]){"7", "", "", "07/01/2015 12:05:09 PM", "\xc3(", NULL},
                   "UNIT: is not UTF-8");
    expect_bad_row(map, (const char *const[]){"7", "01/02/2015 08:00:00 AM", "", "", "Roads", NULL},
                   "fits no [event] section");
    expect_bad_row(map, (const char *const[]){"7", "x", NULL}, "has 2 cells, the first row 5");
    map_destroy(&map);
}

static void map__mistakes_in_the_file__are_named_with_their_line(void **state)
{
    static const struct {
        const char *text;
        const char *error;
    } mistakes[] = {
        {"[source]\nsource = a\nzone = b\n", ":3: zone: is not a key of [source]"},
        {"[source]\nsource = a\nsource = b\n", ":3: source: is given twice"},
        {"[events]\ntype = finished\n", ":2: events: stands in no section"},
        {"[event a]\ntype = closed\n", ":2: type: \"closed\" is no type of event (received, accepted, "},
        {"[event a]\ndata.colour = red\n", ":2: data.colour: is not a key of [event]"},
        {"[event a]\ndata.due = DUE\n", ":2: data.due: is a moment: write time(COLUMN)"},
        {"[event a]\nid = {ID\n", ":2: id: has a brace without its partner"},
        {"[event a]\nid = {}\n", ":2: id: names no column"},
        {"[event a]\nnonsense\n", ":2: line: is neither"},
        {"[source]\nsource = a\n", "event: a map needs at least one section"},
        {"[source]\nsource = a\n[event a]\ntype = paid\nid = {A}\ntime = B\n", ":4: a: has no data.dossier"},
        {"[source]\nsource = a\ntime_format = %Q\n[event a]\ntype = paid\nid = {A}\ntime = B\ndata.dossier = {A}\n",
         "time_format: \"%Q\" is not one of"},
        {"[source]\nsource = a\ntime_format = %Y-%m-%d\ntime_zone = Mars/Base\n[event a]\ntype = paid\nid = {A}\n"
         "time = B\ndata.dossier = {A}\n",
         ":4: time_zone: \"Mars/Base\" is no time zone"},
        {"[source]\nsource = a\n[event a]\ntype = paid\nid = {A}\ntime = B\ndata.dossier = {A}\n",
         ":7: time_format: \"\" is not one of"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char error[MAP_ERROR_SIZE] = "";
        struct map *map;

        assert_int_equal(read_map(&map, mistakes[i].text, error), STATUS_INVALID);
        assert_null(map);
        assert_non_null(strstr(error, mistakes[i].error));
    }
}

static void map__column_not_in_the_table__is_named(void **state)
{
    char error[MAP_ERROR_SIZE] = "";
    struct csv_cell cells[16];
    struct csv_row header = make_row(cells, (const char *const[]){"ID", "OPEN", "CLOSED", "UNIT", NULL});
    struct map *map;

    (void)state;
    assert_int_equal(read_map(&map, two_events, error), STATUS_OK);
    assert_int_equal(map_bind(map, &header, error), STATUS_INVALID);
    assert_non_null(strstr(error, ":14: the table has no column \"DUE\"; it has ID, OPEN, CLOSED, UNIT"));
    map_destroy(&map);
}

static void expect_time(struct wall_time *times, const char *text, const char *expected)
{
    char out[WALL_TIME_SIZE];
    size_t len;

    assert_int_equal(wall_time_convert(times, text, strlen(text), out, &len), STATUS_OK);
    assert_string_equal(out, expected);
    assert_int_equal(len, strlen(expected));
}

static void wall_time__clock_changes__are_settled(void **state)
{
    struct wall_time *times;

    (void)state;
    assert_int_equal(clock_use_zone("America/New_York"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%Y-%m-%d %H:%M:%S"), STATUS_OK);
    expect_time(times, "2015-03-08 01:59:59", "2015-03-08T01:59:59-05:00");
    expect_time(times, "2015-03-08 02:30:00", "2015-03-08T03:30:00-04:00"); /* skipped */
    expect_time(times, "2015-03-08 03:00:00", "2015-03-08T03:00:00-04:00");
    expect_time(times, "2015-11-01 00:59:59", "2015-11-01T00:59:59-04:00");
    expect_time(times, "2015-11-01 01:30:00", "2015-11-01T01:30:00-04:00"); /* shown twice */
    expect_time(times, "2015-11-01 02:00:00", "2015-11-01T02:00:00-05:00");
    expect_time(times, "2015-03-07 23:00:00", "2015-03-07T23:00:00-05:00");
    expect_time(times, "2015-03-09 00:00:00", "2015-03-09T00:00:00-04:00");
    expect_time(times, "2015-06-30 23:59:60", "2015-06-30T23:59:59-04:00");
    wall_time_destroy(&times);
    assert_int_equal(clock_use_zone("Asia/Ho_Chi_Minh"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%Y%m%d%H%M%S"), STATUS_OK);
    expect_time(times, "20260609071500", "2026-06-09T07:15:00+07:00");
    wall_time_destroy(&times);
    assert_int_equal(clock_use_zone("Asia/Kathmandu"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%d/%m/%Y"), STATUS_OK);
    expect_time(times, "1/2/2024", "2024-02-01T00:00:00+05:45");
    wall_time_destroy(&times);
}

static void wall_time__noon_and_midnight__by_the_twelve_hour_clock(void **state)
{
    struct wall_time *times;

    (void)state;
    assert_int_equal(clock_use_zone("UTC"), STATUS_OK);
    assert_int_equal(wall_time_new(&times, "%m/%d/%Y %I:%M %p"), STATUS_OK);
    expect_time(times, "02/29/2016 12:00 AM", "2016-02-29T00:00:00+00:00");
    expect_time(times, "02/29/2016 12:00 PM", "2016-02-29T12:00:00+00:00");
    expect_time(times, "02/29/2016   1:05 pm", "2016-02-29T13:05:00+00:00");
    wall_time_destroy(&times);
}

static void wall_time__what_is_no_time__is_refused(void **state)
{
    static const char *const bad[] = {"",
                                      "2015-02-29 00:00:00",
                                      "2015-04-31 00:00:00",
                                      "2015-04-30 24:00:00",
                                      "2015-04-30 00:00",
                                      "2015-04-30 00:00:00 ",
                                      "1989-12-31 00:00:00",
                                      "2100-01-01 00:00:00",
                                      "2015/04/30 00:00:00",
                                      "2015-00-30 00:00:00"};
    static const char *const formats[] = {"", "%Y-%m", "%Y-%m-%d %I:%M", "%Y-%m-%d %p", "%Y-%m-%d %Y", "%Y-%m-%d%"};
    struct wall_time *times;
    char out[WALL_TIME_SIZE];
    size_t len;

    (void)state;
    assert_int_equal(wall_time_new(&times, "%Y-%m-%d %H:%M:%S"), STATUS_OK);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(wall_time_convert(times, bad[i], strlen(bad[i]), out, &len), STATUS_INVALID);
    }
    wall_time_destroy(&times);
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        assert_int_equal(wall_time_new(&times, formats[i]), STATUS_INVALID);
        assert_null(times);
    }
}

static void wall_time__rfc3339__is_passed_on(void **state)
{
    struct wall_time *times;
    char out[WALL_TIME_SIZE];
    size_t len;

    (void)state;
    assert_int_equal(wall_time_new(&times, "rfc3339"), STATUS_OK);
    expect_time(times, "2024-02-29T08:00:00.5+07:00", "2024-02-29T08:00:00.5+07:00");
    assert_int_equal(wall_time_convert(times, "2024-02-29 08:00", 16, out, &len), STATUS_INVALID);
    wall_time_destroy(&times);
}

static void json_out__any_text__is_escaped(void **state)
{
    static const char controls[] = "a\"b\\c\n\t\r\b\f\x01\x1f\x7f/";
    static const char wide[] = "H\xe1\xbb\x93 s\xc6\xa1 \xf0\x9f\x98\x80";
    static const char expected[] =
        "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f\x7f/H\xe1\xbb\x93 s\xc6\xa1 \xf0\x9f\x98\x80";
    struct json_out out = {0};

    (void)state;
    json_out_put(&out, "\"", 1);
    assert_int_equal(json_out_text(&out, controls, strlen(controls)), STATUS_OK);
    assert_int_equal(json_out_text(&out, wide, strlen(wide)), STATUS_OK);
    assert_int_equal(out.len, 45);
    assert_memory_equal(out.bytes, expected, 45);
    json_out_clear(&out);
}

static void json_out__invalid_utf8__is_refused_whole(void **state)
{
    static const char *const bad[] = {"a\x80",
                                      "a\xc0\x80",
                                      "\xe0\x80\x80",
                                      "\xed\xa0\x80",
                                      "\xf0\x80\x80\x80",
                                      "\xf4\x90\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xc3",
                                      "\xe1\xbb"};
    struct json_out out = {0};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(json_out_text(&out, bad[i], strlen(bad[i])), STATUS_INVALID);
        assert_int_equal(out.len, 0);
    }
    assert_int_equal(json_out_text(&out, "a\0b", 3), STATUS_INVALID);
    assert_int_equal(out.len, 0);
    json_out_clear(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(map__rows__become_events),
        cmocka_unit_test(map__empty_column__omits_the_member),
        cmocka_unit_test(map__bad_rows__are_named),
        cmocka_unit_test(map__mistakes_in_the_file__are_named_with_their_line),
        cmocka_unit_test(map__column_not_in_the_table__is_named),
        cmocka_unit_test(wall_time__clock_changes__are_settled),
        cmocka_unit_test(wall_time__noon_and_midnight__by_the_twelve_hour_clock),
        cmocka_unit_test(wall_time__what_is_no_time__is_refused),
        cmocka_unit_test(wall_time__rfc3339__is_passed_on),
        cmocka_unit_test(json_out__any_text__is_escaped),
        cmocka_unit_test(json_out__invalid_utf8__is_refused_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
