/* SPDX-License-Identifier: MIT */
/*
 * replay_request.h - a request to the feed's replay, taken apart after the grammar of docs/feed.md.  Pure.
 */
#ifndef NOTIFIER_REPLAY_REQUEST_H
#define NOTIFIER_REPLAY_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

#define REPLAY_REQUEST_HEADER_MAX 64
#define REPLAY_REQUEST_TOPIC_MAX 256
/* Delimiter, header and at most two more. */
#define REPLAY_REQUEST_FRAMES 4

/* Words of docs/feed.md. */
#define REPLAY_MALFORMED "MALFORMED"
#define REPLAY_TOO_LARGE "TOO_LARGE"
#define REPLAY_DENIED "DENIED"
#define REPLAY_BUSY "BUSY"

enum replay_kind { REPLAY_TOPICS, REPLAY_ALERTS };

struct replay_frame {
    const char *bytes; /* may be NULL when len is 0 */
    size_t len;
};

struct replay_request {
    enum replay_kind kind;
    int64_t from;                             /* REPLAY_ALERTS: first number wanted */
    char topic[REPLAY_REQUEST_TOPIC_MAX + 1]; /* REPLAY_TOPICS: the prefix */
    char after[REPLAY_REQUEST_TOPIC_MAX + 1]; /* REPLAY_TOPICS: go on after this one */
};

/* Why a request is refused: a word of docs/feed.md and a sentence for people, both static. */
struct replay_refusal {
    const char *code;
    const char *sentence;
};

/* frames begin with the delimiter.  STATUS_INVALID: *refusal says why. */
enum status replay_request_parse(const struct replay_frame *frames, size_t count, struct replay_request *request,
                                 struct replay_refusal *refusal) MUST_CHECK;

#endif
