/* SPDX-License-Identifier: MIT */
/* explain_gap.c - why promise and portal differ. */
#include "cli/explain_gap.h"

#include <stddef.h>

/* An attempt: rules of its own, which hold one version of each rule and the procedure's term. */
struct attempt {
    struct verdict_basis basis;
    struct rule_book *book;
    const struct rule *promise;
    const struct rule *portal;
    const struct dossier *dossier;
    const char *procedure;
    int64_t now_us;
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

static enum status prepare(struct attempt *attempt, const struct verdict_basis *basis)
{
    int64_t anchor_us = verdict_anchor(attempt->dossier);
    const struct procedure_term *term = rule_book_term(basis->rules, attempt->procedure, anchor_us);
    enum status st;

    attempt->promise = rule_book_find(basis->rules, RULE_PROMISE, anchor_us);
    attempt->portal = rule_book_find(basis->rules, RULE_PORTAL, anchor_us);
    attempt->book = rule_book_new();
    attempt->basis = (struct verdict_basis){.rules = attempt->book, .calendars = basis->calendars};
    st = attempt->book == NULL ? STATUS_RETRY : put_rule(attempt, attempt->promise);
    if (st == STATUS_OK && term != NULL) {
        struct procedure_term only = *term;

        only.effective_us = DB_MINUS_INFINITY_US;
        st = rule_book_add_term(attempt->book, attempt->procedure, &only);
    }
    return st;
}

/* The portal's class with these of the differing switches exchanged. */
static enum status judge(struct attempt *attempt, const enum rule_switch *differing, unsigned exchanged,
                         enum verdict_class *class)
{
    struct rule rule = *attempt->portal;
    struct verdicts verdicts;
    enum status st;

    for (int i = 0; exchanged >> i != 0; i++) {
        if ((exchanged >> i & 1) != 0) {
            rule_switch_copy(&rule, attempt->promise, differing[i]);
        }
    }
    st = put_rule(attempt, &rule);
    if (st == STATUS_OK) {
        verdict_judge(&attempt->basis, attempt->dossier, attempt->procedure, attempt->now_us, &verdicts);
        *class = verdicts.rule[RULE_PORTAL].class;
    }
    return st;
}

static int find_differing(const struct attempt *attempt, enum rule_switch differing[RULE_SWITCHES])
{
    int count = 0;

    for (size_t i = 0; i < ORDER; i++) {
        if (!rule_switch_same(attempt->promise, attempt->portal, order[i])) {
            differing[count++] = order[i];
        }
    }
    return count;
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

/* Every set is tried: at most 2^11 verdicts of one dossier. */
static enum status search(struct attempt *attempt, enum verdict_class wanted, struct explain_gap *gap)
{
    enum rule_switch differing[RULE_SWITCHES];
    int count = find_differing(attempt, differing);
    unsigned all = (1U << count) - 1;
    unsigned least = all;
    enum status st = STATUS_OK;

    for (unsigned set = 1; set < all && st == STATUS_OK; set++) {
        enum verdict_class class;

        if (size_of(set) > size_of(least) || (size_of(set) == size_of(least) && !comes_first(set, least))) {
            continue;
        }
        st = judge(attempt, differing, set, &class);
        if (st == STATUS_OK && class == wanted) {
            least = set;
        }
    }
    for (int i = 0; i < count; i++) {
        if ((least >> i & 1) != 0) {
            gap->switches[gap->count++] = differing[i];
        }
    }
    return st;
}

enum status explain_gap_find(const struct verdict_basis *basis, const struct dossier *dossier, const char *procedure,
                             int64_t now_us, struct explain_gap *gap)
{
    struct attempt attempt = {.dossier = dossier, .procedure = procedure, .now_us = now_us};
    struct verdicts verdicts;
    enum status st = STATUS_OK;

    gap->count = 0;
    verdict_judge(basis, dossier, procedure, now_us, &verdicts);
    if (verdicts.rule[RULE_PROMISE].class != verdicts.rule[RULE_PORTAL].class) {
        st = prepare(&attempt, basis);
        if (st == STATUS_OK) {
            st = search(&attempt, verdicts.rule[RULE_PROMISE].class, gap);
        }
    }
    rule_book_destroy(&attempt.book);
    return st;
}
