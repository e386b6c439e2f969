/* SPDX-License-Identifier: MIT */
/* units.c - kipthoi units: names of units and which is above which. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "cli/unit_file.h"

static const char help[] =
    "kipthoi units [list]\n"
    "kipthoi units load FILE.csv\n\n"
    "list   every unit, with its superior and whether an official confirmed it\n"
    "load   takes names and superiors from a CSV file with the header code,name,parent,confirmed (any order; only "
    "code\n"
    "       is needed).  What a line leaves empty stays as it is, but parent '-' takes the superior away.  Superiors "
    "may be\n"
    "       named before or after they are listed.  All or nothing: a circle of superiors is refused with its line.\n\n"
    "examples:\n"
    "  kipthoi units --csv > units.csv\n"
    "  kipthoi units load units.csv\n";

static int list_units(struct cli *cli)
{
    static const struct report_column columns[] = {
        {"code", WORD_UNIT, REPORT_CODE},
        {"name", WORD_NAME, REPORT_TEXT},
        {"parent", WORD_SUPERIOR, REPORT_TEXT},
        {"confirmed", WORD_CONFIRMED, REPORT_BOOL},
        {"first_seen", WORD_FIRST_SEEN, REPORT_TIME},
    };

    return report_query(cli, SQL_UNIT_ROWS, columns, (int)(sizeof columns / sizeof *columns));
}

/* The four columns as arrays; an empty field is NULL: leave as it is. */
static void add_arrays(struct db_params *params, const struct unit_file *file)
{
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < unit_file_count(file); i++) {
        db_param_add_text(params, unit_file_line(file, i)->code);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < unit_file_count(file); i++) {
        db_param_add_text(params, unit_file_line(file, i)->name);
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < unit_file_count(file); i++) {
        db_param_add_text(params, unit_file_line(file, i)->parent);
    }
    db_param_array(params, DB_ARRAY_INT2);
    for (size_t i = 0; i < unit_file_count(file); i++) {
        db_param_add_int(params, unit_file_line(file, i)->confirmed);
    }
}

/* Names the line whose unit stands in a circle; 0 when no line of the file does. */
static size_t line_of(const struct unit_file *file, const PGresult *circle)
{
    for (size_t i = 0; i < unit_file_count(file); i++) {
        for (int r = 0; r < PQntuples(circle); r++) {
            if (strcmp(unit_file_line(file, i)->code, db_text(circle, r, 0)) == 0) {
                return unit_file_line(file, i)->line;
            }
        }
    }
    return 0;
}

static int store(struct cli *cli, struct db *db, struct db_params *params, const struct unit_file *file)
{
    PGresult *counts = NULL;
    PGresult *circle = NULL;
    char made[24];
    char changed[24];
    int code = EXIT_FINE;
    enum status st = db_begin(db);

    if (st == STATUS_OK) {
        add_arrays(params, file);
        st = db_run(db, SQL_UNIT_LOAD, params, &counts);
    }
    if (st == STATUS_OK) {
        db_params_reset(params);
        add_arrays(params, file);
        st = db_run(db, SQL_UNIT_LINK, params, NULL);
    }
    if (st == STATUS_OK) {
        st = db_run(db, SQL_UNIT_CIRCLE, NULL, &circle);
    }
    if (st == STATUS_OK && PQntuples(circle) > 0) {
        snprintf(made, sizeof made, "%zu", line_of(file, circle));
        cli_tell(cli, WORD_UNIT_CIRCLE, made, db_text(circle, 0, 0), NULL);
        code = EXIT_ANSWER_NO;
    } else if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE) {
        db_rollback(db);
    } else {
        snprintf(made, sizeof made, "%lld", (long long)db_int(counts, 0, 0));
        snprintf(changed, sizeof changed, "%zu", unit_file_count(file));
        cli_say(cli, WORD_UNITS_LOADED, changed, made, NULL);
    }
    PQclear(counts);
    PQclear(circle);
    return code;
}

static int load(struct cli *cli, const char *path)
{
    struct unit_file *file = NULL;
    struct db_params *params = NULL;
    char error[UNIT_FILE_ERROR_SIZE];
    struct db *db;
    int code = EXIT_UNREACHABLE;

    if (unit_file_read(&file, path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    params = db_params_new();
    if (params != NULL) {
        code = cli_db(cli, &db);
    }
    if (code == EXIT_FINE) {
        code = store(cli, db, params, file);
    }
    db_params_destroy(&params);
    unit_file_destroy(&file);
    return code;
}

int cmd_units(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0)) {
        return list_units(cli);
    }
    if (argc == 3 && strcmp(argv[1], "load") == 0) {
        return load(cli, argv[2]);
    }
    return cli_usage(cli, "usage: kipthoi units [list | load FILE.csv]");
}
