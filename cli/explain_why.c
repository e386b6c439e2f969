/* SPDX-License-Identifier: MIT */
/* explain_why.c - a verdict in sentences: what decided, how the due came to be, what would have to differ. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/explain_parts.h"

/* What every sentence is made of, as text. */
struct facts {
    const struct verdict *verdict;
    const struct rule *rule;
    const char *class;
    int64_t limit_us; /* the last moment that keeps the due */
    char due[CLI_TIME_SIZE];
    char end[CLI_TIME_SIZE];
    char span[CLI_TIME_SIZE]; /* between the due and what was compared with it */
    char left[CLI_TIME_SIZE]; /* between the last moment that keeps it and that */
};

static bool known(int64_t moment_us)
{
    return moment_us != FOLD_NONE_US;
}

static int64_t limit_of(const struct rule *rule, int64_t due_us)
{
    return known(due_us) ? verdict_flip(rule, due_us) : due_us;
}

static void find_facts(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                       struct facts *facts)
{
    const struct verdict *verdict = &found->verdicts.rule[name];
    int64_t against_us = known(verdict->end_us) ? verdict->end_us : found->judged_us;

    memset(facts, 0, sizeof *facts);
    facts->verdict = verdict;
    facts->rule = explain_rule(found, name);
    facts->class = verdict->class == VERDICT_CLASSES ? "" : report_value(cli, verdict_class_name(verdict->class));
    facts->limit_us = limit_of(facts->rule, verdict->due_us);
    cli_time(verdict->due_us, facts->due);
    cli_time(verdict->end_us, facts->end);
    if (known(verdict->due_us)) {
        cli_span(cli, verdict->due_us - against_us, facts->span);
        cli_span(cli, facts->limit_us - against_us, facts->left);
    }
}

/* The request stands in for the end: it never was supplemented. */
static bool asked_is_end(const struct explain_case *found, const struct facts *facts)
{
    return facts->rule->name != RULE_INTAKE && known(facts->verdict->end_us) &&
           facts->verdict->reason == VERDICT_BY_END &&
           facts->verdict->end_us != verdict_end(&found->dossier, facts->rule);
}

static bool is_after(const struct facts *facts)
{
    return known(facts->verdict->end_us) && facts->verdict->end_us > facts->limit_us;
}

/* --- what decided --- */

static const char *because_of_end(const struct cli *cli, const struct explain_case *found, const struct facts *f,
                                  char out[CLI_SENTENCE_SIZE])
{
    bool past = f->verdict->end_us > f->verdict->due_us;
    enum word word = past ? WORD_WHY_LATE : WORD_WHY_KEPT;

    if (past && !is_after(f)) {
        word = WORD_WHY_SAME_DAY;
    } else if (f->rule->name == RULE_INTAKE) {
        word = past ? WORD_WHY_ACCEPTED_LATE : WORD_WHY_ACCEPTED;
    } else if (asked_is_end(found, f)) {
        word = past ? WORD_WHY_ASKED_LATE : WORD_WHY_ASKED_KEPT;
    }
    if (f->verdict->end_us == f->limit_us) {
        word = word == WORD_WHY_KEPT         ? WORD_WHY_KEPT_EXACTLY
               : word == WORD_WHY_ASKED_KEPT ? WORD_WHY_ASKED_EXACTLY
               : word == WORD_WHY_ACCEPTED   ? WORD_WHY_ACCEPTED_EXACTLY
                                             : word;
    }
    return cli_sentence(cli, out, word, f->end, f->due, f->class, f->span, NULL);
}

static const char *because_withdrawn(const struct cli *cli, const struct explain_case *found, const struct facts *f,
                                     char out[CLI_SENTENCE_SIZE])
{
    char withdrawn[CLI_TIME_SIZE];

    cli_time(found->dossier.withdrawn_us, withdrawn);
    if (f->rule->withdrawn == RULE_WITHDRAWN_EXCLUDE) {
        return cli_sentence(cli, out, WORD_WHY_WITHDRAWN_ANY, withdrawn, NULL);
    }
    return cli_sentence(cli, out, WORD_WHY_WITHDRAWN, withdrawn, f->due, NULL);
}

static const char *because_supplements(const struct cli *cli, const struct explain_case *found, const struct facts *f,
                                       char out[CLI_SENTENCE_SIZE])
{
    char asked[24];
    char allowed[24];

    snprintf(asked, sizeof asked, "%d", found->dossier.supplements);
    snprintf(allowed, sizeof allowed, "%d", f->rule->supplement_limit);
    return cli_sentence(cli, out, WORD_WHY_SUPPLEMENTS, asked, allowed, f->class, NULL);
}

