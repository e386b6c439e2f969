/* SPDX-License-Identifier: MIT */
/*
 * db.h - a connection to PostgreSQL on which no call waits without a limit.
 *
 * One exception is libpq's: a host name in database.host is looked up without one, so give an address or a socket's
 * folder.
 *
 * Statements are the files of schema/queries, built in (sql.h); they are prepared on first use and their results come
 * in binary.  A call that exceeds its limit, or a connection that breaks, gives STATUS_RETRY and leaves the connection
 * closed; db_reconnect opens it again.  Never replay one statement of a transaction: start the whole again.
 */
#ifndef COMMON_DB_H
#define COMMON_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "common/config.h"
#include "common/db_param.h"
#include "common/log.h"
#include "common/status.h"
#include "sql.h" /* generated: enum sql_query { SQL_<FILE>, … }, sql_text(), sql_name() */

#define DB_ERROR_SIZE 2048
/* A server that lets a call wait for so long does not answer: its program is not ready. */
#define DB_PATIENCE_MS 3000

struct db;

/*
 * Connects as role (blocking, bounded by database.connect_timeout_ms).  config and log are borrowed and must outlive
 * the result.  Not STATUS_OK: *db_p is NULL and error says what to do.  STATUS_INVALID: configuration (password file
 * …), STATUS_RETRY: the server cannot be reached now, STATUS_FATAL: the server refuses us. application is shown by the
 * server, e.g. "kipthoi-scorer".
 */
enum status db_open(struct db **db_p, const struct config *config, const struct config_role *role,
                    const char *application, const struct log *log, char error[DB_ERROR_SIZE]) MUST_CHECK;
void db_close(struct db **db_p);

/* Opens the connection again after STATUS_RETRY; at once STATUS_OK when it is open. */
enum status db_reconnect(struct db *db) MUST_CHECK;

/*
 * What must go on while a call waits for the server: called several times a second with how long that call has waited.
 * It must not use db.  A program that is held up can so still say that it is not ready.
 */
typedef void (*db_wait_cb)(void *context, int64_t waited_ms);
void db_on_wait(struct db *db, db_wait_cb wait, void *context);

/* What the server said last, one line; "" after success. */
const char *db_error(const struct db *db);
/* Its SQLSTATE, "" when none. */
const char *db_sqlstate(const struct db *db);

/* Uses another limit than database.statement_timeout_ms for the following calls (0: the configured one). */
enum status db_set_limit(struct db *db, int64_t limit_ms) MUST_CHECK;

/*
 * Runs one statement.  params may be NULL; result may be NULL when only success counts, else PQclear it (set to NULL on
 * failure).  STATUS_INVALID: the data's fault (classes 22, 23).
 */
enum status db_run(struct db *db, enum sql_query query, struct db_params *params, PGresult **result) MUST_CHECK;

enum status db_begin(struct db *db) MUST_CHECK;
/* BEGIN ISOLATION LEVEL REPEATABLE READ: class 40 when somebody changes meanwhile what is to be changed. */
enum status db_begin_repeatable(struct db *db) MUST_CHECK;
/* BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY: one state for a whole report. */
enum status db_begin_snapshot(struct db *db) MUST_CHECK;
enum status db_commit(struct db *db) MUST_CHECK;
/* Outside a transaction nothing.  Never fails: on trouble the connection is closed, which rolls back too. */
void db_rollback(struct db *db);

/* Runs a script of several statements (migrations); no parameters. */
enum status db_script(struct db *db, const char *script) MUST_CHECK;

/* COPY … FROM STDIN (FORMAT binary): rows built by db_copy_*; sends them and ends the COPY. */
struct db_copy;
struct db_copy *db_copy_new(void);
void db_copy_destroy(struct db_copy **self_p);
void db_copy_reset(struct db_copy *self);
void db_copy_row(struct db_copy *self, int columns);
void db_copy_null(struct db_copy *self);
void db_copy_bool(struct db_copy *self, bool value);
void db_copy_int2(struct db_copy *self, int16_t value);
void db_copy_int4(struct db_copy *self, int32_t value);
void db_copy_int8(struct db_copy *self, int64_t value);
void db_copy_us(struct db_copy *self, int64_t moment_us);
void db_copy_day(struct db_copy *self, int32_t day);
void db_copy_text(struct db_copy *self, const char *text); /* also enum values; NULL is NULL */
enum status db_copy_run(struct db *db, enum sql_query query, struct db_copy *rows) MUST_CHECK;

/* Cells of a binary result.  The type must be the column's; NULL gives 0, "", DB_NULL_US. */
bool db_null(const PGresult *result, int row, int column);
bool db_bool(const PGresult *result, int row, int column);
int64_t db_int(const PGresult *result, int row, int column); /* int2, int4, int8, xid8 */
int64_t db_us(const PGresult *result, int row, int column);
int32_t db_day(const PGresult *result, int row, int column);
const char *db_text(const PGresult *result, int row, int column); /* text, name, enum: NUL-terminated */
int db_len(const PGresult *result, int row, int column);

/* What to do about an SQLSTATE (NULL or "" when there is none). */
enum status db_status_from_sqlstate(const char *sqlstate);

/*
 * Starts a connection without waiting (PQconnectStartParams), for those who have a loop of their own.  NULL when memory
 * is short or the role's password file is not fit: then error says so.
 */
PGconn *db_connect_start(const struct config *config, const struct config_role *role, const char *application,
                         char error[DB_ERROR_SIZE]) MUST_CHECK;

/*
 * What every stage checks before it calls itself ready: schema version known, deployment zone equal to the
 * configuration's, fsync and synchronous_commit not off (unless database.unsafe_durability).  STATUS_FATAL with a
 * sentence in error otherwise.
 */
enum status db_check_deployment(struct db *db, const struct config *config, char error[DB_ERROR_SIZE]) MUST_CHECK;

#endif
