/* SPDX-License-Identifier: MIT */
/*
 * sources.h - the short keys of the sources seen so far.
 */
#ifndef INGEST_SOURCES_H
#define INGEST_SOURCES_H

#include <stdint.h>

#include "common/status.h"

struct sources;

/* Tells the key of a source that was not seen before. */
typedef enum status (*sources_register_cb)(void *context, const char *name, int32_t *source_id);

/* NULL when memory is short. */
struct sources *sources_new(sources_register_cb register_cb, void *context);
void sources_destroy(struct sources **self_p);

/* STATUS_RETRY: unknown and cannot be registered now. */
enum status sources_id(struct sources *self, const char *name, int32_t *source_id) MUST_CHECK;

#endif
