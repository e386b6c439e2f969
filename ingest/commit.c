/* SPDX-License-Identifier: MIT */
/* commit.c - adaptive group commit. */
#include "ingest/commit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/service.h"
#include "ingest/batch.h"
#include "ingest/waiting.h"

#define BACKOFF_MIN_MS 50
#define BACKOFF_MAX_MS 2000
#define COUNTS_EVERY_MS 1000 /* refusals are counted at least so often */
#define LATENCY_WEIGHT 8     /* of the past in the moving average */
#define RIDDLES_MAX 5        /* answers that were not understood, before a batch is let go */
/* Left free above a known mark: a lost batch of an earlier process may yet be committed beyond it. */
#define NUMBER_GAP 1000000
#define WORDS_SIZE 256
#define WORKER_SIZE (CONFIG_TEXT_MAX + 16)

enum lane_state {
    LANE_FREE, /* no batch */
    LANE_SENT, /* under way */
    LANE_WAITS /* to be sent at again_ms */
};

/* What a slot of the ledger is about. */
struct lane {
    enum lane_state state;
    struct batch *batch; /* batch->next: halves to follow; NULL when free */
    bool unknown;        /* an attempt was lost: it may be committed or become so, and must go again as it is */
    int64_t sent_ms;
    int64_t again_ms;
    int64_t backoff_ms;
    int riddles; /* answers in a row that were not understood */
    char worker[WORKER_SIZE];
};

struct commit {
    const struct config *config;
    const struct log *log;
    struct ledger *ledger;
    struct intake *intake;
    struct stats *stats;
    struct commit_listener listener;
    struct db_params *params;
    unsigned char *outcomes; /* batch_events of them */
    struct waiting waiting;
    int64_t last_number;       /* grows for ever, also from process to process */
    int64_t counts_ms;         /* when counts travelled last */
    int64_t latency_ms_scaled; /* times LATENCY_WEIGHT */
    int64_t unstored_ms;       /* since when the database has work and stores none of it; 0: it has no work */
    bool prune;
    bool held;       /* the worker's name: without it nothing is sent */
    bool stale_told; /* since the name was claimed */
    struct lane lanes[LEDGER_SLOTS_MAX];
};

static int lanes_count(const struct commit *self)
{
    return ledger_slots(self->ledger);
}

static void settle(struct commit *self, struct item *item, enum answer_word word, enum answer_code code)
{
    struct parcel *parcel = item->parcel;

    stats_settled(self->stats, word, code);
    if (item_settle(item, word, code)) {
        self->listener.parcel_done(self->listener.context, parcel);
    }
}

/* Lets an event go whose end will not be seen here. */
static void abandon(struct commit *self, struct item *item)
{
    struct parcel *parcel = item->parcel;

    if (item_settle(item, ANSWER_BUSY, CODE_STOPPING)) {
        self->listener.parcel_done(self->listener.context, parcel);
    }
}

/* Takes the batch off the lane; the halves that follow come next. */
static void finish_batch(struct lane *lane)
{
    struct batch *done = lane->batch;

    lane->batch = done->next;
    lane->state = lane->batch != NULL ? LANE_WAITS : LANE_FREE;
    lane->unknown = false;
    lane->again_ms = 0;
    batch_destroy(&done);
}

static void send_again(struct lane *lane, int64_t delay_ms)
{
    lane->state = LANE_WAITS;
    lane->again_ms = clock_monotonic_ms() + delay_ms;
}

