/* SPDX-License-Identifier: MIT */
/* letters_pick.c - which letters an action of kipthoi letters is about. */
#include <stdlib.h>
#include <string.h>

#include "cli/letters_parts.h"
#include "cli/report.h"
#include "common/local_time.h"

/* What the letter_pick_*.sql give, in this order. */
enum column { SOURCE_ID, CODE, EPISODE, STATE };

/* States on the way of a letter, in their order. */
static const struct step {
    const char *state;
    const char *next;  /* the command that brings letters further */
    enum word waiting; /* "… are drafted and not approved" */
    enum word done;    /* "… are drafted already" */
} steps[] = {
    {"owed", "draft", WORD_OTHERS_OWED, WORD_OTHERS_OWED}, /* nothing comes before it */
    {"drafted", "approve", WORD_OTHERS_DRAFTED, WORD_OTHERS_DRAFTED_ALREADY},
    {"approved", "sent", WORD_OTHERS_APPROVED_ALREADY, WORD_OTHERS_APPROVED_ALREADY}, /* nothing waits for it */
};
#define STEPS (sizeof steps / sizeof *steps)

/* Names or --unit or --all, one of them.  -1, or EXIT_USAGE. */
static int check_selection(struct cli *cli, const struct letters_request *request)
{
    int ways = (request->word_count > 0) + (request->unit != NULL) + request->all;

    if (ways == 0) {
        return cli_usage(cli, "which letters?  Name dossiers, or --unit CODE, or --all");
    }
    if (ways > 1) {
        return cli_usage(cli, "name dossiers, or --unit CODE, or --all: one of them");
    }
    if (request->word_count == 0 && (request->episode != 0 || request->source != NULL)) {
        return cli_usage(cli, "--episode and --source go with dossiers that are named");
    }
    return -1;
}

