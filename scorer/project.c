/* SPDX-License-Identifier: MIT */
/* project.c - see project.h. */
#include "scorer/project.h"

#include <stdlib.h>
#include <string.h>

/* Dossiers that are judged anew at once, and groups of them in one turn. */
#define GROUP 500
#define GROUPS_MAX 20

static enum status read_group(const struct project_place *place, struct work_tools *tools,
                              const struct project_shard *asked, PGresult **keys)
{
    db_params_reset(tools->params);
    db_param_int2(tools->params, (int16_t)place->calendar);
    db_param_int2(tools->params, (int16_t)asked->shard);
    db_param_int2(tools->params, (int16_t)asked->shards);
    db_param_int4(tools->params, place->source_id);
    db_param_text(tools->params, place->code != NULL ? place->code : "");
    db_param_int8(tools->params, GROUP);
    return db_run(tools->db, SQL_SCORER_PROJECT, tools->params, keys);
}

/* One group of dossiers; keys is their list and not empty. */
static enum status judge_group(struct work_tools *tools, const struct work_reach *reach, const PGresult *keys,
                               bool *news)
{
    struct work_reach ledger = *reach;
    size_t count = (size_t)PQntuples(keys);
    struct dossier_work *works = calloc(count, sizeof *works);
    PGresult *stored = NULL;
    enum status st;

    if (works == NULL) {
        return STATUS_RETRY;
    }
    ledger.projecting = true;
    for (size_t i = 0; i < count; i++) {
        works[i].source_id = (int32_t)db_int(keys, (int)i, 0);
        works[i].code = db_text(keys, (int)i, 1);
    }
    st = work_again(tools, &ledger, works, count, &stored);
    if (st == STATUS_OK) {
        st = work_store(tools, &ledger, works, count, news);
    }
    work_clear(works, count);
    free(works);
    PQclear(stored);
    return st;
}

static enum status go_on_from(struct project_place *place, const PGresult *keys)
{
    int last = PQntuples(keys) - 1;

    free(place->code);
    place->code = strdup(db_text(keys, last, 1));
    place->source_id = (int32_t)db_int(keys, last, 0);
    return place->code != NULL ? STATUS_OK : STATUS_RETRY;
}

void project_leave(struct project_place *place)
{
    free(place->code);
    *place = (struct project_place){.calendar = 0};
}

enum status project_some(struct project_place *place, struct work_tools *tools, const struct work_reach *ledger,
                         const struct project_shard *asked, bool *ended, bool *news)
{
    int count = GROUP;
    enum status st = STATUS_OK;

    if (place->calendar != asked->calendar) {
        project_leave(place);
        place->calendar = asked->calendar;
    }
    for (int group = 0; group < GROUPS_MAX && count == GROUP && st == STATUS_OK; group++) {
        PGresult *keys = NULL;

        st = read_group(place, tools, asked, &keys);
        count = st == STATUS_OK ? PQntuples(keys) : 0;
        if (count > 0) {
            st = judge_group(tools, ledger, keys, news);
        }
        if (st == STATUS_OK && count > 0) {
            st = go_on_from(place, keys);
        }
        PQclear(keys);
    }
    *ended = st == STATUS_OK && count < GROUP;
    if (*ended) {
        project_leave(place);
    }
    return st;
}
