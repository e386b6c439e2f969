/* SPDX-License-Identifier: MIT */
/* letters_act.c - kipthoi letters approve, and sent for letters that were drafted here. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/letters_act.h"
#include "cli/mail_off.h"
#include "common/clock.h"

/* Letters of one transaction. */
#define BATCH 1000

/* What is being done to the letters picked. */
struct act {
    struct cli *cli;
    struct db *db;
    const struct letters_request *request;
    struct db_params *params;
    struct letters_problems problems;
    int64_t at_us; /* sent */
    int64_t done;
    int64_t queued;
    int64_t left; /* somebody else was faster */
};

typedef enum status (*act_batch)(struct act *self, const struct letter_key *keys, size_t count);

enum status letters_hold(struct db *db, struct db_params *params, const struct letter_key *keys, size_t count)
{
    enum status st;

    db_params_reset(params);
    letter_keys_param(params, keys, count);
    st = db_run(db, SQL_LETTER_LOCK_DUTY, params, NULL);
    if (st == STATUS_OK) {
        db_params_reset(params);
        letter_keys_param(params, keys, count);
        st = db_run(db, SQL_LETTER_LOCK, params, NULL);
    }
    return st;
}

enum status letters_unmail(struct db *db, struct db_params *params, const struct letter_key *keys, size_t count,
                           const struct letters_request *request)
{
    db_params_reset(params);
    letter_keys_param(params, keys, count);
    db_param_text(params, cli_who(request->by));
    db_param_text(params, request->why);
    return db_run(db, SQL_LETTER_UNMAIL, params, NULL);
}

/* Runs it with params and adds its rows to *count. */
static enum status run_counted(struct act *self, enum sql_query query, int64_t *count)
{
    PGresult *rows = NULL;
    enum status st = db_run(self->db, query, self->params, &rows);

    if (st == STATUS_OK) {
        *count += PQntuples(rows);
    }
    PQclear(rows);
    return st;
}

static enum status approve_keys(struct act *self, const struct letter_key *keys, size_t count)
{
    db_params_reset(self->params);
    letter_keys_param(self->params, keys, count);
    db_param_us(self->params, cli_now_us(self->cli));
    db_param_text(self->params, cli_who(self->request->by));
    db_param_text(self->params, self->request->why != NULL ? self->request->why : "approved");
    return run_counted(self, SQL_LETTER_APPROVE, &self->done);
}

static enum status queue_keys(struct act *self, const struct letter_key *keys, size_t count)
{
    db_params_reset(self->params);
    letter_keys_param(self->params, keys, count);
    db_param_us(self->params, cli_now_us(self->cli));
    return run_counted(self, SQL_LETTER_QUEUE, &self->queued);
}

/* Mails that were given up are tried again; uncertain ones are a person's to decide. */
static enum status redrive(struct act *self, const int64_t *deliveries, size_t count)
{
    if (count == 0) {
        return STATUS_OK;
    }
    db_params_reset(self->params);
    db_param_array(self->params, DB_ARRAY_INT8);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(self->params, deliveries[i]);
    }
    db_param_text(self->params, "dead");
    db_param_null(self->params);
    db_param_text(self->params, cli_who(self->request->by));
    db_param_text(self->params, self->request->why != NULL ? self->request->why : "approved for the mail again");
    return run_counted(self, SQL_DELIVERIES_REDRIVE, &self->queued);
}

/* What is known of a batch while it is looked through: a letter's facts, and its mail if it has one. */
struct batch {
    struct letter_facts_set set;
    PGresult *mails; /* letter_mail_state.sql: place, delivery, state */
    int mail;        /* the next row */
    struct letter_key *fit;
    size_t fit_count;
    int64_t *dead; /* deliveries of those fit whose mail was given up */
    size_t dead_count;
};

static enum status batch_read(struct batch *batch, struct act *self, const struct letter_key *keys, size_t count)
{
    enum status st;

