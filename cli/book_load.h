/* SPDX-License-Identifier: MIT */
/*
 * book_load.h - what loading rules, terms and codes has in common: one transaction, one loader at a time, and running
 * programs told to read again.
 */
#ifndef CLI_BOOK_LOAD_H
#define CLI_BOOK_LOAD_H

#include <stdbool.h>

#include "cli/cli.h"

/* Opens the operator's transaction.  EXIT_FINE, or the exit code with the reason printed. */
int book_load_begin(struct cli *cli, struct db **db_p);

/*
 * Ends it: with code EXIT_FINE it is committed and the stamp moves, in a dry run or else it is rolled back.  st is what
 * the last call on db gave.  Returns the exit code, the reason printed.
 */
int book_load_end(struct cli *cli, struct db *db, int code, enum status st, bool dry_run);

/* Who loads: $USER, else the name of the login. */
const char *book_load_who(void);

/* {"new": …, "changed": …, "same": …, "dry_run": …} of the three numbers; NULL when memory is short. */
cJSON *book_load_json(const long long numbers[3], bool dry_run);

/* Prints word with the three numbers, and that nothing was stored when it was a dry run. */
void book_load_tell(struct cli *cli, enum word word, const long long numbers[3], bool dry_run);

/* The one or the other, as the call asks.  Returns the exit code. */
int book_load_answer(struct cli *cli, enum word word, const long long numbers[3], bool dry_run);

#endif
