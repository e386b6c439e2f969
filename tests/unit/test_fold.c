/* SPDX-License-Identifier: MIT */
/* test_fold.c - what a dossier's events add up to; the sections named are those of docs/rules.md. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scorer/fold.h"
#include "tests/support/fold_steps.h"

/* --- memory that can be short: the linker leads calls here --- */

static int allocations_left = -1; /* -1: no end */

void *__real_realloc(void *block, size_t size); /* NOLINT: the linker's names */
char *__real_strdup(const char *text);          /* NOLINT */
void *__wrap_realloc(void *block, size_t size); /* NOLINT */
char *__wrap_strdup(const char *text);          /* NOLINT */

static int is_short(void)
{
    return allocations_left >= 0 && allocations_left-- == 0;
}

void *__wrap_realloc(void *block, size_t size)
{
    return is_short() ? NULL : __real_realloc(block, size);
}

char *__wrap_strdup(const char *text)
{
    return is_short() ? NULL : __real_strdup(text);
}

/* --- order --- */

static void fold__start__knows_nothing(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    assert_int_equal(fold_state(&dossier), DOSSIER_RECEIVED);
    assert_int_equal(dossier.events, 0);
    assert_true(dossier.due_first_us == NONE && dossier.received_us == NONE && dossier.finished_us == NONE);
    assert_true(dossier.submitted_us == NONE && dossier.told_us == NONE && !dossier.online);
    assert_true(fold_is_next(&dossier, 0, 0, "a"));
}

static void fold__order__time_then_sequence_then_id(void **state)
{
    struct dossier dossier;
    struct envelope first = step(EVENT_RECEIVED, 100);

    (void)state;
    first.id = "m";
    first.sequence = 5;
    fold_start(&dossier);
    add(&dossier, first);
    assert_false(fold_is_next(&dossier, 99, 9, "z"));
    assert_true(fold_is_next(&dossier, 101, 0, "a"));
    assert_false(fold_is_next(&dossier, 100, 4, "z"));
    assert_true(fold_is_next(&dossier, 100, 6, "a"));
    assert_false(fold_is_next(&dossier, 100, 5, "l"));
    assert_false(fold_is_next(&dossier, 100, 5, "m"));
    assert_true(fold_is_next(&dossier, 100, 5, "n"));
}

/* --- section 3: what events tell --- */

static void fold__received_without_date__takes_the_time(void **state)
{
    struct dossier dossier;
    struct envelope received = step(EVENT_RECEIVED, 100);

    (void)state;
    fold_start(&dossier);
    add(&dossier, received);
    assert_int_equal(dossier.received_us, 100);
    received = step(EVENT_RECEIVED, 200);
    received.received_us = 90;
    add(&dossier, received);
    assert_int_equal(dossier.received_us, 90);
    assert_int_equal(dossier.events, 2);
}

static void fold__finished_alone__carries_all_dates(void **state)
{
    struct dossier dossier;
    struct envelope finished = step(EVENT_FINISHED, 500);

    (void)state;
    finished.id = "a";
    finished.submitted_us = 90;
    finished.received_us = 100;
    finished.due_us = 400;
    finished.finished_us = 450;
    fold_start(&dossier);
    add(&dossier, finished);
    assert_int_equal(dossier.submitted_us, 90);
    assert_int_equal(dossier.received_us, 100);
    assert_int_equal(dossier.due_first_us, 400);
    assert_int_equal(dossier.due_us, 400);
    assert_int_equal(dossier.finished_us, 450);
    assert_int_equal(dossier.finished_first_us, 450);
    assert_int_equal(dossier.flags, 0);
    assert_int_equal(fold_state(&dossier), DOSSIER_FINISHED);
    assert_string_equal(dossier.last_id, "a");
}

static void fold__channel__latest_told_counts(void **state)
{
    static const struct {
        int told;
        bool online;
    } cases[] = {{-1, false}, {1, true}, {-1, true}, {0, false}, {-1, false}};
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    for (int64_t i = 0; i < 5; i++) {
        struct envelope event = step(EVENT_ACCEPTED, i);
        event.online = cases[i].told;
        add(&dossier, event);
        assert_int_equal(dossier.online, cases[i].online);
    }
}

