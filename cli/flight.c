/* SPDX-License-Identifier: MIT */
/* flight.c - requests of a sender that are not answered yet. */
#include "cli/flight.h"

#include <stdlib.h>
#include <string.h>

#include "cli/answer_lines.h"
#include "common/service.h"

/* Requests held at most; a tag tells its place: tag % FLIGHT_SLOTS. */
#define FLIGHT_SLOTS 1024
/* A request ends at so many bytes even when the server would take more: retries stay cheap. */
#define FLIGHT_BODY_BYTES 262144
#define FLIGHT_PAUSE_MIN_MS 200
#define FLIGHT_PAUSE_MAX_MS 10000

enum slot_state {
    SLOT_FREE,
    SLOT_FILLING, /* takes events; at most one */
    SLOT_READY,   /* to be sent */
    SLOT_SENT     /* its answer is awaited */
};

struct slot {
    enum slot_state state;
    uint64_t tag;
    int64_t sent_ms;
    size_t count;
    size_t body_len;
    size_t body_cap;
    char *body;     /* events, each with its LF */
    int64_t *lines; /* of each event, room for batch */
    size_t *ends;   /* where each event ends in body */
};

struct flight {
    size_t batch; /* wanted, and after WELCOME allowed */
    struct flight_limits limits;
    flight_refused_cb refused;
    void *context;
    uint64_t serial;   /* of the next tag */
    size_t used;       /* slots that were ever used */
    size_t ready;      /* slots in that state */
    size_t unanswered; /* events sent */
    size_t held;       /* events in all slots */
    int filling;       /* slot, -1: none */
    int64_t resume_ms; /* nothing is sent before */
    int64_t pause_ms;  /* the last pause */
    bool busy;         /* the last answer was "busy" for every event */
    struct answer_reason busy_reason;
    int64_t counts[FLIGHT_WORDS];
    struct slot slots[FLIGHT_SLOTS];
};

struct flight *flight_new(size_t batch, flight_refused_cb refused, void *context)
{
    struct flight *self = calloc(1, sizeof *self);

    if (self != NULL) {
        self->batch = batch < 1 ? 1 : batch > FLIGHT_BATCH_MAX ? FLIGHT_BATCH_MAX : batch;
        self->refused = refused;
        self->context = context;
        self->filling = -1;
    }
    return self;
}

void flight_destroy(struct flight **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    for (size_t i = 0; i < FLIGHT_SLOTS; i++) {
        free((*self_p)->slots[i].body);
        free((*self_p)->slots[i].lines);
        free((*self_p)->slots[i].ends);
    }
    free(*self_p);
    *self_p = NULL;
}

void flight_limit(struct flight *self, const struct flight_limits *limits)
{
    self->limits = *limits;
}

void flight_window(struct flight *self, uint64_t window)
{
    self->limits.window = window;
}

/* Events in a request: what is wanted, what the server takes, and no more than the window. */
static size_t flight_batch(const struct flight *self)
{
    uint64_t batch = self->batch;

    batch = batch > self->limits.batch ? self->limits.batch : batch;
    return (size_t)(batch > self->limits.window ? self->limits.window : batch);
}

static size_t flight_body_bytes(const struct flight *self)
{
    uint64_t told = self->limits.request_bytes;

    return told > 0 && told < FLIGHT_BODY_BYTES ? (size_t)told : FLIGHT_BODY_BYTES;
}

/* The free slot with the smallest number, -1 when all are in use. */
static int flight_free_slot(const struct flight *self)
{
    for (size_t i = 0; i < FLIGHT_SLOTS; i++) {
        if (self->slots[i].state == SLOT_FREE) {
            return (int)i;
        }
    }
    return -1;
}

/* True when the longest event fits into the request being filled. */
static bool flight_is_filling(const struct flight *self)
{
    return self->filling >= 0 &&
           self->slots[self->filling].body_len + self->limits.event_bytes + 1 <= flight_body_bytes(self);
}

bool flight_has_room(const struct flight *self)
{
    return self->held < self->limits.window && flight_batch(self) > 0 &&
           (flight_is_filling(self) || flight_free_slot(self) >= 0);
}

size_t flight_event_bytes(const struct flight *self)
{
    return (size_t)self->limits.event_bytes;
}

static void flight_tag(struct flight *self, struct slot *slot)
{
    slot->tag = self->serial++ * FLIGHT_SLOTS + (uint64_t)(slot - self->slots);
}

