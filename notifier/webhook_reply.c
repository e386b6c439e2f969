/* SPDX-License-Identifier: MIT */
/* webhook_reply.c - statuses and Retry-After. */
#include "notifier/webhook_reply.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <curl/curl.h>

#define VALUE_SIZE 64 /* the longest HTTP date has 33 characters */
#define DIGITS_MAX 9  /* more seconds than that are more than the maximum */

static const struct {
    int from, to;
    enum outcome_kind kind;
    const char *text;
} meanings[] = {
    {200, 299, OUTCOME_DELIVERED, "taken"},
    {300, 399, OUTCOME_RETRY, "redirects elsewhere, which is not followed: give the recipient its new URL"},
    {410, 410, OUTCOME_GONE, "wants no more messages"},
    {429, 429, OUTCOME_THROTTLED, "gets more than it takes"},
    {502, 502, OUTCOME_THROTTLED, "is overloaded or away"},
    {504, 504, OUTCOME_THROTTLED, "is overloaded or away"},
    {0, 999, OUTCOME_RETRY, "did not take it"},
};

static int64_t bounded_ms(int64_t wait_s)
{
    if (wait_s <= 0) {
        return 0;
    }
    return wait_s < WEBHOOK_RETRY_AFTER_MAX_MS / 1000 ? wait_s * 1000 : WEBHOOK_RETRY_AFTER_MAX_MS;
}

enum status webhook_retry_after_ms(const char *value, size_t len, int64_t now_s, int64_t *wait_ms)
{
    char text[VALUE_SIZE];
    size_t digits;
    time_t date;

    while (len > 0 && strchr(" \t\r\n", value[len - 1]) != NULL) {
        len--;
    }
    while (len > 0 && strchr(" \t", *value) != NULL) {
        value++;
        len--;
    }
    if (len == 0 || len >= sizeof text || memchr(value, '\0', len) != NULL) {
        return STATUS_INVALID;
    }
    memcpy(text, value, len);
    text[len] = '\0';
    digits = strspn(text, "0123456789");
    if (digits == len) {
        *wait_ms = digits <= DIGITS_MAX ? bounded_ms(strtol(text, NULL, 10)) : WEBHOOK_RETRY_AFTER_MAX_MS;
        return STATUS_OK;
    }
    /* No HTTP date begins with a digit; libcurl would read some that do ("12345678 x"). */
    date = digits > 0 ? -1 : curl_getdate(text, NULL);
    if (date == -1) {
        return STATUS_INVALID;
    }
    *wait_ms = bounded_ms((int64_t)date - now_s);
    return STATUS_OK;
}

void webhook_reply_outcome(const char *host, int http_status, int64_t retry_after_ms, struct outcome *outcome)
{
    size_t i = 0;

    while (http_status < meanings[i].from || http_status > meanings[i].to) {
        i++;
    }
    outcome_set(outcome, meanings[i].kind, http_status, "%s %s (HTTP %d)", host, meanings[i].text, http_status);
    if (meanings[i].kind == OUTCOME_RETRY || meanings[i].kind == OUTCOME_THROTTLED) {
        outcome->not_before_ms = retry_after_ms;
    }
}
