/* SPDX-License-Identifier: MIT */
/*
 * fold.h - what a dossier's events add up to.  Pure: no clock, no database.
 *
 * Events are folded in the order (happened, sequence, id), so that any arrival order ends in the same state.  An event
 * that is older than the last one folded cannot be added: the dossier is folded again from all its events.
 *
 * - received: data.received of any event, else the time of a `received` event; the latest report is kept.
 * - due: the first ever reported stays in due_first_us; the latest is due_us.  A `rescheduled` event announces a new
 * due; another due in any other event sets FOLD_FLAG_DUE_MOVED.
 * - finished: of `finished` events, data.finished or else their time; first and latest are kept apart.
 * - The other dates are the times of the events named after them, the latest kept.
 * - Unit, field and procedure are those of the latest event that names them.
 */
#ifndef SCORER_FOLD_H
#define SCORER_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/envelope.h"

#define FOLD_NONE_US ENVELOPE_NONE_US

/* What looks wrong in the dates.  Numbers are stored in dossier.flags. */
enum fold_flag {
    FOLD_FLAG_DUE_MOVED = 1,    /* another due without a re-appointment */
    FOLD_FLAG_FINISH_MOVED = 2, /* another finish was reported later */
    FOLD_FLAG_FINISH_BEFORE_RECEIPT = 4,
    FOLD_FLAG_DUE_BEFORE_RECEIPT = 8,
    FOLD_FLAG_FINISH_WITHOUT_RECEIPT = 16
};

/* In the order of the type dossier_state. */
enum dossier_state {
    DOSSIER_RECEIVED,   /* handed in, not accepted yet */
    DOSSIER_IN_PROCESS, /* accepted, clock running */
    DOSSIER_PAUSED,     /* waits for the citizen */
    DOSSIER_FINISHED,   /* processing finished, not handed over */
    DOSSIER_RETURNED,   /* result handed over */
    DOSSIER_REFUSED,
    DOSSIER_STOPPED,
    DOSSIER_WITHDRAWN
};

/* A dossier as far as its events tell.  Moments are FOLD_NONE_US when unknown; texts are borrowed. */
struct dossier {
    int64_t received_us;
    int64_t accepted_us;
    int64_t due_first_us;
    int64_t due_us;
    int64_t finished_first_us;
    int64_t finished_us;
    int64_t returned_us;
    int64_t refused_us;
    int64_t stopped_us;
    int64_t withdrawn_us;
    int64_t paused_us;        /* since when it waits for the citizen */
    int64_t last_happened_us; /* key of the last event folded */
    int64_t last_sequence;
    const char *last_id;
    int32_t unit_id; /* set by the caller, see fold_names */
    int32_t field_id;
    int32_t procedure_id;
    int32_t events;
    int32_t due_moves;
    int32_t flags; /* enum fold_flag */
};

/* A dossier without events. */
void fold_start(struct dossier *dossier);

/* True when an event of this key comes after everything folded. */
bool fold_is_next(const struct dossier *dossier, int64_t happened_us, int64_t sequence, const char *id);

/*
 * Adds an event; fold_is_next must hold.  Unit, field and procedure are names in the event and numbers in the dossier,
 * so the caller sets those.  last_id is borrowed from event.
 */
void fold_event(struct dossier *dossier, const struct envelope *event);

/* Where a dossier stands, by its dates. */
enum dossier_state fold_state(const struct dossier *dossier);

/* The name of a state in the type dossier_state. */
const char *dossier_state_name(enum dossier_state state);

#endif
