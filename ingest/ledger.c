/* SPDX-License-Identifier: MIT */
/* ledger.c - the connections that store batches. */
#include "ingest/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/db.h"
#include "common/fault.h"
#include "common/service.h"

#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 2000
#define GRACE_MS 2000 /* beyond the server's own statement_timeout */
#define WHY_SIZE 256
#define STALE_SQLSTATE "KT001" /* of event_append */

enum slot_state {
    SLOT_AWAY,       /* no connection; due_ms is the next attempt */
    SLOT_CONNECTING, /* PQconnectPoll */
    SLOT_PREPARING,  /* ingest_append is being prepared */
    SLOT_IDLE,       /* a batch may be sent */
    SLOT_RUNNING     /* a batch is under way */
};

struct slot {
    int number;
    enum slot_state state;
    PGconn *conn;
    PGresult *result;   /* of the statement under way; an error is kept before anything else */
    int64_t due_ms;     /* limit of the state, or next attempt; unused when idle */
    int64_t backoff_ms; /* 0 after a commit */
    short wanted;       /* poll events */
    int polled;         /* index in the last ledger_poll, -1: not polled */
    bool told;          /* that it is away */
};

struct ledger {
    const struct config *config;
    const struct log *log;
    ledger_cb done;
    void *context;
    int count;
    struct slot slots[LEDGER_SLOTS_MAX];
};

/* The first line of libpq's words: the others are its guesses. */
static const char *first_line(const char *text, char out[WHY_SIZE])
{
    return log_clean(text, strcspn(text, "\n"), out, WHY_SIZE);
}

/* libpq would write warnings of the server to standard error; what matters of them comes as a result too. */
static void ignore_notice_cb(void *context, const char *message)
{
    (void)context;
    (void)message;
}

static void hang_up(struct slot *slot)
{
    PQclear(slot->result);
    slot->result = NULL;
    PQfinish(slot->conn);
    slot->conn = NULL;
}

/* Closes the connection; a batch under way is told of last, when the slot is in order again. */
static void lose(struct ledger *self, struct slot *slot, const char *why, int64_t now_ms)
{
    bool was_running = slot->state == SLOT_RUNNING;
    char line[WHY_SIZE];

    slot->backoff_ms = service_backoff_ms(slot->backoff_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
    slot->due_ms = now_ms + slot->backoff_ms;
    if (!slot->told) {
        log_warn(self->log, "LEDGER-AWAY", "%s slot=%d retry_ms=%lld", first_line(why, line), slot->number,
                 (long long)slot->backoff_ms);
    }
    slot->told = true;
    hang_up(slot);
    slot->state = SLOT_AWAY;
    if (was_running) {
        self->done(self->context, slot->number, LEDGER_LOST, STATUS_RETRY, NULL);
    }
}

static void start_connect(struct ledger *self, struct slot *slot, int64_t now_ms)
{
    char error[DB_ERROR_SIZE];

    slot->conn = db_connect_start(self->config, &self->config->ingest.role, "kipthoi-ingest", error);
    if (slot->conn == NULL) {
        lose(self, slot, error, now_ms);
        return;
    }
    if (PQstatus(slot->conn) == CONNECTION_BAD) {
        lose(self, slot, PQerrorMessage(slot->conn), now_ms);
        return;
    }
    (void)PQsetNoticeProcessor(slot->conn, ignore_notice_cb, NULL);
    slot->state = SLOT_CONNECTING;
    slot->wanted = ZMQ_POLLOUT;
    slot->due_ms = now_ms + self->config->database.connect_timeout_ms;
}

static void start_prepare(struct ledger *self, struct slot *slot, int64_t now_ms)
{
    const char *name = sql_name(SQL_INGEST_APPEND);

    if (PQsetnonblocking(slot->conn, 1) != 0 ||
        PQsendPrepare(slot->conn, name, sql_text(SQL_INGEST_APPEND), 0, NULL) != 1) {
        lose(self, slot, PQerrorMessage(slot->conn), now_ms);
        return;
    }
    slot->state = SLOT_PREPARING;
    slot->wanted = ZMQ_POLLIN | ZMQ_POLLOUT;
    slot->due_ms = now_ms + self->config->database.connect_timeout_ms;
}

static void go_on_connecting(struct ledger *self, struct slot *slot, int64_t now_ms)
{
    PostgresPollingStatusType state = PQconnectPoll(slot->conn);

    if (state == PGRES_POLLING_OK) {
        start_prepare(self, slot, now_ms);
    } else if (state == PGRES_POLLING_FAILED) {
        lose(self, slot, PQerrorMessage(slot->conn), now_ms);
    } else {
        slot->wanted = state == PGRES_POLLING_READING ? ZMQ_POLLIN : ZMQ_POLLOUT;
    }
}

static bool result_is_error(const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);

    return status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK;
}

