/* SPDX-License-Identifier: MIT */
/* dispatch.c - carries deliveries out. */
#include "notifier/dispatch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "common/clock.h"
#include "common/fault.h"
#include "notifier/envoy.h"
#include "notifier/outbox.h"
#include "notifier/transfer.h"

/* A claim outlives its attempt by this, so that nobody takes over what is still under way. */
#define CLAIM_SPARE_MS 60000
#define CLAIM_EVERY_MS 500
#define RECOVER_EVERY_MS 5000

/* An attempt under way; owned by the callback. */
struct flight {
    struct dispatch *owner;
    struct outbox_result result; /* without verdict and outcome yet */
    enum delivery_channel channel;
    int attempts; /* this one among them */
};

/* What was taken from the outbox for a channel and is not started yet. */
struct lane {
    PGresult *claimed;
    bool *started; /* a flag a row */
    int left;
    int64_t until_ms; /* what is not started by then is given back */
};

struct dispatch {
    const struct config *config;
    const struct hours *hours;
    const struct log *log;
    struct envoy *envoy;
    struct db_params *params;
    struct lane lanes[DELIVERY_CHANNELS];
    struct outbox_result *results; /* not yet stored; never more than room */
    size_t result_count;
    int room;      /* deliveries in hand, at most */
    int in_flight; /* attempts */
    struct dispatch_figures figures;
    int64_t claim_at_ms;
    int64_t recover_at_ms;
};

static int64_t limit_ms(const struct dispatch *self, enum delivery_channel channel)
{
    return channel == DELIVERY_EMAIL ? self->config->mail.timeout_ms : self->config->notifier.webhook_timeout_ms;
}

static void tell(const struct dispatch *self, const struct outbox_result *result)
{
    const char *text = result->letter ? "a letter; see kipthoi deliveries show" : result->outcome.text;

    if (strcmp(result->verdict.state, "dead") == 0) {
        log_warn(self->log, "DELIVERY-DEAD", "given up: %s delivery=%lld outcome=%s code=%d", text,
                 (long long)result->delivery_id, outcome_name(result->outcome.kind), result->outcome.code);
    } else if (strcmp(result->verdict.state, "sent") != 0) {
        log_info(self->log, "DELIVERY-FAILED", "%s delivery=%lld outcome=%s code=%d state=%s", text,
                 (long long)result->delivery_id, outcome_name(result->outcome.kind), result->outcome.code,
                 result->verdict.state);
    }
}

/* There is room for every delivery in hand. */
static void keep_result(struct dispatch *self, const struct outbox_result *result)
{
    struct outbox_result *kept = &self->results[self->result_count++];

    *kept = *result;
    self->figures.sent += strcmp(kept->verdict.state, "sent") == 0;
    self->figures.failed += strcmp(kept->verdict.state, "sent") != 0;
    self->figures.dead += strcmp(kept->verdict.state, "dead") == 0;
    self->figures.uncertain += kept->outcome.kind == OUTCOME_UNCERTAIN;
    tell(self, kept);
}

static void finish(struct dispatch *self, struct outbox_result *result, enum delivery_channel channel, int attempts,
                   const struct outcome *outcome)
{
    result->outcome = *outcome;
    result->verdict = delivery_judge(channel, result->letter, attempts, outcome, randombytes_random());
    keep_result(self, result);
}

static void done_cb(void *context, const struct outcome *outcome)
{
    struct flight *flight = context;

    FAULT_POINT("answered");
    flight->owner->in_flight--;
    finish(flight->owner, &flight->result, flight->channel, flight->attempts, outcome);
    free(flight);
}

static void begin_result(const struct outbox_item *item, struct outbox_result *result)
{
    memset(result, 0, sizeof *result);
    result->delivery_id = item->delivery_id;
    result->letter = strcmp(item->kind, "letter") == 0;
    snprintf(result->token, sizeof result->token, "%s", item->token);
}

/* Gives a delivery back that was not begun: it waits again, as if it had not been taken. */
static void give_back(struct dispatch *self, const struct outbox_item *item, int64_t wait_ms)
{
    struct outbox_result *result = &self->results[self->result_count++];

    begin_result(item, result);
    result->unbegun = true;
    outcome_set(&result->outcome, OUTCOME_RETRY, 0, "not begun");
    result->verdict = (struct delivery_verdict){"waiting", wait_ms, DELIVERY_NO_WAIT, false};
}

