/* SPDX-License-Identifier: MIT */
/*
 * verdict.h - the class of a dossier under a rule, as of a moment.  Pure but for the zone of the process, whose
 * calendar days it uses.
 *
 * Rule `promise`, the citizen's view: the end is on time when it is not later than the first due date.
 * - end: processing finished, else result returned, else refused or stopped (the earlier), else withdrawn.
 * - no due: excluded.  Withdrawn while the promise still held: excluded; after it was broken: late.
 * - ended: late when end > due; early when the end's local day is before the due's; else on_time.
 * - open: paused while the citizen is waited for; overdue when now > due; else in_time.
 */
#ifndef SCORER_VERDICT_H
#define SCORER_VERDICT_H

#include <stdbool.h>
#include <stdint.h>

#include "scorer/fold.h"

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

struct verdict {
    enum verdict_class class;
    int32_t day; /* whose counter holds it: of the end; of the due when overdue; else of the receipt */
};

struct verdict verdict_promise(const struct dossier *dossier, int64_t now_us);

/* True when the promise was missed: a letter is owed. */
bool verdict_missed(enum verdict_class class);

/* The name of a class in the type dossier_class. */
const char *verdict_class_name(enum verdict_class class);
/* The class of that name; VERDICT_CLASSES when there is none. */
enum verdict_class verdict_class_from_name(const char *name);

#endif
