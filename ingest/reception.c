/* SPDX-License-Identifier: MIT */
/* reception.c - from frames to reply. */
#include "ingest/reception.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/fault.h"
#include "ingest/judge.h"
#include "ingest/peer.h"

#define HEADER_SIZE 512
#define TURN_REQUESTS 256
#define PEER_IDLE_MS 60000
#define SWEEP_MS 1000
/* What an event is reckoned to hold in memory when credit is shared out. */
#define EVENT_MEMORY 1024

struct reception {
    struct reception_parts parts;
    struct judge judge;
    struct peers *peers;
    struct parcel *oldest; /* not answered, in the order received */
    struct parcel *newest;
    char *text; /* body of the reply being written; large enough for any */
    int64_t held_bytes;
    int64_t unanswered;
    int64_t sweep_ms;
    bool stopping;
};

typedef void (*verb_cb)(struct reception *self, struct message *message, const struct request_header *header,
                        int64_t now_ms);

static int64_t window(const struct reception *self)
{
    return peers_window(self->peers, commit_latency_ms(self->parts.commit));
}

static void reply(struct reception *self, const zmq_msg_t *identity, int connection, const char *header,
                  size_t body_len)
{
    size_t wire_bytes = router_reply(self->parts.router, identity, header, self->text, body_len);

    guard_replied(self->parts.guard, connection, wire_bytes);
    self->parts.stats->lost_replies += wire_bytes == 0;
}

static void reply_error(struct reception *self, const struct message *message, enum answer_code code)
{
    char header[HEADER_SIZE];

    self->parts.stats->codes[code]++;
    snprintf(header, sizeof header, "KTP/1 ERROR %s %s", answer_code_name(code), answer_code_sentence(code));
    reply(self, &message->identity, message->connection, header, 0);
}

static void reply_answers(struct reception *self, const zmq_msg_t *identity, int connection, const char *tag,
                          size_t body_len)
{
    char header[HEADER_SIZE];

    snprintf(header, sizeof header, "KTP/1 REPLY %s window=%lld", tag, (long long)window(self));
    reply(self, identity, connection, header, body_len);
}

/* An event that is open when its time is up belongs to a batch, which may yet be committed. */
static size_t write_item(char *out, const struct item *item)
{
    if (item->place != ITEM_SETTLED) {
        return answer_line(out, ANSWER_BUSY, CODE_COMMIT_SLOW, NULL);
    }
    return answer_line(out, (enum answer_word)item->word, (enum answer_code)item->code, item_sentence(item));
}

static void answer_parcel(struct reception *self, struct parcel *parcel)
{
    size_t len = 0;

    for (int i = 0; i < parcel->count; i++) {
        len += write_item(self->text + len, &parcel->items[i]);
    }
    self->parts.stats->codes[CODE_COMMIT_SLOW] += parcel->open;
    parcel->answered = true;
    *(parcel->prev != NULL ? &parcel->prev->next : &self->oldest) = parcel->next;
    *(parcel->next != NULL ? &parcel->next->prev : &self->newest) = parcel->prev;
    self->unanswered--;
    peer_remove(parcel->peer, parcel->count);
    reply_answers(self, &parcel->identity, parcel->connection, parcel->tag, len);
    FAULT_POINT("ingest-answered");
}

/* The same refusal for every event of a request that is not looked into. */
static void refuse_all(struct reception *self, const struct message *message, const struct request_header *header,
                       int count, enum answer_word word, enum answer_code code)
{
    size_t len = 0;

    self->parts.stats->received += count;
    intake_add(self->parts.intake, 0, word, count);
    for (int i = 0; i < count; i++) {
        stats_settled(self->parts.stats, word, code);
        len += answer_line(self->text + len, word, code, NULL);
    }
    reply_answers(self, &message->identity, message->connection, header->tag, len);
}

/* CODE_NONE, or why the request is no list of events. */
static enum answer_code check_body(const struct reception *self, struct message *message,
                                   const struct request_header *header, int *count)
{
    const struct config *config = self->parts.config;
    size_t len = zmq_msg_size(&message->body);

    if (!message->has_body) {
        return CODE_BODY;
    }
    if ((int64_t)len > router_body_max(config)) {
        return CODE_REQUEST_TOO_LARGE;
    }
    *count =
        request_body_count(request_body_open(header->verb, zmq_msg_data(&message->body), len), REQUEST_EVENTS_MAX + 1);
    return *count == 0 ? CODE_EMPTY : *count > REQUEST_EVENTS_MAX ? CODE_TOO_MANY : CODE_NONE;
}

/* CODE_NONE, or why the events cannot be taken in now. */
static enum answer_code check_room(const struct reception *self, const struct peer *peer, size_t cost, int count)
{
    const struct config *config = self->parts.config;

