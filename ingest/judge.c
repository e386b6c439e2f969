/* SPDX-License-Identifier: MIT */
/* judge.c - gate, envelope, clock, codes and permission, in this order. */
#include "ingest/judge.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "common/envelope.h"
#include "ingest/gate.h"

static void settle(const struct judge *judge, struct item *item, enum answer_word word, enum answer_code code)
{
    intake_add(judge->intake, item->source_id, word, 1);
    stats_settled(judge->stats, word, code);
    (void)item_settle(item, word, code); /* the caller looks at parcel->open when all are judged */
}

static void take_digest(struct item *item)
{
    crypto_hash_sha256(item->digest, (const unsigned char *)item->payload, item->payload_len);
}

/* Keeps the event for the quarantine, cut to what a valid one could have. */
static void reject(const struct judge *judge, struct item *item, struct refusal *refusal)
{
    int64_t most = judge->config->ingest.event_bytes;

    if (item->payload_len > most) {
        item->payload_len = (uint32_t)most;
    }
    item->word = ANSWER_REJECTED;
    item->code = (uint8_t)answer_code_find(refusal->code);
    answer_tidy(refusal->sentence); /* the database takes whole characters only */
    if (parcel_keep(item->parcel, refusal->sentence, &item->sentence_at) != STATUS_OK) {
        item->sentence_at = 0;
    }
    take_digest(item);
}

static bool permitted(const struct judge *judge, const struct item *item, const char *source)
{
    return !judge->config->ingest.curve || allow_source(judge->allow, item->parcel->sender, source);
}

/* An invalid event is charged to its source only when its sender may speak for that source. */
static void charge_source(const struct judge *judge, struct item *item, const struct envelope *env)
{
    if (env->source == NULL || !permitted(judge, item, env->source) ||
        sources_id(judge->sources, env->source, &item->source_id) != CODE_NONE) {
        item->source_id = 0;
    }
}

static void admit(const struct judge *judge, struct item *item, const struct envelope *env)
{
    enum answer_code code;

    if (!permitted(judge, item, env->source)) {
        settle(judge, item, ANSWER_DENIED, CODE_SOURCE_DENIED);
    } else if ((code = sources_id(judge->sources, env->source, &item->source_id)) != CODE_NONE) {
        settle(judge, item, ANSWER_BUSY, code);
    } else if (parcel_keep(item->parcel, env->id, &item->id_at) != STATUS_OK ||
               parcel_keep(item->parcel, env->dossier, &item->dossier_at) != STATUS_OK) {
        settle(judge, item, ANSWER_BUSY, CODE_QUEUE_FULL);
    } else {
        item->kind = (int16_t)env->kind;
        item->slot = (int16_t)env->slot;
        item->happened_us = env->happened_us;
        item->sequence = env->sequence;
        take_digest(item);
    }
}

static void judge_envelope(const struct judge *judge, struct item *item, int64_t now_us)
{
    struct envelope env = {0};
    struct code_scratch scratch;
    struct refusal refusal;
    enum status st = envelope_parse(item->payload, item->payload_len, &env, &refusal);

    if (st == STATUS_OK) {
        st = envelope_check_future(&env, now_us, judge->config->ingest.future_ms * 1000, &refusal);
    }
    if (st == STATUS_OK) {
        st = code_book_apply(judge->book, &env, &scratch, &refusal);
    }
    if (st == STATUS_OK) {
        code_book_route(judge->book, &env);
        admit(judge, item, &env);
    } else if (st == STATUS_INVALID) {
        charge_source(judge, item, &env);
        reject(judge, item, &refusal);
    } else {
        settle(judge, item, ANSWER_BUSY, CODE_QUEUE_FULL);
    }
    envelope_clear(&env);
}

static void judge_item(const struct judge *judge, struct item *item, int64_t now_us)
{
    int64_t most = judge->config->ingest.event_bytes;
    struct refusal refusal;

    if (item->payload_len > most) {
        refusal.code = answer_code_name(CODE_TOO_LARGE);
        snprintf(refusal.sentence, sizeof refusal.sentence, "event is %u bytes, limit %lld", item->payload_len,
                 (long long)most);
        reject(judge, item, &refusal);
    } else if (gate_check(item->payload, item->payload_len, &refusal) != STATUS_OK) {
        reject(judge, item, &refusal);
    } else {
        judge_envelope(judge, item, now_us);
    }
}

void judge_parcel(const struct judge *judge, struct parcel *parcel, struct request_body body)
{
    int64_t now_us = clock_now_us(&judge->config->deployment.clock);
    size_t len = 0;

    parcel->open = parcel->count;
    judge->stats->received += parcel->count;
    for (int i = 0; i < parcel->count && request_body_next(&body, &parcel->items[i].payload, &len); i++) {
        parcel->items[i].parcel = parcel;
        parcel->items[i].payload_len = (uint32_t)len;
        parcel->items[i].place = ITEM_QUEUED;
        judge_item(judge, &parcel->items[i], now_us);
    }
}
