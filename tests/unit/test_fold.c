/* SPDX-License-Identifier: MIT */
/* test_fold.c - what a dossier's events add up to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scorer/fold.h"

#define NONE FOLD_NONE_US

/* An event with only its key. */
static struct envelope event(enum event_kind kind, int64_t happened_us, const char *id)
{
    return (struct envelope){
        .kind = kind, .happened_us = happened_us, .id = id, .received_us = NONE, .due_us = NONE, .finished_us = NONE};
}

static void fold__start__knows_nothing(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    assert_int_equal(fold_state(&dossier), DOSSIER_RECEIVED);
    assert_int_equal(dossier.events, 0);
    assert_true(dossier.due_first_us == NONE && dossier.received_us == NONE && dossier.finished_us == NONE);
    assert_true(fold_is_next(&dossier, 0, 0, "a"));
}

static void fold__order__time_then_sequence_then_id(void **state)
{
    struct dossier dossier;
    struct envelope first = event(EVENT_RECEIVED, 100, "m");

    (void)state;
    first.sequence = 5;
    fold_start(&dossier);
    fold_event(&dossier, &first);
    assert_false(fold_is_next(&dossier, 99, 9, "z"));
    assert_true(fold_is_next(&dossier, 101, 0, "a"));
    assert_false(fold_is_next(&dossier, 100, 4, "z"));
    assert_true(fold_is_next(&dossier, 100, 6, "a"));
    assert_false(fold_is_next(&dossier, 100, 5, "l"));
    assert_false(fold_is_next(&dossier, 100, 5, "m"));
    assert_true(fold_is_next(&dossier, 100, 5, "n"));
}

static void fold__received_without_date__takes_the_time(void **state)
{
    struct dossier dossier;
    struct envelope received = event(EVENT_RECEIVED, 100, "a");

    (void)state;
    fold_start(&dossier);
    fold_event(&dossier, &received);
    assert_int_equal(dossier.received_us, 100);
    received = event(EVENT_RECEIVED, 200, "b");
    received.received_us = 90;
    fold_event(&dossier, &received);
    assert_int_equal(dossier.received_us, 90);
    assert_int_equal(dossier.events, 2);
}

static void fold__finished_alone__carries_all_dates(void **state)
{
    struct dossier dossier;
    struct envelope finished = event(EVENT_FINISHED, 500, "a");

    (void)state;
    finished.received_us = 100;
    finished.due_us = 400;
    finished.finished_us = 450;
    fold_start(&dossier);
    fold_event(&dossier, &finished);
    assert_int_equal(dossier.received_us, 100);
    assert_int_equal(dossier.due_first_us, 400);
    assert_int_equal(dossier.due_us, 400);
    assert_int_equal(dossier.finished_us, 450);
    assert_int_equal(dossier.finished_first_us, 450);
    assert_int_equal(dossier.flags, 0);
    assert_int_equal(fold_state(&dossier), DOSSIER_FINISHED);
    assert_string_equal(dossier.last_id, "a");
}

static void fold__rescheduled__keeps_the_first_due(void **state)
{
    struct dossier dossier;
    struct envelope step = event(EVENT_RECEIVED, 1, "a");

    (void)state;
    fold_start(&dossier);
    step.due_us = 100;
    fold_event(&dossier, &step);
    step = event(EVENT_RESCHEDULED, 2, "b");
    step.due_us = 200;
    fold_event(&dossier, &step);
    assert_int_equal(dossier.due_first_us, 100);
    assert_int_equal(dossier.due_us, 200);
    assert_int_equal(dossier.due_moves, 1);
    assert_int_equal(dossier.flags, 0);
}

static void fold__other_due_without_appointment__is_flagged(void **state)
{
    struct dossier dossier;
    struct envelope step = event(EVENT_RECEIVED, 1, "a");

    (void)state;
    fold_start(&dossier);
    step.due_us = 100;
    fold_event(&dossier, &step);
    step = event(EVENT_FINISHED, 50, "b");
    step.due_us = 100;
    fold_event(&dossier, &step);
    assert_int_equal(dossier.flags, 0);
    step = event(EVENT_FINISHED, 50, "c");
    step.due_us = 300;
    fold_event(&dossier, &step);
    assert_int_equal(dossier.due_first_us, 100);
    assert_int_equal(dossier.due_us, 300);
    assert_int_equal(dossier.due_moves, 0);
    assert_int_equal(dossier.flags, FOLD_FLAG_DUE_MOVED);
}