    if (peer_unanswered(peer) + count > config->ingest.window_events) {
        return CODE_CREDIT;
    }
    /* One request is taken in whatever its size, or a small queue could never take it. */
    return self->held_bytes > 0 && self->held_bytes + (int64_t)cost > config->ingest.queue_bytes ? CODE_QUEUE_FULL
                                                                                                 : CODE_NONE;
}

static void append(struct reception *self, struct parcel *parcel)
{
    parcel->prev = self->newest;
    *(self->newest != NULL ? &self->newest->next : &self->oldest) = parcel;
    self->newest = parcel;
    self->unanswered++;
    self->held_bytes += (int64_t)parcel->held_bytes;
    peer_add(parcel->peer, parcel->count);
}

/* Judges the events and puts them on their way. */
static void take_in(struct reception *self, struct parcel *parcel, enum request_verb verb)
{
    const struct request_body body = request_body_open(verb, zmq_msg_data(&parcel->body), zmq_msg_size(&parcel->body));

    append(self, parcel);
    FAULT_POINT("ingest-received");
    judge_parcel(&self->judge, parcel, body);
    if (parcel->open == 0) {
        reception_parcel_done(self, parcel);
        return;
    }
    for (int i = 0; i < parcel->count; i++) {
        if (parcel->items[i].place == ITEM_QUEUED) {
            commit_add(self->parts.commit, &parcel->items[i]);
        }
    }
}

static void on_events(struct reception *self, struct message *message, const struct request_header *header,
                      int64_t now_ms)
{
    size_t body_len = zmq_msg_size(&message->body);
    struct parcel *parcel = NULL;
    struct peer *peer;
    enum answer_code code;
    int count = 0;

    code = check_body(self, message, header, &count);
    if (code != CODE_NONE) {
        reply_error(self, message, code);
        return;
    }
    if (self->parts.config->ingest.curve && !allow_knows(self->parts.allow, message->sender)) {
        refuse_all(self, message, header, count, ANSWER_DENIED, CODE_SOURCE_DENIED);
        return;
    }
    if (self->stopping) {
        refuse_all(self, message, header, count, ANSWER_BUSY, CODE_STOPPING);
        return;
    }
    peer = peers_get(self->peers, zmq_msg_data(&message->identity), zmq_msg_size(&message->identity), now_ms);
    code = peer == NULL ? CODE_QUEUE_FULL : check_room(self, peer, parcel_cost(body_len, count), count);
    if (code == CODE_NONE) {
        parcel = parcel_new(&message->identity, &message->body, count);
    }
    if (parcel == NULL) {
        refuse_all(self, message, header, count, ANSWER_BUSY, code != CODE_NONE ? code : CODE_QUEUE_FULL);
        return;
    }
    parcel->peer = peer;
    parcel->connection = message->connection;
    parcel->received_ms = now_ms;
    strcpy(parcel->tag, header->tag);
    strcpy(parcel->sender, message->sender);
    take_in(self, parcel, header->verb);
}

/* HELLO and PING: allowed keys only, no body; NULL after an error was answered. */
static const struct peer *greet(struct reception *self, const struct message *message, int64_t now_ms)
{
    const struct peer *peer;

    if (message->has_body) {
        reply_error(self, message, CODE_BODY);
        return NULL;
    }
    if (self->parts.config->ingest.curve && !allow_knows(self->parts.allow, message->sender)) {
        reply_error(self, message, CODE_NOT_ALLOWED);
        return NULL;
    }
    peer = peers_get(self->peers, zmq_msg_data((zmq_msg_t *)(uintptr_t)&message->identity),
                     zmq_msg_size(&message->identity), now_ms);
    if (peer == NULL) {
        reply_error(self, message, CODE_TOO_MANY_PEERS);
    }
    return peer;
}

static void on_hello(struct reception *self, struct message *message, const struct request_header *request,
                     int64_t now_ms)
{
    const struct config *config = self->parts.config;
    char header[HEADER_SIZE];

    (void)request;
    if (greet(self, message, now_ms) == NULL) {
        return;
    }
    snprintf(header, sizeof header,
             "KTP/1 WELCOME window=%lld event_bytes=%lld batch=%d heartbeat_ms=%lld request_bytes=%lld",
             (long long)window(self), (long long)config->ingest.event_bytes, REQUEST_EVENTS_MAX,
             (long long)config->ingest.heartbeat_ms, (long long)router_body_max(config));
    reply(self, &message->identity, message->connection, header, 0);
}

static void on_ping(struct reception *self, struct message *message, const struct request_header *request,
                    int64_t now_ms)
{
    char header[HEADER_SIZE];

    if (greet(self, message, now_ms) == NULL) {
        return;
    }
    snprintf(header, sizeof header, "KTP/1 PONG %s window=%lld", request->tag, (long long)window(self));
    reply(self, &message->identity, message->connection, header, 0);
}

