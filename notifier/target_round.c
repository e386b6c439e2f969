/* SPDX-License-Identifier: MIT */
/* target_round.c - see target_round.h. */
#include "notifier/target_round.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notifier/target_episode.h"
#include "targets/board.h"
#include "targets/period.h"
#include "targets/score_gather.h"
#include "targets/target_set.h"

/* The scoreboards of a period; what changed borrows texts from them until the round ends. */
struct view {
    struct period period;
    struct target_set targets;
    struct score_gather gather;
    struct board *board;
};

struct target_round {
    struct db *db;
    const struct watch_rule *rule;
    int32_t today;
    struct target_set holding; /* targets that hold today: each calls for its period's view */
    struct view *views;
    size_t view_count;
    struct target_episodes episodes;
    struct target_changes changes;
};

static struct view *find_view(const struct target_round *self, enum target_period kind, const char *name)
{
    for (size_t i = 0; i < self->view_count; i++) {
        if (self->views[i].period.kind == kind && strcmp(self->views[i].period.name, name) == 0) {
            return &self->views[i];
        }
    }
    return NULL;
}

/* The days of a plan; the target holds, so that the plan has some. */
static enum status find_plan(struct db *db, const char *plan, struct period *period)
{
    struct db_params *params = db_params_new();
    PGresult *days = NULL;
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, plan);
        st = db_run(db, SQL_TARGET_PLAN_DAYS, params, &days);
    }
    if (st == STATUS_OK) {
        *period = (struct period){.kind = TARGET_PLAN, .first_day = db_day(days, 0, 0), .last_day = db_day(days, 0, 1)};
        snprintf(period->name, sizeof period->name, "%s", plan);
    }
    PQclear(days);
    db_params_destroy(&params);
    return st;
}

/* The running period that a target is judged over. */
static enum status running_period(const struct target_round *self, const struct target *target, struct period *period)
{
    if (target->period == TARGET_PLAN) {
        return find_plan(self->db, target->plan, period);
    }
    period_of(target->period, self->today, period);
    return STATUS_OK;
}

static enum status find_views(struct target_round *self)
{
    enum status st = target_set_read(&self->holding, self->db, NULL, self->today, self->today);

    if (st == STATUS_OK) {
        self->views = calloc(self->holding.count + 1, sizeof *self->views);
        st = self->views == NULL ? STATUS_RETRY : STATUS_OK;
    }
    for (size_t i = 0; i < self->holding.count && st == STATUS_OK; i++) {
        struct period period = {0};

        st = running_period(self, &self->holding.targets[i], &period);
        if (st == STATUS_OK && find_view(self, period.kind, period.name) == NULL) {
            self->views[self->view_count++].period = period;
        }
    }
    return st;
}

static struct target_change describe(const struct target_episode *about, const struct watch_figures *figures)
{
    return (struct target_change){.line = about->line,
                                  .bound_bp = about->bound_bp,
                                  .plan = about->plan,
                                  .measure = about->measure,
                                  .period = about->period,
                                  .unit = about->unit,
                                  .field = about->field,
                                  .field_group = about->field_group,
                                  .procedure = about->procedure,
                                  .relation = about->relation,
                                  .title = about->title,
                                  .figures = *figures};
}

/* One of the two things watched of a row, was and is; fallen: the target is missed now. */
static enum status compare(struct target_round *self, const struct target_episode *about,
                           const struct target_episode *open, bool is, bool fallen, const struct watch_figures *figures)
{
    struct target_change change = describe(about, figures);

    if (is == (open != NULL)) {
        return STATUS_OK;
    }
    change.why = about->forecast ? "pace" : "missed";
    change.episode = open == NULL ? 0 : open->id;
    if (is) {
        change.kind = about->forecast ? TARGET_CHANGE_FORECAST : TARGET_CHANGE_FELL;
    } else {
        change.kind = about->forecast && fallen ? TARGET_CHANGE_PASSED : TARGET_CHANGE_RECOVERED;
    }
    return target_changes_add(&self->changes, &change);
}