static void fold__ends__latest_time_kept(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    for (enum event_kind kind = EVENT_RETURNED; kind <= EVENT_WITHDRAWN; kind++) {
        add_step(&dossier, kind, 10 + (int64_t)kind);
        add_step(&dossier, kind, 40 + (int64_t)kind);
    }
    assert_int_equal(dossier.returned_us, 40 + EVENT_RETURNED);
    assert_int_equal(dossier.refused_us, 40 + EVENT_REFUSED);
    assert_int_equal(dossier.stopped_us, 40 + EVENT_STOPPED);
    assert_int_equal(dossier.withdrawn_us, 40 + EVENT_WITHDRAWN);
    assert_int_equal(dossier.flags, 0);
}

static void fold__told__least_moment_of_storing_an_end(void **state)
{
    static const enum event_kind ends[] = {EVENT_FINISHED, EVENT_RETURNED, EVENT_REFUSED, EVENT_STOPPED,
                                           EVENT_WITHDRAWN};
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    for (enum event_kind kind = EVENT_RECEIVED; kind <= EVENT_RESCHEDULED; kind++) {
        add_stored(&dossier, step(kind, 1), 2);
    }
    add_stored(&dossier, step(EVENT_APOLOGY_SENT, 1), 2);
    assert_true(dossier.told_us == NONE);
    fold_clear(&dossier);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        fold_start(&dossier);
        add_stored(&dossier, step(ends[i], 10), 300);
        assert_int_equal(dossier.told_us, 300);
        add_stored(&dossier, step(EVENT_FINISHED, 20), 200); /* a later one, stored before */
        assert_int_equal(dossier.told_us, 200);
        add_stored(&dossier, step(EVENT_FINISHED, 30), 400);
        assert_int_equal(dossier.told_us, 200);
    }
}

static void fold__apology__tells_nothing(void **state)
{
    struct dossier dossier;
    struct envelope letter = step(EVENT_APOLOGY_SENT, 10);

    (void)state;
    fold_start(&dossier);
    letter.received_us = letter.submitted_us = letter.due_us = letter.finished_us = 5;
    letter.online = 1;
    add(&dossier, letter);
    assert_true(dossier.received_us == NONE && dossier.submitted_us == NONE && dossier.due_us == NONE);
    assert_true(dossier.finished_us == NONE && !dossier.online && dossier.told_us == NONE);
    assert_int_equal(dossier.events, 1);
}

/* --- due and finish --- */

static struct envelope with_due(enum event_kind kind, int64_t happened_us, int64_t due_us)
{
    struct envelope event = step(kind, happened_us);

    event.due_us = due_us;
    return event;
}

static void fold__rescheduled__keeps_the_first_due(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    add(&dossier, with_due(EVENT_RESCHEDULED, 1, 100)); /* the first told is no move */
    assert_int_equal(dossier.due_moves, 0);
    add(&dossier, with_due(EVENT_RESCHEDULED, 2, 200));
    add(&dossier, with_due(EVENT_RESCHEDULED, 3, 200)); /* said again */
    add(&dossier, with_due(EVENT_RESCHEDULED, 4, 100)); /* back to the first: moved again */
    add_step(&dossier, EVENT_RESCHEDULED, 5);
    assert_int_equal(dossier.due_first_us, 100);
    assert_int_equal(dossier.due_us, 100);
    assert_int_equal(dossier.due_moves, 2);
    assert_int_equal(dossier.flags, 0);
    fold_clear(&dossier);
}

static void fold__rescheduled__appoints_what_is_later_than_all_before(void **state)
{
    static const int64_t dues[] = {100, 200, 200, 100, 150, 201, 300, 250, 301, 400};
    static const int64_t kept[] = {100, 200, 201, 300, 301, 400};
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    add(&dossier, with_due(EVENT_RECEIVED, 0, 900)); /* no re-appointment, like what is told below */
    for (size_t i = 0; i < sizeof dues / sizeof *dues; i++) {
        add(&dossier, with_due(EVENT_RESCHEDULED, (int64_t)i + 1, dues[i]));
    }
    add(&dossier, with_due(EVENT_ACCEPTED, 20, 1000));
    add(&dossier, with_due(EVENT_APOLOGY_SENT, 21, 1001));
    assert_int_equal(dossier.appointment_count, sizeof kept / sizeof *kept);
    assert_memory_equal(dossier.appointments, kept, sizeof kept);
    fold_clear(&dossier);
    assert_int_equal(dossier.appointment_count, 0);
}

