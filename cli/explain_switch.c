/* SPDX-License-Identifier: MIT */
/* explain_switch.c - why promise and portal differ, in a sentence; the calendar used, in another. */
#include <stdio.h>

#include "cli/explain_parts.h"

const char *explain_gap_text(const struct cli *cli, const struct explain_case *found, char out[CLI_SENTENCE_SIZE])
{
    const struct rule *promise = explain_rule(found, RULE_PROMISE);
    const struct rule *portal = explain_rule(found, RULE_PORTAL);
    size_t used = 0;

    out[0] = '\0';
    if (found->gap.no_calendar) {
        return cli_sentence(cli, out, WORD_GAP_NO_CALENDAR, NULL);
    }
    for (int i = 0; i < found->gap.count; i++) {
        enum rule_switch which = found->gap.switches[i];
        char one[RULE_VALUE_SIZE], other[RULE_VALUE_SIZE], sentence[CLI_SENTENCE_SIZE];
        int len;

        rule_switch_text(promise, which, one);
        rule_switch_text(portal, which, other);
        cli_sentence(cli, sentence, WORD_GAP, rule_switch_name(which), one, other, NULL);
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
    return cli_sentence(
        cli, out, WORD_CALENDAR_USED, number, db_text(found->calendars, version - 1, NAME),
        since_us == DB_MINUS_INFINITY_US ? cli_word(cli, WORD_IN_FORCE_ALWAYS) : cli_time(since_us, since), NULL);
}
