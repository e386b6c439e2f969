/* SPDX-License-Identifier: MIT */
/*
 * letters_parts.h - what the parts of kipthoi letters share.
 */
#ifndef CLI_LETTERS_PARTS_H
#define CLI_LETTERS_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "notifier/draft.h"
#include "notifier/letter_facts.h"

/* What was asked; a text that was not given is NULL. */
struct letters_request {
    const char *state;
    const char *unit;
    const char *timely;
    const char *source;
    const char *number;
    const char *at;
    const char *by;
    const char *why;
    const char *reason;
    const char *new_due;
    const char *form;
    const char *channel;
    const char *proof;
    const char *out;
    const char *until;
    const char *values;
    int64_t limit;
    int64_t episode; /* 0: any */
    bool all;
    bool ahead;
    bool again;
    bool send;
    bool undo;
    bool dry_run;
    bool with_register;
    char *const *words; /* what follows the subcommand: dossiers, files, a name */
    int word_count;
};

/* Letters that an action is about. */
struct letters_picked {
    PGresult *rows; /* owned, letters in other states too; the keys borrow from it */
    struct letter_key *keys;
    size_t count;
    int code; /* EXIT_ANSWER_NO when some dossiers named have no such letter, which was told */
};

/* What letters may be picked. */
struct letters_wanted {
    const char *const *states; /* ended by NULL */
    enum word deed;            /* "approved", for "… cannot be approved" */
    bool by_number;            /* in the order of registers, else of deadlines */
    bool printed_too;
    bool quiet; /* say nothing of dossiers named that have none */
};

/*
 * Picks the letters of the dossiers named, of a unit and those under it (--unit), or all (--all).  EXIT_FINE, or the
 * exit code with the reason printed; letters_picked_clear either way.
 */
int letters_pick(struct cli *cli, struct db *db, const struct letters_request *request,
                 const struct letters_wanted *wanted, struct letters_picked *picked);
/* Same for promises that are not missed yet and have no letter. */
int letters_pick_ahead(struct cli *cli, struct db *db, const struct letters_request *request,
                       struct letters_picked *picked);
/*
 * Tells how many letters of the unit, or of all, are in other states than wanted, and what brings them further.
 * EXIT_ANSWER_NO when nothing was picked for that reason alone.
 */
int letters_tell_others(const struct cli *cli, const struct letters_request *request,
                        const struct letters_wanted *wanted, const struct letters_picked *picked);
void letters_picked_clear(struct letters_picked *picked);

/* --at, else the clock, which it must not be ahead of.  EXIT_FINE, or EXIT_USAGE with the reason printed. */
int letters_at(struct cli *cli, const struct letters_request *request, int64_t *at_us);
/* Tells "letters …: {word}" of a number. */
void letters_say_count(const struct cli *cli, enum word word, int64_t count);

/* Tells, dossier by dossier, why letters were not drafted; a letters_problems is a draft_request's arg. */
struct letters_problems {
    struct cli *cli;
    cJSON *list; /* for --json; owned by who began it */
    int64_t count;
    bool bulk;         /* what all lack is told once at the end */
    int64_t no_form;   /* of count, in bulk: letters for which no form is in force */
    int64_t no_office; /* and those without a letterhead that do not lack a form */
    char unit[129];    /* of the first of these */
};
void letters_problems_begin(struct letters_problems *self, struct cli *cli, const struct letters_request *request);
void letters_problem_tell(void *arg, const struct draft_problem *problem);
/* Tells another sentence about a letter in the same manner. */
void letters_problem_say(struct letters_problems *self, const struct letter_facts *facts, const char *sentence);
/* How many were not told; ends the list. */
void letters_problems_end(struct letters_problems *self);

/* Drafts what picked holds.  EXIT_FINE, EXIT_ANSWER_NO when some could not be drafted, which was told. */
int letters_draft_picked(struct cli *cli, struct db *db, const struct letters_request *request,
                         const struct letters_picked *picked, struct letters_problems *problems,
                         struct draft_result *result);

/* The subcommands; each returns the exit code. */
int letters_list(struct cli *cli, const struct letters_request *request);
int letters_count(struct cli *cli, const struct letters_request *request);
int letters_draft(struct cli *cli, const struct letters_request *request);
int letters_print(struct cli *cli, const struct letters_request *request);
int letters_approve(struct cli *cli, const struct letters_request *request);
int letters_sent(struct cli *cli, const struct letters_request *request);
int letters_void(struct cli *cli, const struct letters_request *request);
int letters_templates(struct cli *cli, const struct letters_request *request);
int letters_offices(struct cli *cli, const struct letters_request *request);
int letters_rules(struct cli *cli, const struct letters_request *request);

#endif
