/* SPDX-License-Identifier: MIT */
/*
 * explain_gap.h - why promise and portal differ: which switches of the portal's rule, exchanged for the promise's, turn
 * its verdict into the other.  Pure but for the zone of the process.
 */
#ifndef CLI_EXPLAIN_GAP_H
#define CLI_EXPLAIN_GAP_H

#include <stdint.h>

#include "scorer/rule_switch.h"
#include "scorer/verdict.h"

struct explain_gap {
    int count; /* 0: the classes are the same */
    enum rule_switch switches[RULE_SWITCHES];
};

/*
 * The least set of switches that makes the difference; of several equally small ones the first in the order in which
 * people ask: waiting, supplement_limit, due, pause, finish, ...  The dossier is judged again for each attempt, so what
 * is named is proven, not guessed.  STATUS_RETRY: memory is short.
 */
enum status explain_gap_find(const struct verdict_basis *basis, const struct dossier *dossier, const char *procedure,
                             int64_t now_us, struct explain_gap *gap) MUST_CHECK;

#endif
