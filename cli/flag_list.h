/* SPDX-License-Identifier: MIT */
/*
 * flag_list.h - the flags of a dossier (docs/rules.md 5) by name and in words.  Pure.
 */
#ifndef CLI_FLAG_LIST_H
#define CLI_FLAG_LIST_H

#include <stdint.h>

#include "cli/lang.h"

#define FLAG_COUNT 14

/* Flags in the order of their bits, index 0 .. FLAG_COUNT - 1. */
int32_t flag_bit(int index);
const char *flag_name(int index);
enum word flag_word(int index);

/* The index of a name; FLAG_COUNT when there is none of that name. */
int flag_from_name(const char *name);

#endif
