/* SPDX-License-Identifier: MIT */
/* Mapping files and the JSON that comes of rows. */
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

/* Texts of the row; NULL ends them. */
struct row {
    struct csv_cell cells[16];
    struct csv_row row;
};

static void take_row(struct map *map, struct row *row, const char *const *texts, enum map_each each)
{
    row->row = make_row(row->cells, texts);
    map_take_row(map, &row->row, each);
}

static void expect_next(struct map *map, const char *expected)
{
    char error[MAP_ERROR_SIZE] = "";
    const char *json;
    size_t len;

    assert_int_equal(map_next(map, &json, &len, error), STATUS_OK);
    assert_non_null(json);
    assert_int_equal(len, strlen(expected));
    assert_memory_equal(json, expected, len);
}

static void expect_bad(struct map *map, const char *expected)
{
    char error[MAP_ERROR_SIZE] = "";
    const char *json;
    size_t len;

    assert_int_equal(map_next(map, &json, &len, error), STATUS_INVALID);
    assert_non_null(strstr(error, expected));
}

/* Nothing (more) comes of the row. */
static void expect_no_more(struct map *map)
{
    char error[MAP_ERROR_SIZE] = "";
    const char *json;
    size_t len;

    assert_false(map_has_more(map));
    assert_int_equal(map_next(map, &json, &len, error), STATUS_OK);
    assert_null(json);
}

static void expect_event(struct map *map, const char *const *texts, const char *expected)
{
    struct row row;

    take_row(map, &row, texts, MAP_EACH_EVENT);
    expect_next(map, expected);
    expect_no_more(map);
}

