/* SPDX-License-Identifier: MIT */
/* test_batch.c - batches, their halves, their counts and what the database answers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/batch.h"

/* A parcel of five items with payloads of 1..5 bytes. */
static int setup(void **state)
{
    zmq_msg_t identity;
    zmq_msg_t body;
    struct parcel *parcel;

    zmq_msg_init(&identity);
    zmq_msg_init(&body);
    parcel = parcel_new(&identity, &body, 5);
    assert_non_null(parcel);
    parcel->open = 5;
    for (int i = 0; i < 5; i++) {
        parcel->items[i].parcel = parcel;
        parcel->items[i].payload = "12345";
        parcel->items[i].payload_len = (uint32_t)i + 1;
        assert_int_equal(parcel_keep(parcel, "id", &parcel->items[i].id_at), STATUS_OK);
        parcel->items[i].dossier_at = parcel->items[i].id_at;
    }
    *state = parcel;
    return 0;
}

static int teardown(void **state)
{
    struct parcel *parcel = *state;

    parcel_destroy(&parcel);
    return 0;
}

static struct batch *full_batch(struct parcel *parcel)
{
    struct batch *batch = batch_new(parcel->count);

    assert_non_null(batch);
    for (int i = 0; i < parcel->count; i++) {
        batch_add(batch, &parcel->items[i]);
    }
    return batch;
}

static void sort__any_order__by_source_and_id_and_arrival(void **state)
{
    static const char *const ids[] = {"b", "a\xc3\xa9", "az", "b", "c"};
    static const int32_t sources[] = {2, 2, 2, 2, 1};
    static const int expected[] = {4, 2, 1, 0, 3};
    struct parcel *parcel = *state;
    struct batch *batch = full_batch(parcel);

    for (int i = 0; i < 5; i++) {
        parcel->items[i].source_id = sources[i];
        assert_int_equal(parcel_keep(parcel, ids[i], &parcel->items[i].id_at), STATUS_OK);
    }
    batch_sort(batch);
    assert_int_equal(batch->count, 5);
    for (int i = 0; i < 5; i++) {
        assert_ptr_equal(batch->items[i], &parcel->items[expected[i]]);
    }
    batch_destroy(&batch);
}

static void sort__refused_without_id__stays(void **state)
{
    struct parcel *parcel = *state;
    struct batch *batch = full_batch(parcel);

    for (int i = 0; i < 5; i++) {
        parcel->items[i].word = ANSWER_REJECTED;
        parcel->items[i].id_at = UINT32_MAX;
    }
    batch_sort(batch);
    for (int i = 0; i < 5; i++) {
        assert_ptr_equal(batch->items[i], &parcel->items[i]);
    }
    batch_destroy(&batch);
}

static void split__five_items__two_and_three_in_order(void **state)
{
    struct parcel *parcel = *state;
    struct batch *batch = full_batch(parcel);
    struct batch *second;

    intake_add(&batch->carried, 4, ANSWER_DENIED, 9);
    assert_int_equal(batch->bytes, 15);
    assert_int_equal(batch_split(batch), STATUS_OK);
    second = batch->next;
    assert_int_equal(batch->count, 2);
    assert_int_equal(batch->bytes, 3);
    assert_int_equal(second->count, 3);
    assert_int_equal(second->bytes, 12);
    assert_ptr_equal(batch->items[1], &parcel->items[1]);
    assert_ptr_equal(second->items[0], &parcel->items[2]);
    assert_ptr_equal(second->items[2], &parcel->items[4]);
    /* The counts travel once. */
    assert_false(intake_is_empty(&batch->carried));
    assert_true(intake_is_empty(&second->carried));
    batch_destroy(&second);
    batch_destroy(&batch);
}

static void split__halves_already_follow__comes_before_them(void **state)
{
    struct batch *batch = full_batch(*state);
    struct batch *last;

    assert_int_equal(batch_split(batch), STATUS_OK);
    last = batch->next;
    assert_int_equal(batch_split(batch), STATUS_OK);
    assert_int_equal(batch->count, 1);
    assert_int_equal(batch->next->count, 1);
    assert_ptr_equal(batch->next->next, last);
    batch_destroy(&batch->next);
    batch_destroy(&last);
    batch_destroy(&batch);
}

