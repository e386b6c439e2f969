/* SPDX-License-Identifier: MIT */
/*
 * scoreboard.h - what the scoreboard and its ranking of units share.
 */
#ifndef CLI_SCOREBOARD_H
#define CLI_SCOREBOARD_H

#include "cli/cli.h"
#include "targets/board.h"
#include "targets/period.h"
#include "targets/score_gather.h"

/* What was asked and what came of it. */
struct scoreboard {
    struct period period;
    bool by_plan; /* the period is a plan: only its targets */
    bool check;
    const char *unit;     /* NULL: all */
    int32_t elapsed_days; /* of the period, by the clock, today counted in full; 0: it is not running */
    bool missed;          /* some target is */
    PGresult *groups;     /* target_groups.sql; NULL before run_board has read it */
    int64_t as_of_us;
};

/* Prints the board in the format chosen and notes in self whether a target is missed.  Returns an exit code. */
int scoreboard_print(struct cli *cli, struct scoreboard *self, const struct board *board);

/* Prints the units of the period by rank, in the snapshot that db has open.  Returns an exit code. */
int scoreboard_rank(struct cli *cli, struct db *db, const struct scoreboard *self);

#endif
