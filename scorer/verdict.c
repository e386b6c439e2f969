/* SPDX-License-Identifier: MIT */
/* verdict.c - the classes of a dossier under the rules; the numbers in comments are the steps of docs/rules.md 8. */
#include "scorer/verdict.h"

#include <string.h>

#include "common/clock.h"
#include "common/local_time.h"
#include "scorer/due.h"
#include "scorer/promises.h"

#define DAY_US (CLOCK_DAY_S * CLOCK_SECOND_US)

static const char *const names[] = {"early", "on_time", "late", "overdue", "in_time", "paused", "excluded"};

static bool known(int64_t moment_us)
{
    return moment_us != FOLD_NONE_US;
}

static int64_t earlier(int64_t a_us, int64_t b_us)
{
    if (!known(a_us) || (known(b_us) && b_us < a_us)) {
        return b_us;
    }
    return a_us;
}

static int64_t first_known(int64_t a_us, int64_t b_us)
{
    return known(a_us) ? a_us : b_us;
}

/* 3: F */
static int64_t finish_of(const struct dossier *dossier, const struct rule *rule)
{
    if (known(dossier->finished_us) && rule->finish == RULE_FINISH_FIRST) {
        return dossier->finished_first_us;
    }
    return dossier->finished_us;
}

/* 3, but for withdrawal */
static int64_t end_of_processing(const struct dossier *dossier, const struct rule *rule)
{
    int64_t end_us = first_known(finish_of(dossier, rule), dossier->returned_us);

    return first_known(end_us, earlier(dossier->refused_us, dossier->stopped_us));
}

int64_t verdict_end(const struct dossier *dossier, const struct rule *rule)
{
    return first_known(end_of_processing(dossier, rule), dossier->withdrawn_us);
}

int64_t verdict_anchor(const struct dossier *dossier)
{
    int64_t anchor_us = first_known(dossier->accepted_us, dossier->received_us);

    return first_known(first_known(anchor_us, dossier->submitted_us), dossier->last_happened_us);
}

static int32_t day_of_receipt(const struct dossier *dossier)
{
    int64_t receipt_us = first_known(dossier->received_us, dossier->submitted_us);

    return clock_local_day(first_known(receipt_us, dossier->last_happened_us));
}

/* 8 */
static bool is_after(const struct rule *rule, int64_t moment_us, int64_t due_us)
{
    if (rule->precision == RULE_DAY) {
        return clock_local_day(moment_us) > clock_local_day(due_us);
    }
    return moment_us > due_us;
}

int64_t verdict_flip(const struct rule *rule, int64_t due_us)
{
    return rule->precision == RULE_INSTANT ? due_us : local_day_begin_us(clock_local_day(due_us) + 1) - 1;
}

/* --- one rule --- */

static const struct verdict nothing_known = {
    .due_us = FOLD_NONE_US, .end_us = FOLD_NONE_US, .asked_us = FOLD_NONE_US, .flips_us = FOLD_NONE_US};

/* A dossier before one rule: what is known of it when the due is to be found. */
struct hearing {
    const struct rule *rule;
    const struct dossier *dossier;
    const struct procedure_term *term;
    int64_t due_computed_us;
    int64_t end_us;     /* E */
    int64_t counted_us; /* C */
    int64_t asked_us;   /* Q */
    bool only_withdrawn;
    int64_t base_us; /* B */
    int64_t now_us;
};

static void exclude(const struct hearing *hearing, enum verdict_reason reason, struct verdict *verdict)
{
    verdict->class = VERDICT_EXCLUDED;
    verdict->reason = reason;
    verdict->flips_us = FOLD_NONE_US;
    verdict->day = day_of_receipt(hearing->dossier);
}

/* 4: a pause that takes part at all. */
static bool pause_counts(const struct hearing *hearing, const struct fold_pause *pause)
{
    bool open = !known(pause->to_us);

    if (pause->kind == FOLD_PAYMENT && hearing->rule->payment == RULE_PAYMENT_RUNS) {
        return false;
    }
    if (open) {
        return hearing->rule->pause != RULE_PAUSE_NONE &&
               (hearing->rule->waiting != RULE_WAITING_RUNS || known(hearing->end_us));
    }
    return true;
}

static int64_t first_asked(const struct hearing *hearing)
{
    const struct dossier *dossier = hearing->dossier;

    for (size_t i = 0; i < dossier->pause_count; i++) {
        if (!known(dossier->pauses[i].to_us) && pause_counts(hearing, &dossier->pauses[i])) {
            return dossier->pauses[i].from_us; /* they ascend */
        }
    }
    return FOLD_NONE_US;
}

