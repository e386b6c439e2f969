/* SPDX-License-Identifier: MIT */
/* answer_lines.c - the body of a reply, read line by line. */
#include "cli/answer_lines.h"

#include <stdio.h>
#include <string.h>

static const char *const words[FLIGHT_WORDS] = {"accepted", "duplicate", "conflict", "rejected", "denied", "busy"};

static enum flight_word read_word(const char *text, size_t len)
{
    const char *blank = memchr(text, ' ', len);
    size_t word_len = blank == NULL ? len : (size_t)(blank - text);
    enum flight_word word = FLIGHT_ACCEPTED;

    while (word < FLIGHT_WORDS && (strlen(words[word]) != word_len || memcmp(words[word], text, word_len) != 0)) {
        word++;
    }
    return word;
}

bool answer_lines_next(struct answer_lines *lines, struct answer_line *line)
{
    const char *lf;
    size_t taken;

    if (lines->len == 0) {
        return false;
    }
    lf = memchr(lines->at, '\n', lines->len);
    line->text = lines->at;
    line->len = lf == NULL ? lines->len : (size_t)(lf - lines->at);
    line->word = read_word(line->text, line->len);
    taken = line->len + (lf != NULL);
    lines->at += taken;
    lines->len -= taken;
    return true;
}

bool answer_lines_fit(struct answer_lines lines, size_t count)
{
    struct answer_line line;
    size_t found = 0;

    while (answer_lines_next(&lines, &line)) {
        if (line.word == FLIGHT_WORDS) {
            return false;
        }
        found++;
    }
    return found == count;
}

void answer_line_reason(const struct answer_line *line, struct answer_reason *reason)
{
    char text[640];

    *reason = (struct answer_reason){.code = "-"};
    snprintf(text, sizeof text, "%.*s", (int)line->len, line->text);
    (void)sscanf(text, "%*s %63s %15s %511[^\n]", reason->code, reason->fault, reason->sentence);
}

const char *answer_line_word(enum flight_word word)
{
    return words[word];
}
