/* SPDX-License-Identifier: MIT */
/*
 * parcel.h - a request in hand: its bytes and its events, kept until it is known what became of each.
 *
 * A parcel is answered once, in the order of its events.  When its time is up it is answered "busy" for the events that
 * are still open, and lives on only because a batch under way refers to them.
 */
#ifndef INGEST_PARCEL_H
#define INGEST_PARCEL_H

#include <stdbool.h>
#include <stdint.h>

#include <zmq.h>

#include "common/status.h"
#include "ingest/answer.h"
#include "ingest/request.h"

#define PARCEL_DIGEST_SIZE 32
#define PARCEL_SENDER_SIZE 41 /* public key in Z85 */

struct parcel;
struct peer;

/* Where an event is. */
enum item_place {
    ITEM_SETTLED, /* word and code are final */
    ITEM_QUEUED,  /* waits for a batch */
    ITEM_BATCHED  /* belongs to a batch that may be committed */
};

struct item {
    struct parcel *parcel;
    struct item *next;   /* behind it in the queue */
    const char *payload; /* in parcel->body */
    int64_t happened_us;
    int64_t sequence;
    uint32_t payload_len;
    uint32_t id_at; /* offsets in parcel->text */
    uint32_t dossier_at;
    uint32_t sentence_at; /* 0: the code's own sentence */
    int32_t source_id;
    int16_t kind;
    int16_t slot;
    uint8_t word;  /* enum answer_word; a refusal is written down before it is settled */
    uint8_t code;  /* enum answer_code */
    uint8_t place; /* enum item_place */
    unsigned char digest[PARCEL_DIGEST_SIZE];
};

struct parcel {
    zmq_msg_t identity;
    zmq_msg_t body;
    struct peer *peer;
    int connection;      /* of the request, as told by its message */
    struct parcel *prev; /* received before it and not answered either */
    struct parcel *next;
    char *text; /* ids, dossiers, sentences */
    uint32_t text_len;
    uint32_t text_room;
    int64_t received_ms;
    size_t held_bytes; /* counted against ingest.queue_bytes */
    char tag[REQUEST_TAG_SIZE];
    char sender[PARCEL_SENDER_SIZE];
    bool answered;
    int open;  /* events not settled */
    int count; /* events */
    struct item items[];
};

/*
 * Takes identity and body over (both are left empty) with room for count events.  NULL when memory is short: then they
 * are left as they are.
 */
struct parcel *parcel_new(zmq_msg_t *identity, zmq_msg_t *body, int count);
void parcel_destroy(struct parcel **self_p);

/* What a parcel of this size will hold, text included. */
size_t parcel_cost(size_t body_len, int count);

/* Keeps a text; *at gets its place, never 0.  STATUS_RETRY when memory is short. */
enum status parcel_keep(struct parcel *self, const char *text, uint32_t *at) MUST_CHECK;
const char *parcel_text(const struct parcel *self, uint32_t at);

/* Fixes what became of the item; true when it was the last open one of its parcel. */
bool item_settle(struct item *item, enum answer_word word, enum answer_code code);

/* True when the item goes to the quarantine, false when into the ledger. */
bool item_is_refused(const struct item *item);
/* The sentence of its refusal, NULL when the code's own will do. */
const char *item_sentence(const struct item *item);

#endif
