/* SPDX-License-Identifier: MIT */
/* rule_words.c - see rule_words.h. */
#include "cli/rule_words.h"

#include <stdio.h>
#include <string.h>

static const struct {
    enum rule_switch which;
    const char *value;
    enum word word;
} meanings[] = {
    {RULE_SWITCH_PRECISION, "instant", WORD_RULE_PRECISION_INSTANT},
    {RULE_SWITCH_PRECISION, "day", WORD_RULE_PRECISION_DAY},
    {RULE_SWITCH_DUE, "first", WORD_RULE_DUE_FIRST},
    {RULE_SWITCH_DUE, "current", WORD_RULE_DUE_CURRENT},
    {RULE_SWITCH_FINISH, "latest", WORD_RULE_FINISH_LATEST},
    {RULE_SWITCH_FINISH, "first", WORD_RULE_FINISH_FIRST},
    {RULE_SWITCH_PAUSE, "move_due", WORD_RULE_PAUSE_MOVE_DUE},
    {RULE_SWITCH_PAUSE, "deduct", WORD_RULE_PAUSE_DEDUCT},
    {RULE_SWITCH_PAUSE, "none", WORD_RULE_PAUSE_NONE},
    {RULE_SWITCH_MEASURE, "working", WORD_RULE_MEASURE_WORKING},
    {RULE_SWITCH_MEASURE, "elapsed", WORD_RULE_MEASURE_ELAPSED},
    {RULE_SWITCH_PAYMENT, "pauses", WORD_RULE_PAYMENT_PAUSES},
    {RULE_SWITCH_PAYMENT, "runs", WORD_RULE_PAYMENT_RUNS},
    {RULE_SWITCH_WAITING, "paused", WORD_RULE_WAITING_PAUSED},
    {RULE_SWITCH_WAITING, "ends", WORD_RULE_WAITING_ENDS},
    {RULE_SWITCH_WAITING, "runs", WORD_RULE_WAITING_RUNS},
    {RULE_SWITCH_MISSING_DUE, "exclude", WORD_RULE_MISSING_EXCLUDE},
    {RULE_SWITCH_MISSING_DUE, "term", WORD_RULE_MISSING_TERM},
    {RULE_SWITCH_WITHDRAWN, "end", WORD_RULE_WITHDRAWN_END},
    {RULE_SWITCH_WITHDRAWN, "exclude", WORD_RULE_WITHDRAWN_EXCLUDE},
    {RULE_SWITCH_WITHDRAWN, "exclude_kept", WORD_RULE_WITHDRAWN_KEPT},
    {RULE_SWITCH_UNACCEPTED, "count", WORD_RULE_UNACCEPTED_COUNT},
    {RULE_SWITCH_UNACCEPTED, "exclude", WORD_RULE_UNACCEPTED_EXCLUDE},
    {RULE_SWITCH_SUPPLEMENT_LIMIT, "0", WORD_RULE_SUPPLEMENTS_NO_LIMIT},
    {RULE_SWITCH_SUPPLEMENT_LIMIT, NULL, WORD_RULE_SUPPLEMENTS_LIMIT},
    {RULE_SWITCH_EXTENSION_LIMIT, NULL, WORD_RULE_EXTENSIONS_LIMIT},
    {RULE_SWITCH_TERM, NULL, WORD_RULE_TERM},
};

#define MEANINGS (sizeof meanings / sizeof *meanings)

const char *rule_words_term(const struct cli *cli, const struct term *term, char out[CLI_SENTENCE_SIZE])
{
    static const enum word words[TERM_UNITS] = {[TERM_WORKING_DAYS] = WORD_TERM_WORKING_DAYS,
                                                [TERM_WORKING_HOURS] = WORD_TERM_WORKING_HOURS,
                                                [TERM_CALENDAR_DAYS] = WORD_TERM_CALENDAR_DAYS,
                                                [TERM_MONTHS] = WORD_TERM_MONTHS};
    char count[16];

    snprintf(count, sizeof count, "%d", term->count);
    return cli_sentence(cli, out, words[term->unit], count, NULL);
}

const char *rule_words_meaning(const struct cli *cli, const struct rule *rule, enum rule_switch which,
                               char out[CLI_SENTENCE_SIZE])
{
    char value[RULE_VALUE_SIZE];
    char term[CLI_SENTENCE_SIZE];
    size_t i = 0;

    rule_switch_text(rule, which, value);
    while (i + 1 < MEANINGS &&
           (meanings[i].which != which || (meanings[i].value != NULL && strcmp(meanings[i].value, value) != 0))) {
        i++;
    }
    if (which == RULE_SWITCH_TERM) {
        return cli_sentence(cli, out, meanings[i].word, rule_words_term(cli, &rule->term, term), NULL);
    }
    return cli_sentence(cli, out, meanings[i].word, value, NULL);
}
