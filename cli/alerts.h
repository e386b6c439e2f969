/* SPDX-License-Identifier: MIT */
/*
 * alerts.h - what the parts of kipthoi alerts share.
 */
#ifndef CLI_ALERTS_H
#define CLI_ALERTS_H

#include "cli/cli.h"

/* The options. */
struct alerts_request {
    const char *unit;
    const char *field;
    const char *rung;
    const char *source;
    const char *until;
    const char *why;
    const char *by;    /* NULL: who runs this */
    const char *limit; /* NULL: 100; "0": all */
    int64_t days;      /* 0: 7 */
    bool missed;
    bool all;
    bool dry_run;
};

/*
 * Steps due before this moment and still waiting are missed: the notifier has had a turn since then (notifier.poll, and
 * at least a second).
 */
int64_t alerts_missed_before_us(const struct cli *cli);

/* The calls; request is a struct alerts_request. */
int alerts_list(struct cli *cli, int argc, char **argv, const void *request);
int alerts_due(struct cli *cli, int argc, char **argv, const void *request);
int alerts_ack(struct cli *cli, int argc, char **argv, const void *request);
int alerts_snooze(struct cli *cli, int argc, char **argv, const void *request);
int alerts_mute(struct cli *cli, int argc, char **argv, const void *request);
int alerts_unmute(struct cli *cli, int argc, char **argv, const void *request);
int alerts_mutes(struct cli *cli, int argc, char **argv, const void *request);
int alerts_ladder(struct cli *cli, int argc, char **argv, const void *request);
int alerts_ladder_load(struct cli *cli, int argc, char **argv, const void *request);

#endif
