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
    bool stored; /* has a row, whose verdicts are `was` */
    bool changed;
    bool promises_moved; /* a later promise that was broken, and is, has another due now */
    struct dossier dossier;
    struct verdicts was; /* of each rule class, day and due; the calendar, due_computed and promises */
    struct verdicts now;
    int32_t was_unit_id; /* where it was counted */
    int32_t was_field_id;
    int32_t was_procedure_id;
    int32_t was_pauses;         /* rows in table pause */
    int32_t was_reappointments; /* with none it has no rows in table promise */
    char *last_id;              /* owned copy of dossier.last_id where its row does not last; NULL else */
};

/* Fills work from a row of scorer_dossier_load.sql or scorer_due.sql; texts stay borrowed from rows. */
void dossier_row_read(const PGresult *rows, int row, struct dossier_work *work);

/* Reads the stored dossiers among works; *rows must be kept as long as works is used, then PQclear. */
enum status dossier_load(struct db *db, struct db_params *params, struct dossier_work *works, size_t count,
                         PGresult **rows) MUST_CHECK;

/* Writes those that changed, their pauses and later promises: new ones by COPY, known ones by one UPDATE. */
enum status dossier_save(struct db *db, struct db_params *params, struct db_copy *copy,
                         const struct dossier_work *works, size_t count) MUST_CHECK;

/* Writes only the verdicts, of those that changed: time has passed. */
enum status dossier_save_verdicts(struct db *db, struct db_params *params, const struct dossier_work *works,
                                  size_t count) MUST_CHECK;

/* Two array parameters, sources and codes, of the works that are picked.  Returns their number. */
size_t dossier_put_keys(struct db_params *params, const struct dossier_work *works, size_t count,
                        bool (*picks)(const struct dossier_work *));

/* The least moment after which time breaks one of the promises; FOLD_NONE_US when none is left to break. */
int64_t dossier_flips_us(const struct verdicts *verdicts);

#endif
