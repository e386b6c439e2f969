/* SPDX-License-Identifier: MIT */
/* address_check.c - the special ranges of IPv4 and IPv6, as IANA's registries list them. */
#include "notifier/address_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include "common/log.h"

#define V4_BITS_BEFORE 96 /* of ::ffff:0:0/96 */

/* Where an IPv6 range carries an IPv4 address. */
#define NO_V4 (-1)

struct special {
    uint8_t bytes[16];
    int bits;
    int v4_at; /* the address is judged by the four bytes from here; NO_V4: it is not public */
};

/* Ranges of IPv4 that are not the public internet. */
static const struct {
    uint8_t bytes[4];
    int bits;
} special_v4[] = {
    {{0}, 8},             /* this network */
    {{10}, 8},            /* private */
    {{100, 64}, 10},      /* shared, behind a provider's NAT */
    {{127}, 8},           /* loopback */
    {{169, 254}, 16},     /* link local; cloud metadata services */
    {{172, 16}, 12},      /* private */
    {{192, 0, 0}, 24},    /* protocol assignments */
    {{192, 0, 2}, 24},    /* documentation */
    {{192, 88, 99}, 24},  /* 6to4 relays, withdrawn */
    {{192, 168}, 16},     /* private */
    {{198, 18}, 15},      /* benchmarks */
    {{198, 51, 100}, 24}, /* documentation */
    {{203, 0, 113}, 24},  /* documentation */
    {{224}, 4},           /* multicast */
    {{240}, 4},           /* reserved, and broadcast */
};

/* The narrower of two ranges that both match stands first. */
static const struct special special_v6[] = {
    {{[10] = 0xff, [11] = 0xff}, 96, 12},     /* ::ffff:a.b.c.d, mapped */
    {{[8] = 0xff, [9] = 0xff}, 96, 12},       /* ::ffff:0:a.b.c.d, translated (SIIT) */
    {{[15] = 1}, 128, NO_V4},                 /* loopback */
    {{0}, 96, 12},                            /* ::a.b.c.d, compatible; and :: */
    {{0, 0x64, 0xff, 0x9b}, 96, 12},          /* NAT64 */
    {{0, 0x64, 0xff, 0x9b, 0, 1}, 48, NO_V4}, /* NAT64 of a local network */
    {{0x20, 0x02}, 16, 2},                    /* 6to4 */
    {{0x20, 0x01, 0, 0}, 32, NO_V4},          /* Teredo */
    {{0x20, 0x01, 0, 0}, 23, NO_V4},          /* protocol assignments */
    {{0x20, 0x01, 0x0d, 0xb8}, 32, NO_V4},    /* documentation */
    {{0x3f, 0xff}, 20, NO_V4},                /* documentation */
};

/* All of the public internet lies here; loopback, unique local, link local and multicast do not. */
static const uint8_t global_unicast[16] = {0x20};
#define GLOBAL_UNICAST_BITS 3

static bool in_range(const uint8_t *bytes, const uint8_t *range, int bits)
{
    int whole = bits / 8;
    int rest = bits % 8;
    uint8_t mask = (uint8_t)(0xff << (8 - rest));

    if (memcmp(bytes, range, (size_t)whole) != 0) {
        return false;
    }
    return rest == 0 || (bytes[whole] & mask) == (range[whole] & mask);
}

static bool v4_is_public(const uint8_t bytes[4])
{
    for (size_t i = 0; i < sizeof special_v4 / sizeof *special_v4; i++) {
        if (in_range(bytes, special_v4[i].bytes, special_v4[i].bits)) {
            return false;
        }
    }
    return true;
}

static bool v6_is_public(const uint8_t bytes[16])
{
    for (size_t i = 0; i < sizeof special_v6 / sizeof *special_v6; i++) {
        if (in_range(bytes, special_v6[i].bytes, special_v6[i].bits)) {
            return special_v6[i].v4_at != NO_V4 && v4_is_public(bytes + special_v6[i].v4_at);
        }
    }
    return in_range(bytes, global_unicast, GLOBAL_UNICAST_BITS);
}

/* The address as IPv6, IPv4 mapped; false for other families. */
static bool as_v6(const struct sockaddr *address, uint8_t out[16])
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;

    if (address->sa_family == AF_INET) {
        memcpy(&v4, address, sizeof v4);
        memcpy(out, mapped, sizeof mapped);
        memcpy(out + sizeof mapped, &v4.sin_addr, 4);
        return true;
    }
    if (address->sa_family == AF_INET6) {
        memcpy(&v6, address, sizeof v6);
        memcpy(out, &v6.sin6_addr, 16);
        return true;
    }
    return false;
}