/* False: there is no room for it now. */
static bool start_item(struct dispatch *self, enum delivery_channel channel, const struct outbox_item *item)
{
    struct flight *flight;
    struct outcome outcome;
    enum status st;

    if (!envoy_has_room(self->envoy, channel, item)) {
        return false;
    }
    flight = calloc(1, sizeof *flight);
    if (flight == NULL) {
        return false;
    }
    flight->owner = self;
    flight->channel = channel;
    flight->attempts = item->attempts + 1;
    begin_result(item, &flight->result);
    if (flight->result.letter) {
        envoy_message_id(self->envoy, item, flight->result.message_id);
    }
    st = envoy_start(self->envoy, channel, item, done_cb, flight, &outcome);
    if (st == STATUS_OK) {
        self->in_flight++;
        return true;
    }
    /* It was never begun: what stands in its way is the outcome. */
    finish(self, &flight->result, channel, flight->attempts, &outcome);
    free(flight);
    return true;
}

/* How long the office is still closed; 0: it may go out now.  Nobody gets a mail at midnight. */
static int64_t wait_for_hours_ms(const struct dispatch *self, const struct outbox_item *item)
{
    int64_t now_us = clock_now_us(&self->config->deployment.clock);

    return item->in_hours ? (hours_open(self->hours, item->unit_id, now_us) - now_us + 999) / 1000 : 0;
}

static void start_lane(struct dispatch *self, enum delivery_channel channel)
{
    struct lane *lane = &self->lanes[channel];
    bool expired = clock_monotonic_ms() >= lane->until_ms;

    for (int row = 0; lane->left > 0 && row < PQntuples(lane->claimed); row++) {
        struct outbox_item item;
        int64_t opens_ms;

        if (lane->started[row]) {
            continue;
        }
        outbox_item_read(lane->claimed, row, &item);
        opens_ms = wait_for_hours_ms(self, &item);
        if (expired || opens_ms > 0) {
            give_back(self, &item, opens_ms);
        } else if (!start_item(self, channel, &item)) {
            continue;
        }
        lane->started[row] = true;
        lane->left--;
    }
}

static void lane_clear(struct lane *lane)
{
    PQclear(lane->claimed);
    free(lane->started);
    memset(lane, 0, sizeof *lane);
}

static int in_hand(const struct dispatch *self)
{
    return self->in_flight + (int)self->result_count + self->lanes[DELIVERY_EMAIL].left +
           self->lanes[DELIVERY_WEBHOOK].left;
}

static enum status claim(struct dispatch *self, struct db *db, enum delivery_channel channel)
{
    struct lane *lane = &self->lanes[channel];
    /* Half of what is free: one channel cannot keep the other out. */
    int most = (self->room - in_hand(self) + 1) / 2;
    int64_t claim_ms = 2 * limit_ms(self, channel) + CLAIM_SPARE_MS;
    enum status st;

    if (lane->left > 0 || most <= 0 || !envoy_has(self->envoy, channel)) {
        return STATUS_OK;
    }
    lane_clear(lane);
    st = outbox_claim(db, self->params, channel, most, claim_ms, &lane->claimed);
    if (st == STATUS_OK && PQntuples(lane->claimed) > 0) {
        lane->started = calloc((size_t)PQntuples(lane->claimed), sizeof *lane->started);
        lane->left = lane->started == NULL ? 0 : PQntuples(lane->claimed);
        lane->until_ms = clock_monotonic_ms() + limit_ms(self, channel);
        st = lane->started == NULL ? STATUS_RETRY : STATUS_OK;
    }
    return st;
}

static enum status store_results(struct dispatch *self, struct db *db)
{
    enum status st;

    if (self->result_count == 0) {
        return STATUS_OK;
    }
    st = outbox_complete(db, self->params, self->results, self->result_count,
                         clock_now_us(&self->config->deployment.clock));
    if (st == STATUS_OK) {
        self->result_count = 0;
    }
    return st;
}

static enum status recover(struct dispatch *self, struct db *db)
{
    int64_t recovered = 0;
    enum status st;

