/* SPDX-License-Identifier: MIT */
/*
 * json_out.h - a growing buffer into which JSON is written.
 *
 * For bulk: members are put as ready-made bytes, and only what comes from outside is escaped.  When memory is short the
 * buffer remembers it (failed) and takes nothing more.
 */
#ifndef CLI_JSON_OUT_H
#define CLI_JSON_OUT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

struct json_out {
    char *bytes; /* not NUL-terminated; the owner frees it by json_out_clear */
    size_t len;
    size_t cap;
    bool failed;
};

void json_out_clear(struct json_out *self);

/* Appends bytes as they are. */
void json_out_put(struct json_out *self, const char *bytes, size_t len);

/*
 * Appends text as the inside of a JSON string, without the quotes.  STATUS_INVALID, and nothing appended, when it is
 * not UTF-8 or holds a NUL, which neither JSON readers nor PostgreSQL agree on.
 */
enum status json_out_text(struct json_out *self, const char *text, size_t len) MUST_CHECK;

#endif
