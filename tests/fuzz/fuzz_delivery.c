/* SPDX-License-Identifier: MIT */
/*
 * fuzz_delivery.c - any text as a URL, a secret, a Retry-After, a range of addresses, an e-mail address: the first byte
 * says which.  What is taken keeps what its parser promises; what is refused has a sentence.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "notifier/address_check.h"
#include "notifier/mail_address.h"
#include "notifier/webhook_reply.h"
#include "notifier/webhook_secret.h"
#include "notifier/webhook_url.h"
#include "tests/fuzz/fuzz.h"

static void claim_sentence(enum status st, const char *error)
{
    fuzz_claim(st == STATUS_OK || (error[0] != '\0' && strpbrk(error, "\r\n") == NULL), "a refusal has a sentence");
}

static void try_url(const char *text, size_t len)
{
    static const struct address_allow none;
    struct webhook_url url;
    char error[WEBHOOK_URL_ERROR_SIZE] = "";
    enum status st = webhook_url_parse(text, &none, &url, error);

    (void)len;
    claim_sentence(st, error);
    if (st == STATUS_OK) {
        fuzz_claim(url.https && strncasecmp(text, "https://", 8) == 0, "only https is taken");
        fuzz_claim(strpbrk(text, " \r\n#\\") == NULL, "a URL is one plain word");
        fuzz_claim(url.port >= 1 && url.port <= 65535 && url.host[0] != '\0', "host and port are there");
        fuzz_claim(strpbrk(url.host, "@/?") == NULL, "a host is a host");
    }
}

static void try_secret(const char *text, size_t len)
{
    struct webhook_secret secret;
    char error[WEBHOOK_ERROR_SIZE] = "";
    char signatures[WEBHOOK_SIGNATURES_SIZE];
    enum status st = webhook_secret_parse(text, &secret, error);

    claim_sentence(st, error);
    if (st == STATUS_OK) {
        fuzz_claim(secret.len >= 24 && secret.len <= 64, "a secret has 24 to 64 bytes");
        fuzz_claim(webhook_sign(&secret, 1, "a", 1, text, len, signatures) == STATUS_OK, "a secret signs");
        webhook_secret_wipe(&secret);
    }
}

static void try_retry_after(const char *text, size_t len)
{
    int64_t wait_ms = -1;

    if (webhook_retry_after_ms(text, len, 1800000000, &wait_ms) == STATUS_OK) {
        fuzz_claim(wait_ms >= 0 && wait_ms <= WEBHOOK_RETRY_AFTER_MAX_MS, "a wait is bounded");
    } else {
        fuzz_claim(wait_ms == -1, "what is refused leaves the wait alone");
    }
}

static void try_allow(const char *text, size_t len)
{
    struct address_allow allow;
    char error[ADDRESS_ERROR_SIZE] = "";

    (void)len;
    claim_sentence(address_allow_parse(text, &allow, error), error);
    for (size_t i = 0; i < allow.len; i++) {
        fuzz_claim(allow.ranges[i].bits >= 0 && allow.ranges[i].bits <= 128, "a range has 0 to 128 bits");
    }
}

static void try_address(const char *text, size_t len)
{
    char ascii[MAIL_ADDRESS_SIZE];
    char error[MAIL_ADDRESS_ERROR_SIZE] = "";
    enum status st = mail_address_parse(text, ascii, error);

    (void)len;
    claim_sentence(st, error);
    if (st == STATUS_OK) {
        fuzz_claim(strpbrk(ascii, " \t\r\n<>\"(),;:\\[]") == NULL, "an address ends no command or header");
        fuzz_claim(strchr(ascii, '@') != NULL && strchr(ascii, '@') == strrchr(ascii, '@'), "an address has one @");
    }
}

static void (*const parsers[])(const char *text, size_t len) = {try_url, try_secret, try_retry_after, try_allow,
                                                                try_address};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text;

    if (size == 0) {
        return 0;
    }
    text = malloc(size);
    fuzz_claim(text != NULL, "there is memory");
    memcpy(text, data + 1, size - 1);
    text[size - 1] = '\0';
    parsers[data[0] % (sizeof parsers / sizeof *parsers)](text, strlen(text));
    free(text);
    return 0;
}
