/* SPDX-License-Identifier: MIT */
/* fold.c - what a dossier's events add up to; the numbers in comments are those of docs/rules.md. */
#include "scorer/fold.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "scorer/fold_record.h"

static bool known(int64_t moment_us)
{
    return moment_us != FOLD_NONE_US;
}

void fold_start(struct dossier *dossier)
{
    *dossier = (struct dossier){
        .submitted_us = FOLD_NONE_US,
        .received_us = FOLD_NONE_US,
        .accepted_us = FOLD_NONE_US,
        .due_first_us = FOLD_NONE_US,
        .due_us = FOLD_NONE_US,
        .finished_first_us = FOLD_NONE_US,
        .finished_us = FOLD_NONE_US,
        .returned_us = FOLD_NONE_US,
        .refused_us = FOLD_NONE_US,
        .stopped_us = FOLD_NONE_US,
        .withdrawn_us = FOLD_NONE_US,
        .told_us = FOLD_NONE_US,
        .last_happened_us = FOLD_NONE_US,
        .last_id = "",
    };
}

void fold_clear(struct dossier *dossier)
{
    fold_drop_pauses(dossier, FOLD_SUPPLEMENT);
    fold_drop_pauses(dossier, FOLD_PAYMENT);
    free(dossier->pauses);
    dossier->pauses = NULL;
    dossier->pause_room = 0;
    free(dossier->appointments);
    dossier->appointments = NULL;
    dossier->appointment_count = dossier->appointment_room = 0;
}

bool fold_is_next(const struct dossier *dossier, int64_t happened_us, int64_t sequence, const char *id)
{
    if (happened_us != dossier->last_happened_us) {
        return happened_us > dossier->last_happened_us;
    }
    if (sequence != dossier->last_sequence) {
        return sequence > dossier->last_sequence;
    }
    return strcmp(id, dossier->last_id) > 0;
}

/* --- what single facts do; fold_record.c uses them too --- */

void fold_due(struct dossier *dossier, int64_t due_us, enum fold_due_by by)
{
    if (due_us == FOLD_NONE_US) {
        return;
    }
    if (dossier->due_first_us == FOLD_NONE_US) {
        dossier->due_first_us = due_us;
    } else if (due_us != dossier->due_us && by == FOLD_ANNOUNCED) {
        dossier->due_moves += dossier->due_moves < INT16_MAX; /* a smallint in the table */
    } else if (due_us != dossier->due_us && by == FOLD_SILENT) {
        dossier->flags |= FOLD_FLAG_DUE_MOVED;
    }
    dossier->due_us = due_us;
}

void fold_finish(struct dossier *dossier, int64_t finished_us)
{
    if (dossier->finished_first_us == FOLD_NONE_US) {
        dossier->finished_first_us = finished_us;
    } else if (dossier->finished_us != FOLD_NONE_US && finished_us != dossier->finished_us) {
        dossier->flags |= FOLD_FLAG_FINISH_MOVED;
    }
    dossier->finished_us = finished_us;
}

static enum status make_room(struct dossier *dossier)
{
    size_t room = dossier->pause_room == 0 ? 4 : dossier->pause_room * 2;
    struct fold_pause *pauses;

    if (dossier->pause_count < dossier->pause_room) {
        return STATUS_OK;
    }
    pauses = realloc(dossier->pauses, room * sizeof *pauses);
    if (pauses == NULL) {
        return STATUS_RETRY;
    }
    dossier->pauses = pauses;
    dossier->pause_room = room;
    return STATUS_OK;
}

enum status fold_add_pause(struct dossier *dossier, enum fold_pause_kind kind, int64_t from_us, int64_t to_us,
                           const char *reason)
{
    struct fold_pause pause = {.kind = kind, .from_us = from_us, .to_us = to_us};
    size_t at = dossier->pause_count;

    if (make_room(dossier) != STATUS_OK) {
        return STATUS_RETRY;
    }
    if (reason != NULL) {
        pause.reason = strdup(reason);
        if (pause.reason == NULL) {
            return STATUS_RETRY;
        }
    }
    for (; at > 0 && dossier->pauses[at - 1].from_us > from_us; at--) {
        dossier->pauses[at] = dossier->pauses[at - 1];
    }
    dossier->pauses[at] = pause;
    dossier->pause_count++;
    dossier->open_pauses[kind] += !known(to_us);
    return STATUS_OK;
}

