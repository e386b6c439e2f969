/* SPDX-License-Identifier: MIT */
/* progress.c - how far a long task has come. */
#include "cli/progress.h"

#include <string.h>

#define PROGRESS_BAR_MS 100
#define PROGRESS_LINE_MS 5000
#define PROGRESS_WIDTH 30

void progress_begin(struct progress *self, FILE *out, bool terminal, int64_t total, int64_t now_ms)
{
    *self = (struct progress){
        .out = out, .what = "events", .terminal = terminal, .total = total, .began_ms = now_ms, .shown_ms = now_ms};
}

/* "42 %, 1:05 left", or nothing when the end is not known. */
static void progress_left(const struct progress *self, int64_t done, int64_t spent_ms, char *out, size_t size)
{
    int64_t left_s;

    out[0] = '\0';
    if (self->total <= 0 || done <= 0) {
        return;
    }
    left_s = (int64_t)((double)spent_ms / (double)done * (double)(self->total - done) / 1000.0 + 0.5);
    snprintf(out, size, "%3d %%  %lld:%02lld left  ", (int)(done * 100 / self->total), (long long)(left_s / 60),
             (long long)(left_s % 60));
}

static void progress_bar(const struct progress *self, int64_t done)
{
    char bar[PROGRESS_WIDTH + 1];
    size_t full = (size_t)(done * PROGRESS_WIDTH / self->total);

    memset(bar, '.', PROGRESS_WIDTH);
    memset(bar, '#', full > PROGRESS_WIDTH ? PROGRESS_WIDTH : full);
    bar[PROGRESS_WIDTH] = '\0';
    fprintf(self->out, "[%s] ", bar);
}

void progress_show(struct progress *self, int64_t done, int64_t events, int64_t now_ms)
{
    int64_t spent_ms = now_ms - self->began_ms;
    char left[64];

    if (now_ms - self->shown_ms < (self->terminal ? PROGRESS_BAR_MS : PROGRESS_LINE_MS)) {
        return;
    }
    self->shown_ms = now_ms;
    progress_left(self, done, spent_ms, left, sizeof left);
    progress_clear(self);
    if (self->terminal && self->total > 0) {
        progress_bar(self, done);
    }
    if (self->waiting != NULL) {
        fputs(self->waiting, self->out);
    } else {
        fprintf(self->out, "%s%lld %s  %lld/s", left, (long long)events, self->what,
                (long long)(spent_ms > 0 ? events * 1000 / spent_ms : 0));
    }
    fputs(self->terminal ? "" : "\n", self->out);
    fflush(self->out);
    self->drawn = self->terminal;
}

void progress_clear(struct progress *self)
{
    if (self->drawn) {
        fputs("\r\033[K", self->out);
        self->drawn = false;
    }
}
