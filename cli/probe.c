/* SPDX-License-Identifier: MIT */
/* probe.c - see probe.h. */
#include "cli/probe.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"

#define LIMIT_MS 1000

static bool wait_for(int fd, short events, int64_t deadline_ms)
{
    struct pollfd poll_fd = {.fd = fd, .events = events};
    int64_t left = deadline_ms - clock_monotonic_ms();

    return left > 0 && poll(&poll_fd, 1, (int)left) == 1;
}

/* Reads the status line, "HTTP/1.1 200 ..."; false when it does not come. */
static bool read_status(int fd, int64_t deadline_ms, char line[16])
{
    size_t len = 0;

    while (len < 12) {
        ssize_t got;

        if (!wait_for(fd, POLLIN, deadline_ms)) {
            return false;
        }
        got = read(fd, line + len, 12 - len);
        if (got <= 0) {
            return false;
        }
        len += (size_t)got;
    }
    line[len] = '\0';
    return strncmp(line, "HTTP/1.", 7) == 0;
}

enum probe_answer probe_ready(int64_t port)
{
    static const char request[] = "GET /ready HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n";
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int64_t deadline_ms = clock_monotonic_ms() + LIMIT_MS;
    enum probe_answer answer = PROBE_SILENT;
    char line[16];
    int fd;

    if (port == 0) {
        return PROBE_OFF;
    }
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        return answer;
    }
    /* A refused connection shows when writing. */
    (void)connect(fd, (const struct sockaddr *)&address, sizeof address);
    if (wait_for(fd, POLLOUT, deadline_ms) &&
        send(fd, request, sizeof request - 1, MSG_NOSIGNAL) == (ssize_t)(sizeof request - 1) &&
        read_status(fd, deadline_ms, line)) {
        answer = strcmp(line + 9, "200") == 0 ? PROBE_READY : PROBE_NOT_READY;
    }
    close(fd);
    return answer;
}
