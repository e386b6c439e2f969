/* SPDX-License-Identifier: MIT */
/* letters_print.c - kipthoi letters print: one PDF of many letters, and which of them are printed. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/letters_act.h"
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
    size_t count;
    bool to_stdout;
    FILE *file;
    char path[4096]; /* while it is written: a PDF that is not whole must not look like one */
};

static enum status write_cb(void *arg, const unsigned char *data, size_t len)
{
    return fwrite(data, 1, len, arg) == len ? STATUS_OK : STATUS_RETRY;
}

/* Letters hold names: nobody else reads them. */
static FILE *create_private(const char *path)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);

    return fd < 0 ? NULL : fdopen(fd, "w");
}

static int open_book(struct print *self)
{
    const struct letter_book_options options = {.title = "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
                                                .created_us = cli_now_us(self->cli),
                                                .with_register = true,
                                                .write = write_cb};
    struct letter_book_options own = options;
    int len = snprintf(self->path, sizeof self->path, "%s.part", self->request->out);

    if (len < 0 || (size_t)len >= sizeof self->path) {
        return cli_usage(self->cli, "--out: the name is too long");
    }
    self->file = self->to_stdout ? stdout : create_private(self->path);
    if (self->file == NULL) {
        cli_complain(self->cli, "%s: %s", self->path, strerror(errno));
        return EXIT_UNREACHABLE;
    }
    own.arg = self->file;
    if (letter_book_new(&self->book, &own) != STATUS_OK) {
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
    if (st == STATUS_OK) {
        st = letter_book_add(self->book, form, &letter, error);
    }
    if (st == STATUS_OK) {
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
    char error[LETTER_ERROR_SIZE];
    enum status st = letter_book_finish(self->book, error);

    if (st == STATUS_OK && fflush(self->file) != 0) {
        snprintf(error, sizeof error, "%s", strerror(errno));
        st = STATUS_RETRY;
    }
    if (st == STATUS_OK && !self->to_stdout) {
        st = fclose(self->file) == 0 && rename(self->path, self->request->out) == 0 ? STATUS_OK : STATUS_RETRY;
        self->file = NULL;
        snprintf(error, sizeof error, "%s", strerror(errno));
    }
    if (st != STATUS_OK) {
        cli_complain(self->cli, "%s: %s", self->request->out, error);
        return EXIT_UNREACHABLE;
    }
    return EXIT_FINE;
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
            db_params_reset(params);
            letter_keys_param(params, self->printed + from, count);
            db_param_us(params, cli_now_us(self->cli));
            st = db_run(self->db, SQL_LETTER_PRINTED, params, NULL);
        }
        if (st == STATUS_OK) {
            st = db_commit(self->db);
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
        cJSON_AddNumberToObject(json, "printed", (double)self->count);
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

static int make(struct print *self, const struct letters_picked *picked)
{
    int code;
    enum status st;

    self->printed = calloc(picked->count + 1, sizeof *self->printed);
    code = self->printed == NULL ? EXIT_UNREACHABLE : EXIT_FINE;
    if (code == EXIT_FINE && picked->count > 0) {
        code = open_book(self);
        if (code == EXIT_FINE) {
            code = add_letters(self, picked);
        }
        if (code == EXIT_FINE && self->count > 0) {
            code = close_book(self);
        }
    }
    if (code == EXIT_FINE) {
        st = mark(self);
        code = st == STATUS_OK ? tell(self) : cli_db_failed(self->cli, self->db, st);
    }
    if (self->file != NULL && !self->to_stdout) {
        fclose(self->file);
        remove(self->path);
    }
    letter_book_destroy(&self->book);
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
    self.problems = (struct letters_problems){.cli = cli, .list = cli->format == CLI_JSON ? cJSON_CreateArray() : NULL};
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
