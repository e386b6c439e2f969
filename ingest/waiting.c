/* SPDX-License-Identifier: MIT */
/* waiting.c - events that wait for a batch. */
#include "ingest/waiting.h"

#include "ingest/peer.h"

/* A peer with no more unanswered events than these does not wait behind those who send in bulk. */
#define BRIEF_EVENTS 64

void waiting_init(struct waiting *self, const struct config *config, int lanes)
{
    self->config = config;
    self->lanes = lanes;
    for (int i = 0; i < WAITING_QUEUES; i++) {
        queue_init(&self->queues[i]);
    }
}

void waiting_put(struct waiting *self, struct item *item)
{
    bool brief = self->lanes > 1 && peer_unanswered(item->parcel->peer) <= BRIEF_EVENTS;

    queue_put(&self->queues[brief ? WAITING_BRIEF : WAITING_BULK], item);
}

int64_t waiting_events(const struct waiting *self)
{
    return self->queues[WAITING_BRIEF].events + self->queues[WAITING_BULK].events;
}

struct item *waiting_take(struct waiting *self)
{
    for (int i = 0; i < WAITING_QUEUES; i++) {
        if (self->queues[i].head != NULL) {
            return queue_take(&self->queues[i]);
        }
    }
    return NULL;
}

struct item *waiting_take_of(struct waiting *self, const struct parcel *parcel)
{
    for (int i = 0; i < WAITING_QUEUES; i++) {
        if (self->queues[i].head != NULL && self->queues[i].head->parcel == parcel) {
            return queue_take(&self->queues[i]);
        }
    }
    return NULL;
}

static struct queue *queue_of(struct waiting *self, int lane)
{
    bool brief = self->lanes > 1 && (lane == self->lanes - 1 || self->queues[WAITING_BULK].head == NULL);

    return &self->queues[brief ? WAITING_BRIEF : WAITING_BULK];
}

int64_t waiting_ms(struct waiting *self, int lane, int64_t now_ms, bool idle)
{
    const struct queue *queue = queue_of(self, lane);
    int64_t age_ms;

    if (queue->head == NULL) {
        return INT64_MAX;
    }
    age_ms = now_ms - queue->head->parcel->received_ms;
    if (queue->events >= self->config->ingest.batch_events ||
        (int64_t)queue->bytes >= self->config->ingest.batch_bytes || idle ||
        age_ms >= self->config->ingest.batch_wait_ms) {
        return 0;
    }
    return self->config->ingest.batch_wait_ms - age_ms;
}

struct batch *waiting_gather(struct waiting *self, int lane)
{
    struct queue *queue = queue_of(self, lane);
    int64_t most = self->config->ingest.batch_events;
    size_t most_bytes = (size_t)self->config->ingest.batch_bytes;
    struct batch *batch = batch_new((int)(queue->events < most ? queue->events : most));

    if (batch == NULL) {
        return NULL;
    }
    while (queue->head != NULL && batch->count < batch->room &&
           (batch->count == 0 || batch->bytes + queue->head->payload_len <= most_bytes)) {
        batch_add(batch, queue_take(queue));
    }
    batch_sort(batch);
    return batch;
}
