/* SPDX-License-Identifier: MIT */
/*
 * control.h - the connection for the few statements that are waited for: deployment check, allow-list, code lists, new
 * sources, the worker's name.
 *
 * The server ends a statement after CONTROL_LIMIT_MS, and when it does not even say so the connection is closed after
 * as long again; after a failure nothing is tried before a growing delay, so a sick database cannot hold the loop up.
 */
#ifndef INGEST_CONTROL_H
#define INGEST_CONTROL_H

#include <stdbool.h>
#include <stdint.h>

#include "common/allow.h"
#include "common/code_book.h"
#include "common/db.h"

#define CONTROL_LIMIT_MS 300

struct control;

/*
 * Connects, checks the deployment, claims the worker's name (not when check_only: the service may be running) and reads
 * the allow-list and the code lists.  Not STATUS_OK: *self_p is NULL and error says why; STATUS_RETRY may pass.
 * config, allow, book and log are borrowed.
 */
enum status control_open(struct control **self_p, const struct config *config, struct allow *allow,
                         struct code_book *book, const struct log *log, bool check_only,
                         char error[DB_ERROR_SIZE]) MUST_CHECK;
void control_close(struct control **self_p);

/* Reads the allow-list and, when they changed, the code lists anew when a second has passed, at once when asked. */
void control_turn(struct control *self, int64_t now_ms, bool at_once);

/*
 * False while another process was seen to have the worker's name.  Here a session of our own that the server has not
 * given up yet is another process too.
 */
bool control_holds_name(const struct control *self);
/* False while the database has not answered for some seconds. */
bool control_answers(const struct control *self);
/* The highest batch number stored under the name, as of the last refresh. */
int64_t control_mark(const struct control *self);

/* The short key of a source.  STATUS_RETRY: not now. */
enum status control_register(struct control *self, const char *source, int32_t *source_id) MUST_CHECK;

#endif
