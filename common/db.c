/* SPDX-License-Identifier: MIT */
/* db.c - a connection on which no call waits without a limit. */
#include "common/db.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/db_copy.h"
#include "common/fault.h"

/* The server ends a statement at its limit; only when its word does not come for as long, or so long, do we hang up. */
#define GRACE_MAX_MS 2000
#define WAIT_TURN_MS 250
#define COPY_CHUNK (256 * 1024)

struct db {
    PGconn *conn; /* NULL when closed */
    const struct config *config;
    const struct config_role *role;
    const struct log *log;
    char application[64];
    char error[DB_ERROR_SIZE];
    char sqlstate[6];
    int64_t limit_ms;
    int64_t from_ms; /* when the call under way began */
    db_wait_cb wait; /* NULL: nothing else goes on meanwhile */
    void *wait_context;
    bool prepared[SQL_QUERY_END];
};

/* libpq's messages end in a newline and may have several lines. */
static void keep_error(struct db *db, const char *message, const char *sqlstate)
{
    size_t len;

    snprintf(db->error, sizeof db->error, "%s", message == NULL ? "" : message);
    len = strlen(db->error);
    while (len > 0 && (db->error[len - 1] == '\n' || db->error[len - 1] == ' ')) {
        db->error[--len] = '\0';
    }
    for (char *c = db->error; *c != '\0'; c++) {
        *c = *c == '\n' || *c == '\t' ? ' ' : *c;
    }
    snprintf(db->sqlstate, sizeof db->sqlstate, "%s", sqlstate == NULL ? "" : sqlstate);
}

static void hang_up(struct db *db)
{
    PQfinish(db->conn);
    db->conn = NULL;
    memset(db->prepared, 0, sizeof db->prepared);
}

static enum status broken(struct db *db, const char *why)
{
    keep_error(db, why, "");
    hang_up(db);
    return STATUS_RETRY;
}

/* Waits until the socket is ready for events; false when the deadline passed. */
static bool wait_socket(const struct db *db, short events, int64_t deadline_ms)
{
    struct pollfd fd = {.fd = PQsocket(db->conn), .events = events};
    int ready = 0;

    while (ready <= 0) {
        int64_t now_ms = clock_monotonic_ms();
        int64_t left_ms = deadline_ms - now_ms;

        if (left_ms <= 0) {
            return false;
        }
        if (db->wait != NULL && now_ms - db->from_ms >= WAIT_TURN_MS) {
            db->wait(db->wait_context, now_ms - db->from_ms);
        }
        ready = poll(&fd, 1, (int)(left_ms < WAIT_TURN_MS ? left_ms : WAIT_TURN_MS));
    }
    return true;
}

static enum status finish_connect(struct db *db)
{
    int64_t deadline_ms = db->from_ms + db->config->database.connect_timeout_ms;
    PostgresPollingStatusType state = PGRES_POLLING_WRITING;

    while (state != PGRES_POLLING_OK) {
        if (state == PGRES_POLLING_FAILED || PQstatus(db->conn) == CONNECTION_BAD) {
            /* No SQLSTATE is told here; words that only a person can mend are known by "FATAL". */
            keep_error(db, PQerrorMessage(db->conn), "");
            hang_up(db);
            return strstr(db->error, "password authentication") != NULL || strstr(db->error, "does not exist") != NULL
                       ? STATUS_FATAL
                       : STATUS_RETRY;
        }
        if (!wait_socket(db, state == PGRES_POLLING_READING ? POLLIN : POLLOUT, deadline_ms)) {
            return broken(db, "the database did not answer within database.connect_timeout");
        }
        state = PQconnectPoll(db->conn);
    }
    PQsetnonblocking(db->conn, 1);
    return STATUS_OK;
}

/* What the server remarks belongs into the log, not raw onto standard error. */
static void on_notice(void *user, const PGresult *notice)
{
    const struct db *db = user;
    const char *text = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);

    log_warn(db->log, "DB-NOTICE", "%s", text == NULL ? "" : text);
}

static enum status connect_now(struct db *db)
{
    char error[DB_ERROR_SIZE];

    db->conn = db_connect_start(db->config, db->role, db->application, error);
    if (db->conn == NULL) {
        keep_error(db, error, "");
        return STATUS_INVALID;
    }
    PQsetNoticeReceiver(db->conn, on_notice, db);
    db->limit_ms = db->config->database.statement_timeout_ms;
    db->from_ms = clock_monotonic_ms();
    return finish_connect(db);
}

