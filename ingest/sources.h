/* SPDX-License-Identifier: MIT */
/*
 * sources.h - the short keys of the sources seen lately.
 *
 * A cache: the keys are the database's, and the oldest entry makes room for a new one.  Registering is waited for, so
 * only so many new sources are registered in a turn of the loop; the others are remembered for the next turns.
 */
#ifndef INGEST_SOURCES_H
#define INGEST_SOURCES_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"
#include "ingest/answer.h"

#define SOURCES_TURN 8       /* registered in a turn */
#define SOURCES_CACHED 16384 /* there are some hundred one-stop systems */
#define SOURCES_WAITING 1024 /* remembered to be registered */

struct sources;

/* Tells the key of a source that was not seen before. */
typedef enum status (*sources_register_cb)(void *context, const char *name, int32_t *source_id);

/* NULL when memory is short. */
struct sources *sources_new(sources_register_cb register_cb, void *context);
void sources_destroy(struct sources **self_p);

/* CODE_NONE, or why the source has no key now: CODE_SOURCE_NEW, CODE_DATABASE_AWAY, CODE_QUEUE_FULL. */
enum answer_code sources_id(struct sources *self, const char *name, int32_t *source_id) MUST_CHECK;

/* Begins a turn: registers what was remembered.  True when more waits, so that the next turn should come at once. */
bool sources_turn(struct sources *self);

#endif
