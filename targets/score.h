/* SPDX-License-Identifier: MIT */
/*
 * score.h - whether a target is met, by how many dossiers, and what the present pace leads to.  Pure, integers only.
 */
#ifndef TARGETS_SCORE_H
#define TARGETS_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "targets/target.h"

/* What was counted of a row.  For indicators kept is the numerator, and kept + broken the denominator. */
struct score_tally {
    int64_t kept;    /* early and on time; letters sent in time */
    int64_t broken;  /* late; letters not sent in time */
    int64_t waiting; /* open and in time, or paused */
    int64_t overdue; /* open, past the promise */
    int64_t none;    /* letters: of broken, those that were not sent at all */
};

void score_add(struct score_tally *sum, const struct score_tally *more);

enum score_answer { SCORE_NO_DATA, SCORE_MET, SCORE_MISSED };

struct score_verdict {
    enum score_answer answer;
    int64_t part; /* part of whole is compared with the bound */
    int64_t whole;
    int64_t exact_part; /* the same before rounding, times the days gone by in a forecast: the rate is made of these */
    int64_t exact_whole;
    bool bounded; /* margin is known: there is data and the bound can be crossed */
    /*
     * Dossiers, letters: 0 or more when met, the most that may still come out late with the target met; below 0 when
     * missed, minus the least number that would have had to come out otherwise.
     * Indicators: in units of the numerator, how far it is beyond the bound, or minus how much it lacks.
     */
    int64_t margin;
};

/*
 * Judges a tally.  part and whole by measure: on_time, intake_on_time kept of kept + broken (finished); late broken of
 * the same; on_time_portal kept + waiting of all; letters and indicators kept of kept + broken.  A whole of 0, or below
 * min_sample, is SCORE_NO_DATA.
 */
struct score_verdict score_judge(const struct target *target, const struct score_tally *tally);

/*
 * What a running period comes to at the present pace: what has ended grows with the days (elapsed of total, both above
 * 0), what is open stands as it is.  Rate, answer and margin are of the exact quotients, so that the pace of a measure
 * without open dossiers keeps its rate; part and whole are rounded half up, and whole is what min_sample asks of.
 */
struct score_verdict score_forecast(const struct target *target, const struct score_tally *tally, int32_t elapsed_days,
                                    int32_t total_days);

/* By rate: above 0 when a is the better one, 0 when they are equal; no sample is worse than any. */
int score_compare_rates(int64_t part_a, int64_t whole_a, int64_t part_b, int64_t whole_b);

#define SCORE_TEXT_SIZE 48
/* "98" or "97.5" of hundredths. */
const char *score_bound(int32_t bound_bp, char point, char out[SCORE_TEXT_SIZE]);
/* "≥ 97.5 %", what the target asks for. */
const char *score_demand(const struct target *target, char point, char out[SCORE_TEXT_SIZE]);
/* "1,478,230" with the separator given. */
const char *score_number(int64_t number, char separator, char out[SCORE_TEXT_SIZE]);

#endif
