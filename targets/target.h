/* SPDX-License-Identifier: MIT */
/*
 * target.h - what a plan asks for, which of two targets decides, and which contradict each other.  Pure.
 *
 * A target has a scope (unit with those under it, group of fields, procedure), a measure, a bound and days on which it
 * holds.  Most specific scope decides; docs/targets.md is the text of these rules.
 */
#ifndef TARGETS_TARGET_H
#define TARGETS_TARGET_H

#include <stdbool.h>
#include <stdint.h>

#include "common/status.h"

enum target_each { TARGET_WHOLE, TARGET_EACH_FIELD, TARGET_EACH_UNIT };
enum target_relation { TARGET_AT_LEAST, TARGET_BELOW };
/* From the shortest to the longest. */
enum target_period { TARGET_MONTH, TARGET_QUARTER, TARGET_YEAR, TARGET_PLAN };
/* TARGET_REPORTED: any other name, whose figures come as indicators. */
enum target_measure {
    TARGET_ON_TIME,
    TARGET_LATE,
    TARGET_ON_TIME_PORTAL,
    TARGET_LETTERS_TIMELY,
    TARGET_INTAKE_ON_TIME,
    TARGET_REPORTED
};

#define TARGET_WHOLE_BP 10000 /* 100 % in hundredths of a per cent */

/* Texts are borrowed; "" in unit, field_group and procedure means all. */
struct target {
    int32_t line; /* of the plan's file */
    int32_t bound_bp;
    int32_t min_sample;
    int32_t first_day;  /* valid from; days since 1970-01-01 */
    int32_t last_day;   /* valid to */
    int32_t unit_depth; /* superiors above the unit, plus 1; 0 for all units */
    enum target_each each;
    enum target_relation relation;
    enum target_period period;
    enum target_measure kind;
    const char *plan;
    const char *unit;
    const char *field_group;
    const char *procedure;
    const char *measure; /* the name that kind was read from */
    const char *title;
    const char *source;
};

/* Words of the file and of the table; STATUS_INVALID when it is none. */
enum status target_read_each(const char *text, enum target_each *each) MUST_CHECK;
enum status target_read_relation(const char *text, enum target_relation *relation) MUST_CHECK;
enum status target_read_period(const char *text, enum target_period *period) MUST_CHECK;
/* A name of 1 to 64 small letters, digits and '_', the first a letter. */
enum status target_read_measure(const char *text, enum target_measure *kind) MUST_CHECK;
const char *target_each_name(enum target_each each);
const char *target_relation_name(enum target_relation relation);
const char *target_period_name(enum target_period period);

/* NULL, or why this target by itself makes no sense. */
const char *target_nonsense(const struct target *target);

/* Whether both speak of the same thing: on_time and late are one, each other measure is one of its own. */
bool target_same_family(const struct target *a, const struct target *b);

/*
 * Whether two targets name two bounds for the same thing: same scope, each and period, one family, days in common, and
 * not word for word the same demand.  Two of one plan contradict each other even then: one is there twice.
 */
bool target_contradicts(const struct target *a, const struct target *b);

/*
 * Which of two targets of one family decides a row that is asked of each (or of a whole) over a period of this kind.
 * Above 0: a; below 0: b; never 0 for different targets.  In this order: a procedure before none, a group of fields
 * before none, the unit deeper in the tree, the target that asks of each as the row does, the period asked for before a
 * longer one before a shorter one, the later valid_from; at last plan and line, only so that the answer is always the
 * same one.
 */
int target_precedence(const struct target *a, const struct target *b, enum target_each each, enum target_period period);

#endif