/* Opens a slot for events; NULL when memory is short or none is free. */
static struct slot *flight_open(struct flight *self)
{
    int place = flight_free_slot(self);
    struct slot *slot;

    if (place < 0) {
        return NULL;
    }
    slot = &self->slots[place];
    if (slot->lines == NULL) {
        slot->lines = calloc(self->batch, sizeof *slot->lines);
    }
    if (slot->ends == NULL) {
        slot->ends = calloc(self->batch, sizeof *slot->ends);
    }
    if (slot->lines == NULL || slot->ends == NULL) {
        return NULL;
    }
    slot->count = 0;
    slot->body_len = 0;
    slot->state = SLOT_FILLING;
    flight_tag(self, slot);
    self->used = (size_t)place >= self->used ? (size_t)place + 1 : self->used;
    return slot;
}

static enum status slot_append(struct slot *slot, const char *event, size_t len, int64_t line)
{
    if (slot->body_cap - slot->body_len < len + 1) {
        size_t cap = (slot->body_len + len + 1) * 2;
        char *grown = realloc(slot->body, cap);

        if (grown == NULL) {
            return STATUS_RETRY;
        }
        slot->body = grown;
        slot->body_cap = cap;
    }
    memcpy(slot->body + slot->body_len, event, len);
    slot->body_len += len;
    slot->body[slot->body_len++] = '\n';
    slot->lines[slot->count] = line;
    slot->ends[slot->count] = slot->body_len;
    slot->count++;
    return STATUS_OK;
}

enum status flight_add(struct flight *self, const char *event, size_t len, int64_t line)
{
    struct slot *slot;
    enum status st;

    if (self->filling >= 0 && self->slots[self->filling].body_len + len + 1 > flight_body_bytes(self)) {
        flight_close(self);
    }
    if (self->filling < 0) {
        slot = flight_open(self);
        if (slot == NULL) {
            return STATUS_RETRY;
        }
        self->filling = (int)(slot - self->slots);
    }
    slot = &self->slots[self->filling];
    st = slot_append(slot, event, len, line);
    if (st == STATUS_OK) {
        self->held++;
    }
    if (slot->count >= flight_batch(self)) {
        flight_close(self);
    }
    return st;
}

void flight_close(struct flight *self)
{
    if (self->filling >= 0) {
        struct slot *slot = &self->slots[self->filling];

        slot->state = slot->count > 0 ? SLOT_READY : SLOT_FREE;
        self->ready += slot->count > 0;
        self->filling = -1;
    }
}

/* Moves the events behind the first count into a request of their own; false when there is no place for it. */
static bool flight_split(struct flight *self, struct slot *slot, size_t count)
{
    struct slot *rest = flight_open(self);

    if (rest == NULL) {
        return false;
    }
    for (size_t i = count; i < slot->count; i++) {
        size_t begin = slot->ends[i - 1];

        if (slot_append(rest, slot->body + begin, slot->ends[i] - begin - 1, slot->lines[i]) != STATUS_OK) {
            rest->state = SLOT_FREE;
            return false;
        }
    }
    rest->state = SLOT_READY;
    self->ready++;
    slot->count = count;
    slot->body_len = slot->ends[count - 1];
    return true;
}

/* The request to be sent that was made first. */
static struct slot *flight_oldest_ready(struct flight *self)
{
    struct slot *oldest = NULL;

    for (size_t i = 0; self->ready > 0 && i < self->used; i++) {
        struct slot *slot = &self->slots[i];

        if (slot->state == SLOT_READY && (oldest == NULL || slot->tag / FLIGHT_SLOTS < oldest->tag / FLIGHT_SLOTS)) {
            oldest = slot;
        }
    }
    return oldest;
}

bool flight_next(struct flight *self, int64_t now_ms, struct flight_request *request)
{
    struct slot *slot = now_ms < self->resume_ms ? NULL : flight_oldest_ready(self);

    if (slot == NULL || self->unanswered >= self->limits.window) {
        return false;
    }
    if (slot->count > self->limits.window - self->unanswered) {
        /* The window shrank below a whole request: wait, or when nothing is to be waited for, send a part. */
        if (self->unanswered > 0 || !flight_split(self, slot, (size_t)self->limits.window)) {
            return false;
        }
    }
    request->tag = slot->tag;
    request->body = slot->body;
    request->body_len = slot->body_len;
    return true;
}

