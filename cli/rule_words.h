/* SPDX-License-Identifier: MIT */
/*
 * rule_words.h - what the switches of a rule mean, in words.
 */
#ifndef CLI_RULE_WORDS_H
#define CLI_RULE_WORDS_H

#include "cli/cli.h"
#include "scorer/rule_switch.h"

/* The meaning of a switch as the rule has it; returns out. */
const char *rule_words_meaning(const struct cli *cli, const struct rule *rule, enum rule_switch which,
                               char out[CLI_SENTENCE_SIZE]);

/* "5 working days" in the language chosen; returns out. */
const char *rule_words_term(const struct cli *cli, const struct term *term, char out[CLI_SENTENCE_SIZE]);

#endif