static enum status judge_row(struct target_round *self, const struct view *view, const char *unit,
                             const struct board_row *row)
{
    const struct target *target = row->target;
    const struct period *period = &view->period;
    struct target_episode about = {.line = target->line,
                                   .bound_bp = target->bound_bp,
                                   .plan = target->plan,
                                   .measure = target->measure,
                                   .period = period->name,
                                   .unit = unit,
                                   .field = row->field,
                                   .field_group = target->field_group,
                                   .procedure = target->procedure,
                                   .relation = target_relation_name(target->relation),
                                   .title = target->title};
    struct target_episode *open[2];
    struct watch_figures figures;
    struct watch_state is;
    enum status st = STATUS_OK;

    for (int forecast = 0; forecast < 2; forecast++) {
        about.forecast = forecast == 1;
        open[forecast] = target_episodes_find(&self->episodes, &about);
        if (open[forecast] != NULL) {
            open[forecast]->seen = true;
        }
    }
    is = watch_judge(target, &row->tally, period_elapsed_days(period, self->today),
                     period->last_day - period->first_day + 1, self->rule,
                     (struct watch_state){.fell = open[0] != NULL, .forecast = open[1] != NULL}, &figures);
    for (int forecast = 0; forecast < 2 && st == STATUS_OK; forecast++) {
        about.forecast = forecast == 1;
        st = compare(self, &about, open[forecast], forecast == 1 ? is.forecast : is.fell, is.fell, &figures);
    }
    return st;
}

/* A target is watched over its own kind of period, and while it holds. */
static bool is_watched(const struct target_round *self, const struct view *view, const struct target *target)
{
    return target->period == view->period.kind && target->first_day <= self->today && self->today <= target->last_day;
}

static enum status judge_unit(struct target_round *self, struct view *view, const char *unit)
{
    enum status st = board_look_at(view->board, unit);

    for (size_t i = 0; st == STATUS_OK && i < board_rows(view->board); i++) {
        const struct board_row *row = board_row(view->board, i);

        if (is_watched(self, view, row->target)) {
            st = judge_row(self, view, unit, row);
        }
    }
    return st;
}

static enum status judge_view(struct target_round *self, struct view *view)
{
    const char *plan = view->period.kind == TARGET_PLAN ? view->period.name : NULL;
    const PGresult *units;
    enum status st = target_set_read(&view->targets, self->db, plan, view->period.first_day, view->period.last_day);

    view->board = board_new(NULL);
    if (st == STATUS_OK && view->board == NULL) {
        st = STATUS_RETRY;
    }
    if (st == STATUS_OK) {
        st = score_gather_each_unit(&view->gather, self->db, &view->period, view->targets.targets, view->targets.count,
                                    view->board);
    }
    if (st != STATUS_OK) {
        return st;
    }
    board_prepare(view->board, view->targets.targets, view->targets.count, view->period.kind);
    units = score_gather_places(&view->gather);
    for (int r = 0; st == STATUS_OK && r < PQntuples(units); r++) {
        st = judge_unit(self, view, db_text(units, r, 0));
    }
    return st;
}

/* Episodes whose period is over, or whose row is no more: another target decides there, or none. */
static enum status end_unseen(struct target_round *self)
{
    static const struct watch_figures none;
    enum status st = STATUS_OK;

    for (size_t i = 0; i < self->episodes.count && st == STATUS_OK; i++) {
        const struct target_episode *episode = &self->episodes.items[i];
        struct target_change change = describe(episode, &none);
        bool running = false;

        for (size_t v = 0; v < self->view_count; v++) {
            running = running || strcmp(self->views[v].period.name, episode->period) == 0;
        }
        change.kind = TARGET_CHANGE_ENDED;
        change.episode = episode->id;
        change.why = running ? "not_asked" : "period_over";
        st = episode->seen ? STATUS_OK : target_changes_add(&self->changes, &change);
    }
    return st;
}

struct target_round *target_round_new(struct db *db, int32_t today, const struct watch_rule *rule)
{
    struct target_round *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->db = db;
        self->today = today;
        self->rule = rule;
    }
    return self;
}

void target_round_destroy(struct target_round **self_p)
{
    struct target_round *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (size_t i = 0; i < self->view_count; i++) {
        board_destroy(&self->views[i].board);
        score_gather_clear(&self->views[i].gather);
        target_set_clear(&self->views[i].targets);
    }
    free(self->views);
    target_set_clear(&self->holding);
    target_episodes_clear(&self->episodes);
    target_changes_clear(&self->changes);
    free(self);
    *self_p = NULL;
}

enum status target_round_judge(struct target_round *self, const struct target_changes **changes)
{
    enum status st = target_episodes_read(&self->episodes, self->db);

    if (st == STATUS_OK) {
        st = find_views(self);
    }
    for (size_t i = 0; i < self->view_count && st == STATUS_OK; i++) {
        st = judge_view(self, &self->views[i]);
    }
    if (st == STATUS_OK) {
        st = end_unseen(self);
    }
    *changes = &self->changes;
    return st;
}
