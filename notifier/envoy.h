/* SPDX-License-Identifier: MIT */
/*
 * envoy.h - one delivery on its way: writes the mail or the payload it says, and hands it to its channel.
 */
#ifndef NOTIFIER_ENVOY_H
#define NOTIFIER_ENVOY_H

#include <stdbool.h>
#include <stdint.h>

#include "common/config.h"
#include "common/status.h"
#include "notifier/letter_desk.h"
#include "notifier/outbox.h"
#include "notifier/transfer.h"

#define ENVOY_ERROR_SIZE 1024

struct envoy;

/* Opens the channels that the configuration names; the others are borrowed.  STATUS_INVALID: error names the setting.
 */
enum status envoy_new(struct envoy **self_p, const struct config *config, struct letter_desk *desk,
                      char error[ENVOY_ERROR_SIZE]) MUST_CHECK;
/* Cuts what is in flight: each attempt's done callback is called. */
void envoy_destroy(struct envoy **self_p);

/* For the loop, as in transfer.h: a descriptor a channel. */
int envoy_fd(const struct envoy *self, enum delivery_channel channel);
int64_t envoy_wait_ms(const struct envoy *self);
void envoy_turn(struct envoy *self);

/* Whether the channel is open at all, and whether it would take this item now. */
bool envoy_has(const struct envoy *self, enum delivery_channel channel);
bool envoy_has_room(const struct envoy *self, enum delivery_channel channel, const struct outbox_item *item);

/* The Message-ID of a mail without its angle brackets: the delivery's own at the sender's domain, the same at every
 * attempt.  Needs mail to be configured. */
void envoy_message_id(const struct envoy *self, const struct outbox_item *item, char id[OUTBOX_MESSAGE_ID_SIZE]);

/*
 * Begins the attempt.  STATUS_OK: done will be called.  Else it was not begun and never will be called; *outcome says
 * what stands in the way.
 */
enum status envoy_start(struct envoy *self, enum delivery_channel channel, const struct outbox_item *item,
                        transfer_done_cb done, void *context, struct outcome *outcome) MUST_CHECK;

#endif
