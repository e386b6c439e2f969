/* SPDX-License-Identifier: MIT */
/* test_fold_record.c - what synced records add to a dossier; the steps named are those of docs/rules.md 4. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "scorer/fold.h"
#include "tests/support/fold_steps.h"

static struct envelope full(enum envelope_status status, int64_t at_us)
{
    return record(ENVELOPE_FULL, status, at_us);
}

static struct envelope progress(enum envelope_status status, int64_t at_us)
{
    return record(ENVELOPE_PROGRESS, status, at_us);
}

static struct envelope_supplement asked(int64_t from_us, int64_t to_us, int64_t due_before_us, int64_t due_after_us)
{
    return (struct envelope_supplement){from_us, to_us, due_before_us, due_after_us};
}

static struct envelope listing(struct envelope event, struct envelope_supplement *list, size_t count)
{
    event.supplements = list;
    event.supplement_count = count;
    return event;
}

/* Each status alone: the state it leads to, and which dates it sets to its own moment. */
static void record__status_alone__sets_what_it_implies(void **state)
{
    static const struct {
        enum envelope_status status;
        enum dossier_state state;
        bool received, accepted, finished, returned, refused, stopped, withdrawn, told;
        const char *pauses;
    } cases[] = {
        {ENVELOPE_NEW, DOSSIER_RECEIVED, 1, 0, 0, 0, 0, 0, 0, 0, ""},
        {ENVELOPE_ACCEPTED, DOSSIER_IN_PROCESS, 0, 1, 0, 0, 0, 0, 0, 0, ""},
        {ENVELOPE_NOT_ACCEPTED, DOSSIER_REFUSED, 0, 0, 0, 0, 1, 0, 0, 1, ""},
        {ENVELOPE_IN_PROCESS, DOSSIER_IN_PROCESS, 0, 1, 0, 0, 0, 0, 0, 0, ""},
        {ENVELOPE_SUPPLEMENT_REQUESTED, DOSSIER_PAUSED, 0, 1, 0, 0, 0, 0, 0, 0, "supplement 7-"},
        {ENVELOPE_PAYMENT_DUE, DOSSIER_PAUSED, 0, 1, 0, 0, 0, 0, 0, 0, "payment 7-"},
        {ENVELOPE_WITHDRAWN, DOSSIER_WITHDRAWN, 0, 1, 0, 0, 0, 0, 1, 1, ""},
        {ENVELOPE_STOPPED, DOSSIER_STOPPED, 0, 1, 0, 0, 0, 1, 0, 1, ""},
        {ENVELOPE_FINISHED, DOSSIER_FINISHED, 0, 1, 1, 0, 0, 0, 0, 1, ""},
        {ENVELOPE_RETURNED, DOSSIER_RETURNED, 0, 1, 0, 1, 0, 0, 0, 1, ""},
    };

    (void)state;
    for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
        size_t n = i / 2;
        struct dossier dossier;

        fold_start(&dossier);
        add_stored(&dossier, i % 2 == 0 ? full(cases[n].status, 7) : progress(cases[n].status, 7), 9);
        assert_int_equal(fold_state(&dossier), cases[n].state);
        assert_true(dossier.received_us == (cases[n].received ? 7 : NONE));
        assert_true(dossier.accepted_us == (cases[n].accepted ? 7 : NONE));
        assert_true(dossier.finished_us == (cases[n].finished ? 7 : NONE));
        assert_true(dossier.returned_us == (cases[n].returned ? 7 : NONE));
        assert_true(dossier.refused_us == (cases[n].refused ? 7 : NONE));
        assert_true(dossier.stopped_us == (cases[n].stopped ? 7 : NONE));
        assert_true(dossier.withdrawn_us == (cases[n].withdrawn ? 7 : NONE));
        assert_true(dossier.told_us == (cases[n].told ? 9 : NONE));
        assert_string_equal(pauses_text(&dossier), cases[n].pauses);
        fold_clear(&dossier);
    }
}