/* 1 to 5; false: excluded, verdict is complete. */
static bool open_hearing(struct hearing *hearing, struct verdict *verdict)
{
    const struct dossier *dossier = hearing->dossier;
    const struct rule *rule = hearing->rule;
    int64_t end_us = end_of_processing(dossier, rule);

    hearing->base_us = rule->due == RULE_DUE_FIRST ? dossier->due_first_us : dossier->due_us;
    if (!known(hearing->base_us) && rule->missing_due == RULE_MISSING_TERM) {
        hearing->base_us = hearing->due_computed_us;
    }
    if (!known(hearing->base_us)) {
        exclude(hearing, VERDICT_NO_DUE, verdict);
        return false;
    }
    if (rule->unaccepted == RULE_UNACCEPTED_EXCLUDE && !known(dossier->accepted_us) && !known(dossier->due_first_us) &&
        !known(dossier->finished_us) && !known(dossier->returned_us)) {
        exclude(hearing, VERDICT_NOT_ACCEPTED, verdict);
        return false;
    }
    hearing->only_withdrawn = !known(end_us) && known(dossier->withdrawn_us);
    hearing->end_us = first_known(end_us, dossier->withdrawn_us);
    if (hearing->only_withdrawn && rule->withdrawn == RULE_WITHDRAWN_EXCLUDE) {
        exclude(hearing, VERDICT_WITHDRAWN, verdict);
        return false;
    }
    hearing->asked_us = first_asked(hearing);
    hearing->counted_us = hearing->end_us;
    if (rule->waiting == RULE_WAITING_ENDS && known(hearing->asked_us) && !known(finish_of(dossier, rule)) &&
        !known(dossier->returned_us)) {
        hearing->counted_us = hearing->asked_us;
    }
    return true;
}

static enum due_way due_way_of(const struct hearing *hearing)
{
    if (hearing->rule->pause == RULE_PAUSE_DEDUCT) {
        return DUE_DEDUCT;
    }
    return hearing->term != NULL && hearing->term->restart ? DUE_RESTART : DUE_PAUSE;
}

static bool measures_working(const struct hearing *hearing)
{
    if (hearing->term != NULL && hearing->term->has_term) {
        return term_is_working(&hearing->term->term);
    }
    return hearing->rule->measure == RULE_WORKING;
}

/* 6: false when the calendar does not know the years. */
static bool find_due(const struct hearing *hearing, struct due_clock *clock, int64_t *due_us)
{
    const struct dossier *dossier = hearing->dossier;
    /* An open pause ends with the dossier, unless its request is what counts as the end. */
    bool ends = known(hearing->end_us) && hearing->counted_us == hearing->end_us;
    struct due_walk walk;

    *due_us = hearing->base_us;
    if (hearing->rule->pause == RULE_PAUSE_NONE) {
        return true;
    }
    due_walk_start(&walk, clock, due_way_of(hearing), measures_working(hearing),
                   first_known(dossier->accepted_us, dossier->received_us), hearing->base_us);
    for (size_t i = 0; i < dossier->pause_count; i++) {
        const struct fold_pause *pause = &dossier->pauses[i];
        int64_t to_us = !known(pause->to_us) && ends ? hearing->end_us : pause->to_us;

        if (pause_counts(hearing, pause) && known(to_us) && pause->from_us < to_us) {
            due_walk_pause(&walk, pause->from_us, to_us);
        }
    }
    return due_walk_end(&walk, due_us);
}

/* 7 */
static bool is_broken(const struct hearing *hearing)
{
    return hearing->rule->supplement_limit > 0 && hearing->dossier->supplements > hearing->rule->supplement_limit;
}

/* 9 */
static void judge_ended(const struct hearing *hearing, struct verdict *verdict)
{
    bool after_due = is_after(hearing->rule, hearing->end_us, verdict->due_us);
    bool broken = is_broken(hearing);

    if (hearing->only_withdrawn && hearing->rule->withdrawn == RULE_WITHDRAWN_EXCLUDE_KEPT && !after_due) {
        exclude(hearing, VERDICT_WITHDRAWN, verdict);
        return;
    }
    verdict->reason = broken ? VERDICT_BY_SUPPLEMENTS : VERDICT_BY_END;
    verdict->end_us = hearing->counted_us;
    verdict->day = clock_local_day(hearing->end_us);
    verdict->flips_us = FOLD_NONE_US;
    if (broken || is_after(hearing->rule, hearing->counted_us, verdict->due_us)) {
        verdict->class = VERDICT_LATE;
    } else if (clock_local_day(hearing->counted_us) < clock_local_day(verdict->due_us)) {
        verdict->class = VERDICT_EARLY;
    } else {
        verdict->class = VERDICT_ON_TIME;
    }
}

