/* SPDX-License-Identifier: MIT */
/* parcel.c - a request in hand. */
#include "ingest/parcel.h"

#include <stdlib.h>
#include <string.h>

#define TEXT_START 256

struct parcel *parcel_new(zmq_msg_t *identity, zmq_msg_t *body, int count)
{
    struct parcel *self = calloc(1, sizeof *self + (size_t)count * sizeof self->items[0]);

    if (self == NULL) {
        return NULL;
    }
    zmq_msg_init(&self->identity);
    zmq_msg_init(&self->body);
    zmq_msg_move(&self->identity, identity);
    zmq_msg_move(&self->body, body);
    self->held_bytes = parcel_cost(zmq_msg_size(&self->body), count);
    self->count = count;
    self->text_len = 1; /* place 0 means "no text" */
    return self;
}

void parcel_destroy(struct parcel **self_p)
{
    struct parcel *self = *self_p;

    if (self == NULL) {
        return;
    }
    zmq_msg_close(&self->identity);
    zmq_msg_close(&self->body);
    free(self->text);
    free(self);
    *self_p = NULL;
}

size_t parcel_cost(size_t body_len, int count)
{
    /* Ids and dossiers are parts of the body, so half of it again is a fair guess for the texts kept. */
    return body_len + body_len / 2 + sizeof(struct parcel) + (size_t)count * sizeof(struct item);
}

enum status parcel_keep(struct parcel *self, const char *text, uint32_t *at)
{
    size_t size = strlen(text) + 1;
    size_t room = self->text_room != 0 ? self->text_room : TEXT_START;
    char *grown;

    while (room < self->text_len + size) {
        room *= 2;
    }
    if (room > UINT32_MAX) {
        return STATUS_RETRY;
    }
    if (room != self->text_room) {
        grown = realloc(self->text, room);
        if (grown == NULL) {
            return STATUS_RETRY;
        }
        self->text = grown;
        self->text_room = (uint32_t)room;
    }
    memcpy(self->text + self->text_len, text, size);
    *at = self->text_len;
    self->text_len += (uint32_t)size;
    return STATUS_OK;
}

const char *parcel_text(const struct parcel *self, uint32_t at)
{
    return self->text + at;
}

bool item_settle(struct item *item, enum answer_word word, enum answer_code code)
{
    item->word = (uint8_t)word;
    item->code = (uint8_t)code;
    item->place = ITEM_SETTLED;
    if (word != ANSWER_REJECTED) {
        item->sentence_at = 0; /* of a refusal that was not recorded in time */
    }
    return --item->parcel->open == 0;
}

bool item_is_refused(const struct item *item)
{
    return item->word == ANSWER_REJECTED;
}

const char *item_sentence(const struct item *item)
{
    return item->sentence_at != 0 ? parcel_text(item->parcel, item->sentence_at) : NULL;
}
