/* SPDX-License-Identifier: MIT */
/*
 * deliveries.h - what the parts of kipthoi deliveries share.
 */
#ifndef CLI_DELIVERIES_H
#define CLI_DELIVERIES_H

#include "cli/cli.h"

/* The options. */
struct deliveries_request {
    const char *state;
    const char *recipient; /* its number */
    const char *limit;     /* NULL: 100; "0": all */
    const char *why;
    const char *by; /* NULL: who runs this */
};

/* The calls; request is a struct deliveries_request. */
int deliveries_list(struct cli *cli, int argc, char **argv, const void *request);
int deliveries_count(struct cli *cli, int argc, char **argv, const void *request);
int deliveries_show(struct cli *cli, int argc, char **argv, const void *request);
int deliveries_redrive(struct cli *cli, int argc, char **argv, const void *request);

/* Adds --recipient as a parameter, NULL when it was not given.  -1, or EXIT_USAGE with the reason printed. */
int deliveries_add_recipient(const struct cli *cli, struct db_params *params, const char *recipient);

#endif
