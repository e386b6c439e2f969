/* SPDX-License-Identifier: MIT */
/* letter_desk.c - the notifier's own hand in letters. */
#include "notifier/letter_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/db.h"
#include "notifier/draft.h"
#include "notifier/hours.h"
#include "notifier/letter_source.h"

/* Letters drafted in a turn of the loop. */
#define DRAFT_BATCH 500
#define CLOSED_MS 30000

struct letter_desk {
    const struct config *config;
    const struct log *log;
    struct db *db; /* NULL until a letter was first in hand */
    struct db_params *params;
    struct hours *hours;
    struct letter_source *source;
    db_wait_cb wait; /* db_on_wait */
    void *wait_context;
    int64_t closed_until_ms; /* after a connection that failed */
};

/* letter_draftable.sql */
enum draftable_column { DRAFTABLE_SOURCE, DRAFTABLE_CODE, DRAFTABLE_EPISODE, DRAFTABLE_DEADLINE };

struct letter_desk *letter_desk_new(const struct config *config, const struct log *log)
{
    struct letter_desk *self = calloc(1, sizeof *self);

    if (self == NULL) {
        return NULL;
    }
    self->config = config;
    self->log = log;
    self->params = db_params_new();
    self->hours = hours_new();
    if (self->params == NULL || self->hours == NULL) {
        letter_desk_destroy(&self);
    }
    return self;
}

void letter_desk_destroy(struct letter_desk **self_p)
{
    struct letter_desk *self = *self_p;

    if (self != NULL) {
        letter_source_destroy(&self->source);
        hours_destroy(&self->hours);
        db_params_destroy(&self->params);
        db_close(&self->db);
        free(self);
        *self_p = NULL;
    }
}

void letter_desk_on_wait(struct letter_desk *self, db_wait_cb wait, void *context)
{
    self->wait = wait;
    self->wait_context = context;
}

/* Connecting may take a while, so after a failure the desk stays closed for some time. */
static enum status open_desk(struct letter_desk *self)
{
    char error[DB_ERROR_SIZE];
    enum status st = STATUS_OK;

    if (clock_monotonic_ms() < self->closed_until_ms) {
        return STATUS_RETRY;
    }
    if (self->db == NULL) {
        st =
            db_open(&self->db, self->config, &self->config->letters.role, "kipthoi-notifier-letters", self->log, error);
        if (st == STATUS_OK) {
            db_on_wait(self->db, self->wait, self->wait_context);
        }
    } else {
        st = db_reconnect(self->db);
        snprintf(error, sizeof error, "%s", db_error(self->db));
    }
    if (st == STATUS_OK && self->source == NULL) {
        self->source = letter_source_new(self->db);
        st = self->source == NULL ? STATUS_RETRY : STATUS_OK;
        snprintf(error, sizeof error, "memory is short");
    }
    if (st != STATUS_OK) {
        self->closed_until_ms = clock_monotonic_ms() + CLOSED_MS;
        log_warn(self->log, "LETTERS-DB", "letters cannot be read: %s", error);
        return STATUS_RETRY;
    }
    return STATUS_OK;
}

/* --- drafting --- */

void letter_place_start(struct letter_place *place, int64_t since_us)
{
    *place = (struct letter_place){.since_us = since_us, .deadline_us = DB_MINUS_INFINITY_US};
}

static enum status read_batch(struct letter_desk *self, const struct letter_place *place, PGresult **rows)
{
    db_params_reset(self->params);
    db_param_us(self->params, place->since_us);
    db_param_us(self->params, place->deadline_us);
    db_param_int4(self->params, place->source_id);
    db_param_text(self->params, place->code);
    db_param_int2(self->params, place->episode);
    db_param_int8(self->params, DRAFT_BATCH);
    return db_run(self->db, SQL_LETTER_DRAFTABLE, self->params, rows);
}

static void move_on(struct letter_place *place, const PGresult *rows)
{
    int last = PQntuples(rows) - 1;

    place->done = last + 1 < DRAFT_BATCH;
    if (last >= 0) {
        place->deadline_us = db_us(rows, last, DRAFTABLE_DEADLINE);
        place->source_id = (int32_t)db_int(rows, last, DRAFTABLE_SOURCE);
        place->episode = (int16_t)db_int(rows, last, DRAFTABLE_EPISODE);
        snprintf(place->code, sizeof place->code, "%s", db_text(rows, last, DRAFTABLE_CODE));
    }
}