static void expect_bad_row(struct map *map, const char *const *texts, const char *expected)
{
    struct row row;

    take_row(map, &row, texts, MAP_EACH_EVENT);
    expect_bad(map, expected);
    expect_no_more(map);
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
        {"[event a]\ntype = synced\n", ":2: type: \"synced\" is no type of event (received, accepted, "},
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
        {"[source]\nsource = a\nformat = json\n", ":3: format: \"json\" is not known (csv, xes)"},
        {"[source]\nsource = a\nmatch = any\n", ":3: match: \"any\" is neither first nor all"},
        {"[event a]\neach = case\n", ":2: each: \"case\" is neither event nor trace"},
        {"[event a]\neach = trace\neach = trace\n", ":3: each: is given twice"},
        {"[source]\nsource = a\ntime_format = rfc3339\n[event a]\neach = event\ntype = paid\nid = {A}\ntime = B\n"
         "data.dossier = {A}\n",
         ":5: each: is for format = xes"},
        {"[source]\nsource = a\nformat = xes\ntime_format = rfc3339\n[event a]\ntype = paid\nid = {trace:A}\n"
         "time = event:B\ndata.dossier = {C}\n",
         ":9: C: a column of a log is trace:KEY or event:KEY"},
        {"[event a]\nwhen_not = A\n", ":2: when_not: has no text: write COLUMN = text"},
        {"[event a]\nwhen_not =  = x\n", ":2: when_not: has no text"},
        {"[source]\nsource = a\ntime_format = rfc3339\n[event a]\ntype = paid\nid = {A}\ntime = B\ndata.dossier = {A}\n"
         "data.due = time(B, %d/%m)\n",
         ":9: time: \"%d/%m\" is not one of"},
        {"[source]\nsource = a\ntime_format = rfc3339\n[event a]\ntype = paid\nid = {A}\ntime = time(B, %Y-%m-%d)\n"
         "data.dossier = {A}\n",
         ":8: time_zone: \"\" is no time zone"},
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

/* The head of every event of these maps. */
#define HEAD(type) "{\"specversion\":\"1.0\",\"source\":\"urn:t\",\"type\":\"vn.kipthoi.dossier." type ".v1\","

static const char shipments[] = "[source]\n"
                                "source = urn:t\n"
                                "match = all\n"
                                "time_format = rfc3339\n"
                                "time_zone = Europe/Amsterdam\n"
                                "[event received]\n"
                                "type = received\n"
                                "when_not = UNIT = Parks\n"
                                "id = {ID}:received\n"
                                "time = OPEN\n"
                                "data.dossier = {ID}\n"
                                "data.channel = {UNIT}\n"
                                "[event finished]\n"
                                "type = finished\n"
                                "when = CLOSED\n"
                                "id = {ID}:finished\n"
                                "time = time(CLOSED, %d-%m-%Y %H:%M)\n"
                                "data.dossier = {ID}\n"
                                "data.due = time(DUE, %Y%m%d)\n"
                                "data.finished = time(CLOSED, %d-%m-%Y %H:%M)\n"
                                "data.reason = by {UNIT}\n";

static void map__match_all__makes_every_event_that_fits(void **state)
{
    struct map *map = bound_map(shipments);
    struct row row;

    (void)state;
    assert_int_equal(map_format(map), MAP_CSV);
    take_row(map, &row,
             (const char *const[]){"7", "2015-01-02T08:00:00.25Z", "20150701", "2-7-2015 9:05", "Roads", NULL},
             MAP_EACH_EVENT);
    expect_next(map, HEAD("received") "\"id\":\"7:received\",\"time\":\"2015-01-02T08:00:00.25Z\","
                                      "\"data\":{\"dossier\":\"7\",\"channel\":\"Roads\"}}");
    assert_true(map_has_more(map));
    expect_next(map, HEAD("finished") "\"id\":\"7:finished\",\"time\":\"2015-07-02T09:05:00+02:00\","
                                      "\"data\":{\"dossier\":\"7\",\"due\":\"2015-07-01T00:00:00+02:00\","
                                      "\"finished\":\"2015-07-02T09:05:00+02:00\",\"reason\":\"by Roads\"}}");
    expect_no_more(map);
    /* One bad event does not hide the other. */
    take_row(map, &row, (const char *const[]){"7", "", "", "2-7-2015 9:05", "Roads", NULL}, MAP_EACH_EVENT);
    expect_bad(map, "OPEN: is empty, so the event has no time");
    assert_true(map_has_more(map));
    expect_next(map, HEAD("finished") "\"id\":\"7:finished\",\"time\":\"2015-07-02T09:05:00+02:00\","
                                      "\"data\":{\"dossier\":\"7\","
                                      "\"finished\":\"2015-07-02T09:05:00+02:00\",\"reason\":\"by Roads\"}}");
    expect_no_more(map);
    /* A row that fits none is no mistake here. */
    take_row(map, &row, (const char *const[]){"7", "", "", "", "Parks", NULL}, MAP_EACH_EVENT);
    expect_no_more(map);
    expect_bad_row(map, (const char *const[]){"7", NULL}, "has 1 cells, the first row 5");
    map_destroy(&map);
}

static void map__match_first__stops_at_the_first_that_fits(void **state)
{
    char text[sizeof shipments];
    struct map *map;

    (void)state;
    /* Without the line "match = all". */
    snprintf(text, sizeof text, "%.*s%s", (int)(strstr(shipments, "match") - shipments), shipments,
             strstr(shipments, "time_format"));
    map = bound_map(text);
    expect_event(map, (const char *const[]){"7", "2015-01-02T08:00:00Z", "", "2-7-2015 9:05", "", NULL},
                 HEAD("received") "\"id\":\"7:received\",\"time\":\"2015-01-02T08:00:00Z\","
                                  "\"data\":{\"dossier\":\"7\"}}");
    expect_bad_row(map, (const char *const[]){"7", "", "", "", "Parks", NULL}, "fits no [event] section");
    map_destroy(&map);
}

static void map__submitted__is_a_moment(void **state)
{
    static const char text[] = "[source]\nsource = urn:t\ntime_format = %Y-%m-%d %H:%M\ntime_zone = UTC\n"
                               "[event a]\ntype = received\nid = {ID}\ntime = OPEN\ndata.dossier = {ID}\n"
                               "data.submitted = time(DUE, %d/%m/%Y %H:%M)\ndata.channel = online\n";
    char error[MAP_ERROR_SIZE] = "";
    struct map *map = bound_map(text);

    (void)state;
    expect_event(map, (const char *const[]){"7", "2015-01-02 08:00", "31/12/2014 21:15", "", "", NULL},
                 HEAD("received") "\"id\":\"7\",\"time\":\"2015-01-02T08:00:00+00:00\",\"data\":{\"dossier\":\"7\","
                                  "\"submitted\":\"2014-12-31T21:15:00+00:00\",\"channel\":\"online\"}}");
    /* Not known for every row. */
    expect_event(map, (const char *const[]){"8", "2015-01-02 08:00", "", "", "", NULL},
                 HEAD("received") "\"id\":\"8\",\"time\":\"2015-01-02T08:00:00+00:00\",\"data\":{\"dossier\":\"8\","
                                  "\"channel\":\"online\"}}");
    expect_bad_row(map, (const char *const[]){"9", "2015-01-02 08:00", "soon", "", "", NULL},
                   "DUE: \"soon\" does not read as %d/%m/%Y %H:%M");
    map_destroy(&map);
    assert_int_equal(read_map(&map, "[event a]\ndata.submitted = {DUE}\n", error), STATUS_INVALID);
    assert_non_null(strstr(error, ":2: data.submitted: is a moment: write time(COLUMN)"));
}

static void map__column_with_commas__is_told_from_a_format(void **state)
{
    static const char text[] = "[source]\nsource = urn:t\ntime_format = %Y-%m-%d\ntime_zone = UTC\n"
                               "[event a]\ntype = paid\nid = {B}\ntime = time(A, then, %d, %m %Y)\n"
                               "data.dossier = {B}\ndata.due = time(A, then)\ndata.received = time(B, rfc3339)\n";
    char error[MAP_ERROR_SIZE] = "";
    struct csv_cell cells[16];
    struct csv_row header = make_row(cells, (const char *const[]){"A, then", "B", NULL});
    struct map *map;
    struct row row;

    (void)state;
    assert_int_equal(read_map(&map, text, error), STATUS_OK);
    assert_int_equal(map_bind(map, &header, error), STATUS_OK);
    take_row(map, &row, (const char *const[]){"3, 9 2015", "x", NULL}, MAP_EACH_EVENT);
    expect_bad(map, "B: \"x\" does not read as rfc3339");
    take_row(map, &row, (const char *const[]){"2015-09-03", "x", NULL}, MAP_EACH_EVENT);
    expect_bad(map, "A, then: \"2015-09-03\" does not read as %d, %m %Y");
    map_destroy(&map);
}

static const char of_a_log[] = "[source]\n"
                               "source = urn:t\n"
                               "format = xes\n"
                               "time_format = rfc3339\n"
                               "[event received]\n"
                               "each = trace\n"
                               "type = received\n"
                               "id = {trace:concept:name}\n"
                               "time = trace:start\n"
                               "data.dossier = {trace:concept:name}\n"
                               "[event step]\n"
                               "when = event:due\n"
                               "type = finished\n"
                               "id = {trace:concept:name}/{event:index}\n"
                               "time = event:time:timestamp\n"
                               "data.dossier = {trace:concept:name}/{event:index}\n";

/* Columns in the order of their first mention: conditions, then values by member. */
static struct map *log_map(const char *text)
{
    static const char *const expected[] = {"trace:concept:name", "trace:start", "event:due", "event:index",
                                           "event:time:timestamp"};
    char error[MAP_ERROR_SIZE] = "";
    struct csv_row columns;
    struct map *map;

    assert_int_equal(read_map(&map, text, error), STATUS_OK);
    assert_int_equal(map_format(map), MAP_XES);
    map_columns(map, &columns);
    assert_int_equal(columns.cells, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(columns.cell[i].len, strlen(expected[i]));
        assert_memory_equal(columns.cell[i].text, expected[i], columns.cell[i].len);
    }
    assert_int_equal(map_bind(map, &columns, error), STATUS_OK);
    return map;
}

static void map__each__tells_traces_from_events(void **state)
{
    struct map *map = log_map(of_a_log);
    struct row row;

    (void)state;
    take_row(map, &row, (const char *const[]){"A", "2015-01-02T08:00:00+01:00", "", "", "", NULL}, MAP_EACH_TRACE);
    expect_next(map, HEAD("received") "\"id\":\"A\",\"time\":\"2015-01-02T08:00:00+01:00\","
                                      "\"data\":{\"dossier\":\"A\"}}");
    expect_no_more(map);
    take_row(map, &row,
             (const char *const[]){"A", "2015-01-02T08:00:00+01:00", "2015", "3", "2015-01-03T08:00:00+01:00", NULL},
             MAP_EACH_EVENT);
    expect_next(map, HEAD("finished") "\"id\":\"A/3\",\"time\":\"2015-01-03T08:00:00+01:00\","
                                      "\"data\":{\"dossier\":\"A/3\"}}");
    expect_no_more(map);
    take_row(map, &row, (const char *const[]){"A", "", "", "4", "", NULL}, MAP_EACH_EVENT);
    expect_no_more(map);
    map_destroy(&map);
}

static void map__match_first_of_a_log__wants_a_section_for_each_row(void **state)
{
    char text[sizeof of_a_log + 32];
    struct map *map;
    struct row row;

    (void)state;
    snprintf(text, sizeof text, "[source]\nmatch = first\n%s", of_a_log + strlen("[source]\n"));
    map = log_map(text);
    take_row(map, &row, (const char *const[]){"A", "", "", "4", "", NULL}, MAP_EACH_EVENT);
    expect_bad(map, "fits no [event] section");
    expect_no_more(map);
    map_destroy(&map);
}

static void map__column_that_never_occurs__is_named_with_its_line(void **state)
{
    struct map *map = log_map(of_a_log);
    char error[MAP_ERROR_SIZE] = "";

    (void)state;
    assert_int_equal(map_check_seen(map, (const bool[]){true, true, true, true, true}, error), STATUS_OK);
    assert_int_equal(map_check_seen(map, (const bool[]){true, true, false, true, false}, error), STATUS_INVALID);
    assert_non_null(strstr(error, ":12: no event of the whole log has \"event:due\""));
    assert_int_equal(map_check_seen(map, (const bool[]){true, false, true, true, true}, error), STATUS_INVALID);
    assert_non_null(strstr(error, ":9: no trace of the whole log has \"trace:start\""));
    map_destroy(&map);
}

static void json_out__any_text__is_escaped(void **state)
{
    static const char controls[] = "a\"b\\c\n\t\r\b\f\x01\x1f\x7f/";
    static const char wide[] = "H\xe1\xbb\x93 s\xc6\xa1 \xf0\x9f\x98\x80";
    static const char expected[] =
        "\"a\\\"b\\\\c\\n\\t\\r\\b\\f\\u0001\\u001f\x7f/H\xe1\xbb\x93 s\xc6\xa1 \xf0\x9f\x98\x80";
    struct json_out out = {0};

    (void)state;
    assert_int_equal(json_out_text(&out, "", 0), STATUS_OK); /* nothing, into no buffer */
    assert_null(out.bytes);
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
        cmocka_unit_test(map__match_all__makes_every_event_that_fits),
        cmocka_unit_test(map__match_first__stops_at_the_first_that_fits),
        cmocka_unit_test(map__submitted__is_a_moment),
        cmocka_unit_test(map__column_with_commas__is_told_from_a_format),
        cmocka_unit_test(map__each__tells_traces_from_events),
        cmocka_unit_test(map__match_first_of_a_log__wants_a_section_for_each_row),
        cmocka_unit_test(map__column_that_never_occurs__is_named_with_its_line),
        cmocka_unit_test(json_out__any_text__is_escaped),
        cmocka_unit_test(json_out__invalid_utf8__is_refused_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
