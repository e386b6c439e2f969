/* SPDX-License-Identifier: MIT */
/* promises.c - the promises of a dossier. */
#include "scorer/promises.h"

/* The first one is not among the later ones. */
#define LATER_MAX (INT16_MAX - 1)

static bool known(int64_t moment_us)
{
    return moment_us != FOLD_NONE_US;
}

size_t promises_later(const struct dossier *dossier, const struct verdict *promise, const int64_t **dues)
{
    size_t kept = 0; /* re-appointments that the first promise had reached by itself */
    size_t later;

    *dues = NULL;
    if (promise->class == VERDICT_EXCLUDED || !known(promise->due_us)) {
        return 0;
    }
    while (kept < dossier->appointment_count && dossier->appointments[kept] <= promise->due_us) {
        kept++;
    }
    later = dossier->appointment_count - kept;
    if (later > 0) {
        *dues = dossier->appointments + kept;
    }
    return later < LATER_MAX ? later : LATER_MAX;
}

void promises_judge(const struct rule *rule, const struct dossier *dossier, int64_t now_us, struct verdicts *verdicts)
{
    struct verdict *promise = &verdicts->rule[RULE_PROMISE];
    const int64_t *dues;
    size_t later = promises_later(dossier, promise, &dues);
    size_t broken = 0; /* of the later ones */
    /* What they are compared with: the end counted, the request, else now. */
    int64_t against_us = known(promise->end_us) ? promise->end_us : promise->asked_us;
    bool runs = !known(against_us);

    verdicts->broken = 0;
    verdicts->next_due_us = promise->class == VERDICT_IN_TIME ? promise->due_us : FOLD_NONE_US;
    if (!verdict_missed(promise->class)) {
        return;
    }
    against_us = runs ? now_us : against_us;
    while (broken < later && against_us > verdict_flip(rule, dues[broken])) {
        broken++;
    }
    verdicts->broken = 1 + (int32_t)broken;
    if (runs && broken < later) {
        verdicts->next_due_us = dues[broken];
        promise->flips_us = verdict_flip(rule, dues[broken]);
    }
}

void promises_tick(const struct rule *rule, const struct dossier *dossier, int64_t now_us, struct verdicts *verdicts)
{
    /* Without a next promise it has ended, waits, or has none left to break. */
    if (known(verdicts->next_due_us)) {
        promises_judge(rule, dossier, now_us, verdicts);
    }
}