static enum status draft_batch(struct letter_desk *self, const PGresult *rows, int64_t now_us, int64_t *drafted)
{
    struct letter_key keys[DRAFT_BATCH];
    struct draft_result result = {0};
    struct draft_request request = {
        .keys = keys,
        .count = (size_t)PQntuples(rows),
        .new_due_us = DB_NULL_US,
        .new_due_day = DRAFT_NO_DAY,
        .who = "notifier",
        .why = "the letter came to be owed",
        .now_us = now_us,
    };
    enum status st;

    for (int row = 0; row < PQntuples(rows); row++) {
        keys[row] = (struct letter_key){
            .source_id = (int32_t)db_int(rows, row, DRAFTABLE_SOURCE),
            .code = db_text(rows, row, DRAFTABLE_CODE),
            .episode = (int16_t)db_int(rows, row, DRAFTABLE_EPISODE),
        };
    }
    st = draft_run(self->db, hours_calendars(self->hours), &request, &result);
    *drafted += result.fresh;
    return st;
}

enum status letter_desk_draft(struct letter_desk *self, int64_t now_us, struct letter_place *place, int64_t *drafted)
{
    char error[CALENDAR_ERROR_SIZE];
    PGresult *rows = NULL;
    enum status st = open_desk(self);

    *drafted = 0;
    if (st == STATUS_OK) {
        st = hours_refresh(self->hours, self->db, now_us, NULL, error);
    }
    if (st == STATUS_OK) {
        st = read_batch(self, place, &rows);
    }
    if (st == STATUS_OK && PQntuples(rows) > 0) {
        st = draft_batch(self, rows, now_us, drafted);
    }
    if (st == STATUS_OK) {
        move_on(place, rows);
    }
    PQclear(rows);
    return st;
}

/* --- rendering --- */

/* Sent or not owed any more: nobody shall send it again. */
static bool is_over(const struct letter_facts *facts)
{
    return strcmp(facts->state, "sent") == 0 || strcmp(facts->duty, "void") == 0;
}

/* The letters as one PDF; those that cannot be printed are left out, error says why the last of them. */
static enum status render(struct letter_desk *self, const char *title, bool with_register, struct letter_bytes *pdf,
                          char error[LETTER_ERROR_SIZE])
{
    const struct letter_book_options options = {
        .title = title,
        .created_us = clock_now_us(&self->config->deployment.clock),
        .with_register = with_register,
        .write = letter_bytes_write,
        .arg = pdf,
    };
    struct letter_book *book = NULL;
    const struct letter_template *form;
    struct letter letter;
    enum status st = letter_book_new(&book, &options);

    snprintf(error, LETTER_ERROR_SIZE, "memory is short");
    for (size_t i = 0; st == STATUS_OK && i < letter_source_count(self->source); i++) {
        if (is_over(letter_source_facts(self->source, i))) {
            continue;
        }
        st = letter_source_letter(self->source, i, &letter, &form, error);
        if (st == STATUS_OK) {
            st = letter_book_add(book, form, &letter, error);
        }
        st = st == STATUS_INVALID ? STATUS_OK : st;
    }
    if (st == STATUS_OK) {
        st = letter_book_letters(book) > 0 ? letter_book_finish(book, error) : STATUS_INVALID;
    }
    letter_book_destroy(&book);
    if (st != STATUS_OK) {
        letter_bytes_clear(pdf);
    }
    return st;
}

/* Whether the promise is missed or may still be; a letter that was written ahead of a promise kept says what is false.
 */
static bool is_owed(const struct letter_facts *facts)
{
    if (*facts->duty != '\0') {
        return strcmp(facts->duty, "void") != 0;
    }
    return facts->key.episode <= facts->broken ||
           (facts->next_due_us != DB_NULL_US && facts->key.episode == facts->broken + 1);
}