bool fold_end_pause(struct dossier *dossier, enum fold_pause_kind kind, int64_t to_us)
{
    if (dossier->open_pauses[kind] == 0) {
        return false;
    }
    for (size_t i = dossier->pause_count; i-- > 0;) { /* GCOVR_EXCL_BR_LINE: an open one is there, and ends it */
        struct fold_pause *pause = &dossier->pauses[i];

        if (pause->kind == kind && !known(pause->to_us)) {
            pause->to_us = to_us;
            dossier->open_pauses[kind]--;
            break;
        }
    }
    return true;
}

void fold_drop_pauses(struct dossier *dossier, enum fold_pause_kind kind)
{
    size_t kept = 0;

    for (size_t i = 0; i < dossier->pause_count; i++) {
        if (dossier->pauses[i].kind == kind) {
            free(dossier->pauses[i].reason);
        } else {
            dossier->pauses[kept++] = dossier->pauses[i];
        }
    }
    dossier->pause_count = kept;
    dossier->open_pauses[kind] = 0;
}

enum status fold_appoint(struct dossier *dossier, int64_t due_us)
{
    size_t count = dossier->appointment_count;

    if (!known(due_us) || (count > 0 && due_us <= dossier->appointments[count - 1])) {
        return STATUS_OK;
    }
    if (count == dossier->appointment_room) {
        size_t room = count == 0 ? 4 : count * 2;
        int64_t *appointments = realloc(dossier->appointments, room * sizeof *appointments);

        if (appointments == NULL) {
            return STATUS_RETRY;
        }
        dossier->appointments = appointments;
        dossier->appointment_room = room;
    }
    dossier->appointments[dossier->appointment_count++] = due_us;
    return STATUS_OK;
}

void fold_count_request(struct dossier *dossier)
{
    dossier->supplements += dossier->supplements < INT16_MAX; /* a smallint in the table */
}

/* --- events --- */

static enum status request(struct dossier *dossier, enum fold_pause_kind kind, const struct envelope *event)
{
    if (kind == FOLD_SUPPLEMENT && dossier->listed) {
        return STATUS_OK; /* the record's list tells all */
    }
    if (kind == FOLD_SUPPLEMENT) {
        fold_count_request(dossier);
    }
    if (dossier->open_pauses[kind] > 0) {
        return STATUS_OK;
    }
    return fold_add_pause(dossier, kind, event->happened_us, FOLD_NONE_US, event->reason);
}

static void answer(struct dossier *dossier, enum fold_pause_kind kind, int64_t at_us)
{
    if (kind == FOLD_SUPPLEMENT && dossier->listed) {
        return;
    }
    if (!fold_end_pause(dossier, kind, at_us) && kind == FOLD_SUPPLEMENT) {
        dossier->flags |= FOLD_FLAG_SUPPLEMENT_UNASKED;
    }
}

static enum status fold_kind(struct dossier *dossier, const struct envelope *event)
{
    switch (event->kind) {
    case EVENT_RECEIVED:
        if (event->received_us == FOLD_NONE_US) {
            dossier->received_us = event->happened_us;
        }
        break;
    case EVENT_ACCEPTED:
        dossier->accepted_us = event->happened_us;
        break;
    case EVENT_SUPPLEMENT_REQUESTED:
        return request(dossier, FOLD_SUPPLEMENT, event);
    case EVENT_PAYMENT_REQUESTED:
        return request(dossier, FOLD_PAYMENT, event);
    case EVENT_SUPPLEMENTED:
        answer(dossier, FOLD_SUPPLEMENT, event->happened_us);
        break;
    case EVENT_PAID:
        answer(dossier, FOLD_PAYMENT, event->happened_us);
        break;
    case EVENT_FINISHED:
        fold_finish(dossier, event->finished_us == FOLD_NONE_US ? event->happened_us : event->finished_us);
        break;
    case EVENT_RETURNED:
        dossier->returned_us = event->happened_us;
        break;
    case EVENT_REFUSED:
        dossier->refused_us = event->happened_us;
        break;
    case EVENT_STOPPED:
        dossier->stopped_us = event->happened_us;
        break;
    case EVENT_WITHDRAWN:
        dossier->withdrawn_us = event->happened_us;
        break;
    case EVENT_SYNCED:
        return fold_record(dossier, event);
    case EVENT_RESCHEDULED: /* that the due is another one is noted by fold_due */
        return fold_appoint(dossier, event->due_us);
    case EVENT_APOLOGY_SENT: /* tells of a letter, not of the dossier */
    case EVENT_INDICATOR:    /* not of a dossier at all */
    case EVENT_KIND_END:
        break;
    }
    return STATUS_OK;
}