const char *explain_because(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                            char out[CLI_SENTENCE_SIZE])
{
    struct facts f;
    bool overdue;

    find_facts(cli, found, name, &f);
    if (f.verdict->class == VERDICT_CLASSES) {
        return cli_sentence(cli, out, found->dossier.online ? WORD_WHY_NOT_HANDED_IN : WORD_WHY_NOT_ONLINE, NULL);
    }
    overdue = f.verdict->class == VERDICT_OVERDUE;
    switch (f.verdict->reason) {
    case VERDICT_BY_END:
        return because_of_end(cli, found, &f, out);
    case VERDICT_BY_NOW:
        return cli_sentence(cli, out, overdue ? WORD_WHY_OVERDUE : WORD_WHY_IN_TIME, f.due, f.span, NULL);
    case VERDICT_BY_WAITING:
        return cli_sentence(cli, out, overdue ? WORD_WHY_WAITS_LATE : WORD_WHY_PAUSED, f.end, f.due, NULL);
    case VERDICT_BY_SUPPLEMENTS:
        return because_supplements(cli, found, &f, out);
    case VERDICT_NO_DUE:
        return cli_sentence(cli, out, WORD_WHY_NO_DUE, NULL);
    case VERDICT_NOT_ACCEPTED:
        return cli_sentence(cli, out, WORD_WHY_NOT_ACCEPTED, NULL);
    case VERDICT_WITHDRAWN:
        return because_withdrawn(cli, found, &f, out);
    case VERDICT_NO_CALENDAR:
        break;
    }
    return cli_sentence(cli, out, WORD_WHY_NO_CALENDAR, NULL);
}

/* --- how the due came to be --- */

const char *explain_base_name(const struct explain_case *found, enum rule_name name)
{
    const struct rule *rule = explain_rule(found, name);
    int64_t reported_us = rule->due == RULE_DUE_FIRST ? found->dossier.due_first_us : found->dossier.due_us;

    if (!known(found->verdicts.rule[name].due_us)) {
        return NULL;
    }
    if (name == RULE_INTAKE) {
        return "intake";
    }
    return !known(reported_us) ? "term" : rule->due == RULE_DUE_FIRST ? "first" : "current";
}

static enum word base_word(const char *base)
{
    return strcmp(base, "first") == 0     ? WORD_DUE_IS_FIRST
           : strcmp(base, "current") == 0 ? WORD_DUE_IS_CURRENT
           : strcmp(base, "term") == 0    ? WORD_DUE_IS_TERM
                                          : WORD_DUE_IS_INTAKE;
}

const char *explain_due_way(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                            char out[CLI_SENTENCE_SIZE])
{
    const char *base = explain_base_name(found, name);
    int64_t base_us, due_us = found->verdicts.rule[name].due_us;
    char from[CLI_TIME_SIZE], due[CLI_TIME_SIZE], span[CLI_TIME_SIZE];

    out[0] = '\0';
    if (base == NULL) {
        return out;
    }
    base_us = name == RULE_INTAKE ? due_us : explain_due_after(found, name, 0);
    cli_time(due_us, due);
    if (base_us == due_us || !known(base_us)) {
        return cli_sentence(cli, out, WORD_DUE_UNMOVED, due, cli_word(cli, base_word(base)), NULL);
    }
    return cli_sentence(cli, out, WORD_DUE_MOVED, due, cli_word(cli, base_word(base)), cli_time(base_us, from),
                        cli_span(cli, due_us - base_us, span), NULL);
}

const char *explain_term_text(const struct cli *cli, const struct explain_case *found, char out[CLI_SENTENCE_SIZE])
{
    int64_t term_us = found->verdicts.due_computed_us;
    int64_t told_us = found->dossier.due_first_us;
    char term[CLI_TIME_SIZE], told[CLI_TIME_SIZE], span[CLI_TIME_SIZE];

    out[0] = '\0';
    if (!known(term_us) || !known(told_us)) {
        return out;
    }
    cli_span(cli, told_us - term_us, span);
    return cli_sentence(cli, out,
                        told_us == term_us  ? WORD_TERM_SAME
                        : told_us > term_us ? WORD_TERM_EARLIER
                                            : WORD_TERM_LATER,
                        cli_time(term_us, term), cli_time(told_us, told), span, NULL);
}

/* --- what would have to differ --- */

static void judge_again(struct explain_case *other)
{
    verdict_judge(&other->basis, &other->dossier, other->procedure, other->judged_us, &other->verdicts);
}

/* As many requests less as it takes to keep the limit; their number. */
static int ask_less(struct explain_case *other, enum rule_name name)
{
    int limit = explain_rule(other, name)->supplement_limit;
    int fewer = other->dossier.supplements - limit;

    other->dossier.supplements = limit;
    judge_again(other);
    return fewer;
}

