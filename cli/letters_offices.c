/* SPDX-License-Identifier: MIT */
/* letters_offices.c - kipthoi letters offices, rules: how letters are headed, and until when they are in time. */
#include <stdio.h>
#include <string.h>

#include "cli/book_load.h"
#include "cli/letter_files.h"
#include "cli/letters_parts.h"
#include "cli/report.h"

static const struct report_column office_columns[] = {
    {"unit", WORD_UNIT, REPORT_CODE},
    {"office_of", WORD_COL_OFFICE_OF, REPORT_CODE},
    {"name", WORD_NAME, REPORT_TEXT},
    {"superior", WORD_SUPERIOR, REPORT_TEXT},
    {"place", WORD_COL_PLACE, REPORT_TEXT},
    {"number_form", WORD_COL_NUMBER_FORM, REPORT_TEXT},
    {"signer_for", WORD_COL_SIGNER_FOR, REPORT_TEXT},
    {"signer_title", WORD_COL_SIGNER_TITLE, REPORT_TEXT},
    {"signer_name", WORD_COL_SIGNER, REPORT_TEXT},
    {"copies", WORD_COL_COPIES, REPORT_TEXT},
    {"new_due_place", WORD_COL_NEW_DUE_PLACE, REPORT_TEXT},
    {"phone", WORD_COL_PHONE, REPORT_TEXT},
    {"email", WORD_COL_EMAIL, REPORT_TEXT},
    {"template", WORD_COL_TEMPLATE, REPORT_TEXT},
    {"reason", WORD_COL_REASON, REPORT_TEXT},
    {"term_days", WORD_COL_TERM_DAYS, REPORT_INT},
    {"updated_by", WORD_COL_LOADED_BY, REPORT_TEXT},
    {"updated_at", WORD_COL_LOADED_AT, REPORT_TIME},
};
#define OFFICE_SHOWN (sizeof office_columns / sizeof *office_columns)

/* One office line by line: it is wider than a screen. */
static void print_office(const struct cli *cli, const PGresult *rows, int r)
{
    char text[CLI_TIME_SIZE];

    cli_heading(cli, db_text(rows, r, 0));
    for (size_t c = 1; c < OFFICE_SHOWN; c++) {
        if (db_null(rows, r, (int)c) || (office_columns[c].type == REPORT_TEXT && *db_text(rows, r, (int)c) == '\0')) {
            continue;
        }
        if (office_columns[c].type == REPORT_INT) {
            cli_line_int(cli, office_columns[c].title, db_int(rows, r, (int)c));
        } else if (office_columns[c].type == REPORT_TIME) {
            cli_line(cli, office_columns[c].title, cli_time(db_us(rows, r, (int)c), text));
        } else {
            cli_line(cli, office_columns[c].title, db_text(rows, r, (int)c));
        }
    }
}