/* 10 */
static void judge_open(const struct hearing *hearing, struct verdict *verdict)
{
    bool waits = known(hearing->asked_us); /* under RULE_WAITING_RUNS nobody was asked: 4 */

    verdict->flips_us = FOLD_NONE_US;
    verdict->asked_us = waits ? hearing->asked_us : FOLD_NONE_US;
    if (is_broken(hearing)) {
        verdict->class = VERDICT_OVERDUE;
        verdict->reason = VERDICT_BY_SUPPLEMENTS;
    } else if (waits) {
        verdict->class = is_after(hearing->rule, hearing->asked_us, verdict->due_us) ? VERDICT_OVERDUE : VERDICT_PAUSED;
        verdict->reason = VERDICT_BY_WAITING;
        verdict->end_us = hearing->asked_us;
    } else {
        verdict->class = VERDICT_IN_TIME;
        verdict->reason = VERDICT_BY_NOW;
    }
    /* 11 */
    verdict->day = verdict->class == VERDICT_OVERDUE && hearing->rule->name == RULE_PROMISE
                       ? clock_local_day(verdict->due_us)
                       : day_of_receipt(hearing->dossier);
    verdict_tick(hearing->rule, hearing->now_us, verdict);
}

void verdict_tick(const struct rule *rule, int64_t now_us, struct verdict *verdict)
{
    if (verdict->class != VERDICT_IN_TIME) {
        return;
    }
    verdict->flips_us = verdict_flip(rule, verdict->due_us);
    if (now_us > verdict->flips_us) {
        verdict->class = VERDICT_OVERDUE;
        verdict->flips_us = FOLD_NONE_US;
        if (rule->name != RULE_PORTAL) {
            verdict->day = clock_local_day(verdict->due_us);
        }
    }
}

static void judge_rule(struct hearing *hearing, struct due_clock *clock, struct verdict *verdict)
{
    *verdict = nothing_known;
    if (!open_hearing(hearing, verdict)) {
        return;
    }
    clock->moment_us = first_known(hearing->end_us, hearing->now_us);
    due_clock_start(clock);
    do {
        if (find_due(hearing, clock, &verdict->due_us)) {
            verdict->calendar = clock->version;
            if (known(hearing->end_us)) {
                judge_ended(hearing, verdict);
            } else {
                judge_open(hearing, verdict);
            }
            return;
        }
    } while (due_clock_next(clock));
    verdict->due_us = FOLD_NONE_US;
    verdict->calendar = -1;
    exclude(hearing, VERDICT_NO_CALENDAR, verdict);
}

/* --- a term that is added to a start: the due by the procedure, the limit of the intake clock --- */

/* FOLD_NONE_US: no calendar knows the years, and *calendar is -1; else the version used. */
static int64_t add_term(struct due_clock *clock, int64_t moment_us, int64_t start_us, const struct term *term,
                        int *calendar)
{
    int64_t due_us;

    clock->moment_us = moment_us;
    due_clock_start(clock);
    do {
        if (due_clock_term(clock, start_us, term, &due_us)) {
            *calendar = clock->version;
            return due_us;
        }
    } while (due_clock_next(clock));
    *calendar = -1;
    return FOLD_NONE_US;
}

/* docs/rules.md 9 */
static void judge_intake(const struct rule *rule, const struct dossier *dossier, int64_t moment_us, int64_t now_us,
                         struct due_clock *clock, struct verdict *verdict)
{
    int64_t start_us = first_known(dossier->submitted_us, dossier->received_us);
    bool gone = known(dossier->refused_us) || known(dossier->stopped_us) || known(dossier->withdrawn_us) ||
                known(dossier->finished_us) || known(dossier->returned_us);

