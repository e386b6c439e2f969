/* SPDX-License-Identifier: MIT */
/* codes.c - kipthoi codes: what codes mean that upstreams send each in their own way. */
#include <stdio.h>
#include <string.h>

#include "cli/book_load.h"
#include "cli/code_file.h"
#include "cli/report.h"

static const char help[] =
    "kipthoi codes [list]\n"
    "kipthoi codes load FILE.csv [--dry-run]\n\n"
    "list   codes as sent and what they mean\n"
    "load   takes them from a CSV file with the header source,list,code,means,from,to,note (any order; the first four "
    "are\n"
    "       needed).  source is one source, or * for all.  list is status, channel, unit, field, procedure or "
    "dossier.\n"
    "       from and to are the first and last day, empty: without end.  A row with the source, list, code and from of "
    "a\n"
    "       loaded one takes its place.  All or nothing.\n\n"
    "  --dry-run   checks, and tells what would change, without storing anything\n\n"
    "examples:\n"
    "  kipthoi codes load deploy/codes/sample.csv --dry-run\n"
    "  kipthoi codes --csv > codes.csv\n";

enum { SOURCE, LIST, CODE, MEANS, FROM, TO, NOTE, LOADED_AT, LOADED_BY };

static void put_day(struct cli *cli, struct table *table, const PGresult *rows, int row, int column)
{
    char day[CLI_TIME_SIZE];

    if (db_null(rows, row, column)) {
        table_null(table);
        table_show(table, cli_word(cli, WORD_WITHOUT_END));
    } else {
        table_text(table, cli_date(db_day(rows, row, column), day));
    }
}

static int list_codes(struct cli *cli)
{
    struct table *table;
    PGresult *rows = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st;

    if (code != EXIT_FINE) {
        return code;
    }
    st = db_run(db, SQL_CODE_ALIAS_ROWS, NULL, &rows);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    table = table_new();
    cli_column(cli, table, "source", WORD_SOURCE, TABLE_LEFT);
    cli_column(cli, table, "list", WORD_CODE_LIST, TABLE_LEFT);
    cli_column(cli, table, "code", WORD_CODE_SENT, TABLE_LEFT);
    cli_column(cli, table, "means", WORD_CODE_MEANS, TABLE_LEFT);
    cli_column(cli, table, "from", WORD_FROM_DAY, TABLE_LEFT);
    cli_column(cli, table, "to", WORD_TO_DAY, TABLE_LEFT);
    cli_column(cli, table, "note", WORD_NOTE, TABLE_LEFT);
    cli_column(cli, table, "loaded_at", WORD_LOADED_AT, TABLE_LEFT);
    cli_column(cli, table, "loaded_by", WORD_LOADED_BY, TABLE_LEFT);
    for (int row = 0; row < PQntuples(rows); row++) {
        table_row(table);
        for (int column = SOURCE; column <= MEANS; column++) {
            table_text(table, db_text(rows, row, column));
        }
        put_day(cli, table, rows, row, FROM);
        put_day(cli, table, rows, row, TO);
        table_text(table, db_text(rows, row, NOTE));
        cli_cell_time(table, db_us(rows, row, LOADED_AT));
        table_text(table, db_text(rows, row, LOADED_BY));
    }
    PQclear(rows);
    return cli_print_table(cli, &table, DB_NULL_US);
}

/* Puts the loaded rows beside those of the file. */
static enum status add_loaded(struct db *db, struct code_file *file)
{
    PGresult *rows = NULL;
    enum status st = db_run(db, SQL_CODE_ALIAS_ROWS, NULL, &rows);

    for (int row = 0; st == STATUS_OK && row < PQntuples(rows); row++) {
        struct code_line line = {.list = code_list_from_text(db_text(rows, row, LIST)),
                                 .source = PQgetvalue(rows, row, SOURCE),
                                 .code = PQgetvalue(rows, row, CODE),
                                 .means = PQgetvalue(rows, row, MEANS),
                                 .note = PQgetvalue(rows, row, NOTE)};

        line.from_day = db_null(rows, row, FROM) ? CODE_FILE_EVER : db_day(rows, row, FROM);
        line.to_day = db_null(rows, row, TO) ? CODE_FILE_FOR_EVER : db_day(rows, row, TO);
        st = code_file_add_loaded(file, &line);
    }
    PQclear(rows);
    return st;
}

