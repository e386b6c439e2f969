/* SPDX-License-Identifier: MIT */
/* letters_one.c - kipthoi letters sent --no, void: what is decided letter by letter. */
#include <string.h>

#include "cli/letters_act.h"
#include "cli/report.h"

/* What letter_newest.sql gives, in this order. */
enum column { EPISODE, STATE, NUMBER, SENT_AT, WAIVED, WRITTEN, DRAFTED, MAIL };

/* One letter, while it is decided on. */
struct one {
    struct cli *cli;
    struct db *db;
    const struct letters_request *request;
    const char *dossier;
    struct db_params *params;
    struct report_dossier found;
    PGresult *newest; /* what the dossier's letter was before */
    struct letter_key key;
};

/* episode 0: the one that is meant when nobody says which. */
static enum status read_newest(struct one *self, int64_t episode)
{
    PQclear(self->newest);
    self->newest = NULL;
    db_params_reset(self->params);
    db_param_int4(self->params, self->found.source_id);
    db_param_text(self->params, self->dossier);
    if (episode > 0) {
        db_param_int2(self->params, (int16_t)episode);
    } else {
        db_param_null(self->params);
    }
    return db_run(self->db, SQL_LETTER_NEWEST, self->params, &self->newest);
}

/* Begins the transaction that holds the letter; what is decided on is read again then. */
static enum status hold_newest(struct one *self)
{
    enum status st = db_begin(self->db);

    self->key = (struct letter_key){self->found.source_id, (int16_t)db_int(self->newest, 0, EPISODE), self->dossier};
    if (st == STATUS_OK) {
        st = letters_hold(self->db, self->params, &self->key, 1);
    }
    return st == STATUS_OK ? read_newest(self, self->key.episode) : st;
}

/* Finds the letter and holds it. */
static int open_one(struct one *self)
{
    struct db *operator;
    enum status st = STATUS_RETRY;
    int code = cli_db(self->cli, &operator);

    if (code == EXIT_FINE) {
        code = report_find_dossier(self->cli, operator, self->dossier, self->request->source, &self->found);
    }
    if (code == EXIT_FINE) {
        code = cli_letters_db(self->cli, &self->db);
    }
    if (code != EXIT_FINE) {
        return code;
    }
    self->params = db_params_new();
    st = self->params == NULL ? STATUS_RETRY : read_newest(self, self->request->episode);
    if (st == STATUS_OK && PQntuples(self->newest) == 0) {
        cli_tell(self->cli, WORD_LETTER_NOT_OWED, self->dossier, NULL);
        return EXIT_ANSWER_NO;
    }
    if (st == STATUS_OK) {
        st = hold_newest(self);
    }
    return st == STATUS_OK ? EXIT_FINE : cli_db_failed(self->cli, self->db, st);
}

/* Commits when code is EXIT_FINE. */
static int close_one(struct one *self, int code)
{
    if (code == EXIT_FINE) {
        enum status st = db_commit(self->db);

        code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(self->cli, self->db, st);
    }
    if (code != EXIT_FINE && self->db != NULL) {
        db_rollback(self->db);
    }
    PQclear(self->newest);
    db_params_destroy(&self->params);
    return code;
}

static void put_key(struct one *self)
{
    db_params_reset(self->params);
    db_param_int4(self->params, self->key.source_id);
    db_param_text(self->params, self->key.code);
    db_param_int2(self->params, self->key.episode);
}

static int tell_problem(const struct one *self, const char *sentence)
{
    cli_tell(self->cli, WORD_LETTER_PROBLEM, self->dossier, sentence, NULL);
    return EXIT_ANSWER_NO;
}

/* Why the letter could not be noted as sent, from what it was before. */
static int tell_not_sent(const struct one *self)
{
    const struct cli *cli = self->cli;
    const char *state = db_text(self->newest, 0, STATE);
    const char *number = db_text(self->newest, 0, NUMBER);
    char code[CLI_SHELL_SIZE];
    char when[CLI_TIME_SIZE];
    char sentence[CLI_SENTENCE_SIZE];

    if (strcmp(state, "void") == 0) {
        cli_tell(cli, db_bool(self->newest, 0, WAIVED) ? WORD_LETTER_WAIVED : WORD_LETTER_VOID, self->dossier,
                 cli_shell(self->dossier, code), NULL);
        return EXIT_ANSWER_NO;
    }
    if (strcmp(state, "sent") == 0) {
        bool same = strcmp(number, self->request->number) == 0;

        cli_tell(cli, same ? WORD_LETTER_SENT_BEFORE : WORD_LETTER_SENT_OTHER, self->dossier, number,
                 cli_time(db_us(self->newest, 0, SENT_AT), when), NULL);
        return same ? EXIT_FINE : EXIT_ANSWER_NO;
    }
    if (strcmp(db_text(self->newest, 0, WRITTEN), self->request->number) == 0) {
        return tell_problem(
            self, cli_sentence(cli, sentence, WORD_LETTER_MAIL_CLAIMED, db_text(self->newest, 0, MAIL), NULL));
    }
    cli_tell(cli, WORD_LETTER_WRITTEN_HERE, self->dossier, db_text(self->newest, 0, WRITTEN), NULL);
    return EXIT_ANSWER_NO;
}

