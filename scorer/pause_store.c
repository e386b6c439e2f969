/* SPDX-License-Identifier: MIT */
/* pause_store.c - the ledger of pauses. */
#include "scorer/pause_store.h"

static bool is_dropped(const struct dossier_work *work)
{
    return work->changed && work->was_pauses > 0;
}

static enum status drop_old(struct db *db, struct db_params *params, const struct dossier_work *works, size_t count)
{
    db_params_reset(params);
    if (dossier_put_keys(params, works, count, is_dropped) == 0) {
        return STATUS_OK;
    }
    return db_run(db, SQL_SCORER_PAUSE_DROP, params, NULL);
}

static void copy_pause(struct db_copy *copy, const struct dossier_work *work, size_t n)
{
    const struct fold_pause *pause = &work->dossier.pauses[n];

    db_copy_row(copy, 7);
    db_copy_int4(copy, work->source_id);
    db_copy_text(copy, work->code);
    db_copy_int4(copy, (int32_t)n + 1);
    db_copy_text(copy, pause->kind == FOLD_SUPPLEMENT ? "supplement" : "payment");
    db_copy_us(copy, pause->from_us);
    db_copy_us(copy, pause->to_us);
    db_copy_text(copy, pause->reason);
}

enum status pause_save(struct db *db, struct db_params *params, struct db_copy *copy, const struct dossier_work *works,
                       size_t count)
{
    enum status st = drop_old(db, params, works, count);
    size_t added = 0;

    db_copy_reset(copy);
    for (size_t i = 0; i < count; i++) {
        for (size_t n = 0; works[i].changed && n < works[i].dossier.pause_count; n++) {
            copy_pause(copy, &works[i], n);
            added++;
        }
    }
    return st == STATUS_OK && added > 0 ? db_copy_run(db, SQL_SCORER_PAUSE_ADD, copy) : st;
}
