/* SPDX-License-Identifier: MIT */
/*
 * webhook_url.h - which URLs a webhook may have.  Pure.
 */
#ifndef NOTIFIER_WEBHOOK_URL_H
#define NOTIFIER_WEBHOOK_URL_H

#include <stdbool.h>

#include "common/status.h"
#include "notifier/address_check.h"

#define WEBHOOK_URL_MAX 2048
#define WEBHOOK_HOST_SIZE 256
#define WEBHOOK_URL_ERROR_SIZE 256

struct webhook_url {
    char text[WEBHOOK_URL_MAX + 1];
    char host[WEBHOOK_HOST_SIZE]; /* without brackets: the part of it that may be shown; path and query may be secret */
    int port;
    bool https;
};

/*
 * Takes https://host[:port][/path][?query] in printable ASCII.  http:// only when the operator opens some range: such a
 * URL may then lead to opened addresses only, which is checked when it is connected to.  STATUS_INVALID with a sentence
 * that shows no path or query.
 */
enum status webhook_url_parse(const char *text, const struct address_allow *allow, struct webhook_url *url,
                              char error[WEBHOOK_URL_ERROR_SIZE]) MUST_CHECK;

/* Whether the URL may lead to this address; *why says why not: "is not public, and not ...". */
bool webhook_url_admits(const struct webhook_url *url, const struct address_allow *allow,
                        const struct sockaddr *address, const char **why);

/* The same of a host that is an address itself.  A name is judged by what it leads to when it is connected to. */
bool webhook_url_admits_host(const struct webhook_url *url, const struct address_allow *allow, const char **why);

#endif
