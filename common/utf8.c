/* SPDX-License-Identifier: MIT */
/* utf8.c - see utf8.h. */
#include "common/utf8.h"

/* The bytes of the character that begins with this one, and the range of its second byte; length 0: none does. */
struct lead {
    size_t len;
    unsigned char low, high;
};

static struct lead lead_of(unsigned char byte)
{
    if (byte < 0x80) {
        return (struct lead){byte >= 0x20 ? byte != 0x7f : byte == '\t', 0, 0};
    }
    if (byte < 0xe0) {
        return (struct lead){byte >= 0xc2 ? 2 : 0, 0x80, 0xbf};
    }
    /* The second byte keeps out overlong forms, surrogates and what is beyond U+10FFFF. */
    if (byte < 0xf0) {
        return (struct lead){3, byte == 0xe0 ? 0xa0 : 0x80, byte == 0xed ? 0x9f : 0xbf};
    }
    return (struct lead){byte < 0xf5 ? 4 : 0, byte == 0xf0 ? 0x90 : 0x80, byte == 0xf4 ? 0x8f : 0xbf};
}

bool utf8_is_text(const char *text, size_t len)
{
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t at = 0; at < len;) {
        struct lead lead = lead_of(bytes[at]);

        if (lead.len == 0 || lead.len > len - at ||
            (lead.len > 1 && (bytes[at + 1] < lead.low || bytes[at + 1] > lead.high))) {
            return false;
        }
        for (size_t i = 2; i < lead.len; i++) {
            if ((bytes[at + i] & 0xc0) != 0x80) {
                return false;
            }
        }
        at += lead.len;
    }
    return true;
}

size_t utf8_cut(const char *text, size_t len, size_t max)
{
    if (len <= max) {
        return len;
    }
    while (max > 0 && ((unsigned char)text[max] & 0xc0) == 0x80) {
        max--;
    }
    return max;
}
