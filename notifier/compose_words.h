/* SPDX-License-Identifier: MIT */
/*
 * compose_words.h - the words of messages to officials, in Vietnamese and English: what kinds of notices there are, and
 * why each comes now, for every channel.
 */
#ifndef NOTIFIER_COMPOSE_WORDS_H
#define NOTIFIER_COMPOSE_WORDS_H

#include <stddef.h>

enum compose_lang { COMPOSE_EN, COMPOSE_VI, COMPOSE_LANGS };

enum compose_columns { COMPOSE_DOSSIERS, COMPOSE_LETTERS, COMPOSE_TARGETS };

/* A kind of notice. */
struct compose_kind {
    const char *name;
    enum compose_columns columns;
    const char *count[COMPOSE_LANGS]; /* for the subject: "{1} overdue", the number filled in */
    const char *title[COMPOSE_LANGS];
    const char *why[COMPOSE_LANGS]; /* why now, a sentence */
};

/* The kinds in the order in which a message tells them, the most urgent first. */
extern const struct compose_kind compose_kinds[];
extern const size_t compose_kind_count;

enum compose_word {
    COMPOSE_DOSSIER,
    COMPOSE_UNIT,
    COMPOSE_FIELD,
    COMPOSE_DUE,
    COMPOSE_DEADLINE,
    COMPOSE_LETTER_NO,
    COMPOSE_MEASURE,
    COMPOSE_RATE,
    COMPOSE_TARGET,
    COMPOSE_MISSING,
    COMPOSE_PERIOD,
    COMPOSE_DIGEST,       /* heading of a digest; the day */
    COMPOSE_LETTERS_LINE, /* letters owed, of these past their deadline */
    COMPOSE_MORE,         /* how many rows are not shown */
    COMPOSE_REASON,       /* why the recipient gets it: role, unit */
    COMPOSE_WORDS
};

/* The role as people say it; an unknown one as it is. */
const char *compose_role(enum compose_lang lang, const char *role);

/* A word, or a sentence with {1} and {2} where texts go. */
const char *compose_word(enum compose_lang lang, enum compose_word word);

#endif