/* Limits of the server (class 54) are met by an event's content, so they are the event's fault here. */
static enum status refusal_status(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return sqlstate != NULL && strncmp(sqlstate, "54", 2) == 0 ? STATUS_INVALID : db_status_from_sqlstate(sqlstate);
}

static bool result_is_stale(const PGresult *result)
{
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);

    return sqlstate != NULL && strcmp(sqlstate, STALE_SQLSTATE) == 0;
}

static void finish_prepare(struct ledger *self, struct slot *slot, int64_t now_ms)
{
    if (result_is_error(slot->result)) {
        lose(self, slot, PQresultErrorMessage(slot->result), now_ms);
        return;
    }
    if (slot->told) {
        log_info(self->log, "LEDGER-BACK", "connected again slot=%d", slot->number);
    }
    slot->told = false;
    slot->state = SLOT_IDLE;
    slot->wanted = ZMQ_POLLIN;
}

static void finish_append(struct ledger *self, struct slot *slot, int64_t now_ms)
{
    PGresult *result = slot->result;
    enum status st = STATUS_OK;

    slot->result = NULL;
    slot->state = SLOT_IDLE;
    slot->wanted = ZMQ_POLLIN;
    if (result_is_stale(result)) {
        self->done(self->context, slot->number, LEDGER_STALE, STATUS_RETRY, result);
    } else if (result_is_error(result)) {
        st = refusal_status(result);
        self->done(self->context, slot->number, LEDGER_REFUSED, st, result);
    } else {
        slot->backoff_ms = 0;
        FAULT_POINT("ingest-committed");
        self->done(self->context, slot->number, LEDGER_COMMITTED, STATUS_OK, result);
    }
    PQclear(result);
    /* A server that cannot serve us (read-only, grants missing) may be another one after reconnecting. */
    if (st == STATUS_FATAL) {
        lose(self, slot, "the server cannot store events", now_ms);
    }
}

/*
 * The end of a statement.  Only here is a batch known to be committed: the server commits after it has sent the
 * function's result, and tells by what follows.
 */
static void finish_statement(struct ledger *self, struct slot *slot, int64_t now_ms)
{
    if (PQstatus(slot->conn) == CONNECTION_BAD || slot->result == NULL ||
        PQtransactionStatus(slot->conn) != PQTRANS_IDLE) {
        lose(self, slot, slot->result != NULL ? PQresultErrorMessage(slot->result) : PQerrorMessage(slot->conn),
             now_ms);
    } else if (slot->state == SLOT_PREPARING) {
        finish_prepare(self, slot, now_ms);
        PQclear(slot->result);
        slot->result = NULL;
    } else {
        finish_append(self, slot, now_ms);
    }
}

static void keep_result(struct slot *slot, PGresult *next)
{
    if (slot->result != NULL && result_is_error(slot->result)) {
        PQclear(next);
        return;
    }
    PQclear(slot->result);
    slot->result = next;
}

static void go_on_talking(struct ledger *self, struct slot *slot, int64_t now_ms)
{
    int unsent;

    if (PQconsumeInput(slot->conn) == 0 || (unsent = PQflush(slot->conn)) < 0) {
        lose(self, slot, PQerrorMessage(slot->conn), now_ms);
        return;
    }
    slot->wanted = unsent > 0 ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN;
    while (slot->state != SLOT_IDLE && !PQisBusy(slot->conn)) {
        PGresult *next = PQgetResult(slot->conn);

        if (next == NULL) {
            finish_statement(self, slot, now_ms);
            return;
        }
        keep_result(slot, next);
    }
}

static bool touched(const struct slot *slot, const zmq_pollitem_t *items)
{
    return slot->polled >= 0 && items[slot->polled].revents != 0;
}

