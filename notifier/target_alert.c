/* SPDX-License-Identifier: MIT */
/* target_alert.c - see target_alert.h. */
#include "notifier/target_alert.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "notifier/pace.h"
#include "notifier/target_round.h"
#include "notifier/turn.h"

struct target_alert {
    const struct config *config;
    struct watch_rule rule;
    struct pace pace;
    char *stamp; /* target_alert_stamp.sql before the last round; NULL: make one */
};

struct target_alert *target_alert_new(const struct config *config)
{
    struct target_alert *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->config = config;
        self->rule = (struct watch_rule){.margin_bp = (int32_t)config->notifier.targets_margin_bp,
                                         .sample = config->notifier.targets_sample};
    }
    return self;
}

void target_alert_destroy(struct target_alert **self_p)
{
    if (*self_p != NULL) {
        free((*self_p)->stamp);
        free(*self_p);
        *self_p = NULL;
    }
}

/* Writes what changed and takes the alerts; both at the end of the transaction. */
static enum status tell(const struct target_alert *self, struct db *db, int64_t now_us,
                        const struct target_changes *changes, struct target_alert_round *round)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_us(params, now_us);
        db_param_text(params, self->config->notifier.targets_roles);
        db_param_text(params, self->config->notifier.targets_superior_roles);
        target_changes_params(changes, params);
        st = db_run(db, SQL_TARGET_ALERT_TELL, params, &round->alerts);
    }
    if (st == STATUS_OK) {
        round->told = PQntuples(round->alerts);
    }
    db_params_destroy(&params);
    return st;
}

/* Whether this notifier may judge now. */
static enum status take_lock(struct db *db, bool *may)
{
    PGresult *lock = NULL;
    enum status st = db_run(db, SQL_TARGET_ALERT_LOCK, NULL, &lock);

    *may = st == STATUS_OK && PQntuples(lock) > 0 && db_bool(lock, 0, 0) && !db_bool(lock, 0, 1);
    PQclear(lock);
    return st;
}

static enum status act(struct target_alert *self, struct db *db, int64_t now_us, struct target_alert_round *round,
                       bool *store)
{
    struct target_round *judged = NULL;
    const struct target_changes *changes = NULL;
    enum status st = take_lock(db, &round->judged);

    if (st != STATUS_OK || !round->judged) {
        return st;
    }
    judged = target_round_new(db, clock_local_day(now_us), &self->rule);
    st = judged == NULL ? STATUS_RETRY : db_run(db, SQL_NOTIFIER_PLAN, NULL, NULL);
    if (st == STATUS_OK) {
        st = target_round_judge(judged, &changes);
    }
    if (st == STATUS_OK && changes->count > 0) {
        *store = true;
        st = tell(self, db, now_us, changes, round);
    }
    target_round_destroy(&judged);
    return st;
}

static enum status run(struct target_alert *self, struct db *db, int64_t now_us, struct target_alert_round *round)
{
    bool store = false;
    enum status st = db_begin_repeatable(db);

    if (st == STATUS_OK) {
        st = act(self, db, now_us, round, &store);
    }
    if (st == STATUS_OK && store) {
        st = db_commit(db);
    }
    if (st != STATUS_OK || !store) {
        db_rollback(db);
    }
    return st;
}

/* Takes the stamp; *changed when it is another than that before the last round, or unknown. */
static enum status read_stamp(struct target_alert *self, struct db *db, char **stamp, bool *changed)
{
    PGresult *row = NULL;
    enum status st = db_run(db, SQL_TARGET_ALERT_STAMP, NULL, &row);

    if (st == STATUS_OK) {
        *stamp = strdup(db_text(row, 0, 0));
        *changed = self->stamp == NULL || *stamp == NULL || strcmp(self->stamp, *stamp) != 0;
    }
    PQclear(row);
    return st;
}

static enum pace_end how_it_ended(const struct db *db, enum status st, const struct target_alert_round *round,
                                  bool wanted)
{
    if (st != STATUS_OK) {
        return turn_lost(db_sqlstate(db)) ? PACE_WAITS : PACE_FAILED;
    }
    if (!wanted) {
        return PACE_UNCHANGED;
    }
    return round->judged ? PACE_JUDGED : PACE_WAITS;
}

enum status target_alert_turn(struct target_alert *self, struct db *db, int64_t now_us, int64_t now_ms,
                              struct target_alert_round *round)
{
    int32_t today = clock_local_day(now_us);
    enum pace_answer answer = pace_ask(&self->pace, today, now_ms);
    char *stamp = NULL;
    bool changed = false;
    int64_t ended_ms;
    enum status st;

    *round = (struct target_alert_round){0};
    if (answer == PACE_NOT_YET) {
        return STATUS_OK;
    }
    /* Before the round's snapshot: what is written in between changes the next stamp. */
    st = read_stamp(self, db, &stamp, &changed);
    if (st == STATUS_OK && (changed || answer == PACE_ROUND)) {
        st = run(self, db, now_us, round);
    }
    if (st != STATUS_OK) {
        target_alert_round_clear(round);
    }
    if (round->judged) {
        free(self->stamp);
        self->stamp = stamp;
        stamp = NULL;
    }
    ended_ms = clock_monotonic_ms();
    pace_note(&self->pace, how_it_ended(db, st, round, changed || answer == PACE_ROUND), today,
              self->config->notifier.targets_every_ms, ended_ms, ended_ms - now_ms);
    free(stamp);
    return st;
}

void target_alert_round_clear(struct target_alert_round *round)
{
    PQclear(round->alerts);
    *round = (struct target_alert_round){0};
}
