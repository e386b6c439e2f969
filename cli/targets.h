/* SPDX-License-Identifier: MIT */
/*
 * targets.h - what the parts of kipthoi targets share.
 */
#ifndef CLI_TARGETS_H
#define CLI_TARGETS_H

#include "cli/cli.h"
#include "targets/target.h"

/* The options. */
struct targets_request {
    const char *plan; /* NULL: all */
    const char *by;   /* NULL: who runs this */
    bool dry_run;
};

/* A table of targets with its columns, and a row with what every target has; for programs columns remain to be filled.
 */
struct table *targets_table(const struct cli *cli);
void targets_put(const struct cli *cli, struct table *table, const struct target *target);

/* kipthoi targets alerts, with options of its own; returns an exit code. */
int targets_alerts(struct cli *cli, int argc, char **argv, const char *help);

/* Both load a file in one transaction, tell about it and return an exit code. */
int targets_load(struct cli *cli, const char *path, const struct targets_request *request);
int targets_load_groups(struct cli *cli, const char *path, const struct targets_request *request);

#endif
