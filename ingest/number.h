/* SPDX-License-Identifier: MIT */
/*
 * number.h - the gate's check of one JSON number: its grammar, and that cJSON and PostgreSQL's jsonb read the same of
 * it.
 *
 * Integers (neither point nor exponent) lie within 2^53 of 0; all others are finite as a double, and not 0 unless they
 * are written as 0.
 */
#ifndef INGEST_NUMBER_H
#define INGEST_NUMBER_H

/* cJSON 1.7.15 reads at most 63 characters of a number and stumbles over the rest. */
#define NUMBER_LEN_MAX 63

/* What is wrong with text (at most NUMBER_LEN_MAX characters, then NUL), for people; NULL when nothing is. */
const char *number_fault(const char *text);

#endif
