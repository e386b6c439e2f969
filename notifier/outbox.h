/* SPDX-License-Identifier: MIT */
/*
 * outbox.h - deliveries between the table and the channels: claimed under a token, completed by its holder only.
 *
 * Attempts are recorded by the server's clock, which also decides when the next one is due.
 */
#ifndef NOTIFIER_OUTBOX_H
#define NOTIFIER_OUTBOX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/delivery_policy.h"
#include "notifier/outcome.h"

#define OUTBOX_TOKEN_SIZE 37
#define OUTBOX_MESSAGE_ID_SIZE 384

/* A claimed delivery; texts are borrowed from the result it was read from, NULL when there are none. */
struct outbox_item {
    int64_t delivery_id;
    const char *token;
    int attempts; /* made before */
    const char *wire_id;
    const char *kind; /* notices, digest, letter */
    const char *facts;
    int64_t at_us;
    const char *address; /* of the recipient, and what follows; NULL for a letter */
    bool vietnamese;
    const char *secret_files;
    const char *role;
    const char *unit;
    const char *unit_name;
    int32_t source_id; /* of a letter, and what follows */
    const char *code;
    int16_t episode;
    int32_t unit_id; /* whose working hours count; 0: those of all units */
    bool in_hours;   /* goes out in working hours only */
};

/* What became of one. */
struct outbox_result {
    int64_t delivery_id;
    char token[OUTBOX_TOKEN_SIZE];
    bool letter;
    char message_id[OUTBOX_MESSAGE_ID_SIZE]; /* of a letter, as it went over the wire */
    bool unbegun;                            /* given back: no attempt was made */
    struct delivery_verdict verdict;
    struct outcome outcome;
};

/* Takes at most so many deliveries of a channel that are due, for claim_ms.  *claimed: outbox_item_read, PQclear. */
enum status outbox_claim(struct db *db, struct db_params *params, enum delivery_channel channel, int most,
                         int64_t claim_ms, PGresult **claimed) MUST_CHECK;
void outbox_item_read(const PGresult *claimed, int row, struct outbox_item *item);

/* Stores results, in one transaction; letters that were mailed are sent, with their duties. */
enum status outbox_complete(struct db *db, struct db_params *params, const struct outbox_result *results, size_t count,
                            int64_t now_us) MUST_CHECK;

/* Takes over claims whose holder is gone, and gives up what waits for disabled recipients; *count: how many. */
enum status outbox_recover(struct db *db, int64_t *count) MUST_CHECK;

#endif