static const verb_cb verbs[REQUEST_VERBS] = {
    [REQUEST_HELLO] = on_hello,
    [REQUEST_EVENT] = on_events,
    [REQUEST_EVENTS] = on_events,
    [REQUEST_PING] = on_ping,
};

static void handle(struct reception *self, struct message *message, int64_t now_ms)
{
    struct request_header header;

    self->parts.stats->requests++;
    guard_heard(self->parts.guard, message->connection, message->wire_bytes);
    if (message->fault != CODE_NONE) {
        reply_error(self, message, message->fault);
    } else if (message->sender[0] == '\0') {
        reply_error(self, message, CODE_NOT_ALLOWED);
    } else if (request_header_parse(zmq_msg_data(&message->header), zmq_msg_size(&message->header), &header) !=
               STATUS_OK) {
        reply_error(self, message, CODE_HEADER);
    } else {
        verbs[header.verb](self, message, &header, now_ms);
    }
}

struct reception *reception_new(const struct reception_parts *parts)
{
    const struct config *config = parts->config;
    int64_t floor =
        config->ingest.window_events < REQUEST_EVENTS_MAX ? config->ingest.window_events : REQUEST_EVENTS_MAX;
    const struct peer_limits limits = {.window_events = config->ingest.window_events,
                                       .budget_events = config->ingest.queue_bytes / EVENT_MEMORY,
                                       .floor_events = floor,
                                       .max_peers = config->ingest.max_peers,
                                       .idle_ms = PEER_IDLE_MS};
    struct reception *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->parts = *parts;
    self->judge = (struct judge){config, parts->allow, parts->book, parts->sources, parts->intake, parts->stats};
    self->peers = peers_new(&limits);
    self->text = malloc((size_t)REQUEST_EVENTS_MAX * ANSWER_LINE_MAX);
    if (self->peers == NULL || self->text == NULL) {
        reception_destroy(&self);
    }
    return self;
}

void reception_destroy(struct reception **self_p)
{
    struct reception *self = *self_p;

    if (self == NULL) {
        return;
    }
    while (self->oldest != NULL) {
        struct parcel *parcel = self->oldest;

        self->oldest = parcel->next;
        parcel_destroy(&parcel);
    }
    peers_destroy(&self->peers);
    free(self->text);
    free(self);
    *self_p = NULL;
}

void reception_read(struct reception *self, int64_t now_ms)
{
    int64_t stop_at = self->parts.stats->received + self->parts.config->ingest.batch_events;
    struct message message;

    message_init(&message);
    for (int i = 0; i < TURN_REQUESTS && self->parts.stats->received < stop_at; i++) {
        if (!router_receive(self->parts.router, &message)) {
            break;
        }
        handle(self, &message, now_ms);
        message_clear(&message);
    }
    message_clear(&message);
}

void reception_parcel_done(struct reception *self, struct parcel *parcel)
{
    if (!parcel->answered) {
        answer_parcel(self, parcel);
    }
    self->held_bytes -= (int64_t)parcel->held_bytes;
    parcel_destroy(&parcel);
}

/* Answers the oldest parcel as it stands. */
static void dismiss_oldest(struct reception *self, enum answer_code code)
{
    struct parcel *parcel = self->oldest;

    commit_withdraw(self->parts.commit, parcel, code);
    answer_parcel(self, parcel);
    if (parcel->open == 0) {
        reception_parcel_done(self, parcel);
    } else {
        commit_prune(self->parts.commit);
    }
}

void reception_turn(struct reception *self, int64_t now_ms)
{
    int64_t before_ms = now_ms - self->parts.config->ingest.busy_after_ms;
    bool can_store = ledger_up(self->parts.ledger) > 0 && commit_holds_name(self->parts.commit);
    enum answer_code code = can_store ? CODE_COMMIT_SLOW : CODE_DATABASE_AWAY;

    while (self->oldest != NULL && self->oldest->received_ms <= before_ms) {
        dismiss_oldest(self, code);
    }
    if (now_ms - self->sweep_ms >= SWEEP_MS) {
        self->sweep_ms = now_ms;
        peers_sweep(self->peers, now_ms);
    }
}

void reception_stop(struct reception *self)
{
    self->stopping = true;
}

void reception_dismiss(struct reception *self)
{
    while (self->oldest != NULL) {
        dismiss_oldest(self, CODE_STOPPING);
    }
}

int64_t reception_wait_ms(const struct reception *self, int64_t now_ms)
{
    int64_t due_ms;

    if (self->oldest == NULL) {
        return INT64_MAX;
    }
    due_ms = self->oldest->received_ms + self->parts.config->ingest.busy_after_ms;
    return due_ms > now_ms ? due_ms - now_ms : 0;
}

int64_t reception_held_bytes(const struct reception *self)
{
    return self->held_bytes;
}

int64_t reception_unanswered(const struct reception *self)
{
    return self->unanswered;
}

int64_t reception_peers(const struct reception *self)
{
    return peers_count(self->peers);
}
