/* SPDX-License-Identifier: MIT */
/*
 * rule_switch.h - the switches of a rule by name and value, as tables, files and people write them (docs/rules.md 6).
 */
#ifndef SCORER_RULE_SWITCH_H
#define SCORER_RULE_SWITCH_H

#include <stdbool.h>

#include "common/db.h"
#include "common/status.h"
#include "scorer/rule.h"

/* Those with a set of values, then the limits, then the term of the intake rule. */
enum rule_switch {
    RULE_SWITCH_PRECISION,
    RULE_SWITCH_DUE,
    RULE_SWITCH_FINISH,
    RULE_SWITCH_PAUSE,
    RULE_SWITCH_MEASURE,
    RULE_SWITCH_PAYMENT,
    RULE_SWITCH_WAITING,
    RULE_SWITCH_MISSING_DUE,
    RULE_SWITCH_WITHDRAWN,
    RULE_SWITCH_UNACCEPTED,
    RULE_SWITCH_SUPPLEMENT_LIMIT,
    RULE_SWITCH_EXTENSION_LIMIT,
    RULE_SWITCH_TERM,
    RULE_SWITCHES
};
#define RULE_LIMIT_MAX 1000
/* Room for a value as text. */
#define RULE_VALUE_SIZE 48

/* "precision" …; and back, RULE_SWITCHES when there is none of that name. */
const char *rule_switch_name(enum rule_switch which);
enum rule_switch rule_switch_from_name(const char *name);

/* Whether the rule looks at the switch: a term is of RULE_INTAKE, which looks at nothing else. */
bool rule_switch_applies(enum rule_name rule, enum rule_switch which);

/* The values it may take, in words for a refusal: "instant, day", "0 .. 1000". */
const char *rule_switch_values(enum rule_switch which);

/* Sets a switch by its text; a term as term_parse reads it.  STATUS_INVALID: no such value; rule is as it was. */
enum status rule_switch_set(struct rule *rule, enum rule_switch which, const char *value) MUST_CHECK;

/* The value as rule_switch_set reads it: "day", "1", "5 working_days". */
void rule_switch_text(const struct rule *rule, enum rule_switch which, char text[RULE_VALUE_SIZE]);

/* Reads a row of rule_version_list.sql.  STATUS_FATAL: it holds a value of a newer release. */
enum status rule_switch_read_row(const PGresult *rows, int row, struct rule *rule) MUST_CHECK;

/* Gives a switch of to the value it has in from. */
void rule_switch_copy(struct rule *to, const struct rule *from, enum rule_switch which);

bool rule_switch_same(const struct rule *a, const struct rule *b, enum rule_switch which);

#endif
