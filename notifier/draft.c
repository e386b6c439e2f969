/* SPDX-License-Identifier: MIT */
/* draft.c - see draft.h. */
#include "notifier/draft.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "notifier/letter_check.h"
#include "notifier/letter_forms.h"
#include "notifier/new_due.h"

#define BATCH 500
/* As a number would look that takes the most room. */
#define WIDEST_NUMBER 9999999

struct draft {
    struct letter_facts facts; /* as the letter will say them */
    uint32_t lacks;
    uint32_t fields;
    bool left;
    bool fresh;
    char no[LETTER_NO_SIZE];
    char sentence[LETTER_ERROR_SIZE];
};

struct drafter {
    struct db *db;
    const struct calendars *calendars;
    const struct draft_request *request;
    struct letter_forms *forms;
    struct db_params *params;
    struct draft *drafts; /* BATCH */
    size_t count;         /* of the batch */
    int16_t year;
};

/* How many numbers a unit needs, and the next one to give. */
struct register_need {
    int32_t unit_id;
    int32_t wanted;
    int32_t next;
};

/*
 * The date that the letter announces; DB_NULL_US: nobody said, or the dossier has ended.  A date that was announced
 * before stands while it can.
 */
static void choose_new_due(const struct drafter *self, struct draft *draft)
{
    const struct letter_facts *facts = &draft->facts;
    int64_t now_us = self->request->now_us;
    int64_t before_us = facts->new_due_us;

    draft->facts.new_due_us = letter_facts_announce(facts) ? self->request->new_due_us : DB_NULL_US;
    if (draft->facts.new_due_us != DB_NULL_US || !letter_facts_announce(facts)) {
        return;
    }
    if (self->request->new_due_day != DRAFT_NO_DAY) {
        if (new_due_of_day(self->calendars, facts->unit_id, now_us, self->request->new_due_day,
                           &draft->facts.new_due_us) != STATUS_OK) {
            draft->lacks |= DRAFT_DAY_OFF;
        }
    } else if (before_us != DB_NULL_US && before_us > now_us) {
        draft->facts.new_due_us = before_us;
    } else if (facts->promised_us != DB_NULL_US && facts->promised_us > now_us) {
        draft->facts.new_due_us = facts->promised_us;
    } else if (facts->due_current_us != DB_NULL_US && facts->due_current_us > now_us &&
               facts->due_current_us != facts->due_us) {
        draft->facts.new_due_us = facts->due_current_us;
    } else if (facts->term_days > 0 && new_due_after(self->calendars, facts->unit_id, now_us, facts->term_days,
                                                     &draft->facts.new_due_us) != STATUS_OK) {
        draft->facts.new_due_us = DB_NULL_US;
        draft->lacks |= DRAFT_CALENDAR;
    }
}

/* Whether a letter is to be written at all; the states were read under their locks. */
static void choose(const struct drafter *self, struct draft *draft)
{
    const struct letter_facts *facts = &draft->facts;
    bool written = *facts->state != '\0';

    if (*facts->duty == '\0') {
        draft->left = written && (!self->request->again || strcmp(facts->state, "drafted") != 0);
        if (!written && (facts->next_due_us == DB_NULL_US || facts->key.episode != facts->broken + 1)) {
            draft->lacks |= DRAFT_MISSED;
        }
    } else {
        draft->left =
            (strcmp(facts->duty, "owed") != 0 && (strcmp(facts->duty, "drafted") != 0 || !self->request->again)) ||
            (written && strcmp(facts->state, "drafted") != 0);
    }
    draft->fresh = !written;
}

/* Needed fields that the letter does not give.  Three are needed by law, whatever the form says. */
static uint32_t missing_fields(const struct letter *letter, uint32_t needed)
{
    uint32_t missing = 0;

    needed |= LETTER_BIT(LETTER_ADDRESSEE) | LETTER_BIT(LETTER_REASON) | LETTER_BIT(LETTER_NEW_DUE);
    for (int field = 0; field < LETTER_FIELD_END; field++) {
        if ((needed & LETTER_BIT(field)) != 0 && !letter_gives(letter, (enum letter_field)field)) {
            missing |= LETTER_BIT(field);
        }
    }
    return missing;
}

