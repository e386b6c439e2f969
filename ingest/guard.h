/* SPDX-License-Identifier: MIT */
/*
 * guard.h - keeps what connections make libzmq hold within a bound.
 *
 * libzmq hands a request out when it is whole, and none of its limits counts the bytes or frames of one that is not:
 * a single request of an allowed key, or frames begun by strangers, could fill the memory.  Replies that are not read
 * pile up likewise.  So the kernel's counts of each connection are looked at many times a second.  What a connection
 * holds is what it has sent and was not handed out, and the replies it has not taken.  When all together hold too
 * much, those that hold the most are cut.  A connection that has not shaken hands may send a few kilobytes only, and
 * only the latest to come may be without handshake; one that has shaken hands when there are too many of those is cut.
 * A sender that is cut connects again and sends again what was not answered: nothing accepted is lost.
 *
 * Not a promise to the byte: between two looks a connection sends what its network carries.
 */
#ifndef INGEST_GUARD_H
#define INGEST_GUARD_H

#include <stddef.h>
#include <stdint.h>

#include "common/log.h"
#include "ingest/wire.h"

struct guard_limits {
    int64_t bytes;        /* held by all connections together */
    int64_t heartbeat_ms; /* commands so often are no request in the making */
    int64_t connections;  /* past their handshake */
    int shaking;          /* connections without handshake */
    int port;             /* where they come to */
};

/* The kernel, or a test's. */
struct guard_kernel {
    bool (*look)(int fd, struct wire_sight *sight);
    int (*port)(int fd);
    void (*cut)(int fd);
};

struct guard;

/* NULL when memory is short.  log is borrowed. */
struct guard *guard_new(const struct guard_limits *limits, const struct guard_kernel *kernel, const struct log *log);
void guard_destroy(struct guard **self_p);

/* A connection came. */
void guard_accepted(struct guard *self, int fd, int64_t now_ms);
/* A whole request of so many bytes on the wire was handed out; connections that are not known are passed over. */
void guard_heard(struct guard *self, int fd, size_t bytes);
/* A reply of so many bytes on the wire was given to libzmq for it. */
void guard_replied(struct guard *self, int fd, size_t bytes);

/* Looks at all connections when it is time; returns the milliseconds to the next look. */
int64_t guard_turn(struct guard *self, int64_t now_ms);

int64_t guard_held_bytes(const struct guard *self);  /* at the last look */
int64_t guard_connections(const struct guard *self); /* at the last look */
int64_t guard_cuts(const struct guard *self);

#endif
