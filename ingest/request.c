/* SPDX-License-Identifier: MIT */
/* request.c - the grammar of requests. */
#include "ingest/request.h"

#include <string.h>

#define PROTOCOL "KTP/1 "

static const struct {
    const char *name;
    bool tagged;
} verbs[REQUEST_VERBS] = {
    [REQUEST_HELLO] = {"HELLO", false},
    [REQUEST_EVENT] = {"EVENT", true},
    [REQUEST_EVENTS] = {"EVENTS", true},
    [REQUEST_PING] = {"PING", true},
};

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static enum status parse_tag(const char *text, size_t len, struct request_header *header)
{
    if (len == 0 || len >= REQUEST_TAG_SIZE) {
        return STATUS_INVALID;
    }
    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9') {
            return STATUS_INVALID;
        }
    }
    memcpy(header->tag, text, len);
    header->tag[len] = '\0';
    return STATUS_OK;
}

enum status request_header_parse(const char *text, size_t len, struct request_header *header)
{
    size_t skip = strlen(PROTOCOL);

    strcpy(header->tag, "-");
    if (len > REQUEST_HEADER_MAX || len < skip || memcmp(text, PROTOCOL, skip) != 0) {
        return STATUS_INVALID;
    }
    text += skip;
    len -= skip;
    for (int verb = 0; verb < REQUEST_VERBS; verb++) {
        size_t name_len = strlen(verbs[verb].name);

        if (len < name_len || memcmp(text, verbs[verb].name, name_len) != 0) {
            continue;
        }
        header->verb = (enum request_verb)verb;
        if (len == name_len) {
            return STATUS_OK;
        }
        if (text[name_len] == ' ' && verbs[verb].tagged) {
            return parse_tag(text + name_len + 1, len - name_len - 1, header);
        }
    }
    return STATUS_INVALID;
}

struct request_body request_body_open(enum request_verb verb, const char *body, size_t len)
{
    return (struct request_body){.at = body, .end = body + len, .lines = verb == REQUEST_EVENTS};
}

bool request_body_next(struct request_body *body, const char **text, size_t *len)
{
    while (body->at < body->end) {
        const char *start = body->at;
        const char *lf = body->lines ? memchr(start, '\n', (size_t)(body->end - start)) : NULL;
        const char *stop = lf != NULL ? lf : body->end;

        body->at = lf != NULL ? lf + 1 : body->end;
        while (start < stop && blank(*start)) {
            start++;
        }
        while (stop > start && blank(stop[-1])) {
            stop--;
        }
        if (stop > start) {
            *text = start;
            *len = (size_t)(stop - start);
            return true;
        }
    }
    return false;
}

int request_body_count(struct request_body body, int limit)
{
    const char *text;
    size_t len;
    int count = 0;

    while (count < limit && request_body_next(&body, &text, &len)) {
        count++;
    }
    return count;
}
