/* SPDX-License-Identifier: MIT */
/* gate.c - a strict RFC 8259 check: recursive descent, one function per production of the grammar. */
#include "ingest/gate.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "common/log.h"
#include "ingest/number.h"

/* What char_take returns beside a code point. */
#define CHAR_END (-1) /* the closing quote, now behind the cursor */
#define CHAR_BAD (-2) /* refused */

struct gate {
    const unsigned char *text;
    size_t len;
    size_t at; /* the next byte to be read, never beyond len */
    int depth; /* objects and arrays open */
    struct refusal *refusal;
};

/* A key of an object that is still open. */
struct key {
    uint64_t hash; /* over its decoded characters */
    size_t at;     /* first byte after the opening quote */
};

/* Bytes that a string may hold as they are: neither quote nor backslash, printable or DEL, ASCII. */
static const bool plain[256] = {
    [0x20 ... 0x21] = true,
    [0x23 ... 0x5b] = true,
    [0x5d ... 0x7f] = true,
};

static enum status value_take(struct gate *g);

static enum status refuse(struct gate *g, const char *code, size_t at, const char *fmt, ...) PRINTF_LIKE(4, 5);

static enum status refuse(struct gate *g, const char *code, size_t at, const char *fmt, ...)
{
    struct refusal *refusal = g->refusal;
    va_list args;
    int used = snprintf(refusal->sentence, sizeof refusal->sentence, "byte %zu: ", at);

    refusal->code = code;
    va_start(args, fmt);
    vsnprintf(refusal->sentence + used, sizeof refusal->sentence - (size_t)used, fmt, args);
    va_end(args);
    return STATUS_INVALID;
}

static enum status refuse_here(struct gate *g, const char *expected)
{
    if (g->at == g->len) {
        return refuse(g, "NOT_JSON", g->at, "the text ends where %s is expected", expected);
    }
    return refuse(g, "NOT_JSON", g->at, "0x%02x where %s is expected", g->text[g->at], expected);
}

/* The byte at the cursor; -1 at the end. */
static int peek(const struct gate *g)
{
    return g->at < g->len ? g->text[g->at] : -1;
}

static void space_skip(struct gate *g)
{
    while (g->at < g->len &&
           (g->text[g->at] == ' ' || g->text[g->at] == '\n' || g->text[g->at] == '\r' || g->text[g->at] == '\t')) {
        g->at++;
    }
}

/* Goes on after c, which white space may precede; else stays at the first other byte. */
static bool mark_take(struct gate *g, char c)
{
    space_skip(g);
    if (peek(g) != c) {
        return false;
    }
    g->at++;
    return true;
}

/* --- strings --- */

static int32_t char_refuse(struct gate *g, const char *code, size_t at, const char *what)
{
    (void)refuse(g, code, at, "%s", what);
    return CHAR_BAD;
}

/* Reads one character beyond ASCII: shortest form, no surrogate, at most U+10FFFF. */
static int32_t utf8_take(struct gate *g)
{
    static const int32_t least[] = {0, 0x80, 0x800, 0x10000};
    size_t start = g->at;
    unsigned char lead = g->text[g->at++];
    int more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
    int32_t point = lead & (0x3f >> more);
    int taken = 0;

    while (taken < more && g->at < g->len && (g->text[g->at] & 0xc0) == 0x80) {
        point = point << 6 | (g->text[g->at++] & 0x3f);
        taken++;
    }
    if (more == 0 || taken < more || point < least[more] || point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) {
        return char_refuse(g, "NOT_UTF8", start, "not valid UTF-8");
    }
    return point;
}

