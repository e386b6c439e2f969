/* SPDX-License-Identifier: MIT */
/* rule_switch.c - see rule_switch.h. */
#include "scorer/rule_switch.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHOICES_MAX 3
#define CHOICE(switch_name, member, list, ...)                                                                         \
    {                                                                                                                  \
        .name = (switch_name), .at = offsetof(struct rule, member), .values = (list), .choices = { __VA_ARGS__ }       \
    }

/* In the order of the columns of rule_version_list.sql; choices in the order of their enum.  A switch without any is a
 * number, the last one a term. */
static const struct {
    const char *name;
    const char *values;
    size_t at; /* in struct rule; every enum there has the size of an int */
    const char *choices[CHOICES_MAX];
} switches[RULE_SWITCHES] = {
    [RULE_SWITCH_PRECISION] = CHOICE("precision", precision, "instant, day", "instant", "day"),
    [RULE_SWITCH_DUE] = CHOICE("due", due, "first, current", "first", "current"),
    [RULE_SWITCH_FINISH] = CHOICE("finish", finish, "latest, first", "latest", "first"),
    [RULE_SWITCH_PAUSE] = CHOICE("pause", pause, "move_due, deduct, none", "move_due", "deduct", "none"),
    [RULE_SWITCH_MEASURE] = CHOICE("measure", measure, "working, elapsed", "working", "elapsed"),
    [RULE_SWITCH_PAYMENT] = CHOICE("payment", payment, "pauses, runs", "pauses", "runs"),
    [RULE_SWITCH_WAITING] = CHOICE("waiting", waiting, "paused, ends, runs", "paused", "ends", "runs"),
    [RULE_SWITCH_MISSING_DUE] = CHOICE("missing_due", missing_due, "exclude, term", "exclude", "term"),
    [RULE_SWITCH_WITHDRAWN] =
        CHOICE("withdrawn", withdrawn, "end, exclude, exclude_kept", "end", "exclude", "exclude_kept"),
    [RULE_SWITCH_UNACCEPTED] = CHOICE("unaccepted", unaccepted, "count, exclude", "count", "exclude"),
    [RULE_SWITCH_SUPPLEMENT_LIMIT] = {"supplement_limit", "0 .. 1000", offsetof(struct rule, supplement_limit), {NULL}},
    [RULE_SWITCH_EXTENSION_LIMIT] = {"extension_limit", "0 .. 1000", offsetof(struct rule, extension_limit), {NULL}},
    [RULE_SWITCH_TERM] = {"term", "1 working day, 8 hours, 30 days, 2 months", offsetof(struct rule, term), {NULL}},
};

_Static_assert(sizeof(enum rule_withdrawn) == sizeof(int), "a switch is read and written as an int");

static int number_of(const struct rule *rule, enum rule_switch which)
{
    int number;

    memcpy(&number, (const char *)rule + switches[which].at, sizeof number);
    return number;
}

static void number_put(struct rule *rule, enum rule_switch which, int number)
{
    memcpy((char *)rule + switches[which].at, &number, sizeof number);
}

static enum status limit_set(struct rule *rule, enum rule_switch which, const char *value)
{
    char *end;
    long number = strtol(value, &end, 10);

    if (value[0] < '0' || value[0] > '9' || *end != '\0' || number > RULE_LIMIT_MAX) {
        return STATUS_INVALID;
    }
    number_put(rule, which, (int)number);
    return STATUS_OK;
}

/* "5 working_days" is how rule_switch_text and the tables name a unit. */
static enum status term_set(struct rule *rule, const char *value)
{
    char words[RULE_VALUE_SIZE];

    if ((size_t)snprintf(words, sizeof words, "%s", value) >= sizeof words) {
        return STATUS_INVALID;
    }
    for (char *at = words; *at != '\0'; at++) {
        if (*at == '_') {
            *at = ' ';
        }
    }
    return term_parse(words, &rule->term);
}

static enum status choice_set(struct rule *rule, enum rule_switch which, const char *value)
{
    for (int i = 0; i < CHOICES_MAX && switches[which].choices[i] != NULL; i++) {
        if (strcmp(switches[which].choices[i], value) == 0) {
            number_put(rule, which, i);
            return STATUS_OK;
        }
    }
    return STATUS_INVALID;
}

const char *rule_switch_name(enum rule_switch which)
{
    return switches[which].name;
}

enum rule_switch rule_switch_from_name(const char *name)
{
    int which = 0;

    while (which < RULE_SWITCHES && strcmp(switches[which].name, name) != 0) {
        which++;
    }
    return (enum rule_switch)which;
}

bool rule_switch_applies(enum rule_name rule, enum rule_switch which)
{
    return (which == RULE_SWITCH_TERM) == (rule == RULE_INTAKE);
}

const char *rule_switch_values(enum rule_switch which)
{
    return switches[which].values;
}

enum status rule_switch_set(struct rule *rule, enum rule_switch which, const char *value)
{
    if (which == RULE_SWITCH_TERM) {
        return term_set(rule, value);
    }
    return switches[which].choices[0] == NULL ? limit_set(rule, which, value) : choice_set(rule, which, value);
}

void rule_switch_text(const struct rule *rule, enum rule_switch which, char text[RULE_VALUE_SIZE])
{
    if (which == RULE_SWITCH_TERM) {
        snprintf(text, RULE_VALUE_SIZE, "%d %s", rule->term.count, term_unit_name(rule->term.unit));
    } else if (switches[which].choices[0] == NULL) {
        snprintf(text, RULE_VALUE_SIZE, "%d", number_of(rule, which));
    } else {
        snprintf(text, RULE_VALUE_SIZE, "%s", switches[which].choices[number_of(rule, which)]);
    }
}

enum status rule_switch_read_row(const PGresult *rows, int row, struct rule *rule)
{
    enum { NAME, VERSION, EFFECTIVE, SUPPLEMENTS, EXTENSIONS, TERM_COUNT, TERM_UNIT, CHOICES };

    *rule = (struct rule){.name = rule_name_from_text(db_text(rows, row, NAME)),
                          .version = (int)db_int(rows, row, VERSION),
                          .effective_us = db_us(rows, row, EFFECTIVE),
                          .supplement_limit = (int)db_int(rows, row, SUPPLEMENTS),
                          .extension_limit = (int)db_int(rows, row, EXTENSIONS)};
    if (rule->name == RULES) {
        return STATUS_FATAL;
    }
    if (!db_null(rows, row, TERM_UNIT)) {
        rule->term.count = (int32_t)db_int(rows, row, TERM_COUNT);
        rule->term.unit = term_unit_from_name(db_text(rows, row, TERM_UNIT));
    }
    for (int i = 0; i < RULE_SWITCH_SUPPLEMENT_LIMIT; i++) {
        if (choice_set(rule, (enum rule_switch)i, db_text(rows, row, CHOICES + i)) != STATUS_OK) {
            return STATUS_FATAL;
        }
    }
    return rule->term.unit == TERM_UNITS ? STATUS_FATAL : STATUS_OK;
}

void rule_switch_copy(struct rule *to, const struct rule *from, enum rule_switch which)
{
    if (which == RULE_SWITCH_TERM) {
        to->term = from->term;
    } else {
        number_put(to, which, number_of(from, which));
    }
}

bool rule_switch_same(const struct rule *a, const struct rule *b, enum rule_switch which)
{
    if (which == RULE_SWITCH_TERM) {
        return a->term.count == b->term.count && a->term.unit == b->term.unit;
    }
    return number_of(a, which) == number_of(b, which);
}