/*
 * An end by the due is before every request that is still open then, as the due had passed by the first of them: such
 * pauses, which ended with the dossier, move nothing any more.  The copy to be freed; NULL: as it was.
 */
static struct fold_pause *close_open_pauses(struct explain_case *other)
{
    struct dossier *dossier = &other->dossier;
    struct fold_pause *pauses = calloc(dossier->pause_count + 1, sizeof *pauses);

    if (pauses == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < dossier->pause_count; i++) {
        pauses[i] = dossier->pauses[i];
        pauses[i].to_us = known(pauses[i].to_us) ? pauses[i].to_us : pauses[i].from_us;
    }
    dossier->pauses = pauses;
    judge_again(other);
    return pauses;
}

/* The end that keeps the due; "" when the due is kept. */
static void needed_end(const struct cli *cli, struct explain_case *other, enum rule_name name,
                       char out[CLI_SENTENCE_SIZE])
{
    struct fold_pause *pauses = NULL;
    enum word word = WORD_NEED_END;
    struct facts f;

    find_facts(cli, other, name, &f);
    if (!verdict_missed(f.verdict->class)) {
        return;
    }
    if (name == RULE_INTAKE) {
        word = known(f.verdict->end_us) ? WORD_NEED_ACCEPTED : WORD_NEED_ACCEPTED_BEFORE;
    } else if (f.verdict->reason == VERDICT_BY_WAITING || asked_is_end(other, &f)) {
        word = WORD_NEED_ASKED;
    } else if (!known(f.verdict->end_us)) {
        word = WORD_NEED_END_BEFORE;
    } else {
        pauses = close_open_pauses(other);
        find_facts(cli, other, name, &f);
    }
    cli_sentence(cli, out, word, f.left, f.due, NULL);
    free(pauses);
}

/* A missed promise: fewer requests, an earlier end, or both; judged again, so that what is named is enough. */
static const char *needed_of_missed(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                                    char out[CLI_SENTENCE_SIZE])
{
    struct explain_case other = *found; /* what it borrows stays with found */
    char requests[CLI_SENTENCE_SIZE] = "";
    char end[CLI_SENTENCE_SIZE] = "";
    char number[24];

    if (found->verdicts.rule[name].reason == VERDICT_BY_SUPPLEMENTS) {
        int fewer = ask_less(&other, name);

        snprintf(number, sizeof number, "%d", fewer);
        cli_sentence(cli, requests, fewer == 1 ? WORD_NEED_ONE_REQUEST : WORD_NEED_REQUESTS, number, NULL);
    }
    needed_end(cli, &other, name, end);
    if (requests[0] != '\0' && end[0] != '\0') {
        return cli_sentence(cli, out, WORD_NEED_BOTH, requests, end, NULL);
    }
    snprintf(out, CLI_SENTENCE_SIZE, "%s", requests[0] != '\0' ? requests : end);
    return out;
}

static const char *needed_of_excluded(const struct cli *cli, const struct facts *f, char out[CLI_SENTENCE_SIZE])
{
    switch (f->verdict->reason) {
    case VERDICT_NO_DUE:
        return cli_sentence(cli, out, WORD_NEED_DUE, NULL);
    case VERDICT_NO_CALENDAR:
        return cli_sentence(cli, out, WORD_NEED_CALENDAR, NULL);
    case VERDICT_WITHDRAWN:
        return cli_sentence(cli, out, WORD_NEED_OTHER_END, NULL);
    default:
        return cli_sentence(cli, out, WORD_NEED_ACCEPTANCE, NULL);
    }
}

const char *explain_needed(const struct cli *cli, const struct explain_case *found, enum rule_name name,
                           char out[CLI_SENTENCE_SIZE])
{
    struct facts f;

    out[0] = '\0';
    find_facts(cli, found, name, &f);
    switch (f.verdict->class) {
    case VERDICT_LATE:
    case VERDICT_OVERDUE:
        return needed_of_missed(cli, found, name, out);
    case VERDICT_EARLY:
    case VERDICT_ON_TIME:
        return cli_sentence(cli, out, WORD_NEED_KEPT, f.left, NULL);
    case VERDICT_IN_TIME:
        return cli_sentence(cli, out, name == RULE_INTAKE ? WORD_NEED_ACCEPT_BY : WORD_NEED_END_BY, f.due, f.left,
                            NULL);
    case VERDICT_PAUSED:
        return cli_sentence(cli, out, WORD_NEED_WAITS, NULL);
    case VERDICT_EXCLUDED:
        return needed_of_excluded(cli, &f, out);
    case VERDICT_CLASSES:
        break;
    }
    return out;
}
