/* SPDX-License-Identifier: MIT */
/*
 * explain_gap.h - why promise and portal differ: which switches of one rule, exchanged for the other's, turn its
 * verdict into the other's.  Pure but for the zone of the process.
 */
#ifndef CLI_EXPLAIN_GAP_H
#define CLI_EXPLAIN_GAP_H

#include <stdbool.h>
#include <stdint.h>

#include "scorer/rule_switch.h"
#include "scorer/verdict.h"

struct explain_gap {
    int count; /* 0: the classes are the same, or no switch is the cause */
    enum rule_switch switches[RULE_SWITCHES];
    bool no_calendar; /* they differ, and one is what it is because no calendar knows the years */
};

/*
 * The least set of switches that makes the difference: the portal's exchanged for the promise's, or the promise's for
 * the portal's, whichever takes fewer.  Of several equally small ones the first in the order in which people ask:
 * waiting, supplement_limit, due, pause, finish, ...  The dossier is judged again for each attempt, so what is named is
 * proven, not guessed.  Where a calendar is missing no switch is looked for: a class of the lack says nothing of rules.
 *  STATUS_RETRY: memory is short.
 */
enum status explain_gap_find(const struct verdict_basis *basis, const struct dossier *dossier, const char *procedure,
                             int64_t now_us, struct explain_gap *gap) MUST_CHECK;

#endif
