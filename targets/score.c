/* SPDX-License-Identifier: MIT */
/* score.c - see score.h. */
#include "targets/score.h"

#include <stdio.h>
#include <string.h>

/* Sums of money times 10,000 do not fit 64 bits. */
__extension__ typedef __int128 wide;

void score_add(struct score_tally *sum, const struct score_tally *more)
{
    sum->kept += more->kept;
    sum->broken += more->broken;
    sum->waiting += more->waiting;
    sum->overdue += more->overdue;
    sum->none += more->none;
}

static int64_t part_of(enum target_measure kind, const struct score_tally *tally)
{
    switch (kind) {
    case TARGET_LATE:
        return tally->broken;
    case TARGET_ON_TIME_PORTAL:
        return tally->kept + tally->waiting;
    case TARGET_ON_TIME:
    case TARGET_LETTERS_TIMELY:
    case TARGET_INTAKE_ON_TIME:
    case TARGET_REPORTED:
        break;
    }
    return tally->kept;
}

static int64_t whole_of(enum target_measure kind, const struct score_tally *tally)
{
    int64_t ended = tally->kept + tally->broken;

    return kind == TARGET_ON_TIME_PORTAL ? ended + tally->waiting + tally->overdue : ended;
}

/* What is judged: part of whole, both times unit. */
struct share {
    wide part;
    wide whole;
    int32_t unit;
};

/* Each further late one is one more of the whole; false when any number may come. */
static bool margin_at_least(const struct target *target, const struct share *share, int64_t *margin)
{
    /* How far part is above what the bound needs, times TARGET_WHOLE_BP; below 0: that much is missing. */
    wide room = share->part * TARGET_WHOLE_BP - target->bound_bp * share->whole;
    wide step = (wide)share->unit * TARGET_WHOLE_BP;

    if (room < 0) {
        *margin = -(int64_t)((-room + step - 1) / step);
        return true;
    }
    if (target->kind != TARGET_REPORTED) {
        if (target->bound_bp == 0) {
            return false;
        }
        step = (wide)share->unit * target->bound_bp;
    }
    *margin = (int64_t)(room / step);
    return true;
}

static bool margin_below(const struct target *target, const struct share *share, int64_t *margin)
{
    /* How far part * 10000 is below bound * whole; 0 is not below. */
    wide room = target->bound_bp * share->whole - share->part * TARGET_WHOLE_BP;
    int32_t step = target->kind == TARGET_REPORTED ? TARGET_WHOLE_BP : TARGET_WHOLE_BP - target->bound_bp;

    if (room <= 0) {
        *margin = -(int64_t)(-room / ((wide)share->unit * TARGET_WHOLE_BP) + 1);
        return true;
    }
    if (step == 0) {
        return false;
    }
    *margin = (int64_t)((room - 1) / ((wide)share->unit * step));
    return true;
}

static int64_t rounded(wide count, int32_t unit)
{
    return (int64_t)((count * 2 + unit) / ((wide)unit * 2));
}

static struct score_verdict judge(const struct target *target, const struct share *share)
{
    struct score_verdict verdict = {
        .part = rounded(share->part, share->unit),
        .whole = rounded(share->whole, share->unit),
        .exact_part = (int64_t)share->part,
        .exact_whole = (int64_t)share->whole,
    };
    bool at_least = target->relation == TARGET_AT_LEAST;
    wide part = share->part * TARGET_WHOLE_BP;
    wide bound = target->bound_bp * share->whole;

    if (verdict.whole <= 0 || verdict.whole < target->min_sample) {
        return verdict;
    }
    verdict.answer = (at_least ? part >= bound : part < bound) ? SCORE_MET : SCORE_MISSED;
    verdict.bounded =
        at_least ? margin_at_least(target, share, &verdict.margin) : margin_below(target, share, &verdict.margin);
    return verdict;
}

struct score_verdict score_judge(const struct target *target, const struct score_tally *tally)
{
    return score_forecast(target, tally, 1, 1);
}

struct score_verdict score_forecast(const struct target *target, const struct score_tally *tally, int32_t elapsed_days,
                                    int32_t total_days)
{
    struct score_tally grown = {
        .kept = tally->kept * total_days,
        .broken = tally->broken * total_days,
        .waiting = tally->waiting * elapsed_days,
        .overdue = tally->overdue * elapsed_days,
    };
    struct share share = {part_of(target->kind, &grown), whole_of(target->kind, &grown), elapsed_days};

    return judge(target, &share);
}

int score_compare_rates(int64_t part_a, int64_t whole_a, int64_t part_b, int64_t whole_b)
{
    wide a = (wide)part_a * whole_b;
    wide b = (wide)part_b * whole_a;

    if (whole_a == 0 || whole_b == 0) {
        return (whole_a > 0) - (whole_b > 0);
    }
    return (a > b) - (a < b);
}

const char *score_bound(int32_t bound_bp, char point, char out[SCORE_TEXT_SIZE])
{
    int decimals = bound_bp % 100;

    if (decimals == 0) {
        snprintf(out, SCORE_TEXT_SIZE, "%d", bound_bp / 100);
    } else if (decimals % 10 == 0) {
        snprintf(out, SCORE_TEXT_SIZE, "%d%c%d", bound_bp / 100, point, decimals / 10);
    } else {
        snprintf(out, SCORE_TEXT_SIZE, "%d%c%02d", bound_bp / 100, point, decimals);
    }
    return out;
}

const char *score_demand(const struct target *target, char point, char out[SCORE_TEXT_SIZE])
{
    char bound[SCORE_TEXT_SIZE];

    snprintf(out, SCORE_TEXT_SIZE, "%s %.16s %%", target->relation == TARGET_AT_LEAST ? "≥" : "<",
             score_bound(target->bound_bp, point, bound));
    return out;
}

const char *score_number(int64_t number, char separator, char out[SCORE_TEXT_SIZE])
{
    char digits[24];
    size_t len = (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number);
    size_t first = digits[0] == '-' ? 1 : 0;
    size_t used = 0;

    for (size_t i = 0; i < len; i++) {
        if (i > first && (len - i) % 3 == 0) {
            out[used++] = separator;
        }
        out[used++] = digits[i];
    }
    out[used] = '\0';
    return out;
}
