/* SPDX-License-Identifier: MIT */
/* json_out.c - a growing buffer into which JSON is written. */
#include "cli/json_out.h"

#include <stdlib.h>
#include <string.h>

/* The longest escape of one byte: \u00XX. */
#define JSON_OUT_ESCAPE 6

/* What a byte below 0x80 becomes: 0 itself, 'u' a \u00XX escape, else the letter after the backslash. */
static const char json_escape[128] = {
    ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r', ['"'] = '"',  ['\\'] = '\\',
    [0x00] = 'u', [0x01] = 'u', [0x02] = 'u', [0x03] = 'u', [0x04] = 'u', [0x05] = 'u', [0x06] = 'u',
    [0x07] = 'u', [0x0b] = 'u', [0x0e] = 'u', [0x0f] = 'u', [0x10] = 'u', [0x11] = 'u', [0x12] = 'u',
    [0x13] = 'u', [0x14] = 'u', [0x15] = 'u', [0x16] = 'u', [0x17] = 'u', [0x18] = 'u', [0x19] = 'u',
    [0x1a] = 'u', [0x1b] = 'u', [0x1c] = 'u', [0x1d] = 'u', [0x1e] = 'u', [0x1f] = 'u',
};

void json_out_clear(struct json_out *self)
{
    free(self->bytes);
    memset(self, 0, sizeof *self);
}

static bool json_out_room(struct json_out *self, size_t more)
{
    size_t cap = self->cap == 0 ? 1024 : self->cap;
    char *grown;

    if (self->failed) {
        return false;
    }
    if (self->cap - self->len >= more) {
        return true;
    }
    while (cap - self->len < more) {
        cap *= 2;
    }
    grown = realloc(self->bytes, cap);
    if (grown == NULL) {
        self->failed = true;
        return false;
    }
    self->bytes = grown;
    self->cap = cap;
    return true;
}

void json_out_put(struct json_out *self, const char *bytes, size_t len)
{
    if (len > 0 && json_out_room(self, len)) {
        memcpy(self->bytes + self->len, bytes, len);
        self->len += len;
    }
}

/* Length of the UTF-8 character of two bytes or more at text, 0 when it is none (RFC 3629: no surrogates, shortest
 * form). */
static size_t utf8_len(const unsigned char *text, size_t left)
{
    unsigned char first = text[0];
    size_t len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;

    if (first < 0xc2 || first > 0xf4 || left < len) {
        return 0;
    }
    for (size_t i = 1; i < len; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    if ((first == 0xe0 && text[1] < 0xa0) || (first == 0xed && text[1] > 0x9f) || (first == 0xf0 && text[1] < 0x90) ||
        (first == 0xf4 && text[1] > 0x8f)) {
        return 0;
    }
    return len;
}

static char *json_out_escape(char *to, unsigned char byte)
{
    static const char hex[] = "0123456789abcdef";
    char letter = json_escape[byte];

    *to++ = '\\';
    *to++ = letter;
    if (letter == 'u') {
        *to++ = '0';
        *to++ = '0';
        *to++ = hex[byte >> 4];
        *to++ = hex[byte & 15];
    }
    return to;
}

enum status json_out_text(struct json_out *self, const char *text, size_t len)
{
    const unsigned char *from = (const unsigned char *)text;
    const unsigned char *end = from + len;
    char *to;

    if (len == 0) {
        return STATUS_OK;
    }
    if (len > (size_t)-1 / JSON_OUT_ESCAPE || !json_out_room(self, len * JSON_OUT_ESCAPE)) {
        self->failed = true;
        return STATUS_RETRY;
    }
    to = self->bytes + self->len;
    while (from < end) {
        if (*from >= 0x80) {
            size_t wide = utf8_len(from, (size_t)(end - from));

            if (wide == 0) {
                return STATUS_INVALID;
            }
            memcpy(to, from, wide);
            to += wide;
            from += wide;
        } else if (json_escape[*from] == '\0') {
            *to++ = (char)*from++;
        } else if (*from == 0) {
            return STATUS_INVALID;
        } else {
            to = json_out_escape(to, *from++);
        }
    }
    self->len = (size_t)(to - self->bytes);
    return STATUS_OK;
}
