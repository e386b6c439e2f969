/* SPDX-License-Identifier: MIT */
/*
 * pause_store.h - the ledger of pauses: rows of table pause, written anew with their dossier.
 */
#ifndef SCORER_PAUSE_STORE_H
#define SCORER_PAUSE_STORE_H

#include "scorer/dossier_store.h"

/* Writes the pauses of those that changed. */
enum status pause_save(struct db *db, struct db_params *params, struct db_copy *copy, const struct dossier_work *works,
                       size_t count) MUST_CHECK;

#endif