bool address_is_public(const struct sockaddr *address)
{
    uint8_t bytes[16];

    return as_v6(address, bytes) && v6_is_public(bytes);
}

bool address_is_loopback(const struct sockaddr *address)
{
    static const uint8_t v4[16] = {[10] = 0xff, [11] = 0xff, [12] = 127};
    static const uint8_t v6[16] = {[15] = 1};
    uint8_t bytes[16];

    return as_v6(address, bytes) && (in_range(bytes, v4, V4_BITS_BEFORE + 8) || in_range(bytes, v6, 128));
}

bool address_is_allowed(const struct address_allow *allow, const struct sockaddr *address)
{
    uint8_t bytes[16];

    if (!as_v6(address, bytes)) {
        return false;
    }
    for (size_t i = 0; i < allow->len; i++) {
        if (in_range(bytes, allow->ranges[i].bytes, allow->ranges[i].bits)) {
            return true;
        }
    }
    return false;
}

const char *address_text(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE])
{
    uint8_t bytes[16];
    bool v4 = address->sa_family == AF_INET;

    if (!as_v6(address, bytes) ||
        inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? bytes + 12 : bytes, out, ADDRESS_TEXT_SIZE) == NULL) {
        snprintf(out, ADDRESS_TEXT_SIZE, "?");
    }
    return out;
}

/* Digits only, 0..max; -1 when it is none of these. */
static int small_number(const char *text, int max)
{
    size_t len = strspn(text, "0123456789");
    long number = len > 0 && len <= 3 && text[len] == '\0' ? strtol(text, NULL, 10) : -1;

    return number <= max ? (int)number : -1;
}

static bool has_bits_beyond(const struct address_range *range)
{
    for (int bit = range->bits; bit < 128; bit++) {
        if ((range->bytes[bit / 8] & (0x80 >> bit % 8)) != 0) {
            return true;
        }
    }
    return false;
}

static const char *parse_range(char *word, struct address_range *range)
{
    char *slash = strchr(word, '/');
    bool v4 = strchr(word, ':') == NULL;
    int most = v4 ? 32 : 128;

    memset(range, 0, sizeof *range);
    if (slash != NULL) {
        *slash = '\0';
    }
    range->bits = slash != NULL ? small_number(slash + 1, most) : most;
    if (range->bits < 0) {
        return v4 ? "needs a length of 0 to 32 behind the /" : "needs a length of 0 to 128 behind the /";
    }
    if (v4) {
        range->bytes[10] = range->bytes[11] = 0xff;
        range->bits += V4_BITS_BEFORE;
    }
    if (inet_pton(v4 ? AF_INET : AF_INET6, word, v4 ? range->bytes + 12 : range->bytes) != 1) {
        return "is no IPv4 or IPv6 address";
    }
    return has_bits_beyond(range) ? "has bits set beyond its length" : NULL;
}

static enum status parse_words(char *text, struct address_allow *allow, char error[ADDRESS_ERROR_SIZE])
{
    char shown[ADDRESS_TEXT_SIZE];
    char *rest = NULL;

    for (char *word = strtok_r(text, " \t", &rest); word != NULL; word = strtok_r(NULL, " \t", &rest)) {
        const char *wrong;

        log_clean(word, strlen(word), shown, sizeof shown);
        if (allow->len == ADDRESS_ALLOW_MAX) {
            snprintf(error, ADDRESS_ERROR_SIZE, "%s: there are more than %d ranges", shown, ADDRESS_ALLOW_MAX);
            return STATUS_INVALID;
        }
        wrong = parse_range(word, &allow->ranges[allow->len]);
        if (wrong != NULL) {
            snprintf(error, ADDRESS_ERROR_SIZE, "%s %s", shown, wrong);
            return STATUS_INVALID;
        }
        allow->len++;
    }
    return STATUS_OK;
}

enum status address_allow_parse(const char *text, struct address_allow *allow, char error[ADDRESS_ERROR_SIZE])
{
    char *copy = strdup(text);
    enum status st;

    allow->len = 0;
    if (copy == NULL) {
        snprintf(error, ADDRESS_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    st = parse_words(copy, allow, error);
    free(copy);
    return st;
}
