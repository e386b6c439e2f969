/* SPDX-License-Identifier: MIT */
/*
 * address_check.h - which network addresses a webhook may lead to.  Pure.
 *
 * Who may enter a webhook's URL could otherwise make the notifier talk to services of the inner network.  The address
 * that is really connected to is checked, so a name that resolves differently the second time gains nothing.
 */
#ifndef NOTIFIER_ADDRESS_CHECK_H
#define NOTIFIER_ADDRESS_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sys/socket.h>

#include "common/status.h"

#define ADDRESS_ALLOW_MAX 64
#define ADDRESS_TEXT_SIZE 64
#define ADDRESS_ERROR_SIZE 256

/* A range of addresses; IPv4 is held as ::ffff:0:0/96. */
struct address_range {
    uint8_t bytes[16];
    int bits; /* 0..128 */
};

/* Ranges that the operator opens although they are not public. */
struct address_allow {
    struct address_range ranges[ADDRESS_ALLOW_MAX];
    size_t len;
};

/*
 * Reads ranges separated by blanks: "10.20.0.0/16 127.0.0.1/32 fd00:1::/32"; an address alone is a range of one.  Empty
 * text: none.  STATUS_INVALID with a sentence when one is not an address, too wide a number, has bits beyond its length
 * set, or there are more than ADDRESS_ALLOW_MAX.
 */
enum status address_allow_parse(const char *text, struct address_allow *allow,
                                char error[ADDRESS_ERROR_SIZE]) MUST_CHECK;

/*
 * True for an address of the public internet.  IPv6 addresses that carry an IPv4 one (mapped, compatible, translated by
 * NAT64, 6to4) are judged by that one; Teredo and every family but IPv4 and IPv6 are not public.
 */
bool address_is_public(const struct sockaddr *address);

/* True for 127.0.0.0/8 and ::1, also mapped. */
bool address_is_loopback(const struct sockaddr *address);

/* True when a range holds it.  ::ffff:a.b.c.d is the same as a.b.c.d. */
bool address_is_allowed(const struct address_allow *allow, const struct sockaddr *address);

/* The address without its port, "?" when it is of no known family. */
const char *address_text(const struct sockaddr *address, char out[ADDRESS_TEXT_SIZE]);

#endif
