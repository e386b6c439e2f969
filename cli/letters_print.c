/* SPDX-License-Identifier: MIT */
/* letters_print.c - kipthoi letters print: one PDF of many letters, and which of them are printed. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/letters_act.h"
#include "cli/private_file.h"
#include "cli/progress.h"
#include "common/clock.h"
#include "notifier/letter_book.h"
#include "notifier/letter_source.h"

#define BATCH 500

struct print {
    struct cli *cli;
    struct db *db;
    const struct letters_request *request;
    struct letters_problems problems;
    struct letter_book *book;
    struct letter_key *printed; /* what the book holds; codes borrowed from what was picked */
    int64_t *drafted_us;        /* of each: what was printed is what was drafted then */
    size_t count;
    size_t left; /* changed meanwhile */
    bool to_stdout;
    struct private_file file; /* letters hold names */
};

static enum status write_cb(void *arg, const unsigned char *data, size_t len)
{
    return fwrite(data, 1, len, arg) == len ? STATUS_OK : STATUS_RETRY;
}

/* form: of the first letter, which names the document. */
static int open_book(struct print *self, const struct letter_template *form)
{
    const struct letter_book_options options = {.title = letter_template_title(form),
                                                .subject = letter_template_form(form),
                                                .created_us = cli_now_us(self->cli),
                                                .with_register = true,
                                                .write = write_cb,
                                                .arg = self->to_stdout ? stdout : self->file.file};

    if (letter_book_new(&self->book, &options) != STATUS_OK) {
        cli_complain(self->cli, "%s: %s", self->request->out, strerror(ENOMEM));
        return EXIT_UNREACHABLE;
    }
    return EXIT_FINE;
}

/* Adds one letter, or tells why it cannot be printed. */
static enum status add_letter(struct print *self, struct letter_source *source, size_t i, const struct letter_key *key)
{
    const struct letter_facts *facts = letter_source_facts(source, i);
    const struct letter_template *form = NULL;
    char error[LETTER_ERROR_SIZE];
    char when[CLI_TIME_SIZE];
    char sentence[CLI_SENTENCE_SIZE];
    struct letter letter;
    enum status st;

    if (facts->printed_us != DB_NULL_US && !self->request->again) {
        letters_problem_say(
            &self->problems, facts,
            cli_sentence(self->cli, sentence, WORD_LETTER_PRINTED_BEFORE, cli_time(facts->printed_us, when), NULL));
        return STATUS_OK;
    }
    if (facts->erased) {
        letters_problem_say(&self->problems, facts, cli_word(self->cli, WORD_MEND_ERASED));
        return STATUS_OK;
    }
    st = letter_source_letter(source, i, &letter, &form, error);
    if (st == STATUS_OK && self->book == NULL && open_book(self, form) != EXIT_FINE) {
        return STATUS_RETRY;
    }
    if (st == STATUS_OK) {
        st = letter_book_add(self->book, form, &letter, error);
    }
    if (st == STATUS_OK) {
        self->drafted_us[self->count] = facts->drafted_us;
        self->printed[self->count++] = *key;
    } else if (st == STATUS_INVALID) {
        letters_problem_say(&self->problems, facts, error);
        st = STATUS_OK;
    } else {
        cli_complain(self->cli, "%s: %s", self->request->out, error);
    }
    return st;
}

static int add_letters(struct print *self, const struct letters_picked *picked)
{
    struct letter_source *source = letter_source_new(self->db);
    struct progress progress;
    enum status st = source == NULL ? STATUS_RETRY : STATUS_OK;
    int code = EXIT_FINE;

    progress_begin(&progress, stderr, self->cli->terminal, (int64_t)picked->count, clock_monotonic_ms());
    progress.what = cli_word(self->cli, WORD_LETTERS);
    for (size_t from = 0; from < picked->count && st == STATUS_OK && code == EXIT_FINE; from += BATCH) {
        size_t count = picked->count - from < BATCH ? picked->count - from : BATCH;

        st = letter_source_read(source, picked->keys + from, count);
        for (size_t i = 0; st == STATUS_OK && i < count && code == EXIT_FINE; i++) {
            code = add_letter(self, source, i, &picked->keys[from + i]) == STATUS_OK ? EXIT_FINE : EXIT_UNREACHABLE;
            progress_show(&progress, (int64_t)(from + i + 1), (int64_t)(from + i + 1), clock_monotonic_ms());
        }
    }
    progress_clear(&progress);
    letter_source_destroy(&source);
    return st == STATUS_OK ? code : cli_db_failed(self->cli, self->db, st);
}