    if (clock_monotonic_ms() < self->recover_at_ms) {
        return STATUS_OK;
    }
    st = outbox_recover(db, &recovered);
    if (st == STATUS_OK) {
        self->recover_at_ms = clock_monotonic_ms() + RECOVER_EVERY_MS;
    }
    if (recovered > 0) {
        log_warn(self->log, "DELIVERY-RECOVERED",
                 "deliveries whose notifier ended, whose recipient is disabled, or whose letter is over n=%lld",
                 (long long)recovered);
    }
    return st;
}

enum status dispatch_tell_unsent(const struct dispatch *self, struct db *db)
{
    PGresult *row = NULL;
    enum status st;

    if (envoy_has(self->envoy, DELIVERY_EMAIL)) {
        return STATUS_OK;
    }
    st = db_run(db, SQL_MAIL_WANTED, NULL, &row);
    if (st == STATUS_OK && (db_int(row, 0, 0) > 0 || db_int(row, 0, 1) > 0)) {
        log_warn(self->log, "MAIL-OFF",
                 "mail.host is empty: no mail is sent; set host and from in [mail] and start again recipients=%lld "
                 "waiting=%lld",
                 (long long)db_int(row, 0, 0), (long long)db_int(row, 0, 1));
    }
    PQclear(row);
    return st;
}

enum status dispatch_run(struct dispatch *self, struct db *db, bool *more)
{
    bool stored = self->result_count > 0;
    enum status st = store_results(self, db);

    if (st == STATUS_OK) {
        st = recover(self, db);
    }
    /* What ended makes room at once; else a look now and then. */
    if (st == STATUS_OK && (stored || clock_monotonic_ms() >= self->claim_at_ms)) {
        self->claim_at_ms = clock_monotonic_ms() + CLAIM_EVERY_MS;
        for (int channel = 0; channel < DELIVERY_CHANNELS && st == STATUS_OK; channel++) {
            st = claim(self, db, (enum delivery_channel)channel);
        }
    }
    for (int channel = 0; channel < DELIVERY_CHANNELS; channel++) {
        start_lane(self, (enum delivery_channel)channel);
    }
    *more = self->result_count > 0;
    return st;
}

enum status dispatch_new(struct dispatch **self_p, const struct config *config, struct letter_desk *desk,
                         const struct hours *hours, const struct log *log, char error[DISPATCH_ERROR_SIZE])
{
    struct dispatch *self = calloc(1, sizeof *self);
    enum status st = STATUS_RETRY;

    snprintf(error, DISPATCH_ERROR_SIZE, "memory is short");
    *self_p = NULL;
    if (self == NULL) {
        return st;
    }
    self->config = config;
    self->hours = hours;
    self->log = log;
    self->room = (int)config->notifier.deliveries;
    self->params = db_params_new();
    self->results = calloc((size_t)self->room, sizeof *self->results);
    if (self->params != NULL && self->results != NULL) {
        st = envoy_new(&self->envoy, config, desk, error);
    }
    if (st != STATUS_OK) {
        dispatch_destroy(&self, NULL);
    }
    *self_p = self;
    return st;
}

void dispatch_destroy(struct dispatch **self_p, struct db *db)
{
    struct dispatch *self = *self_p;

    if (self == NULL) {
        return;
    }
    /* Every attempt in flight ends here, in done_cb. */
    envoy_destroy(&self->envoy);
    for (int channel = 0; channel < DELIVERY_CHANNELS; channel++) {
        self->lanes[channel].until_ms = 0;
        if (self->results != NULL) {
            start_lane(self, (enum delivery_channel)channel);
        }
        lane_clear(&self->lanes[channel]);
    }
    if (db != NULL && store_results(self, db) != STATUS_OK) {
        log_warn(self->log, "DELIVERY-UNSTORED", "what became of deliveries is not stored; their claims run out n=%zu",
                 self->result_count);
    }
    db_params_destroy(&self->params);
    free(self->results);
    free(self);
    *self_p = NULL;
}

int dispatch_fd(const struct dispatch *self, enum delivery_channel channel)
{
    return envoy_fd(self->envoy, channel);
}

int64_t dispatch_wait_ms(const struct dispatch *self)
{
    return envoy_wait_ms(self->envoy);
}

void dispatch_turn(struct dispatch *self)
{
    envoy_turn(self->envoy);
}

const struct dispatch_figures *dispatch_figures(const struct dispatch *self)
{
    return &self->figures;
}