static bool tells_end(const struct envelope *event)
{
    switch (event->kind) {
    case EVENT_FINISHED:
    case EVENT_RETURNED:
    case EVENT_REFUSED:
    case EVENT_STOPPED:
    case EVENT_WITHDRAWN:
        return true;
    case EVENT_SYNCED:
        return event->status == ENVELOPE_NOT_ACCEPTED || event->status >= ENVELOPE_WITHDRAWN;
    default:
        return false;
    }
}

/* Facts that events of any kind may tell. */
static void fold_facts(struct dossier *dossier, const struct envelope *event, int64_t stored_us)
{
    if (event->kind == EVENT_APOLOGY_SENT) {
        return; /* tells of a letter; its channel is the letter's */
    }
    if (event->received_us != FOLD_NONE_US) {
        dossier->received_us = event->received_us;
    }
    if (event->submitted_us != FOLD_NONE_US) {
        dossier->submitted_us = event->submitted_us;
    }
    if (event->online >= 0) {
        dossier->online = event->online == 1;
    }
    if (event->kind != EVENT_SYNCED) {
        fold_due(dossier, event->due_us, event->kind == EVENT_RESCHEDULED ? FOLD_ANNOUNCED : FOLD_SILENT);
    }
    if (tells_end(event) && (dossier->told_us == FOLD_NONE_US || stored_us < dossier->told_us)) {
        dossier->told_us = stored_us;
    }
}

static bool before(int64_t a_us, int64_t b_us)
{
    return known(a_us) && known(b_us) && a_us < b_us;
}

/* 5: these follow from the dates as they stand, so a correction clears them. */
static void judge_dates(struct dossier *dossier)
{
    const int64_t finished_us = dossier->finished_us;
    const struct {
        enum fold_flag flag;
        bool set;
    } rows[] = {
        {FOLD_FLAG_FINISH_BEFORE_RECEIPT, before(finished_us, dossier->received_us)},
        {FOLD_FLAG_DUE_BEFORE_RECEIPT, before(dossier->due_first_us, dossier->received_us)},
        {FOLD_FLAG_FINISH_WITHOUT_RECEIPT, known(finished_us) && !known(dossier->received_us)},
        {FOLD_FLAG_FINISH_BACKDATED, before(finished_us, dossier->finished_first_us) &&
                                         before(dossier->due_first_us, dossier->finished_first_us) &&
                                         finished_us <= dossier->due_first_us},
        {FOLD_FLAG_FINISH_AT_DUE,
         known(finished_us) && (finished_us == dossier->due_us || finished_us == dossier->due_first_us)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        dossier->flags = rows[i].set ? dossier->flags | (int32_t)rows[i].flag : dossier->flags & ~(int32_t)rows[i].flag;
    }
}

enum status fold_event(struct dossier *dossier, const struct envelope *event, int64_t stored_us)
{
    enum status st;

    fold_facts(dossier, event, stored_us);
    st = fold_kind(dossier, event);
    judge_dates(dossier);
    dossier->last_happened_us = event->happened_us;
    dossier->last_sequence = event->sequence;
    dossier->last_id = event->id;
    dossier->events++;
    return st;
}

bool fold_is_waiting(const struct dossier *dossier)
{
    return dossier->open_pauses[FOLD_SUPPLEMENT] + dossier->open_pauses[FOLD_PAYMENT] > 0;
}

enum dossier_state fold_state(const struct dossier *dossier)
{
    const struct {
        int64_t at_us;
        enum dossier_state state;
    } ladder[] = {
        {dossier->returned_us, DOSSIER_RETURNED},   {dossier->finished_us, DOSSIER_FINISHED},
        {dossier->refused_us, DOSSIER_REFUSED},     {dossier->stopped_us, DOSSIER_STOPPED},
        {dossier->withdrawn_us, DOSSIER_WITHDRAWN},
    };

    for (size_t i = 0; i < sizeof ladder / sizeof *ladder; i++) {
        if (known(ladder[i].at_us)) {
            return ladder[i].state;
        }
    }
    if (fold_is_waiting(dossier)) {
        return DOSSIER_PAUSED;
    }
    return known(dossier->accepted_us) ? DOSSIER_IN_PROCESS : DOSSIER_RECEIVED;
}

const char *dossier_state_name(enum dossier_state state)
{
    static const char *const names[] = {"received", "in_process", "paused",  "finished",
                                        "returned", "refused",    "stopped", "withdrawn"};

    return names[state];
}
