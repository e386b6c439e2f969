/* SPDX-License-Identifier: MIT */
/* rounds.c - what the notifier does with the database in a turn. */
#include "notifier/rounds.h"

#include <stdlib.h>

#include "common/clock.h"
#include "common/db_plans.h"
#include "notifier/deadline.h"
#include "notifier/hours.h"
#include "notifier/ladder.h"
#include "notifier/message.h"

/* Steps and pages of the ladder are smaller than changes of duties: so many more at once. */
#define LADDER_BATCHES 4
/*
 * But while duties come, the feed's alerts of the next ones wait behind the steps: only so many at once, and then
 * duties have the loop for four times as long.
 */
#define LADDER_STEPS_BUSY 100
#define BUSY_MS 1000
#define DUTIES_SHARE 4
/* Drafts, steps and digests come when nothing is left of duties; when that never happens, after so long. */
#define PATIENCE_MS 2000
/*
 * While a scorer catches up duties rest for so long, and are then looked at until nothing is left: much of what it has
 * judged overdue is taken back with the next events, and nobody should have been told.
 */
#define CATCH_UP_MS 5000
#define REFRESH_EVERY_MS 1000
#define MESSAGES_EVERY_MS 500
/* Most looks at the ladder find nothing. */
#define LADDER_EVERY_MS 500
/* What an official or an upstream has told in the meantime may complete letters that lacked something. */
#define DRAFT_EVERY_MS 1800000
#define DRAFT_AGAIN_MS 30000

struct rounds {
    const struct config *config;
    struct db *db;
    struct letter_desk *desk;
    const struct log *log;
    rounds_publish_cb publish;
    void *context;
    struct db_params *params;
    struct hours *hours;
    struct deadline_rules rules;
    struct ladder_rungs rungs;
    struct ladder_place place;   /* of the look at all open dossiers */
    struct ladder_place letters; /* of the look at all steps of letters */
    bool mails_wait;             /* for hours of another calendar than the one that counts now */
    struct letter_place drafts;  /* of the look at letters to be drafted */
    int64_t draft_since_us;      /* letters owed since then are to be looked at next; DB_INFINITY_US: none */
    int64_t draft_at_ms;         /* when all that are owed are looked at again */
    int64_t refresh_at_ms;
    int64_t done_at_ms;   /* when nothing was left of duties */
    int64_t rested_at_ms; /* when all but duties had its turn last */
    int64_t ladder_at_ms;
    int64_t busy_until_ms; /* duties were opened a moment ago */
    int64_t messages_at_ms;
    int64_t looked_at; /* dossiers, since the start */
    struct db_plans plans;
};

struct rounds *rounds_new(const struct config *config, struct db *db, struct letter_desk *desk, const struct log *log,
                          rounds_publish_cb publish, void *context)
{
    struct rounds *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->config = config;
    self->db = db;
    self->desk = desk;
    self->log = log;
    self->publish = publish;
    self->context = context;
    self->draft_since_us = DB_INFINITY_US;
    self->drafts.done = true;
    self->done_at_ms = clock_monotonic_ms();
    self->params = db_params_new();
    self->hours = hours_new();
    if (self->params == NULL || self->hours == NULL) {
        rounds_destroy(&self);
    }
    return self;
}

void rounds_destroy(struct rounds **self_p)
{
    if (*self_p != NULL) {
        db_params_destroy(&(*self_p)->params);
        hours_destroy(&(*self_p)->hours);
        free(*self_p);
        *self_p = NULL;
    }
}

const struct hours *rounds_hours(const struct rounds *self)
{
    return self->hours;
}

/* Calendars that make no sense are said and the old ones stay: alerts at odd hours are better than none. */
static enum status refresh(struct rounds *self, int64_t now_us)
{
    char error[CALENDAR_ERROR_SIZE];
    bool changed = false;
    bool others = false;
    enum status st;

