/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - the classes of a dossier under the rules, as of a moment, by docs/rules.md 7 to 9 and 12.  Pure but for
 * the zone of the process, whose calendar days it uses.
 */
#ifndef SCORER_VERDICT_H
#define SCORER_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "common/calendars.h"
#include "scorer/fold.h"
#include "scorer/rule.h"

/* In the order of the columns of day_count. */
enum verdict_class {
    VERDICT_EARLY,
    VERDICT_ON_TIME,
    VERDICT_LATE,
    VERDICT_OVERDUE,
    VERDICT_IN_TIME,
    VERDICT_PAUSED,
    VERDICT_EXCLUDED,
    VERDICT_CLASSES
};

/* Why a dossier has the class it has. */
enum verdict_reason {
    VERDICT_BY_END,         /* the end was compared with the due */
    VERDICT_BY_NOW,         /* open: now was compared with the due */
    VERDICT_BY_WAITING,     /* waits for the citizen: the request was compared with the due */
    VERDICT_BY_SUPPLEMENTS, /* asked for supplements too often */
    VERDICT_NO_DUE,
    VERDICT_NOT_ACCEPTED,
    VERDICT_WITHDRAWN,
    VERDICT_NO_CALENDAR
};

struct verdict {
    enum verdict_class class; /* VERDICT_CLASSES: this rule does not judge the dossier (intake only) */
    enum verdict_reason reason;
    int32_t day;      /* whose counter holds it */
    int64_t due_us;   /* D; FOLD_NONE_US when there is none */
    int64_t end_us;   /* what was compared with it: the end counted, else FOLD_NONE_US */
    int64_t asked_us; /* since when an open one waits for the citizen by this rule; FOLD_NONE_US when it does not */
    int64_t flips_us; /* time breaks a promise after it: this one or a later one; FOLD_NONE_US when none is left */
    int calendar;     /* version used; 0 none was needed, -1 none knows the years */
};

/* What dossiers are judged by; all borrowed. */
struct verdict_basis {
    const struct rule_book *rules;
    const struct calendars *calendars; /* may be NULL: none loaded */
};

struct verdicts {
    struct verdict rule[RULES];
    int64_t due_computed_us;
    int64_t next_due_us; /* the promise that time breaks next; FOLD_NONE_US when there is none */
    int32_t broken;      /* promises that were broken */
    int calendar;        /* as dossier.calendar */
    int32_t flags;       /* the dossier's, and those that need the rules */
};

/* Judges under every rule; procedure is the dossier's code ("" when none).  dossier->partial must not hold. */
void verdict_judge(const struct verdict_basis *basis, const struct dossier *dossier, const char *procedure,
                   int64_t now_us, struct verdicts *verdicts);

/*
 * For an open dossier whose verdicts were stored: what the passing of time has made of the verdict of one rule.  Uses
 * class, day and due_us only.
 */
void verdict_tick(const struct rule *rule, int64_t now_us, struct verdict *verdict);

/* The last moment that is not after a due by the rule's precision. */
int64_t verdict_flip(const struct rule *rule, int64_t due_us);

/* The moment by which a dossier's version of rule and term is chosen. */
int64_t verdict_anchor(const struct dossier *dossier);

/* When processing came to an end, withdrawal included, by a rule; FOLD_NONE_US while it has not. */
int64_t verdict_end(const struct dossier *dossier, const struct rule *rule);

/* True when the promise was missed: a letter is owed. */
bool verdict_missed(enum verdict_class class);

/* The name of a class in the type dossier_class. */
const char *verdict_class_name(enum verdict_class class);
/* The class of that name; VERDICT_CLASSES when there is none. */
enum verdict_class verdict_class_from_name(const char *name);

#endif
