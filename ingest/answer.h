/* SPDX-License-Identifier: MIT */
/*
 * answer.h - the closed vocabulary of what became of an event: a word and a code for programs, a sentence for people.
 *
 * The table in answer.c and docs/protocol.md 7 say the same.
 */
#ifndef INGEST_ANSWER_H
#define INGEST_ANSWER_H

#include <stdbool.h>
#include <stddef.h>

enum answer_word {
    ANSWER_PENDING, /* not known yet */
    ANSWER_ACCEPTED,
    ANSWER_DUPLICATE,
    ANSWER_CONFLICT,
    ANSWER_REJECTED,
    ANSWER_DENIED,
    ANSWER_BUSY,
    ANSWER_WORDS
};

enum answer_code {
    CODE_NONE,
    /* conflict */
    CODE_CONFLICT,
    /* rejected: the gate */
    CODE_NOT_JSON,
    CODE_NOT_UTF8,
    CODE_TOO_DEEP,
    CODE_DUPLICATE_KEY,
    CODE_NUMBER_INVALID,
    CODE_STRING_INVALID,
    CODE_TOO_MANY_KEYS,
    CODE_NOT_OBJECT,
    /* rejected: the envelope */
    CODE_SPECVERSION,
    CODE_MEMBER_MISSING,
    CODE_MEMBER_INVALID,
    CODE_TYPE_UNKNOWN,
    CODE_TIME_INVALID,
    CODE_SEQUENCE_INVALID,
    CODE_TIME_FUTURE,
    CODE_STATUS_UNKNOWN,
    /* rejected: here */
    CODE_TOO_LARGE,
    CODE_STORE_REFUSED,
    CODE_INVALID, /* refused by a word that is missing in this table */
    /* denied */
    CODE_SOURCE_DENIED,
    /* busy */
    CODE_CREDIT,
    CODE_QUEUE_FULL,
    CODE_DATABASE_AWAY,
    CODE_COMMIT_SLOW,
    CODE_SOURCE_NEW,
    CODE_STOPPING,
    /* ERROR: the request as a whole */
    CODE_FRAMES,
    CODE_HEADER,
    CODE_BODY,
    CODE_EMPTY,
    CODE_TOO_MANY,
    CODE_REQUEST_TOO_LARGE,
    CODE_NOT_ALLOWED,
    CODE_TOO_MANY_PEERS,
    CODE_END
};

/* Most octets of an answer line, its LF included. */
#define ANSWER_LINE_MAX 320

const char *answer_word_name(enum answer_word word);
const char *answer_code_name(enum answer_code code);
/* The sentence of a code that needs no details, "" when each case has its own. */
const char *answer_code_sentence(enum answer_code code);
/* "sender" or "server". */
const char *answer_code_fault(enum answer_code code);
/* The code of that name; CODE_INVALID when there is none. */
enum answer_code answer_code_find(const char *name);

/*
 * Writes one line with its LF: the word alone when code is CODE_NONE, else word, code, fault, sentence (cut to fit
 * whole UTF-8 characters, control characters as '?').  sentence NULL: the code's own.  Returns the length.
 */
size_t answer_line(char out[ANSWER_LINE_MAX], enum answer_word word, enum answer_code code, const char *sentence);

/* Takes half a character off the end of a sentence that may have been cut, and control characters out of it. */
void answer_tidy(char *sentence);

#endif
