/* SPDX-License-Identifier: MIT */
/* webhook.c - one POST: its headers, what of the answer is looked at, and what it comes to. */
#include "notifier/webhook.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "notifier/webhook_reply.h"

#define PATH_SIZE 512
#define HEADERS_MAX 65536 /* bytes of an answer's headers that are read; then the status has to do */
#define BODY_MAX 65536    /* bytes of an answer's body that are read, and ignored */
#define RETRY_AFTER "Retry-After:"
#define HEADER_SIZE (sizeof "webhook-signature: " + WEBHOOK_SIGNATURES_SIZE)

struct webhook {
    struct transfer *transfer; /* borrowed */
    struct address_allow allow;
    char ca_file[PATH_SIZE]; /* empty: the system's */
    int64_t connect_ms;
    int64_t total_ms;
    int per_host;
};

/* An attempt. */
struct work {
    const struct webhook *webhook;
    struct webhook_url url;
    struct curl_slist *headers;
    char *payload;
    size_t payload_len;
    size_t headers_read;
    size_t body_read;
    int64_t retry_after_ms;
};

static size_t header_cb(char *bytes, size_t size, size_t count, void *context)
{
    struct work *work = context;
    size_t len = size * count;
    size_t name_len = sizeof RETRY_AFTER - 1;

    work->headers_read += len;
    if (len > name_len && strncasecmp(bytes, RETRY_AFTER, name_len) == 0 &&
        webhook_retry_after_ms(bytes + name_len, len - name_len, (int64_t)time(NULL), &work->retry_after_ms) !=
            STATUS_OK) {
        work->retry_after_ms = 0;
    }
    return work->headers_read <= HEADERS_MAX ? len : 0;
}

static size_t body_cb(char *bytes, size_t size, size_t count, void *context)
{
    struct work *work = context;

    (void)bytes;
    work->body_read += size * count;
    return work->body_read <= BODY_MAX ? size * count : 0;
}

#define SET(option, value) wrong |= (int)curl_easy_setopt(easy, option, value)

static enum status prepare(void *context, CURL *easy)
{
    struct work *work = context;
    int wrong = 0;

    SET(CURLOPT_URL, work->url.text);
    SET(CURLOPT_PROTOCOLS_STR, work->url.https ? "https" : "http");
    SET(CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    SET(CURLOPT_PATH_AS_IS, 1L);
    /* A connection of its own per attempt: no attempt fails, or is sent twice, because an old one was dead. */
    SET(CURLOPT_FRESH_CONNECT, 1L);
    SET(CURLOPT_FORBID_REUSE, 1L);
    SET(CURLOPT_POST, 1L);
    SET(CURLOPT_POSTFIELDS, work->payload);
    SET(CURLOPT_POSTFIELDSIZE, (long)work->payload_len);
    SET(CURLOPT_HTTPHEADER, work->headers);
    SET(CURLOPT_USERAGENT, "kipthoi/" KIPTHOI_VERSION);
    SET(CURLOPT_HEADERFUNCTION, header_cb);
    SET(CURLOPT_HEADERDATA, work);
    SET(CURLOPT_WRITEFUNCTION, body_cb);
    SET(CURLOPT_WRITEDATA, work);
    if (work->webhook->ca_file[0] != '\0') {
        SET(CURLOPT_CAINFO, work->webhook->ca_file);
    }
    return wrong == 0 ? STATUS_OK : STATUS_INVALID;
}

static bool admit(void *context, const struct sockaddr *address, const char **why)
{
    const struct work *work = context;

    return webhook_url_admits(&work->url, &work->webhook->allow, address, why);
}

static bool finished(void *context, CURL *easy, CURLcode code, const char *detail, struct outcome *outcome)
{
    const struct work *work = context;
    long http_status = 0;

    if (curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &http_status) != CURLE_OK) {
        http_status = 0;
    }
    /* The status decides as soon as it is there: what becomes of the body behind it is of no interest. */
    if (http_status >= 200 && http_status <= 999) {
        webhook_reply_outcome(work->url.host, (int)http_status, work->retry_after_ms, outcome);
    } else {
        outcome_set(outcome, OUTCOME_RETRY, 0, "%s: %s", work->url.host,
                    code != CURLE_OK ? detail : "answered without a status");
    }
    return true;
}

static void cut(void *context, const char *why, struct outcome *outcome)
{
    const struct work *work = context;

    /* The receiver tells a second copy by its webhook-id: nothing is uncertain here. */
    outcome_set(outcome, OUTCOME_RETRY, 0, "%s: %s", work->url.host, why);
}

static void work_destroy(void *context)
{
    struct work *work = context;

    curl_slist_free_all(work->headers);
    free(work->payload);
    free(work);
}

static const struct transfer_kind webhook_kind = {
    .prepare = prepare,
    .admit = admit,
    .finished = finished,
    .cut = cut,
    .destroy = work_destroy,
};

