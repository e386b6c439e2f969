/* SPDX-License-Identifier: MIT */
/* replay_request.c - frames to request. */
#include "notifier/replay_request.h"

#include <stdbool.h>
#include <string.h>

#define PROTOCOL "KTP/1 "
#define TOPICS_WORD "TOPICS"
#define REPLAY_WORD "REPLAY "
/* So that the number cannot leave int64_t. */
#define FROM_DIGITS 18

static enum status refuse(struct replay_refusal *refusal, const char *code, const char *sentence)
{
    refusal->code = code;
    refusal->sentence = sentence;
    return STATUS_INVALID;
}

static bool is_word(const char *bytes, size_t len, const char *word)
{
    return len == strlen(word) && memcmp(bytes, word, len) == 0;
}

static bool take_prefix(const char **bytes, size_t *len, const char *prefix)
{
    size_t prefix_len = strlen(prefix);

    if (*len < prefix_len || memcmp(*bytes, prefix, prefix_len) != 0) {
        return false;
    }
    *bytes += prefix_len;
    *len -= prefix_len;
    return true;
}

static bool take_number(const char *bytes, size_t len, int64_t *number)
{
    int64_t value = 0;

    if (len == 0 || len > FROM_DIGITS || bytes[0] == '0') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
            return false;
        }
        value = value * 10 + (bytes[i] - '0');
    }
    *number = value;
    return true;
}

static enum status take_topic(const struct replay_frame *frame, char topic[REPLAY_REQUEST_TOPIC_MAX + 1],
                              struct replay_refusal *refusal)
{
    if (frame->len > REPLAY_REQUEST_TOPIC_MAX) {
        return refuse(refusal, REPLAY_TOO_LARGE, "a topic has at most 256 octets");
    }
    if (frame->len > 0) {
        if (memchr(frame->bytes, '\0', frame->len) != NULL) {
            return refuse(refusal, REPLAY_MALFORMED, "a topic holds no NUL");
        }
        memcpy(topic, frame->bytes, frame->len);
    }
    topic[frame->len] = '\0';
    return STATUS_OK;
}

static enum status take_header(const char *bytes, size_t len, struct replay_request *request,
                               struct replay_refusal *refusal)
{
    if (!take_prefix(&bytes, &len, PROTOCOL)) {
        return refuse(refusal, REPLAY_MALFORMED, "the header does not begin with \"KTP/1 \"");
    }
    if (is_word(bytes, len, TOPICS_WORD)) {
        request->kind = REPLAY_TOPICS;
        return STATUS_OK;
    }
    if (!take_prefix(&bytes, &len, REPLAY_WORD)) {
        return refuse(refusal, REPLAY_MALFORMED, "the header is neither TOPICS nor REPLAY with a number");
    }
    request->kind = REPLAY_ALERTS;
    if (!take_number(bytes, len, &request->from)) {
        return refuse(refusal, REPLAY_MALFORMED, "the number after REPLAY is not 1 to 18 digits from 1 on");
    }
    return STATUS_OK;
}

enum status replay_request_parse(const struct replay_frame *frames, size_t count, struct replay_request *request,
                                 struct replay_refusal *refusal)
{
    enum status st;

    memset(request, 0, sizeof *request);
    if (count > REPLAY_REQUEST_FRAMES) {
        return refuse(refusal, REPLAY_TOO_LARGE, "a request has at most 4 frames");
    }
    if (count < 2 || frames[0].len != 0) {
        return refuse(refusal, REPLAY_MALFORMED, "a request is an empty frame, then a header");
    }
    if (frames[1].len > REPLAY_REQUEST_HEADER_MAX) {
        return refuse(refusal, REPLAY_TOO_LARGE, "a header has at most 64 octets");
    }
    st = take_header(frames[1].bytes, frames[1].len, request, refusal);
    if (st == STATUS_OK && request->kind == REPLAY_ALERTS && (count != 3 || frames[2].len == 0)) {
        st = refuse(refusal, REPLAY_MALFORMED, "REPLAY is followed by one frame, the topic");
    }
    if (st == STATUS_OK && count > 2) {
        st = take_topic(&frames[2], request->topic, refusal);
    }
    if (st == STATUS_OK && count > 3) {
        st = take_topic(&frames[3], request->after, refusal);
    }
    return st;
}