static int note_sent(struct one *self, int64_t at_us)
{
    const struct letters_request *request = self->request;
    char when[CLI_TIME_SIZE];
    char sentence[CLI_SENTENCE_SIZE];
    PGresult *row = NULL;
    enum status st;
    int code;

    /* One that is written here goes out no earlier than it was written; of others nobody knows. */
    if (strcmp(db_text(self->newest, 0, STATE), "sent") != 0 &&
        strcmp(db_text(self->newest, 0, WRITTEN), request->number) == 0 &&
        letters_sent_too_early(at_us, db_us(self->newest, 0, DRAFTED))) {
        return tell_problem(self, cli_sentence(self->cli, sentence, WORD_LETTER_SENT_TOO_EARLY,
                                               cli_time(db_us(self->newest, 0, DRAFTED), when), NULL));
    }
    st = letters_unmail(self->db, self->params, &self->key, 1, request);
    if (st != STATUS_OK) {
        return cli_db_failed(self->cli, self->db, st);
    }
    put_key(self);
    db_param_text(self->params, request->number);
    db_param_us(self->params, at_us);
    db_param_text(self->params, cli_who(request->by));
    db_param_text(self->params, request->why);
    db_param_text(self->params, request->channel);
    db_param_text(self->params, request->proof);
    db_param_us(self->params, cli_now_us(self->cli));
    db_param_int2(self->params, letter_moment_year(at_us));
    st = db_run(self->db, SQL_LETTER_ELSEWHERE, self->params, &row);
    if (st != STATUS_OK) {
        code = cli_db_failed(self->cli, self->db, st);
    } else if (PQntuples(row) == 0) {
        code = tell_not_sent(self);
    } else {
        cli_say(self->cli, WORD_LETTER_NOTED, self->dossier, request->number, NULL);
        code = EXIT_FINE;
    }
    PQclear(row);
    return code;
}

int letters_sent_elsewhere(struct cli *cli, const struct letters_request *request, int64_t at_us)
{
    struct one self = {.cli = cli, .request = request};
    int code;

    if (request->word_count != 1 || request->unit != NULL || request->all || *request->number == '\0') {
        return cli_usage(cli, "letters sent: --no NUMBER goes with one dossier");
    }
    self.dossier = request->words[0];
    code = open_one(&self);
    if (code == EXIT_FINE) {
        code = note_sent(&self, at_us);
    }
    return close_one(&self, code);
}

static int decide(struct one *self)
{
    const struct letters_request *request = self->request;
    PGresult *row = NULL;
    enum status st;
    int code = EXIT_ANSWER_NO;

    put_key(self);
    db_param_us(self->params, cli_now_us(self->cli));
    db_param_text(self->params, cli_who(request->by));
    db_param_text(self->params, request->why);
    st = db_run(self->db, request->undo ? SQL_LETTER_UNWAIVE : SQL_LETTER_WAIVE, self->params, &row);
    if (st != STATUS_OK) {
        code = cli_db_failed(self->cli, self->db, st);
    } else if (PQntuples(row) == 0 && request->undo) {
        cli_tell(self->cli, WORD_LETTER_NOT_WAIVED, self->dossier, NULL);
    } else if (PQntuples(row) == 0) {
        cli_tell(self->cli, WORD_LETTER_OTHER_STATE, self->dossier,
                 report_value(self->cli, db_text(self->newest, 0, STATE)), cli_word(self->cli, WORD_DEED_VOID), NULL);
    } else if (request->undo) {
        const char *state = db_text(row, 0, 0);

        cli_say(self->cli, strcmp(state, "void") == 0 ? WORD_LETTER_STAYS_VOID : WORD_LETTER_UNWAIVED, self->dossier,
                report_value(self->cli, state), NULL);
        code = EXIT_FINE;
    } else {
        cli_say(self->cli, WORD_LETTER_NOW_WAIVED, self->dossier, NULL);
        code = EXIT_FINE;
    }
    PQclear(row);
    return code;
}

int letters_void(struct cli *cli, const struct letters_request *request)
{
    struct one self = {.cli = cli, .request = request, .dossier = request->words[0]};
    int code;

    if (request->why == NULL || *request->why == '\0') {
        return cli_usage(cli, "letters void: --why TEXT is needed");
    }
    code = open_one(&self);
    if (code == EXIT_FINE) {
        code = decide(&self);
    }
    return close_one(&self, code);
}
