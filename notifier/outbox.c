/* SPDX-License-Identifier: MIT */
/* outbox.c - deliveries between the table and the channels. */
#include "notifier/outbox.h"

#include <string.h>

/* outbox_claim.sql */
enum claim_column {
    CLAIM_DELIVERY,
    CLAIM_TOKEN,
    CLAIM_ATTEMPTS,
    CLAIM_WIRE_ID,
    CLAIM_KIND,
    CLAIM_FACTS,
    CLAIM_AT,
    CLAIM_ADDRESS,
    CLAIM_LANG,
    CLAIM_SECRETS,
    CLAIM_ROLE,
    CLAIM_UNIT,
    CLAIM_UNIT_NAME,
    CLAIM_SOURCE,
    CLAIM_CODE,
    CLAIM_EPISODE,
    CLAIM_UNIT_ID,
    CLAIM_IN_HOURS
};

/* outbox_complete.sql */
enum done_column { DONE_DELIVERY, DONE_STATE, DONE_KIND, DONE_SOURCE, DONE_CODE, DONE_EPISODE };

enum status outbox_claim(struct db *db, struct db_params *params, enum delivery_channel channel, int most,
                         int64_t claim_ms, PGresult **claimed)
{
    db_params_reset(params);
    db_param_text(params, channel == DELIVERY_EMAIL ? "email" : "webhook");
    db_param_int8(params, most);
    db_param_int8(params, claim_ms);
    return db_run(db, SQL_OUTBOX_CLAIM, params, claimed);
}

static const char *text_or_null(const PGresult *result, int row, int column)
{
    return db_null(result, row, column) ? NULL : db_text(result, row, column);
}

void outbox_item_read(const PGresult *claimed, int row, struct outbox_item *item)
{
    const char *lang = text_or_null(claimed, row, CLAIM_LANG);

    *item = (struct outbox_item){
        .delivery_id = db_int(claimed, row, CLAIM_DELIVERY),
        .token = db_text(claimed, row, CLAIM_TOKEN),
        .attempts = (int)db_int(claimed, row, CLAIM_ATTEMPTS),
        .wire_id = db_text(claimed, row, CLAIM_WIRE_ID),
        .kind = db_text(claimed, row, CLAIM_KIND),
        .facts = db_text(claimed, row, CLAIM_FACTS),
        .at_us = db_us(claimed, row, CLAIM_AT),
        .address = text_or_null(claimed, row, CLAIM_ADDRESS),
        .vietnamese = lang == NULL || strcmp(lang, "vi") == 0,
        .secret_files = text_or_null(claimed, row, CLAIM_SECRETS),
        .role = text_or_null(claimed, row, CLAIM_ROLE),
        .unit = text_or_null(claimed, row, CLAIM_UNIT),
        .unit_name = text_or_null(claimed, row, CLAIM_UNIT_NAME),
        .source_id = (int32_t)db_int(claimed, row, CLAIM_SOURCE),
        .code = text_or_null(claimed, row, CLAIM_CODE),
        .episode = (int16_t)db_int(claimed, row, CLAIM_EPISODE),
        .unit_id = (int32_t)db_int(claimed, row, CLAIM_UNIT_ID),
        .in_hours = db_bool(claimed, row, CLAIM_IN_HOURS),
    };
}

/* A mail server's sentence may name the citizen whom it refused: then the code alone is kept. */
static const char *detail_of(const struct outbox_result *result)
{
    return result->letter && strchr(result->outcome.text, '@') != NULL ? "the mail server said so"
                                                                       : result->outcome.text;
}

static void add_wait(struct db_params *params, int64_t wait_ms)
{
    if (wait_ms == DELIVERY_NO_WAIT) {
        db_param_add_null(params);
    } else {
        db_param_add_int(params, wait_ms);
    }
}

/* One array parameter over the results. */
#define EACH(type, add)                                                                                                \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (size_t i = 0; i < count; i++) {                                                                           \
            const struct outbox_result *result = &results[i];                                                          \
            add;                                                                                                       \
        }                                                                                                              \
    } while (0)

