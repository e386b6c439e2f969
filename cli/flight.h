/* SPDX-License-Identifier: MIT */
/*
 * flight.h - requests of a sender that are not answered yet (docs/protocol.md).
 *
 * Events gather in a request until it is full or closed; a request is sent, sent again as long as no answer came, and
 * forgotten when each of its events has been answered for good.  Events answered "busy" stay, under a new tag, and
 * nothing is sent until a growing pause is over.  What is held never exceeds the window.  Pure: no sockets, no clock.
 */
#ifndef CLI_FLIGHT_H
#define CLI_FLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

/* The protocol's most for one request. */
#define FLIGHT_BATCH_MAX 1000

enum flight_word {
    FLIGHT_ACCEPTED,
    FLIGHT_DUPLICATE,
    FLIGHT_CONFLICT,
    FLIGHT_REJECTED,
    FLIGHT_DENIED,
    FLIGHT_BUSY,
    FLIGHT_WORDS
};

/* An event that was not taken; texts are borrowed for the call. */
struct flight_refusal {
    int64_t line; /* as given to flight_add */
    const char *word;
    const char *code;
    const char *sentence;
};
typedef void (*flight_refused_cb)(void *context, const struct flight_refusal *refusal);

/* What goes out: header "EVENTS <tag>" and body. */
struct flight_request {
    uint64_t tag;
    const char *body;
    size_t body_len;
};

/* What the server allows, as told by WELCOME. */
struct flight_limits {
    uint64_t window; /* events unanswered */
    uint64_t batch;  /* events in a request */
    uint64_t event_bytes;
    uint64_t request_bytes;
};

struct flight;

/* batch: events in a request at most.  NULL when memory is short. */
struct flight *flight_new(size_t batch, flight_refused_cb refused, void *context);
void flight_destroy(struct flight **self_p);

/* Nothing has room before the first call. */
void flight_limit(struct flight *self, const struct flight_limits *limits);
/* Every reply tells the window anew. */
void flight_window(struct flight *self, uint64_t window);

/* True when flight_add may be called. */
bool flight_has_room(const struct flight *self);
/* The most bytes of one event. */
size_t flight_event_bytes(const struct flight *self);
/* Copies one event.  STATUS_RETRY: memory is short. */
enum status flight_add(struct flight *self, const char *event, size_t len, int64_t line) MUST_CHECK;
/* Ends the request being filled. */
void flight_close(struct flight *self);

/* The next request to send now, in *request; false when none is or the window is full. */
bool flight_next(struct flight *self, int64_t now_ms, struct flight_request *request);
void flight_sent(struct flight *self, uint64_t tag, int64_t now_ms);

/* After a new connection: all that was sent is to be sent again; or what was sent before then_ms. */
void flight_resend(struct flight *self, int64_t then_ms);

/*
 * Takes the answers to a request.  Answers to a tag that is not in flight are ignored (the second answer to a request
 * sent twice).  STATUS_INVALID: not one answer of the protocol for each event.
 */
enum status flight_answer(struct flight *self, uint64_t tag, const char *body, size_t len, int64_t now_ms) MUST_CHECK;

/* Events held: gathered, sent, or to be sent again. */
size_t flight_held(const struct flight *self);
/* Events answered by each word; FLIGHT_BUSY counts each time. */
int64_t flight_count(const struct flight *self, enum flight_word word);
/* True when the answer that came last was "busy" for every event; why, for the last of them, borrowed until the next.
 */
bool flight_is_busy(const struct flight *self, const char **code, const char **sentence);
/* Milliseconds until a pause is over, 0 when there is none. */
int64_t flight_pause_ms(const struct flight *self, int64_t now_ms);

#endif
