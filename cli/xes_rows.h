/* SPDX-License-Identifier: MIT */
/*
 * xes_rows.h - the traces and events of an XES log (IEEE 1849) one by one, as rows of the columns that are wanted.
 *
 * A column is "trace:KEY" or "event:KEY", KEY as the log writes it, or "event:index": the number of the event in its
 * trace, from 1.  Read are the attributes that stand in a trace or an event itself (string, date, int, float, boolean,
 * id), as the text of their value; of a key given twice the last one counts.  Lists, containers and attributes within
 * attributes are passed over.
 *
 * A trace is held until it ends, because its attributes may stand behind its events.  Memory is bounded by the largest
 * trace (XES_TRACE_MAX), not by the log.  Refused are a DOCTYPE (so there are no entities but those of XML itself),
 * deeper nesting than XES_DEPTH_MAX, a tag, comment or instruction longer than XES_TOKEN_MAX, and more different names
 * of elements and attributes than XES_NAMES_MAX: what expat would have to keep.
 */
#ifndef CLI_XES_ROWS_H
#define CLI_XES_ROWS_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/csv_rows.h"
#include "cli/input.h"
#include "common/status.h"

#define XES_TRACE_MAX 16777216
#define XES_TOKEN_MAX 1048576
#define XES_DEPTH_MAX 64
#define XES_NAMES_MAX 128
#define XES_NAME_SIZE 64

#define XES_TRACE_PREFIX "trace:"
#define XES_EVENT_PREFIX "event:"
#define XES_INDEX "event:index"

struct xes_rows;

/* Borrows input and the cells of columns, which are not empty.  NULL when memory is short. */
struct xes_rows *xes_rows_new(struct input *input, const struct csv_row *columns);
void xes_rows_destroy(struct xes_rows **self_p);

/*
 * The next row, valid until the next call, with one cell for each column; row->cells 0 at the end.  A trace comes first
 * (*trace true; its event: cells are empty), then its events, with the trace's cells in each.  STATUS_INVALID: the log
 * cannot be read further, xes_rows_error says why.
 */
enum status xes_rows_next(struct xes_rows *self, struct csv_row *row, bool *trace) MUST_CHECK;
const char *xes_rows_error(const struct xes_rows *self);

/* For each column whether it has occurred so far. */
const bool *xes_rows_seen(const struct xes_rows *self);

/* True when a row may be there without reading. */
bool xes_rows_ready(const struct xes_rows *self);

#endif
