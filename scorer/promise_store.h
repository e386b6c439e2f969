/* SPDX-License-Identifier: MIT */
/*
 * promise_store.h - the later promises: rows of table promise, written anew with their dossier.
 */
#ifndef SCORER_PROMISE_STORE_H
#define SCORER_PROMISE_STORE_H

#include "scorer/dossier_store.h"

/* Writes the later promises of those that changed. */
enum status promise_save(struct db *db, struct db_params *params, struct db_copy *copy,
                         const struct dossier_work *works, size_t count) MUST_CHECK;

/* Finds promises_moved of those that changed and have been judged.  Before promise_save. */
enum status promise_compare(struct db *db, struct db_params *params, struct dossier_work *works,
                            size_t count) MUST_CHECK;

/* Reads the later promises into dossier.appointments of works that were read from their rows; fold_clear frees them. */
enum status promise_load(struct db *db, struct db_params *params, struct dossier_work *works, size_t count) MUST_CHECK;

#endif
