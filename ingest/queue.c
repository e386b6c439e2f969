/* SPDX-License-Identifier: MIT */
/* queue.c - events that wait for a batch. */
#include "ingest/queue.h"

void queue_init(struct queue *self)
{
    *self = (struct queue){.tail = &self->head};
}

void queue_put(struct queue *self, struct item *item)
{
    *self->tail = item;
    self->tail = &item->next;
    self->events++;
    self->bytes += item->payload_len;
}

struct item *queue_take(struct queue *self)
{
    struct item *item = self->head;

    self->head = item->next;
    if (self->head == NULL) {
        self->tail = &self->head;
    }
    item->next = NULL;
    self->events--;
    self->bytes -= item->payload_len;
    return item;
}
