/* SPDX-License-Identifier: MIT */
/*
 * rate.h - quotients of counts, made from integers only.  Pure.
 */
#ifndef TARGETS_RATE_H
#define TARGETS_RATE_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"

#define RATE_SIZE 48

/*
 * Writes 100 * part / whole as "98.61", a half rounded up; returns out, or NULL when whole is 0: no sample, no rate.
 * point parts the decimals.  part >= 0, whole >= 0.
 */
const char *rate_format(int64_t part, int64_t whole, char point, char out[RATE_SIZE]);

/* Reads "98", "98.5", "97.25": hundredths of a per cent, 0 .. 10000. */
enum status rate_read_target(const char *text, int64_t *target_bp) MUST_CHECK;

/* Whether part of whole reaches the target, decided before any rounding.  whole > 0. */
bool rate_meets(int64_t part, int64_t whole, int64_t target_bp);

#endif