static enum status refuse(char error[WEBHOOK_ERROR_SIZE], const char *why)
{
    snprintf(error, WEBHOOK_ERROR_SIZE, "%s", why);
    return STATUS_INVALID;
}

enum status webhook_new(struct webhook **self_p, const struct webhook_settings *settings, struct transfer *transfer,
                        char error[WEBHOOK_ERROR_SIZE])
{
    const char *ca_file = settings->ca_file != NULL ? settings->ca_file : "";
    struct webhook *self;

    *self_p = NULL;
    if (settings->connect_ms < 1 || settings->total_ms < settings->connect_ms || settings->total_ms > 120000) {
        return refuse(error, "the time limits of webhooks must be at least 1 ms, at most 120 s, connect <= total");
    }
    if (settings->per_host < 1) {
        return refuse(error, "at least one webhook at a time to a host is needed");
    }
    if (strlen(ca_file) >= PATH_SIZE) {
        return refuse(error, "the path of the authorities' file is too long");
    }
    self = calloc(1, sizeof *self);
    if (self == NULL) {
        snprintf(error, WEBHOOK_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    self->transfer = transfer;
    self->allow = settings->allow;
    snprintf(self->ca_file, sizeof self->ca_file, "%s", ca_file);
    self->connect_ms = settings->connect_ms;
    self->total_ms = settings->total_ms;
    self->per_host = settings->per_host;
    *self_p = self;
    return STATUS_OK;
}

void webhook_destroy(struct webhook **self_p)
{
    free(*self_p);
    *self_p = NULL;
}

bool webhook_has_room(const struct webhook *self, const char *url)
{
    struct webhook_url parsed;
    char error[WEBHOOK_URL_ERROR_SIZE];

    return webhook_url_parse(url, &self->allow, &parsed, error) == STATUS_OK &&
           transfer_has_room(self->transfer, parsed.host, self->per_host);
}

static bool add_header(struct curl_slist **headers, const char *text)
{
    struct curl_slist *longer = curl_slist_append(*headers, text);

    if (longer != NULL) {
        *headers = longer;
    }
    return longer != NULL;
}

static bool add_headers(struct work *work, const char *id, int64_t timestamp_s, const char *signatures)
{
    char line[HEADER_SIZE];
    /* An empty Expect keeps libcurl from asking for leave first. */
    bool fine = add_header(&work->headers, "Content-Type: application/json") && add_header(&work->headers, "Expect:");

    snprintf(line, sizeof line, "webhook-id: %s", id);
    fine = fine && add_header(&work->headers, line);
    snprintf(line, sizeof line, "webhook-timestamp: %" PRId64, timestamp_s);
    fine = fine && add_header(&work->headers, line);
    snprintf(line, sizeof line, "webhook-signature: %s", signatures);
    return fine && add_header(&work->headers, line);
}

static enum status fill(struct work *work, const struct webhook_message *message, char error[WEBHOOK_ERROR_SIZE])
{
    char signatures[WEBHOOK_SIGNATURES_SIZE];
    /* The system's clock, never a frozen one: the receiver compares it with his. */
    int64_t timestamp_s = (int64_t)time(NULL);
    enum status st;

    if (message->payload_len == 0 || message->payload_len >= WEBHOOK_PAYLOAD_MAX) {
        return refuse(error, "a webhook's payload must be less than 20000 bytes, and not empty");
    }
    st = webhook_url_parse(message->url, &work->webhook->allow, &work->url, error);
    if (st != STATUS_OK) {
        return st;
    }
    st = webhook_sign(message->secrets, message->secrets_len, message->id, timestamp_s, message->payload,
                      message->payload_len, signatures);
    if (st == STATUS_INVALID) {
        return refuse(error, "a webhook needs an id of A-Z a-z 0-9 _ - and one to four secrets");
    }
    work->payload = malloc(message->payload_len);
    if (st != STATUS_OK || work->payload == NULL || !add_headers(work, message->id, timestamp_s, signatures)) {
        return STATUS_RETRY;
    }
    memcpy(work->payload, message->payload, message->payload_len);
    work->payload_len = message->payload_len;
    return STATUS_OK;
}

enum status webhook_send(struct webhook *self, const struct webhook_message *message, transfer_done_cb done,
                         void *context, char error[WEBHOOK_ERROR_SIZE])
{
    struct work *work = calloc(1, sizeof *work);
    struct transfer_job job = {
        .kind = &webhook_kind,
        .work = work,
        .per_host = self->per_host,
        .connect_ms = self->connect_ms,
        .total_ms = self->total_ms,
        .done = done,
        .context = context,
    };
    enum status st;

    snprintf(error, WEBHOOK_ERROR_SIZE, "no room for another webhook now");
    if (work == NULL) {
        return STATUS_RETRY;
    }
    work->webhook = self;
    st = fill(work, message, error);
    if (st == STATUS_OK) {
        job.host = work->url.host;
        st = transfer_start(self->transfer, &job);
    }
    if (st != STATUS_OK) {
        work_destroy(work);
    }
    return st;
}
