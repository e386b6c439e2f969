/* SPDX-License-Identifier: MIT */
/* mail_message.c - headers, an alternative of text and HTML, attachments. */
#include "notifier/mail_message.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/utf8.h"
#include "notifier/mail_address.h"
#include "notifier/mail_header.h"

#define LINE_BYTES 57 /* become 76 columns of base64 */

/* Base64 has no '_', so these stand in no part and need not be random. */
#define MIXED "=_kipthoi_mixed"
#define ALTERNATIVE "=_kipthoi_alternative"

/* The addresses in ASCII. */
struct addresses {
    char from[MAIL_ADDRESS_SIZE];
    char to[MAIL_ADDRESS_SIZE];
    char reply_to[MAIL_ADDRESS_SIZE];
};

static enum status refuse(char error[MAIL_ERROR_SIZE], const char *what)
{
    snprintf(error, MAIL_ERROR_SIZE, "%s", what);
    return STATUS_INVALID;
}

static bool is_line(const char *text, size_t max)
{
    size_t len = strlen(text);

    return len <= max && utf8_is_text(text, len);
}

/* Text of several lines: UTF-8, no control characters but tabs and line ends. */
static bool is_body(const char *text)
{
    while (*text != '\0') {
        size_t len = strcspn(text, "\r\n");

        if (!utf8_is_text(text, len)) {
            return false;
        }
        text += len + (text[len] != '\0');
    }
    return true;
}

/* "type/subtype" of plain characters: it stands in a header as it is. */
static bool is_type(const char *type)
{
    size_t slashes = 0;

    for (const char *at = type; *at != '\0'; at++) {
        if (*at == '/') {
            slashes++;
        } else if (!isalnum((unsigned char)*at) && strchr("-.+", *at) == NULL) {
            return false;
        }
    }
    return slashes == 1 && type[0] != '/' && type[strlen(type) - 1] != '/' && strlen(type) <= 60;
}

static enum status check_person(const struct mail_person *person, char ascii[MAIL_ADDRESS_SIZE],
                                char error[MAIL_ERROR_SIZE])
{
    if (person->name != NULL && !is_line(person->name, MAIL_NAME_MAX)) {
        return refuse(error, "a person's name is not one line of UTF-8 of at most 200 bytes");
    }
    return mail_address_parse(person->address, ascii, error);
}

static enum status check_people(const struct mail_message *message, struct addresses *addresses,
                                char error[MAIL_ERROR_SIZE])
{
    enum status st = check_person(&message->from, addresses->from, error);

    if (st == STATUS_OK) {
        st = check_person(&message->to, addresses->to, error);
    }
    if (st == STATUS_OK && message->reply_to.address != NULL) {
        st = check_person(&message->reply_to, addresses->reply_to, error);
    }
    return st;
}

static enum status check_attachments(const struct mail_message *message, char error[MAIL_ERROR_SIZE])
{
    size_t total = strlen(message->text) + (message->html != NULL ? strlen(message->html) : 0);

    if (message->attachments_len > MAIL_ATTACHMENTS_MAX) {
        return refuse(error, "there are more than 16 attachments");
    }
    for (size_t i = 0; i < message->attachments_len; i++) {
        const struct mail_attachment *part = &message->attachments[i];

        if (part->name[0] == '\0' || !is_line(part->name, MAIL_NAME_MAX) || strpbrk(part->name, "/\\") != NULL) {
            return refuse(error, "the name of an attachment is not a file name of at most 200 bytes of UTF-8");
        }
        if (!is_type(part->type)) {
            return refuse(error, "the type of an attachment is not like application/pdf");
        }
        if (part->len > MAIL_BODY_MAX) {
            return refuse(error, "an attachment is larger than 8 MiB");
        }
        total += part->len;
    }
    return total <= MAIL_BODY_MAX ? STATUS_OK : refuse(error, "texts and attachments are larger than 8 MiB together");
}

static enum status check(const struct mail_message *message, struct addresses *addresses, char error[MAIL_ERROR_SIZE])
{
    char id[MAIL_ADDRESS_SIZE];
    enum status st = check_people(message, addresses, error);

    if (st != STATUS_OK) {
        return st;
    }
    /* An id has the form of an address, and what is good for an address breaks no header. */
    if (mail_address_parse(message->id, id, error) != STATUS_OK || strcmp(id, message->id) != 0) {
        return refuse(error, "the Message-ID is not like token@domain");
    }
    if (!is_line(message->subject, MAIL_SUBJECT_MAX)) {
        return refuse(error, "the subject is not one line of UTF-8 of at most 998 bytes");
    }
    if (!is_body(message->text) || (message->html != NULL && !is_body(message->html))) {
        return refuse(error, "the text is not UTF-8, or holds control characters");
    }
    return check_attachments(message, error);
}

