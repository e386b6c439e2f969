/* SPDX-License-Identifier: MIT */
/*
 * request.h - the grammar of requests (docs/protocol.md 5): header, and the events of a body.  Pure.
 */
#ifndef INGEST_REQUEST_H
#define INGEST_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

#define REQUEST_HEADER_MAX 64
#define REQUEST_EVENTS_MAX 1000
#define REQUEST_TAG_SIZE 19 /* 18 digits and the terminator */

enum request_verb { REQUEST_HELLO, REQUEST_EVENT, REQUEST_EVENTS, REQUEST_PING, REQUEST_VERBS };

struct request_header {
    enum request_verb verb;
    char tag[REQUEST_TAG_SIZE]; /* "-" when none was sent */
};

/* STATUS_INVALID when it is not a header of this protocol; the tag is then "-". */
enum status request_header_parse(const char *text, size_t len, struct request_header *header) MUST_CHECK;

/* The texts of a body, one after another. */
struct request_body {
    const char *at;
    const char *end;
    bool lines; /* one text per line, else the whole body is one */
};

/* Starts at the first text of the body; borrows it. */
struct request_body request_body_open(enum request_verb verb, const char *body, size_t len);

/* Gives the next text without white space around it; false at the end.  Blank lines are passed over. */
bool request_body_next(struct request_body *body, const char **text, size_t *len);

/* How many texts there are, counting no further than limit. */
int request_body_count(struct request_body body, int limit);

#endif