static enum status check_content(struct drafter *self, struct draft *draft)
{
    const struct letter_template *form = NULL;
    struct letter_texts texts;
    struct letter letter;
    enum status st = STATUS_OK;

    if (draft->facts.form_id == 0) {
        draft->lacks |= DRAFT_FORM;
    } else {
        st = letter_forms_get(self->forms, draft->facts.form_id, &form, draft->sentence);
        draft->lacks |= st == STATUS_INVALID ? DRAFT_FORM : 0;
    }
    if (st == STATUS_RETRY || st == STATUS_FATAL) {
        return st;
    }
    letter_facts_letter(&draft->facts, &texts, &letter);
    draft->fields = missing_fields(&letter, form == NULL ? 0 : letter_template_needed(form));
    if (form != NULL && draft->fields == 0 && letter_check(form, &letter, draft->sentence) != STATUS_OK) {
        draft->lacks |= DRAFT_CONTENT;
    }
    return STATUS_OK;
}

/* Fixes what the letter says, but for its number. */
static enum status fill(struct drafter *self, struct draft *draft)
{
    struct letter_facts *facts = &draft->facts;
    const struct draft_request *request = self->request;

    if (request->reason != NULL) {
        facts->reason = request->reason;
    } else if (*facts->reason == '\0') {
        facts->reason = facts->office_reason;
    }
    facts->extension = (int16_t)(facts->promises > facts->key.episode ? facts->promises : facts->key.episode);
    facts->drafted_us = request->now_us;
    choose_new_due(self, draft);
    if (facts->office_id == 0) {
        draft->lacks |= DRAFT_OFFICE;
    } else if (draft->fresh) {
        /* A number that could not be printed must not be taken. */
        if (letter_number_text(facts->number_form, WIDEST_NUMBER, self->year, facts->unit, draft->no) != STATUS_OK) {
            draft->lacks |= DRAFT_NUMBER;
        }
        facts->letter_no = draft->no;
    }
    return check_content(self, draft);
}

static bool is_written(const struct draft *draft)
{
    return !draft->left && draft->lacks == 0 && draft->fields == 0;
}

static enum status judge(struct drafter *self, const struct letter_facts_set *set)
{
    enum status st = STATUS_OK;

    self->count = set->count;
    for (size_t i = 0; i < set->count && st == STATUS_OK; i++) {
        struct draft *draft = &self->drafts[i];

        *draft = (struct draft){.facts = set->facts[i]};
        choose(self, draft);
        if (!draft->left && draft->lacks == 0) {
            st = fill(self, draft);
        }
    }
    return st;
}

static struct register_need *need_of(struct register_need *needs, size_t *count, int32_t unit_id)
{
    size_t i = 0;

    while (i < *count && needs[i].unit_id != unit_id) {
        i++;
    }
    if (i == *count) {
        needs[(*count)++] = (struct register_need){.unit_id = unit_id};
    }
    return &needs[i];
}

static enum status take_numbers(struct drafter *self, struct register_need *needs, size_t *count)
{
    PGresult *taken = NULL;
    enum status st;

    for (size_t i = 0; i < self->count; i++) {
        if (is_written(&self->drafts[i]) && self->drafts[i].fresh) {
            need_of(needs, count, self->drafts[i].facts.unit_id)->wanted++;
        }
    }
    db_params_reset(self->params);
    db_param_array(self->params, DB_ARRAY_INT4);
    for (size_t n = 0; n < *count; n++) {
        db_param_add_int(self->params, needs[n].unit_id);
    }
    db_param_array(self->params, DB_ARRAY_INT4);
    for (size_t n = 0; n < *count; n++) {
        db_param_add_int(self->params, needs[n].wanted);
    }
    db_param_int2(self->params, self->year);
    st = db_run(self->db, SQL_LETTER_NUMBER_TAKE, self->params, &taken);
    for (int r = 0; st == STATUS_OK && r < PQntuples(taken); r++) {
        struct register_need *need = need_of(needs, count, (int32_t)db_int(taken, r, 0));

        need->next = (int32_t)db_int(taken, r, 1) - need->wanted + 1;
    }
    PQclear(taken);
    return st;
}