    if (clock_monotonic_ms() < self->refresh_at_ms) {
        return STATUS_OK;
    }
    st = hours_refresh(self->hours, self->db, now_us, &changed, error);
    if (st == STATUS_INVALID) {
        log_error(self->log, "CALENDAR", "%s; run: kipthoi calendar", error);
        st = STATUS_OK;
    }
    if (st == STATUS_OK) {
        st = deadline_load(&self->rules, self->db);
    }
    if (st == STATUS_INVALID) {
        log_error(self->log, "LETTER-RULES", "no rule says until when letters are in time; run: kipthoi letters rules");
        st = STATUS_FATAL;
    }
    if (st == STATUS_OK) {
        st = ladder_rungs_refresh(&self->rungs, self->db, &others);
    }
    /* One that began to look and died leaves it open whether all promises are planned: those that go on look again. */
    if (st == STATUS_OK && self->place.done && !self->rungs.noted) {
        others = true;
    }
    if (others || changed) {
        self->place = (struct ladder_place){.done = false};
    }
    if (st == STATUS_OK) {
        self->refresh_at_ms = clock_monotonic_ms() + REFRESH_EVERY_MS;
    }
    if (changed) {
        self->letters = (struct ladder_place){.done = false};
        self->mails_wait = true;
    }
    if (st == STATUS_OK && self->mails_wait) {
        st = db_run(self->db, SQL_OUTBOX_HOURS, NULL, NULL);
        self->mails_wait = st != STATUS_OK;
    }
    return st;
}

/*
 * Whether all but duties has its turn now; then it is noted as taken.  While events wait to be folded a dossier may
 * look open because its end is among them, and while everything is looked at what is owed is not known yet; but what
 * keeps coming must not keep officials waiting.
 */
static bool take_rest(struct rounds *self, const struct duty_round *round)
{
    int64_t now_ms = clock_monotonic_ms();
    bool late = now_ms >= self->rested_at_ms + PATIENCE_MS;
    bool rest = round->outcome == DUTY_DONE || (round->outcome == DUTY_MORE && !round->everything && late);

    self->rested_at_ms = rest ? now_ms : self->rested_at_ms;
    return rest;
}

static enum status run_duties(struct rounds *self, int64_t now_us, struct rounds_done *done)
{
    const struct duty_tools tools = {.db = self->db,
                                     .hours = self->hours,
                                     .rules = &self->rules,
                                     .rungs = &self->rungs,
                                     .now_us = now_us,
                                     .batch = self->config->notifier.batch,
                                     .patient = clock_monotonic_ms() < self->done_at_ms + CATCH_UP_MS};
    struct duty_round round;
    enum status st = db_plans_refresh(self->db, &self->plans, self->looked_at);

    if (st != STATUS_OK) {
        return st;
    }
    st = duty_run(&tools, &round);
    if (st == STATUS_OK) {
        self->looked_at += round.keys;
        for (int i = 0; i < DUTY_ALERTS; i++) {
            if (round.alerts[i] != NULL) {
                self->publish(self->context, round.alerts[i]);
            }
        }
        if (round.outcome == DUTY_DONE) {
            self->done_at_ms = clock_monotonic_ms();
        }
        done->outcome = round.outcome;
        done->rest = take_rest(self, &round);
        done->opened = round.opened;
        if (round.opened > 0) {
            self->busy_until_ms = clock_monotonic_ms() + BUSY_MS;
            self->draft_since_us = now_us < self->draft_since_us ? now_us : self->draft_since_us;
        }
        done->voided = round.voided;
        done->amended = round.amended;
    }
    duty_round_clear(&round);
    return st;
}

/* Letters are drafted before officials hear of them: they find them written.  A batch a turn. */
static void run_drafts(struct rounds *self, int64_t now_us, struct rounds_done *done)
{
    int64_t now_ms = clock_monotonic_ms();

    if (self->drafts.done && now_ms >= self->draft_at_ms) {
        self->draft_at_ms = now_ms + DRAFT_EVERY_MS;
        letter_place_start(&self->drafts, DB_MINUS_INFINITY_US);
    } else if (self->drafts.done && self->draft_since_us != DB_INFINITY_US) {
        letter_place_start(&self->drafts, self->draft_since_us);
        self->draft_since_us = DB_INFINITY_US;
    }
    if (self->drafts.done) {
        return;
    }
    if (letter_desk_draft(self->desk, now_us, &self->drafts, &done->drafted) != STATUS_OK) {
        /* The letters stay owed, and are looked at again in a while; alerts do not wait for the desk. */
        log_warn(self->log, "DRAFTS", "letters could not be drafted now");
        self->drafts.done = true;
        self->draft_at_ms = now_ms + DRAFT_AGAIN_MS;
    }
}