static void record__sent_again__implies_nothing_new(void **state)
{
    static const enum envelope_status statuses[] = {ENVELOPE_NOT_ACCEPTED, ENVELOPE_STOPPED, ENVELOPE_WITHDRAWN,
                                                    ENVELOPE_RETURNED, ENVELOPE_FINISHED};
    struct dossier dossier;

    (void)state;
    fold_start(&dossier);
    add(&dossier, progress(ENVELOPE_NEW, 1));
    add(&dossier, progress(ENVELOPE_NEW, 2));
    for (int64_t i = 0; i < 10; i++) {
        add(&dossier, progress(statuses[i / 2], 10 + i));
    }
    assert_int_equal(dossier.received_us, 1);
    assert_int_equal(dossier.refused_us, 10);
    assert_int_equal(dossier.stopped_us, 12);
    assert_int_equal(dossier.withdrawn_us, 14);
    assert_int_equal(dossier.returned_us, 16);
    assert_int_equal(dossier.finished_us, 18);
    assert_int_equal(dossier.accepted_us, 12); /* 2: the first status but 1 and 3 */
    assert_int_equal(dossier.flags, 0);
}

static void record__own_dates__go_before_what_is_implied(void **state)
{
    struct dossier dossier;
    struct envelope event = full(ENVELOPE_RETURNED, 50);

    (void)state;
    fold_start(&dossier);
    event.received_us = 10;
    event.finished_us = 30;
    event.returned_us = 40;
    add(&dossier, event);
    assert_int_equal(dossier.accepted_us, 10);
    assert_int_equal(dossier.finished_us, 30);
    assert_int_equal(dossier.returned_us, 40);
    event = full(ENVELOPE_FINISHED, 60); /* corrects what it tells */
    event.received_us = 11;
    event.finished_us = 31;
    add(&dossier, event);
    assert_int_equal(dossier.received_us, 11);
    assert_int_equal(dossier.accepted_us, 11);
    assert_int_equal(dossier.finished_us, 31);
    assert_int_equal(dossier.returned_us, 40);
    assert_int_equal(dossier.flags, FOLD_FLAG_FINISH_MOVED);
    event = full(ENVELOPE_NOT_ACCEPTED, 70);
    event.refused_us = 65;
    add(&dossier, event);
    assert_int_equal(dossier.refused_us, 65);
    event = full(ENVELOPE_NEW, 80); /* 2: not accepted by status 1 */
    event.received_us = 12;
    add(&dossier, event);
    assert_int_equal(dossier.received_us, 12);
    assert_int_equal(dossier.accepted_us, 11);
}

static void record__in_process_again__takes_the_end_back(void **state)
{
    static const enum envelope_status again[] = {ENVELOPE_NEW, ENVELOPE_ACCEPTED, ENVELOPE_IN_PROCESS,
                                                 ENVELOPE_SUPPLEMENT_REQUESTED, ENVELOPE_PAYMENT_DUE};

    (void)state;
    for (size_t i = 0; i < sizeof again / sizeof *again; i++) {
        struct dossier dossier;

        fold_start(&dossier);
        add(&dossier, full(again[i], 1));
        assert_int_equal(dossier.flags, 0); /* nothing was known */
        for (enum event_kind kind = EVENT_FINISHED; kind <= EVENT_WITHDRAWN; kind++) {
            add_step(&dossier, kind, 10);
        }
        add(&dossier, progress(again[i], 11)); /* a progress record takes nothing back */
        assert_int_equal(dossier.flags & FOLD_FLAG_REOPENED, 0);
        assert_int_equal(dossier.finished_us, 10);
        add(&dossier, full(again[i], 12));
        assert_int_equal(dossier.flags & FOLD_FLAG_REOPENED, FOLD_FLAG_REOPENED);
        assert_true(dossier.finished_us == NONE && dossier.returned_us == NONE && dossier.refused_us == NONE);
        assert_true(dossier.stopped_us == NONE && dossier.withdrawn_us == NONE);
        assert_int_equal(dossier.finished_first_us, 10);
        fold_clear(&dossier);
    }
}