static void stored__refused_items__do_not_count(void **state)
{
    struct parcel *parcel = *state;
    struct batch *batch = full_batch(parcel);

    parcel->items[1].word = ANSWER_REJECTED;
    parcel->items[4].word = ANSWER_REJECTED;
    assert_int_equal(batch_stored(batch), 3);
    batch_destroy(&batch);
}

static void params__any_batch__are_the_22_of_the_statement(void **state)
{
    struct parcel *parcel = *state;
    struct batch *batch = full_batch(parcel);
    struct db_params *params = db_params_new();
    const char *const *values;
    const int *lengths;
    const int *formats;

    parcel->items[1].word = ANSWER_REJECTED;
    parcel->items[1].code = CODE_NOT_JSON;
    batch->number = 5;
    batch_params(batch, "w/0", params);
    assert_int_equal(db_params_finish(params, &values, &lengths, &formats), 22);
    assert_int_equal(lengths[0], 3);
    assert_memory_equal(values[0], "w/0", 3);
    assert_int_equal(lengths[1], 8);
    /* An array is 20 bytes of head, then 4 bytes of length before each element. */
    assert_int_equal(lengths[2], 20 + 4 * (4 + 4));                  /* source of four events */
    assert_int_equal(lengths[9], 20 + 4 * (4 + 32));                 /* digests */
    assert_int_equal(lengths[10], 20 + 4 * 4 + (1 + 3 + 4 + 5));     /* payloads */
    assert_int_equal(lengths[12], 20 + 1 * (4 + 4));                 /* one count: the rejected event */
    assert_int_equal(lengths[18], 20 + 4 + (int)strlen("NOT_JSON")); /* code */
    assert_int_equal(lengths[21], 20 + 4 + 2);                       /* its payload */
    /* Counts that are carried add rows; the row of source 0 only when it holds something. */
    intake_add(&batch->carried, 7, ANSWER_BUSY, 3);
    batch_params(batch, "w/0", params);
    assert_int_equal(db_params_finish(params, &values, &lengths, &formats), 22);
    assert_int_equal(lengths[12], 20 + 2 * (4 + 4));
    intake_add(&batch->carried, 0, ANSWER_DENIED, 3);
    batch_params(batch, "w/0", params);
    assert_int_equal(db_params_finish(params, &values, &lengths, &formats), 22);
    assert_int_equal(lengths[12], 20 + 3 * (4 + 4));
    db_params_destroy(&params);
    batch_destroy(&batch);
}

/* One dimension, no nulls, smallint, three elements from 1: 0, 2, 1. */
static const unsigned char answer[] = {0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 21, 0, 0, 0, 3, 0, 0, 0,
                                       1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 2, 0,  2, 0, 0, 0, 2, 0, 1};

static void outcomes__null__means_all_accepted(void **state)
{
    unsigned char outcomes[3] = {9, 9, 9};

    (void)state;
    assert_int_equal(batch_outcomes(NULL, 0, 3, outcomes), STATUS_OK);
    assert_memory_equal(outcomes, "\0\0\0", 3);
}

static void outcomes__array__is_read(void **state)
{
    unsigned char outcomes[3] = {9, 9, 9};

    (void)state;
    assert_int_equal(batch_outcomes((const char *)answer, sizeof answer, 3, outcomes), STATUS_OK);
    assert_memory_equal(outcomes, "\0\2\1", 3);
}