    *verdict = nothing_known;
    verdict->class = VERDICT_CLASSES;
    if (!dossier->online || !known(start_us)) {
        return;
    }
    verdict->day = clock_local_day(start_us);
    verdict->due_us = add_term(clock, moment_us, start_us, &rule->term, &verdict->calendar);
    if (!known(verdict->due_us)) {
        verdict->class = VERDICT_EXCLUDED;
        verdict->reason = VERDICT_NO_CALENDAR;
    } else if (known(dossier->accepted_us)) {
        int32_t day = clock_local_day(dossier->accepted_us);

        verdict->class = dossier->accepted_us > verdict->due_us   ? VERDICT_LATE
                         : day < clock_local_day(verdict->due_us) ? VERDICT_EARLY
                                                                  : VERDICT_ON_TIME;
        verdict->end_us = dossier->accepted_us;
        verdict->day = day;
    } else if (gone) {
        verdict->class = VERDICT_EXCLUDED;
        verdict->reason = VERDICT_NOT_ACCEPTED;
    } else {
        verdict->class = VERDICT_IN_TIME;
        verdict->reason = VERDICT_BY_NOW;
        verdict_tick(rule, now_us, verdict);
    }
}

/* --- all of them --- */

static bool has_reversed_pause(const struct dossier *dossier)
{
    for (size_t i = 0; i < dossier->pause_count; i++) {
        if (known(dossier->pauses[i].to_us) && dossier->pauses[i].to_us < dossier->pauses[i].from_us) {
            return true;
        }
    }
    return false;
}

static void note_flags(const struct dossier *dossier, const struct rule *promise, struct verdicts *verdicts)
{
    int64_t end_us = verdict_end(dossier, promise);
    const struct {
        enum fold_flag flag;
        bool set;
    } rows[] = {
        {FOLD_FLAG_PAUSE_REVERSED, has_reversed_pause(dossier)},
        {FOLD_FLAG_EXTENSIONS_OVER, dossier->due_moves > promise->extension_limit},
        {FOLD_FLAG_DUE_OTHER_THAN_TERM,
         known(verdicts->due_computed_us) && known(dossier->due_first_us) &&
             clock_local_day(verdicts->due_computed_us) != clock_local_day(dossier->due_first_us)},
        {FOLD_FLAG_NO_CALENDAR, verdicts->calendar < 0},
        {FOLD_FLAG_TOLD_LATE, known(end_us) && known(dossier->told_us) && dossier->told_us - end_us > DAY_US},
    };

    verdicts->flags = dossier->flags;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        verdicts->flags =
            rows[i].set ? verdicts->flags | (int32_t)rows[i].flag : verdicts->flags & ~(int32_t)rows[i].flag;
    }
}

static int worse_calendar(int a, int b)
{
    return a < 0 || b < 0 ? -1 : a > b ? a : b;
}

void verdict_judge(const struct verdict_basis *basis, const struct dossier *dossier, const char *procedure,
                   int64_t now_us, struct verdicts *verdicts)
{
    int64_t anchor_us = verdict_anchor(dossier);
    const struct rule *promise = rule_book_find(basis->rules, RULE_PROMISE, anchor_us);
    int64_t moment_us = first_known(verdict_end(dossier, promise), now_us);
    int64_t start_us = first_known(dossier->accepted_us, dossier->received_us);
    struct due_clock clock = {.calendars = basis->calendars, .unit_id = dossier->unit_id, .now_us = now_us};
    struct hearing hearing = {.dossier = dossier,
                              .term = rule_book_term(basis->rules, procedure, anchor_us),
                              .due_computed_us = FOLD_NONE_US,
                              .now_us = now_us};

    verdicts->calendar = 0;
    if (hearing.term != NULL && hearing.term->has_term && known(start_us)) {
        hearing.due_computed_us = add_term(&clock, moment_us, start_us, &hearing.term->term, &verdicts->calendar);
    }
    verdicts->due_computed_us = hearing.due_computed_us;
    for (int name = RULE_PROMISE; name <= RULE_PORTAL; name++) {
        hearing.rule = rule_book_find(basis->rules, (enum rule_name)name, anchor_us);
        judge_rule(&hearing, &clock, &verdicts->rule[name]);
    }
    promises_judge(promise, dossier, now_us, verdicts);
    judge_intake(rule_book_find(basis->rules, RULE_INTAKE, anchor_us), dossier, moment_us, now_us, &clock,
                 &verdicts->rule[RULE_INTAKE]);
    for (int name = 0; name < RULES; name++) {
        verdicts->calendar = worse_calendar(verdicts->calendar, verdicts->rule[name].calendar);
    }
    note_flags(dossier, promise, verdicts);
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
