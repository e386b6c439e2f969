/* SPDX-License-Identifier: MIT */
/*
 * metrics.h - /metrics (Prometheus text 0.0.4), /live and /ready on 127.0.0.1, served from the program's own loop.
 */
#ifndef COMMON_METRICS_H
#define COMMON_METRICS_H

#include <stdbool.h>
#include <stdint.h>

#include "common/log.h"
#include "common/status.h"

struct metrics;
struct metrics_page; /* a page being written */

/* Writes the program's samples by metrics_counter and metrics_gauge. */
typedef void (*metrics_write_cb)(struct metrics_page *page, void *context);
/* True when the program can do its work now. */
typedef bool (*metrics_ready_cb)(void *context);

/* port 0: *self_p is NULL and the other calls do nothing.  STATUS_FATAL when the port cannot be had. */
enum status metrics_new(struct metrics **self_p, int64_t port, metrics_write_cb write, metrics_ready_cb ready,
                        void *context, const struct log *log) MUST_CHECK;
void metrics_destroy(struct metrics **self_p);

/* File descriptor to poll for input, -1 when there is none; call metrics_turn when readable and at least each second.
 */
int metrics_fd(const struct metrics *self);
void metrics_turn(struct metrics *self);

/* labels: "" or "word=\"accepted\",source=\"…\""; help is written once per name, so keep samples of a name together. */
void metrics_counter(struct metrics_page *page, const char *name, const char *help, const char *labels, int64_t value);
void metrics_gauge(struct metrics_page *page, const char *name, const char *help, const char *labels, double value);

#endif