static void slot_turn(struct ledger *self, struct slot *slot, const zmq_pollitem_t *items, int64_t now_ms)
{
    bool ready = touched(slot, items);

    if (slot->state == SLOT_AWAY) {
        if (now_ms >= slot->due_ms) {
            start_connect(self, slot, now_ms);
        }
    } else if (ready && slot->state == SLOT_CONNECTING) {
        go_on_connecting(self, slot, now_ms);
    } else if (ready) {
        go_on_talking(self, slot, now_ms);
    } else if (slot->state != SLOT_IDLE && now_ms >= slot->due_ms) {
        lose(self, slot, "the database did not answer within its limit", now_ms);
    }
    slot->polled = -1;
}

struct ledger *ledger_new(const struct config *config, const struct log *log, ledger_cb done, void *context)
{
    struct ledger *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->config = config;
    self->log = log;
    self->done = done;
    self->context = context;
    self->count = (int)(config->ingest.connections < LEDGER_SLOTS_MAX ? config->ingest.connections : LEDGER_SLOTS_MAX);
    for (int i = 0; i < self->count; i++) {
        self->slots[i].number = i;
        self->slots[i].polled = -1;
    }
    return self;
}

void ledger_destroy(struct ledger **self_p)
{
    if (*self_p == NULL) {
        return;
    }
    for (int i = 0; i < (*self_p)->count; i++) {
        hang_up(&(*self_p)->slots[i]);
    }
    free(*self_p);
    *self_p = NULL;
}

int ledger_slots(const struct ledger *self)
{
    return self->count;
}

int ledger_up(const struct ledger *self)
{
    int up = 0;

    for (int i = 0; i < self->count; i++) {
        up += ledger_is_up(self, i);
    }
    return up;
}

bool ledger_is_up(const struct ledger *self, int slot)
{
    return self->slots[slot].state >= SLOT_IDLE;
}

bool ledger_ready(const struct ledger *self, int slot)
{
    return self->slots[slot].state == SLOT_IDLE;
}

enum status ledger_send(struct ledger *self, int slot_number, struct db_params *params, int64_t now_ms)
{
    struct slot *slot = &self->slots[slot_number];
    const char *const *values;
    const int *lengths;
    const int *formats;
    int count = db_params_finish(params, &values, &lengths, &formats);
    int unsent;

    if (count < 0) {
        return STATUS_RETRY;
    }
    /* From here on the batch may reach the server, so that a failure leaves it unknown. */
    slot->state = SLOT_RUNNING;
    slot->due_ms = now_ms + self->config->database.statement_timeout_ms + GRACE_MS;
    if (PQsendQueryPrepared(slot->conn, sql_name(SQL_INGEST_APPEND), count, values, lengths, formats, 1) != 1 ||
        (unsent = PQflush(slot->conn)) < 0) {
        lose(self, slot, PQerrorMessage(slot->conn), now_ms);
        return STATUS_OK;
    }
    slot->wanted = unsent > 0 ? ZMQ_POLLIN | ZMQ_POLLOUT : ZMQ_POLLIN;
    FAULT_POINT("ingest-sent");
    return STATUS_OK;
}

int ledger_poll(struct ledger *self, zmq_pollitem_t *items)
{
    int filled = 0;

    for (int i = 0; i < self->count; i++) {
        struct slot *slot = &self->slots[i];
        int fd = slot->conn != NULL ? PQsocket(slot->conn) : -1;

        slot->polled = -1;
        if (fd >= 0) {
            slot->polled = filled;
            items[filled++] = (zmq_pollitem_t){.fd = fd, .events = slot->wanted};
        }
    }
    return filled;
}

void ledger_turn(struct ledger *self, const zmq_pollitem_t *items, int64_t now_ms)
{
    for (int i = 0; i < self->count; i++) {
        slot_turn(self, &self->slots[i], items, now_ms);
    }
}

int64_t ledger_wait_ms(const struct ledger *self, int64_t now_ms)
{
    int64_t wait_ms = INT64_MAX;

    for (int i = 0; i < self->count; i++) {
        const struct slot *slot = &self->slots[i];
        int64_t left_ms = slot->due_ms > now_ms ? slot->due_ms - now_ms : 0;

        if (slot->state != SLOT_IDLE && left_ms < wait_ms) {
            wait_ms = left_ms;
        }
    }
    return wait_ms;
}