static void put_base64(FILE *out, const unsigned char *bytes, size_t len)
{
    char line[LINE_BYTES / 3 * 4 + 1];

    for (size_t at = 0; at < len; at += LINE_BYTES) {
        size_t count = len - at < LINE_BYTES ? len - at : LINE_BYTES;

        sodium_bin2base64(line, sizeof line, bytes + at, count, sodium_base64_VARIANT_ORIGINAL);
        fprintf(out, "%s\r\n", line);
    }
}

/* The text with \r\n at its line ends, as text has to be inside base64 (RFC 2045, 6.8); NULL when memory is short. */
static char *with_crlf(const char *text, size_t *len)
{
    char *copy = malloc(2 * strlen(text) + 1);
    size_t used = 0;

    if (copy == NULL) {
        return NULL;
    }
    for (; *text != '\0'; text++) {
        if (*text == '\n') {
            copy[used++] = '\r';
        }
        if (*text != '\r') {
            copy[used++] = *text;
        }
    }
    *len = used;
    return copy;
}

static enum status put_text(FILE *out, const char *type, const char *text)
{
    size_t len;
    char *copy = with_crlf(text, &len);

    if (copy == NULL) {
        return STATUS_RETRY;
    }
    fprintf(out, "Content-Type: %s; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n", type);
    put_base64(out, (const unsigned char *)copy, len);
    free(copy);
    return STATUS_OK;
}

static enum status put_texts(FILE *out, const struct mail_message *message)
{
    enum status st;

    if (message->html == NULL) {
        return put_text(out, "text/plain", message->text);
    }
    fprintf(out, "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n--%s\r\n", ALTERNATIVE, ALTERNATIVE);
    st = put_text(out, "text/plain", message->text);
    if (st == STATUS_OK) {
        fprintf(out, "\r\n--%s\r\n", ALTERNATIVE);
        st = put_text(out, "text/html", message->html);
    }
    fprintf(out, "\r\n--%s--\r\n", ALTERNATIVE);
    return st;
}

static void put_attachment(FILE *out, const struct mail_attachment *part)
{
    fprintf(out, "\r\n--%s\r\nContent-Type: %s\r\n", MIXED, part->type);
    mail_header_attachment(out, part->name);
    fputs("Content-Transfer-Encoding: base64\r\n\r\n", out);
    put_base64(out, part->bytes, part->len);
}

static void put_headers(FILE *out, const struct mail_message *message, const struct addresses *addresses)
{
    mail_header_date(out, message->date_us);
    mail_header_person(out, "From", message->from.name, addresses->from);
    mail_header_person(out, "To", message->to.name, addresses->to);
    if (message->reply_to.address != NULL) {
        mail_header_person(out, "Reply-To", message->reply_to.name, addresses->reply_to);
    }
    mail_header_text(out, "Subject", message->subject);
    fprintf(out, "Message-ID: <%s>\r\n", message->id);
    /* RFC 3834: out-of-office answers stay away. */
    fputs("Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n", out);
}

static enum status put_message(FILE *out, const struct mail_message *message, const struct addresses *addresses)
{
    enum status st;

    put_headers(out, message, addresses);
    if (message->attachments_len == 0) {
        return put_texts(out, message);
    }
    fprintf(out, "Content-Type: multipart/mixed; boundary=\"%s\"\r\n\r\n--%s\r\n", MIXED, MIXED);
    st = put_texts(out, message);
    for (size_t i = 0; i < message->attachments_len && st == STATUS_OK; i++) {
        put_attachment(out, &message->attachments[i]);
    }
    fprintf(out, "\r\n--%s--\r\n", MIXED);
    return st;
}

enum status mail_compose(const struct mail_message *message, char **bytes, size_t *len, char error[MAIL_ERROR_SIZE])
{
    struct addresses addresses;
    enum status st = check(message, &addresses, error);
    FILE *out;

    *bytes = NULL;
    *len = 0;
    if (st != STATUS_OK) {
        return st;
    }
    out = open_memstream(bytes, len);
    if (out == NULL) {
        snprintf(error, MAIL_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    st = put_message(out, message, &addresses);
    if (ferror(out)) {
        st = STATUS_RETRY;
    }
    if (fclose(out) != 0 || st != STATUS_OK) {
        snprintf(error, MAIL_ERROR_SIZE, "memory is short");
        free(*bytes);
        *bytes = NULL;
        st = STATUS_RETRY;
    }
    return st;
}
