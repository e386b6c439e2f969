/* SPDX-License-Identifier: MIT */
/* procedures.c - kipthoi procedures: how long procedures may take. */
#include <stdio.h>
#include <string.h>

#include "cli/book_load.h"
#include "cli/code_form.h"
#include "cli/procedure_file.h"
#include "cli/rule_words.h"

static const char help[] =
    "kipthoi procedures [list [CODE]]\n"
    "kipthoi procedures load FILE.csv [--dry-run]\n\n"
    "list   the terms of procedures, and what a supplement request does to their clock, by effective date\n"
    "load   takes them from a CSV file with the header procedure,effective_from,term,pause_mode,note (any order; "
    "procedure\n"
    "       and term are needed).  effective_from is a day or RFC 3339, empty: always.  term is like \"5 working "
    "days\",\n"
    "       \"8 working hours\", \"30 days\", \"2 months\", empty: none.  pause_mode is pause (default) or restart.  "
    "A\n"
    "       catalogue with the columns ma_thu_tuc,so,don_vi is read too: the longest of several terms is taken.\n"
    "       Rows that are known already are changed.  All or nothing.\n\n"
    "  --dry-run   checks, and tells what would change, without storing anything\n\n"
    "examples:\n"
    "  kipthoi procedures load deploy/procedures/sample.csv --dry-run\n"
    "  kipthoi procedures list 1.000656\n"
    "  kipthoi procedures --csv > procedures.csv\n";

/* "5 working days" for programs, and the same in words. */
static void put_term(const struct cli *cli, struct table *table, const PGresult *rows, int row, int count_column)
{
    struct term term = {.count = (int32_t)db_int(rows, row, count_column),
                        .unit = term_unit_from_name(db_text(rows, row, count_column + 1))};
    char text[64];
    char shown[CLI_SENTENCE_SIZE];
    char *blank;

    if (db_null(rows, row, count_column) || term.unit == TERM_UNITS) {
        table_null(table);
        return;
    }
    snprintf(text, sizeof text, "%d %s", term.count, term_unit_name(term.unit));
    blank = strchr(text, '_');
    if (blank != NULL) {
        *blank = ' ';
    }
    table_text(table, text);
    table_show(table, rule_words_term(cli, &term, shown));
}

static int print_rows(struct cli *cli, const PGresult *rows)
{
    enum { PROCEDURE, PROCEDURE_NAME, EFFECTIVE, COUNT, UNIT, MODE, NOTE, LOADED_AT, LOADED_BY };
    struct table *table = table_new();

    cli_column(cli, table, "procedure", WORD_PROCEDURE, TABLE_LEFT);
    cli_column(cli, table, "name", WORD_NAME, TABLE_LEFT);
    cli_column(cli, table, "effective_from", WORD_EFFECTIVE_FROM, TABLE_LEFT);
    cli_column(cli, table, "term", WORD_TERM, TABLE_LEFT);
    cli_column(cli, table, "pause_mode", WORD_PAUSE_MODE, TABLE_LEFT);
    cli_column(cli, table, "note", WORD_NOTE, TABLE_LEFT);
    cli_column(cli, table, "loaded_at", WORD_LOADED_AT, TABLE_LEFT);
    cli_column(cli, table, "loaded_by", WORD_LOADED_BY, TABLE_LEFT);
    for (int row = 0; row < PQntuples(rows); row++) {
        bool restart = strcmp(db_text(rows, row, MODE), "restart") == 0;

        table_row(table);
        table_text(table, db_text(rows, row, PROCEDURE));
        table_text(table, db_null(rows, row, PROCEDURE_NAME) ? NULL : db_text(rows, row, PROCEDURE_NAME));
        cli_cell_time(table, db_us(rows, row, EFFECTIVE));
        if (db_us(rows, row, EFFECTIVE) == DB_MINUS_INFINITY_US) {
            table_show(table, cli_word(cli, WORD_ALWAYS));
        }
        put_term(cli, table, rows, row, COUNT);
        table_text(table, db_text(rows, row, MODE));
        table_show(table, cli_word(cli, restart ? WORD_PAUSE_MODE_RESTART : WORD_PAUSE_MODE_PAUSE));
        table_text(table, db_text(rows, row, NOTE));
        cli_cell_time(table, db_us(rows, row, LOADED_AT));
        table_text(table, db_text(rows, row, LOADED_BY));
    }
    return cli_print_table(cli, &table, DB_NULL_US);
}

