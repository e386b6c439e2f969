/* SPDX-License-Identifier: MIT */
/* mail_address.c - the plain form of RFC 5321's Mailbox. */
#include "notifier/mail_address.h"

#include <ctype.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "common/log.h"
#include "common/utf8.h"

#define LOCAL_MAX 64
#define DOMAIN_MAX 253
#define LABEL_MAX 63
#define SHOWN_SIZE 128

static enum status refuse(char error[MAIL_ADDRESS_ERROR_SIZE], const char *text, const char *why)
{
    char shown[SHOWN_SIZE];

    snprintf(error, MAIL_ADDRESS_ERROR_SIZE, "\"%s\" %s", log_clean(text, strlen(text), shown, sizeof shown), why);
    return STATUS_INVALID;
}

static bool is_ascii(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)text[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

/* RFC 5322 dot-atom: no quotes, no blanks, so nothing that could end a command or a header early. */
static bool is_dot_atom(const char *text, size_t len)
{
    bool dot_before = true;

    for (size_t i = 0; i < len; i++) {
        bool dot = text[i] == '.';

        if (!dot && !isalnum((unsigned char)text[i]) && (text[i] == '\0' || !strchr("!#$%&'*+-/=?^_`{|}~", text[i]))) {
            return false;
        }
        if (dot && dot_before) {
            return false;
        }
        dot_before = dot;
    }
    return !dot_before;
}

static bool is_label(const char *label, size_t len)
{
    if (len == 0 || len > LABEL_MAX || label[0] == '-' || label[len - 1] == '-') {
        return false;
    }
    for (size_t i = 0; i < len; i++) {
        if (!isalnum((unsigned char)label[i]) && label[i] != '-') {
            return false;
        }
    }
    return true;
}

bool mail_domain_is_valid(const char *domain)
{
    const char *label = domain;

    if (strlen(domain) > DOMAIN_MAX || !is_ascii(domain, strlen(domain))) {
        return false;
    }
    for (;;) {
        size_t len = strcspn(label, ".");

        if (!is_label(label, len)) {
            return false;
        }
        if (label[len] == '\0') {
            return true;
        }
        label += len + 1;
    }
}

/* false when the name has no ASCII form. */
static bool ask_libcurl(const char *domain, char *out, size_t size)
{
    CURLU *url = curl_url();
    char *ascii = NULL;
    bool fine = url != NULL && curl_url_set(url, CURLUPART_SCHEME, "https", 0) == CURLUE_OK &&
                curl_url_set(url, CURLUPART_HOST, domain, 0) == CURLUE_OK &&
                curl_url_get(url, CURLUPART_HOST, &ascii, CURLU_PUNYCODE) == CURLUE_OK &&
                snprintf(out, size, "%s", ascii) < (int)size;

    curl_free(ascii);
    curl_url_cleanup(url);
    return fine;
}

/* libcurl takes the domain for text of the thread's locale, and that of a service is "C". */
static bool to_ascii(const char *domain, char *out, size_t size)
{
    locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    locale_t before;
    bool fine;

    if (utf8 == (locale_t)0) {
        return false;
    }
    before = uselocale(utf8);
    fine = ask_libcurl(domain, out, size);
    uselocale(before);
    freelocale(utf8);
    return fine;
}

enum status mail_address_parse(const char *text, char ascii[MAIL_ADDRESS_SIZE], char error[MAIL_ADDRESS_ERROR_SIZE])
{
    const char *at = strchr(text, '@');
    char domain[DOMAIN_MAX + 1];
    size_t local_len;

    if (at == NULL || strchr(at + 1, '@') != NULL) {
        return refuse(error, text, "is no e-mail address: it needs exactly one @");
    }
    local_len = (size_t)(at - text);
    if (!is_ascii(text, local_len)) {
        return refuse(error, text, "has letters beyond ASCII before the @, which few mail servers take; use another");
    }
    if (local_len > LOCAL_MAX || !is_dot_atom(text, local_len)) {
        return refuse(error, text,
                      "is no e-mail address: before the @ stand 1 to 64 letters, digits or .!#$%&'*+-/=?^_`{|}~");
    }
    if (strlen(at + 1) > DOMAIN_MAX || !utf8_is_text(at + 1, strlen(at + 1))) {
        return refuse(error, text, "is no e-mail address: its domain is too long or no text");
    }
    if (is_ascii(at + 1, strlen(at + 1))) {
        snprintf(domain, sizeof domain, "%s", at + 1);
    } else if (!to_ascii(at + 1, domain, sizeof domain)) {
        return refuse(error, text, "is no e-mail address: its domain cannot be written in ASCII");
    }
    if (!mail_domain_is_valid(domain)) {
        return refuse(error, text, "is no e-mail address: its domain is no name");
    }
    if (snprintf(ascii, MAIL_ADDRESS_SIZE, "%.*s@%s", (int)local_len, text, domain) >= MAIL_ADDRESS_SIZE) {
        return refuse(error, text, "is longer than 254 bytes");
    }
    return STATUS_OK;
}
