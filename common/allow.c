/* SPDX-License-Identifier: MIT */
/* allow.c - see allow.h: a sorted array of permissions, looked up by bisection. */
#include "common/allow.h"

#include <stdlib.h>
#include <string.h>

#define ALLOW_STAMP_SIZE 33 /* md5 in hexadecimal */
#define ALLOW_KEY_SIZE 64
#define ALLOW_PATTERN_SIZE 257

struct permission {
    char key[ALLOW_KEY_SIZE];
    bool feed;
    bool speaks; /* false: pattern is empty and allows nothing */
    char pattern[ALLOW_PATTERN_SIZE];
};

struct allow {
    struct permission *rows; /* sorted by key */
    size_t count;
    size_t room;
    char stamp[ALLOW_STAMP_SIZE]; /* of the list in rows, "" before the first */
};

static int permission_compare(const void *a, const void *b)
{
    const struct permission *left = a;
    const struct permission *right = b;

    return strcmp(left->key, right->key);
}

/* The first row of a key, or where it would stand. */
static size_t lower_bound(const struct allow *self, const char *key)
{
    size_t low = 0;
    size_t high = self->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(self->rows[middle].key, key) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool row_is(const struct allow *self, size_t at, const char *key)
{
    return at < self->count && strcmp(self->rows[at].key, key) == 0;
}

static bool pattern_matches(const char *pattern, const char *source)
{
    size_t len = strlen(pattern);

    if (len > 0 && pattern[len - 1] == '*') {
        return strncmp(pattern, source, len - 1) == 0;
    }
    return strcmp(pattern, source) == 0;
}

static enum status append(struct allow *self, const char *key, const char *pattern, bool feed)
{
    struct permission *row;

    if (strlen(key) >= ALLOW_KEY_SIZE || (pattern && strlen(pattern) >= ALLOW_PATTERN_SIZE)) {
        return STATUS_INVALID;
    }
    if (self->count == self->room) {
        size_t room = self->room ? self->room * 2 : 16;
        struct permission *rows = reallocarray(self->rows, room, sizeof *rows);

        if (!rows) {
            return STATUS_RETRY;
        }
        self->rows = rows;
        self->room = room;
    }
    row = &self->rows[self->count++];
    memset(row, 0, sizeof *row);
    strcpy(row->key, key);
    row->feed = feed;
    row->speaks = pattern != NULL;
    strcpy(row->pattern, pattern ? pattern : "");
    return STATUS_OK;
}

static void sort(struct allow *self)
{
    if (self->count > 1) {
        qsort(self->rows, self->count, sizeof *self->rows, permission_compare);
    }
}

/* Reads the whole list into an empty self. */
static enum status read_list(struct allow *self, struct db *db)
{
    PGresult *result = NULL;
    enum status st = db_run(db, SQL_ALLOW_LIST, NULL, &result);

    for (int row = 0; st == STATUS_OK && row < PQntuples(result); row++) {
        const char *pattern = db_null(result, row, 2) ? NULL : db_text(result, row, 2);

        st = append(self, db_text(result, row, 0), pattern, db_bool(result, row, 1));
    }
    sort(self);
    PQclear(result);
    return st;
}

struct allow *allow_new(void)
{
    return calloc(1, sizeof(struct allow));
}

void allow_destroy(struct allow **self_p)
{
    if (!*self_p) {
        return;
    }
    free((*self_p)->rows);
    free(*self_p);
    *self_p = NULL;
}

enum status allow_refresh(struct allow *self, struct db *db, bool *changed)
{
    struct allow fresh = {0};
    PGresult *result = NULL;
    enum status st;

    if (changed) {
        *changed = false;
    }
    st = db_run(db, SQL_ALLOW_STAMP, NULL, &result);
    if (st != STATUS_OK || strcmp(db_text(result, 0, 0), self->stamp) == 0) {
        goto done;
    }
    /* A change between the two statements shows in the next stamp. */
    strncpy(fresh.stamp, db_text(result, 0, 0), ALLOW_STAMP_SIZE - 1);
    st = read_list(&fresh, db);
    if (st == STATUS_OK) {
        free(self->rows);
        *self = fresh;
        fresh.rows = NULL;
        if (changed) {
            *changed = true;
        }
    }
done:
    free(fresh.rows);
    PQclear(result);
    return st;
}

enum status allow_add(struct allow *self, const char *public_key, const char *pattern, bool feed)
{
    enum status st = append(self, public_key, pattern, feed);

    sort(self);
    return st;
}

bool allow_knows(const struct allow *self, const char *public_key)
{
    return row_is(self, lower_bound(self, public_key), public_key);
}

bool allow_source(const struct allow *self, const char *public_key, const char *source)
{
    for (size_t at = lower_bound(self, public_key); row_is(self, at, public_key); at++) {
        if (self->rows[at].speaks && pattern_matches(self->rows[at].pattern, source)) {
            return true;
        }
    }
    return false;
}

bool allow_feed(const struct allow *self, const char *public_key)
{
    for (size_t at = lower_bound(self, public_key); row_is(self, at, public_key); at++) {
        if (self->rows[at].feed) {
            return true;
        }
    }
    return false;
}

size_t allow_keys(const struct allow *self)
{
    size_t keys = 0;

    for (size_t at = 0; at < self->count; at++) {
        if (at == 0 || strcmp(self->rows[at].key, self->rows[at - 1].key) != 0) {
            keys++;
        }
    }
    return keys;
}
