/* SPDX-License-Identifier: MIT */
/*
 * code_book.h - what codes mean that upstreams send each in their own way (table code_alias; docs/rules.md 2).
 *
 * Pure once loaded.  An empty book knows the built-in meanings: status 1 .. 10, channels 1 2 3, the old form of unit
 * codes, the national part of procedure codes.
 */
#ifndef COMMON_CODE_BOOK_H
#define COMMON_CODE_BOOK_H

#include <stdint.h>

#include "common/db.h"
#include "common/envelope.h"
#include "common/status.h"

enum code_list { CODE_STATUS, CODE_CHANNEL, CODE_UNIT, CODE_FIELD, CODE_PROCEDURE, CODE_DOSSIER, CODE_LISTS };

struct code_book;

/* An empty book; NULL when memory is short. */
struct code_book *code_book_new(void);
void code_book_destroy(struct code_book **self_p);

/* Reads the table; on success the old content is replaced, else kept. */
enum status code_book_load(struct code_book *self, struct db *db) MUST_CHECK;

/* Adds a row (tests, and load).  Days are local; texts are copied. */
enum status code_book_add(struct code_book *self, enum code_list list, const char *source, const char *code,
                          const char *means, int32_t valid_from_day, int32_t valid_to_day) MUST_CHECK;

/*
 * Sets env->status and env->online, and puts what they mean in place of env->unit, unit_parent, field and procedure.
 * The texts then belong to the book or to scratch, which must live as long as env is used.  STATUS_INVALID: a status
 * that nobody knows; *refusal says so (STATUS_UNKNOWN).
 */
struct code_scratch {
    char unit[ENVELOPE_CODE_MAX + 1];
    char unit_parent[ENVELOPE_CODE_MAX + 1];
    char procedure[ENVELOPE_CODE_MAX + 1];
};
enum status code_book_apply(const struct code_book *self, struct envelope *env, struct code_scratch *scratch,
                            struct refusal *refusal) MUST_CHECK;

/* For ingest: gives an event stored under another number to its dossier: env->dossier and env->slot. */
void code_book_route(const struct code_book *self, struct envelope *env);

#endif
