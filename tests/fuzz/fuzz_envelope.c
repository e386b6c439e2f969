/* SPDX-License-Identifier: MIT */
/*
 * fuzz_envelope.c - what passes the gate into envelope_parse: never "memory is short", refusals have words, and an
 * envelope keeps within the bounds of the ledger's columns.
 */
#include <string.h>

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
    fuzz_claim(env->kind >= EVENT_RECEIVED && env->kind < EVENT_KIND_END, "the kind is known");
    fuzz_claim(env->kind != EVENT_RESCHEDULED || env->due_us != ENVELOPE_NONE_US, "a reschedule has its due");
    fuzz_claim(env->slot >= 0 && env->slot < ENVELOPE_SLOTS, "the slot is bounded");
    fuzz_claim(env->sequence >= 0 && env->sequence < INT64_C(1000000000000000000), "the sequence is bounded");
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
        st = envelope_check_future(&env, INT64_C(1452672000000000), 0, &refusal);
    }
    fuzz_claim(st == STATUS_OK || st == STATUS_INVALID, "what passes the gate is judged");
    if (st == STATUS_INVALID) {
        fuzz_claim_refusal(&refusal);
        claim_length(env.source, ENVELOPE_SOURCE_MAX);
    }
    envelope_clear(&env);
    return 0;
}
