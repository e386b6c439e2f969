/* SPDX-License-Identifier: MIT */
/* message.c - notices become messages, and each day has its digest. */
#include "notifier/message.h"

#include "common/clock.h"
#include "common/local_time.h"
#include "notifier/turn.h"

/* Rows that a message shows; the others are counted. */
#define ROWS_SHOWN 200
/* Recipients of one transaction: a morning's digests for a province must hold up neither the cursor nor the feed. */
#define RECIPIENTS_MOST 8

/* message_ready.sql, digest_ready.sql */
enum ready_column { READY_RECIPIENT, READY_UNIT, READY_IN_HOURS };

/* Adds those among ready who may hear now to the array parameter, as many as a turn takes; returns their number. */
static int put_recipients(const struct message_tools *tools, struct db_params *params, const PGresult *ready)
{
    int count = 0;

    db_params_reset(params);
    db_param_array(params, DB_ARRAY_INT4);
    for (int row = 0; row < PQntuples(ready) && count < RECIPIENTS_MOST; row++) {
        int32_t unit_id = (int32_t)db_int(ready, row, READY_UNIT);

        if (!db_bool(ready, row, READY_IN_HOURS) || hours_open(tools->hours, unit_id, tools->now_us) == tools->now_us) {
            db_param_add_int(params, db_int(ready, row, READY_RECIPIENT));
            count++;
        }
    }
    return count;
}

/* For those among ready who may hear now.  day: of the digests; NULL: notices. */
static enum status make(const struct message_tools *tools, struct db_params *params, const PGresult *ready,
                        const int32_t *day, struct message_round *round)
{
    int count = put_recipients(tools, params, ready);
    PGresult *messages = NULL;
    enum status st;

    if (count == 0) {
        return STATUS_OK;
    }
    if (day != NULL) {
        db_param_day(params, *day);
    }
    db_param_us(params, tools->now_us);
    db_param_int8(params, ROWS_SHOWN);
    st = db_run(tools->db, day != NULL ? SQL_DIGEST_MAKE : SQL_MESSAGE_MAKE, params, &messages);
    if (st == STATUS_OK) {
        round->made += PQntuples(messages);
        round->more = round->more || count == RECIPIENTS_MOST;
    }
    PQclear(messages);
    return st;
}

static enum status group_notices(const struct message_tools *tools, struct db_params *params,
                                 struct message_round *round)
{
    PGresult *ready = NULL;
    enum status st;

    db_params_reset(params);
    db_param_int8(params, tools->group_wait_ms);
    db_param_int8(params, tools->group_interval_ms);
    st = db_run(tools->db, SQL_MESSAGE_READY, params, &ready);
    if (st == STATUS_OK) {
        st = make(tools, params, ready, NULL, round);
    }
    PQclear(ready);
    return st;
}

/* Before its hour there is no digest, whatever the calendar says. */
static enum status make_digests(const struct message_tools *tools, struct db_params *params,
                                struct message_round *round)
{
    PGresult *ready = NULL;
    int32_t today;
    int64_t time_us;
    enum status st;

    local_time_split(tools->now_us, &today, &time_us);
    if (time_us < tools->digest_at_s * CLOCK_SECOND_US) {
        return STATUS_OK;
    }
    db_params_reset(params);
    db_param_day(params, today);
    st = db_run(tools->db, SQL_DIGEST_READY, params, &ready);
    if (st == STATUS_OK) {
        st = make(tools, params, ready, &today, round);
    }
    PQclear(ready);
    return st;
}

enum status message_run(const struct message_tools *tools, struct message_round *round)
{
    struct db_params *params = db_params_new();
    bool had = false;
    enum status st = params == NULL ? STATUS_RETRY : turn_begin(tools->db, &had);

    *round = (struct message_round){0};
    if (params == NULL) {
        return st;
    }
    if (st == STATUS_OK && had) {
        st = group_notices(tools, params, round);
    }
    if (st == STATUS_OK && had && tools->digests) {
        st = make_digests(tools, params, round);
    }
    /* A digest of nothing makes no message, but its day is noted. */
    st = turn_end(tools->db, st, had);
    db_params_destroy(&params);
    return st;
}