static void put_results(struct db_params *params, const struct outbox_result *results, size_t count)
{
    db_params_reset(params);
    EACH(DB_ARRAY_INT8, db_param_add_int(params, result->delivery_id));
    EACH(DB_ARRAY_TEXT, db_param_add_text(params, result->token));
    EACH(DB_ARRAY_TEXT, db_param_add_text(params, result->verdict.state));
    EACH(DB_ARRAY_INT8, add_wait(params, result->verdict.wait_ms));
    EACH(DB_ARRAY_TEXT, db_param_add_text(params, outcome_name(result->outcome.kind)));
    EACH(DB_ARRAY_INT4, db_param_add_int(params, result->outcome.code));
    EACH(DB_ARRAY_TEXT, db_param_add_text(params, detail_of(result)));
    EACH(DB_ARRAY_INT8, add_wait(params, result->verdict.spare_ms));
    EACH(DB_ARRAY_TEXT, db_param_add_text(params, result->verdict.disable ? result->outcome.text : NULL));
    EACH(DB_ARRAY_INT4, db_param_add_int(params, result->unbegun));
}

static const char *message_id_of(const struct outbox_result *results, size_t count, int64_t delivery_id)
{
    for (size_t i = 0; i < count; i++) {
        if (results[i].delivery_id == delivery_id) {
            return results[i].message_id;
        }
    }
    return NULL;
}

#define MAILED(row)                                                                                                    \
    (strcmp(db_text(done, row, DONE_STATE), "sent") == 0 && strcmp(db_text(done, row, DONE_KIND), "letter") == 0)

/* One array parameter over the letters that were mailed. */
#define EACH_MAILED(type, add)                                                                                         \
    do {                                                                                                               \
        db_param_array(params, type);                                                                                  \
        for (int row = 0; row < PQntuples(done); row++) {                                                              \
            if (MAILED(row)) {                                                                                         \
                add;                                                                                                   \
            }                                                                                                          \
        }                                                                                                              \
    } while (0)

static void put_mailed_keys(struct db_params *params, const PGresult *done)
{
    db_params_reset(params);
    EACH_MAILED(DB_ARRAY_INT4, db_param_add_int(params, db_int(done, row, DONE_SOURCE)));
    EACH_MAILED(DB_ARRAY_TEXT, db_param_add_text(params, db_text(done, row, DONE_CODE)));
    EACH_MAILED(DB_ARRAY_INT2, db_param_add_int(params, db_int(done, row, DONE_EPISODE)));
}

/* The duties first, then their letters: everybody holds them in this order. */
static enum status hold_mailed(struct db *db, struct db_params *params, const PGresult *done)
{
    enum status st;

    put_mailed_keys(params, done);
    st = db_run(db, SQL_LETTER_LOCK_DUTY, params, NULL);
    if (st == STATUS_OK) {
        put_mailed_keys(params, done);
        st = db_run(db, SQL_LETTER_LOCK, params, NULL);
    }
    return st;
}

static enum status store_mailed(struct db *db, struct db_params *params, const PGresult *done,
                                const struct outbox_result *results, size_t count, int64_t now_us)
{
    int letters = 0;
    enum status st;

    for (int row = 0; row < PQntuples(done); row++) {
        letters += MAILED(row);
    }
    if (letters == 0) {
        return STATUS_OK;
    }
    st = hold_mailed(db, params, done);
    if (st != STATUS_OK) {
        return st;
    }
    put_mailed_keys(params, done);
    db_param_us(params, now_us);
    EACH_MAILED(DB_ARRAY_TEXT,
                db_param_add_text(params, message_id_of(results, count, db_int(done, row, DONE_DELIVERY))));
    return db_run(db, SQL_LETTER_MAILED, params, NULL);
}

enum status outbox_complete(struct db *db, struct db_params *params, const struct outbox_result *results, size_t count,
                            int64_t now_us)
{
    PGresult *done = NULL;
    enum status st = db_begin(db);

    if (st == STATUS_OK) {
        put_results(params, results, count);
        st = db_run(db, SQL_OUTBOX_COMPLETE, params, &done);
    }
    if (st == STATUS_OK) {
        st = store_mailed(db, params, done, results, count, now_us);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        db_rollback(db);
    }
    PQclear(done);
    return st;
}

enum status outbox_recover(struct db *db, int64_t *count)
{
    PGresult *changed = NULL;
    enum status st = db_run(db, SQL_OUTBOX_RECOVER, NULL, &changed);

    *count = st == STATUS_OK ? PQntuples(changed) : 0;
    PQclear(changed);
    return st;
}
