/* SPDX-License-Identifier: MIT */
/*
 * project.h - another calendar version has come into force: the dossiers that it may concern are judged again, some
 * groups a turn, which bounds the memory of a turn and of the round in which the notifier hears of it.
 */
#ifndef SCORER_PROJECT_H
#define SCORER_PROJECT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"
#include "scorer/work.h"

/* How far the dossiers of a shard are judged anew; a program that starts again begins at the first that is left. */
struct project_place {
    int calendar; /* version that they are judged by; 0: none is under way */
    int32_t source_id;
    char *code; /* owned */
};

/* A shard, and the version that its dossiers are to be judged by. */
struct project_shard {
    int shard;
    int shards;
    int calendar;
};

/* Goes on from place, within the turn's transaction.  *ended: no dossier is left.  *news as in work.h. */
enum status project_some(struct project_place *place, struct work_tools *tools, const struct work_reach *ledger,
                         const struct project_shard *asked, bool *ended, bool *news) MUST_CHECK;

/* Back to the first that is left: the turn was rolled back. */
void project_leave(struct project_place *place);

#endif