static void outcomes__anything_else__is_refused(void **state)
{
    unsigned char outcomes[4];
    unsigned char bad[sizeof answer];

    (void)state;
    assert_int_equal(batch_outcomes((const char *)answer, sizeof answer, 4, outcomes), STATUS_INVALID);
    assert_int_equal(batch_outcomes((const char *)answer, sizeof answer - 1, 3, outcomes), STATUS_INVALID);
    assert_int_equal(batch_outcomes("", 0, 3, outcomes), STATUS_INVALID);
    memcpy(bad, answer, sizeof bad);
    bad[25] = 3; /* no such outcome */
    assert_int_equal(batch_outcomes((const char *)bad, sizeof bad, 3, outcomes), STATUS_INVALID);
    memcpy(bad, answer, sizeof bad);
    bad[11] = 23; /* int */
    assert_int_equal(batch_outcomes((const char *)bad, sizeof bad, 3, outcomes), STATUS_INVALID);
    memset(bad + 20, 0xff, 4); /* a NULL element */
    assert_int_equal(batch_outcomes((const char *)bad, sizeof bad, 3, outcomes), STATUS_INVALID);
}

static void settle__last_open_item__tells_so(void **state)
{
    struct parcel *parcel = *state;

    for (int i = 0; i < 4; i++) {
        assert_false(item_settle(&parcel->items[i], ANSWER_ACCEPTED, CODE_NONE));
    }
    assert_true(item_settle(&parcel->items[4], ANSWER_CONFLICT, CODE_CONFLICT));
    assert_int_equal(parcel->items[4].word, ANSWER_CONFLICT);
    assert_int_equal(parcel->items[4].place, ITEM_SETTLED);
}

static void keep__many_texts__stay_readable(void **state)
{
    struct parcel *parcel = *state;
    uint32_t first = 0;
    uint32_t last = 0;

    assert_int_equal(parcel_keep(parcel, "first", &first), STATUS_OK);
    assert_true(first > 0);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(parcel_keep(parcel, "a text of some length", &last), STATUS_OK);
    }
    assert_string_equal(parcel_text(parcel, first), "first");
    assert_string_equal(parcel_text(parcel, last), "a text of some length");
}

static void intake__moved__adds_up_and_empties(void **state)
{
    struct intake a = {0};
    struct intake b = {0};

    (void)state;
    assert_true(intake_is_empty(&a));
    intake_add(&a, 0, ANSWER_DENIED, 2);
    intake_add(&a, 5, ANSWER_BUSY, 3);
    intake_add(&b, 5, ANSWER_BUSY, 4);
    intake_add(&b, 5, ANSWER_REJECTED, 1);
    intake_add(&b, 6, ANSWER_REJECTED, 1);
    intake_move(&a, &b);
    assert_true(intake_is_empty(&b));
    assert_int_equal(intake_rows(&a), 3);
    assert_int_equal(intake_row(&a, 0)->denied, 2);
    assert_int_equal(intake_row(&a, 1)->source_id, 5);
    assert_int_equal(intake_row(&a, 1)->busy, 7);
    assert_int_equal(intake_row(&a, 1)->rejected, 1);
    assert_int_equal(intake_row(&a, 2)->rejected, 1);
    intake_clear(&a);
    intake_clear(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(sort__any_order__by_source_and_id_and_arrival, setup, teardown),
        cmocka_unit_test_setup_teardown(sort__refused_without_id__stays, setup, teardown),
        cmocka_unit_test_setup_teardown(split__five_items__two_and_three_in_order, setup, teardown),
        cmocka_unit_test_setup_teardown(split__halves_already_follow__comes_before_them, setup, teardown),
        cmocka_unit_test_setup_teardown(stored__refused_items__do_not_count, setup, teardown),
        cmocka_unit_test_setup_teardown(params__any_batch__are_the_22_of_the_statement, setup, teardown),
        cmocka_unit_test(outcomes__null__means_all_accepted),
        cmocka_unit_test(outcomes__array__is_read),
        cmocka_unit_test(outcomes__anything_else__is_refused),
        cmocka_unit_test_setup_teardown(settle__last_open_item__tells_so, setup, teardown),
        cmocka_unit_test_setup_teardown(keep__many_texts__stay_readable, setup, teardown),
        cmocka_unit_test(intake__moved__adds_up_and_empties),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
