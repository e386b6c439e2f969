/* SPDX-License-Identifier: MIT */
/* log.c - structured lines on standard error. */
#include "common/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOG_LINE_MAX 2048

static const struct {
    const char *name;
    const char *journal; /* sd-daemon priority prefix */
} levels[] = {{"error", "<3>"}, {"warn", "<4>"}, {"stats", "<5>"}, {"info", "<6>"}, {"debug", "<7>"}};

enum status log_level_parse(const char *name, enum log_level *level)
{
    for (size_t i = 0; i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(name, levels[i].name) == 0) {
            *level = (enum log_level)i;
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

/* Under systemd the journal keeps the time; elsewhere the line carries it. */
static int prefix(enum log_level level, const char *program, const char *id, char *out, size_t size)
{
    struct timespec now;
    struct tm utc;
    char stamp[32];

    if (getenv("JOURNAL_STREAM") != NULL) {
        return snprintf(out, size, "%s%s %s ", levels[level].journal, program, id);
    }
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
    return snprintf(out, size, "%s.%03ldZ %s %s %s ", stamp, now.tv_nsec / 1000000, levels[level].name, program, id);
}

void log_write(const struct log *log, enum log_level level, const char *id, const char *fmt, ...)
{
    char line[LOG_LINE_MAX];
    va_list args;
    size_t used;
    int len;
    ssize_t written;

    if (level > log->level) {
        return;
    }
    len = prefix(level, log->program, id, line, sizeof line);
    used = len < 0 ? 0 : (size_t)len;
    va_start(args, fmt);
    len = vsnprintf(line + used, sizeof line - used - 1, fmt, args);
    va_end(args);
    if (len > 0) {
        used += (size_t)len < sizeof line - used - 1 ? (size_t)len : sizeof line - used - 2;
    }
    line[used++] = '\n';
    written = write(STDERR_FILENO, line, used);
    (void)written; /* nowhere left to complain */
}

const char *log_clean(const char *text, size_t len, char *out, size_t out_size)
{
    size_t used = 0;

    for (size_t i = 0; i < len && used + 1 < out_size; i++) {
        unsigned char c = (unsigned char)text[i];
        out[used++] = c < 0x20 || c == 0x7f || c == '"' ? '?' : (char)c;
    }
    /* A cut inside a UTF-8 sequence would spoil the line. */
    if (used < len) {
        while (used > 0 && ((unsigned char)out[used - 1] & 0xc0) == 0x80) {
            used--;
        }
        if (used > 0 && ((unsigned char)out[used - 1] & 0xc0) == 0xc0) {
            used--;
        }
    }
    out[used] = '\0';
    return out;
}
