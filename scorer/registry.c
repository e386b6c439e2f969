/* SPDX-License-Identifier: MIT */
/* registry.c - numbers of units, fields and procedures by code. */
#include "scorer/registry.h"

#include <search.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct known {
    const char *code; /* points at text, or at the caller's while looking up */
    int32_t id;
    bool named;
    bool placed; /* has a parent */
    char text[];
};

struct registry {
    struct db *db;
    struct db_params *params;
    void *trees[REGISTRY_TABLES]; /* tsearch trees of struct known */
    struct {
        const struct known **by_id;
        size_t room;
    } numbers[REGISTRY_TABLES];
};

static const struct {
    enum sql_query list;
    enum sql_query add;
} queries[REGISTRY_TABLES] = {
    [REGISTRY_UNIT] = {SQL_SCORER_UNIT_LIST, SQL_SCORER_UNIT_REGISTER},
    [REGISTRY_FIELD] = {SQL_SCORER_FIELD_LIST, SQL_SCORER_FIELD_REGISTER},
    [REGISTRY_PROCEDURE] = {SQL_SCORER_PROCEDURE_LIST, SQL_SCORER_PROCEDURE_REGISTER},
};

static int by_code(const void *a, const void *b)
{
    return strcmp(((const struct known *)a)->code, ((const struct known *)b)->code);
}

struct registry *registry_new(struct db *db)
{
    struct registry *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->db = db;
    self->params = db_params_new();
    if (self->params == NULL) {
        registry_destroy(&self);
    }
    return self;
}

static void forget(struct registry *self)
{
    for (int table = 0; table < REGISTRY_TABLES; table++) {
        free(self->numbers[table].by_id);
        self->numbers[table].by_id = NULL;
        self->numbers[table].room = 0;
        tdestroy(self->trees[table], free);
        self->trees[table] = NULL;
    }
}

void registry_destroy(struct registry **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    forget(*self_p);
    db_params_destroy(&(*self_p)->params);
    free(*self_p);
    *self_p = NULL;
}

static struct known *find(struct registry *self, enum registry_table table, const char *code)
{
    struct known key = {.code = code};
    struct known **found = tfind(&key, &self->trees[table], by_code);

    return found == NULL ? NULL : *found;
}

/* Enters what is known under its number too. */
static enum status number(struct registry *self, enum registry_table table, const struct known *known)
{
    size_t at = (size_t)known->id;

    if (at >= self->numbers[table].room) {
        size_t room = at * 2 + 64;
        const struct known **by_id = realloc(self->numbers[table].by_id, room * sizeof *by_id);

        if (by_id == NULL) {
            return STATUS_RETRY;
        }
        memset(by_id + self->numbers[table].room, 0, (room - self->numbers[table].room) * sizeof *by_id);
        self->numbers[table].by_id = by_id;
        self->numbers[table].room = room;
    }
    self->numbers[table].by_id[at] = known;
    return STATUS_OK;
}

static enum status keep(struct registry *self, enum registry_table table, const char *code, int32_t id, bool named,
                        bool placed)
{
    struct known *known = find(self, table, code);
    size_t size = strlen(code) + 1;

    if (known == NULL) {
        known = calloc(1, sizeof *known + size);
        if (known == NULL) {
            return STATUS_RETRY;
        }
        memcpy(known->text, code, size);
        known->code = known->text;
        if (tsearch(known, &self->trees[table], by_code) == NULL) {
            free(known);
            return STATUS_RETRY;
        }
    }
    known->id = id;
    if (number(self, table, known) != STATUS_OK) {
        return STATUS_RETRY;
    }
    known->named |= named; /* what is known once stays known */
    known->placed |= placed;
    return STATUS_OK;
}

static enum status read_table(struct registry *self, enum registry_table table)
{
    PGresult *rows;
    enum status st = db_run(self->db, queries[table].list, NULL, &rows);

    for (int row = 0; st == STATUS_OK && row < PQntuples(rows); row++) {
        st = keep(self, table, db_text(rows, row, 1), (int32_t)db_int(rows, row, 0), db_bool(rows, row, 2),
                  db_bool(rows, row, 3));
    }
    PQclear(rows);
    return st;
}

enum status registry_load(struct registry *self)
{
    enum status st;

    /* What a server that went down had not yet on disk is gone, and its numbers may be given to others. */
    forget(self);
    st = db_run(self->db, SQL_SCORER_REGISTRY_SOFT, NULL, NULL);
    for (int table = 0; table < REGISTRY_TABLES && st == STATUS_OK; table++) {
        st = read_table(self, (enum registry_table)table);
    }
    return st;
}

static enum status add(struct registry *self, enum registry_table table, const char *code, const char *name,
                       const char *parent, int32_t *id)
{
    PGresult *row;
    enum status st;

    db_params_reset(self->params);
    db_param_text(self->params, code);
    db_param_text(self->params, name);
    if (table == REGISTRY_UNIT) {
        db_param_text(self->params, parent);
    }
    st = db_run(self->db, queries[table].add, self->params, &row);
    if (st == STATUS_OK) {
        *id = (int32_t)db_int(row, 0, 0);
        st = keep(self, table, code, *id, name != NULL, parent != NULL || table != REGISTRY_UNIT);
    }
    PQclear(row);
    return st;
}

enum status registry_id(struct registry *self, enum registry_table table, const char *code, const char *name,
                        const char *parent, int32_t *id)
{
    const struct known *known = find(self, table, code);

    if (known != NULL && (known->named || name == NULL) && (known->placed || parent == NULL)) {
        *id = known->id;
        return STATUS_OK;
    }
    return add(self, table, code, name, parent, id);
}

static const struct known *find_number(const struct registry *self, enum registry_table table, int32_t id)
{
    size_t at = (size_t)id;

    return at < self->numbers[table].room ? self->numbers[table].by_id[at] : NULL;
}

enum status registry_code(struct registry *self, enum registry_table table, int32_t id, const char **code)
{
    const struct known *known = find_number(self, table, id);
    enum status st = STATUS_OK;

    if (known == NULL) {
        st = read_table(self, table); /* another scorer has registered it */
        known = find_number(self, table, id);
    }
    *code = known != NULL ? known->code : "";
    return st;
}
