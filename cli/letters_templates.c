/* SPDX-License-Identifier: MIT */
/* letters_templates.c - kipthoi letters templates: the forms that letters are put into. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/letters_parts.h"
#include "cli/report.h"
#include "notifier/letter_template.h"

static int list_templates(struct cli *cli)
{
    static const struct report_column columns[] = {
        {"name", WORD_NAME, REPORT_TEXT},
        {"effective_from", WORD_VALID_FROM, REPORT_DAY},
        {"in_force", WORD_COL_IN_FORCE, REPORT_BOOL},
        {"to_check", WORD_COL_TO_CHECK, REPORT_BOOL},
        {"bytes", WORD_COL_BYTES, REPORT_INT},
        {"loaded_at", WORD_COL_LOADED_AT, REPORT_TIME},
        {"loaded_by", WORD_COL_LOADED_BY, REPORT_TEXT},
    };
    const struct report_list list = {SQL_LETTER_TEMPLATE_ROWS,
                                     columns,
                                     (int)(sizeof columns / sizeof *columns),
                                     false,
                                     DB_NULL_US,
                                     "kipthoi letters templates load FILE"};
    struct db_params *params = db_params_new();
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_db(cli, &db);

    if (code == EXIT_FINE) {
        db_param_day(params, cli_today(cli));
        code = report_list(cli, db, &list, params);
    }
    db_params_destroy(&params);
    return code;
}

/* One byte more than a form may have, which its reader refuses. */
static enum status read_text(const char *path, char **text, size_t *len)
{
    FILE *file = fopen(path, "re");
    enum status st = STATUS_INVALID;

    *text = malloc(LETTER_TEMPLATE_MAX_LEN + 2);
    if (file != NULL && *text != NULL) {
        *len = fread(*text, 1, LETTER_TEMPLATE_MAX_LEN + 1, file);
        (*text)[*len] = '\0';
        st = ferror(file) != 0 ? STATUS_INVALID : STATUS_OK;
    }
    if (file != NULL) {
        fclose(file);
    }
    return st;
}

/* What letters are drafted with from now on, where no other form is named; added: a row of letter_template_add.sql. */
static void tell_effect(const struct cli *cli, const struct letter_template *form, const PGresult *added)
{
    char from[CLI_TIME_SIZE], other_from[CLI_TIME_SIZE], other[CLI_SENTENCE_SIZE];
    int32_t day = letter_template_effective_from(form);
    enum word word = WORD_TEMPLATE_FIRST;

    if (!db_null(added, 0, 0)) {
        cli_sentence(cli, other, WORD_TEMPLATE_FROM, db_text(added, 0, 0), cli_date(db_day(added, 0, 1), other_from),
                     NULL);
        word = day > cli_today(cli)         ? WORD_TEMPLATE_LATER
               : day >= db_day(added, 0, 1) ? WORD_TEMPLATE_REPLACES
                                            : WORD_TEMPLATE_OLDER;
    }
    cli_say(cli, word, letter_template_name(form), cli_date(day, from), other, NULL);
}

/* Stores one form; *fresh: whether it was not there. */
static int load_file(struct cli *cli, struct db *db, const struct letters_request *request, const char *path,
                     bool *fresh)
{
    struct letter_template *form = NULL;
    struct db_params *params = db_params_new();
    char error[LETTER_ERROR_SIZE];
    PGresult *row = NULL;
    char *text = NULL;
    size_t len = 0;
    enum status st;
    int code = EXIT_FINE;

    /* What was checked is what is stored, whatever becomes of the file. */
    if (read_text(path, &text, &len) != STATUS_OK) {
        code = cli_usage(cli, "%s: %s", path, strerror(errno));
    } else if (letter_template_parse(&form, path, text, len, error) != STATUS_OK) {
        code = cli_usage(cli, "%s", error);
    }
    if (code == EXIT_FINE) {
        st = params == NULL ? STATUS_RETRY : STATUS_OK;
        if (st == STATUS_OK) {
            db_param_text(params, letter_template_name(form));
            db_param_day(params, letter_template_effective_from(form));
            db_param_text_len(params, text, len);
            db_param_text(params, letter_template_note(form));
            db_param_text(params, cli_who(request->by));
            db_param_day(params, cli_today(cli));
            st = db_run(db, SQL_LETTER_TEMPLATE_ADD, params, &row);
        }
        *fresh = st == STATUS_OK && PQntuples(row) > 0;
        code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    }
    if (code == EXIT_FINE && *fresh && cli->format == CLI_TEXT) {
        tell_effect(cli, form, row);
    }
    if (code == EXIT_FINE && letter_template_note(form)[0] != '\0') {
        cli_tell(cli, WORD_LETTERS_TEMPLATE_NOTE, path, letter_template_note(form), NULL);
    }
    free(text);
    PQclear(row);
    db_params_destroy(&params);
    letter_template_destroy(&form);
    return code;
}

/* All files or none. */
static int load_templates(struct cli *cli, const struct letters_request *request)
{
    struct db *db;
    int64_t loaded = 0, same = 0;
    char texts[2][24];
    enum status st;
    int code = cli_db(cli, &db);

    if (code != EXIT_FINE) {
        return code;
    }
    st = db_begin(db);
    code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    for (int i = 1; i < request->word_count && code == EXIT_FINE; i++) {
        bool fresh = false;

        code = load_file(cli, db, request, request->words[i], &fresh);
        loaded += fresh;
        same += !fresh;
    }
    if (code == EXIT_FINE) {
        st = db_commit(db);
        code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE) {
        db_rollback(db);
        return code;
    }
    if (cli->format == CLI_JSON) {
        cJSON *json = cJSON_CreateObject();

        cJSON_AddNumberToObject(json, "new", (double)loaded);
        cJSON_AddNumberToObject(json, "same", (double)same);
        return cli_print_json(cli, json);
    }
    snprintf(texts[0], sizeof texts[0], "%lld", (long long)loaded);
    snprintf(texts[1], sizeof texts[1], "%lld", (long long)same);
    cli_say(cli, WORD_TEMPLATES_LOADED, texts[0], texts[1], NULL);
    return EXIT_FINE;
}

static int show_template(struct cli *cli, const char *name)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;

    if (code == EXIT_FINE && st == STATUS_OK) {
        db_param_text(params, name);
        st = db_run(db, SQL_LETTER_TEMPLATE_SHOW, params, &row);
    }
    if (code == EXIT_FINE && st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (code == EXIT_FINE && PQntuples(row) == 0) {
        cli_tell(cli, WORD_TEMPLATE_UNKNOWN, name, NULL);
        code = EXIT_ANSWER_NO;
    } else if (code == EXIT_FINE) {
        fputs(db_text(row, 0, 0), stdout);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

int letters_templates(struct cli *cli, const struct letters_request *request)
{
    const char *action = request->word_count == 0 ? "list" : request->words[0];

    if (strcmp(action, "list") == 0 && request->word_count <= 1) {
        return list_templates(cli);
    }
    if (strcmp(action, "load") == 0 && request->word_count >= 2) {
        return load_templates(cli, request);
    }
    if (strcmp(action, "show") == 0 && request->word_count == 2) {
        return show_template(cli, request->words[1]);
    }
    return cli_usage(cli, "usage: kipthoi letters templates [list | load FILE... | show NAME]");
}