/* Gives the numbers in the order of the letters. */
static enum status number(struct drafter *self)
{
    struct register_need *needs = calloc(BATCH, sizeof *needs);
    size_t count = 0;
    enum status st = needs == NULL ? STATUS_RETRY : take_numbers(self, needs, &count);

    for (size_t i = 0; i < self->count && st == STATUS_OK; i++) {
        struct draft *draft = &self->drafts[i];

        if (is_written(draft) && draft->fresh) {
            draft->facts.number = need_of(needs, &count, draft->facts.unit_id)->next++;
            st = letter_number_text(draft->facts.number_form, draft->facts.number, self->year, draft->facts.unit,
                                    draft->no);
        }
    }
    free(needs);
    return st;
}

/* The arrays of letter_draft.sql; a letter whose number it keeps gives a number that is not used. */
enum array {
    SOURCE_IDS,
    CODES,
    EPISODES,
    UNIT_IDS,
    FORMS,
    NUMBERS,
    EXTENSIONS,
    DUES,
    NEW_DUES,
    LETTER_NOS,
    REASONS,
    ARRAYS
};
static const enum db_array array_types[ARRAYS] = {DB_ARRAY_INT4, DB_ARRAY_TEXT, DB_ARRAY_INT2, DB_ARRAY_INT4,
                                                  DB_ARRAY_INT4, DB_ARRAY_INT4, DB_ARRAY_INT2, DB_ARRAY_US,
                                                  DB_ARRAY_US,   DB_ARRAY_TEXT, DB_ARRAY_TEXT};

static void add_element(struct db_params *params, enum array array, const struct letter_facts *facts)
{
    const int64_t numbers[ARRAYS] = {[SOURCE_IDS] = facts->key.source_id,
                                     [EPISODES] = facts->key.episode,
                                     [UNIT_IDS] = facts->unit_id,
                                     [FORMS] = facts->form_id,
                                     [NUMBERS] = facts->number,
                                     [EXTENSIONS] = facts->extension,
                                     [DUES] = facts->due_us,
                                     [NEW_DUES] = facts->new_due_us};
    const char *const texts[ARRAYS] = {
        [CODES] = facts->key.code, [LETTER_NOS] = facts->letter_no, [REASONS] = facts->reason};

    if (array_types[array] == DB_ARRAY_TEXT) {
        db_param_add_text(params, texts[array]);
    } else if (array_types[array] == DB_ARRAY_US) {
        db_param_add_us(params, numbers[array]);
    } else {
        db_param_add_int(params, numbers[array]);
    }
}

/* STATUS_DUPLICATE: somebody wrote one of them meanwhile. */
static enum status write_letters(struct drafter *self, struct draft_result *result)
{
    PGresult *written = NULL;
    int64_t wanted = 0;
    enum status st;

    for (size_t i = 0; i < self->count; i++) {
        wanted += is_written(&self->drafts[i]);
    }

    db_params_reset(self->params);
    for (int a = 0; a < ARRAYS; a++) {
        db_param_array(self->params, array_types[a]);
        for (size_t i = 0; i < self->count; i++) {
            if (is_written(&self->drafts[i])) {
                add_element(self->params, (enum array)a, &self->drafts[i].facts);
            }
        }
    }
    db_param_int2(self->params, self->year);
    db_param_us(self->params, self->request->now_us);
    db_param_text(self->params, self->request->who);
    db_param_text(self->params, self->request->why);
    st = db_run(self->db, SQL_LETTER_DRAFT, self->params, &written);
    if (st == STATUS_OK) {
        result->fresh += db_int(written, 0, 0);
        result->again += db_int(written, 0, 1);
        st = db_int(written, 0, 0) + db_int(written, 0, 1) == wanted ? STATUS_OK : STATUS_DUPLICATE;
    }
    PQclear(written);
    return st;
}

