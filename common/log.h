/* SPDX-License-Identifier: MIT */
/*
 * log.h - structured lines on standard error: time, level, stable id, text, key=value.
 *
 * One line is one write.  Under systemd the journal's level prefix replaces the time.  Text from outside is made
 * printable by log_clean first; payloads, passwords and citizens' names are never logged.
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stddef.h>

#include "common/status.h"

enum log_level {
    LOG_LEVEL_ERROR, /* someone must act */
    LOG_LEVEL_WARN,  /* will heal, watch it */
    LOG_LEVEL_STATS, /* heartbeat */
    LOG_LEVEL_INFO,  /* life cycle */
    LOG_LEVEL_DEBUG
};

struct log {
    const char *program; /* "ingest", "scorer", ...: borrowed, static */
    enum log_level level;
};

/* Reads "error" .. "debug"; STATUS_INVALID when it is none of them. */
enum status log_level_parse(const char *name, enum log_level *level) MUST_CHECK;

void log_write(const struct log *log, enum log_level level, const char *id, const char *fmt, ...) PRINTF_LIKE(4, 5);

#define log_error(log, id, ...) log_write(log, LOG_LEVEL_ERROR, id, __VA_ARGS__)
#define log_warn(log, id, ...) log_write(log, LOG_LEVEL_WARN, id, __VA_ARGS__)
#define log_stats(log, id, ...) log_write(log, LOG_LEVEL_STATS, id, __VA_ARGS__)
#define log_info(log, id, ...) log_write(log, LOG_LEVEL_INFO, id, __VA_ARGS__)
#define log_debug(log, id, ...) log_write(log, LOG_LEVEL_DEBUG, id, __VA_ARGS__)

/* Copies len bytes of text from outside into out (size out_size > 0), control characters and quotes as '?'. */
const char *log_clean(const char *text, size_t len, char *out, size_t out_size);

#endif