static void fold__other_due_without_appointment__is_flagged(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    add(&dossier, with_due(EVENT_RECEIVED, 1, 100));
    add(&dossier, with_due(EVENT_ACCEPTED, 2, 100));
    assert_int_equal(dossier.flags, 0);
    add(&dossier, with_due(EVENT_ACCEPTED, 3, 300));
    assert_int_equal(dossier.due_first_us, 100);
    assert_int_equal(dossier.due_us, 300);
    assert_int_equal(dossier.due_moves, 0);
    assert_int_equal(dossier.flags, FOLD_FLAG_DUE_MOVED);
}

static void fold__second_finish__keeps_the_first_and_flags(void **state)
{
    struct dossier dossier;
    struct envelope event = step(EVENT_FINISHED, 50);

    (void)state;
    fold_start(&dossier);
    event.received_us = 1;
    add(&dossier, event);
    event = step(EVENT_FINISHED, 60);
    event.finished_us = 50;
    add(&dossier, event);
    assert_int_equal(dossier.flags, 0); /* the same finish, said again */
    event.finished_us = 40;
    add(&dossier, event);
    assert_int_equal(dossier.finished_first_us, 50);
    assert_int_equal(dossier.finished_us, 40);
    assert_int_equal(dossier.flags, FOLD_FLAG_FINISH_MOVED);
}

static void fold__counts__stop_at_the_column(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    add(&dossier, with_due(EVENT_RECEIVED, 0, 1));
    for (int64_t i = 1; i <= INT16_MAX + 2; i++) {
        add(&dossier, with_due(EVENT_RESCHEDULED, i, i % 2 + 10));
        add_step(&dossier, EVENT_SUPPLEMENT_REQUESTED, i);
    }
    assert_int_equal(dossier.due_moves, INT16_MAX);
    assert_int_equal(dossier.supplements, INT16_MAX);
    assert_string_equal(pauses_text(&dossier), "supplement 1-");
    fold_clear(&dossier);
}

/* --- section 5: flags from the dates as they stand --- */

static void fold__dates_out_of_order__are_flagged_until_corrected(void **state)
{
    struct dossier dossier;
    struct envelope event = step(EVENT_FINISHED, 50);

    (void)state;
    fold_start(&dossier);
    add(&dossier, event);
    assert_int_equal(dossier.flags, FOLD_FLAG_FINISH_WITHOUT_RECEIPT);
    add(&dossier, with_due(EVENT_RECEIVED, 60, 55));
    assert_int_equal(dossier.flags, FOLD_FLAG_FINISH_BEFORE_RECEIPT | FOLD_FLAG_DUE_BEFORE_RECEIPT);
    event = step(EVENT_RECEIVED, 70);
    event.received_us = 10;
    add(&dossier, event);
    assert_int_equal(dossier.flags, 0);
    event.received_us = 50; /* finished and due at the moment of receipt or later are in order */
    add(&dossier, event);
    assert_int_equal(dossier.flags, 0);
}