/* Adds the dossiers named as two arrays: source_ids, codes. */
static int put_names(struct cli *cli, struct db_params *params, const struct letters_request *request)
{
    struct report_dossier found;
    struct db *db;
    int code = cli_db(cli, &db);

    db_param_array(params, DB_ARRAY_INT4);
    for (int i = 0; i < request->word_count && code == EXIT_FINE; i++) {
        code = report_find_dossier(cli, db, request->words[i], request->source, &found);
        db_param_add_int(params, found.source_id);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (int i = 0; i < request->word_count; i++) {
        db_param_add_text(params, request->words[i]);
    }
    return code;
}

static bool is_wanted(const char *const *states, const char *state)
{
    while (*states != NULL && strcmp(*states, state) != 0) {
        states++;
    }
    return *states != NULL;
}

/* The keys of the rows in a wanted state; states NULL: of all. */
static enum status take_keys(struct letters_picked *picked, const char *const *states)
{
    int count = PQntuples(picked->rows);

    picked->keys = calloc((size_t)count + 1, sizeof *picked->keys);
    if (picked->keys == NULL) {
        return STATUS_RETRY;
    }
    for (int r = 0; r < count; r++) {
        if (states == NULL || is_wanted(states, db_text(picked->rows, r, STATE))) {
            picked->keys[picked->count++] =
                (struct letter_key){(int32_t)db_int(picked->rows, r, SOURCE_ID),
                                    (int16_t)db_int(picked->rows, r, EPISODE), db_text(picked->rows, r, CODE)};
        }
    }
    return STATUS_OK;
}

/* The first step that a deed is for: letters before it wait for another command, those behind it have it done. */
static size_t first_wanted(const struct letters_wanted *wanted)
{
    size_t i = 0;

    while (i < STEPS && !is_wanted(wanted->states, steps[i].state)) {
        i++;
    }
    return i;
}

/* The step before the deed that a letter in this state waits for; NULL: none. */
static const struct step *find_waiting(const struct letters_wanted *wanted, const char *state)
{
    for (size_t i = 0; i < first_wanted(wanted); i++) {
        if (strcmp(steps[i].state, state) == 0) {
            return &steps[i];
        }
    }
    return NULL;
}

/* A dossier named has a letter in another state. */
static void tell_other_state(struct cli *cli, const char *dossier, const char *state,
                             const struct letters_wanted *wanted)
{
    const struct step *waiting = find_waiting(wanted, state);
    char code[CLI_SHELL_SIZE];

    if (waiting != NULL) {
        cli_tell(cli, WORD_LETTER_NOT_YET, dossier, report_value(cli, state), cli_word(cli, wanted->deed),
                 waiting->next, cli_shell(dossier, code), NULL);
    } else {
        cli_tell(cli, WORD_LETTER_OTHER_STATE, dossier, report_value(cli, state), cli_word(cli, wanted->deed), NULL);
    }
}

/* Each dossier named must have a letter in a wanted state; of one that has not, says which it has. */
static void tell_unwanted(struct cli *cli, const struct letters_request *request, const struct letters_wanted *wanted,
                          struct letters_picked *picked)
{
    for (int i = 0; i < request->word_count; i++) {
        const char *state = NULL;

        for (int r = 0; r < PQntuples(picked->rows); r++) {
            bool mine = strcmp(db_text(picked->rows, r, CODE), request->words[i]) == 0;

            if (mine && (state == NULL || !is_wanted(wanted->states, state))) {
                state = db_text(picked->rows, r, STATE);
            }
        }
        if (state == NULL) {
            cli_tell(cli, WORD_LETTER_NOT_OWED, request->words[i], NULL);
        } else if (!is_wanted(wanted->states, state)) {
            tell_other_state(cli, request->words[i], state, wanted);
        }
        if (state == NULL || !is_wanted(wanted->states, state)) {
            picked->code = EXIT_ANSWER_NO;
        }
    }
}

static enum status run_bulk(struct db *db, struct db_params *params, const struct letters_request *request,
                            const struct letters_wanted *wanted, PGresult **rows)
{
    db_param_text(params, request->unit);
    db_param_bool(params, wanted->printed_too);
    db_param_bool(params, wanted->by_number);
    return db_run(db, SQL_LETTER_PICK_BULK, params, rows);
}

int letters_pick(struct cli *cli, struct db *db, const struct letters_request *request,
                 const struct letters_wanted *wanted, struct letters_picked *picked)
{
    struct db_params *params = db_params_new();
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;
    int code = check_selection(cli, request);

    *picked = (struct letters_picked){0};
    code = code < 0 ? report_check_unit(cli, db, request->unit) : code;
    if (code == EXIT_FINE && request->word_count > 0) {
        code = put_names(cli, params, request);
        if (code == EXIT_FINE && request->episode > 0) {
            db_param_int2(params, (int16_t)request->episode);
        } else {
            db_param_null(params);
        }
        st = code == EXIT_FINE ? db_run(db, SQL_LETTER_PICK_NAMED, params, &picked->rows) : STATUS_OK;
    } else if (code == EXIT_FINE) {
        st = run_bulk(db, params, request, wanted, &picked->rows);
    }
    if (code == EXIT_FINE && st == STATUS_OK) {
        st = take_keys(picked, wanted->states);
    }
    if (code == EXIT_FINE && st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (code == EXIT_FINE && request->word_count > 0 && !wanted->quiet) {
        tell_unwanted(cli, request, wanted, picked);
    }
    db_params_destroy(&params);
    return code;
}

int letters_tell_others(const struct cli *cli, const struct letters_request *request,
                        const struct letters_wanted *wanted, const struct letters_picked *picked)
{
    size_t first = first_wanted(wanted);
    bool waiting = false;

    for (size_t i = 0; i < STEPS && request->word_count == 0; i++) {
        int64_t count = 0;

        for (int r = 0; r < PQntuples(picked->rows); r++) {
            count += strcmp(db_text(picked->rows, r, STATE), steps[i].state) == 0;
        }
        if (count == 0 || is_wanted(wanted->states, steps[i].state) || (i > first && picked->count > 0)) {
            continue;
        }
        waiting = waiting || i < first;
        if (cli->format != CLI_JSON) {
            letters_say_count(cli, i < first ? steps[i].waiting : steps[i].done, count);
        }
    }
    return waiting && picked->count == 0 ? EXIT_ANSWER_NO : EXIT_FINE;
}

/* A day is meant whole. */
static int read_until(struct cli *cli, const struct letters_request *request, int64_t *until_us)
{
    int32_t day;

    if (request->until == NULL) {
        return request->word_count > 0 ? -1
                                       : cli_usage(cli, "letters draft --ahead: promised until when?  --until TIME");
    }
    if (cli_read_date(request->until, &day) == STATUS_OK) {
        *until_us = local_day_begin_us(day + 1) - 1;
        return -1;
    }
    return cli_read_time(request->until, until_us) == STATUS_OK
               ? -1
               : cli_usage(cli, "--until: \"%s\" is no time like 2015-01-16 or \"2015-01-16 08:30\"", request->until);
}

/* A dossier named that has nothing to be written ahead of. */
static void tell_not_open(struct cli *cli, const struct letters_request *request, struct letters_picked *picked)
{
    for (int i = 0; i < request->word_count; i++) {
        size_t k = 0;

        while (k < picked->count && strcmp(picked->keys[k].code, request->words[i]) != 0) {
            k++;
        }
        if (k == picked->count) {
            cli_tell(cli, WORD_LETTER_NOT_AHEAD, request->words[i], NULL);
            picked->code = EXIT_ANSWER_NO;
        }
    }
}

int letters_pick_ahead(struct cli *cli, struct db *db, const struct letters_request *request,
                       struct letters_picked *picked)
{
    struct db_params *params = db_params_new();
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;
    int64_t until_us = DB_NULL_US;
    int code = check_selection(cli, request);

    *picked = (struct letters_picked){0};
    code = code < 0 ? read_until(cli, request, &until_us) : code;
    code = code < 0 ? report_check_unit(cli, db, request->unit) : code;
    if (code == EXIT_FINE && request->word_count > 0) {
        code = put_names(cli, params, request);
    } else if (code == EXIT_FINE) {
        db_param_null(params);
        db_param_null(params);
    }
    if (code == EXIT_FINE) {
        db_param_text(params, request->unit);
        db_param_us(params, until_us);
        st = db_run(db, SQL_LETTER_PICK_AHEAD, params, &picked->rows);
        st = st == STATUS_OK ? take_keys(picked, NULL) : st;
        code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    }
    if (code == EXIT_FINE) {
        tell_not_open(cli, request, picked);
    }
    db_params_destroy(&params);
    return code;
}

void letters_picked_clear(struct letters_picked *picked)
{
    free(picked->keys);
    PQclear(picked->rows);
    *picked = (struct letters_picked){0};
}
