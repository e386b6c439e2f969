/* SPDX-License-Identifier: MIT */
/*
 * topics.h - the topics of the feed and the last number of each, as the database has them, sorted by name.
 */
#ifndef NOTIFIER_TOPICS_H
#define NOTIFIER_TOPICS_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

struct topics;

/* NULL when memory is short. */
struct topics *topics_new(void);
void topics_destroy(struct topics **self_p);

/* Remembers the last number of a topic, up or down (a restored dump goes back). */
enum status topics_set(struct topics *self, const char *topic, int64_t last_seq) MUST_CHECK;

size_t topics_count(const struct topics *self);

/* The topic at place at (below topics_count), borrowed until the next topics_set, and its last number. */
const char *topics_at(const struct topics *self, size_t at, int64_t *last_seq);

#endif
