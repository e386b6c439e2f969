/* SPDX-License-Identifier: MIT */
/* sources.c - a hash table of names, and a queue of those to be registered. */
#include "ingest/sources.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

#define BUCKETS 4096
#define SLOW_MS 50 /* a turn in which registering took so long registers no more */

struct source {
    struct source *next; /* in its bucket, or behind it in the queue */
    int32_t id;
    char name[];
};

struct sources {
    sources_register_cb register_cb;
    void *context;
    struct source *last; /* found: events of one sender come together */
    struct source *waiting;
    int waiting_count;
    int turn_left; /* registrations */
    int count;     /* cached */
    int oldest;    /* in ring, once that is full */
    struct source *ring[SOURCES_CACHED];
    struct source *buckets[BUCKETS];
};

static struct source **bucket_of(struct sources *self, const char *name)
{
    uint32_t hash = 2166136261u;

    for (const char *c = name; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 16777619u;
    }
    return &self->buckets[hash % BUCKETS];
}

static struct source *find(struct source *source, const char *name)
{
    while (source != NULL && strcmp(source->name, name) != 0) {
        source = source->next;
    }
    return source;
}

static struct source *new_source(const char *name)
{
    size_t size = strlen(name) + 1;
    struct source *source = malloc(sizeof *source + size);

    if (source != NULL) {
        source->next = NULL;
        source->id = 0;
        memcpy(source->name, name, size);
    }
    return source;
}

static void evict(struct sources *self, struct source *source)
{
    struct source **link = bucket_of(self, source->name);

    while (*link != source) {
        link = &(*link)->next;
    }
    *link = source->next;
    if (self->last == source) {
        self->last = NULL;
    }
    free(source);
}

static void cache(struct sources *self, struct source *source)
{
    struct source **bucket;

    if (self->count < SOURCES_CACHED) {
        self->ring[self->count++] = source;
    } else {
        evict(self, self->ring[self->oldest]);
        self->ring[self->oldest] = source;
        self->oldest = (self->oldest + 1) % SOURCES_CACHED;
    }
    bucket = bucket_of(self, source->name);
    source->next = *bucket;
    *bucket = source;
}

/* Takes source over: it is cached, or freed when the database does not answer. */
static enum answer_code register_source(struct sources *self, struct source *source)
{
    int64_t from_ms = clock_monotonic_ms();

    self->turn_left--;
    if (self->register_cb(self->context, source->name, &source->id) != STATUS_OK) {
        free(source);
        return CODE_DATABASE_AWAY;
    }
    if (clock_monotonic_ms() - from_ms > SLOW_MS) {
        self->turn_left = 0;
    }
    cache(self, source);
    return CODE_NONE;
}

/* Full or without memory it is forgotten: the sender comes again. */
static void remember(struct sources *self, const char *name)
{
    struct source **link = &self->waiting;

    while (*link != NULL && strcmp((*link)->name, name) != 0) {
        link = &(*link)->next;
    }
    if (*link == NULL && self->waiting_count < SOURCES_WAITING) {
        *link = new_source(name);
        self->waiting_count += *link != NULL;
    }
}

static enum answer_code add(struct sources *self, const char *name)
{
    struct source *source;
    enum answer_code code;

    if (self->turn_left <= 0) {
        remember(self, name);
        return CODE_SOURCE_NEW;
    }
    source = new_source(name);
    if (source == NULL) {
        return CODE_QUEUE_FULL;
    }
    code = register_source(self, source);
    if (code == CODE_NONE) {
        self->last = source;
    }
    return code;
}

struct sources *sources_new(sources_register_cb register_cb, void *context)
{
    struct sources *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->register_cb = register_cb;
        self->context = context;
        self->turn_left = SOURCES_TURN;
    }
    return self;
}

void sources_destroy(struct sources **self_p)
{
    struct sources *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (int i = 0; i < self->count; i++) {
        free(self->ring[i]);
    }
    while (self->waiting != NULL) {
        struct source *source = self->waiting;

        self->waiting = source->next;
        free(source);
    }
    free(self);
    *self_p = NULL;
}

enum answer_code sources_id(struct sources *self, const char *name, int32_t *source_id)
{
    if (self->last == NULL || strcmp(self->last->name, name) != 0) {
        enum answer_code code = CODE_NONE;

        self->last = find(*bucket_of(self, name), name);
        if (self->last == NULL) {
            code = add(self, name);
        }
        if (code != CODE_NONE) {
            return code;
        }
    }
    *source_id = self->last->id;
    return CODE_NONE;
}

bool sources_turn(struct sources *self)
{
    enum answer_code code = CODE_NONE;

    self->turn_left = SOURCES_TURN;
    while (self->waiting != NULL && self->turn_left > 0 && code == CODE_NONE) {
        struct source *source = self->waiting;

        self->waiting = source->next;
        self->waiting_count--;
        if (find(*bucket_of(self, source->name), source->name) != NULL) {
            free(source); /* it was asked for again and registered at once */
        } else {
            code = register_source(self, source);
        }
    }
    return self->waiting != NULL && code == CODE_NONE;
}