/* While letters are being drafted those who are told of them wait a moment. */
static bool is_drafting(const struct rounds *self)
{
    return !self->drafts.done;
}

/* When the ladder is looked at again after a turn that began at begun_ms. */
static int64_t next_ladder_ms(int64_t begun_ms, bool full, bool busy)
{
    int64_t now_ms = clock_monotonic_ms();

    if (!full) {
        return now_ms + LADDER_EVERY_MS;
    }
    return busy ? now_ms + DUTIES_SHARE * (now_ms - begun_ms) : now_ms;
}

static enum status run_ladder(struct rounds *self, int64_t now_us, struct rounds_done *done)
{
    struct ladder_tools tools = {
        .db = self->db, .params = self->params, .hours = self->hours, .rungs = &self->rungs, .now_us = now_us};
    int64_t begun_ms = clock_monotonic_ms();
    bool busy = begun_ms < self->busy_until_ms;
    int64_t batch = self->config->notifier.batch * LADDER_BATCHES;
    struct ladder_round round;
    enum status st;

    batch = busy && batch > LADDER_STEPS_BUSY ? LADDER_STEPS_BUSY : batch;
    done->again_ms = self->ladder_at_ms;
    if (begun_ms < self->ladder_at_ms) {
        return STATUS_OK;
    }
    st = ladder_take(&tools, batch, &round);
    if (st == STATUS_OK && round.alerts != NULL) {
        self->publish(self->context, round.alerts);
    }
    done->taken = st == STATUS_OK ? round.taken : 0;
    ladder_round_clear(&round);
    if (st == STATUS_OK && !self->place.done) {
        st = ladder_replan(&tools, batch, &self->place);
    } else if (st == STATUS_OK && !self->letters.done) {
        st = ladder_replan_letters(&tools, batch, &self->letters);
    }
    self->ladder_at_ms =
        next_ladder_ms(begun_ms, done->taken >= batch || !self->place.done || !self->letters.done, busy);
    done->again_ms = self->ladder_at_ms;
    return st;
}

static enum status run_messages(struct rounds *self, int64_t now_us, bool digests, struct rounds_done *done)
{
    const struct message_tools tools = {
        .digests = digests,
        .db = self->db,
        .hours = self->hours,
        .now_us = now_us,
        .group_wait_ms = self->config->notifier.group_wait_ms,
        .group_interval_ms = self->config->notifier.group_interval_ms,
        .digest_at_s = self->config->notifier.digest_at_ms / 1000,
    };
    struct message_round round;
    enum status st;

    if (clock_monotonic_ms() < self->messages_at_ms) {
        return STATUS_OK;
    }
    st = message_run(&tools, &round);
    if (st == STATUS_OK) {
        done->messages = round.made;
        done->more = done->more || round.more;
    }
    self->messages_at_ms = st == STATUS_OK && round.more ? 0 : clock_monotonic_ms() + MESSAGES_EVERY_MS;
    return st;
}

enum status rounds_run(struct rounds *self, struct rounds_done *done, const char **doing)
{
    int64_t now_us = clock_now_us(&self->config->deployment.clock);
    enum status st;

    *done = (struct rounds_done){.outcome = DUTY_DONE, .again_ms = INT64_MAX};
    *doing = "reading calendars and rules";
    st = refresh(self, now_us);
    if (st == STATUS_OK) {
        *doing = "round of duties";
        st = run_duties(self, now_us, done);
    }
    if (st != STATUS_OK) {
        return st;
    }
    done->more = done->outcome == DUTY_MORE;
    if (done->rest) {
        run_drafts(self, now_us, done);
        done->more = done->more || is_drafting(self);
        *doing = "steps of the ladder";
        st = run_ladder(self, now_us, done);
    }
    /* What was told before waits for nobody but letters that are being written right now. */
    if (st == STATUS_OK && done->outcome != DUTY_OTHER_CLUSTER && !(done->rest && is_drafting(self))) {
        *doing = "making messages";
        st = run_messages(self, now_us, done->rest, done);
    }
    return st;
}
