/* SPDX-License-Identifier: MIT */
/*
 * test_fold_order.c - a dossier ends the same however its events arrive.
 *
 * A thousand random dossiers, each arriving in a hundred orders with repetitions, cut into slices as the scorer cuts
 * them: after each slice only what a row of table dossier holds is kept; what comes late, or has pauses or
 * re-appointments, is folded again from the ledger.  Proves the fold and the conditions of folding again; that the
 * scorer itself reads, cuts and stores so is tests/integration/test_model.py.
 */
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

#define DOSSIERS 1000
#define ORDERS 100
#define EVENTS_MAX 15
#define LIST_MAX 3

struct sent {
    struct envelope event;
    int64_t stored_us;
    char id[8];
    struct envelope_supplement list[LIST_MAX];
};

struct ledger {
    const struct sent *sent[EVENTS_MAX];
    size_t count;
};

static uint64_t chance = 88172645463325252; /* xorshift64 */

static int below(int bound)
{
    chance ^= chance << 13;
    chance ^= chance >> 7;
    chance ^= chance << 17;
    return (int)(chance % (uint64_t)bound);
}

static int64_t maybe(int percent)
{
    return below(100) < percent ? 1 + below(60) : NONE;
}

static void make_list(struct sent *sent)
{
    struct envelope *event = &sent->event;

    event->supplement_count = (size_t)below(LIST_MAX + 1);
    event->supplements = sent->list;
    for (size_t i = 0; i < event->supplement_count; i++) {
        sent->list[i] = (struct envelope_supplement){maybe(80), maybe(70), maybe(40), maybe(40)};
    }
}

static void make(struct sent *sent, int number)
{
    struct envelope *event = &sent->event;
    int kind = 1 + below(EVENT_SYNCED + 7);

    *sent = (struct sent){.event = step(kind < EVENT_SYNCED ? (enum event_kind)kind : EVENT_SYNCED, 1 + below(40))};
    snprintf(sent->id, sizeof sent->id, "%c%d", 'a' + below(3), number);
    event->id = sent->id;
    event->sequence = below(3);
    event->received_us = maybe(20);
    event->submitted_us = maybe(10);
    event->due_us = maybe(30);
    event->finished_us = maybe(30);
    event->online = below(3) - 1;
    event->reason = below(2) == 0 ? "a copy is missing" : NULL;
    sent->stored_us = 1 + below(90);
    if (event->kind == EVENT_SYNCED) {
        event->record = below(2) == 0 ? ENVELOPE_FULL : ENVELOPE_PROGRESS;
        event->status = (enum envelope_status)(1 + below(ENVELOPE_RETURNED));
        event->returned_us = maybe(30);
        event->refused_us = maybe(20);
        if (event->record == ENVELOPE_FULL && below(3) == 0) {
            make_list(sent);
        }
    }
}

/* The order of docs/rules.md 1. */
static int compare(const void *a, const void *b)
{
    const struct sent *const *one = a, *const *other = b;
    const struct envelope *x = &(*one)->event, *y = &(*other)->event;

    if (x->happened_us != y->happened_us) {
        return x->happened_us < y->happened_us ? -1 : 1;
    }
    if (x->sequence != y->sequence) {
        return x->sequence < y->sequence ? -1 : 1;
    }
    return strcmp(x->id, y->id);
}

static void fold_all(struct dossier *dossier, const struct sent *const *sent, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(fold_is_next(dossier, sent[i]->event.happened_us, sent[i]->event.sequence, sent[i]->id));
        add_stored(dossier, sent[i]->event, sent[i]->stored_us);
    }
}

/* What the table gives back of it. */
static void through_the_table(struct dossier *dossier)
{
    bool partial = dossier->pause_count > 0 || dossier->appointment_count > 0;

    fold_clear(dossier);
    dossier->listed = false;
    dossier->partial = partial;
}

