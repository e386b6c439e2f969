/* SPDX-License-Identifier: MIT */
/* batch.c - events that are stored in one transaction. */
#include "ingest/batch.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

/* Offsets in a binary array value with one dimension, and what stands there for smallint. */
enum { ARRAY_TYPE_AT = 8, ARRAY_COUNT_AT = 12, ARRAY_HEADER = 20, ARRAY_ELEMENT = 6, INT2_OID = 21 };
enum { OUTCOME_LAST = 2 };

struct batch *batch_new(int room)
{
    struct batch *self = calloc(1, sizeof *self + (size_t)room * sizeof(struct item *));

    if (self != NULL) {
        self->room = room;
    }
    return self;
}

void batch_destroy(struct batch **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    intake_clear(&(*self_p)->carried);
    free(*self_p);
    *self_p = NULL;
}

void batch_add(struct batch *self, struct item *item)
{
    self->items[self->count++] = item;
    self->bytes += item->payload_len;
    item->place = ITEM_BATCHED;
}

/* An item and its place by arrival. */
struct placed {
    struct item *item;
    int place;
};

/* What was refused may have no id, and is not for the ledger. */
static const char *id_of(const struct item *item)
{
    return item_is_refused(item) ? "" : parcel_text(item->parcel, item->id_at);
}

static int by_key(const void *a_placed, const void *b_placed)
{
    const struct placed *a = a_placed;
    const struct placed *b = b_placed;
    int order;

    if (a->item->source_id != b->item->source_id) {
        return a->item->source_id < b->item->source_id ? -1 : 1;
    }
    order = strcmp(id_of(a->item), id_of(b->item));
    return order != 0 ? order : a->place - b->place;
}

void batch_sort(struct batch *self)
{
    struct placed *order = malloc((size_t)self->count * sizeof *order);

    if (order == NULL) {
        return; /* only kinder to the database */
    }
    for (int i = 0; i < self->count; i++) {
        order[i] = (struct placed){self->items[i], i};
    }
    qsort(order, (size_t)self->count, sizeof *order, by_key);
    for (int i = 0; i < self->count; i++) {
        self->items[i] = order[i].item;
    }
    free(order);
}

enum status batch_split(struct batch *self)
{
    int half = self->count / 2;
    struct batch *second = batch_new(self->count - half);

    if (second == NULL) {
        return STATUS_RETRY;
    }
    for (int i = half; i < self->count; i++) {
        batch_add(second, self->items[i]);
        self->bytes -= self->items[i]->payload_len;
    }
    self->count = half;
    second->next = self->next;
    self->next = second;
    return STATUS_OK;
}

/* One array parameter from one member of the items on one side (refused or not). */
#define EACH_ITEM(self, refused_side, item)                                                                            \
    for (int each = 0; each < (self)->count; each++)                                                                   \
        if (((item) = (self)->items[each]), item_is_refused(item) == (refused_side))

static void events_to_params(const struct batch *self, struct db_params *params)
{
    const struct item *item;

    db_param_array(params, DB_ARRAY_INT4);
    EACH_ITEM(self, false, item) db_param_add_int(params, item->source_id);
    db_param_array(params, DB_ARRAY_TEXT);
    EACH_ITEM(self, false, item) db_param_add_text(params, parcel_text(item->parcel, item->id_at));
    db_param_array(params, DB_ARRAY_INT2);
    EACH_ITEM(self, false, item) db_param_add_int(params, item->kind);
    db_param_array(params, DB_ARRAY_INT2);
    EACH_ITEM(self, false, item) db_param_add_int(params, item->slot);
    db_param_array(params, DB_ARRAY_US);
    EACH_ITEM(self, false, item) db_param_add_us(params, item->happened_us);
    db_param_array(params, DB_ARRAY_INT8);
    EACH_ITEM(self, false, item) db_param_add_int(params, item->sequence);
    db_param_array(params, DB_ARRAY_TEXT);
    EACH_ITEM(self, false, item) db_param_add_text(params, parcel_text(item->parcel, item->dossier_at));
    db_param_array(params, DB_ARRAY_BYTES);
    EACH_ITEM(self, false, item) db_param_add_bytes(params, item->digest, sizeof item->digest);
    db_param_array(params, DB_ARRAY_TEXT);
    EACH_ITEM(self, false, item) db_param_add_bytes(params, item->payload, item->payload_len);
    db_param_array(params, DB_ARRAY_TEXT);
    EACH_ITEM(self, false, item) db_param_add_text(params, item->parcel->sender);
}

