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

/* Finds the keys of a webhook, or makes one.  EXIT_FINE or the exit code, the reason printed after where. */
static int have_keys(const struct cli *cli, struct entry *entry, const char *where)
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    char error[SECRET_ERROR_SIZE];
    enum status st;

    entry->files[0] = '\0';
    entry->key_made = false;
    if (is_email(entry->line)) {
        return EXIT_FINE;
    }
    if (entry->line->secret_file[0] != '\0') {
        st = recipient_key_check(entry->line->secret_file, entry->files, error);
    } else {
        st = recipient_key_make(cli->config.notifier.webhook_secrets, path, error);
        entry->key_made = st == STATUS_OK;
        if (st == STATUS_OK) {
            snprintf(entry->files, sizeof entry->files, "%s", path);
        }
    }
    return st == STATUS_OK ? EXIT_FINE : cli_usage(cli, "%ssecret_file: %s", where, error);
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
    struct db *db;
    enum status st;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);

    if (code == EXIT_FINE) {
        code = have_keys(cli, &entry, "");
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
    long long numbers[3]; /* new, changed, the same */
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

static int load_line(struct loading *self, struct entry *entry, enum status *st)
{
    char where[CSV_FILE_ERROR_SIZE];
    bool changed = false;
    int code;

    snprintf(where, sizeof where, "%s:%lld: ", self->path, (long long)entry->line->line);
    code = have_keys(self->cli, entry, where);
    if (code != EXIT_FINE) {
        return code;
    }
    *st = store(self->db, self->params, entry, cli_who(self->request->by), self->path);
    if (*st != STATUS_OK) {
        return EXIT_FINE;
    }
    if (!db_bool(entry->row, 0, UNIT_KNOWN)) {
        return cli_usage(self->cli,
                         "%sunit: \"%s\" is not known; units become known by events or by: kipthoi units load "
                         "FILE.csv; see: kipthoi units",
                         where, entry->line->unit);
    }
    if (!db_bool(entry->row, 0, ROLE_KNOWN)) {
        cli_complain(self->cli, "%srole: no rung of the ladder names \"%s\"", where, entry->line->role);
    }
    if (db_null(entry->row, 0, MADE)) {
        drop_key(entry);
        *st = update(self, entry, &changed);
    }
    self->numbers[!db_null(entry->row, 0, MADE) ? 0 : changed ? 1 : 2]++;
    return EXIT_FINE;
}

/* In one transaction.  Keys that were made stay only when it is committed. */
static int load_all(struct loading *self, const struct recipient_file *file)
{
    size_t count = recipient_file_count(file);
    enum status st = db_begin(self->db);
    int code = EXIT_FINE;

    for (size_t i = 0; i < count && st == STATUS_OK && code == EXIT_FINE; i++) {
        self->entries[i].line = recipient_file_line(file, i);
        code = load_line(self, &self->entries[i], &st);
    }
    if (st == STATUS_OK && code == EXIT_FINE && !self->request->dry_run) {
        st = db_commit(self->db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(self->cli, self->db, st);
    }
    if (code != EXIT_FINE || self->request->dry_run) {
        db_rollback(self->db);
    }
    for (size_t i = 0; i < count; i++) {
        if (code != EXIT_FINE || self->request->dry_run) {
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

int recipients_load(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct recipients_request *r = request;
    struct loading self = {.cli = cli, .path = argv[0], .request = r};
    struct recipient_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    int code = EXIT_UNREACHABLE;

    (void)argc;
    if (recipient_file_read(&file, argv[0], cli->config.notifier.webhook_allow, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    self.params = db_params_new();
    self.entries = calloc(recipient_file_count(file) + 1, sizeof *self.entries);
    if (self.params == NULL || self.entries == NULL) {
        cli_complain(cli, "memory is short");
    } else {
        code = cli_db(cli, &self.db);
    }
    if (code == EXIT_FINE) {
        code = load_all(&self, file);
    }
    if (code == EXIT_FINE && has_email(file)) {
        mail_off_tell(cli);
    }
    if (code == EXIT_FINE && cli->format == CLI_JSON) {
        code = cli_print_json(cli, book_load_json(self.numbers, r->dry_run));
    } else if (code == EXIT_FINE) {
        book_load_tell(cli, WORD_RECIPIENTS_LOADED, self.numbers, r->dry_run);
    }
    free(self.entries);
    db_params_destroy(&self.params);
    recipient_file_destroy(&file);
    return code;
}
