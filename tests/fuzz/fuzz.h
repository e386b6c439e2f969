/* SPDX-License-Identifier: MIT */
/*
 * fuzz.h - what the fuzz targets share: the entry that libFuzzer and replay.c call, and claims that end the program.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/envelope.h"

/* One target a program defines it; always returns 0. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Aborts with the words when the claim does not hold. */
void fuzz_claim(bool holds, const char *words);

/* Claims that a refusal has a code and a sentence that may stand in an answer: one line of valid UTF-8. */
void fuzz_claim_refusal(const struct refusal *refusal);

#endif
