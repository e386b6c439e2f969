/* SPDX-License-Identifier: MIT */
/* recipients_add.c - kipthoi recipients add, kipthoi recipients load. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/book_load.h"
#include "cli/mail_off.h"
#include "cli/recipient_file.h"
#include "cli/recipient_key.h"
#include "cli/recipients.h"

/* Columns of recipients_add.sql. */
enum { UNIT_KNOWN, ROLE_KNOWN, KNOWN, WHY_DISABLED, MADE };

/* One recipient on its way into the database. */
struct entry {
    const struct recipient_line *line;
    char files[RECIPIENT_KEY_FILES_SIZE]; /* of its keys; "" for mail */
    bool key_made;                        /* the file was made for it */
    PGresult *row;                        /* recipients_add.sql */
};

static bool is_email(const struct recipient_line *line)
{
    return strcmp(line->channel, "email") == 0;
}

/* Finds the keys of a webhook, or makes one.  Not STATUS_OK: error is a sentence. */
static enum status have_keys(const struct cli *cli, struct entry *entry, char error[SECRET_ERROR_SIZE])
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    enum status st;

    entry->files[0] = '\0';
    entry->key_made = false;
    if (is_email(entry->line)) {
        return STATUS_OK;
    }
    if (entry->line->secret_file[0] != '\0') {
        return recipient_key_check(entry->line->secret_file, entry->files, error);
    }
    st = recipient_key_make(cli->config.notifier.webhook_secrets, path, error);
    entry->key_made = st == STATUS_OK;
    if (st == STATUS_OK) {
        snprintf(entry->files, sizeof entry->files, "%s", path);
    }
    return st;
}

static void drop_key(struct entry *entry)
{
    if (entry->key_made) {
        (void)unlink(entry->files);
        entry->key_made = false;
    }
}

static enum status store(struct db *db, struct db_params *params, struct entry *entry, const char *who, const char *why)
{
    const struct recipient_line *line = entry->line;

    db_params_reset(params);
    db_param_text(params, line->unit);
    db_param_text(params, line->role);
    db_param_text(params, line->channel);
    db_param_text(params, line->address);
    db_param_text(params, line->hours);
    db_param_text(params, line->lang);
    db_param_text(params, entry->files[0] == '\0' ? NULL : entry->files);
    db_param_text(params, who);
    db_param_text(params, why);
    return db_run(db, SQL_RECIPIENTS_ADD, params, &entry->row);
}

static int print_added(struct cli *cli, const struct entry *entry)
{
    bool made = !db_null(entry->row, 0, MADE);
    char id[24];
    cJSON *json;

    snprintf(id, sizeof id, "%lld", (long long)db_int(entry->row, 0, made ? MADE : KNOWN));
    if (!db_bool(entry->row, 0, ROLE_KNOWN)) {
        cli_tell(cli, WORD_ROLE_UNNAMED, entry->line->role, NULL);
    }
    if (is_email(entry->line)) {
        mail_off_tell(cli);
    }
    if (cli->format == CLI_JSON) {
        json = cJSON_CreateObject();
        cJSON_AddNumberToObject(json, "id", (double)db_int(entry->row, 0, made ? MADE : KNOWN));
        cJSON_AddBoolToObject(json, "added", made);
        cJSON_AddItemToObject(json, "secret_file",
                              made && entry->files[0] != '\0' ? cJSON_CreateString(entry->files) : cJSON_CreateNull());
        return cli_print_json(cli, json);
    }
    if (!made) {
        cli_say(cli, WORD_RECIPIENT_THERE, id, NULL);
    } else {
        cli_say(cli, WORD_RECIPIENT_ADDED, id, entry->line->address, NULL);
    }
    if (made && entry->files[0] != '\0') {
        cli_say(cli, WORD_KEY_LIES, entry->files, id, NULL);
    }
    return EXIT_FINE;
}

/* What came of recipients_add.sql. */
static int tell_added(struct cli *cli, struct entry *entry)
{
    char id[24];

    if (!db_bool(entry->row, 0, UNIT_KNOWN)) {
        cli_tell(cli, WORD_UNIT_NOT_YET, entry->line->unit, NULL);
        return EXIT_ANSWER_NO;
    }
    if (!db_null(entry->row, 0, WHY_DISABLED)) {
        snprintf(id, sizeof id, "%lld", (long long)db_int(entry->row, 0, KNOWN));
        cli_tell(cli, WORD_RECIPIENT_THERE_DISABLED, id, db_text(entry->row, 0, WHY_DISABLED), NULL);
        return EXIT_ANSWER_NO;
    }
    return print_added(cli, entry);
}