static void fold__second_finish__keeps_the_first_and_flags(void **state)
{
    struct dossier dossier;
    struct envelope step = event(EVENT_FINISHED, 50, "a");

    (void)state;
    fold_start(&dossier);
    step.received_us = 1;
    fold_event(&dossier, &step);
    step = event(EVENT_FINISHED, 60, "b");
    step.finished_us = 50;
    fold_event(&dossier, &step);
    assert_int_equal(dossier.flags, 0); /* the same finish, said again */
    step = event(EVENT_FINISHED, 70, "c");
    step.finished_us = 40;
    fold_event(&dossier, &step);
    assert_int_equal(dossier.finished_first_us, 50);
    assert_int_equal(dossier.finished_us, 40);
    assert_int_equal(dossier.flags, FOLD_FLAG_FINISH_MOVED);
}

static void fold__dates_out_of_order__are_flagged_until_corrected(void **state)
{
    struct dossier dossier;
    struct envelope step = event(EVENT_FINISHED, 50, "a");

    (void)state;
    fold_start(&dossier);
    fold_event(&dossier, &step);
    assert_int_equal(dossier.flags, FOLD_FLAG_FINISH_WITHOUT_RECEIPT);
    step = event(EVENT_RECEIVED, 60, "b");
    step.due_us = 55;
    fold_event(&dossier, &step);
    assert_int_equal(dossier.flags, FOLD_FLAG_FINISH_BEFORE_RECEIPT | FOLD_FLAG_DUE_BEFORE_RECEIPT);
    step = event(EVENT_RECEIVED, 70, "c");
    step.received_us = 10;
    fold_event(&dossier, &step);
    assert_int_equal(dossier.flags, 0);
}

static void fold__each_kind__moves_the_state(void **state)
{
    static const struct {
        enum event_kind kind;
        enum dossier_state after;
        const char *name;
    } steps[] = {
        {EVENT_RECEIVED, DOSSIER_RECEIVED, "received"},
        {EVENT_ACCEPTED, DOSSIER_IN_PROCESS, "in_process"},
        {EVENT_SUPPLEMENT_REQUESTED, DOSSIER_PAUSED, "paused"},
        {EVENT_SUPPLEMENTED, DOSSIER_IN_PROCESS, "in_process"},
        {EVENT_PAYMENT_REQUESTED, DOSSIER_PAUSED, "paused"},
        {EVENT_PAID, DOSSIER_IN_PROCESS, "in_process"},
        {EVENT_RESCHEDULED, DOSSIER_IN_PROCESS, "in_process"},
        {EVENT_APOLOGY_SENT, DOSSIER_IN_PROCESS, "in_process"},
        {EVENT_WITHDRAWN, DOSSIER_WITHDRAWN, "withdrawn"},
        {EVENT_STOPPED, DOSSIER_STOPPED, "stopped"},
        {EVENT_REFUSED, DOSSIER_REFUSED, "refused"},
        {EVENT_FINISHED, DOSSIER_FINISHED, "finished"},
        {EVENT_RETURNED, DOSSIER_RETURNED, "returned"},
        {EVENT_KIND_END, DOSSIER_RETURNED, "returned"}, /* unknown kinds change nothing */
    };
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        struct envelope step = event(steps[i].kind, (int64_t)i, "x");
        fold_event(&dossier, &step);
        assert_int_equal(fold_state(&dossier), steps[i].after);
        assert_string_equal(dossier_state_name(fold_state(&dossier)), steps[i].name);
    }
    assert_int_equal(dossier.accepted_us, 1);
    assert_int_equal(dossier.withdrawn_us, 8);
    assert_int_equal(dossier.stopped_us, 9);
    assert_int_equal(dossier.refused_us, 10);
    assert_int_equal(dossier.finished_us, 11);
    assert_int_equal(dossier.returned_us, 12);
    assert_true(dossier.paused_us == NONE);
    assert_int_equal(dossier.events, 14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fold__start__knows_nothing),
        cmocka_unit_test(fold__order__time_then_sequence_then_id),
        cmocka_unit_test(fold__received_without_date__takes_the_time),
        cmocka_unit_test(fold__finished_alone__carries_all_dates),
        cmocka_unit_test(fold__rescheduled__keeps_the_first_due),
        cmocka_unit_test(fold__other_due_without_appointment__is_flagged),
        cmocka_unit_test(fold__second_finish__keeps_the_first_and_flags),
        cmocka_unit_test(fold__dates_out_of_order__are_flagged_until_corrected),
        cmocka_unit_test(fold__each_kind__moves_the_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