/* first finish, due first told, then the latest finish; and a due told last, 0: none. */
static void fold__finish_and_due__flags_by_hand(void **state)
{
    static const struct {
        int64_t first;
        int64_t due;
        int64_t latest;
        int64_t due_last;
        int flags;
    } cases[] = {
        {30, 20, 30, 0, 0},
        {30, 20, 20, 0, FOLD_FLAG_FINISH_MOVED | FOLD_FLAG_FINISH_BACKDATED | FOLD_FLAG_FINISH_AT_DUE},
        {30, 20, 19, 0, FOLD_FLAG_FINISH_MOVED | FOLD_FLAG_FINISH_BACKDATED},
        {30, 20, 21, 0, FOLD_FLAG_FINISH_MOVED},                           /* still late */
        {20, 20, 19, 0, FOLD_FLAG_FINISH_MOVED},                           /* was in time before */
        {19, 20, 20, 0, FOLD_FLAG_FINISH_MOVED | FOLD_FLAG_FINISH_AT_DUE}, /* moved on */
        {25, 20, 25, 25, FOLD_FLAG_DUE_MOVED | FOLD_FLAG_FINISH_AT_DUE},   /* at the due in force */
        {20, 20, 20, 25, FOLD_FLAG_DUE_MOVED | FOLD_FLAG_FINISH_AT_DUE},   /* at the first */
        {21, 20, 21, 25, FOLD_FLAG_DUE_MOVED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct dossier dossier;
        struct envelope event = step(EVENT_FINISHED, 100);

        fold_start(&dossier);
        event.received_us = 1;
        event.due_us = cases[i].due;
        event.finished_us = cases[i].first;
        add(&dossier, event);
        event = step(EVENT_FINISHED, 101);
        event.finished_us = cases[i].latest;
        event.due_us = cases[i].due_last == 0 ? NONE : cases[i].due_last;
        add(&dossier, event);
        if (dossier.flags != cases[i].flags) {
            fail_msg("case %zu: %d, not %d", i, dossier.flags, cases[i].flags);
        }
    }
}

/* --- pauses --- */

static void fold__requests_and_answers__make_pauses(void **state)
{
    struct dossier dossier;
    struct envelope request = step(EVENT_SUPPLEMENT_REQUESTED, 10);

    (void)state;
    fold_start(&dossier);
    request.reason = "a copy is missing";
    add(&dossier, request);
    assert_true(fold_is_waiting(&dossier));
    add_step(&dossier, EVENT_SUPPLEMENT_REQUESTED, 11); /* one is open: counted, opens none */
    add_step(&dossier, EVENT_PAYMENT_REQUESTED, 12);
    add_step(&dossier, EVENT_PAYMENT_REQUESTED, 13);
    assert_string_equal(pauses_text(&dossier), "supplement 10- (a copy is missing), payment 12-");
    add_step(&dossier, EVENT_PAID, 14);
    assert_true(fold_is_waiting(&dossier));
    add_step(&dossier, EVENT_SUPPLEMENTED, 15);
    assert_false(fold_is_waiting(&dossier));
    add_step(&dossier, EVENT_SUPPLEMENT_REQUESTED, 16);
    assert_int_equal(dossier.supplements, 3);
    assert_int_equal(dossier.flags, 0);
    assert_string_equal(pauses_text(&dossier), "supplement 10-15 (a copy is missing), payment 12-14, supplement 16-");
    fold_clear(&dossier);
    assert_int_equal(dossier.pause_count, 0);
    assert_null(dossier.pauses);
    assert_false(fold_is_waiting(&dossier));
}

static void fold__answer_unasked__flags_supplements_only(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    add_step(&dossier, EVENT_PAID, 1);
    assert_int_equal(dossier.flags, 0);
    add_step(&dossier, EVENT_SUPPLEMENTED, 2);
    assert_int_equal(dossier.flags, FOLD_FLAG_SUPPLEMENT_UNASKED);
    assert_int_equal(dossier.pause_count, 0);
}

static void fold__many_pauses__are_all_kept(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    for (int64_t i = 0; i < 50; i++) {
        add_step(&dossier, EVENT_SUPPLEMENT_REQUESTED, 2 * i);
        add_step(&dossier, EVENT_SUPPLEMENTED, 2 * i + 1);
    }
    assert_int_equal(dossier.pause_count, 50);
    for (int64_t i = 0; i < 50; i++) {
        assert_int_equal(dossier.pauses[i].from_us, 2 * i);
        assert_int_equal(dossier.pauses[i].to_us, 2 * i + 1);
    }
    fold_clear(&dossier);
}

static void fold__memory_short__says_retry(void **state)
{
    struct envelope request = step(EVENT_SUPPLEMENT_REQUESTED, 10);

    (void)state;
    request.reason = "why";
    for (int good = 0; good < 2; good++) {
        struct dossier dossier;

        fold_start(&dossier);
        allocations_left = good;
        assert_int_equal(fold_event(&dossier, &request, 10), STATUS_RETRY);
        allocations_left = -1;
        assert_int_equal(dossier.pause_count, 0);
        fold_clear(&dossier);
    }
}

static void fold__memory_short_for_an_appointment__says_retry(void **state)
{
    (void)state;
    for (int64_t good = 0; good <= 4; good += 4) { /* room is made for four at first */
        struct envelope again = with_due(EVENT_RESCHEDULED, 10, 110);
        struct dossier dossier;

        fold_start(&dossier);
        for (int64_t i = 0; i < good; i++) {
            add(&dossier, with_due(EVENT_RESCHEDULED, i, 100 + i));
        }
        allocations_left = 0;
        assert_int_equal(fold_event(&dossier, &again, 10), STATUS_RETRY);
        allocations_left = -1;
        assert_int_equal(dossier.appointment_count, good);
        fold_clear(&dossier);
    }
}

/* --- state --- */

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
        {EVENT_SUPPLEMENT_REQUESTED, DOSSIER_PAUSED, "paused"},
        {EVENT_WITHDRAWN, DOSSIER_WITHDRAWN, "withdrawn"}, /* though a pause is open */
        {EVENT_STOPPED, DOSSIER_STOPPED, "stopped"},
        {EVENT_REFUSED, DOSSIER_REFUSED, "refused"},
        {EVENT_FINISHED, DOSSIER_FINISHED, "finished"},
        {EVENT_RETURNED, DOSSIER_RETURNED, "returned"},
        {EVENT_INDICATOR, DOSSIER_RETURNED, "returned"}, /* of no dossier */
        {EVENT_KIND_END, DOSSIER_RETURNED, "returned"},  /* unknown kinds change nothing */
    };
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        add_step(&dossier, steps[i].kind, (int64_t)i);
        assert_int_equal(fold_state(&dossier), steps[i].after);
        assert_string_equal(dossier_state_name(fold_state(&dossier)), steps[i].name);
    }
    assert_int_equal(dossier.accepted_us, 1);
    assert_int_equal(dossier.withdrawn_us, 9);
    assert_int_equal(dossier.stopped_us, 10);
    assert_int_equal(dossier.refused_us, 11);
    assert_int_equal(dossier.finished_us, 12);
    assert_int_equal(dossier.returned_us, 13);
    assert_int_equal(dossier.events, 16);
    fold_clear(&dossier);
}

