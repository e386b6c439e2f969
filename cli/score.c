/* SPDX-License-Identifier: MIT */
/* score.c - see score.h. */
#include "cli/score.h"

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

/* The least part of whole that reaches the bound. */
static wide needed(int64_t whole, int32_t bound_bp)
{
    return ((wide)bound_bp * whole + TARGET_WHOLE_BP - 1) / TARGET_WHOLE_BP;
}

/* Each further late one is one more of the whole; false when any number may come. */
static bool margin_at_least(const struct target *target, struct score_verdict *verdict)
{
    wide margin = verdict->part - needed(verdict->whole, target->bound_bp);

    if (margin >= 0 && target->kind != TARGET_REPORTED) {
        if (target->bound_bp == 0) {
            return false;
        }
        margin = (wide)verdict->part * TARGET_WHOLE_BP / target->bound_bp - verdict->whole;
    }
    verdict->margin = (int64_t)margin;
    return true;
}

static bool margin_below(const struct target *target, struct score_verdict *verdict)
{
    /* How far part * 10000 is below bound * whole; 0 is not below. */
    wide room = (wide)target->bound_bp * verdict->whole - (wide)verdict->part * TARGET_WHOLE_BP;
    int32_t step = target->kind == TARGET_REPORTED ? TARGET_WHOLE_BP : TARGET_WHOLE_BP - target->bound_bp;

    if (room <= 0) {
        verdict->margin = (int64_t) - (-room / TARGET_WHOLE_BP + 1);
        return true;
    }
    if (step == 0) {
        return false;
    }
    verdict->margin = (int64_t)((room - 1) / step);
    return true;
}

struct score_verdict score_judge(const struct target *target, const struct score_tally *tally)
{
    struct score_verdict verdict = {
        .part = part_of(target->kind, tally),
        .whole = whole_of(target->kind, tally),
    };
    wide part = (wide)verdict.part * TARGET_WHOLE_BP;
    wide bound = (wide)target->bound_bp * verdict.whole;
    bool met = target->relation == TARGET_AT_LEAST ? part >= bound : part < bound;

    if (verdict.whole <= 0 || verdict.whole < target->min_sample) {
        return verdict;
    }
    verdict.answer = met ? SCORE_MET : SCORE_MISSED;
    verdict.bounded =
        target->relation == TARGET_AT_LEAST ? margin_at_least(target, &verdict) : margin_below(target, &verdict);
    return verdict;
}

static int64_t grown(int64_t count, int32_t elapsed_days, int32_t total_days)
{
    return (int64_t)(((wide)count * total_days * 2 + elapsed_days) / ((wide)elapsed_days * 2));
}

struct score_tally score_project(const struct score_tally *tally, int32_t elapsed_days, int32_t total_days)
{
    return (struct score_tally){
        .kept = grown(tally->kept, elapsed_days, total_days),
        .broken = grown(tally->broken, elapsed_days, total_days),
        .waiting = tally->waiting,
        .overdue = tally->overdue,
    };
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

const char *score_rate(int64_t part, int64_t whole, char point, char out[SCORE_TEXT_SIZE])
{
    wide bp;

    if (whole == 0) {
        return NULL;
    }
    bp = ((wide)part * TARGET_WHOLE_BP * 2 + whole) / ((wide)whole * 2);
    snprintf(out, SCORE_TEXT_SIZE, "%lld%c%02d", (long long)(bp / 100), point, (int)(bp % 100));
    return out;
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