static void send_later(struct lane *lane)
{
    lane->backoff_ms = service_backoff_ms(lane->backoff_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
    send_again(lane, lane->backoff_ms);
}

/* Puts a batch on its way.  The number is new unless the batch might be committed under its old one. */
static void send(struct commit *self, int slot, int64_t now_ms)
{
    struct lane *lane = &self->lanes[slot];

    if (!lane->unknown) {
        lane->batch->number = ++self->last_number;
    }
    if (!intake_is_empty(&lane->batch->carried)) {
        self->counts_ms = now_ms;
    }
    self->stats->retries += lane->unknown || lane->backoff_ms > 0;
    batch_params(lane->batch, lane->worker, self->params);
    lane->state = LANE_SENT;
    lane->sent_ms = now_ms;
    if (self->unstored_ms == 0) {
        self->unstored_ms = now_ms;
    }
    if (ledger_send(self->ledger, slot, self->params, now_ms) != STATUS_OK) {
        send_later(lane);
    }
}

static void note_latency(struct commit *self, const struct lane *lane)
{
    int64_t took_ms = clock_monotonic_ms() - lane->sent_ms;

    self->latency_ms_scaled += took_ms - self->latency_ms_scaled / LATENCY_WEIGHT;
    self->stats->batches++;
    self->stats->batch_events += lane->batch->count;
    self->stats->batch_ms += took_ms;
}

static void settle_stored(struct commit *self, struct item *item, unsigned char outcome)
{
    static const struct {
        enum answer_word word;
        enum answer_code code;
    } meaning[] = {{ANSWER_ACCEPTED, CODE_NONE}, {ANSWER_DUPLICATE, CODE_NONE}, {ANSWER_CONFLICT, CODE_CONFLICT}};

    settle(self, item, meaning[outcome].word, meaning[outcome].code);
}

/*
 * Lets a batch go of which nothing better can be told.  counted: the database has, or may have, counted it.  Halves
 * behind it keep their turn.
 */
static void let_go(struct commit *self, struct lane *lane, bool counted)
{
    struct batch *batch = lane->batch;

    for (int i = 0; i < batch->count; i++) {
        struct item *item = batch->items[i];

        if (!counted) {
            intake_add(self->intake, item->source_id, ANSWER_BUSY, 1);
        }
        settle(self, item, ANSWER_BUSY, CODE_COMMIT_SLOW);
    }
    if (!counted) {
        intake_move(self->intake, &batch->carried);
    }
    lane->riddles = 0;
    finish_batch(lane);
}

/* Stored, but what became of which event cannot be told: asked again under the same number, not for ever. */
static void puzzle(struct commit *self, struct lane *lane)
{
    lane->unknown = true;
    if (++lane->riddles < RIDDLES_MAX) {
        send_later(lane);
        return;
    }
    log_error(self->log, "LEDGER-ANSWER",
              "event_append gave no outcome per event worker=%s events=%d; is the schema of this version?",
              lane->worker, lane->batch->count);
    let_go(self, lane, true);
}

/* The batch is committed: everything in it has its outcome.  A parcel may be gone with its last item. */
static void committed(struct commit *self, struct lane *lane, const PGresult *result)
{
    struct batch *batch = lane->batch;
    int stored = batch_stored(batch);
    const char *cell = PQgetisnull(result, 0, 0) ? NULL : PQgetvalue(result, 0, 0);
    bool fresh = false;
    int at = 0;

    if (batch_outcomes(cell, PQgetlength(result, 0, 0), stored, self->outcomes) != STATUS_OK) {
        puzzle(self, lane);
        return;
    }
    note_latency(self, lane);
    lane->backoff_ms = 0;
    lane->riddles = 0;
    for (int i = 0; i < batch->count; i++) {
        struct item *item = batch->items[i];

        if (item_is_refused(item)) {
            settle(self, item, ANSWER_REJECTED, (enum answer_code)item->code);
        } else {
            fresh = fresh || self->outcomes[at] == 0;
            settle_stored(self, item, self->outcomes[at++]);
        }
    }
    finish_batch(lane);
    if (fresh) {
        self->listener.stored(self->listener.context);
    }
}

/* While a culprit is looked for the same refusal comes again and again: it is told of when it is found. */
static void log_refused(const struct commit *self, const struct lane *lane, enum status st, const PGresult *result)
{
    enum log_level level = st == STATUS_FATAL ? LOG_LEVEL_ERROR : LOG_LEVEL_WARN;
    const char *words = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    char line[WORDS_SIZE];

    if (st == STATUS_INVALID && lane->batch->count > 1) {
        level = LOG_LEVEL_DEBUG;
    }
    log_write(self->log, level, "STORE-REFUSED", "%s worker=%s sqlstate=%s events=%d",
              words != NULL ? log_clean(words, strlen(words), line, sizeof line) : "no reason given", lane->worker,
              sqlstate != NULL ? sqlstate : "-", lane->batch->count);
}

/* One event that the database does not take: quarantined first, and given up when that is refused too. */
static void give_up_on(struct commit *self, struct lane *lane)
{
    struct batch *batch = lane->batch;
    struct item *item = batch->items[0];

    if (!item_is_refused(item)) {
        item->word = ANSWER_REJECTED;
        item->code = CODE_STORE_REFUSED;
        item->sentence_at = 0;
        return;
    }
    log_error(self->log, "QUARANTINE-REFUSED", "an event could not even be kept in quarantine code=%s source_id=%d",
              answer_code_name((enum answer_code)item->code), item->source_id);
    intake_add(&batch->carried, item->source_id, ANSWER_REJECTED, 1);
    batch->count = 0;
    settle(self, item, ANSWER_REJECTED, (enum answer_code)item->code);
}

/* The database refuses the data: find the culprit by halving. */
static void halve(struct commit *self, struct lane *lane)
{
    if (lane->batch->count == 0) {
        log_error(self->log, "COUNTS-REFUSED", "refusals of %zu sources could not be counted and are dropped",
                  intake_rows(&lane->batch->carried));
        finish_batch(lane);
        return;
    }
    if (lane->batch->count == 1) {
        give_up_on(self, lane);
        send_again(lane, 0);
    } else if (batch_split(lane->batch) == STATUS_OK) {
        send_again(lane, 0);
    } else {
        send_later(lane);
    }
}

static void refused(struct commit *self, struct lane *lane, enum status st)
{
    if (st == STATUS_INVALID) {
        /* Whatever was lost before has ended without a commit: this attempt held the worker's row. */
        lane->unknown = false;
        halve(self, lane);
    } else {
        send_later(lane);
    }
}

/* A newer batch of this worker is committed, so that this one can be no more. */
static void stale(struct commit *self, struct lane *lane)
{
    if (!self->stale_told) {
        log_error(
            self->log, "BATCH-STALE",
            "a newer batch is stored under the same name worker=%s batch=%lld events=%d; another process uses it, "
            "or the clock went back: give each its own ingest.worker, or restart",
            lane->worker, (long long)lane->batch->number, lane->batch->count);
    }
    self->stale_told = true;
    let_go(self, lane, lane->unknown);
}

/* The database has done what was asked, or has said why that cannot be done: it works. */
static void note_answer(struct commit *self)
{
    self->unstored_ms = 0;
    for (int i = 0; i < lanes_count(self); i++) {
        if (self->lanes[i].state != LANE_FREE) {
            self->unstored_ms = clock_monotonic_ms();
        }
    }
}

void commit_ledger_cb(void *context, int slot, enum ledger_event event, enum status st, const PGresult *result)
{
    struct commit *self = context;
    struct lane *lane = &self->lanes[slot];

    if (event == LEDGER_COMMITTED) {
        committed(self, lane, result);
    } else if (event == LEDGER_LOST) {
        lane->unknown = true;
        send_again(lane, 0);
    } else if (event == LEDGER_STALE) {
        stale(self, lane);
    } else {
        log_refused(self, lane, st, result);
        refused(self, lane, st);
    }
    if (event == LEDGER_COMMITTED || event == LEDGER_STALE || (event == LEDGER_REFUSED && st == STATUS_INVALID)) {
        note_answer(self);
    }
}

/* Drops from batches that are not committed what was answered "busy" already. */
static void prune_batch(struct commit *self, struct batch *batch)
{
    int kept = 0;

    for (int i = 0; i < batch->count; i++) {
        struct item *item = batch->items[i];

        if (!item->parcel->answered) {
            batch->items[kept++] = item;
            continue;
        }
        batch->bytes -= item->payload_len;
        intake_add(&batch->carried, item->source_id, ANSWER_BUSY, 1);
        settle(self, item, ANSWER_BUSY, CODE_DATABASE_AWAY);
    }
    batch->count = kept;
}

static void prune_lane(struct commit *self, struct lane *lane)
{
    /* An unknown batch is kept whole; the halves behind a batch were never committed. */
    struct batch *first = lane->batch;
    bool whole = lane->state == LANE_SENT || lane->unknown;

    if (lane->state == LANE_FREE) {
        return;
    }
    for (struct batch *batch = whole ? first->next : first; batch != NULL; batch = batch->next) {
        prune_batch(self, batch);
    }
    while (lane->state == LANE_WAITS && !lane->unknown && lane->batch->count == 0) {
        intake_move(self->intake, &lane->batch->carried);
        finish_batch(lane);
    }
}

static bool counts_due(const struct commit *self, int64_t now_ms, bool flush)
{
    return !intake_is_empty(self->intake) && (flush || now_ms - self->counts_ms >= COUNTS_EVERY_MS);
}

static bool all_idle(const struct commit *self)
{
    for (int i = 0; i < lanes_count(self); i++) {
        if (self->lanes[i].state == LANE_SENT) {
            return false;
        }
    }
    return true;
}

/* By the slots that are up: those that are away serve nobody. */
static enum waiting_share share_of(const struct commit *self, int slot)
{
    int last = lanes_count(self) - 1;

    while (last > slot && !ledger_is_up(self->ledger, last)) {
        last--;
    }
    if (ledger_up(self->ledger) < 2) {
        return WAITING_FOR_ALL;
    }
    return slot == last ? WAITING_FOR_BRIEF : WAITING_FOR_BULK;
}

/* A batch of what waits for the lane, with the counts that wait; NULL when memory is short. */
static struct batch *gather(struct commit *self, int slot)
{
    struct batch *batch = waiting_gather(&self->waiting, share_of(self, slot));

    if (batch != NULL) {
        intake_move(&batch->carried, self->intake);
    }
    return batch;
}

/* Returns false when the lane has nothing to send now. */
static bool lane_take(struct commit *self, int slot, int64_t now_ms, bool flush)
{
    struct lane *lane = &self->lanes[slot];

    if (!self->held) {
        return false;
    }
    if (lane->state != LANE_FREE) {
        return lane->state == LANE_WAITS && now_ms >= lane->again_ms;
    }
    if (waiting_ms(&self->waiting, share_of(self, slot), now_ms, all_idle(self)) == 0 ||
        counts_due(self, now_ms, flush)) {
        lane->batch = gather(self, slot);
    }
    return lane->batch != NULL;
}

static int64_t lane_wait_ms(struct commit *self, int slot, int64_t now_ms)
{
    const struct lane *lane = &self->lanes[slot];

    if (!self->held || !ledger_ready(self->ledger, slot) || lane->state == LANE_SENT) {
        return INT64_MAX; /* the next look at the name, or the ledger's socket or clock wakes the loop */
    }
    if (lane->state == LANE_FREE) {
        return waiting_ms(&self->waiting, share_of(self, slot), now_ms, all_idle(self));
    }
    return lane->again_ms > now_ms ? lane->again_ms - now_ms : 0;
}

struct commit *commit_new(const struct config *config, const struct log *log, struct intake *intake,
                          struct stats *stats, const struct commit_listener *listener)
{
    const struct clock real = {.frozen = false};
    struct commit *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->config = config;
    self->log = log;
    self->intake = intake;
    self->stats = stats;
    self->listener = *listener;
    waiting_init(&self->waiting, config);
    self->params = db_params_new();
    self->outcomes = malloc((size_t)config->ingest.batch_events);
    if (self->params == NULL || self->outcomes == NULL) {
        commit_destroy(&self);
        return NULL;
    }
    /* Fewer than one batch a microsecond: the next process of this name will start above all numbers of this one. */
    self->last_number = clock_now_us(&real);
    for (int i = 0; i < LEDGER_SLOTS_MAX; i++) {
        snprintf(self->lanes[i].worker, sizeof self->lanes[i].worker, "%s/%d", config->ingest.worker, i);
    }
    return self;
}

void commit_destroy(struct commit **self_p)
{
    struct commit *self = *self_p;
    struct item *item;

    if (self == NULL) {
        return;
    }
    while ((item = waiting_take(&self->waiting, NULL)) != NULL) {
        abandon(self, item);
    }
    for (int i = 0; i < LEDGER_SLOTS_MAX; i++) {
        while (self->lanes[i].batch != NULL) {
            for (int j = 0; j < self->lanes[i].batch->count; j++) {
                abandon(self, self->lanes[i].batch->items[j]);
            }
            finish_batch(&self->lanes[i]);
        }
    }
    db_params_destroy(&self->params);
    free(self->outcomes);
    free(self);
    *self_p = NULL;
}

void commit_use_ledger(struct commit *self, struct ledger *ledger)
{
    self->ledger = ledger;
}

void commit_use_name(struct commit *self, bool held, int64_t mark)
{
    if (held && !self->held) {
        self->stale_told = false;
    }
    self->held = held;
    if (mark > self->last_number) {
        self->last_number = mark + NUMBER_GAP;
    }
}

bool commit_holds_name(const struct commit *self)
{
    return self->held;
}

void commit_add(struct commit *self, struct item *item)
{
    waiting_put(&self->waiting, item);
}

int64_t commit_queued(const struct commit *self)
{
    return waiting_events(&self->waiting);
}

void commit_withdraw(struct commit *self, const struct parcel *parcel, enum answer_code code)
{
    struct item *item;

    while ((item = waiting_take(&self->waiting, parcel)) != NULL) {
        intake_add(self->intake, item->source_id, ANSWER_BUSY, 1);
        stats_settled(self->stats, ANSWER_BUSY, code);
        (void)item_settle(item, ANSWER_BUSY, code);
    }
}

void commit_prune(struct commit *self)
{
    self->prune = true;
}

int64_t commit_turn(struct commit *self, int64_t now_ms, bool flush)
{
    int64_t wait_ms = INT64_MAX;

    for (int slot = 0; slot < lanes_count(self); slot++) {
        int64_t lane_ms;

        if (self->prune) {
            prune_lane(self, &self->lanes[slot]);
        }
        if (ledger_ready(self->ledger, slot) && lane_take(self, slot, now_ms, flush)) {
            send(self, slot, now_ms);
        }
        lane_ms = lane_wait_ms(self, slot, now_ms);
        wait_ms = lane_ms < wait_ms ? lane_ms : wait_ms;
    }
    self->prune = false;
    return wait_ms;
}

bool commit_is_idle(const struct commit *self)
{
    for (int i = 0; i < lanes_count(self); i++) {
        if (self->lanes[i].state != LANE_FREE) {
            return false;
        }
    }
    return commit_queued(self) == 0 && intake_is_empty(self->intake);
}

bool commit_is_stuck(const struct commit *self)
{
    return self->unstored_ms != 0 && clock_monotonic_ms() - self->unstored_ms > self->config->ingest.busy_after_ms;
}

int64_t commit_latency_ms(const struct commit *self)
{
    return self->latency_ms_scaled / LATENCY_WEIGHT;
}
