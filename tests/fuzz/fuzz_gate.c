/* SPDX-License-Identifier: MIT */
/*
 * fuzz_gate.c - any bytes into the gate: refusals have words, and what passes is an object that cJSON reads whole,
 * without NUL-cut strings and without equal keys.
 */
#include <string.h>

#include <cjson/cJSON.h>

#include "common/json.h"
#include "ingest/gate.h"
#include "tests/fuzz/fuzz.h"

static void claim_tree(const cJSON *item, int depth)
{
    int members = 0;

    fuzz_claim(depth <= GATE_DEPTH_MAX + 1, "depth is bounded");
    for (const cJSON *child = item->child; child != NULL; child = child->next) {
        members++;
        for (const cJSON *other = child->next; cJSON_IsObject(item) && other != NULL; other = other->next) {
            fuzz_claim(strcmp(child->string, other->string) != 0, "keys differ");
        }
        claim_tree(child, depth + 1);
    }
    fuzz_claim(!cJSON_IsObject(item) || members <= GATE_KEYS_MAX, "members are bounded");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct refusal refusal = {0};
    cJSON *json;

    if (gate_check((const char *)data, size, &refusal) != STATUS_OK) {
        fuzz_claim_refusal(&refusal);
        return 0;
    }
    json = json_parse((const char *)data, size);
    fuzz_claim(cJSON_IsObject(json), "what passes the gate is an object to cJSON");
    claim_tree(json, 1);
    cJSON_Delete(json);
    return 0;
}
