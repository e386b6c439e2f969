/* SPDX-License-Identifier: MIT */
/*
 * letters_act.h - what changes the states of letters that exist.
 */
#ifndef CLI_LETTERS_ACT_H
#define CLI_LETTERS_ACT_H

#include "cli/letters_parts.h"

/* Holds duties and letters until the transaction ends, in the order in which all do it. */
enum status letters_hold(struct db *db, struct db_params *params, const struct letter_key *keys,
                         size_t count) MUST_CHECK;

/* Gives up their mails that nobody has in hand, for the letters go out in another way. */
enum status letters_unmail(struct db *db, struct db_params *params, const struct letter_key *keys, size_t count,
                           const struct letters_request *request) MUST_CHECK;

/* Whether a letter would have been sent before the day it was written. */
bool letters_sent_too_early(int64_t at_us, int64_t drafted_us);

/* letters sent DOSSIER --no NUMBER; returns the exit code. */
int letters_sent_elsewhere(struct cli *cli, const struct letters_request *request, int64_t at_us);

#endif
