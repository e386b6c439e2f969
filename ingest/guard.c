/* SPDX-License-Identifier: MIT */
/* guard.c - what connections hold. */
#include "ingest/guard.h"

#include <stdlib.h>
#include <string.h>

/* A gigabit carries 3 MB meanwhile.  A look costs some microseconds a connection: the more there are, the rarer. */
#define LOOK_EVERY_MS 25
#define CONNECTIONS_A_MS 32
#define LOG_EVERY_MS 1000
/*
 * ZMTP 3.1 with CURVE: greeting, WELCOME and READY of a server are 64 + 170 + more than 50 bytes, and READY is said
 * only to a key that was let in; the peer's greeting, HELLO and INITIATE with the longest routing id are below 1000.
 */
#define SHAKEN_SENT 250
#define SHAKING_RECEIVED_MAX 4096
/* PING and PONG, encrypted, with some to spare. */
#define HEARTBEAT_BYTES 128

struct connection {
    uint64_t cookie;  /* 0: none */
    int64_t number;   /* in the order they came */
    int64_t at_ms;    /* heartbeats are accounted for until then */
    int64_t handed;   /* bytes received that libzmq holds no more */
    int64_t replied;  /* bytes */
    int64_t received; /* at the last look */
    int64_t holds;    /* at the last look */
    bool shaken;      /* hands */
};

struct guard {
    struct guard_limits limits;
    struct guard_kernel kernel;
    const struct log *log;
    struct connection *connections; /* by descriptor */
    int room;
    int64_t came;
    int64_t shaken; /* connections */
    int64_t count;
    int64_t held;
    int64_t cuts;
    int64_t look_ms;
    int64_t log_ms;
};

struct guard *guard_new(const struct guard_limits *limits, const struct guard_kernel *kernel, const struct log *log)
{
    struct guard *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->limits = *limits;
        self->kernel = *kernel;
        self->log = log;
    }
    return self;
}

void guard_destroy(struct guard **self_p)
{
    if (*self_p != NULL) {
        free((*self_p)->connections);
        free(*self_p);
        *self_p = NULL;
    }
}

static struct connection *find(struct guard *self, int fd)
{
    return fd >= 0 && fd < self->room && self->connections[fd].cookie != 0 ? &self->connections[fd] : NULL;
}

static bool make_room(struct guard *self, int fd)
{
    int room = self->room > 0 ? self->room : 64;
    struct connection *grown;

    if (fd < self->room) {
        return true;
    }
    while (room <= fd) {
        room *= 2;
    }
    grown = realloc(self->connections, (size_t)room * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    memset(grown + self->room, 0, (size_t)(room - self->room) * sizeof *grown);
    self->connections = grown;
    self->room = room;
    return true;
}

static void forget(struct guard *self, struct connection *connection)
{
    self->shaken -= connection->shaken;
    connection->cookie = 0;
    connection->shaken = false;
}

static void cut(struct guard *self, int fd, const char *why, int64_t now_ms)
{
    struct connection *connection = &self->connections[fd];

    self->kernel.cut(fd);
    self->cuts++;
    self->count--;
    self->held -= connection->holds;
    if (now_ms >= self->log_ms) {
        self->log_ms = now_ms + LOG_EVERY_MS;
        log_warn(self->log, "GUARD-CUT", "a connection %s was cut holds=%lld all_hold=%lld limit=%lld cuts=%lld", why,
                 (long long)connection->holds, (long long)self->held, (long long)self->limits.bytes,
                 (long long)self->cuts);
    }
    forget(self, connection);
}

void guard_accepted(struct guard *self, int fd, int64_t now_ms)
{
    struct wire_sight sight;

    self->came++;
    if (fd < 0 || !self->kernel.look(fd, &sight) || self->kernel.port(fd) != self->limits.port) {
        return; /* gone again */
    }
    if (!make_room(self, fd)) {
        self->kernel.cut(fd); /* what cannot be watched is not let in */
        return;
    }
    forget(self, &self->connections[fd]); /* who had the number before */
    self->connections[fd] = (struct connection){.cookie = sight.cookie, .number = self->came, .at_ms = now_ms};
}

void guard_heard(struct guard *self, int fd, size_t bytes)
{
    struct connection *connection = find(self, fd);

    if (connection != NULL) {
        connection->handed += (int64_t)bytes;
    }
}

void guard_replied(struct guard *self, int fd, size_t bytes)
{
    struct connection *connection = find(self, fd);

    if (connection != NULL) {
        connection->replied += (int64_t)bytes;
    }
}

static int64_t positive(int64_t value)
{
    return value > 0 ? value : 0;
}

/* What heartbeats account for is handed out little by little. */
static void reckon(const struct guard *self, struct connection *connection, const struct wire_sight *sight,
                   int64_t now_ms)
{
    int64_t beats = (now_ms - connection->at_ms) * HEARTBEAT_BYTES / self->limits.heartbeat_ms;
    int64_t received = (int64_t)sight->received;

    if (beats > 0) {
        connection->handed += beats;
        connection->at_ms = now_ms;
    }
    if (connection->handed > received) {
        connection->handed = received;
    }
    connection->received = received;
    connection->holds = received - connection->handed + positive(connection->replied - (int64_t)sight->sent);
}

static void check_shaking(struct guard *self, int fd, int64_t now_ms)
{
    const struct connection *connection = &self->connections[fd];

    if (connection->received > SHAKING_RECEIVED_MAX) {
        cut(self, fd, "that sends before its handshake", now_ms);
    } else if (connection->number <= self->came - self->limits.shaking) {
        cut(self, fd, "without handshake, too many at once,", now_ms);
    }
}

static void look(struct guard *self, int fd, int64_t now_ms)
{
    struct connection *connection = &self->connections[fd];
    struct wire_sight sight;

    if (!self->kernel.look(fd, &sight) || sight.cookie != connection->cookie) {
        forget(self, connection);
        return;
    }
    reckon(self, connection, &sight, now_ms);
    self->count++;
    self->held += connection->holds;
    if (connection->shaken) {
        return;
    }
    if (sight.sent < SHAKEN_SENT) {
        check_shaking(self, fd, now_ms);
    } else if (self->shaken < self->limits.connections) {
        connection->shaken = true;
        self->shaken++;
    } else {
        cut(self, fd, "beyond ingest.max_peers", now_ms);
    }
}

static int most_holding(const struct guard *self)
{
    int most = -1;

    for (int fd = 0; fd < self->room; fd++) {
        if (self->connections[fd].cookie != 0 &&
            (most < 0 || self->connections[fd].holds > self->connections[most].holds)) {
            most = fd;
        }
    }
    return most;
}

int64_t guard_turn(struct guard *self, int64_t now_ms)
{
    if (now_ms < self->look_ms) {
        return self->look_ms - now_ms;
    }
    self->count = 0;
    self->held = 0;
    for (int fd = 0; fd < self->room; fd++) {
        if (self->connections[fd].cookie != 0) {
            look(self, fd, now_ms);
        }
    }
    while (self->held > self->limits.bytes) {
        cut(self, most_holding(self), "that holds the most", now_ms);
    }
    self->look_ms = now_ms + LOOK_EVERY_MS + self->count / CONNECTIONS_A_MS;
    return self->count > 0 ? self->look_ms - now_ms : INT64_MAX;
}

int64_t guard_held_bytes(const struct guard *self)
{
    return self->held;
}

int64_t guard_connections(const struct guard *self)
{
    return self->count;
}

int64_t guard_cuts(const struct guard *self)
{
    return self->cuts;
}