static int add_line(struct cli *cli, const struct recipient_line *line, const struct recipients_request *request)
{
    struct entry entry = {.line = line};
    struct db_params *params = db_params_new();
    char error[SECRET_ERROR_SIZE];
    struct db *db;
    enum status st;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);

    if (code == EXIT_FINE && have_keys(cli, &entry, error) != STATUS_OK) {
        code = cli_usage(cli, "secret_file: %s", error);
    }
    if (code == EXIT_FINE) {
        st = store(db, params, &entry, cli_who(request->by), request->why != NULL ? request->why : "");
        code = st == STATUS_OK ? tell_added(cli, &entry) : cli_db_failed(cli, db, st);
        if (st != STATUS_OK || db_null(entry.row, 0, MADE)) {
            drop_key(&entry);
        }
    }
    PQclear(entry.row);
    db_params_destroy(&params);
    return code;
}

int recipients_add(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct recipients_request *r = request;
    struct recipient_line line;
    char error[CSV_FILE_ERROR_SIZE];
    enum status st;

    (void)argc;
    (void)argv;
    if (r->unit == NULL || r->role == NULL) {
        return cli_usage(cli, "recipients add: %s is needed", r->unit == NULL ? "--unit U" : "--role ROLE");
    }
    if ((r->email == NULL) == (r->webhook == NULL)) {
        return cli_usage(cli, r->email == NULL ? "recipients add: whereto? --email ADDRESS or --webhook URL is needed"
                                               : "recipients add: one recipient has --email or --webhook, not both");
    }
    line = (struct recipient_line){.unit = r->unit,
                                   .role = r->role,
                                   .channel = r->email != NULL ? "email" : "webhook",
                                   .address = r->email != NULL ? r->email : r->webhook,
                                   .hours = r->hours != NULL ? r->hours : "",
                                   .lang = cli->lang_given && cli->lang == LANG_EN ? "en" : "vi",
                                   .secret_file = r->secret_file != NULL ? r->secret_file : ""};
    st = recipient_check(&line, cli->config.notifier.webhook_allow, error);
    if (st == STATUS_RETRY) {
        cli_complain(cli, "memory is short");
        return EXIT_UNREACHABLE;
    }
    return st == STATUS_OK ? add_line(cli, &line, r) : cli_usage(cli, "recipients add: %s", error);
}

/* A file on its way into the database; entries are kept until the end, since keys that were made go when it fails. */
struct loading {
    struct cli *cli;
    struct db *db;
    struct db_params *params;
    const char *path;
    const struct recipients_request *request;
    struct entry *entries;
    struct mistakes mistakes;
    long long numbers[3]; /* new, changed, the same */
    bool no_key;          /* none can be made: that is no row's fault, and the next one would only say it again */
};

static enum status update(struct loading *self, const struct entry *entry, bool *changed)
{
    PGresult *row = NULL;
    enum status st;

    db_params_reset(self->params);
    db_param_int4(self->params, (int32_t)db_int(entry->row, 0, KNOWN));
    db_param_text(self->params, entry->line->hours);
    db_param_text(self->params, entry->line->lang);
    db_param_text(self->params, cli_who(self->request->by));
    db_param_text(self->params, self->path);
    st = db_run(self->db, SQL_RECIPIENTS_UPDATE, self->params, &row);
    *changed = st == STATUS_OK && PQntuples(row) > 0;
    PQclear(row);
    return st;
}

/* STATUS_RETRY: memory is short. */
static enum status refuse(struct loading *self, const struct entry *entry, const char *column, const char *why)
{
    char text[CSV_FILE_ERROR_SIZE];

    snprintf(text, sizeof text, "%s:%lld: %s: %s", self->path, (long long)entry->line->line, column, why);
    return mistakes_add(&self->mistakes, entry->line->line, text);
}

static enum status refuse_unit(struct loading *self, const struct entry *entry)
{
    char why[CSV_FILE_ERROR_SIZE];