/* unit NULL: all. */
static int show_offices(struct cli *cli, const char *unit)
{
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;

    code = code == EXIT_FINE ? report_check_unit(cli, db, unit) : code;
    if (code == EXIT_FINE && st == STATUS_OK) {
        db_param_text(params, unit);
        st = db_run(db, SQL_LETTER_OFFICE_ROWS, params, &rows);
    }
    if (code == EXIT_FINE && st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (code == EXIT_FINE && unit != NULL && PQntuples(rows) == 0) {
        cli_tell(cli, WORD_OFFICE_NONE, unit, NULL);
        code = EXIT_ANSWER_NO;
    } else if (code == EXIT_FINE && cli->format == CLI_TEXT) {
        for (int r = 0; r < PQntuples(rows); r++) {
            print_office(cli, rows, r);
        }
        letters_say_count(cli, WORD_OFFICES_COUNT, PQntuples(rows));
    } else if (code == EXIT_FINE) {
        table = report_table(cli, rows, office_columns, (int)OFFICE_SHOWN);
        code = cli_print_table(cli, &table, DB_NULL_US);
    }
    PQclear(rows);
    db_params_destroy(&params);
    return code;
}

/* What the file names must be there; the line is told. */
static int check_known(struct cli *cli, struct db *db, const char *path, const struct text_file *file,
                       struct db_params *params, enum status *st)
{
    PGresult *unknown = NULL;
    int code = EXIT_FINE;

    text_file_param(file, params, OFFICE_UNIT);
    text_file_param(file, params, OFFICE_TEMPLATE);
    *st = db_run(db, SQL_LETTER_OFFICE_UNKNOWN, params, &unknown);
    for (int r = 0; *st == STATUS_OK && r < PQntuples(unknown); r++) {
        bool unit = strcmp(db_text(unknown, r, 1), "unit") == 0;

        code = cli_usage(cli, "%s:%lld: %s: \"%s\" is not known; see: kipthoi %s load", path,
                         (long long)text_file_line(file, (size_t)db_int(unknown, r, 0)), db_text(unknown, r, 1),
                         db_text(unknown, r, 2), unit ? "units" : "letters templates");
    }
    PQclear(unknown);
    return code;
}

/* A warning and no more: the units below may get offices later. */
static enum status warn_shared(struct cli *cli, struct db *db, const struct text_file *file, struct db_params *params)
{
    PGresult *shared = NULL;
    enum status st;

    db_params_reset(params);
    text_file_param(file, params, OFFICE_UNIT);
    st = db_run(db, SQL_LETTER_OFFICE_SHARED, params, &shared);
    for (int r = 0; st == STATUS_OK && r < PQntuples(shared); r++) {
        char units[24];

        snprintf(units, sizeof units, "%lld", (long long)db_int(shared, r, 1));
        cli_tell(cli, WORD_OFFICE_SHARED, db_text(shared, r, 0), units, NULL);
    }
    PQclear(shared);
    return st;
}

/* In a transaction of its own, which a dry run takes back. */
static int store_offices(struct cli *cli, const char *path, const struct text_file *file,
                         const struct letters_request *request, long long numbers[3])
{
    struct db_params *params = db_params_new();
    PGresult *counts = NULL;
    struct db *db;
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;
    int code = book_load_begin(cli, &db);

    if (code == EXIT_FINE) {
        code = st == STATUS_OK ? check_known(cli, db, path, file, params, &st) : EXIT_FINE;
        if (code == EXIT_FINE && st == STATUS_OK) {
            db_params_reset(params);
            for (int c = 0; c < OFFICE_COLUMNS; c++) {
                text_file_param(file, params, c);
            }
            db_param_text(params, cli_who(request->by));
            st = db_run(db, SQL_LETTER_OFFICE_LOAD, params, &counts);
        }
        for (int i = 0; code == EXIT_FINE && st == STATUS_OK && i < 3; i++) {
            numbers[i] = db_int(counts, 0, i);
        }
        if (code == EXIT_FINE && st == STATUS_OK) {
            st = warn_shared(cli, db, file, params);
        }
        code = book_load_end(cli, db, code, st, request->dry_run);
    }
    PQclear(counts);
    db_params_destroy(&params);
    return code;
}

static int load_offices(struct cli *cli, const struct letters_request *request)
{
    const char *path = request->words[1];
    struct text_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    long long numbers[3] = {0};
    int code;

    if (text_file_read(&file, path, &letter_office_form, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    code = store_offices(cli, path, file, request, numbers);
    text_file_destroy(&file);
    return code == EXIT_FINE ? book_load_answer(cli, WORD_OFFICES_LOADED, numbers, request->dry_run) : code;
}

int letters_offices(struct cli *cli, const struct letters_request *request)
{
    const char *action = request->word_count == 0 ? "list" : request->words[0];

    if (strcmp(action, "list") == 0 && request->word_count <= 1) {
        return show_offices(cli, NULL);
    }
    if (strcmp(action, "load") == 0 && request->word_count == 2) {
        return load_offices(cli, request);
    }
    if (strcmp(action, "show") == 0 && request->word_count == 2) {
        return show_offices(cli, request->words[1]);
    }
    return cli_usage(cli, "usage: kipthoi letters offices [list | load FILE.csv | show UNIT]");
}
