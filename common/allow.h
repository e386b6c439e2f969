/* SPDX-License-Identifier: MIT */
/*
 * allow.h - which key may speak for which sources, and who may listen to the feed.
 *
 * The truth is in sender_key and sender_source (kipthoi allow, revoke); this is a copy in memory, replaced whole.
 */
#ifndef COMMON_ALLOW_H
#define COMMON_ALLOW_H

#include <stdbool.h>
#include <stddef.h>

#include "common/db.h"
#include "common/status.h"

struct allow;

struct allow *allow_new(void);
void allow_destroy(struct allow **self_p);

/* Reads the list anew when it changed since the last call; *changed may be NULL.  On failure the old list stays. */
enum status allow_refresh(struct allow *self, struct db *db, bool *changed) MUST_CHECK;

/* Adds one permission in memory only (tests, and CURVE switched off).  pattern NULL: may only listen. */
enum status allow_add(struct allow *self, const char *public_key, const char *pattern, bool feed) MUST_CHECK;

/* True when the key is listed and not revoked. */
bool allow_knows(const struct allow *self, const char *public_key);
/* True when the key may speak for source: a pattern equal to it, or a prefix ending in '*'. */
bool allow_source(const struct allow *self, const char *public_key, const char *source);
/* True when the key may listen to the alert feed. */
bool allow_feed(const struct allow *self, const char *public_key);
size_t allow_keys(const struct allow *self);

#endif
