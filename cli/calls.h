/* SPDX-License-Identifier: MIT */
/*
 * calls.h - the calls of a subcommand that has several ("kipthoi alerts mute"): finds the one that was typed, checks
 * what it takes, and runs it.
 */
#ifndef CLI_CALLS_H
#define CLI_CALLS_H

#include "cli/cli.h"

struct call {
    const char *name;    /* "mute", or two words: "ladder load" */
    const char *allowed; /* options it takes, separated by blanks */
    int least, most;     /* arguments */
    bool why;            /* --why is needed */
    /* argv[0 .. argc) are its arguments, request is what the options were read into. */
    int (*run)(struct cli *cli, int argc, char **argv, const void *request);
};

/* All that was typed, after cli_options. */
struct calls_typed {
    int argc; /* with the subcommand's name at argv[0] */
    char **argv;
    const struct cli_option *options;
    const char *why; /* of --why */
    const void *request;
};

/* Runs the one of the calls that was typed, the first one when none is named; returns its exit code or EXIT_USAGE. */
int calls_run(struct cli *cli, const struct call *calls, size_t count, const struct calls_typed *typed);

/* Reads the number of a row ("17"), or --limit (NULL: 100; 0 is all).  -1, or EXIT_USAGE with the reason printed. */
int calls_read_id(const struct cli *cli, const char *text, int64_t *id);
int calls_read_limit(const struct cli *cli, const char *text, int64_t *limit);

#endif
