/* SPDX-License-Identifier: MIT */
/* control.c - the statements that are waited for. */
#include "ingest/control.h"

#include <stdio.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/fault.h"
#include "common/service.h"

#define REFRESH_MS 1000
#define SILENCE_MS 2000 /* failures for so long mean that the database does not answer */
#define BACKOFF_MIN_MS 500
#define BACKOFF_MAX_MS 1000 /* a key that was taken back must be out within two seconds, also after an outage */

struct control {
    struct config config; /* with limits of its own, which db borrows */
    struct db *db;
    struct db_params *params;
    struct allow *allow;
    struct code_book *book;
    int64_t book_stamp; /* of what is in book; 0: nothing yet */
    const struct log *log;
    int64_t refresh_at_ms;
    int64_t away_until_ms; /* nothing is tried before */
    int64_t backoff_ms;    /* 0: it works */
    int64_t failing_ms;    /* since when it does not */
    int64_t mark;          /* highest batch number stored under the name, when last looked at */
    bool held;             /* the name was not seen with another process */
};

static int64_t at_most(int64_t value, int64_t limit)
{
    return value < limit ? value : limit;
}

static enum status read_mark(struct control *self)
{
    PGresult *result = NULL;
    enum status st;

    db_params_reset(self->params);
    db_param_text(self->params, self->config.ingest.worker);
    st = db_run(self->db, SQL_INGEST_WORKER_MARK, self->params, &result);
    if (st == STATUS_OK) {
        self->mark = db_int(result, 0, 0);
    }
    PQclear(result);
    return st;
}

/*
 * The name is held as long as this connection: two processes of one name would refuse each other's batches.  While the
 * connection is away nobody is known to have it, and batch numbers guard what is sent meanwhile.
 */
static enum status claim_worker(struct control *self, char error[DB_ERROR_SIZE])
{
    PGresult *result = NULL;
    enum status st;

    db_params_reset(self->params);
    db_param_text(self->params, self->config.ingest.worker);
    st = db_run(self->db, SQL_INGEST_WORKER_LOCK, self->params, &result);
    if (st == STATUS_OK) {
        self->held = db_bool(result, 0, 0);
        st = read_mark(self);
    }
    if (st == STATUS_OK && !self->held) {
        snprintf(error, DB_ERROR_SIZE, "another process works as \"%s\"; stop it or set another ingest.worker",
                 self->config.ingest.worker);
        st = STATUS_RETRY;
    } else if (st != STATUS_OK) {
        snprintf(error, DB_ERROR_SIZE, "%s", db_error(self->db));
    }
    PQclear(result);
    return st;
}

static void note_failure(struct control *self, const char *what, const char *why)
{
    if (self->backoff_ms == 0) {
        log_warn(self->log, "CONTROL-AWAY", "%s: %s; the known list stays in force", what, why);
        self->failing_ms = clock_monotonic_ms();
    }
    self->backoff_ms = service_backoff_ms(self->backoff_ms, BACKOFF_MIN_MS, BACKOFF_MAX_MS);
    self->away_until_ms = clock_monotonic_ms() + self->backoff_ms;
    self->refresh_at_ms = self->away_until_ms;
}

static void note_success(struct control *self)
{
    if (self->backoff_ms != 0) {
        log_info(self->log, "CONTROL-BACK", "the database answers again");
    }
    self->backoff_ms = 0;
    self->away_until_ms = 0;
}

/* Opens the connection again when it was lost. */
static enum status usable(struct control *self)
{
    char error[DB_ERROR_SIZE] = "";
    enum status st;

    if (clock_monotonic_ms() < self->away_until_ms) {
        return STATUS_RETRY;
    }
    if (self->backoff_ms == 0) {
        return STATUS_OK;
    }
    st = db_reconnect(self->db);
    if (st == STATUS_OK) {
        st = claim_worker(self, error);
    } else {
        snprintf(error, sizeof error, "%s", db_error(self->db));
    }
    if (st != STATUS_OK) {
        note_failure(self, "connect", error);
        return STATUS_RETRY;
    }
    note_success(self); /* or each statement would claim the name again */
    return STATUS_OK;
}

/* A change between the two statements shows in the next stamp. */
static enum status refresh_book(struct control *self, bool *changed)
{
    PGresult *result = NULL;
    int64_t stamp = 0;
    enum status st = db_run(self->db, SQL_BOOK_LOOK, NULL, &result);

