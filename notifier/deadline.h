/* SPDX-License-Identifier: MIT */
/*
 * deadline.h - until when an apology letter is in time, by the rule in force for the date promised (table letter_rule).
 */
#ifndef NOTIFIER_DEADLINE_H
#define NOTIFIER_DEADLINE_H

#include <stddef.h>
#include <stdint.h>

#include "common/db.h"
#include "common/status.h"
#include "notifier/hours.h"

#define DEADLINE_RULES_MAX 64

struct deadline_rule {
    int64_t effective_us;
    int16_t version;
    int16_t days_before;
    bool whole_day; /* until the end of the day that the working days before lead to; else to the moment */
};

/* Ascending by effective_us; the first is effective from the beginning of time. */
struct deadline_rules {
    struct deadline_rule rule[DEADLINE_RULES_MAX];
    size_t count;
};

/* Reads the table.  STATUS_INVALID: there is no rule, or there are too many. */
enum status deadline_load(struct deadline_rules *self, struct db *db) MUST_CHECK;

/* The rule for a promise, and the deadline by it.  self has at least one rule. */
const struct deadline_rule *deadline_rule_for(const struct deadline_rules *self, int64_t due_us);
int64_t deadline_of(const struct deadline_rule *rule, const struct hours *hours, int32_t unit_id, int64_t due_us);

#endif