/* Ends the PDF and gives it its name. */
static int close_book(struct print *self)
{
    char error[LETTER_ERROR_SIZE + PRIVATE_FILE_ERROR_SIZE];
    enum status st = letter_book_finish(self->book, error);

    if (st == STATUS_OK && !self->to_stdout) {
        st = private_file_keep(&self->file, error);
    } else if (st == STATUS_OK && fflush(stdout) != 0) {
        snprintf(error, sizeof error, "%s", strerror(errno));
        st = STATUS_RETRY;
    }
    if (st != STATUS_OK) {
        cli_complain(self->cli, "%s: %s", self->request->out, error);
        return EXIT_UNREACHABLE;
    }
    return EXIT_FINE;
}

/* rows: what letter_printed.sql did not note. */
static void tell_left(struct print *self, const PGresult *rows)
{
    for (int r = 0; r < PQntuples(rows); r++) {
        const struct letter_facts facts = {.source = db_text(rows, r, 0),
                                           .key = {0, (int16_t)db_int(rows, r, 2), db_text(rows, r, 1)}};

        letters_problem_say(&self->problems, &facts, cli_word(self->cli, WORD_LETTER_PRINT_OVERTAKEN));
    }
    self->left += (size_t)PQntuples(rows);
}

static enum status mark_batch(struct print *self, struct db_params *params, size_t from, size_t count)
{
    const struct letters_request *request = self->request;
    PGresult *rows = NULL;
    enum status st;

    db_params_reset(params);
    letter_keys_param(params, self->printed + from, count);
    db_param_array(params, DB_ARRAY_US);
    for (size_t i = 0; i < count; i++) {
        db_param_add_us(params, self->drafted_us[from + i]);
    }
    db_param_bool(params, request->again);
    db_param_us(params, cli_now_us(self->cli));
    db_param_text(params, cli_who(request->by));
    db_param_text(params, request->why);
    st = db_run(self->db, SQL_LETTER_PRINTED, params, &rows);
    if (st == STATUS_OK) {
        st = db_commit(self->db);
    }
    if (st == STATUS_OK) {
        tell_left(self, rows);
    }
    PQclear(rows);
    return st;
}

/* Only now: a letter counts as printed when the PDF is whole. */
static enum status mark(struct print *self)
{
    struct db_params *params = db_params_new();
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;

    for (size_t from = 0; from < self->count && st == STATUS_OK; from += BATCH) {
        size_t count = self->count - from < BATCH ? self->count - from : BATCH;

        st = db_begin(self->db);
        if (st == STATUS_OK) {
            st = letters_hold(self->db, params, self->printed + from, count);
        }
        if (st == STATUS_OK) {
            st = mark_batch(self, params, from, count);
        }
        if (st != STATUS_OK) {
            db_rollback(self->db);
        }
    }
    db_params_destroy(&params);
    return st;
}

/* With the PDF on standard output, what is said goes to standard error. */
static int tell(struct print *self)
{
    struct cli *cli = self->cli;
    char letters[24], pages[24];
    cJSON *json;

    letters_problems_end(&self->problems);
    snprintf(letters, sizeof letters, "%zu", self->count);
    snprintf(pages, sizeof pages, "%d", self->book == NULL ? 0 : letter_book_pages(self->book));
    if (cli->format == CLI_JSON && !self->to_stdout) {
        json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "printed", (double)(self->count - self->left));
        cJSON_AddNumberToObject(json, "pages", self->book == NULL ? 0 : letter_book_pages(self->book));
        cJSON_AddItemToObject(json, "problems", self->problems.list);
        self->problems.list = NULL;
        return cli_print_json(cli, json);
    }
    if (self->to_stdout) {
        cli_tell(cli, self->count == 0 ? WORD_NOTHING_TO_PRINT : WORD_LETTERS_PRINTED, letters, pages,
                 self->request->out, NULL);
    } else {
        cli_say(cli, self->count == 0 ? WORD_NOTHING_TO_PRINT : WORD_LETTERS_PRINTED, letters, pages,
                self->request->out, NULL);
    }
    return EXIT_FINE;
}

