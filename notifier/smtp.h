/* SPDX-License-Identifier: MIT */
/*
 * smtp.h - the part of SMTP (RFC 5321) from MAIL to the answer behind the final dot.  Pure: bytes in, bytes out.
 *
 * It stands here, and is not left to libcurl, for two reasons: libcurl waits for the last answer in a blocking call,
 * and does not tell whether the final dot had left.  A message of which the dot was sent and no answer read may or may
 * not have been taken (RFC 1047); everything before that has certainly not.
 */
#ifndef NOTIFIER_SMTP_H
#define NOTIFIER_SMTP_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"
#include "notifier/outcome.h"

#define SMTP_ADDRESS_MAX 254
#define SMTP_REPLY_MAX 65536 /* bytes of one reply; more is no SMTP */

struct smtp;

/*
 * sender and recipient are ASCII of at most SMTP_ADDRESS_MAX bytes, checked before.  The message (borrowed) ends in
 * CRLF and none of its lines begins with a dot.  NULL when memory is short.
 */
struct smtp *smtp_new(const char *sender, const char *recipient, const char *message, size_t message_len);
void smtp_destroy(struct smtp **self_p);

/* What to send now, *len bytes; 0 when it is the server's turn. */
const char *smtp_output(const struct smtp *self, size_t *len);
/* So many of them went into the socket. */
void smtp_sent(struct smtp *self, size_t len);
/* What the server said; after the end it is ignored. */
void smtp_input(struct smtp *self, const char *bytes, size_t len);
/* The connection ended, or waiting for it did, for the reason given. */
void smtp_lost(struct smtp *self, const char *why);

/* True when it is over and *outcome says how.  Output may then hold a last QUIT, whose answer nobody needs. */
bool smtp_ended(const struct smtp *self, struct outcome *outcome);

/* The outcome of a reply that is about the server and no message: greeting, EHLO, STARTTLS, AUTH. */
void smtp_server_outcome(const char *host, int code, const char *detail, struct outcome *outcome);

#endif
