/* SPDX-License-Identifier: MIT */
/*
 * json.h - a typed reader over cJSON: name, type, bounds, required or not.
 *
 * The text must have passed the gate (ingest/gate.h) or have been written by this project.
 */
#ifndef COMMON_JSON_H
#define COMMON_JSON_H

#include <stddef.h>

#include <cjson/cJSON.h>

#include "common/status.h"

/* What json_text found. */
enum json_found { JSON_FOUND, JSON_ABSENT, JSON_WRONG };

/*
 * Reads member name of object as text of 1..max_len bytes.  Null counts as absent.  JSON_WRONG when it is not a string
 * or its length is out of bounds.  *text is borrowed from object and NUL-terminated; *len excludes the NUL.
 */
enum json_found json_text(const cJSON *object, const char *name, size_t max_len, const char **text,
                          size_t *len) MUST_CHECK;

/* Parses exactly len bytes; NULL when they are not one JSON value and nothing after it.  cJSON_Delete the result. */
cJSON *json_parse(const char *text, size_t len) MUST_CHECK;

#endif
