/* SPDX-License-Identifier: MIT */
/*
 * mail_message.h - composes an e-mail: the same message twice is the same bytes.  Pure.
 *
 * Everything is ASCII (base64 for texts and attachments), so every server takes it; no line begins with a dot.
 */
#ifndef NOTIFIER_MAIL_MESSAGE_H
#define NOTIFIER_MAIL_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

#define MAIL_SUBJECT_MAX 998 /* bytes */
#define MAIL_NAME_MAX 200    /* of a person, or a file: bytes */
#define MAIL_ATTACHMENTS_MAX 16
#define MAIL_BODY_MAX ((size_t)8 << 20) /* texts and attachments together */
#define MAIL_ERROR_SIZE 768

struct mail_person {
    const char *address; /* local@domain, see mail_address.h */
    const char *name;    /* UTF-8; NULL: none */
};

struct mail_attachment {
    const char *name; /* file name, UTF-8, without folders */
    const char *type; /* "application/pdf" */
    const void *bytes;
    size_t len;
};

struct mail_message {
    const char *id; /* the Message-ID without angle brackets, "token@domain": the same at every attempt */
    int64_t date_us;
    struct mail_person from;
    struct mail_person to;
    struct mail_person reply_to; /* address NULL: none */
    const char *subject;
    const char *text; /* lines end in \n */
    const char *html; /* NULL: none */
    const struct mail_attachment *attachments;
    size_t attachments_len;
};

/*
 * Checks every part and writes the message.  STATUS_INVALID with a sentence; STATUS_RETRY when memory is short.
 * *bytes is the caller's to free.
 */
enum status mail_compose(const struct mail_message *message, char **bytes, size_t *len,
                         char error[MAIL_ERROR_SIZE]) MUST_CHECK;

#endif
