/* SPDX-License-Identifier: MIT */
/* webhook_url.c - libcurl takes the URL apart, as it does again when it connects. */
#include "notifier/webhook_url.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <curl/curl.h>
#include <netdb.h>

static enum status refuse(char error[WEBHOOK_URL_ERROR_SIZE], const char *why)
{
    snprintf(error, WEBHOOK_URL_ERROR_SIZE, "%s", why);
    return STATUS_INVALID;
}

/* Two parsers may read odd characters differently: there are none. */
static bool is_plain(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text <= 0x20 || *text >= 0x7f || *text == '\\') {
            return false;
        }
    }
    return true;
}

static enum status check_text(const char *text, const struct address_allow *allow, struct webhook_url *url,
                              char error[WEBHOOK_URL_ERROR_SIZE])
{
    bool http = strncasecmp(text, "http://", 7) == 0;
    const char *host = text + (http ? 7 : 8);

    if (strlen(text) > WEBHOOK_URL_MAX) {
        return refuse(error, "the URL is longer than 2048 bytes");
    }
    if (!is_plain(text)) {
        return refuse(error, "the URL has blanks, a \\ or characters beyond ASCII; write them as %XX, "
                             "and a name in its xn-- form");
    }
    if (!http && strncasecmp(text, "https://", 8) != 0) {
        return refuse(error, "the URL does not begin with https://");
    }
    if (http && allow->len == 0) {
        return refuse(error, "the URL does not begin with https://; http:// is only for addresses that the "
                             "configuration opens");
    }
    /* libcurl would forgive "https:///name". */
    if (*host == '/' || *host == '\0') {
        return refuse(error, "the URL names no host");
    }
    if (strchr(text, '#') != NULL) {
        return refuse(error, "the URL has a fragment (#...), which is never sent");
    }
    url->https = !http;
    return STATUS_OK;
}

/* An IPv6 address in the brackets that a URL needs, without them; false when the host is too long. */
static bool copy_host(const char *host, char out[WEBHOOK_HOST_SIZE])
{
    size_t len = strlen(host);
    bool brackets = host[0] == '[' && host[len - 1] == ']';

    return snprintf(out, WEBHOOK_HOST_SIZE, "%.*s", (int)(brackets ? len - 2 : len), host + brackets) <
           WEBHOOK_HOST_SIZE;
}

static enum status take_apart(CURLU *parts, struct webhook_url *url, char error[WEBHOOK_URL_ERROR_SIZE])
{
    char *host = NULL;
    char *port = NULL;
    char *user = NULL;
    char *password = NULL;
    enum status st = STATUS_OK;

    if (curl_url_set(parts, CURLUPART_URL, url->text, 0) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_HOST, &host, 0) != CURLUE_OK ||
        curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) != CURLUE_OK) {
        st = refuse(error, "this is no URL, or its port is not 1 to 65535");
    } else if (curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK ||
               curl_url_get(parts, CURLUPART_PASSWORD, &password, 0) == CURLUE_OK) {
        st = refuse(error, "the URL has a user or password in it; webhooks are signed instead");
    } else if (!copy_host(host, url->host)) {
        st = refuse(error, "the URL's host is longer than 255 bytes");
    } else {
        url->port = (int)strtol(port, NULL, 10);
        if (url->port < 1) {
            st = refuse(error, "the URL's port is not 1 to 65535");
        }
    }
    curl_free(host);
    curl_free(port);
    curl_free(user);
    curl_free(password);
    return st;
}

enum status webhook_url_parse(const char *text, const struct address_allow *allow, struct webhook_url *url,
                              char error[WEBHOOK_URL_ERROR_SIZE])
{
    CURLU *parts;
    enum status st;

    memset(url, 0, sizeof *url);
    st = check_text(text, allow, url, error);
    if (st != STATUS_OK) {
        return st;
    }
    snprintf(url->text, sizeof url->text, "%s", text);
    parts = curl_url();
    if (parts == NULL) {
        snprintf(error, WEBHOOK_URL_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    st = take_apart(parts, url, error);
    curl_url_cleanup(parts);
    return st;
}

bool webhook_url_admits(const struct webhook_url *url, const struct address_allow *allow,
                        const struct sockaddr *address, const char **why)
{
    if (address_is_allowed(allow, address)) {
        return true;
    }
    *why = url->https ? "is not public, and not opened in the configuration"
                      : "is not opened in the configuration for http; use https";
    return url->https && address_is_public(address);
}

bool webhook_url_admits_host(const struct webhook_url *url, const struct address_allow *allow, const char **why)
{
    /* Also "127.1" and the like, as whoever connects reads them. */
    const struct addrinfo numeric = {.ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    bool admitted;

    if (getaddrinfo(url->host, NULL, &numeric, &found) != 0) {
        return true;
    }
    admitted = webhook_url_admits(url, allow, found->ai_addr, why);
    freeaddrinfo(found);
    return admitted;
}
