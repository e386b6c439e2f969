/* SPDX-License-Identifier: MIT */
/*
 * slice.h - a run of ledger events, sorted by dossier and then in the order of the fold.
 */
#ifndef SCORER_SLICE_H
#define SCORER_SLICE_H

#include <stdbool.h>
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
    int64_t stored_us;
    int32_t source_id;
    int32_t payload_len;
};

struct slice {
    struct slice_event *events;
    size_t count;
    size_t indicators; /* rows of that kind, which were left out */
};

/* Transaction number below which slice_read takes every row. */
#define SLICE_WHOLE INT64_MAX

/*
 * Takes the rows of scorer_slice.sql or scorer_history.sql whose transaction number is below end_xid, but for
 * indicators; the result must outlive the slice.
 */
enum status slice_read(struct slice *slice, const PGresult *rows, int64_t end_xid) MUST_CHECK;

/*
 * Looks at the rows of scorer_slice.sql that are not below from_xid, its range: where to end when they are cut, because
 * there are max_events of them or more than max_bytes.  That is the number of the last transaction, which may not be
 * whole.
 */
struct slice_range {
    bool cut;
    int64_t first_xid;
    int64_t last_xid;
};
struct slice_range slice_look(const PGresult *rows, int64_t from_xid, int64_t max_events, int64_t max_bytes);
void slice_clear(struct slice *slice);

/* One past the last event of the dossier whose first event is at first. */
size_t slice_dossier_end(const struct slice *slice, size_t first);

/* The first event of a dossier, or slice->count when it has none. */
size_t slice_find(const struct slice *slice, int32_t source_id, const char *dossier);

#endif
