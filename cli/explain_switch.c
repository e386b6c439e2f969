/* SPDX-License-Identifier: MIT */
/* explain_switch.c - why promise and portal differ, in a sentence; the calendar used, in another. */
#include <stdio.h>
#include <string.h>

#include "cli/explain_parts.h"

/* What a rule does by a value of a switch. */
static const struct {
    enum rule_switch which;
    const char *value;
    enum word word;
} meanings[] = {
    {RULE_SWITCH_PRECISION, "instant", WORD_SWITCH_INSTANT},
    {RULE_SWITCH_PRECISION, "day", WORD_SWITCH_DAY},
    {RULE_SWITCH_DUE, "first", WORD_SWITCH_DUE_FIRST},
    {RULE_SWITCH_DUE, "current", WORD_SWITCH_DUE_CURRENT},
    {RULE_SWITCH_FINISH, "latest", WORD_SWITCH_FINISH_LATEST},
    {RULE_SWITCH_FINISH, "first", WORD_SWITCH_FINISH_FIRST},
    {RULE_SWITCH_PAUSE, "move_due", WORD_SWITCH_PAUSE_MOVE_DUE},
    {RULE_SWITCH_PAUSE, "deduct", WORD_SWITCH_PAUSE_DEDUCT},
    {RULE_SWITCH_PAUSE, "none", WORD_SWITCH_PAUSE_NONE},
    {RULE_SWITCH_MEASURE, "working", WORD_SWITCH_WORKING},
    {RULE_SWITCH_MEASURE, "elapsed", WORD_SWITCH_ELAPSED},
    {RULE_SWITCH_PAYMENT, "pauses", WORD_SWITCH_PAYMENT_PAUSES},
    {RULE_SWITCH_PAYMENT, "runs", WORD_SWITCH_PAYMENT_RUNS},
    {RULE_SWITCH_WAITING, "paused", WORD_SWITCH_WAITING_PAUSED},
    {RULE_SWITCH_WAITING, "ends", WORD_SWITCH_WAITING_ENDS},
    {RULE_SWITCH_WAITING, "runs", WORD_SWITCH_WAITING_RUNS},
    {RULE_SWITCH_MISSING_DUE, "exclude", WORD_SWITCH_MISSING_EXCLUDE},
    {RULE_SWITCH_MISSING_DUE, "term", WORD_SWITCH_MISSING_TERM},
    {RULE_SWITCH_WITHDRAWN, "end", WORD_SWITCH_WITHDRAWN_END},
    {RULE_SWITCH_WITHDRAWN, "exclude", WORD_SWITCH_WITHDRAWN_EXCLUDE},
    {RULE_SWITCH_WITHDRAWN, "exclude_kept", WORD_SWITCH_WITHDRAWN_KEPT},
    {RULE_SWITCH_UNACCEPTED, "count", WORD_SWITCH_UNACCEPTED_COUNT},
    {RULE_SWITCH_UNACCEPTED, "exclude", WORD_SWITCH_UNACCEPTED_EXCLUDE},
    {RULE_SWITCH_SUPPLEMENT_LIMIT, "0", WORD_SWITCH_NO_LIMIT},
};

/* "goes by the first due reported" */
static const char *meaning(const struct cli *cli, const struct rule *rule, enum rule_switch which,
                           char out[CLI_SENTENCE_SIZE])
{
    char value[RULE_VALUE_SIZE];

    rule_switch_text(rule, which, value);
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (meanings[i].which == which && strcmp(meanings[i].value, value) == 0) {
            return cli_sentence(cli, out, meanings[i].word, NULL);
        }
    }
    /* The one switch with any number of values. */
    return cli_sentence(cli, out, WORD_SWITCH_LIMIT, value, NULL);
}

const char *explain_gap_text(const struct cli *cli, const struct explain_case *found, char out[CLI_SENTENCE_SIZE])
{
    const struct rule *promise = explain_rule(found, RULE_PROMISE);
    const struct rule *portal = explain_rule(found, RULE_PORTAL);
    size_t used = 0;

    out[0] = '\0';
    for (int i = 0; i < found->gap.count; i++) {
        enum rule_switch which = found->gap.switches[i];
        char one[CLI_SENTENCE_SIZE], other[CLI_SENTENCE_SIZE], sentence[CLI_SENTENCE_SIZE];
        int len;

        cli_sentence(cli, sentence, WORD_GAP, rule_switch_name(which), meaning(cli, promise, which, one),
                     meaning(cli, portal, which, other), NULL);
        len = snprintf(out + used, CLI_SENTENCE_SIZE - used, "%s%s", i == 0 ? "" : "; ", sentence);
        if (len < 0 || (size_t)len >= CLI_SENTENCE_SIZE - used) {
            break; /* cut, as every sentence is */
        }
        used += (size_t)len;
    }
    return out;
}

const char *explain_calendar_text(const struct cli *cli, const struct explain_case *found, char out[CLI_SENTENCE_SIZE])
{
    enum { NAME = 4, IN_FORCE = 3 };
    int version = found->verdicts.calendar;
    char number[24];
    char since[CLI_TIME_SIZE];
    int64_t since_us;

    if (version <= 0) {
        return cli_sentence(cli, out, version == 0 ? WORD_CALENDAR_UNUSED : WORD_CALENDAR_LACKS, NULL);
    }
    since_us = db_us(found->calendars, version - 1, IN_FORCE);
    snprintf(number, sizeof number, "%d", version);
    return cli_sentence(cli, out, WORD_CALENDAR_USED, number, db_text(found->calendars, version - 1, NAME),
                        since_us == DB_MINUS_INFINITY_US ? cli_word(cli, WORD_SINCE_ALWAYS) : cli_time(since_us, since),
                        NULL);
}