    *batch =
        (struct batch){.fit = calloc(count + 1, sizeof *batch->fit), .dead = calloc(count + 1, sizeof *batch->dead)};
    st = batch->fit == NULL || batch->dead == NULL ? STATUS_RETRY
                                                   : letter_facts_read(&batch->set, self->db, keys, count, NULL, 0);
    if (st == STATUS_OK) {
        db_params_reset(self->params);
        letter_keys_param(self->params, keys, count);
        st = db_run(self->db, SQL_LETTER_MAIL_STATE, self->params, &batch->mails);
    }
    return st;
}

static void batch_clear(struct batch *batch)
{
    letter_facts_clear(&batch->set);
    PQclear(batch->mails);
    free(batch->fit);
    free(batch->dead);
}

/* State of the mail of letter i; NULL: there is none.  For ascending i. */
static const char *mail_of(struct batch *batch, size_t i, int64_t *delivery)
{
    int r = batch->mail;

    if (r >= PQntuples(batch->mails) || db_int(batch->mails, r, 0) != (int64_t)i + 1) {
        return NULL;
    }
    batch->mail++;
    *delivery = db_int(batch->mails, r, 1);
    return db_text(batch->mails, r, 2);
}

static bool is_mail(const char *mail, const char *state)
{
    return mail != NULL && strcmp(mail, state) == 0;
}

/* word says how its mail stands. */
static void say_mail(struct act *self, const struct letter_facts *facts, enum word word, int64_t delivery)
{
    char sentence[CLI_SENTENCE_SIZE];
    char id[24];

    snprintf(id, sizeof id, "%lld", (long long)delivery);
    letters_problem_say(&self->problems, facts, cli_sentence(self->cli, sentence, word, id, facts->key.code, NULL));
}

/* What is said of a mail that is neither sent nor given up. */
static enum word word_of_mail(const char *mail)
{
    if (is_mail(mail, "claimed")) {
        return WORD_LETTER_MAIL_CLAIMED;
    }
    return is_mail(mail, "waiting") ? WORD_LETTER_MAIL_WAITS : WORD_LETTER_MAIL_UNCERTAIN;
}

/* Approves and queues those that can be mailed; of the others nothing is changed. */
static enum status approve_and_send(struct act *self, const struct letter_key *keys, size_t count)
{
    struct batch batch;
    int64_t delivery;
    enum status st = batch_read(&batch, self, keys, count);

    for (size_t i = 0; st == STATUS_OK && i < batch.set.count; i++) {
        const struct letter_facts *facts = &batch.set.facts[i];
        const char *mail = mail_of(&batch, i, &delivery);

        if (*facts->email == '\0') {
            letters_problem_say(&self->problems, facts, cli_word(self->cli, WORD_LETTER_NO_EMAIL));
        } else if (mail != NULL && !is_mail(mail, "dead")) {
            say_mail(self, facts, word_of_mail(mail), delivery);
        } else if (strcmp(facts->duty, "void") != 0) {
            batch.fit[batch.fit_count++] = keys[i];
            if (is_mail(mail, "dead")) {
                batch.dead[batch.dead_count++] = delivery;
            }
        }
    }
    if (st == STATUS_OK) {
        st = approve_keys(self, batch.fit, batch.fit_count);
    }
    if (st == STATUS_OK) {
        st = queue_keys(self, batch.fit, batch.fit_count);
    }
    if (st == STATUS_OK) {
        st = redrive(self, batch.dead, batch.dead_count);
    }
    batch_clear(&batch);
    return st;
}

static enum status approve_batch(struct act *self, const struct letter_key *keys, size_t count)
{
    return self->request->send ? approve_and_send(self, keys, count) : approve_keys(self, keys, count);
}