    snprintf(why, sizeof why,
             "\"%s\" is not known; units become known by events or by: kipthoi units load FILE.csv; see: kipthoi units",
             entry->line->unit);
    return refuse(self, entry, "unit", why);
}

static enum status load_line(struct loading *self, struct entry *entry)
{
    char error[SECRET_ERROR_SIZE];
    bool changed = false;
    enum status st = have_keys(self->cli, entry, error);

    if (st != STATUS_OK) {
        self->no_key = entry->line->secret_file[0] == '\0';
        return refuse(self, entry, "secret_file", error);
    }
    st = store(self->db, self->params, entry, cli_who(self->request->by), self->path);
    if (st != STATUS_OK) {
        return st;
    }
    if (!db_bool(entry->row, 0, UNIT_KNOWN)) {
        return refuse_unit(self, entry);
    }
    if (!db_bool(entry->row, 0, ROLE_KNOWN)) {
        cli_complain(self->cli, "%s:%lld: role: no rung of the ladder names \"%s\"", self->path,
                     (long long)entry->line->line, entry->line->role);
    }
    if (db_null(entry->row, 0, MADE)) {
        drop_key(entry);
        st = update(self, entry, &changed);
    }
    self->numbers[!db_null(entry->row, 0, MADE) ? 0 : changed ? 1 : 2]++;
    return st;
}

/* In one transaction, which is kept only when no line is bad; so are keys that were made. */
static int load_all(struct loading *self, const struct recipient_file *file)
{
    size_t count = recipient_file_count(file);
    enum status st = db_begin(self->db);
    bool keep = !self->request->dry_run;
    int code = EXIT_FINE;

    for (size_t i = 0; i < count && st == STATUS_OK && !self->no_key; i++) {
        self->entries[i].line = recipient_file_line(file, i);
        st = load_line(self, &self->entries[i]);
    }
    keep = keep && st == STATUS_OK && self->mistakes.count == 0;
    if (keep) {
        st = db_commit(self->db);
        keep = st == STATUS_OK;
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(self->cli, self->db, st);
    }
    if (!keep) {
        db_rollback(self->db);
    }
    for (size_t i = 0; i < count; i++) {
        if (!keep) {
            drop_key(&self->entries[i]);
        }
        PQclear(self->entries[i].row);
    }
    return code;
}

static bool has_email(const struct recipient_file *file)
{
    for (size_t i = 0; i < recipient_file_count(file); i++) {
        if (is_email(recipient_file_line(file, i))) {
            return true;
        }
    }
    return false;
}

/* What came of a file without mistakes. */
static int tell_loaded(const struct loading *self, const struct recipient_file *file)
{
    if (has_email(file)) {
        mail_off_tell(self->cli);
    }
    return book_load_answer(self->cli, WORD_RECIPIENTS_LOADED, self->numbers, self->request->dry_run);
}

int recipients_load(struct cli *cli, int argc, char **argv, const void *request)
{
    struct loading self = {.cli = cli, .path = argv[0], .request = request};
    struct recipient_file *file = NULL;
    int code = EXIT_FINE;
    enum status st = recipient_file_read(&file, argv[0], cli->config.notifier.webhook_allow, &self.mistakes);

    (void)argc;
    self.params = db_params_new();
    self.entries = calloc(file == NULL ? 1 : recipient_file_count(file) + 1, sizeof *self.entries);
    if (st == STATUS_RETRY || self.params == NULL || self.entries == NULL) {
        cli_complain(cli, "memory is short");
        code = EXIT_UNREACHABLE;
    } else if (st == STATUS_OK || recipient_file_count(file) > 0) {
        /* What is right so far may name units that are not known. */
        code = cli_db(cli, &self.db);
        code = code == EXIT_FINE ? load_all(&self, file) : code;
    }
    if (self.mistakes.count > 0) {
        mistakes_tell(cli, &self.mistakes, self.path);
        code = code == EXIT_FINE ? EXIT_USAGE : code;
    } else if (code == EXIT_FINE) {
        code = tell_loaded(&self, file);
    }
    mistakes_clear(&self.mistakes);
    free(self.entries);
    db_params_destroy(&self.params);
    recipient_file_destroy(&file);
    return code;
}
