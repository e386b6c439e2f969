/* SPDX-License-Identifier: MIT */
/* letter_text.c - see letter_text.h. */
#include "notifier/letter_text.h"

#include <string.h>

enum what { PRINTED, BLANK, LINE_END, UNSEEN };

static enum what what_is(gunichar c)
{
    if (c > 0x20 && c < 0x7f) {
        return PRINTED;
    }
    if (c == '\n') {
        return LINE_END;
    }
    switch (g_unichar_type(c)) {
    case G_UNICODE_CONTROL:
    case G_UNICODE_SPACE_SEPARATOR:
        return BLANK;
    case G_UNICODE_LINE_SEPARATOR:
    case G_UNICODE_PARAGRAPH_SEPARATOR:
        return LINE_END;
    case G_UNICODE_FORMAT:
        return UNSEEN;
    default:
        return PRINTED;
    }
}

bool letter_text_is_blank(const char *text)
{
    while (text != NULL && *text != '\0') {
        gunichar c = g_utf8_get_char_validated(text, -1);

        /* What is no UTF-8 is something: letter_check refuses it. */
        if (c >= (gunichar)-2 || what_is(c) == PRINTED) {
            return false;
        }
        text = g_utf8_next_char(text);
    }
    return true;
}

/* Composing costs; text without combining marks is NFC but for characters that no Vietnamese text has. */
static bool has_marks(const char *text)
{
    for (; *text != '\0'; text++) {
        if ((unsigned char)*text == 0xcc || (unsigned char)*text == 0xcd) { /* U+0300 .. U+036F */
            return true;
        }
    }
    return false;
}

static void add_clean(GString *out, const char *text, bool lines)
{
    gsize begin = out->len;
    enum what pending = UNSEEN; /* the gap before the next character */

    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar c = g_utf8_get_char(text);
        enum what what = what_is(c);

        if (what == UNSEEN) {
            continue;
        }
        if (what != PRINTED) {
            pending = what == LINE_END && lines ? LINE_END : pending == LINE_END ? LINE_END : BLANK;
            continue;
        }
        if (pending != UNSEEN && out->len > begin) {
            g_string_append_c(out, pending == LINE_END ? '\n' : ' ');
        }
        pending = UNSEEN;
        g_string_append_unichar(out, c);
    }
}

void letter_text_add(GString *out, const char *text, bool lines)
{
    if (has_marks(text)) {
        char *composed = letter_text_nfc(text, strlen(text));

        add_clean(out, composed, lines);
        g_free(composed);
    } else {
        add_clean(out, text, lines);
    }
}

char *letter_text_nfc(const char *text, size_t len)
{
    return g_utf8_normalize(text, (gssize)len, G_NORMALIZE_NFC);
}

const char *letter_text_shown(const char *text, char *out, size_t size)
{
    size_t used = 0;

    while (*text != '\0' && used + 7 < size) {
        gunichar c = g_utf8_get_char_validated(text, -1);

        if (c >= (gunichar)-2) {
            out[used++] = '?';
            text++;
        } else {
            used += (size_t)g_unichar_to_utf8(what_is(c) == PRINTED ? c : ' ', out + used);
            text = g_utf8_next_char(text);
        }
    }
    out[used] = '\0';
    return out;
}
