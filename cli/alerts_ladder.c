/* SPDX-License-Identifier: MIT */
/* alerts_ladder.c - kipthoi alerts ladder: who is told what, and how long before. */
#include <stdio.h>
#include <string.h>

#include "cli/alerts.h"
#include "cli/ladder_file.h"
#include "cli/report.h"

int alerts_ladder(struct cli *cli, int argc, char **argv, const void *request)
{
    static const struct report_column columns[] = {
        {"number", WORD_RUNG_NUMBER, REPORT_INT},    {"rung", WORD_RUNG, REPORT_TEXT},
        {"active", WORD_RUNG_ACTIVE, REPORT_BOOL},   {"anchor", WORD_RUNG_ANCHOR, REPORT_VALUE},
        {"before_days", WORD_RUNG_DAYS, REPORT_INT}, {"before_hours", WORD_RUNG_HOURS, REPORT_INT},
        {"roles", WORD_RUNG_ROLES, REPORT_TEXT},     {"superior", WORD_RUNG_SUPERIOR, REPORT_BOOL},
    };

    (void)argc;
    (void)argv;
    (void)request;
    return report_query(cli, SQL_ALERTS_LADDER, columns, (int)(sizeof columns / sizeof *columns));
}

/* The columns as arrays, in the order of the file. */
static void add_arrays(struct db_params *params, const struct ladder_file *file)
{
    size_t count = ladder_file_count(file);

    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, ladder_file_line(file, i)->rung);
    }
    for (int column = 0; column < 3; column++) {
        db_param_array(params, DB_ARRAY_INT4);
        for (size_t i = 0; i < count; i++) {
            const struct ladder_line *line = ladder_file_line(file, i);
            const int32_t numbers[] = {line->active, line->before_days, line->before_hours};

            db_param_add_int(params, numbers[column]);
        }
    }
    db_param_array(params, DB_ARRAY_TEXT);
    for (size_t i = 0; i < count; i++) {
        db_param_add_text(params, ladder_file_line(file, i)->roles);
    }
    db_param_array(params, DB_ARRAY_INT4);
    for (size_t i = 0; i < count; i++) {
        db_param_add_int(params, ladder_file_line(file, i)->superior);
    }
}

/* Refuses rungs that there are not, and those whose time cannot be moved. */
static int check_rungs(const struct cli *cli, const char *path, const struct ladder_file *file, const PGresult *rows,
                       int *changed)
{
    *changed = 0;
    for (int r = 0; r < PQntuples(rows); r++) {
        const struct ladder_line *line = ladder_file_line(file, (size_t)r);
        const char *anchor = db_text(rows, r, 1);

        if (*anchor == '\0') {
            return cli_usage(cli, "%s:%lld: rung: there is no \"%s\"; see: kipthoi alerts ladder", path,
                             (long long)line->line, line->rung);
        }
        if (strcmp(anchor, "due") != 0 && (line->before_days != 0 || line->before_hours != 0)) {
            return cli_usage(cli, "%s:%lld: rung %s comes before nothing: before_days and before_hours are 0", path,
                             (long long)line->line, line->rung);
        }
        *changed += db_bool(rows, r, 2);
    }
    return EXIT_FINE;
}

static int store(struct cli *cli, struct db *db, const char *path, const struct ladder_file *file, bool dry_run)
{
    struct db_params *params = db_params_new();
    PGresult *rows = NULL;
    char count[24], read[24];
    int changed = 0;
    int code = EXIT_FINE;
    enum status st = params == NULL ? STATUS_RETRY : db_begin(db);

    if (st == STATUS_OK) {
        add_arrays(params, file);
        st = db_run(db, SQL_ALERTS_LADDER_LOAD, params, &rows);
    }
    if (st == STATUS_OK) {
        code = check_rungs(cli, path, file, rows, &changed);
    }
    if (st == STATUS_OK && code == EXIT_FINE && !dry_run) {
        /* The notifier plans anew. */
        st = db_run(db, SQL_BOOK_STAMP, NULL, NULL);
        st = st == STATUS_OK ? db_commit(db) : st;
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE || dry_run) {
        db_rollback(db);
    }
    if (code == EXIT_FINE) {
        snprintf(count, sizeof count, "%d", changed);
        snprintf(read, sizeof read, "%zu", ladder_file_count(file));
        cli_say(cli, WORD_LADDER_LOADED, read, count, NULL);
        if (dry_run) {
            cli_say(cli, WORD_LOAD_DRY, NULL);
        }
    }
    PQclear(rows);
    db_params_destroy(&params);
    return code;
}

int alerts_ladder_load(struct cli *cli, int argc, char **argv, const void *request)
{
    const struct alerts_request *r = request;
    struct ladder_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    struct db *db;
    int code;

    (void)argc;
    if (ladder_file_read(&file, argv[0], error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    code = cli_db(cli, &db);
    if (code == EXIT_FINE) {
        code = store(cli, db, argv[0], file, r->dry_run);
    }
    ladder_file_destroy(&file);
    return code;
}
