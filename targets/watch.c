/* SPDX-License-Identifier: MIT */
/* watch.c - see watch.h. */
#include "targets/watch.h"

/* The target that has to be met for an alert to be over. */
static struct target beyond(const struct target *target, int32_t margin_bp)
{
    struct target strict = *target;

    if (target->relation == TARGET_AT_LEAST) {
        strict.bound_bp =
            margin_bp > TARGET_WHOLE_BP - target->bound_bp ? TARGET_WHOLE_BP : target->bound_bp + margin_bp;
    } else {
        /* Nothing is below 0. */
        strict.bound_bp = margin_bp >= target->bound_bp ? 1 : target->bound_bp - margin_bp;
    }
    return strict;
}

/* Of letters and of what is reported every single one may matter: there the target's own min_sample says it all. */
static bool counts_dossiers(enum target_measure kind)
{
    return kind != TARGET_LETTERS_TIMELY && kind != TARGET_REPORTED;
}

struct watch_state watch_judge(const struct target *target, const struct score_tally *tally, int32_t elapsed,
                               int32_t total, const struct watch_rule *rule, struct watch_state was,
                               struct watch_figures *figures)
{
    struct target strict = beyond(target, rule->margin_bp);
    bool paced = elapsed > 0 && target->kind != TARGET_REPORTED;
    bool enough;
    struct watch_state is;

    figures->now = score_judge(target, tally);
    figures->pace = paced ? score_forecast(target, tally, elapsed, total) : (struct score_verdict){0};
    enough = !counts_dossiers(target->kind) || figures->now.whole >= rule->sample;
    is.fell =
        was.fell ? score_judge(&strict, tally).answer != SCORE_MET : enough && figures->now.answer == SCORE_MISSED;
    if (was.forecast) {
        is.forecast = !paced || score_forecast(&strict, tally, elapsed, total).answer != SCORE_MET;
    } else {
        is.forecast = enough && figures->pace.answer == SCORE_MISSED;
    }
    is.forecast = is.forecast && !is.fell;
    return is;
}