static void record__dues__the_first_from_the_list(void **state)
{
    struct dossier dossier;
    struct envelope_supplement list[] = {asked(5, 6, NONE, 200), asked(7, 8, 100, 300), asked(9, 9, 150, NONE)};
    struct envelope event = full(ENVELOPE_IN_PROCESS, 20);

    (void)state;
    fold_start(&dossier);
    event.due_us = 300;
    add(&dossier, listing(event, list, 3));
    assert_int_equal(dossier.due_first_us, 100);
    assert_int_equal(dossier.due_us, 300);
    assert_int_equal(dossier.due_moves, 0);
    assert_int_equal(dossier.flags & FOLD_FLAG_DUE_MOVED, 0); /* the second entry tells of it */
    event = full(ENVELOPE_IN_PROCESS, 30);
    event.due_us = 250;
    add(&dossier, listing(event, list, 3));
    assert_int_equal(dossier.due_first_us, 100);
    assert_int_equal(dossier.due_us, 250);
    assert_int_equal(dossier.flags & FOLD_FLAG_DUE_MOVED, FOLD_FLAG_DUE_MOVED); /* no entry tells of it */
    event = progress(ENVELOPE_IN_PROCESS, 40);
    add(&dossier, event);
    assert_int_equal(dossier.due_us, 250);
    fold_clear(&dossier);
}

static void record__list__replaces_supplement_pauses(void **state)
{
    struct dossier dossier;
    struct envelope_supplement first[] = {asked(15, NONE, NONE, NONE), asked(NONE, 4, NONE, NONE),
                                          asked(12, 14, NONE, NONE), asked(12, 9, NONE, NONE)};
    struct envelope_supplement empty[] = {asked(NONE, 18, NONE, NONE)};
    struct envelope_supplement second[] = {asked(11, 16, NONE, NONE)};

    (void)state;
    fold_start(&dossier);
    add_step(&dossier, EVENT_SUPPLEMENT_REQUESTED, 10);
    add_step(&dossier, EVENT_PAYMENT_REQUESTED, 13);
    add(&dossier, listing(full(ENVELOPE_SUPPLEMENT_REQUESTED, 20), first, 4));
    assert_int_equal(dossier.supplements, 3);
    assert_string_equal(pauses_text(&dossier), "supplement 12-14, supplement 12-9, payment 13-, supplement 15-");
    /* From then on only lists change them; payments go on. */
    add_step(&dossier, EVENT_SUPPLEMENTED, 30);
    add_step(&dossier, EVENT_SUPPLEMENT_REQUESTED, 31);
    add(&dossier, progress(ENVELOPE_IN_PROCESS, 32));
    add(&dossier, progress(ENVELOPE_SUPPLEMENT_REQUESTED, 33));
    assert_int_equal(dossier.flags & FOLD_FLAG_SUPPLEMENT_UNASKED, 0);
    assert_int_equal(dossier.supplements, 3);
    assert_string_equal(pauses_text(&dossier), "supplement 12-14, supplement 12-9, payment 13-32, supplement 15-");
    assert_true(fold_is_waiting(&dossier));
    add(&dossier, listing(full(ENVELOPE_IN_PROCESS, 40), empty, 1)); /* no entry tells when: no list */
    assert_int_equal(dossier.supplements, 3);
    add(&dossier, listing(full(ENVELOPE_IN_PROCESS, 41), second, 1));
    assert_int_equal(dossier.supplements, 1);
    assert_string_equal(pauses_text(&dossier), "supplement 11-16, payment 13-32");
    assert_false(fold_is_waiting(&dossier));
    add(&dossier, full(ENVELOPE_SUPPLEMENT_REQUESTED, 50)); /* 8: by list still */
    assert_string_equal(pauses_text(&dossier), "supplement 11-16, payment 13-32");
    fold_clear(&dossier);
}

