/* SPDX-License-Identifier: MIT */
/* fuzz.c - claims of the fuzz targets. */
#include "tests/fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ingest/gate.h"

void fuzz_claim(bool holds, const char *words)
{
    if (!holds) {
        fprintf(stderr, "does not hold: %s\n", words);
        abort();
    }
}

/* The gate itself tells whether the sentence, put into a JSON string, is printable UTF-8. */
void fuzz_claim_refusal(const struct refusal *refusal)
{
    char text[sizeof refusal->sentence + 16];
    struct refusal unused;
    int len;

    fuzz_claim(refusal->code != NULL && refusal->code[0] != '\0', "a refusal has a code");
    fuzz_claim(memchr(refusal->sentence, '\0', sizeof refusal->sentence) != NULL, "a sentence has an end");
    fuzz_claim(refusal->sentence[0] != '\0', "a refusal has a sentence");
    len = snprintf(text, sizeof text, "{\"s\":\"%s\"}", refusal->sentence);
    for (char *c = text + 6; c < text + len - 2; c++) {
        if (*c == '"' || *c == '\\') {
            *c = ' ';
        }
    }
    fuzz_claim(gate_check(text, (size_t)len, &unused) == STATUS_OK, "a sentence is printable UTF-8");
}
