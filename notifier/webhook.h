/* SPDX-License-Identifier: MIT */
/*
 * webhook.h - the webhook channel: POSTs of signed JSON, after the Standard Webhooks specification 1.0.0.
 */
#ifndef NOTIFIER_WEBHOOK_H
#define NOTIFIER_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"
#include "notifier/address_check.h"
#include "notifier/transfer.h"
#include "notifier/webhook_secret.h"
#include "notifier/webhook_url.h"

#define WEBHOOK_CONNECT_MS 10000
#define WEBHOOK_TOTAL_MS 20000    /* the specification: 15 to 30 s */
#define WEBHOOK_PAYLOAD_MAX 20000 /* bytes; the specification asks for less than 20 kB */

struct webhook_settings {
    struct address_allow allow; /* ranges that are opened although they are not public */
    const char *ca_file;        /* NULL: the system's authorities */
    int64_t connect_ms;
    int64_t total_ms;
    int per_host; /* attempts at a time to one host */
};

struct webhook_message {
    const char *url;
    const char *id;      /* the same at every attempt: A-Z a-z 0-9 _ -, at most WEBHOOK_ID_MAX */
    const char *payload; /* JSON, UTF-8 */
    size_t payload_len;
    const struct webhook_secret *secrets; /* the newest first; the others while receivers change over */
    size_t secrets_len;
};

struct webhook;

/*
 * Copies the settings; transfer is borrowed and must be destroyed first, since its attempts use the channel.
 * STATUS_INVALID with a sentence when a setting does not hold.
 */
enum status webhook_new(struct webhook **self_p, const struct webhook_settings *settings, struct transfer *transfer,
                        char error[WEBHOOK_ERROR_SIZE]) MUST_CHECK;
void webhook_destroy(struct webhook **self_p);

/* True when webhook_send to this URL would find room; false for no URL. */
bool webhook_has_room(const struct webhook *self, const char *url);

/*
 * Signs the message with the time of now and begins to send it; the message is copied.  STATUS_INVALID with a sentence:
 * this message can never be sent.  STATUS_RETRY: no room, or memory is short.  done is called only after STATUS_OK.
 */
enum status webhook_send(struct webhook *self, const struct webhook_message *message, transfer_done_cb done,
                         void *context, char error[WEBHOOK_ERROR_SIZE]) MUST_CHECK;

#endif