/* A caller's mistake moves no date. */
static void fold__kind_that_is_none__sets_nothing(void **state)
{
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    add_step(&dossier, (enum event_kind)99, 7);
    assert_int_equal(fold_state(&dossier), DOSSIER_RECEIVED);
    assert_int_equal(dossier.received_us, NONE);
    assert_int_equal(dossier.events, 1);
    fold_clear(&dossier);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fold__kind_that_is_none__sets_nothing),
        cmocka_unit_test(fold__start__knows_nothing),
        cmocka_unit_test(fold__order__time_then_sequence_then_id),
        cmocka_unit_test(fold__received_without_date__takes_the_time),
        cmocka_unit_test(fold__finished_alone__carries_all_dates),
        cmocka_unit_test(fold__channel__latest_told_counts),
        cmocka_unit_test(fold__ends__latest_time_kept),
        cmocka_unit_test(fold__told__least_moment_of_storing_an_end),
        cmocka_unit_test(fold__apology__tells_nothing),
        cmocka_unit_test(fold__rescheduled__keeps_the_first_due),
        cmocka_unit_test(fold__rescheduled__appoints_what_is_later_than_all_before),
        cmocka_unit_test(fold__other_due_without_appointment__is_flagged),
        cmocka_unit_test(fold__second_finish__keeps_the_first_and_flags),
        cmocka_unit_test(fold__counts__stop_at_the_column),
        cmocka_unit_test(fold__dates_out_of_order__are_flagged_until_corrected),
        cmocka_unit_test(fold__finish_and_due__flags_by_hand),
        cmocka_unit_test(fold__requests_and_answers__make_pauses),
        cmocka_unit_test(fold__answer_unasked__flags_supplements_only),
        cmocka_unit_test(fold__many_pauses__are_all_kept),
        cmocka_unit_test(fold__memory_short__says_retry),
        cmocka_unit_test(fold__memory_short_for_an_appointment__says_retry),
        cmocka_unit_test(fold__each_kind__moves_the_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