static enum status sent_keys(struct act *self, const struct letter_key *keys, size_t count)
{
    db_params_reset(self->params);
    letter_keys_param(self->params, keys, count);
    db_param_us(self->params, self->at_us);
    db_param_text(self->params, cli_who(self->request->by));
    db_param_text(self->params, self->request->why);
    db_param_text(self->params, self->request->channel != NULL ? self->request->channel : "paper");
    db_param_text(self->params, self->request->proof);
    db_param_us(self->params, cli_now_us(self->cli));
    return run_counted(self, SQL_LETTER_SENT, &self->done);
}

bool letters_sent_too_early(int64_t at_us, int64_t drafted_us)
{
    return clock_local_day(at_us) < clock_local_day(drafted_us);
}

/*
 * Nothing goes out before it was written, nor by post too while it is being mailed.  A mail that waits gives way to
 * who names the dossier; in bulk it may have been overlooked.
 */
static enum status sent_batch(struct act *self, const struct letter_key *keys, size_t count)
{
    struct batch batch;
    char sentence[CLI_SENTENCE_SIZE];
    char when[CLI_TIME_SIZE];
    int64_t delivery;
    enum status st = batch_read(&batch, self, keys, count);

    for (size_t i = 0; st == STATUS_OK && i < batch.set.count; i++) {
        const struct letter_facts *facts = &batch.set.facts[i];
        const char *mail = mail_of(&batch, i, &delivery);

        if (is_mail(mail, "claimed") || (is_mail(mail, "waiting") && self->request->word_count == 0)) {
            say_mail(self, facts, word_of_mail(mail), delivery);
        } else if (letters_sent_too_early(self->at_us, facts->drafted_us)) {
            letters_problem_say(
                &self->problems, facts,
                cli_sentence(self->cli, sentence, WORD_LETTER_SENT_TOO_EARLY, cli_time(facts->drafted_us, when), NULL));
        } else {
            batch.fit[batch.fit_count++] = keys[i];
        }
    }
    if (st == STATUS_OK && self->request->word_count > 0) {
        st = letters_unmail(self->db, self->params, batch.fit, batch.fit_count, self->request);
    }
    if (st == STATUS_OK) {
        st = sent_keys(self, batch.fit, batch.fit_count);
    }
    batch_clear(&batch);
    return st;
}

/* One transaction a batch; what was committed before a failure stays. */
static enum status run_batches(struct act *self, act_batch batch, const struct letters_picked *picked)
{
    enum status st = STATUS_OK;

    for (size_t i = 0; i < picked->count && st == STATUS_OK; i += BATCH) {
        size_t count = picked->count - i < BATCH ? picked->count - i : BATCH;

        st = db_begin(self->db);
        if (st == STATUS_OK) {
            st = letters_hold(self->db, self->params, picked->keys + i, count);
        }
        if (st == STATUS_OK) {
            st = batch(self, picked->keys + i, count);
        }
        if (st == STATUS_OK) {
            st = db_commit(self->db);
        }
        if (st != STATUS_OK) {
            db_rollback(self->db);
        }
    }
    return st;
}

/* A form that nobody has compared with its legal text is told once more, while letters can still be held back. */
static enum status warn_unchecked(struct act *self, const struct letters_picked *picked)
{
    PGresult *noted = NULL;
    enum status st;

    db_params_reset(self->params);
    letter_keys_param(self->params, picked->keys, picked->count);
    st = db_run(self->db, SQL_LETTER_NOTED, self->params, &noted);
    for (int r = 0; st == STATUS_OK && r < PQntuples(noted); r++) {
        cli_tell(self->cli, WORD_TEMPLATE_UNCHECKED, db_text(noted, r, 0), db_text(noted, r, 1), NULL);
    }
    PQclear(noted);
    return st;
}

