/* SPDX-License-Identifier: MIT */
/*
 * report.h - what the process tells about itself: a STATS line per period, and its metrics.
 */
#ifndef INGEST_REPORT_H
#define INGEST_REPORT_H

#include <stdbool.h>

#include "common/metrics.h"

#define REPORT_EVERY_MS 10000

struct loop;

void report_line(const struct loop *loop);

/* metrics_write_cb and metrics_ready_cb; context is the struct loop. */
void report_metrics_cb(struct metrics_page *page, void *context);
bool report_ready_cb(void *context);

#endif
