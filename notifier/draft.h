/* SPDX-License-Identifier: MIT */
/*
 * draft.h - writes the apology letters of missed promises, and of promises that are not missed yet: fixes what each
 * says, and gives it its number.
 *
 * A letter is numbered in the register of its unit and year when it is drafted first, and keeps that number for ever.
 * Nothing is drafted with a blank in it: what is missing is told, letter by letter, and takes no number.  Works in
 * transactions of some hundred letters, so that any number of letters costs little memory; what was committed stays
 * when a later one fails.  For officials (cli/letters_draft.c) and for the notifier.
 */
#ifndef NOTIFIER_DRAFT_H
#define NOTIFIER_DRAFT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/calendars.h"
#include "common/db.h"
#include "common/status.h"
#include "notifier/letter_facts.h"

#define DRAFT_NO_DAY INT32_MIN

/* What a letter lacks beside fields. */
enum draft_lack {
    DRAFT_OFFICE = 1,   /* no letter_office of the unit or one above it */
    DRAFT_FORM = 2,     /* no form of that name, or none is in force */
    DRAFT_CALENDAR = 4, /* the new date cannot be counted */
    DRAFT_NUMBER = 8,   /* the number would be too long */
    DRAFT_CONTENT = 16, /* a text is too long or unreadable: see sentence */
    DRAFT_MISSED = 32,  /* asked for ahead, but the promise is not open any more */
    DRAFT_DAY_OFF = 64  /* the new day given is no working day of the unit */
};

/* Why a letter was not drafted. */
struct draft_problem {
    const struct letter_facts *facts;
    uint32_t lacks;       /* of enum draft_lack */
    uint32_t fields;      /* LETTER_BITs of what is not given */
    const char *sentence; /* DRAFT_FORM, DRAFT_CONTENT: what the form's reader says; else "" */
};

struct draft_request {
    const struct letter_key *keys; /* in the order in which they get numbers */
    size_t count;
    bool again;          /* those drafted before are written anew, under their numbers */
    const char *reason;  /* NULL: the office's */
    int64_t new_due_us;  /* DB_NULL_US: the next promise, else the due in force, else the office's term from now;
                            not looked at for a dossier that has ended */
    int32_t new_due_day; /* in its place: the end of the working hours of a local day; DRAFT_NO_DAY: not given */
    const char *form;    /* NULL: the office's, else the newest in force */
    const char *who;
    const char *why;
    int64_t now_us;
    void (*problem)(void *arg, const struct draft_problem *problem); /* may be NULL */
    void (*progress)(void *arg, size_t done);                        /* may be NULL */
    void *arg;
};

struct draft_result {
    int64_t fresh;   /* drafted and numbered */
    int64_t again;   /* written anew */
    int64_t left;    /* not in a state to be drafted (any more) */
    int64_t refused; /* told by problem */
};

/*
 * db is kipthoi_letters'.  STATUS_OK also when letters were refused.  Others: what was committed before stands in
 * result.
 */
enum status draft_run(struct db *db, const struct calendars *calendars, const struct draft_request *request,
                      struct draft_result *result) MUST_CHECK;

#endif