/* name is what the letters are now: "approved", "sent". */
static int tell(struct act *self, const char *name, enum word word)
{
    struct cli *cli = self->cli;
    cJSON *json;

    letters_problems_end(&self->problems);
    if (cli->format == CLI_JSON) {
        json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, name, (double)self->done);
        if (self->request->send) {
            cJSON_AddNumberToObject(json, "queued", (double)self->queued);
        }
        cJSON_AddNumberToObject(json, "left", (double)self->left);
        cJSON_AddItemToObject(json, "problems", self->problems.list);
        self->problems.list = NULL;
        return cli_print_json(cli, json);
    }
    letters_say_count(cli, word, self->done);
    if (self->request->send) {
        letters_say_count(cli, WORD_QUEUED_COUNT, self->queued);
    }
    if (self->left > 0) {
        letters_say_count(cli, WORD_DRAFT_LEFT_COUNT, self->left);
    }
    return EXIT_FINE;
}

static int act(struct cli *cli, const struct letters_request *request, const struct letters_wanted *wanted,
               act_batch batch, const char *name, enum word word, int64_t at_us)
{
    struct act self = {.cli = cli, .request = request, .params = db_params_new(), .at_us = at_us};
    struct letters_picked picked = {0};
    enum status st = self.params == NULL ? STATUS_RETRY : STATUS_OK;
    int code = cli_letters_db(cli, &self.db);

    letters_problems_begin(&self.problems, cli, request);
    if (code == EXIT_FINE) {
        code = letters_pick(cli, self.db, request, wanted, &picked);
    }
    if (code == EXIT_FINE) {
        st = st == STATUS_OK ? run_batches(&self, batch, &picked) : st;
        if (st == STATUS_OK && wanted->deed == WORD_DEED_APPROVED) {
            st = warn_unchecked(&self, &picked);
        }
        self.left = request->send ? 0 : (int64_t)picked.count - self.done - self.problems.count;
        code = st == STATUS_OK ? tell(&self, name, word) : cli_db_failed(cli, self.db, st);
        if (code == EXIT_FINE) {
            int others = letters_tell_others(cli, request, wanted, &picked);

            code = self.problems.count > 0 || (self.left > 0 && request->word_count > 0) ? EXIT_ANSWER_NO : picked.code;
            code = code == EXIT_FINE ? others : code;
        }
    }
    cJSON_Delete(self.problems.list);
    letters_picked_clear(&picked);
    db_params_destroy(&self.params);
    return code;
}

int letters_approve(struct cli *cli, const struct letters_request *request)
{
    static const char *const drafted[] = {"drafted", NULL};
    static const char *const sendable[] = {"drafted", "approved", NULL};
    /* A whole unit's approved letters may be lying in envelopes: only letters that are named are mailed after all. */
    const struct letters_wanted wanted = {
        .states = request->send && request->word_count > 0 ? sendable : drafted,
        .deed = WORD_DEED_APPROVED,
        .printed_too = true,
    };

    if (request->send && mail_is_off(cli)) {
        cli_tell(cli, WORD_LETTER_MAIL_OFF, cli->config.path, NULL);
        return EXIT_ANSWER_NO;
    }
    return act(cli, request, &wanted, approve_batch, "approved", WORD_APPROVED_COUNT, DB_NULL_US);
}

int letters_sent(struct cli *cli, const struct letters_request *request)
{
    static const char *const approved[] = {"approved", NULL};
    const struct letters_wanted wanted = {.states = approved, .deed = WORD_DEED_SENT, .printed_too = true};
    int64_t at_us;
    int code = letters_at(cli, request, &at_us);

    if (code != EXIT_FINE) {
        return code;
    }
    if (request->why == NULL || *request->why == '\0') {
        return cli_usage(cli, "letters sent: --why TEXT is needed, and --no NUMBER for a letter that was written "
                              "elsewhere");
    }
    if (request->number != NULL) {
        return letters_sent_elsewhere(cli, request, at_us);
    }
    return act(cli, request, &wanted, sent_batch, "sent", WORD_SENT_COUNT, at_us);
}