enum status db_open(struct db **db_p, const struct config *config, const struct config_role *role,
                    const char *application, const struct log *log, char error[DB_ERROR_SIZE])
{
    struct db *db = calloc(1, sizeof *db);
    enum status st;

    *db_p = NULL;
    if (db == NULL) {
        snprintf(error, DB_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    db->config = config;
    db->role = role;
    db->log = log;
    snprintf(db->application, sizeof db->application, "%s", application);
    st = connect_now(db);
    if (st != STATUS_OK) {
        snprintf(error, DB_ERROR_SIZE, "%s", db->error);
        free(db);
        return st;
    }
    *db_p = db;
    return STATUS_OK;
}

void db_close(struct db **db_p)
{
    if (*db_p != NULL) {
        hang_up(*db_p);
        free(*db_p);
        *db_p = NULL;
    }
}

enum status db_reconnect(struct db *db)
{
    if (db->conn != NULL && PQstatus(db->conn) == CONNECTION_OK) {
        return STATUS_OK;
    }
    hang_up(db);
    return connect_now(db);
}

void db_on_wait(struct db *db, db_wait_cb wait, void *context)
{
    db->wait = wait;
    db->wait_context = context;
}

const char *db_error(const struct db *db)
{
    return db->error;
}

const char *db_sqlstate(const struct db *db)
{
    return db->sqlstate;
}

/* A call begins: until when it may wait. */
static int64_t begin_call(struct db *db)
{
    db->from_ms = clock_monotonic_ms();
    return db->from_ms + db->limit_ms + (db->limit_ms < GRACE_MAX_MS ? db->limit_ms : GRACE_MAX_MS);
}

/* Sends what libpq still holds. */
static bool flush_out(struct db *db, int64_t deadline_ms)
{
    int left;

    while ((left = PQflush(db->conn)) == 1) {
        if (!wait_socket(db, POLLIN | POLLOUT, deadline_ms) || PQconsumeInput(db->conn) == 0) {
            return false;
        }
    }
    return left == 0;
}

/*
 * Takes the answers of one command.  The last result is handed over; an error result wins over what follows it.  A COPY
 * stops at its invitation.
 */
static enum status take_answer(struct db *db, PGresult **result)
{
    int64_t deadline_ms = begin_call(db);
    PGresult *next;

    *result = NULL;
    if (!flush_out(db, deadline_ms)) {
        return broken(db, "the connection to the database broke while sending");
    }
    for (;;) {
        while (PQisBusy(db->conn)) {
            if (!wait_socket(db, POLLIN, deadline_ms)) {
                return broken(db, "the database did not answer within its limit");
            }
            if (PQconsumeInput(db->conn) == 0) {
                return broken(db, PQerrorMessage(db->conn));
            }
        }
        next = PQgetResult(db->conn);
        if (next == NULL) {
            return STATUS_OK;
        }
        if (*result != NULL && PQresultStatus(*result) == PGRES_FATAL_ERROR) {
            PQclear(next);
            continue;
        }
        PQclear(*result);
        *result = next;
        if (PQresultStatus(next) == PGRES_COPY_IN) {
            return STATUS_OK;
        }
    }
}

static enum status judge(struct db *db, PGresult *result, ExecStatusType wanted)
{
    ExecStatusType got;

    if (result == NULL) {
        return broken(db, PQerrorMessage(db->conn));
    }
    got = PQresultStatus(result);
    if (got == wanted || (wanted == PGRES_TUPLES_OK && got == PGRES_COMMAND_OK)) {
        keep_error(db, "", "");
        return STATUS_OK;
    }
    keep_error(db, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY), PQresultErrorField(result, PG_DIAG_SQLSTATE));
    if (db->error[0] == '\0') {
        keep_error(db, PQerrorMessage(db->conn), "");
    }
    if (PQstatus(db->conn) == CONNECTION_BAD) {
        hang_up(db);
        return STATUS_RETRY;
    }
    return db_status_from_sqlstate(db->sqlstate);
}

static enum status run(struct db *db, int sent, ExecStatusType wanted, PGresult **result)
{
    PGresult *answer = NULL;
    enum status st;

    if (!sent) {
        return broken(db, PQerrorMessage(db->conn));
    }
    FAULT_POINT("sent");
    st = take_answer(db, &answer);
    FAULT_POINT("statement");
    if (st == STATUS_OK) {
        st = judge(db, answer, wanted);
    }
    if (st == STATUS_OK && result != NULL) {
        *result = answer;
        return st;
    }
    PQclear(answer);
    return st;
}

static enum status usable(struct db *db)
{
    if (db->conn == NULL) {
        keep_error(db, "not connected to the database", "");
        return STATUS_RETRY;
    }
    return STATUS_OK;
}

static enum status prepare(struct db *db, enum sql_query query)
{
    enum status st = STATUS_OK;

    if (!db->prepared[query]) {
        st = run(db, PQsendPrepare(db->conn, sql_name(query), sql_text(query), 0, NULL), PGRES_COMMAND_OK, NULL);
        db->prepared[query] = st == STATUS_OK;
    }
    return st;
}

enum status db_run(struct db *db, enum sql_query query, struct db_params *params, PGresult **result)
{
    const char *const *values = NULL;
    const int *lengths = NULL;
    const int *formats = NULL;
    enum status st = usable(db);
    int count = 0;

    if (result != NULL) {
        *result = NULL;
    }
    if (params != NULL) {
        count = db_params_finish(params, &values, &lengths, &formats);
    }
    if (count < 0) {
        keep_error(db, "memory is short", "");
        return STATUS_RETRY;
    }
    if (st == STATUS_OK) {
        st = prepare(db, query);
    }
    if (st == STATUS_OK) {
        st = run(db, PQsendQueryPrepared(db->conn, sql_name(query), count, values, lengths, formats, 1),
                 PGRES_TUPLES_OK, result);
    }
    return st;
}

enum status db_set_limit(struct db *db, int64_t limit_ms)
{
    int64_t wanted = limit_ms == 0 ? db->config->database.statement_timeout_ms : limit_ms;
    struct db_params *params;
    char text[24];
    enum status st;

    if (wanted == db->limit_ms && db->conn != NULL) {
        return STATUS_OK;
    }
    params = db_params_new();
    if (params == NULL) {
        return STATUS_RETRY;
    }
    snprintf(text, sizeof text, "%lld", (long long)wanted);
    db_param_text(params, text);
    st = db_run(db, SQL_DB_SET_LIMIT, params, NULL);
    if (st == STATUS_OK) {
        db->limit_ms = wanted;
    }
    db_params_destroy(&params);
    return st;
}

enum status db_begin(struct db *db)
{
    return db_run(db, SQL_DB_BEGIN, NULL, NULL);
}

enum status db_begin_repeatable(struct db *db)
{
    return db_run(db, SQL_DB_BEGIN_REPEATABLE, NULL, NULL);
}

enum status db_begin_snapshot(struct db *db)
{
    return db_run(db, SQL_DB_BEGIN_SNAPSHOT, NULL, NULL);
}

enum status db_commit(struct db *db)
{
    enum status st = db_run(db, SQL_DB_COMMIT, NULL, NULL);

    /* COMMIT of a failed transaction "succeeds" by rolling back; every failure before was reported to the caller. */
    return st;
}

void db_rollback(struct db *db)
{
    char error[DB_ERROR_SIZE];
    char sqlstate[6];

    if (db->conn == NULL || PQtransactionStatus(db->conn) == PQTRANS_IDLE) {
        return;
    }
    /* What failed before is what the caller wants to tell, not the rollback. */
    memcpy(error, db->error, sizeof error);
    memcpy(sqlstate, db->sqlstate, sizeof sqlstate);
    if (db_run(db, SQL_DB_ROLLBACK, NULL, NULL) != STATUS_OK) {
        hang_up(db);
    }
    memcpy(db->error, error, sizeof error);
    memcpy(db->sqlstate, sqlstate, sizeof sqlstate);
}

enum status db_script(struct db *db, const char *script)
{
    enum status st = usable(db);

    return st != STATUS_OK ? st : run(db, PQsendQuery(db->conn, script), PGRES_TUPLES_OK, NULL);
}

static bool put_copy(struct db *db, const char *data, size_t len, int64_t deadline_ms)
{
    int put;

    while (len > 0) {
        size_t chunk = len < COPY_CHUNK ? len : COPY_CHUNK;

        put = PQputCopyData(db->conn, data, (int)chunk);
        if (put < 0 || !flush_out(db, deadline_ms)) {
            return false;
        }
        if (put == 1) {
            data += chunk;
            len -= chunk;
        }
    }
    return true;
}

enum status db_copy_run(struct db *db, enum sql_query query, struct db_copy *rows)
{
    int64_t deadline_ms = begin_call(db);
    enum status st = usable(db);

    db_wire_int2(&rows->wire, -1);
    if (rows->wire.short_of_memory) {
        keep_error(db, "memory is short", "");
        return STATUS_RETRY;
    }
    if (st == STATUS_OK) {
        st = prepare(db, query);
    }
    if (st == STATUS_OK) {
        st = run(db, PQsendQueryPrepared(db->conn, sql_name(query), 0, NULL, NULL, NULL, 1), PGRES_COPY_IN, NULL);
    }
    if (st != STATUS_OK) {
        return st;
    }
    if (!put_copy(db, rows->wire.data, rows->wire.len, deadline_ms) || PQputCopyEnd(db->conn, NULL) != 1) {
        return broken(db, PQerrorMessage(db->conn));
    }
    return run(db, 1, PGRES_COMMAND_OK, NULL);
}
