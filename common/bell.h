/* SPDX-License-Identifier: MIT */
/*
 * bell.h - doorbells between stages: a hint to look at once.  A lost bell costs a poll interval, a false one a look.
 *
 * Bells are local: no CURVE, tiny queues, and what they carry is not read.
 */
#ifndef COMMON_BELL_H
#define COMMON_BELL_H

#include <stdbool.h>

#include "common/log.h"

/* Connects to every endpoint of a list separated by blanks.  The SUB socket, or NULL; logged. */
void *bell_connect(void *context, const char *endpoints, const struct log *log);

/* Forgets the bells that wait; true when there was one. */
bool bell_take(void *bell);

#endif
