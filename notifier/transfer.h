/* SPDX-License-Identifier: MIT */
/*
 * transfer.h - carries attempts to deliver, many at a time, in the loop of one thread.
 *
 * libcurl connects, proves names (TLS) and speaks HTTP; a channel adds what is its own by a struct transfer_kind.  The
 * loop polls transfer_fd() for reading, at most transfer_wait_ms() long, and calls transfer_turn(): no call of this
 * file waits for the network.  Names are resolved in threads of libcurl's.  Not thread-safe.  Channels with different
 * files of authorities should have a transfer each: libcurl keeps one file in memory, and reading the system's takes
 * some 0.1 s.
 *
 * Every attempt ends in exactly one call of its done callback, from transfer_turn, transfer_cancel or transfer_destroy,
 * never from transfer_start.  The callback may start the next attempt (refused while all are being cancelled).
 */
#ifndef NOTIFIER_TRANSFER_H
#define NOTIFIER_TRANSFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

#include <curl/curl.h>

#include "common/status.h"
#include "notifier/outcome.h"

#define TRANSFER_ERROR_SIZE 256
#define TRANSFER_ROOM_MAX 1024 /* attempts at a time, at most */

struct transfer;

/* The outcome is borrowed, for the time of the call. */
typedef void (*transfer_done_cb)(void *context, const struct outcome *outcome);

/* What a channel does for its attempts.  `work` is the attempt's own; it is freed by destroy, after the end. */
struct transfer_kind {
    /* Sets the channel's options on a handle that has the common ones. */
    enum status (*prepare)(void *work, CURL *easy);
    /* Whether the address may be connected to; a reason ("is not public") in *why when not. */
    bool (*admit)(void *work, const struct sockaddr *address, const char **why);
    /*
     * libcurl is through with code; detail is its sentence.  True: *outcome is the end.  False: the connection stays,
     * talk is called now and whenever the socket is ready.  Unsafe addresses and certificates are dealt with before.
     */
    bool (*finished)(void *work, CURL *easy, CURLcode code, const char *detail, struct outcome *outcome);
    /* Goes on as far as it can without waiting.  True: *outcome is the end.  NULL when finished never says false. */
    bool (*talk)(void *work, CURL *easy, bool *wants_write, struct outcome *outcome);
    /* The attempt ends here, for a reason such as "the time limit of 20 s is over": what became of it? */
    void (*cut)(void *work, const char *why, struct outcome *outcome);
    void (*destroy)(void *work);
};

struct transfer_job {
    const struct transfer_kind *kind;
    void *work;       /* taken over when transfer_start succeeds */
    const char *host; /* for sentences and for per_host; copied */
    int per_host;     /* at most so many attempts at a time to this host */
    int64_t connect_ms;
    int64_t total_ms; /* everything, from resolving the name to the last byte */
    transfer_done_cb done;
    void *context;
};

/*
 * At most room attempts at a time.  STATUS_INVALID with a sentence when room is not 1..TRANSFER_ROOM_MAX or libcurl
 * lacks what is needed, STATUS_RETRY when memory or descriptors are short.
 */
enum status transfer_new(struct transfer **self_p, int room, char error[TRANSFER_ERROR_SIZE]) MUST_CHECK;

/* Ends what is in flight as transfer_cancel does, and frees everything. */
void transfer_destroy(struct transfer **self_p);

/* For poll(): readable when transfer_turn has something to do. */
int transfer_fd(const struct transfer *self);
/* Milliseconds until transfer_turn is due by time; -1: never. */
int64_t transfer_wait_ms(const struct transfer *self);
void transfer_turn(struct transfer *self);

/* True when transfer_start would find room for one more attempt to this host. */
bool transfer_has_room(const struct transfer *self, const char *host, int per_host);
size_t transfer_in_flight(const struct transfer *self);

/*
 * Begins an attempt.  STATUS_RETRY: no room, or memory is short; STATUS_INVALID: the channel's options do not suit.
 * Then the work stays the caller's and done is never called.
 */
enum status transfer_start(struct transfer *self, const struct transfer_job *job) MUST_CHECK;

/* Ends every attempt in flight now; each gets the outcome that its channel gives a cut attempt. */
void transfer_cancel(struct transfer *self);

#endif
