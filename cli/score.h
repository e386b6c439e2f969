/* SPDX-License-Identifier: MIT */
/*
 * score.h - whether a target is met, by how many dossiers, and what the present pace leads to.  Pure, integers only.
 */
#ifndef CLI_SCORE_H
#define CLI_SCORE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/target.h"

/* What was counted of a row.  For indicators kept is the numerator, and kept + broken the denominator. */
struct score_tally {
    int64_t kept;    /* early and on time; letters sent in time */
    int64_t broken;  /* late; letters not sent in time */
    int64_t waiting; /* open and in time, or paused */
    int64_t overdue; /* open, past the promise */
};

void score_add(struct score_tally *sum, const struct score_tally *more);

enum score_answer { SCORE_NO_DATA, SCORE_MET, SCORE_MISSED };

struct score_verdict {
    enum score_answer answer;
    int64_t part; /* part of whole is compared with the bound */
    int64_t whole;
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
 * 0), rounded half up; what is open stands as it is.
 */
struct score_tally score_project(const struct score_tally *tally, int32_t elapsed_days, int32_t total_days);

/* By rate: above 0 when a is the better one, 0 when they are equal; no sample is worse than any. */
int score_compare_rates(int64_t part_a, int64_t whole_a, int64_t part_b, int64_t whole_b);

/* "98.61" of part in whole, a half rounded up; NULL when whole is 0.  point parts the decimals.  part >= 0. */
#define SCORE_TEXT_SIZE 48
const char *score_rate(int64_t part, int64_t whole, char point, char out[SCORE_TEXT_SIZE]);
/* "98" or "97.5" of hundredths. */
const char *score_bound(int32_t bound_bp, char point, char out[SCORE_TEXT_SIZE]);
/* "1,478,230" with the separator given. */
const char *score_number(int64_t number, char separator, char out[SCORE_TEXT_SIZE]);

#endif
