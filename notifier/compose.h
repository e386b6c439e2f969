/* SPDX-License-Identifier: MIT */
/*
 * compose.h - what a message to officials says: a mail's subject, text and table, or the payload of a webhook.  Pure.
 *
 * Its facts are those of table message (schema/migrations/0009_letters.sql): {"total": n, "kinds": {kind: n}, "rows":
 * [...]}, for a digest also "letters_owed" and "letters_past".  The same facts give the same bytes, so that an attempt
 * that is repeated says what the first one said.  No fact holds a citizen's name.
 */
#ifndef NOTIFIER_COMPOSE_H
#define NOTIFIER_COMPOSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

struct compose_request {
    const char *kind;  /* notices, digest */
    const char *facts; /* JSON */
    int64_t at_us;     /* when it was put together */
    bool vietnamese;
    const char *unit; /* of the recipient: code */
    const char *unit_name;
    const char *role;
};

/* Texts are owned, compose_clear. */
struct composed {
    char *subject;
    char *text;
    char *html;
};

/* STATUS_INVALID: the facts are no such JSON; STATUS_RETRY: memory is short.  compose_clear in every case. */
enum status compose_mail(const struct compose_request *request, struct composed *composed) MUST_CHECK;
void compose_clear(struct composed *composed);

/*
 * The payload of a webhook: {"type", "timestamp", "data": {the facts, "why", "unit", "role", "shown"}} of at most max
 * bytes: as many rows as fit; "shown" says how many, "why" of each kind why it comes now.  *payload is the caller's to
 * free.
 */
enum status compose_webhook(const struct compose_request *request, size_t max, char **payload) MUST_CHECK;

#endif
