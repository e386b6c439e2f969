/* SPDX-License-Identifier: MIT */
/*
 * fuzz_envelope.c - what passes the gate into envelope_parse, then into an empty code book: never "memory is short",
 * refusals have words, and an envelope keeps within the bounds of the ledger's columns.
 */
#include <string.h>

#include "common/code_book.h"
#include "common/envelope.h"
#include "common/timestamp.h"
#include "ingest/gate.h"
#include "tests/fuzz/fuzz.h"

static void claim_length(const char *text, size_t max_len)
{
    fuzz_claim(text == NULL || (text[0] != '\0' && strlen(text) <= max_len), "texts keep within their limits");
}

static void claim_moment(int64_t us)
{
    fuzz_claim(us == ENVELOPE_NONE_US || (us >= TIMESTAMP_MIN_US && us < TIMESTAMP_MAX_US), "moments are bounded");
}

static void claim_envelope(const struct envelope *env)
{
    fuzz_claim(env->source != NULL && env->id != NULL && env->dossier != NULL, "required texts are there");
    claim_length(env->source, ENVELOPE_SOURCE_MAX);
    claim_length(env->id, ENVELOPE_ID_MAX);
    claim_length(env->dossier, ENVELOPE_DOSSIER_MAX);
    claim_length(env->unit, ENVELOPE_CODE_MAX);
    claim_length(env->unit_parent, ENVELOPE_CODE_MAX);
    claim_length(env->field, ENVELOPE_CODE_MAX);
    claim_length(env->procedure, ENVELOPE_CODE_MAX);
    claim_length(env->unit_name, ENVELOPE_NAME_MAX);
    claim_length(env->field_name, ENVELOPE_NAME_MAX);
    claim_length(env->procedure_name, ENVELOPE_NAME_MAX);
    fuzz_claim(env->happened_us != ENVELOPE_NONE_US, "there is a time");
    claim_moment(env->happened_us);
    claim_moment(env->received_us);
    claim_moment(env->due_us);
    claim_moment(env->finished_us);
    claim_moment(env->submitted_us);
    claim_moment(env->at_us);
    claim_moment(env->returned_us);
    claim_moment(env->refused_us);
    fuzz_claim(env->kind >= EVENT_RECEIVED && env->kind < EVENT_KIND_END, "the kind is known");
    fuzz_claim(env->kind != EVENT_RESCHEDULED || env->due_us != ENVELOPE_NONE_US, "a reschedule has its due");
    fuzz_claim(env->slot >= 0 && env->slot < ENVELOPE_SLOTS, "the slot is bounded");
    fuzz_claim(env->sequence >= 0 && env->sequence < INT64_C(1000000000000000000), "the sequence is bounded");
}

static void claim_record(const struct envelope *env)
{
    bool record = env->record != ENVELOPE_NO_RECORD;

    fuzz_claim(record == (env->kind == EVENT_SYNCED), "records are synced");
    fuzz_claim(record == (env->status_code[0] != '\0'), "a record has its status");
    fuzz_claim(record == (env->at_us != ENVELOPE_NONE_US), "a record has its moment");
    fuzz_claim(env->supplement_count <= ENVELOPE_SUPPLEMENTS_MAX, "supplements are bounded");
    for (size_t i = 0; i < env->supplement_count; i++) {
        claim_moment(env->supplements[i].requested_us);
        claim_moment(env->supplements[i].completed_us);
        claim_moment(env->supplements[i].due_before_us);
        claim_moment(env->supplements[i].due_after_us);
    }
    claim_length(env->channel, ENVELOPE_CODE_MAX);
    claim_length(env->measure, ENVELOPE_MEASURE_MAX);
    claim_length(env->period, ENVELOPE_PERIOD_MAX);
    fuzz_claim((env->kind == EVENT_INDICATOR) == (env->measure != NULL && env->dossier == env->key),
               "an indicator has its key");
    fuzz_claim(env->numerator >= 0 && env->denominator >= 0, "counts are not negative");
}

/* Codes as meant keep within the same limits. */
static enum status claim_codes(struct envelope *env, struct refusal *refusal)
{
    struct code_book *book = code_book_new();
    struct code_scratch scratch;
    enum status st;

    fuzz_claim(book != NULL, "there is memory");
    st = code_book_apply(book, env, &scratch, refusal);
    if (st == STATUS_OK) {
        fuzz_claim((env->status != ENVELOPE_NO_STATUS) == (env->record != ENVELOPE_NO_RECORD), "a status is known");
        claim_length(env->unit, ENVELOPE_CODE_MAX);
        claim_length(env->unit_parent, ENVELOPE_CODE_MAX);
        claim_length(env->procedure, ENVELOPE_CODE_MAX);
    }
    code_book_destroy(&book);
    return st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct refusal refusal = {0};
    struct envelope env;
    enum status st;

    if (gate_check((const char *)data, size, &refusal) != STATUS_OK) {
        return 0;
    }
    st = envelope_parse((const char *)data, size, &env, &refusal);
    if (st == STATUS_OK) {
        claim_envelope(&env);
        claim_record(&env);
        st = envelope_check_future(&env, INT64_C(1452672000000000), 0, &refusal);
    }
    if (st == STATUS_OK) {
        st = claim_codes(&env, &refusal);
    }
    fuzz_claim(st == STATUS_OK || st == STATUS_INVALID, "what passes the gate is judged");
    if (st == STATUS_INVALID) {
        fuzz_claim_refusal(&refusal);
        claim_length(env.source, ENVELOPE_SOURCE_MAX);
    }
    envelope_clear(&env);
    return 0;
}
