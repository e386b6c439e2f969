/* SPDX-License-Identifier: MIT */
/* test_slice.c - finding dossiers among sorted ledger rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slice__dossiers__are_found_by_source_and_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
