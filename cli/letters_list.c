/* SPDX-License-Identifier: MIT */
/* letters_list.c - kipthoi letters list, count. */
#include "cli/letters_parts.h"
#include "cli/report.h"
#include "targets/rate.h"

static const struct report_column list_columns[] = {
    {"unit", WORD_UNIT, REPORT_CODE},           {"dossier", WORD_DOSSIER, REPORT_TEXT},
    {"source", WORD_SOURCE, REPORT_TEXT},       {"episode", WORD_EPISODE, REPORT_INT},
    {"state", WORD_STATE, REPORT_VALUE},        {"due", WORD_DUE, REPORT_TIME},
    {"deadline", WORD_DEADLINE, REPORT_TIME},   {"opened_at", WORD_OPENED, REPORT_TIME},
    {"letter_no", WORD_LETTER_NO, REPORT_TEXT}, {"sent_at", WORD_SENT_AT, REPORT_TIME},
    {"sent_by", WORD_SENT_BY, REPORT_TEXT},     {"new_due", WORD_NEW_DUE, REPORT_TIME},
    {"class", WORD_COL_SENDING, REPORT_TIMELY}, {"waived", WORD_COL_WAIVED, REPORT_BOOL},
};

/* More than that are not counted: all letters ever sent would be. */
#define TOTAL_MOST 100000

/* "100 of 30,599" */
static void say_shown(const struct cli *cli, int rows, int64_t total)
{
    char shown[CLI_NUMBER_SIZE], of[CLI_NUMBER_SIZE];
    bool more = total > TOTAL_MOST && total > rows;
    int64_t all = total > rows ? total : rows;

    cli_say(cli, more ? WORD_LETTERS_SHOWN_OF_MORE : WORD_LETTERS_SHOWN, cli_number(cli, rows, shown),
            cli_number(cli, more ? TOTAL_MOST : all, of), NULL);
}

static void put_filter(struct db_params *params, const struct letters_request *request)
{
    db_params_reset(params);
    db_param_text(params, request->state);
    db_param_text(params, request->unit);
    db_param_text(params, request->timely);
    db_param_bool(params, request->ahead);
}

int letters_list(struct cli *cli, const struct letters_request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    PGresult *total = NULL;
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_snapshot(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, request->unit);
    }
    if (code != EXIT_FINE) {
        goto done;
    }
    put_filter(params, request);
    db_param_int8(params, TOTAL_MOST + 1);
    st = db_run(db, SQL_LETTERS_TOTAL, params, &total);
    if (st == STATUS_OK) {
        put_filter(params, request);
        db_param_int8(params, request->limit);
        st = db_run(db, SQL_LETTERS_ROWS, params, &rows);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
        goto done;
    }
    table = report_table(cli, rows, list_columns, (int)(sizeof list_columns / sizeof *list_columns));
    code = cli_print_table(cli, &table, DB_NULL_US);
    if (cli->format == CLI_TEXT) {
        say_shown(cli, PQntuples(rows), db_int(total, 0, 0));
    }
done:
    PQclear(rows);
    PQclear(total);
    table_destroy(&table);
    db_params_destroy(&params);
    return code;
}

/* What letters_count.sql gives, in this order. */
enum column { UNIT, OWED, TO_SEND, PAST, SENT, TIMELY, VOID, WAIVED };

static const struct {
    const char *name;
    enum word title;
    enum column column;
} counts[] = {
    {"owed", WORD_COL_OWED, OWED},
    {"to_send", WORD_TO_SEND, TO_SEND},
    {"past_deadline", WORD_PAST_DEADLINE, PAST},
    {"sent", WORD_COL_SENT, SENT},
    {"in_time", WORD_TIMELY, TIMELY},
    {"void", WORD_COL_VOID, VOID},
    {"waived", WORD_COL_WAIVED, WAIVED},
};
#define COUNTS (sizeof counts / sizeof *counts)

static struct table *count_table(const struct cli *cli, const PGresult *rows)
{
    struct table *table = table_new();

    cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    for (size_t c = 0; c < COUNTS; c++) {
        cli_column(cli, table, counts[c].name, counts[c].title, TABLE_RIGHT);
    }
    cli_column(cli, table, "sent_late", WORD_SENT_LATE, TABLE_RIGHT);
    cli_column(cli, table, "coverage", WORD_COVERAGE, TABLE_RIGHT);
    cli_column(cli, table, "timely", WORD_TIMELY_RATE, TABLE_RIGHT);
    for (int r = 0; r < PQntuples(rows); r++) {
        table_row(table);
        if (db_null(rows, r, UNIT)) {
            table_null(table);
        } else {
            table_text(table, db_text(rows, r, UNIT));
        }
        for (size_t c = 0; c < COUNTS; c++) {
            table_int(table, db_int(rows, r, (int)counts[c].column));
        }
        table_int(table, db_int(rows, r, SENT) - db_int(rows, r, TIMELY));
        cli_cell_rate(cli, table, db_int(rows, r, SENT), db_int(rows, r, OWED));
        cli_cell_rate(cli, table, db_int(rows, r, TIMELY), db_int(rows, r, OWED));
    }
    table_mark_total(table);
    table_show_first(table, cli_word(cli, WORD_TOTAL));
    return table;
}

int letters_count(struct cli *cli, const struct letters_request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_snapshot(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, request->unit);
    }
    if (code == EXIT_FINE) {
        db_param_text(params, request->unit);
        db_param_us(params, cli_now_us(cli));
        st = db_run(db, SQL_LETTERS_COUNT, params, &rows);
        if (st == STATUS_OK) {
            st = db_commit(db);
        }
        if (st != STATUS_OK) {
            code = cli_db_failed(cli, db, st);
        }
    }
    if (code == EXIT_FINE) {
        table = count_table(cli, rows);
        code = cli_print_table(cli, &table, cli_now_us(cli));
    }
    PQclear(rows);
    db_params_destroy(&params);
    return code;
}
