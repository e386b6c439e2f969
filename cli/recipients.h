/* SPDX-License-Identifier: MIT */
/*
 * recipients.h - what the parts of kipthoi recipients share.
 */
#ifndef CLI_RECIPIENTS_H
#define CLI_RECIPIENTS_H

#include "cli/cli.h"

/* The options. */
struct recipients_request {
    const char *unit;
    const char *role;
    const char *email;
    const char *webhook;
    const char *hours;
    const char *secret_file;
    const char *why;
    const char *by; /* NULL: who runs this */
    const char *limit;
    bool finish;
    bool dry_run;
};

/* Columns of recipients_one.sql. */
enum recipients_column {
    RECIPIENTS_ID,
    RECIPIENTS_UNIT,
    RECIPIENTS_ROLE,
    RECIPIENTS_CHANNEL,
    RECIPIENTS_ADDRESS,
    RECIPIENTS_FILES,
    RECIPIENTS_DISABLED,
};

/* Reads the recipient that text numbers.  EXIT_FINE with *row to be cleared, or the exit code, the reason printed. */
int recipients_find(struct cli *cli, struct db *db, const char *text, PGresult **row);

/*
 * Units with open dossiers or letters to send and rungs of which nobody would hear (recipients_unheard.sql); also for
 * kipthoi status and doctor.
 */
enum status recipients_read_unheard(struct db *db, PGresult **rows) MUST_CHECK;

/* How the keys of webhooks are: files that cannot be used, and rotations not finished within days.  Texts are sentences
 * about the first of each. */
#define RECIPIENTS_ROTATION_DAYS 7
struct recipients_keys {
    int bad;
    int old;
    int unseen; /* whoever runs this may not look at them */
    char bad_text[512];
    char old_text[512];
};
enum status recipients_look_at_keys(struct db *db, struct recipients_keys *keys) MUST_CHECK;

/* The calls; request is a struct recipients_request. */
int recipients_list(struct cli *cli, int argc, char **argv, const void *request);
int recipients_log(struct cli *cli, int argc, char **argv, const void *request);
int recipients_check(struct cli *cli, int argc, char **argv, const void *request);
int recipients_add(struct cli *cli, int argc, char **argv, const void *request);
int recipients_load(struct cli *cli, int argc, char **argv, const void *request);
int recipients_remove(struct cli *cli, int argc, char **argv, const void *request);
int recipients_disable(struct cli *cli, int argc, char **argv, const void *request);
int recipients_enable(struct cli *cli, int argc, char **argv, const void *request);
int recipients_test(struct cli *cli, int argc, char **argv, const void *request);
int recipients_rotate(struct cli *cli, int argc, char **argv, const void *request);
int recipients_secret(struct cli *cli, int argc, char **argv, const void *request);

#endif
