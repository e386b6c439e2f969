/* SPDX-License-Identifier: MIT */
/* answer.c - the vocabulary, in one table. */
#include "ingest/answer.h"

#include <stdio.h>
#include <string.h>

struct code_row {
    const char *name;
    const char *fault;
    const char *sentence;
};

static const struct code_row codes[CODE_END] = {
    [CODE_NONE] = {"", "", ""},
    [CODE_CONFLICT] = {"CONFLICT", "sender", "this id is stored with other content; send a correction under a new id"},
    [CODE_NOT_JSON] = {"NOT_JSON", "sender", ""},
    [CODE_NOT_UTF8] = {"NOT_UTF8", "sender", ""},
    [CODE_TOO_DEEP] = {"TOO_DEEP", "sender", ""},
    [CODE_DUPLICATE_KEY] = {"DUPLICATE_KEY", "sender", ""},
    [CODE_NUMBER_INVALID] = {"NUMBER_INVALID", "sender", ""},
    [CODE_STRING_INVALID] = {"STRING_INVALID", "sender", ""},
    [CODE_TOO_MANY_KEYS] = {"TOO_MANY_KEYS", "sender", ""},
    [CODE_NOT_OBJECT] = {"NOT_OBJECT", "sender", ""},
    [CODE_SPECVERSION] = {"SPECVERSION", "sender", ""},
    [CODE_MEMBER_MISSING] = {"MEMBER_MISSING", "sender", ""},
    [CODE_MEMBER_INVALID] = {"MEMBER_INVALID", "sender", ""},
    [CODE_TYPE_UNKNOWN] = {"TYPE_UNKNOWN", "sender", ""},
    [CODE_TIME_INVALID] = {"TIME_INVALID", "sender", ""},
    [CODE_SEQUENCE_INVALID] = {"SEQUENCE_INVALID", "sender", ""},
    [CODE_TIME_FUTURE] = {"TIME_FUTURE", "sender", ""},
    [CODE_STATUS_UNKNOWN] = {"STATUS_UNKNOWN", "sender", ""},
    [CODE_TOO_LARGE] = {"TOO_LARGE", "sender", ""},
    [CODE_STORE_REFUSED] = {"STORE_REFUSED", "server", "the database refused this event; it is kept in quarantine"},
    [CODE_INVALID] = {"INVALID", "sender", ""},
    [CODE_SOURCE_DENIED] = {"SOURCE_DENIED", "sender", "this key may not speak for the event's source"},
    [CODE_CREDIT] = {"CREDIT", "sender", "more events than the window allows; wait for answers, then send again"},
    [CODE_QUEUE_FULL] = {"QUEUE_FULL", "server", "too many events wait to be stored; send again after 1000 ms"},
    [CODE_DATABASE_AWAY] = {"DATABASE_AWAY", "server", "the database cannot be reached; send again after 1000 ms"},
    [CODE_COMMIT_SLOW] = {"COMMIT_SLOW", "server",
                          "storing takes too long and may yet succeed; send again after 1000 ms"},
    [CODE_SOURCE_NEW] = {"SOURCE_NEW", "server", "the source is being registered; send again after 1000 ms"},
    [CODE_STOPPING] = {"STOPPING", "server", "the service is stopping; send again after 5000 ms"},
    [CODE_FRAMES] = {"FRAMES", "sender", "a request is an empty frame, a header and at most one body"},
    [CODE_HEADER] = {"HEADER", "sender", "expected KTP/1 and HELLO, EVENT, EVENTS or PING with a tag of digits"},
    [CODE_BODY] = {"BODY", "sender", "HELLO and PING have no body, EVENT and EVENTS have one"},
    [CODE_EMPTY] = {"EMPTY", "sender", "the body holds no event"},
    [CODE_TOO_MANY] = {"TOO_MANY", "sender", "more events than the batch limit told by WELCOME"},
    [CODE_REQUEST_TOO_LARGE] = {"REQUEST_TOO_LARGE", "sender", "the body is longer than request_bytes of WELCOME"},
    [CODE_NOT_ALLOWED] = {"NOT_ALLOWED", "sender", "this connection has no key that is allowed"},
    [CODE_TOO_MANY_PEERS] = {"TOO_MANY_PEERS", "server", "too many senders at once; send again after 5000 ms"},
};

static const char *const words[ANSWER_WORDS] = {
    [ANSWER_PENDING] = "pending",   [ANSWER_ACCEPTED] = "accepted", [ANSWER_DUPLICATE] = "duplicate",
    [ANSWER_CONFLICT] = "conflict", [ANSWER_REJECTED] = "rejected", [ANSWER_DENIED] = "denied",
    [ANSWER_BUSY] = "busy",
};

/* Cuts a half character off the end. */
static size_t whole_characters(const char *text, size_t len)
{
    size_t start = len;

    while (start > 0 && len - start < 4 && ((unsigned char)text[start - 1] & 0xC0) == 0x80) {
        start--;
    }
    if (start == 0 || (unsigned char)text[start - 1] < 0xC0) {
        return len;
    }
    {
        unsigned char lead = (unsigned char)text[start - 1];
        size_t wanted = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;

        return len - start == wanted ? len : start - 1;
    }
}

static void mask_controls(char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] < 0x20 || text[i] == 0x7F) {
            text[i] = '?';
        }
    }
}

const char *answer_word_name(enum answer_word word)
{
    return words[word];
}

const char *answer_code_name(enum answer_code code)
{
    return codes[code].name;
}

const char *answer_code_sentence(enum answer_code code)
{
    return codes[code].sentence;
}

const char *answer_code_fault(enum answer_code code)
{
    return codes[code].fault;
}

enum answer_code answer_code_find(const char *name)
{
    for (int code = CODE_NONE + 1; code < CODE_END; code++) {
        if (strcmp(codes[code].name, name) == 0) {
            return (enum answer_code)code;
        }
    }
    return CODE_INVALID;
}

size_t answer_line(char out[ANSWER_LINE_MAX], enum answer_word word, enum answer_code code, const char *sentence)
{
    size_t len;

    if (code == CODE_NONE) {
        len = (size_t)snprintf(out, ANSWER_LINE_MAX, "%s", words[word]);
    } else {
        int full = snprintf(out, ANSWER_LINE_MAX - 1, "%s %s %s %s", words[word], codes[code].name, codes[code].fault,
                            sentence != NULL ? sentence : codes[code].sentence);

        len = full < ANSWER_LINE_MAX - 1 ? (size_t)full : whole_characters(out, ANSWER_LINE_MAX - 2);
    }
    mask_controls(out, len);
    out[len++] = '\n';
    return len;
}

void answer_tidy(char *sentence)
{
    size_t len = whole_characters(sentence, strlen(sentence));

    mask_controls(sentence, len);
    sentence[len] = '\0';
}
