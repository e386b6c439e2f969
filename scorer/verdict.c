/* SPDX-License-Identifier: MIT */
/* verdict.c - the class of a dossier under a rule. */
#include "scorer/verdict.h"

#include <string.h>

#include "common/clock.h"

static const char *const names[] = {"early", "on_time", "late", "overdue", "in_time", "paused", "excluded"};

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    if (a_us == FOLD_NONE_US || (b_us != FOLD_NONE_US && b_us < a_us)) {
        return b_us;
    }
    return a_us;
}

/* When processing came to an end other than by withdrawal; FOLD_NONE_US while it has not. */
static int64_t end_of_processing(const struct dossier *dossier)
{
    if (dossier->finished_us != FOLD_NONE_US) {
        return dossier->finished_us;
    }
    if (dossier->returned_us != FOLD_NONE_US) {
        return dossier->returned_us;
    }
    return earlier(dossier->refused_us, dossier->stopped_us);
}

static int32_t day_of_receipt(const struct dossier *dossier)
{
    return clock_local_day(dossier->received_us == FOLD_NONE_US ? dossier->last_happened_us : dossier->received_us);
}

static struct verdict ended(int64_t end_us, int64_t due_us)
{
    struct verdict verdict = {.class = VERDICT_ON_TIME, .day = clock_local_day(end_us)};

    if (end_us > due_us) {
        verdict.class = VERDICT_LATE;
    } else if (verdict.day < clock_local_day(due_us)) {
        verdict.class = VERDICT_EARLY;
    }
    return verdict;
}

static struct verdict open(const struct dossier *dossier, int64_t now_us)
{
    if (dossier->paused_us != FOLD_NONE_US) {
        return (struct verdict){.class = VERDICT_PAUSED, .day = day_of_receipt(dossier)};
    }
    if (now_us > dossier->due_first_us) {
        return (struct verdict){.class = VERDICT_OVERDUE, .day = clock_local_day(dossier->due_first_us)};
    }
    return (struct verdict){.class = VERDICT_IN_TIME, .day = day_of_receipt(dossier)};
}

struct verdict verdict_promise(const struct dossier *dossier, int64_t now_us)
{
    struct verdict excluded = {.class = VERDICT_EXCLUDED};
    int64_t end_us = end_of_processing(dossier);

    if (dossier->due_first_us != FOLD_NONE_US) {
        if (end_us != FOLD_NONE_US) {
            return ended(end_us, dossier->due_first_us);
        }
        if (dossier->withdrawn_us == FOLD_NONE_US) {
            return open(dossier, now_us);
        }
        if (dossier->withdrawn_us > dossier->due_first_us) {
            return ended(dossier->withdrawn_us, dossier->due_first_us);
        }
    }
    excluded.day = day_of_receipt(dossier);
    return excluded;
}

bool verdict_missed(enum verdict_class class)
{
    return class == VERDICT_LATE || class == VERDICT_OVERDUE;
}

const char *verdict_class_name(enum verdict_class class)
{
    return names[class];
}

enum verdict_class verdict_class_from_name(const char *name)
{
    for (int i = 0; i < VERDICT_CLASSES; i++) {
        if (strcmp(names[i], name) == 0) {
            return (enum verdict_class)i;
        }
    }
    return VERDICT_CLASSES;
}