static enum status run_keys(struct drafter *self, enum sql_query query, const struct letter_key *keys, size_t count)
{
    db_params_reset(self->params);
    letter_keys_param(self->params, keys, count);
    return db_run(self->db, query, self->params, NULL);
}

static enum status gather(struct drafter *self, const struct letter_key *keys, size_t count)
{
    db_params_reset(self->params);
    db_param_array(self->params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(self->params, keys[i].source_id);
    }
    db_param_array(self->params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(self->params, keys[i].code);
    }
    return db_run(self->db, SQL_LETTER_GATHER, self->params, NULL);
}

/* In the order in which everybody locks: the right to number, duties, letters, registers. */
static enum status hold(struct drafter *self, const struct letter_key *keys, size_t count)
{
    enum status st = db_begin(self->db);

    if (st == STATUS_OK) {
        st = db_run(self->db, SQL_LETTER_DRAFT_LOCK, NULL, NULL);
    }
    if (st == STATUS_OK) {
        st = run_keys(self, SQL_LETTER_LOCK_DUTY, keys, count);
    }
    if (st == STATUS_OK) {
        st = run_keys(self, SQL_LETTER_LOCK, keys, count);
    }
    if (st == STATUS_OK) {
        st = gather(self, keys, count);
    }
    return st;
}

/* What became of the batch, when it is certain. */
static void tell(struct drafter *self, struct draft_result *result)
{
    for (size_t i = 0; i < self->count; i++) {
        const struct draft *draft = &self->drafts[i];
        const struct draft_problem problem = {&draft->facts, draft->lacks, draft->fields, draft->sentence};

        result->left += draft->left;
        if (!draft->left && !is_written(draft)) {
            result->refused++;
            if (self->request->problem != NULL) {
                self->request->problem(self->request->arg, &problem);
            }
        }
    }
}

static enum status run_batch(struct drafter *self, const struct letter_key *keys, size_t count,
                             struct draft_result *result)
{
    struct letter_facts_set set = {0};
    struct draft_result done = *result;
    enum status st = hold(self, keys, count);

    if (st == STATUS_OK) {
        st =
            letter_facts_read(&set, self->db, keys, count, self->request->form, clock_local_day(self->request->now_us));
    }
    if (st == STATUS_OK) {
        st = judge(self, &set);
    }
    if (st == STATUS_OK) {
        st = number(self);
    }
    if (st == STATUS_OK) {
        st = write_letters(self, &done);
    }
    if (st == STATUS_OK) {
        st = db_commit(self->db);
    }
    if (st == STATUS_OK) {
        tell(self, &done);
        *result = done;
    } else {
        db_rollback(self->db);
    }
    letter_facts_clear(&set);
    return st;
}

enum status draft_run(struct db *db, const struct calendars *calendars, const struct draft_request *request,
                      struct draft_result *result)
{
    struct drafter self = {
        .db = db, .calendars = calendars, .request = request, .year = letter_moment_year(request->now_us)};
    enum status st = STATUS_OK;

    *result = (struct draft_result){0};
    self.forms = letter_forms_new(db);
    self.params = db_params_new();
    self.drafts = calloc(BATCH, sizeof *self.drafts);
    if (self.forms == NULL || self.params == NULL || self.drafts == NULL) {
        st = STATUS_RETRY;
    }
    for (size_t i = 0; i < request->count && st == STATUS_OK; i += BATCH) {
        size_t count = request->count - i < BATCH ? request->count - i : BATCH;

        st = run_batch(&self, request->keys + i, count, result);
        if (st == STATUS_DUPLICATE) {
            /* A letter that was not there could not be held.  Now it is there, and no number is lost by it. */
            st = run_batch(&self, request->keys + i, count, result);
        }
        st = st == STATUS_DUPLICATE ? STATUS_RETRY : st;
        if (request->progress != NULL) {
            request->progress(request->arg, i + count);
        }
    }
    free(self.drafts);
    db_params_destroy(&self.params);
    letter_forms_destroy(&self.forms);
    return st;
}