/* Reads the four digits of \uXXXX. */
static int32_t hex_take(struct gate *g)
{
    int32_t value = 0;

    for (int i = 0; i < 4; i++, g->at++) {
        int c = peek(g);
        if (c < 0 || !isxdigit(c)) {
            return char_refuse(g, "STRING_INVALID", g->at, "\\u takes four hexadecimal digits");
        }
        value = value << 4 | (isdigit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    return value;
}

/* Reads what follows \u: one unit, or two that make a pair. */
static int32_t unicode_take(struct gate *g, size_t start)
{
    int32_t high = hex_take(g);
    int32_t low;

    if (high == 0) {
        return char_refuse(g, "STRING_INVALID", start, "\\u0000 cannot be stored");
    }
    if (high < 0xd800 || high >= 0xe000) {
        return high;
    }
    if (high >= 0xdc00 || g->len - g->at < 2 || memcmp(g->text + g->at, "\\u", 2) != 0) {
        return char_refuse(g, "STRING_INVALID", start, "half of a surrogate pair");
    }
    g->at += 2;
    low = hex_take(g);
    if (low == CHAR_BAD) {
        return low;
    }
    if (low < 0xdc00 || low >= 0xe000) {
        return char_refuse(g, "STRING_INVALID", start, "half of a surrogate pair");
    }
    return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

static int32_t escape_take(struct gate *g)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    size_t start = g->at++;
    int c = peek(g);
    const char *letter = c < 0 ? NULL : memchr(letters, c, sizeof letters - 1);

    if (letter != NULL) {
        g->at++;
        return meanings[letter - letters];
    }
    if (c == 'u') {
        g->at++;
        return unicode_take(g, start);
    }
    return char_refuse(g, "STRING_INVALID", start, "unknown escape");
}

/* Reads the next character inside a string, decoded. */
static int32_t char_take(struct gate *g)
{
    int c = peek(g);

    if (c == '"') {
        g->at++;
        return CHAR_END;
    }
    if (c == '\\') {
        return escape_take(g);
    }
    if (c < 0) {
        return char_refuse(g, "STRING_INVALID", g->at, "the text ends inside a string");
    }
    if (c < 0x20) {
        return char_refuse(g, "STRING_INVALID", g->at, "control characters in strings must be escaped");
    }
    if (c >= 0x80) {
        return utf8_take(g);
    }
    g->at++;
    return c;
}

/* From after the opening quote to after the closing one. */
static enum status string_take(struct gate *g)
{
    int32_t c;

    do {
        while (g->at < g->len && plain[g->text[g->at]]) {
            g->at++;
        }
        c = char_take(g);
    } while (c >= 0);
    return c == CHAR_END ? STATUS_OK : STATUS_INVALID;
}

/* --- numbers --- */

/* Takes all that looks like a number first, so that 01 and 1.2.3 are one bad number rather than two values. */
static enum status number_take(struct gate *g)
{
    char text[NUMBER_LEN_MAX + 1];
    size_t start = g->at;
    size_t len;
    const char *fault;

    while (g->at < g->len && g->text[g->at] != '\0' && strchr("0123456789+-.eE", g->text[g->at]) != NULL) {
        g->at++;
    }
    len = g->at - start;
    if (len > NUMBER_LEN_MAX) {
        return refuse(g, "NUMBER_INVALID", start, "a number of %zu characters, limit %d", len, NUMBER_LEN_MAX);
    }
    memcpy(text, g->text + start, len);
    text[len] = '\0';
    fault = number_fault(text);
    return fault == NULL ? STATUS_OK : refuse(g, "NUMBER_INVALID", start, "%s", fault);
}

/* --- objects, arrays, values --- */

/* Compares two keys of the text that string_take would pass, character by decoded character. */
static bool key_same(const struct gate *g, size_t a, size_t b)
{
    struct gate left = *g;
    struct gate right = *g;
    int32_t x;
    int32_t y;

    left.at = a;
    right.at = b;
    do {
        x = char_take(&left);
        y = char_take(&right);
    } while (x == y && x != CHAR_END);
    return x == y;
}

/* Reads a key and its hash: FNV-1a over code points, so that "a" and "\u0061" meet. */
static enum status key_take(struct gate *g, struct key *key)
{
    int32_t c;

    if (!mark_take(g, '"')) {
        return refuse_here(g, "a key");
    }
    key->at = g->at;
    key->hash = UINT64_C(0xcbf29ce484222325);
    while ((c = char_take(g)) >= 0) {
        key->hash = (key->hash ^ (uint64_t)c) * UINT64_C(0x100000001b3);
    }
    return c == CHAR_END ? STATUS_OK : STATUS_INVALID;
}

/* Refuses the newest key when the object has it already, or too many. */
static enum status key_check(struct gate *g, const struct key *keys, int count)
{
    const struct key *newest = &keys[count];
    char shown[80];

    for (int i = 0; i < count; i++) {
        if (keys[i].hash == newest->hash && key_same(g, keys[i].at, newest->at)) {
            log_clean((const char *)g->text + newest->at, g->at - 1 - newest->at, shown, sizeof shown);
            return refuse(g, "DUPLICATE_KEY", newest->at - 1, "key '%s' stands in its object twice", shown);
        }
    }
    return STATUS_OK;
}

static enum status member_take(struct gate *g, struct key *keys, int count)
{
    enum status st;

    if (count == GATE_KEYS_MAX) {
        return refuse(g, "TOO_MANY_KEYS", g->at, "an object of more than %d members", GATE_KEYS_MAX);
    }
    st = key_take(g, &keys[count]);
    if (st == STATUS_OK) {
        st = key_check(g, keys, count);
    }
    if (st != STATUS_OK) {
        return st;
    }
    if (!mark_take(g, ':')) {
        return refuse_here(g, "':'");
    }
    return value_take(g);
}

/* From after the '{'.  The keys lie on the stack: 4 KiB an open object, 128 KiB at the deepest. */
static enum status object_take(struct gate *g)
{
    struct key keys[GATE_KEYS_MAX];
    int count = 0;

    if (mark_take(g, '}')) {
        return STATUS_OK;
    }
    do {
        enum status st = member_take(g, keys, count++);
        if (st != STATUS_OK) {
            return st;
        }
    } while (mark_take(g, ','));
    return mark_take(g, '}') ? STATUS_OK : refuse_here(g, "',' or '}'");
}

/* From after the '['. */
static enum status array_take(struct gate *g)
{
    if (mark_take(g, ']')) {
        return STATUS_OK;
    }
    do {
        enum status st = value_take(g);
        if (st != STATUS_OK) {
            return st;
        }
    } while (mark_take(g, ','));
    return mark_take(g, ']') ? STATUS_OK : refuse_here(g, "',' or ']'");
}

static enum status nested_take(struct gate *g)
{
    enum status st;

    if (g->depth == GATE_DEPTH_MAX) {
        return refuse(g, "TOO_DEEP", g->at, "more than %d objects and arrays inside each other", GATE_DEPTH_MAX);
    }
    g->depth++;
    st = g->text[g->at++] == '{' ? object_take(g) : array_take(g);
    g->depth--;
    return st;
}

static enum status literal_take(struct gate *g)
{
    static const char *const literals[] = {"true", "false", "null"};

    for (size_t i = 0; i < sizeof literals / sizeof *literals; i++) {
        size_t len = strlen(literals[i]);
        if (g->len - g->at >= len && memcmp(g->text + g->at, literals[i], len) == 0) {
            g->at += len;
            return STATUS_OK;
        }
    }
    return refuse_here(g, "a value");
}

static enum status value_take(struct gate *g)
{
    int c;

    space_skip(g);
    c = peek(g);
    if (c == '"') {
        g->at++;
        return string_take(g);
    }
    if (c == '{' || c == '[') {
        return nested_take(g);
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return number_take(g);
    }
    return literal_take(g);
}

enum status gate_check(const char *text, size_t len, struct refusal *refusal)
{
    struct gate g = {.text = (const unsigned char *)text, .len = len, .refusal = refusal};
    enum status st;

    space_skip(&g);
    if (peek(&g) > 0 && strchr("[\"-0123456789tfn", peek(&g)) != NULL) {
        return refuse(&g, "NOT_OBJECT", g.at, "an event is a JSON object");
    }
    if (peek(&g) != '{') {
        return refuse_here(&g, "'{'");
    }
    st = value_take(&g);
    if (st != STATUS_OK) {
        return st;
    }
    space_skip(&g);
    return g.at == g.len ? STATUS_OK : refuse_here(&g, "the end");
}
