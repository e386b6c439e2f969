/* SPDX-License-Identifier: MIT */
/* sources.c - a hash table of names. */
#include "ingest/sources.h"

#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024
#define SOURCES_MAX 100000 /* there are some hundred one-stop systems; a key allowed "*" must not fill the memory */

struct source {
    struct source *next; /* in its bucket */
    int32_t id;
    char name[];
};

struct sources {
    sources_register_cb register_cb;
    void *context;
    int count;
    struct source *last; /* found: events of one sender come together */
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

static enum status add(struct sources *self, struct source **bucket, const char *name)
{
    size_t size = strlen(name) + 1;
    struct source *source = self->count < SOURCES_MAX ? malloc(sizeof *source + size) : NULL;
    enum status st = STATUS_RETRY;

    if (source == NULL) {
        return STATUS_RETRY;
    }
    st = self->register_cb(self->context, name, &source->id);
    if (st != STATUS_OK) {
        free(source);
        return st;
    }
    memcpy(source->name, name, size);
    source->next = *bucket;
    *bucket = source;
    self->count++;
    self->last = source;
    return STATUS_OK;
}

struct sources *sources_new(sources_register_cb register_cb, void *context)
{
    struct sources *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->register_cb = register_cb;
        self->context = context;
    }
    return self;
}

void sources_destroy(struct sources **self_p)
{
    struct sources *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < BUCKETS; i++) {
        while (self->buckets[i] != NULL) {
            struct source *source = self->buckets[i];

            self->buckets[i] = source->next;
            free(source);
        }
    }
    free(self);
    *self_p = NULL;
}

enum status sources_id(struct sources *self, const char *name, int32_t *source_id)
{
    struct source **bucket;

    if (self->last == NULL || strcmp(self->last->name, name) != 0) {
        bucket = bucket_of(self, name);
        self->last = find(*bucket, name);
        if (self->last == NULL && add(self, bucket, name) != STATUS_OK) {
            return STATUS_RETRY;
        }
    }
    *source_id = self->last->id;
    return STATUS_OK;
}
