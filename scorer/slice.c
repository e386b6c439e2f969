/* SPDX-License-Identifier: MIT */
/* slice.c - ledger events sorted for the fold. */
#include "scorer/slice.h"

#include <stdlib.h>
#include <string.h>

#include "common/db.h"
#include "common/envelope.h"

enum column { XID, SOURCE, DOSSIER, HAPPENED, SEQUENCE, ID, PAYLOAD, STORED, KIND };

static int by_dossier(const struct slice_event *a, const struct slice_event *b)
{
    if (a->source_id != b->source_id) {
        return a->source_id < b->source_id ? -1 : 1;
    }
    return strcmp(a->dossier, b->dossier);
}

static int by_fold_order(const void *a_event, const void *b_event)
{
    const struct slice_event *a = a_event;
    const struct slice_event *b = b_event;
    int order = by_dossier(a, b);

    if (order != 0) {
        return order;
    }
    if (a->happened_us != b->happened_us) {
        return a->happened_us < b->happened_us ? -1 : 1;
    }
    if (a->sequence != b->sequence) {
        return a->sequence < b->sequence ? -1 : 1;
    }
    return strcmp(a->id, b->id);
}

enum status slice_read(struct slice *slice, const PGresult *rows, int64_t end_xid)
{
    size_t count = (size_t)PQntuples(rows);

    slice->count = 0;
    slice->indicators = 0;
    slice->events = calloc(count == 0 ? 1 : count, sizeof *slice->events);
    if (slice->events == NULL) {
        return STATUS_RETRY;
    }
    for (int row = 0; row < PQntuples(rows); row++) {
        if (db_int(rows, row, XID) >= end_xid) {
            continue;
        }
        if (db_int(rows, row, KIND) == EVENT_INDICATOR) {
            slice->indicators++;
            continue;
        }
        slice->events[slice->count++] = (struct slice_event){
            .source_id = (int32_t)db_int(rows, row, SOURCE),
            .dossier = db_text(rows, row, DOSSIER),
            .happened_us = db_us(rows, row, HAPPENED),
            .sequence = db_int(rows, row, SEQUENCE),
            .stored_us = db_us(rows, row, STORED),
            .id = db_text(rows, row, ID),
            .payload = db_text(rows, row, PAYLOAD),
            .payload_len = db_len(rows, row, PAYLOAD),
        };
    }
    qsort(slice->events, slice->count, sizeof *slice->events, by_fold_order);
    return STATUS_OK;
}

struct slice_range slice_look(const PGresult *rows, int64_t from_xid, int64_t max_events, int64_t max_bytes)
{
    struct slice_range range = {.first_xid = INT64_MAX};
    int64_t events = 0;
    int64_t bytes = 0;

    for (int row = 0; row < PQntuples(rows); row++) {
        int64_t xid = db_int(rows, row, XID);

        if (xid >= from_xid) {
            range.first_xid = xid < range.first_xid ? xid : range.first_xid;
            range.last_xid = xid > range.last_xid ? xid : range.last_xid;
            bytes += db_len(rows, row, PAYLOAD);
            events++;
        }
    }
    range.cut = events >= max_events || bytes > max_bytes;
    return range;
}

void slice_clear(struct slice *slice)
{
    free(slice->events);
    slice->events = NULL;
    slice->count = 0;
    slice->indicators = 0;
}

size_t slice_dossier_end(const struct slice *slice, size_t first)
{
    size_t end = first + 1;

    while (end < slice->count && by_dossier(&slice->events[first], &slice->events[end]) == 0) {
        end++;
    }
    return end;
}

size_t slice_find(const struct slice *slice, int32_t source_id, const char *dossier)
{
    struct slice_event key = {.source_id = source_id, .dossier = dossier};
    size_t low = 0;
    size_t high = slice->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (by_dossier(&slice->events[middle], &key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < slice->count && by_dossier(&slice->events[low], &key) == 0 ? low : slice->count;
}
