/* SPDX-License-Identifier: MIT */
/* topics.c - a sorted array: topics are few (two a unit) and hardly ever new. */
#include "notifier/topics.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 64

struct topic {
    char *name;
    int64_t last_seq;
};

struct topics {
    struct topic *list;
    size_t count;
    size_t room;
};

/* The place of name, or where it belongs. */
static size_t find(const struct topics *self, const char *name)
{
    size_t low = 0;
    size_t high = self->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(self->list[middle].name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static enum status make_room(struct topics *self)
{
    size_t room = self->room == 0 ? FIRST_ROOM : self->room * 2;
    struct topic *list;

    if (self->count < self->room) {
        return STATUS_OK;
    }
    list = reallocarray(self->list, room, sizeof *list);
    if (list == NULL) {
        return STATUS_RETRY;
    }
    self->list = list;
    self->room = room;
    return STATUS_OK;
}

struct topics *topics_new(void)
{
    return calloc(1, sizeof(struct topics));
}

void topics_destroy(struct topics **self_p)
{
    struct topics *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->count; i++) {
        free(self->list[i].name);
    }
    free(self->list);
    free(self);
    *self_p = NULL;
}

enum status topics_set(struct topics *self, const char *topic, int64_t last_seq)
{
    size_t at = find(self, topic);
    char *name;

    if (at < self->count && strcmp(self->list[at].name, topic) == 0) {
        self->list[at].last_seq = last_seq;
        return STATUS_OK;
    }
    name = strdup(topic);
    if (name == NULL || make_room(self) != STATUS_OK) {
        free(name);
        return STATUS_RETRY;
    }
    memmove(&self->list[at + 1], &self->list[at], (self->count - at) * sizeof *self->list);
    self->list[at].name = name;
    self->list[at].last_seq = last_seq;
    self->count++;
    return STATUS_OK;
}

size_t topics_count(const struct topics *self)
{
    return self->count;
}

const char *topics_at(const struct topics *self, size_t at, int64_t *last_seq)
{
    *last_seq = self->list[at].last_seq;
    return self->list[at].name;
}
