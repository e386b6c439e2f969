/* SPDX-License-Identifier: MIT */
/*
 * answer_lines.h - the body of a reply of KTP/1, read line by line: one answer for each event (docs/protocol.md). Pure.
 */
#ifndef CLI_ANSWER_LINES_H
#define CLI_ANSWER_LINES_H

#include <stdbool.h>
#include <stddef.h>

#include "cli/flight.h"

/* What is left to read; texts are borrowed. */
struct answer_lines {
    const char *at;
    size_t len;
};

struct answer_line {
    enum flight_word word; /* FLIGHT_WORDS: none of the protocol */
    const char *text;      /* the line without its LF */
    size_t len;
};

/* What stands behind the word: "CODE fault sentence". */
struct answer_reason {
    char code[64]; /* "-" when there is none */
    char fault[16];
    char sentence[512];
};

/* True when there is one answer of the protocol for each of count events. */
bool answer_lines_fit(struct answer_lines lines, size_t count);

/* Takes the next line off; false at the end. */
bool answer_lines_next(struct answer_lines *lines, struct answer_line *line);

void answer_line_reason(const struct answer_line *line, struct answer_reason *reason);

/* "accepted", "duplicate", ... */
const char *answer_line_word(enum flight_word word);

#endif
