/* SPDX-License-Identifier: MIT */
/* letters_draft.c - kipthoi letters draft. */
#include <stdio.h>

#include "cli/letters_parts.h"
#include "cli/progress.h"
#include "common/clock.h"

/* A batch gathers names from payloads. */
#define DRAFT_LIMIT_MS (5 * 60 * 1000)

/* What draft_run tells meanwhile. */
struct listener {
    struct letters_problems *problems;
    struct progress progress;
    const struct letters_picked *picked;
};

static void problem_cb(void *arg, const struct draft_problem *problem)
{
    struct listener *listener = arg;

    progress_clear(&listener->progress);
    letters_problem_tell(listener->problems, problem);
}

static void progress_cb(void *arg, size_t done)
{
    struct listener *listener = arg;

    progress_show(&listener->progress, (int64_t)done, (int64_t)done, clock_monotonic_ms());
}

/* --new-due: a day, or a moment; neither in the past. */
static int read_new_due(struct cli *cli, const struct letters_request *request, struct draft_request *draft)
{
    draft->new_due_us = DB_NULL_US;
    draft->new_due_day = DRAFT_NO_DAY;
    if (request->new_due == NULL) {
        return EXIT_FINE;
    }
    if (cli_read_date(request->new_due, &draft->new_due_day) == STATUS_OK) {
        return draft->new_due_day > cli_today(cli)
                   ? EXIT_FINE
                   : cli_usage(cli, "--new-due: %s is not after today", request->new_due);
    }
    draft->new_due_day = DRAFT_NO_DAY;
    if (cli_read_time(request->new_due, &draft->new_due_us) != STATUS_OK) {
        return cli_usage(cli, "--new-due: \"%s\" is no time like 2015-01-16 or \"2015-01-16 08:30\"", request->new_due);
    }
    return draft->new_due_us > cli_now_us(cli) ? EXIT_FINE
                                               : cli_usage(cli, "--new-due: %s lies in the past", request->new_due);
}

int letters_draft_picked(struct cli *cli, struct db *db, const struct letters_request *request,
                         const struct letters_picked *picked, struct letters_problems *problems,
                         struct draft_result *result)
{
    struct listener listener = {.problems = problems, .picked = picked};
    struct draft_request draft = {.keys = picked->keys,
                                  .count = picked->count,
                                  .again = request->word_count > 0,
                                  .reason = request->reason,
                                  .form = request->form,
                                  .who = cli_who(request->by),
                                  .why = request->why != NULL ? request->why : "drafted",
                                  .now_us = cli_now_us(cli),
                                  .problem = problem_cb,
                                  .progress = progress_cb,
                                  .arg = &listener};
    struct calendars *calendars = NULL;
    char error[CALENDAR_ERROR_SIZE];
    enum status st;
    int code = read_new_due(cli, request, &draft);

    *result = (struct draft_result){0};
    if (code != EXIT_FINE) {
        return code;
    }
    st = calendars_load(&calendars, db, error);
    if (st == STATUS_INVALID) {
        cli_complain(cli, "%s", error);
        return EXIT_UNREACHABLE;
    }
    progress_begin(&listener.progress, stderr, cli->terminal, (int64_t)picked->count, clock_monotonic_ms());
    listener.progress.what = cli_word(cli, WORD_LETTERS);
    st = st == STATUS_OK ? db_set_limit(db, DRAFT_LIMIT_MS) : st;
    st = st == STATUS_OK ? draft_run(db, calendars, &draft, result) : st;
    progress_clear(&listener.progress);
    calendars_destroy(&calendars);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    return result->refused > 0 ? EXIT_ANSWER_NO : EXIT_FINE;
}

static int tell(struct cli *cli, const struct draft_result *result, struct letters_problems *problems)
{
    const struct {
        const char *name;
        enum word word;
        int64_t count;
    } counts[] = {
        {"drafted", WORD_DRAFTED_COUNT, result->fresh},
        {"again", WORD_DRAFTED_AGAIN_COUNT, result->again},
        {"left", WORD_DRAFT_LEFT_COUNT, result->left},
        {"refused", WORD_DRAFT_REFUSED_COUNT, result->refused},
    };
    cJSON *json = cli->format == CLI_JSON ? cJSON_CreateObject() : NULL;

    letters_problems_end(problems);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        if (json != NULL) {
            cJSON_AddNumberToObject(json, counts[i].name, (double)counts[i].count);
        } else if (i == 0 || counts[i].count > 0) {
            letters_say_count(cli, counts[i].word, counts[i].count);
        }
    }
    if (json == NULL) {
        return EXIT_FINE;
    }
    cJSON_AddItemToObject(json, "problems", problems->list);
    problems->list = NULL;
    return cli_print_json(cli, json);
}

int letters_draft(struct cli *cli, const struct letters_request *request)
{
    static const char *const named[] = {"owed", "drafted", NULL};
    static const char *const bulk[] = {"owed", NULL};
    const struct letters_wanted wanted = {
        .states = request->word_count > 0 ? named : bulk, .deed = WORD_DEED_DRAFTED, .printed_too = true};
    struct letters_problems problems;
    struct letters_picked picked = {0};
    struct draft_result result = {0};
    struct db *db;
    int code;

    letters_problems_begin(&problems, cli, request);
    if (request->until != NULL && !request->ahead) {
        return cli_usage(cli, "letters draft: --until goes with --ahead");
    }
    code = cli_letters_db(cli, &db);
    if (code == EXIT_FINE) {
        code = request->ahead ? letters_pick_ahead(cli, db, request, &picked)
                              : letters_pick(cli, db, request, &wanted, &picked);
    }
    if (code == EXIT_FINE) {
        code = letters_draft_picked(cli, db, request, &picked, &problems, &result);
        if (code == EXIT_FINE || code == EXIT_ANSWER_NO) {
            int told = tell(cli, &result, &problems);

            if (told == EXIT_FINE && !request->ahead) {
                told = letters_tell_others(cli, request, &wanted, &picked);
            }
            code = told != EXIT_FINE ? told : code != EXIT_FINE ? code : picked.code;
        }
    }
    cJSON_Delete(problems.list);
    letters_picked_clear(&picked);
    return code;
}
