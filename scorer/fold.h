/* SPDX-License-Identifier: MIT */
/*
 * fold.h - what a dossier's events add up to, by docs/rules.md 3 to 5.  Pure: no clock, no database.
 *
 * Events are folded in the order (happened, sequence, id), so that any arrival order ends in the same state.  An event
 * that is older than the last one folded cannot be added, and a dossier with pauses or re-appointments is not stored
 * whole: then the dossier is folded again from all its events.
 */
#ifndef SCORER_FOLD_H
#define SCORER_FOLD_H

#include <stdbool.h>
#include <stdint.h>

#include "common/envelope.h"

#define FOLD_NONE_US ENVELOPE_NONE_US

/* What looks wrong (docs/rules.md 5).  Numbers are stored in dossier.flags. */
enum fold_flag {
    FOLD_FLAG_DUE_MOVED = 1,    /* another due without a re-appointment */
    FOLD_FLAG_FINISH_MOVED = 2, /* another finish was reported later */
    FOLD_FLAG_FINISH_BEFORE_RECEIPT = 4,
    FOLD_FLAG_DUE_BEFORE_RECEIPT = 8,
    FOLD_FLAG_FINISH_WITHOUT_RECEIPT = 16,
    FOLD_FLAG_REOPENED = 32,           /* a record took its end back */
    FOLD_FLAG_SUPPLEMENT_UNASKED = 64, /* supplemented without a request */
    FOLD_FLAG_FINISH_BACKDATED = 256,  /* the finish was moved from after the first due to before it */
    FOLD_FLAG_FINISH_AT_DUE = 512,
    /* These need rules or all pauses, and are set by verdict_judge. */
    FOLD_FLAG_PAUSE_REVERSED = 128,
    FOLD_FLAG_EXTENSIONS_OVER = 1024,
    FOLD_FLAG_DUE_OTHER_THAN_TERM = 2048,
    FOLD_FLAG_NO_CALENDAR = 4096,
    FOLD_FLAG_TOLD_LATE = 8192
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

/* to_us is FOLD_NONE_US while it waits. */
enum fold_pause_kind { FOLD_SUPPLEMENT, FOLD_PAYMENT };
struct fold_pause {
    enum fold_pause_kind kind;
    int64_t from_us;
    int64_t to_us;
    char *reason; /* owned by the list; NULL when none was told */
};

/* A dossier as far as its events tell.  Moments are FOLD_NONE_US when unknown; texts are borrowed. */
struct dossier {
    int64_t submitted_us;
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
    int64_t told_us;          /* least moment at which an end was stored */
    int64_t last_happened_us; /* key of the last event folded */
    int64_t last_sequence;
    const char *last_id;
    int32_t unit_id; /* set by the caller, see fold_names */
    int32_t field_id;
    int32_t procedure_id;
    int32_t events;
    int32_t due_moves;
    int32_t supplements; /* requests */
    int32_t flags;       /* enum fold_flag */
    bool online;
    bool listed;               /* supplement pauses are those of a record's list */
    bool partial;              /* it has pauses or re-appointments that are not in the lists: read from its row */
    int32_t open_pauses[2];    /* by kind */
    struct fold_pause *pauses; /* owned, fold_clear; ascending by from_us */
    size_t pause_count;
    size_t pause_room;
    int64_t *appointments; /* owned, fold_clear; re-appointed dues, each later than all before it: docs/rules.md 12 */
    size_t appointment_count;
    size_t appointment_room;
};

/* A dossier without events. */
void fold_start(struct dossier *dossier);

/* True when an event of this key comes after everything folded. */
bool fold_is_next(const struct dossier *dossier, int64_t happened_us, int64_t sequence, const char *id);

/*
 * Adds an event that was stored at stored_us; fold_is_next must hold, and dossier->partial must not.  Unit, field and
 * procedure are names in the event and numbers in the dossier, so the caller sets those.  last_id is borrowed from
 * event.  code_book_apply has been applied.  STATUS_RETRY: memory is short.
 */
enum status fold_event(struct dossier *dossier, const struct envelope *event, int64_t stored_us) MUST_CHECK;

/* Takes a re-appointed due; one that is not later than all before it can be no promise.  STATUS_RETRY as above. */
enum status fold_appoint(struct dossier *dossier, int64_t due_us) MUST_CHECK;

/* Frees the lists. */
void fold_clear(struct dossier *dossier);

/* True while the dossier waits for the citizen. */
bool fold_is_waiting(const struct dossier *dossier);

/* Where a dossier stands, by its dates. */
enum dossier_state fold_state(const struct dossier *dossier);

/* The name of a state in the type dossier_state. */
const char *dossier_state_name(enum dossier_state state);

#endif
