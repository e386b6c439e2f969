/* SPDX-License-Identifier: MIT */
/* fold_record.c - what a synced record adds to a dossier; the steps are those of docs/rules.md 4. */
#include "scorer/fold_record.h"

static bool known(int64_t moment_us)
{
    return moment_us != FOLD_NONE_US;
}

/* A date that the status only implies does not move one that is known: records are sent again and again. */
static void imply(int64_t *date_us, int64_t told_us, int64_t implied_us)
{
    if (known(told_us)) {
        *date_us = told_us;
    } else if (!known(*date_us)) {
        *date_us = implied_us;
    }
}

static void record_dues(struct dossier *dossier, const struct envelope *event)
{
    enum fold_due_by by = FOLD_SILENT;

    for (size_t i = 0; i < event->supplement_count; i++) {
        const struct envelope_supplement *supplement = &event->supplements[i];

        if (!known(dossier->due_first_us)) {
            fold_due(dossier, supplement->due_before_us, FOLD_EXPLAINED);
        }
        if (supplement->due_after_us == event->due_us) {
            by = FOLD_EXPLAINED;
        }
    }
    fold_due(dossier, event->due_us, by);
}

/* 1: a full record that says "in process" takes back an end told before. */
static void reopen(struct dossier *dossier)
{
    int64_t *const ends[] = {&dossier->finished_us, &dossier->returned_us, &dossier->refused_us, &dossier->stopped_us,
                             &dossier->withdrawn_us};

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        if (known(*ends[i])) {
            dossier->flags |= FOLD_FLAG_REOPENED;
            *ends[i] = FOLD_NONE_US;
        }
    }
}

/* 2 to 4, and 1 before them. */
static void record_begin(struct dossier *dossier, const struct envelope *event)
{
    bool full = event->record == ENVELOPE_FULL;

    switch (event->status) {
    case ENVELOPE_NEW:
    case ENVELOPE_ACCEPTED:
    case ENVELOPE_IN_PROCESS:
    case ENVELOPE_SUPPLEMENT_REQUESTED:
    case ENVELOPE_PAYMENT_DUE:
        if (full) {
            reopen(dossier);
        }
        break;
    default:
        break;
    }
    if (event->status != ENVELOPE_NEW && event->status != ENVELOPE_NOT_ACCEPTED) {
        imply(&dossier->accepted_us, full ? event->received_us : FOLD_NONE_US, event->at_us);
    } else if (event->status == ENVELOPE_NEW && !known(dossier->received_us)) {
        dossier->received_us = event->at_us;
    }
}

/* 4 to 6 */
static void record_end(struct dossier *dossier, const struct envelope *event)
{
    switch (event->status) {
    case ENVELOPE_NOT_ACCEPTED:
        imply(&dossier->refused_us, event->refused_us, event->at_us);
        break;
    case ENVELOPE_WITHDRAWN:
        imply(&dossier->withdrawn_us, FOLD_NONE_US, event->at_us);
        break;
    case ENVELOPE_STOPPED:
        imply(&dossier->stopped_us, FOLD_NONE_US, event->at_us);
        break;
    case ENVELOPE_FINISHED:
    case ENVELOPE_RETURNED:
        if (known(event->finished_us)) {
            fold_finish(dossier, event->finished_us);
        } else if (event->status == ENVELOPE_FINISHED && !known(dossier->finished_us)) {
            fold_finish(dossier, event->at_us);
        }
        if (event->status == ENVELOPE_RETURNED) {
            imply(&dossier->returned_us, event->returned_us, event->at_us);
        }
        break;
    default:
        break;
    }
}

/* An entry that does not tell when it was requested is none: a list of such would leave no trace in what is stored. */
static bool has_list(const struct envelope *event)
{
    for (size_t i = 0; i < event->supplement_count; i++) {
        if (known(event->supplements[i].requested_us)) {
            return true;
        }
    }
    return false;
}

/* 7 */
static enum status take_list(struct dossier *dossier, const struct envelope *event)
{
    enum status st = STATUS_OK;

    dossier->listed = true;
    dossier->supplements = 0;
    fold_drop_pauses(dossier, FOLD_SUPPLEMENT);
    for (size_t i = 0; i < event->supplement_count && st == STATUS_OK; i++) {
        const struct envelope_supplement *supplement = &event->supplements[i];

        if (known(supplement->requested_us)) {
            fold_count_request(dossier);
            st = fold_add_pause(dossier, FOLD_SUPPLEMENT, supplement->requested_us, supplement->completed_us, NULL);
        }
    }
    return st;
}

static bool goes_on(enum envelope_status status)
{
    return status == ENVELOPE_ACCEPTED || status == ENVELOPE_IN_PROCESS || status == ENVELOPE_FINISHED ||
           status == ENVELOPE_RETURNED;
}

/* 8 for one kind of pause, whose status is asks. */
static enum status record_pause(struct dossier *dossier, const struct envelope *event, enum fold_pause_kind kind,
                                enum envelope_status asks)
{
    if (goes_on(event->status)) {
        (void)fold_end_pause(dossier, kind, event->at_us);
    } else if (dossier->open_pauses[kind] == 0 && event->status == asks) {
        if (kind == FOLD_SUPPLEMENT) {
            fold_count_request(dossier);
        }
        return fold_add_pause(dossier, kind, event->at_us, FOLD_NONE_US, event->reason);
    }
    return STATUS_OK;
}

enum status fold_record(struct dossier *dossier, const struct envelope *event)
{
    enum status st = STATUS_OK;

    if (event->record == ENVELOPE_FULL) {
        record_dues(dossier, event);
    }
    record_begin(dossier, event);
    record_end(dossier, event);
    if (has_list(event)) {
        st = take_list(dossier, event);
    }
    if (st == STATUS_OK && !dossier->listed) {
        st = record_pause(dossier, event, FOLD_SUPPLEMENT, ENVELOPE_SUPPLEMENT_REQUESTED);
    }
    return st == STATUS_OK ? record_pause(dossier, event, FOLD_PAYMENT, ENVELOPE_PAYMENT_DUE) : st;
}
