/* SPDX-License-Identifier: MIT */
/*
 * fold_record.h - what a synced record adds to a dossier (docs/rules.md 4), and the single facts it shares with fold.c.
 * Not for others.
 */
#ifndef SCORER_FOLD_RECORD_H
#define SCORER_FOLD_RECORD_H

#include "scorer/fold.h"

/* How a due is told. */
enum fold_due_by {
    FOLD_ANNOUNCED, /* as a re-appointment */
    FOLD_EXPLAINED, /* a supplement moved it */
    FOLD_SILENT
};

/* Takes a due; FOLD_NONE_US is none. */
void fold_due(struct dossier *dossier, int64_t due_us, enum fold_due_by by);
/* Takes a finish, which must be known. */
void fold_finish(struct dossier *dossier, int64_t finished_us);
/* Adds a pause in its place; reason, which may be NULL, is copied. */
enum status fold_add_pause(struct dossier *dossier, enum fold_pause_kind kind, int64_t from_us, int64_t to_us,
                           const char *reason) MUST_CHECK;
void fold_drop_pauses(struct dossier *dossier, enum fold_pause_kind kind);
/* Ends the open pause of a kind that began last; false when none is open. */
bool fold_end_pause(struct dossier *dossier, enum fold_pause_kind kind, int64_t to_us);
void fold_count_request(struct dossier *dossier);

/* Everything about a `synced` event but what events of any kind tell. */
enum status fold_record(struct dossier *dossier, const struct envelope *event) MUST_CHECK;

#endif
