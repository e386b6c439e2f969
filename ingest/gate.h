/* SPDX-License-Identifier: MIT */
/*
 * gate.h - a strict RFC 8259 check that stands before cJSON, which accepts what JSON forbids.
 *
 * Passes exactly one JSON object and nothing after it but white space: valid UTF-8, no NUL (raw or \u0000), no lone
 * surrogates, no raw control characters, no duplicate keys in an object (compared as decoded), the number grammar, no
 * number that a double cannot hold, integers within ±2^53, depth at most GATE_DEPTH_MAX, at most GATE_KEYS_MAX members
 * an object.  Pure: no allocation, no state.  What it passes, cJSON and PostgreSQL's jsonb read alike.
 */
#ifndef INGEST_GATE_H
#define INGEST_GATE_H

#include <stddef.h>

#include "common/envelope.h"
#include "common/status.h"

#define GATE_DEPTH_MAX 32
#define GATE_KEYS_MAX 256

/* STATUS_OK, or STATUS_INVALID with *refusal telling the word, what is wrong and at which byte. */
enum status gate_check(const char *text, size_t len, struct refusal *refusal) MUST_CHECK;

#endif
