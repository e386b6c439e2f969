/* SPDX-License-Identifier: MIT */
/*
 * promises.h - the promises of a dossier: the first is the due of the rule `promise`, the later ones are what it was
 * re-appointed to.  By docs/rules.md 12; pure but for the zone of the process.
 */
#ifndef SCORER_PROMISES_H
#define SCORER_PROMISES_H

#include <stddef.h>
#include <stdint.h>

#include "scorer/verdict.h"

/*
 * The later promises P2, P3, … of a dossier with that verdict under `promise`, ascending: *dues is borrowed from
 * dossier->appointments.  Returns their number.
 */
size_t promises_later(const struct dossier *dossier, const struct verdict *promise, const int64_t **dues);

/*
 * Counts the broken promises as of now_us and finds the next one, once verdicts->rule[RULE_PROMISE] has been judged;
 * sets its flips_us where a later promise is the next.
 */
void promises_judge(const struct rule *rule, const struct dossier *dossier, int64_t now_us, struct verdicts *verdicts);

/*
 * The same when only time has passed since: verdicts are those stored, the class ticked on by verdict_tick.  Of
 * dossier->appointments the later promises are enough.
 */
void promises_tick(const struct rule *rule, const struct dossier *dossier, int64_t now_us, struct verdicts *verdicts);

#endif