/* A slice arrives, its events not in the ledger before. */
static void take_slice(struct dossier *dossier, struct ledger *ledger, const struct sent **slice, size_t count)
{
    qsort(slice, count, sizeof *slice, compare);
    memcpy(&ledger->sent[ledger->count], slice, count * sizeof *slice);
    ledger->count += count;
    if (dossier->partial ||
        !fold_is_next(dossier, slice[0]->event.happened_us, slice[0]->event.sequence, slice[0]->id)) {
        qsort(ledger->sent, ledger->count, sizeof *ledger->sent, compare);
        fold_start(dossier);
        fold_all(dossier, ledger->sent, ledger->count);
    } else {
        fold_all(dossier, slice, count);
    }
}

/* All events in a random order, some of them repeated; the last slice is left as folded. */
static void arrive(struct dossier *dossier, const struct sent *events, int count)
{
    const struct sent *slice[EVENTS_MAX];
    struct ledger ledger = {.count = 0};
    bool known[EVENTS_MAX] = {false};
    size_t waiting = 0;
    int left = count;

    fold_start(dossier);
    while (left > 0) {
        int which = below(count);

        if (known[which]) {
            continue; /* a repetition, which the ledger does not take */
        }
        known[which] = true;
        left--;
        slice[waiting++] = &events[which];
        if (left == 0 || below(3) == 0) {
            take_slice(dossier, &ledger, slice, waiting);
            waiting = 0;
            if (left > 0) {
                through_the_table(dossier);
            }
        }
    }
}

static const char *appointments_text(const struct dossier *d)
{
    static char text[EVENTS_MAX * 8];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < d->appointment_count; i++) {
        len += (size_t)snprintf(text + len, sizeof text - len, " %lld", (long long)d->appointments[i]);
        assert_true(len < sizeof text);
    }
    return text;
}

static const char *text_of(const struct dossier *d)
{
    static char texts[2][1200];
    static int turn;
    char *text = texts[turn ^= 1];

    snprintf(text, sizeof texts[0],
             "submitted %lld received %lld accepted %lld due %lld %lld finished %lld %lld returned %lld refused %lld "
             "stopped %lld withdrawn %lld told %lld last %lld %lld %s events %d moves %d supplements %d flags %d "
             "online %d waiting %d state %s; %s;%s",
             (long long)d->submitted_us, (long long)d->received_us, (long long)d->accepted_us,
             (long long)d->due_first_us, (long long)d->due_us, (long long)d->finished_first_us,
             (long long)d->finished_us, (long long)d->returned_us, (long long)d->refused_us, (long long)d->stopped_us,
             (long long)d->withdrawn_us, (long long)d->told_us, (long long)d->last_happened_us,
             (long long)d->last_sequence, d->last_id, d->events, d->due_moves, d->supplements, d->flags, d->online,
             fold_is_waiting(d), dossier_state_name(fold_state(d)), pauses_text(d), appointments_text(d));
    return text;
}

static void print_events(const struct sent *const *sent, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct envelope *e = &sent[i]->event;

        print_error("  %s kind %d at %lld record %d status %d list of %zu\n", e->id, e->kind, (long long)e->happened_us,
                    e->record, e->status, e->supplement_count);
    }
}

static void fold__any_order_of_arrival__ends_the_same(void **state)
{
    (void)state;
    for (int n = 0; n < DOSSIERS; n++) {
        struct sent events[EVENTS_MAX];
        const struct sent *sorted[EVENTS_MAX];
        struct dossier expected, dossier;
        int count = 1 + below(EVENTS_MAX);

        for (int i = 0; i < count; i++) {
            make(&events[i], i);
            sorted[i] = &events[i];
        }
        qsort(sorted, (size_t)count, sizeof *sorted, compare);
        fold_start(&expected);
        fold_all(&expected, sorted, (size_t)count);
        for (int order = 0; order < ORDERS; order++) {
            arrive(&dossier, events, count);
            if (strcmp(text_of(&dossier), text_of(&expected)) != 0) {
                print_events(sorted, (size_t)count);
                fail_msg("dossier %d, order %d:\n%s\n%s", n, order, text_of(&dossier), text_of(&expected));
            }
            fold_clear(&dossier);
        }
        fold_clear(&expected);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fold__any_order_of_arrival__ends_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
