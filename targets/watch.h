/* SPDX-License-Identifier: MIT */
/*
 * watch.h - when a row of a scoreboard calls for an alert, and when that is over.  Pure, integers only.
 *
 * Two things are watched of each row: that the target is missed, and that the present pace leads to missing it.  Each
 * begins when the bound is crossed and is over only when the figures are better than the bound by a margin, so that a
 * rate that swings around the bound is told once.
 */
#ifndef TARGETS_WATCH_H
#define TARGETS_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "targets/score.h"
#include "targets/target.h"

struct watch_rule {
    int32_t margin_bp; /* beyond the bound, for it to be over: hundredths of a per cent */
    int64_t sample;    /* least denominator of what is counted by dossiers, beside the target's own min_sample */
};

/* What is the case of a row. */
struct watch_state {
    bool fell;     /* the target is missed, and was not reached again by the margin */
    bool forecast; /* it is not missed, but will be */
};

/* What a row comes to, by the code that the scoreboard prints. */
struct watch_figures {
    struct score_verdict now;
    struct score_verdict pace; /* all 0 where there is none */
};

/*
 * Fills figures and returns what is the case after was.  elapsed of total days have come, today in full; elapsed 0: the
 * period is not running.
 * Missed begins with an answer of "missed" on enough of a sample; it is over when the bound plus the margin is met (at
 * most 100 %, at least above 0 for what is kept below a bound).  No data is neither: what began stays.
 * Forecast begins in the same way with the pace while the target is not missed, and is over by the same margin, or
 * because the target is missed; indicators have no pace.
 */
struct watch_state watch_judge(const struct target *target, const struct score_tally *tally, int32_t elapsed,
                               int32_t total, const struct watch_rule *rule, struct watch_state was,
                               struct watch_figures *figures);

#endif