/* The PDF, of as many letters as can be printed; none: no PDF. */
static int make_book(struct print *self, const struct letters_picked *picked)
{
    char error[PRIVATE_FILE_ERROR_SIZE];
    int code;

    if (!self->to_stdout && private_file_open(&self->file, self->request->out, error) != STATUS_OK) {
        cli_complain(self->cli, "%s: %s", self->request->out, error);
        return EXIT_UNREACHABLE;
    }
    code = add_letters(self, picked);
    return code == EXIT_FINE && self->count > 0 ? close_book(self) : code;
}

static int make(struct print *self, const struct letters_picked *picked)
{
    int code;
    enum status st;

    self->printed = calloc(picked->count + 1, sizeof *self->printed);
    self->drafted_us = calloc(picked->count + 1, sizeof *self->drafted_us);
    code = self->printed == NULL || self->drafted_us == NULL ? EXIT_UNREACHABLE : EXIT_FINE;
    if (code == EXIT_FINE && picked->count > 0) {
        code = make_book(self, picked);
    }
    if (code == EXIT_FINE) {
        st = mark(self);
        code = st == STATUS_OK ? tell(self) : cli_db_failed(self->cli, self->db, st);
    }
    private_file_drop(&self->file);
    letter_book_destroy(&self->book);
    free(self->drafted_us);
    free(self->printed);
    return code;
}

/* Letters that are owed are drafted on the way; those that cannot be are told and left out. */
static int draft_owed(struct print *self)
{
    static const char *const owed[] = {"owed", NULL};
    const struct letters_request *request = self->request;
    const struct letters_wanted wanted = {
        .states = owed, .deed = WORD_DEED_PRINTED, .printed_too = true, .quiet = true};
    /* Those that are drafted already stay as they are: as if nobody had been named. */
    struct letters_request draft = *request;
    struct letters_picked picked = {0};
    struct draft_result result;
    int code = letters_pick(self->cli, self->db, request, &wanted, &picked);

    draft.word_count = 0;
    if (code == EXIT_FINE) {
        code = letters_draft_picked(self->cli, self->db, &draft, &picked, &self->problems, &result);
        code = code == EXIT_ANSWER_NO ? EXIT_FINE : code;
    }
    letters_picked_clear(&picked);
    return code;
}

int letters_print(struct cli *cli, const struct letters_request *request)
{
    static const char *const named[] = {"drafted", "approved", "sent", NULL};
    static const char *const bulk[] = {"drafted", NULL};
    const struct letters_wanted wanted = {.states = request->word_count > 0 ? named : bulk,
                                          .deed = WORD_DEED_PRINTED,
                                          .by_number = true,
                                          .printed_too = request->again};
    struct print self = {.cli = cli, .request = request};
    struct letters_picked picked = {0};
    int code;

    if (request->out == NULL || *request->out == '\0') {
        return cli_usage(cli, "letters print: --out FILE.pdf is needed; - is standard output");
    }
    self.to_stdout = strcmp(request->out, "-") == 0;
    letters_problems_begin(&self.problems, cli, request);
    code = cli_letters_db(cli, &self.db);
    if (code == EXIT_FINE) {
        code = draft_owed(&self);
    }
    if (code == EXIT_FINE) {
        code = letters_pick(cli, self.db, request, &wanted, &picked);
    }
    if (code == EXIT_FINE) {
        code = make(&self, &picked);
    }
    if (code == EXIT_FINE) {
        code = self.problems.count > 0 ? EXIT_ANSWER_NO : picked.code;
    }
    cJSON_Delete(self.problems.list);
    letters_picked_clear(&picked);
    return code;
}
