/* SPDX-License-Identifier: MIT */
/*
 * mail.h - the e-mail channel: hands messages to one submission server (SMTP, RFC 5321 and 6409).
 *
 * Whether a message arrived in a mailbox is beyond this: a server that took it may send a bounce later, to the address
 * in From, which nothing here reads.
 */
#ifndef NOTIFIER_MAIL_H
#define NOTIFIER_MAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"
#include "notifier/mail_message.h"
#include "notifier/transfer.h"

#define MAIL_CONNECT_MS 30000
#define MAIL_TOTAL_MS 600000 /* RFC 5321 gives a server ten minutes to answer the final dot */

enum mail_security {
    MAIL_STARTTLS, /* TLS after the greeting, required */
    MAIL_TLS,      /* TLS from the first byte */
    MAIL_PLAIN     /* none: to a loopback address only, and without password */
};

struct mail_settings {
    const char *host; /* name, IPv4 or IPv6 address */
    int port;
    enum mail_security security;
    const char *ca_file;       /* NULL: the system's authorities */
    const char *user;          /* NULL: without authentication */
    const char *password_file; /* read once, see secret.h */
    const char *helo;          /* NULL: the name of this machine */
    int64_t connect_ms;
    int64_t total_ms;
    int at_a_time; /* connections to the server */
};

struct mail;

/* Reads "starttls", "tls" or "none"; STATUS_INVALID when it is none of them. */
enum status mail_security_parse(const char *text, enum mail_security *security) MUST_CHECK;

/*
 * Copies the settings; transfer is borrowed and must be destroyed first, since its attempts use the channel.
 * STATUS_INVALID with a sentence when a setting does not hold.
 */
enum status mail_new(struct mail **self_p, const struct mail_settings *settings, struct transfer *transfer,
                     char error[MAIL_ERROR_SIZE]) MUST_CHECK;
void mail_destroy(struct mail **self_p);

/* True when mail_send would find room. */
bool mail_has_room(const struct mail *self);

/*
 * Begins to send; the message is copied.  STATUS_INVALID with a sentence: this message can never be sent (an address,
 * say).  STATUS_RETRY: no room, or memory is short.  done is called only after STATUS_OK.
 */
enum status mail_send(struct mail *self, const struct mail_message *message, transfer_done_cb done, void *context,
                      char error[MAIL_ERROR_SIZE]) MUST_CHECK;

#endif