static const char *text_of(const struct code_line *line, int column, char day[CLI_TIME_SIZE])
{
    switch (column) {
    case SOURCE:
        return line->source;
    case LIST:
        return code_list_text(line->list);
    case CODE:
        return line->code;
    case MEANS:
        return line->means;
    case FROM:
        return line->from_day == CODE_FILE_EVER ? "-infinity" : cli_date(line->from_day, day);
    case TO:
        return line->to_day == CODE_FILE_FOR_EVER ? "infinity" : cli_date(line->to_day, day);
    default:
        return line->note;
    }
}

/* Stores the first count lines, which are the file's. */
static enum status store(struct db *db, const struct code_file *file, size_t count, long long numbers[3], bool *used)
{
    struct db_params *params = db_params_new();
    PGresult *row = NULL;
    enum status st = STATUS_RETRY;
    char day[CLI_TIME_SIZE];

    if (params == NULL) {
        return st;
    }
    for (int column = SOURCE; column <= NOTE; column++) {
        db_param_array(params, DB_ARRAY_TEXT);
        for (size_t i = 0; i < count; i++) {
            db_param_add_text(params, text_of(code_file_line(file, i), column, day));
        }
    }
    db_param_text(params, book_load_who());
    st = db_run(db, SQL_CODE_ALIAS_LOAD, params, &row);
    for (int i = 0; st == STATUS_OK && i < 3; i++) {
        numbers[i] = (long long)db_int(row, 0, i);
    }
    *used = st == STATUS_OK && db_bool(row, 0, 3);
    PQclear(row);
    db_params_destroy(&params);
    return st;
}

/* What a load may change beyond the codes themselves. */
struct effect {
    bool used;       /* the ledger holds events that the codes are about */
    int64_t unknown; /* events in quarantine because no list knew their status */
};

static enum status count_unknown(struct db *db, int64_t *count)
{
    PGresult *row = NULL;
    enum status st = db_run(db, SQL_CODE_UNKNOWN_OPEN, NULL, &row);

    if (st == STATUS_OK) {
        *count = db_int(row, 0, 0);
    }
    PQclear(row);
    return st;
}

static int tell_loaded(struct cli *cli, const long long numbers[3], const struct effect *effect, bool dry_run)
{
    char number[24];
    cJSON *json;

    if (cli->format == CLI_JSON) {
        json = book_load_json(numbers, dry_run);
        cJSON_AddBoolToObject(json, "rebuild", effect->used);
        cJSON_AddNumberToObject(json, "status_unknown", (double)effect->unknown);
        return cli_print_json(cli, json);
    }
    book_load_tell(cli, WORD_CODES_LOADED, numbers, dry_run);
    if (effect->used) {
        cli_say(cli, WORD_CODES_REBUILD, NULL);
    }
    if (effect->unknown > 0) {
        snprintf(number, sizeof number, "%lld", (long long)effect->unknown);
        cli_say(cli, WORD_CODES_REDRIVE, number, NULL);
    }
    return EXIT_FINE;
}

static int load(struct cli *cli, const char *path, bool dry_run)
{
    struct code_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    long long numbers[3] = {0};
    struct effect effect = {0};
    size_t count;
    struct db *db;
    enum status st;
    int code;

    if (code_file_read(&file, path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    count = code_file_count(file);
    code = book_load_begin(cli, &db);
    if (code != EXIT_FINE) {
        goto done;
    }
    st = add_loaded(db, file);
    if (st == STATUS_OK) {
        st = code_file_check(file, error);
    }
    if (st == STATUS_INVALID) {
        code = cli_usage(cli, "%s", error);
        st = STATUS_OK; /* of the connection */
    } else if (st == STATUS_OK) {
        st = store(db, file, count, numbers, &effect.used);
    }
    if (st == STATUS_OK && code == EXIT_FINE) {
        st = count_unknown(db, &effect.unknown);
    }
    code = book_load_end(cli, db, code, st, dry_run);
    if (code == EXIT_FINE) {
        code = tell_loaded(cli, numbers, &effect, dry_run);
    }
done:
    code_file_destroy(&file);
    return code;
}

int cmd_codes(struct cli *cli, int argc, char **argv)
{
    bool dry_run = false;
    const struct cli_option options[] = {{"--dry-run", CLI_FLAG, &dry_run}, {NULL, CLI_FLAG, NULL}};
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (!dry_run && (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0))) {
        return list_codes(cli);
    }
    if (argc == 3 && strcmp(argv[1], "load") == 0) {
        return load(cli, argv[2], dry_run);
    }
    return cli_usage(cli, "usage: kipthoi codes [list | load FILE.csv [--dry-run]]");
}
