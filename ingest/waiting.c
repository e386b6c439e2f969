/* SPDX-License-Identifier: MIT */
/* waiting.c - events that wait for a batch. */
#include "ingest/waiting.h"

#include "ingest/peer.h"

/* A peer with no more unanswered events than these does not wait behind those who send in bulk. */
#define BRIEF_EVENTS 64
/* A commit costs as much as storing some dozen events.  Who sends one event after the other is no crowd. */
#define WINDOW_MS 20
#define CROWD_EVENTS 16
#define CROWD_WAITS_FOR 128

void waiting_init(struct waiting *self, const struct config *config)
{
    self->config = config;
    for (int i = 0; i < WAITING_QUEUES; i++) {
        queue_init(&self->queues[i]);
    }
}

/* The last window counts while the next one is open. */
static void count_arrival(struct waiting *self, int64_t now_ms)
{
    int64_t spent_ms = now_ms - self->window_ms;

    if (spent_ms >= WINDOW_MS) {
        self->crowded = self->window_events >= CROWD_EVENTS && spent_ms < 2 * WINDOW_MS;
        self->window_ms = now_ms;
        self->window_events = 0;
    }
    self->window_events++;
}

void waiting_put(struct waiting *self, struct item *item)
{
    bool brief = peer_unanswered(item->parcel->peer) <= BRIEF_EVENTS;

    count_arrival(self, item->parcel->received_ms);
    queue_put(&self->queues[brief ? WAITING_BRIEF : WAITING_BULK], item);
}

int64_t waiting_events(const struct waiting *self)
{
    return self->queues[WAITING_BRIEF].events + self->queues[WAITING_BULK].events;
}

struct item *waiting_take(struct waiting *self, const struct parcel *parcel)
{
    for (int i = 0; i < WAITING_QUEUES; i++) {
        struct queue *queue = &self->queues[i];

        if (queue->head != NULL && (parcel == NULL || queue->head->parcel == parcel)) {
            return queue_take(queue);
        }
    }
    return NULL;
}

/* The queue whose head came first. */
static struct queue *older(struct waiting *self)
{
    struct queue *brief = &self->queues[WAITING_BRIEF];
    struct queue *bulk = &self->queues[WAITING_BULK];

    if (brief->head == NULL || bulk->head == NULL) {
        return brief->head != NULL ? brief : bulk;
    }
    return brief->head->parcel->received_ms < bulk->head->parcel->received_ms ? brief : bulk;
}

static struct queue *queue_of(struct waiting *self, enum waiting_share share)
{
    if (share == WAITING_FOR_ALL) {
        return older(self);
    }
    return share == WAITING_FOR_BRIEF || self->queues[WAITING_BULK].head == NULL ? &self->queues[WAITING_BRIEF]
                                                                                 : &self->queues[WAITING_BULK];
}

int64_t waiting_ms(struct waiting *self, enum waiting_share share, int64_t now_ms, bool idle)
{
    const struct queue *queue = queue_of(self, share);
    bool together = self->crowded && queue->events < CROWD_WAITS_FOR;
    int64_t age_ms;

    if (queue->head == NULL) {
        return INT64_MAX;
    }
    age_ms = now_ms - queue->head->parcel->received_ms;
    if (queue->events >= self->config->ingest.batch_events ||
        (int64_t)queue->bytes >= self->config->ingest.batch_bytes || (idle && !together) ||
        age_ms >= self->config->ingest.batch_wait_ms) {
        return 0;
    }
    return self->config->ingest.batch_wait_ms - age_ms;
}

struct batch *waiting_gather(struct waiting *self, enum waiting_share share)
{
    struct queue *queue = queue_of(self, share);
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
