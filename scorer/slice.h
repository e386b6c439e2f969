/* SPDX-License-Identifier: MIT */
/*
 * slice.h - a run of ledger events, sorted by dossier and then in the order of the fold.
 */
#ifndef SCORER_SLICE_H
#define SCORER_SLICE_H

#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "common/status.h"

/* Texts are borrowed from the result the slice was made of. */
struct slice_event {
    const char *dossier;
    const char *id;
    const char *payload;
    int64_t happened_us;
    int64_t sequence;
    int32_t source_id;
    int32_t payload_len;
};

struct slice {
    struct slice_event *events;
    size_t count;
};

/* Takes the rows of scorer_slice.sql or scorer_history.sql; the result must outlive the slice. */
enum status slice_read(struct slice *slice, const PGresult *rows) MUST_CHECK;
void slice_clear(struct slice *slice);

/* One past the last event of the dossier whose first event is at first. */
size_t slice_dossier_end(const struct slice *slice, size_t first);

/* The first event of a dossier, or slice->count when it has none. */
size_t slice_find(const struct slice *slice, int32_t source_id, const char *dossier);

#endif
