/* SPDX-License-Identifier: MIT */
/*
 * utf8.h - whether bytes are text as PostgreSQL takes it.
 */
#ifndef COMMON_UTF8_H
#define COMMON_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* True for well-formed UTF-8 (RFC 3629) without control characters but tabs. */
bool utf8_is_text(const char *text, size_t len);

/* How many bytes of text of len bytes to take for max at most without splitting a character. */
size_t utf8_cut(const char *text, size_t len, size_t max);

#endif