static int list(struct cli *cli, const char *wanted)
{
    char procedure[CODE_FORM_SIZE];
    struct db_params *params = db_params_new();
    PGresult *rows = NULL;
    struct db *db;
    enum status st = params == NULL ? STATUS_RETRY : STATUS_OK;
    int code = cli_db(cli, &db);

    if (code != EXIT_FINE) {
        goto done;
    }
    if (st == STATUS_OK && wanted != NULL) {
        st = code_form(CODE_PROCEDURE, wanted, procedure);
    }
    if (st == STATUS_OK) {
        db_param_text(params, wanted == NULL ? NULL : procedure);
        st = db_run(db, SQL_PROCEDURE_TERM_ROWS, params, &rows);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (wanted != NULL && PQntuples(rows) == 0) {
        cli_tell(cli, WORD_PROCEDURE_NO_TERM, procedure, NULL);
        code = EXIT_ANSWER_NO;
    } else {
        code = print_rows(cli, rows);
    }
done:
    PQclear(rows);
    db_params_destroy(&params);
    return code;
}

/* $1 .. $5 of procedure_term_touched and procedure_term_load. */
static void add_arrays(struct db_params *params, const struct procedure_file *file)
{
    size_t count = procedure_file_count(file);

    db_params_reset(params);
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, procedure_file_line(file, i)->procedure);
    }
    db_param_array(params, DB_ARRAY_US);
    for (size_t i = 0; i < count; i++) {
        db_param_add_us(params, procedure_file_line(file, i)->effective_us);
    }
    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        const struct procedure_line *line = procedure_file_line(file, i);

        db_param_add_int(params, line->has_term ? line->term.count : 0);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        const struct procedure_line *line = procedure_file_line(file, i);

        db_param_add_text(params, line->has_term ? term_unit_name(line->term.unit) : NULL);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, procedure_file_line(file, i)->restart ? "restart" : "pause");
    }
}

static enum status store(struct db *db, struct db_params *params, const struct procedure_file *file,
                         long long numbers[3], long long *touched)
{
    PGresult *row = NULL;
    enum status st;

    add_arrays(params, file);
    st = db_run(db, SQL_PROCEDURE_TERM_TOUCHED, params, &row);
    if (st != STATUS_OK) {
        return st;
    }
    *touched = (long long)db_int(row, 0, 0);
    PQclear(row);
    add_arrays(params, file);
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < procedure_file_count(file); i++) {
        db_param_add_text(params, procedure_file_line(file, i)->note);
    }
    db_param_text(params, book_load_who());
    st = db_run(db, SQL_PROCEDURE_TERM_LOAD, params, &row);
    for (int i = 0; st == STATUS_OK && i < 3; i++) {
        numbers[i] = (long long)db_int(row, 0, i);
    }
    PQclear(row);
    return st;
}

static void tell_hints(struct cli *cli, const struct procedure_file *file, long long touched)
{
    char number[24];

    if (procedure_file_ambiguous(file) > 0) {
        snprintf(number, sizeof number, "%zu", procedure_file_ambiguous(file));
        cli_say(cli, WORD_PROCEDURES_AMBIGUOUS, number, NULL);
    }
    if (touched > 0) {
        snprintf(number, sizeof number, "%lld", touched);
        cli_say(cli, WORD_PROCEDURES_REBUILD, number, NULL);
    }
}

/* touched: dossiers that other terms would judge. */
static int tell_loaded(struct cli *cli, const struct procedure_file *file, const long long numbers[3],
                       long long touched, bool dry_run)
{
    cJSON *json;

    if (cli->format == CLI_JSON) {
        json = book_load_json(numbers, dry_run);
        cJSON_AddNumberToObject(json, "ambiguous", (double)procedure_file_ambiguous(file));
        cJSON_AddNumberToObject(json, "dossiers_to_rebuild", (double)touched);
        return cli_print_json(cli, json);
    }
    book_load_tell(cli, WORD_PROCEDURES_LOADED, numbers, dry_run);
    tell_hints(cli, file, touched);
    return EXIT_FINE;
}

static int load(struct cli *cli, const char *path, bool dry_run)
{
    struct procedure_file *file = NULL;
    struct db_params *params = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    long long numbers[3] = {0};
    long long touched = 0;
    struct db *db;
    enum status st = STATUS_RETRY;
    int code;

    if (procedure_file_read(&file, path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    code = book_load_begin(cli, &db);
    if (code == EXIT_FINE) {
        params = db_params_new();
        if (params != NULL) {
            st = store(db, params, file, numbers, &touched);
        }
        code = book_load_end(cli, db, EXIT_FINE, st, dry_run);
    }
    if (code == EXIT_FINE) {
        code = tell_loaded(cli, file, numbers, touched, dry_run);
    }
    db_params_destroy(&params);
    procedure_file_destroy(&file);
    return code;
}

int cmd_procedures(struct cli *cli, int argc, char **argv)
{
    bool dry_run = false;
    const struct cli_option options[] = {{"--dry-run", CLI_FLAG, &dry_run}, {NULL, CLI_FLAG, NULL}};
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (!dry_run && (argc == 1 || (argc <= 3 && strcmp(argv[1], "list") == 0))) {
        return list(cli, argc == 3 ? argv[2] : NULL);
    }
    if (argc == 3 && strcmp(argv[1], "load") == 0) {
        return load(cli, argv[2], dry_run);
    }
    return cli_usage(cli, "usage: kipthoi procedures [list [CODE] | load FILE.csv [--dry-run]]");
}
