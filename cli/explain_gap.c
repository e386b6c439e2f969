/* SPDX-License-Identifier: MIT */
/* explain_gap.c - why promise and portal differ. */
#include "cli/explain_gap.h"

#include <stddef.h>

/* An attempt: rules of its own, which hold one version of each rule and the procedure's term. */
struct attempt {
    struct verdict_basis basis;
    struct rule_book *book;
    enum rule_name judged;          /* the rule whose switches are exchanged */
    const struct rule *rule[RULES]; /* promise and portal as loaded */
    const struct dossier *dossier;
    const char *procedure;
    int64_t now_us;
};

/* Switches as bits, in the order of those that differ. */
struct found {
    enum rule_switch differing[RULE_SWITCHES];
    int count;
    unsigned least; /* the set found */
};

/* Limits of extensions and terms of the intake clock decide no class of these two rules. */
static const enum rule_switch order[] = {
    RULE_SWITCH_WAITING, RULE_SWITCH_SUPPLEMENT_LIMIT, RULE_SWITCH_DUE,       RULE_SWITCH_PAUSE,
    RULE_SWITCH_FINISH,  RULE_SWITCH_PAYMENT,          RULE_SWITCH_WITHDRAWN, RULE_SWITCH_UNACCEPTED,
    RULE_SWITCH_MEASURE, RULE_SWITCH_MISSING_DUE,      RULE_SWITCH_PRECISION,
};
#define ORDER (sizeof order / sizeof *order)

/* The version that replaces the one a new book begins with. */
static enum status put_rule(struct attempt *attempt, const struct rule *rule)
{
    struct rule only = *rule;

    only.effective_us = DB_MINUS_INFINITY_US;
    return rule_book_add(attempt->book, &only);
}

static enum rule_name other_of(enum rule_name name)
{
    return name == RULE_PORTAL ? RULE_PROMISE : RULE_PORTAL;
}

static enum status prepare(struct attempt *attempt, const struct verdict_basis *basis)
{
    int64_t anchor_us = verdict_anchor(attempt->dossier);
    const struct procedure_term *term = rule_book_term(basis->rules, attempt->procedure, anchor_us);
    enum status st;

    attempt->rule[RULE_PROMISE] = rule_book_find(basis->rules, RULE_PROMISE, anchor_us);
    attempt->rule[RULE_PORTAL] = rule_book_find(basis->rules, RULE_PORTAL, anchor_us);
    attempt->book = rule_book_new();
    attempt->basis = (struct verdict_basis){.rules = attempt->book, .calendars = basis->calendars};
    st = attempt->book == NULL ? STATUS_RETRY : put_rule(attempt, attempt->rule[other_of(attempt->judged)]);
    if (st == STATUS_OK && term != NULL) {
        struct procedure_term only = *term;

        only.effective_us = DB_MINUS_INFINITY_US;
        st = rule_book_add_term(attempt->book, attempt->procedure, &only);
    }
    return st;
}

/* The class under the judged rule with these of the differing switches exchanged. */
static enum status judge(struct attempt *attempt, const enum rule_switch *differing, unsigned exchanged,
                         enum verdict_class *class)
{
    struct rule rule = *attempt->rule[attempt->judged];
    struct verdicts verdicts;
    enum status st;

    for (int i = 0; exchanged >> i != 0; i++) {
        if ((exchanged >> i & 1) != 0) {
            rule_switch_copy(&rule, attempt->rule[other_of(attempt->judged)], differing[i]);
        }
    }
    st = put_rule(attempt, &rule);
    if (st == STATUS_OK) {
        verdict_judge(&attempt->basis, attempt->dossier, attempt->procedure, attempt->now_us, &verdicts);
        *class = verdicts.rule[attempt->judged].class;
    }
    return st;
}

static void find_differing(const struct attempt *attempt, struct found *found)
{
    found->count = 0;
    for (size_t i = 0; i < ORDER; i++) {
        if (!rule_switch_same(attempt->rule[RULE_PROMISE], attempt->rule[RULE_PORTAL], order[i])) {
            found->differing[found->count++] = order[i];
        }
    }
    found->least = (1U << found->count) - 1;
}

/* Of two sets of one size the one that holds the earlier switches. */
static bool comes_first(unsigned set, unsigned other)
{
    unsigned differ = set ^ other;

    return (set & (differ & (~differ + 1))) != 0;
}

static int size_of(unsigned set)
{
    int size = 0;

    for (; set != 0; set &= set - 1) {
        size++;
    }
    return size;
}

/* Every set is tried that is better than the best so far: at most 2^11 verdicts of one dossier. */
static enum status search(struct attempt *attempt, enum verdict_class wanted, struct found *found)
{
    unsigned all = (1U << found->count) - 1;
    enum status st = STATUS_OK;

    for (unsigned set = 1; set < all && st == STATUS_OK; set++) {
        unsigned least = found->least;
        enum verdict_class class;

        if (size_of(set) > size_of(least) || (size_of(set) == size_of(least) && !comes_first(set, least))) {
            continue;
        }
        st = judge(attempt, found->differing, set, &class);
        if (st == STATUS_OK && class == wanted) {
            found->least = set;
        }
    }
    return st;
}

/* Both ways: the one may need several switches where the other needs one. */
static enum status search_both(const struct attempt *base, const struct verdict_basis *basis,
                               const struct verdicts *verdicts, struct explain_gap *gap)
{
    static const enum rule_name ways[] = {RULE_PORTAL, RULE_PROMISE};
    struct found found = {.count = 0};
    enum status st = STATUS_OK;

    for (size_t i = 0; i < sizeof ways / sizeof *ways && st == STATUS_OK; i++) {
        struct attempt attempt = *base;

        attempt.judged = ways[i];
        st = prepare(&attempt, basis);
        if (i == 0) {
            find_differing(&attempt, &found);
        }
        if (st == STATUS_OK) {
            st = search(&attempt, verdicts->rule[other_of(ways[i])].class, &found);
        }
        rule_book_destroy(&attempt.book);
    }
    for (int i = 0; i < found.count; i++) {
        if ((found.least >> i & 1) != 0) {
            gap->switches[gap->count++] = found.differing[i];
        }
    }
    return st;
}

enum status explain_gap_find(const struct verdict_basis *basis, const struct dossier *dossier, const char *procedure,
                             int64_t now_us, struct explain_gap *gap)
{
    struct attempt attempt = {.dossier = dossier, .procedure = procedure, .now_us = now_us};
    struct verdicts verdicts;
    const struct verdict *promise = &verdicts.rule[RULE_PROMISE];
    const struct verdict *portal = &verdicts.rule[RULE_PORTAL];

    *gap = (struct explain_gap){.count = 0};
    verdict_judge(basis, dossier, procedure, now_us, &verdicts);
    if (promise->class == portal->class) {
        return STATUS_OK;
    }
    gap->no_calendar = promise->reason == VERDICT_NO_CALENDAR || portal->reason == VERDICT_NO_CALENDAR;
    return gap->no_calendar ? STATUS_OK : search_both(&attempt, basis, &verdicts, gap);
}
