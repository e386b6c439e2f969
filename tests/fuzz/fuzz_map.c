/* SPDX-License-Identifier: MIT */
/*
 * fuzz_map.c - any bytes as a mapping file and the table or log that it maps, with a line "%%" between them: events
 * are JSON that the gate takes or refuses for what a cell holds; what is refused is named with file and line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/feed.h"
#include "ingest/gate.h"
#include "tests/fuzz/fuzz.h"

#define BETWEEN "\n%%\n"
#define PATH_SIZE 64
/* Rows of a table may all be bad: no more are asked for. */
#define ROWS_MAX 1000

static int write_file(char path[PATH_SIZE], const void *bytes, size_t len)
{
    int fd = memfd_create("in", 0);

    fuzz_claim(fd >= 0 && write(fd, bytes, len) == (ssize_t)len, "there is memory");
    snprintf(path, PATH_SIZE, "/proc/self/fd/%d", fd);
    return fd;
}

static void claim_event(const struct feed_event *event)
{
    struct refusal refusal = {0};

    fuzz_claim(gate_check(event->text, event->len, &refusal) == STATUS_OK, "an event passes the gate");
    fuzz_claim(memchr(event->text, '\n', event->len) == NULL, "an event is one line");
    fuzz_claim(event->line >= 1, "an event has its line");
}

static bool names(const char *error, const char *map, const char *table)
{
    return strncmp(error, map, strlen(map)) == 0 || strncmp(error, table, strlen(table)) == 0;
}

static void claim_events(struct feed *feed, const char *map, const char *table)
{
    struct feed_event event;
    enum status st = STATUS_OK;

    for (int i = 0; i < ROWS_MAX && st != STATUS_FATAL; i++) {
        st = feed_next(feed, &event);
        if (st == STATUS_OK && event.text == NULL) {
            return;
        }
        if (st == STATUS_OK) {
            claim_event(&event);
        } else {
            fuzz_claim(feed_error(feed)[0] != '\0', "what is bad has a sentence");
            fuzz_claim(st == STATUS_INVALID || names(feed_error(feed), map, table),
                       "what cannot be read further is named with a file");
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *between = size == 0 ? NULL : memmem(data, size, BETWEEN, strlen(BETWEEN));
    char map[PATH_SIZE], table[PATH_SIZE], error[FEED_ERROR_SIZE] = "";
    struct feed *feed;
    int map_fd, table_fd;

    if (between == NULL) {
        return 0;
    }
    map_fd = write_file(map, data, (size_t)(between - data) + 1);
    table_fd = write_file(table, between + strlen(BETWEEN), (size_t)(data + size - between) - strlen(BETWEEN));
    if (feed_open(&feed, table, map, error) == STATUS_OK) {
        claim_events(feed, map, table);
        feed_close(&feed);
    } else {
        fuzz_claim(feed == NULL && names(error, map, table), "a refusal names a file");
    }
    close(map_fd);
    close(table_fd);
    return 0;
}
