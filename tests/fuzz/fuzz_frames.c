/* SPDX-License-Identifier: MIT */
/*
 * fuzz_frames.c - any bytes as what comes in a frame: the first byte says whether it is a request to the intake, the
 * answers to a sender, or a request for the feed's replay.  A line feed parts header and body, topic and next topic.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/flight.h"
#include "ingest/request.h"
#include "notifier/replay_request.h"
#include "tests/fuzz/fuzz.h"

#define EVENTS 5

/* The part behind the first line feed; both parts may be empty. */
static const char *split(const char *text, size_t *len, size_t *rest_len)
{
    const char *lf = len == 0 ? NULL : memchr(text, '\n', *len);

    *rest_len = lf != NULL ? (size_t)(text + *len - lf - 1) : 0;
    *len = lf != NULL ? (size_t)(lf - text) : *len;
    return text + *len + (lf != NULL);
}

static void try_request(const char *text, size_t len)
{
    struct request_header header;
    struct request_body body, again;
    size_t body_len, one_len;
    const char *rest = split(text, &len, &body_len);
    const char *one, *end = rest;
    int count = 0;

    if (request_header_parse(text, len, &header) != STATUS_OK) {
        fuzz_claim(strcmp(header.tag, "-") == 0, "what is no header has no tag");
        return;
    }
    fuzz_claim(len <= REQUEST_HEADER_MAX && header.verb < REQUEST_VERBS, "a header is short and has a verb");
    fuzz_claim(strcmp(header.tag, "-") == 0 || strspn(header.tag, "0123456789") == strlen(header.tag),
               "a tag is of digits");
    body = again = request_body_open(header.verb, rest, body_len);
    while (request_body_next(&body, &one, &one_len)) {
        fuzz_claim(one >= end && one_len > 0 && one + one_len <= rest + body_len, "texts lie in the body, in order");
        fuzz_claim(header.verb != REQUEST_EVENTS || memchr(one, '\n', one_len) == NULL, "a text is one line");
        fuzz_claim(strchr(" \t\r\n", one[0]) == NULL || one[0] == '\0', "no blanks before it");
        end = one + one_len;
        count++;
    }
    fuzz_claim(request_body_count(again, REQUEST_EVENTS_MAX) ==
                   (count < REQUEST_EVENTS_MAX ? count : REQUEST_EVENTS_MAX),
               "as many as are counted");
}

static void refused_cb(void *context, const struct flight_refusal *refusal)
{
    int *refused = context;

    fuzz_claim(refusal->line >= 1 && refusal->line <= EVENTS, "a refusal names a line that was sent");
    fuzz_claim(refusal->word[0] != '\0' && refusal->code[0] != '\0', "a refusal has word and code");
    ++*refused;
}

/* Whatever is answered, an event is done, refused or still held. */
static void try_answers(const char *text, size_t len)
{
    static const struct flight_limits limits = {.window = 100, .batch = 100, .event_bytes = 1000};
    int refused = 0;
    struct flight *flight = flight_new(100, refused_cb, &refused);
    struct flight_request request;

    fuzz_claim(flight != NULL, "there is memory");
    flight_limit(flight, &limits);
    for (int line = 1; line <= EVENTS; line++) {
        fuzz_claim(flight_add(flight, "{}", 2, line) == STATUS_OK, "there is memory");
    }
    flight_close(flight);
    fuzz_claim(flight_next(flight, 0, &request), "there is a request");
    flight_sent(flight, request.tag, 0);
    if (flight_answer(flight, request.tag, text, len, 0) != STATUS_OK) {
        fuzz_claim(flight_held(flight) <= EVENTS, "no event is made of nothing");
    } else {
        int64_t done = flight_count(flight, FLIGHT_ACCEPTED) + flight_count(flight, FLIGHT_DUPLICATE);

        fuzz_claim(done + refused + (int64_t)flight_held(flight) == EVENTS, "each event has its answer");
        fuzz_claim((int64_t)flight_held(flight) == flight_count(flight, FLIGHT_BUSY), "what is busy is held");
    }
    flight_destroy(&flight);
}

static void try_replay(const char *text, size_t len)
{
    struct replay_frame frames[REPLAY_REQUEST_FRAMES + 1] = {{"", 0}};
    struct replay_request request;
    struct replay_refusal refusal = {NULL, NULL};
    size_t count = 1;

    while (count <= REPLAY_REQUEST_FRAMES) {
        size_t rest_len;
        const char *rest = split(text, &len, &rest_len);

        frames[count++] = (struct replay_frame){text, len};
        if (rest == text + len) {
            break;
        }
        text = rest;
        len = rest_len;
    }
    if (replay_request_parse(frames, count, &request, &refusal) != STATUS_OK) {
        fuzz_claim(refusal.code != NULL && refusal.sentence != NULL, "a refusal has a word and a sentence");
    } else if (request.kind == REPLAY_TOPICS) {
        fuzz_claim(memchr(request.topic, '\0', sizeof request.topic) != NULL &&
                       memchr(request.after, '\0', sizeof request.after) != NULL,
                   "topics have an end");
    } else {
        fuzz_claim(request.from >= 0, "alerts count from zero");
    }
}

static void (*const parsers[])(const char *text, size_t len) = {try_request, try_answers, try_replay};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (size == 0) {
        return 0;
    }
    /* In a block of its own size: a frame has no end but its length. */
    text = malloc(size > 1 ? size - 1 : 1);
    fuzz_claim(text != NULL, "there is memory");
    memcpy(text, data + 1, size - 1);
    parsers[data[0] % (sizeof parsers / sizeof *parsers)](text, size - 1);
    free(text);
    return 0;
}
