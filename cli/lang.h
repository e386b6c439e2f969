/* SPDX-License-Identifier: MIT */
/*
 * lang.h - every word and sentence of the answers, in English and Vietnamese (lang_words.def).
 *
 * Sentences hold {1} .. {9} where values go, so that languages may order them differently.
 */
#ifndef CLI_LANG_H
#define CLI_LANG_H

#include <stddef.h>

#include "common/status.h"

enum lang { LANG_EN, LANG_VI };

enum word {
#define WORD(name, en, vi) WORD_##name,
#include "cli/lang_words.def"
#undef WORD
    WORD_END
};

/* The word in the language; never NULL. */
const char *lang_word(enum lang lang, enum word word);

/* Fills {1} .. {9} of a sentence from args[0 .. count-1]; cut to size, NUL-terminated; returns out. */
const char *lang_fill(const char *sentence, const char *const *args, int count, char *out, size_t size);

/* Reads "vi" or "en". */
enum status lang_parse(const char *name, enum lang *lang) MUST_CHECK;

/* The language of the environment: LC_ALL, LC_MESSAGES, LANG, the first that is set and not empty. */
enum lang lang_from_environment(void);

#endif
