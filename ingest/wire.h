/* SPDX-License-Identifier: MIT */
/*
 * wire.h - what the kernel knows of a TCP connection that libzmq holds.
 *
 * The descriptors belong to libzmq, whose own thread may close one at any time and the kernel may give its number to
 * another: the cookie tells one connection from the next.
 */
#ifndef INGEST_WIRE_H
#define INGEST_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct wire_sight {
    uint64_t cookie;   /* unlike any other connection's, never 0 */
    uint64_t received; /* bytes the peer has sent us */
    uint64_t sent;     /* bytes the peer has acknowledged */
};

/* False when it is no TCP connection (any more), or the kernel is too old to tell. */
bool wire_look(int fd, struct wire_sight *sight);

/* The port at our side, 0 when it is no connection by IP. */
int wire_port(int fd);

/* What a frame takes on the wire: a header, CURVE's command, nonce, seal and flags, and the payload. */
static inline size_t wire_frame_bytes(size_t size)
{
    size_t sealed = size + 33;

    return sealed + (sealed > 255 ? 9 : 2);
}

/* Ends the connection: libzmq sees it closed by the peer, and lets go what it held for it. */
void wire_cut(int fd);

#endif
