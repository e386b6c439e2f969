/* SPDX-License-Identifier: MIT */
/*
 * shortage.h - lets allocations and system calls of our libraries fail in turn, after SQLite's method.
 *
 * A program linked with SHORTAGE_WRAPS (tests/CMakeLists.txt) reaches malloc, open, read and the like through here, and
 * cJSON gets its memory here too.  Other libraries keep their own.
 */
#ifndef TESTS_SUPPORT_SHORTAGE_H
#define TESTS_SUPPORT_SHORTAGE_H

#include "common/status.h"

/* An operation from its begin to its end; frees what it made whatever came of it. */
typedef enum status (*shortage_cb)(void);

/*
 * Runs the operation with its first call failing, then with its second one, until it gets through; and all of that
 * again with every call failing from there on.  Each run must end in one of the statuses that tell of trouble
 * (STATUS_RETRY, STATUS_INVALID), the last one in STATUS_OK.  Returns how many calls there were.
 */
int shortage_try(const char *name, shortage_cb operation);

#endif
