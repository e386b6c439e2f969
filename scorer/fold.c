/* SPDX-License-Identifier: MIT */
/* fold.c - what a dossier's events add up to. */
#include "scorer/fold.h"

#include <stddef.h>
#include <string.h>

void fold_start(struct dossier *dossier)
{
    *dossier = (struct dossier){
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
        .paused_us = FOLD_NONE_US,
        .last_happened_us = FOLD_NONE_US,
        .last_id = "",
    };
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

static void fold_due(struct dossier *dossier, const struct envelope *event)
{
    if (event->due_us == FOLD_NONE_US) {
        return;
    }
    if (dossier->due_first_us == FOLD_NONE_US) {
        dossier->due_first_us = event->due_us;
    } else if (event->due_us != dossier->due_us) {
        if (event->kind == EVENT_RESCHEDULED) {
            dossier->due_moves += dossier->due_moves < INT16_MAX; /* a smallint in the table */
        } else {
            dossier->flags |= FOLD_FLAG_DUE_MOVED;
        }
    }
    dossier->due_us = event->due_us;
}

static void fold_finish(struct dossier *dossier, const struct envelope *event)
{
    int64_t finished_us = event->finished_us == FOLD_NONE_US ? event->happened_us : event->finished_us;

    if (dossier->finished_first_us == FOLD_NONE_US) {
        dossier->finished_first_us = finished_us;
    } else if (finished_us != dossier->finished_us) {
        dossier->flags |= FOLD_FLAG_FINISH_MOVED;
    }
    dossier->finished_us = finished_us;
}

static void fold_kind(struct dossier *dossier, const struct envelope *event)
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
    case EVENT_PAYMENT_REQUESTED:
        dossier->paused_us = event->happened_us;
        break;
    case EVENT_SUPPLEMENTED:
    case EVENT_PAID:
        dossier->paused_us = FOLD_NONE_US;
        break;
    case EVENT_FINISHED:
        fold_finish(dossier, event);
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
    case EVENT_RESCHEDULED:  /* its due is taken by fold_due */
    case EVENT_APOLOGY_SENT: /* tells of a letter, not of the dossier */
    case EVENT_KIND_END:
        break;
    }
}

/* These follow from the dates as they stand, so a correction clears them. */
static void judge_dates(struct dossier *dossier)
{
    bool received = dossier->received_us != FOLD_NONE_US;
    bool finished = dossier->finished_us != FOLD_NONE_US;

    dossier->flags &=
        ~(FOLD_FLAG_FINISH_BEFORE_RECEIPT | FOLD_FLAG_DUE_BEFORE_RECEIPT | FOLD_FLAG_FINISH_WITHOUT_RECEIPT);
    if (received && finished && dossier->finished_us < dossier->received_us) {
        dossier->flags |= FOLD_FLAG_FINISH_BEFORE_RECEIPT;
    }
    if (received && dossier->due_first_us != FOLD_NONE_US && dossier->due_first_us < dossier->received_us) {
        dossier->flags |= FOLD_FLAG_DUE_BEFORE_RECEIPT;
    }
    if (finished && !received) {
        dossier->flags |= FOLD_FLAG_FINISH_WITHOUT_RECEIPT;
    }
}

void fold_event(struct dossier *dossier, const struct envelope *event)
{
    if (event->received_us != FOLD_NONE_US) {
        dossier->received_us = event->received_us;
    }
    fold_due(dossier, event);
    fold_kind(dossier, event);
    judge_dates(dossier);
    dossier->last_happened_us = event->happened_us;
    dossier->last_sequence = event->sequence;
    dossier->last_id = event->id;
    dossier->events++;
}

enum dossier_state fold_state(const struct dossier *dossier)
{
    const struct {
        int64_t at_us;
        enum dossier_state state;
    } ladder[] = {
        {dossier->returned_us, DOSSIER_RETURNED},   {dossier->finished_us, DOSSIER_FINISHED},
        {dossier->refused_us, DOSSIER_REFUSED},     {dossier->stopped_us, DOSSIER_STOPPED},
        {dossier->withdrawn_us, DOSSIER_WITHDRAWN}, {dossier->paused_us, DOSSIER_PAUSED},
        {dossier->accepted_us, DOSSIER_IN_PROCESS},
    };

    for (size_t i = 0; i < sizeof ladder / sizeof *ladder; i++) {
        if (ladder[i].at_us != FOLD_NONE_US) {
            return ladder[i].state;
        }
    }
    return DOSSIER_RECEIVED;
}

const char *dossier_state_name(enum dossier_state state)
{
    static const char *const names[] = {"received", "in_process", "paused",  "finished",
                                        "returned", "refused",    "stopped", "withdrawn"};

    return names[state];
}
