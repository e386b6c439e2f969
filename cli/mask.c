/* SPDX-License-Identifier: MIT */
/* mask.c - see mask.h. */
#include "cli/mask.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define STARS_MAX 3
#define PHONE_DIGITS_MIN 7
#define PHONE_SHOWN 3

/* Bytes of the character that begins here; 1 for what is no begin. */
static size_t char_len(const char *text)
{
    unsigned char first = (unsigned char)*text;
    size_t len = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc0 ? 2 : 1;
    size_t there = 1;

    while (there < len && ((unsigned char)text[there] & 0xc0) == 0x80) {
        there++;
    }
    return there;
}

/* U+0300..U+036F: an accent of the character before, which is no character to count. */
static bool is_accent(const char *text)
{
    unsigned char first = (unsigned char)text[0];
    unsigned char second = (unsigned char)text[1];

    return first == 0xcc || (first == 0xcd && second >= 0x80 && second <= 0xaf);
}

static void append(char *out, size_t size, const char *text, size_t len)
{
    size_t used = strlen(out);

    if (used + len < size) {
        memcpy(out + used, text, len);
        out[used + len] = '\0';
    }
}

/* The word at *name, which moves to the blank after it. */
static void mask_word(const char **name, char *out, size_t size)
{
    const char *word = *name;
    size_t len = strcspn(word, " \t");
    bool last = word[len + strspn(word + len, " \t")] == '\0';
    int stars = 0;

    append(out, size, word, char_len(word));
    for (size_t i = char_len(word); !last && i < len; i += char_len(word + i)) {
        if (stars < STARS_MAX && !is_accent(word + i)) {
            append(out, size, "*", 1);
            stars++;
        }
    }
    append(out, size, last ? "." : " ", 1);
    *name = word + len;
}

const char *mask_name(const char *name, char *out, size_t size)
{
    out[0] = '\0';
    for (name += strspn(name, " \t"); *name != '\0'; name += strspn(name, " \t")) {
        mask_word(&name, out, size);
    }
    return out;
}

const char *mask_phone(const char *phone, char *out, size_t size)
{
    char digits[PHONE_SHOWN + 1] = "";
    size_t count = 0;

    for (const char *at = phone; *at != '\0'; at++) {
        if (*at >= '0' && *at <= '9') {
            memmove(digits, digits + 1, PHONE_SHOWN);
            digits[PHONE_SHOWN - 1] = *at;
            count++;
        }
    }
    snprintf(out, size, "***%s", count >= PHONE_DIGITS_MIN ? digits : "");
    return out;
}

const char *mask_email(const char *email, char *out, size_t size)
{
    const char *at = strchr(email, '@');

    if (at == NULL || at == email || strchr(at + 1, '@') != NULL) {
        snprintf(out, size, "***");
    } else {
        snprintf(out, size, "%.*s***%s", (int)char_len(email), email, at);
    }
    return out;
}
