/* SPDX-License-Identifier: MIT */
/* wire.c - what the kernel knows of a TCP connection. */
#include "ingest/wire.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

/* Older kernels tell less. */
#define INFO_NEEDED                                                                                                    \
    (offsetof(struct tcp_info, tcpi_bytes_received) + sizeof((struct tcp_info *)NULL)->tcpi_bytes_received)

bool wire_look(int fd, struct wire_sight *sight)
{
    struct tcp_info info;
    socklen_t info_size = sizeof info;
    socklen_t cookie_size = sizeof sight->cookie;

    memset(&info, 0, sizeof info);
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &info_size) != 0 || info_size < INFO_NEEDED ||
        getsockopt(fd, SOL_SOCKET, SO_COOKIE, &sight->cookie, &cookie_size) != 0) {
        return false;
    }
    sight->received = info.tcpi_bytes_received;
    sight->sent = info.tcpi_bytes_acked;
    return true;
}

int wire_port(int fd)
{
    struct sockaddr_storage address;
    socklen_t size = sizeof address;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    memset(&address, 0, sizeof address);
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0) {
        return 0;
    }
    memcpy(&v4, &address, sizeof v4);
    memcpy(&v6, &address, sizeof v6);
    return address.ss_family == AF_INET ? ntohs(v4.sin_port) : address.ss_family == AF_INET6 ? ntohs(v6.sin6_port) : 0;
}

void wire_cut(int fd)
{
    (void)shutdown(fd, SHUT_RDWR);
}
