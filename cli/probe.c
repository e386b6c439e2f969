/* SPDX-License-Identifier: MIT */
/* probe.c - see probe.h. */
#include "cli/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"

#define LIMIT_MS 1000
/* The names of a stage's figures stand well within the first so many bytes of its page. */
#define ANSWER_SIZE 32768

static bool wait_for(int fd, short events, int64_t deadline_ms)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};
    int64_t left = deadline_ms - clock_monotonic_ms();

    return left > 0 && poll(&poll_fd, 1, (int)left) == 1;
}

/* Reads until the other side closes, out is full or time is up; out is NUL-terminated. */
static void read_answer(int fd, int64_t deadline_ms, char out[ANSWER_SIZE])
{
    size_t len = 0;
    ssize_t got = 1;

    while (got > 0 && len < ANSWER_SIZE - 1 && wait_for(fd, POLLIN, deadline_ms)) {
        got = read(fd, out + len, ANSWER_SIZE - 1 - len);
        len += got > 0 ? (size_t)got : 0;
    }
    out[len] = '\0';
}

/* GET path; the status of the answer, 0 when none comes that is HTTP. */
static int ask(int64_t port, const char *path, char answer[ANSWER_SIZE])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int64_t deadline_ms = clock_monotonic_ms() + LIMIT_MS;
    char request[128];
    int len = snprintf(request, sizeof request, "GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n", path);
    int status = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return 0;
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    /* A refused connection shows when writing. */
    (void)connect(fd, (const struct sockaddr *)&address, sizeof address);
    if (wait_for(fd, POLLOUT, deadline_ms) && send(fd, request, (size_t)len, MSG_NOSIGNAL) == len) {
        read_answer(fd, deadline_ms, answer);
        (void)sscanf(answer, "HTTP/1.%*d %d", &status);
    }
    close(fd);
    return status;
}

/* True when the page of figures names some of the stage's own. */
static bool is_stage(const char *stage, const char *page)
{
    char prefix[64];

    snprintf(prefix, sizeof prefix, "\nkipthoi_%s_", stage);
    return strstr(page, prefix) != NULL;
}

enum probe_answer probe_stage(const char *stage, int64_t port)
{
    char answer[ANSWER_SIZE];
    int ready;

    if (port == 0) {
        return PROBE_OFF;
    }
    ready = ask(port, "/ready", answer);
    if (ready == 0) {
        return PROBE_SILENT;
    }
    if (ask(port, "/metrics", answer) != 200 || !is_stage(stage, answer)) {
        return PROBE_STRANGER;
    }
    return ready == 200 ? PROBE_READY : PROBE_NOT_READY;
}