void flight_sent(struct flight *self, uint64_t tag, int64_t now_ms)
{
    struct slot *slot = &self->slots[tag % FLIGHT_SLOTS];

    if (slot->tag == tag && slot->state == SLOT_READY) {
        slot->state = SLOT_SENT;
        slot->sent_ms = now_ms;
        self->ready--;
        self->unanswered += slot->count;
    }
}

void flight_resend(struct flight *self, int64_t then_ms)
{
    for (size_t i = 0; i < self->used; i++) {
        struct slot *slot = &self->slots[i];

        if (slot->state == SLOT_SENT && slot->sent_ms < then_ms) {
            slot->state = SLOT_READY;
            self->ready++;
            self->unanswered -= slot->count;
        }
    }
}

/* Tells of an event refused for good. */
static void flight_report(struct flight *self, const struct answer_line *answer, int64_t at)
{
    struct answer_reason reason;
    struct flight_refusal refusal;

    if (self->refused == NULL) {
        return;
    }
    answer_line_reason(answer, &reason);
    refusal = (struct flight_refusal){
        .line = at, .word = answer_line_word(answer->word), .code = reason.code, .sentence = reason.sentence};
    self->refused(self->context, &refusal);
}

/* Keeps event i of the slot as its kept-th one. */
static void slot_keep(struct slot *slot, size_t i, size_t kept)
{
    size_t begin = i == 0 ? 0 : slot->ends[i - 1];
    size_t len = slot->ends[i] - begin;
    size_t to = kept == 0 ? 0 : slot->ends[kept - 1];

    memmove(slot->body + to, slot->body + begin, len);
    slot->lines[kept] = slot->lines[i];
    slot->ends[kept] = to + len;
}

/* What is left of a slot after its answers: nothing, or the events to send again. */
static void flight_settle(struct flight *self, struct slot *slot, size_t kept, int64_t now_ms)
{
    self->held -= slot->count - kept;
    self->ready -= slot->state == SLOT_READY;
    if (kept == 0) {
        slot->state = SLOT_FREE;
        self->pause_ms = 0;
        return;
    }
    slot->count = kept;
    slot->body_len = slot->ends[kept - 1];
    slot->state = SLOT_READY;
    self->ready++;
    flight_tag(self, slot);
    if (now_ms >= self->resume_ms) {
        self->pause_ms = service_backoff_ms(self->pause_ms, FLIGHT_PAUSE_MIN_MS, FLIGHT_PAUSE_MAX_MS);
        self->resume_ms = now_ms + self->pause_ms;
    }
}

enum status flight_answer(struct flight *self, uint64_t tag, const char *body, size_t len, int64_t now_ms)
{
    struct slot *slot = &self->slots[tag % FLIGHT_SLOTS];
    struct answer_lines lines = {body, len};
    struct answer_line answer;
    size_t kept = 0;

    /* An answer may also come while the request waits to be sent again. */
    if (slot->tag != tag || (slot->state != SLOT_SENT && slot->state != SLOT_READY)) {
        return STATUS_OK;
    }
    if (!answer_lines_fit(lines, slot->count)) {
        return STATUS_INVALID;
    }
    if (slot->state == SLOT_SENT) {
        self->unanswered -= slot->count;
    }
    for (size_t i = 0; answer_lines_next(&lines, &answer); i++) {
        self->counts[answer.word]++;
        if (answer.word == FLIGHT_BUSY) {
            slot_keep(slot, i, kept++);
            answer_line_reason(&answer, &self->busy_reason);
        } else if (answer.word != FLIGHT_ACCEPTED && answer.word != FLIGHT_DUPLICATE) {
            flight_report(self, &answer, slot->lines[i]);
        }
    }
    self->busy = kept == slot->count;
    flight_settle(self, slot, kept, now_ms);
    return STATUS_OK;
}

size_t flight_held(const struct flight *self)
{
    return self->held;
}

int64_t flight_count(const struct flight *self, enum flight_word word)
{
    return self->counts[word];
}

bool flight_is_busy(const struct flight *self, const char **code, const char **sentence)
{
    *code = self->busy_reason.code;
    *sentence = self->busy_reason.sentence;
    return self->busy;
}

int64_t flight_pause_ms(const struct flight *self, int64_t now_ms)
{
    return self->resume_ms > now_ms ? self->resume_ms - now_ms : 0;
}
