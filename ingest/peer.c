/* SPDX-License-Identifier: MIT */
/* peer.c - credit by connection. */
#include "ingest/peer.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096
#define SLOW_COMMIT_MS 200 /* above this the window is halved */

struct peer {
    struct peer *next; /* in its bucket */
    int64_t seen_ms;
    int64_t unanswered;
    size_t len;
    unsigned char id[];
};

struct peers {
    struct peer_limits limits;
    int64_t count;
    struct peer *buckets[BUCKETS];
};

/* FNV-1a: routing ids are libzmq's random ones or chosen by peers that the allow-list lets in. */
static struct peer **bucket_of(struct peers *self, const void *id, size_t len)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < len; i++) {
        hash = (hash ^ ((const unsigned char *)id)[i]) * 16777619u;
    }
    return &self->buckets[hash % BUCKETS];
}

static void forget_idle(struct peers *self, int64_t before_ms)
{
    for (size_t i = 0; i < BUCKETS; i++) {
        struct peer **link = &self->buckets[i];

        while (*link != NULL) {
            struct peer *peer = *link;

            if (peer->unanswered == 0 && peer->seen_ms <= before_ms) {
                *link = peer->next;
                free(peer);
                self->count--;
            } else {
                link = &peer->next;
            }
        }
    }
}

static struct peer *add(struct peers *self, struct peer **bucket, const void *id, size_t len)
{
    struct peer *peer = calloc(1, sizeof *peer + len);

    if (peer != NULL) {
        memcpy(peer->id, id, len);
        peer->len = len;
        peer->next = *bucket;
        *bucket = peer;
        self->count++;
    }
    return peer;
}

struct peers *peers_new(const struct peer_limits *limits)
{
    struct peers *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->limits = *limits;
    }
    return self;
}

void peers_destroy(struct peers **self_p)
{
    struct peers *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        while (self->buckets[i] != NULL) {
            struct peer *peer = self->buckets[i];

            self->buckets[i] = peer->next;
            free(peer);
        }
    }
    free(self);
    *self_p = NULL;
}

struct peer *peers_get(struct peers *self, const void *id, size_t len, int64_t now_ms)
{
    struct peer **bucket = bucket_of(self, id, len);
    struct peer *peer = *bucket;

    while (peer != NULL && (peer->len != len || memcmp(peer->id, id, len) != 0)) {
        peer = peer->next;
    }
    if (peer == NULL && self->count >= self->limits.max_peers) {
        forget_idle(self, now_ms);
    }
    if (peer == NULL && self->count < self->limits.max_peers) {
        peer = add(self, bucket, id, len);
    }
    if (peer != NULL) {
        peer->seen_ms = now_ms;
    }
    return peer;
}

void peers_sweep(struct peers *self, int64_t now_ms)
{
    forget_idle(self, now_ms - self->limits.idle_ms);
}

int64_t peers_count(const struct peers *self)
{
    return self->count;
}

int64_t peers_window(const struct peers *self, int64_t commit_latency_ms)
{
    int64_t window = self->limits.budget_events / (self->count > 0 ? self->count : 1);

    if (window > self->limits.window_events) {
        window = self->limits.window_events;
    }
    if (commit_latency_ms > SLOW_COMMIT_MS) {
        window /= 2;
    }
    return window > self->limits.floor_events ? window : self->limits.floor_events;
}

void peer_add(struct peer *peer, int64_t events)
{
    peer->unanswered += events;
}

void peer_remove(struct peer *peer, int64_t events)
{
    peer->unanswered -= events;
}

int64_t peer_unanswered(const struct peer *peer)
{
    return peer->unanswered;
}
