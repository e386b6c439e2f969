/* SPDX-License-Identifier: MIT */
/*
 * dossier_store.h - dossiers between the table and the fold.
 */
#ifndef SCORER_DOSSIER_STORE_H
#define SCORER_DOSSIER_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/db.h"
#include "common/status.h"
#include "scorer/fold.h"
#include "scorer/verdict.h"

/* A dossier in work: what is stored, and what it becomes. */
struct dossier_work {
    const char *code; /* borrowed */
    int32_t source_id;
    int32_t slot;
    bool stored; /* has a row, whose verdict is `was` */
    bool changed;
    struct dossier dossier;
    struct verdict was;
    struct verdict now;
    int32_t was_unit_id; /* where it was counted */
    int32_t was_field_id;
    int32_t was_procedure_id;
    int64_t was_due_us; /* the first due it was judged by */
    char *last_id;      /* owned copy of dossier.last_id where its row does not last; NULL else */
};

/* Fills work from a row of scorer_dossier_load.sql or scorer_due.sql; texts stay borrowed from rows. */
void dossier_row_read(const PGresult *rows, int row, struct dossier_work *work);

/* Reads the stored dossiers among works; *rows must be kept as long as works is used, then PQclear. */
enum status dossier_load(struct db *db, struct db_params *params, struct dossier_work *works, size_t count,
                         PGresult **rows) MUST_CHECK;

/* Writes those that changed: new ones by COPY, known ones by one UPDATE. */
enum status dossier_save(struct db *db, struct db_params *params, struct db_copy *copy,
                         const struct dossier_work *works, size_t count) MUST_CHECK;

#endif
