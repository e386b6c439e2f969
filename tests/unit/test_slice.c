/* SPDX-License-Identifier: MIT */
/* test_slice.c - ledger rows sorted for the fold, cut at a whole transaction. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <endian.h>
#include <string.h>

#include <cmocka.h>

#include <libpq-fe.h>

#include "scorer/slice.h"

static struct slice_event key(int32_t source_id, const char *dossier, const char *id)
{
    return (struct slice_event){.source_id = source_id, .dossier = dossier, .id = id};
}

static void slice__dossiers__are_found_by_source_and_code(void **state)
{
    struct slice_event events[] = {key(1, "A", "1"), key(1, "A", "2"), key(1, "B", "1"), key(2, "A", "1")};
    const struct slice slice = {.events = events, .count = 4};

    (void)state;
    assert_int_equal(slice_dossier_end(&slice, 0), 2);
    assert_int_equal(slice_dossier_end(&slice, 2), 3);
    assert_int_equal(slice_dossier_end(&slice, 3), 4);
    assert_int_equal(slice_find(&slice, 1, "A"), 0);
    assert_int_equal(slice_find(&slice, 1, "B"), 2);
    assert_int_equal(slice_find(&slice, 2, "A"), 3);
    assert_int_equal(slice_find(&slice, 2, "B"), 4);
    assert_int_equal(slice_find(&slice, 0, "A"), 4);
}

/* A result as scorer_slice.sql gives it: transaction, source, dossier, happened, sequence, id, payload. */
static PGresult *rows_new(void)
{
    PGresult *rows = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[7] = {{0}};
    char names[7][2] = {"a", "b", "c", "d", "e", "f", "g"};

    for (int i = 0; i < 7; i++) {
        columns[i].name = names[i];
        columns[i].format = 1;
    }
    assert_int_equal(PQsetResultAttrs(rows, 7, columns), 1);
    return rows;
}

static void set_int8(PGresult *rows, int row, int column, int64_t value)
{
    uint64_t net = htobe64((uint64_t)value);
    char bytes[sizeof net];

    memcpy(bytes, &net, sizeof net);
    assert_int_equal(PQsetvalue(rows, row, column, bytes, sizeof bytes), 1);
}

static void set_text(PGresult *rows, int row, int column, const char *text)
{
    char copy[64];

    strcpy(copy, text);
    assert_int_equal(PQsetvalue(rows, row, column, copy, (int)strlen(text)), 1);
}

static void add_row(PGresult *rows, int64_t xid, const char *dossier, int64_t happened, const char *payload)
{
    int row = PQntuples(rows);

    set_int8(rows, row, 0, xid);
    set_int8(rows, row, 1, 1);
    set_text(rows, row, 2, dossier);
    set_int8(rows, row, 3, happened);
    set_int8(rows, row, 4, 0);
    set_text(rows, row, 5, "id");
    set_text(rows, row, 6, payload);
}

static void slice__rows__are_sorted_by_dossier_and_time(void **state)
{
    PGresult *rows = rows_new();
    struct slice slice;

    (void)state;
    add_row(rows, 10, "B", 1, "b1");
    add_row(rows, 11, "A", 2, "a2");
    add_row(rows, 12, "A", 1, "a1");
    assert_int_equal(slice_read(&slice, rows, SLICE_WHOLE), STATUS_OK);
    assert_int_equal(slice.count, 3);
    assert_string_equal(slice.events[0].payload, "a1");
    assert_string_equal(slice.events[1].payload, "a2");
    assert_string_equal(slice.events[2].payload, "b1");
    slice_clear(&slice);
    assert_int_equal(slice_read(&slice, rows, 12), STATUS_OK);
    assert_int_equal(slice.count, 2);
    slice_clear(&slice);
    PQclear(rows);
}

static void slice__range__is_cut_by_events_and_by_bytes(void **state)
{
    PGresult *rows = rows_new();
    struct slice_range range;

    (void)state;
    add_row(rows, 5, "A", 1, "in flight before"); /* below the range: not counted */
    add_row(rows, 20, "A", 1, "1234");
    add_row(rows, 21, "A", 1, "1234");
    add_row(rows, 23, "A", 1, "1234");
    range = slice_look(rows, 20, 4, 100);
    assert_false(range.cut);
    assert_int_equal(range.first_xid, 20);
    assert_int_equal(range.last_xid, 23);
    assert_true(slice_look(rows, 20, 3, 100).cut);
    assert_false(slice_look(rows, 20, 4, 12).cut);
    assert_true(slice_look(rows, 20, 4, 11).cut);
    assert_false(slice_look(rows, 24, 4, 100).cut);
    PQclear(rows);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slice__dossiers__are_found_by_source_and_code),
        cmocka_unit_test(slice__rows__are_sorted_by_dossier_and_time),
        cmocka_unit_test(slice__range__is_cut_by_events_and_by_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