static void record__status__opens_and_closes_pauses(void **state)
{
    static const enum envelope_status closing[] = {ENVELOPE_ACCEPTED, ENVELOPE_IN_PROCESS, ENVELOPE_FINISHED,
                                                   ENVELOPE_RETURNED};
    static const enum envelope_status leaving[] = {ENVELOPE_NEW, ENVELOPE_NOT_ACCEPTED, ENVELOPE_WITHDRAWN,
                                                   ENVELOPE_STOPPED, ENVELOPE_PAYMENT_DUE};

    (void)state;
    for (size_t i = 0; i < 9; i++) {
        struct dossier dossier;

        fold_start(&dossier);
        add(&dossier, progress(ENVELOPE_SUPPLEMENT_REQUESTED, 10));
        add(&dossier, progress(ENVELOPE_SUPPLEMENT_REQUESTED, 11)); /* open: no second request */
        assert_int_equal(dossier.supplements, 1);
        add(&dossier, progress(ENVELOPE_PAYMENT_DUE, 12));
        add(&dossier, progress(ENVELOPE_PAYMENT_DUE, 13));
        assert_string_equal(pauses_text(&dossier), "supplement 10-, payment 12-");
        add(&dossier, progress(i < 4 ? closing[i] : leaving[i - 4], 20));
        assert_string_equal(pauses_text(&dossier),
                            i < 4 ? "supplement 10-20, payment 12-20" : "supplement 10-, payment 12-");
        fold_clear(&dossier);
    }
}

/* A record tells late of a request that came before a pause that is over: the answer is to the open one. */
static void record__request_told_late__is_the_one_answered(void **state)
{
    struct dossier dossier;
    struct envelope late = progress(ENVELOPE_SUPPLEMENT_REQUESTED, 3);

    (void)state;
    fold_start(&dossier);
    add_step(&dossier, EVENT_SUPPLEMENT_REQUESTED, 5);
    add_step(&dossier, EVENT_SUPPLEMENTED, 6);
    late.happened_us = 7;
    add(&dossier, late);
    add_step(&dossier, EVENT_SUPPLEMENTED, 8);
    assert_string_equal(pauses_text(&dossier), "supplement 3-8, supplement 5-6");
    fold_clear(&dossier);
}

/* What was taken back is not moved, and what is told again is not either. */
static void record__finish_after_one_taken_back__is_not_moved(void **state)
{
    struct dossier dossier;
    struct envelope again;

    (void)state;
    fold_start(&dossier);
    add_step(&dossier, EVENT_FINISHED, 5);
    add(&dossier, full(ENVELOPE_IN_PROCESS, 6));
    add_step(&dossier, EVENT_FINISHED, 9);
    assert_int_equal(dossier.flags & FOLD_FLAG_FINISH_MOVED, 0);
    assert_int_equal(dossier.finished_first_us, 5);
    assert_int_equal(dossier.finished_us, 9);
    again = step(EVENT_FINISHED, 11);
    again.finished_us = 9;
    add(&dossier, again);
    assert_int_equal(dossier.flags & FOLD_FLAG_FINISH_MOVED, 0);
    add_step(&dossier, EVENT_FINISHED, 12);
    assert_int_equal(dossier.flags & FOLD_FLAG_FINISH_MOVED, FOLD_FLAG_FINISH_MOVED);
    fold_clear(&dossier);
}

static void record__moment__is_that_of_processing(void **state)
{
    struct dossier dossier;
    struct envelope event = progress(ENVELOPE_FINISHED, 50);

    (void)state;
    fold_start(&dossier);
    event.at_us = 30; /* ThoiDiemXuLy */
    add(&dossier, event);
    assert_int_equal(dossier.finished_us, 30);
    assert_int_equal(dossier.accepted_us, 30);
    assert_int_equal(dossier.last_happened_us, 50);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(record__status_alone__sets_what_it_implies),
        cmocka_unit_test(record__sent_again__implies_nothing_new),
        cmocka_unit_test(record__own_dates__go_before_what_is_implied),
        cmocka_unit_test(record__in_process_again__takes_the_end_back),
        cmocka_unit_test(record__dues__the_first_from_the_list),
        cmocka_unit_test(record__list__replaces_supplement_pauses),
        cmocka_unit_test(record__status__opens_and_closes_pauses),
        cmocka_unit_test(record__request_told_late__is_the_one_answered),
        cmocka_unit_test(record__finish_after_one_taken_back__is_not_moved),
        cmocka_unit_test(record__moment__is_that_of_processing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