/* What keeps a letter from being mailed, NULL: nothing.  Names nobody. */
static const char *obstacle_of(const struct letter_facts *facts)
{
    if (strcmp(facts->state, "sent") == 0) {
        return "the letter was sent already";
    }
    if (strcmp(facts->state, "approved") != 0) {
        return "the letter is not approved; run: kipthoi letters approve";
    }
    if (!is_owed(facts)) {
        return "the letter is not owed any more";
    }
    if (*facts->email == '\0') {
        return "no e-mail address of the applicant is known; run: kipthoi contacts load";
    }
    return NULL;
}

static enum status word_letter(const struct letter_facts *facts, const char *title, struct letter_mail *mail)
{
    snprintf(mail->address, sizeof mail->address, "%s", facts->email);
    snprintf(mail->name, sizeof mail->name, "%s", facts->name);
    snprintf(mail->file_name, sizeof mail->file_name, "thu-xin-loi-%s.pdf", facts->key.code);
    /* Line ends and the like have no place in a header or a greeting. */
    for (char *at = mail->name; *at != '\0'; at++) {
        *at = (unsigned char)*at < 0x20 || *at == 0x7f ? ' ' : *at;
    }
    for (char *at = mail->file_name; *at != '\0'; at++) {
        *at = *at == '/' ? '-' : *at;
    }
    if (asprintf(&mail->subject, "%s: hồ sơ %s", title, facts->key.code) < 0) {
        mail->subject = NULL;
        return STATUS_RETRY;
    }
    if (asprintf(&mail->text,
                 "Kính gửi: %s\n\n%s xin gửi kèm thư xin lỗi số %s về việc giải quyết hồ sơ %s bị trễ hẹn.\n"
                 "Thời gian trả kết quả ghi trong thư kèm theo.\n\nTrân trọng.\n",
                 mail->name, facts->unit_name, facts->letter_no, facts->key.code) < 0) {
        mail->text = NULL;
        return STATUS_RETRY;
    }
    return STATUS_OK;
}

enum status letter_desk_mail(struct letter_desk *self, const struct letter_key *key, struct letter_mail *mail,
                             char error[LETTER_DESK_ERROR_SIZE])
{
    char why[LETTER_ERROR_SIZE];
    const struct letter_facts *facts;
    const struct letter_template *form = NULL;
    const char *obstacle;
    struct letter letter;
    enum status st = open_desk(self);

    memset(mail, 0, sizeof *mail);
    snprintf(error, LETTER_DESK_ERROR_SIZE, "the letter cannot be read now");
    if (st == STATUS_OK) {
        st = letter_source_read(self->source, key, 1);
    }
    if (st != STATUS_OK) {
        return st == STATUS_INVALID ? STATUS_RETRY : st;
    }
    facts = letter_source_facts(self->source, 0);
    obstacle = obstacle_of(facts);
    if (obstacle != NULL) {
        snprintf(error, LETTER_DESK_ERROR_SIZE, "%s", obstacle);
        return STATUS_INVALID;
    }
    st = letter_source_letter(self->source, 0, &letter, &form, why);
    if (st == STATUS_OK) {
        st = word_letter(facts, letter_template_title_of(form, &letter), mail);
    }
    if (st == STATUS_OK) {
        st = render(self, mail->subject, false, &mail->pdf, why);
    }
    if (st == STATUS_INVALID) {
        /* What the renderer says may quote the letter. */
        snprintf(error, LETTER_DESK_ERROR_SIZE, "the letter cannot be rendered; run: kipthoi letters print %s",
                 key->code);
    }
    return st;
}

void letter_mail_clear(struct letter_mail *mail)
{
    free(mail->subject);
    free(mail->text);
    letter_bytes_clear(&mail->pdf);
    memset(mail, 0, sizeof *mail);
}

enum status letter_desk_batch(struct letter_desk *self, const struct letter_key *keys, size_t count,
                              struct letter_bytes *pdf)
{
    char why[LETTER_ERROR_SIZE];
    enum status st = open_desk(self);

    memset(pdf, 0, sizeof *pdf);
    if (st == STATUS_OK) {
        st = letter_source_read(self->source, keys, count);
    }
    if (st == STATUS_OK) {
        st = render(self, "Thư xin lỗi", true, pdf, why);
    }
    /* None of them is drafted: nothing is attached. */
    return st == STATUS_INVALID ? STATUS_OK : st;
}