/* A row for each rejected event and for each source carried: the database adds them up. */
static void counts_to_params(const struct batch *self, struct db_params *params)
{
    const struct item *item;
    const struct intake_row *unproven = intake_row(&self->carried, 0);
    size_t first = unproven->rejected + unproven->denied + unproven->busy > 0 ? 0 : 1;
    size_t rows = intake_rows(&self->carried);

    db_param_array(params, DB_ARRAY_INT4);
    EACH_ITEM(self, true, item) db_param_add_int(params, item->source_id);
    for (size_t i = first; i < rows; i++) {
        db_param_add_int(params, intake_row(&self->carried, i)->source_id);
    }
    db_param_array(params, DB_ARRAY_INT8);
    EACH_ITEM(self, true, item) db_param_add_int(params, 1);
    for (size_t i = first; i < rows; i++) {
        db_param_add_int(params, intake_row(&self->carried, i)->rejected);
    }
    db_param_array(params, DB_ARRAY_INT8);
    EACH_ITEM(self, true, item) db_param_add_int(params, 0);
    for (size_t i = first; i < rows; i++) {
        db_param_add_int(params, intake_row(&self->carried, i)->denied);
    }
    db_param_array(params, DB_ARRAY_INT8);
    EACH_ITEM(self, true, item) db_param_add_int(params, 0);
    for (size_t i = first; i < rows; i++) {
        db_param_add_int(params, intake_row(&self->carried, i)->busy);
    }
}

static const char *reason(const struct item *item)
{
    const char *sentence = item_sentence(item);

    return sentence != NULL ? sentence : answer_code_sentence((enum answer_code)item->code);
}

static void quarantine_to_params(const struct batch *self, struct db_params *params)
{
    const struct item *item;

    db_param_array(params, DB_ARRAY_INT4);
    EACH_ITEM(self, true, item) db_param_add_int(params, item->source_id);
    db_param_array(params, DB_ARRAY_TEXT);
    EACH_ITEM(self, true, item) db_param_add_text(params, item->parcel->sender);
    db_param_array(params, DB_ARRAY_TEXT);
    EACH_ITEM(self, true, item) db_param_add_text(params, answer_code_name((enum answer_code)item->code));
    db_param_array(params, DB_ARRAY_TEXT);
    EACH_ITEM(self, true, item) db_param_add_text(params, reason(item));
    db_param_array(params, DB_ARRAY_BYTES);
    EACH_ITEM(self, true, item) db_param_add_bytes(params, item->digest, sizeof item->digest);
    db_param_array(params, DB_ARRAY_BYTES);
    EACH_ITEM(self, true, item) db_param_add_bytes(params, item->payload, item->payload_len);
}

void batch_params(const struct batch *self, const char *worker, struct db_params *params)
{
    db_params_reset(params);
    db_param_text(params, worker);
    db_param_int8(params, self->number);
    events_to_params(self, params);
    counts_to_params(self, params);
    quarantine_to_params(self, params);
}

int batch_stored(const struct batch *self)
{
    const struct item *item;
    int stored = 0;

    EACH_ITEM(self, false, item) stored++;
    return stored;
}

static int32_t int4_at(const char *cell, int at)
{
    uint32_t value;

    memcpy(&value, cell + at, sizeof value);
    return (int32_t)be32toh(value);
}

enum status batch_outcomes(const char *cell, int len, int count, unsigned char *outcomes)
{
    if (cell == NULL) {
        memset(outcomes, 0, (size_t)count);
        return STATUS_OK;
    }
    if (len != ARRAY_HEADER + count * ARRAY_ELEMENT || int4_at(cell, 0) != 1 ||
        int4_at(cell, ARRAY_TYPE_AT) != INT2_OID || int4_at(cell, ARRAY_COUNT_AT) != count) {
        return STATUS_INVALID;
    }
    for (int i = 0; i < count; i++) {
        const char *element = cell + ARRAY_HEADER + i * ARRAY_ELEMENT;

        if (int4_at(element, 0) != 2 || element[4] != 0 || (unsigned char)element[5] > OUTCOME_LAST) {
            return STATUS_INVALID;
        }
        outcomes[i] = (unsigned char)element[5];
    }
    return STATUS_OK;
}