    *changed = false;
    if (st == STATUS_OK) {
        stamp = db_int(result, 0, 0);
    }
    if (st == STATUS_OK && stamp != self->book_stamp) {
        st = code_book_load(self->book, self->db);
        *changed = st == STATUS_OK;
    }
    if (*changed) {
        self->book_stamp = stamp;
    }
    PQclear(result);
    return st;
}

static void refresh(struct control *self)
{
    bool changed = false;
    bool book_changed = false;

    if (usable(self) != STATUS_OK) {
        return;
    }
    if (allow_refresh(self->allow, self->db, &changed) != STATUS_OK || refresh_book(self, &book_changed) != STATUS_OK ||
        read_mark(self) != STATUS_OK) {
        note_failure(self, "allow-list and codes", db_error(self->db));
        return;
    }
    note_success(self);
    if (changed) {
        log_info(self->log, "ALLOW-LIST", "read anew keys=%zu", allow_keys(self->allow));
    }
    if (book_changed) {
        log_info(self->log, "CODE-BOOK", "read anew stamp=%lld", (long long)self->book_stamp);
    }
}

enum status control_open(struct control **self_p, const struct config *config, struct allow *allow,
                         struct code_book *book, const struct log *log, bool check_only, char error[DB_ERROR_SIZE])
{
    struct control *self = calloc(1, sizeof *self);
    enum status st = STATUS_RETRY;
    bool changed;

    snprintf(error, DB_ERROR_SIZE, "memory is short");
    *self_p = NULL;
    if (self == NULL || (self->params = db_params_new()) == NULL) {
        goto done;
    }
    self->config = *config;
    self->config.database.connect_timeout_ms = at_most(config->database.connect_timeout_ms, CONTROL_LIMIT_MS);
    self->config.database.statement_timeout_ms = at_most(config->database.statement_timeout_ms, CONTROL_LIMIT_MS);
    self->allow = allow;
    self->book = book;
    self->log = log;
    st = db_open(&self->db, &self->config, &self->config.ingest.role, "kipthoi-ingest", log, error);
    if (st == STATUS_OK) {
        st = db_check_deployment(self->db, &self->config, error);
    }
    if (st == STATUS_OK && !check_only) {
        st = claim_worker(self, error);
    }
    if (st == STATUS_OK) {
        st = allow_refresh(allow, self->db, NULL);
        if (st == STATUS_OK) {
            st = refresh_book(self, &changed);
        }
        snprintf(error, DB_ERROR_SIZE, "%s", db_error(self->db));
    }
done:
    if (st == STATUS_OK) {
        *self_p = self;
    } else {
        control_close(&self);
    }
    return st;
}

void control_close(struct control **self_p)
{
    struct control *self = *self_p;

    if (self == NULL) {
        return;
    }
    db_close(&self->db);
    db_params_destroy(&self->params);
    free(self);
    *self_p = NULL;
}

void control_turn(struct control *self, int64_t now_ms, bool at_once)
{
    if (at_once) {
        self->away_until_ms = 0;
    }
    if (at_once || now_ms >= self->refresh_at_ms) {
        self->refresh_at_ms = now_ms + REFRESH_MS;
        refresh(self);
    }
}

bool control_holds_name(const struct control *self)
{
    return self->held;
}

bool control_answers(const struct control *self)
{
    return self->backoff_ms == 0 || clock_monotonic_ms() - self->failing_ms < SILENCE_MS;
}

int64_t control_mark(const struct control *self)
{
    return self->mark;
}

enum status control_register(struct control *self, const char *source, int32_t *source_id)
{
    PGresult *result = NULL;
    enum status st = usable(self);

    if (st != STATUS_OK) {
        return STATUS_RETRY;
    }
    db_params_reset(self->params);
    db_param_text(self->params, source);
    st = db_run(self->db, SQL_INGEST_SOURCE_REGISTER, self->params, &result);
    FAULT_POINT("ingest-registered");
    if (st == STATUS_OK && (PQntuples(result) != 1 || db_null(result, 0, 0))) {
        st = STATUS_RETRY;
    } else if (st == STATUS_OK) {
        note_success(self);
        *source_id = (int32_t)db_int(result, 0, 0);
    } else {
        note_failure(self, "source", db_error(self->db));
        st = STATUS_RETRY;
    }
    PQclear(result);
    return st;
}
