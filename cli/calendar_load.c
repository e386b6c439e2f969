/* SPDX-License-Identifier: MIT */
/* calendar_load.c - kipthoi calendar load: a file becomes the newest version, in one transaction. */
#include <stdio.h>
#include <string.h>

#include "cli/book_load.h"
#include "cli/calendar_parts.h"

struct load {
    const char *path;
    const char *from; /* as given, or NULL */
    const char *why;
    const char *by;
    struct calendar_file *file;
    struct calendar_file *newest; /* NULL: there is none */
    int newest_version;           /* 0: there is none */
    int64_t newest_from_us;
    int64_t in_force_us;
    bool known; /* the newest is this very file */
    PGresult *new_units;
};

static const char *in_force_text(const struct cli *cli, int64_t moment_us, char out[CLI_TIME_SIZE])
{
    if (moment_us == DB_MINUS_INFINITY_US) {
        snprintf(out, CLI_TIME_SIZE, "%s", cli_word(cli, WORD_IN_FORCE_ALWAYS));
        return out;
    }
    return cli_time(moment_us, out);
}

static int read_newest(struct cli *cli, struct db *db, struct load *load)
{
    char error[CALENDAR_FILE_ERROR_SIZE];
    struct db_params *params = db_params_new();
    PGresult *found = NULL;
    int code = EXIT_FINE;
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_int8(params, 0);
        st = db_run(db, SQL_CALENDAR_TEXT, params, &found);
    }
    db_params_destroy(&params);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    if (PQntuples(found) > 0) {
        load->newest_version = (int)db_int(found, 0, 0);
        load->newest_from_us = db_us(found, 0, 4);
        load->known = strcmp(db_text(found, 0, 1), calendar_file_text(load->file)) == 0;
        if (calendar_file_parse(&load->newest, "the newest calendar version", db_text(found, 0, 1),
                                (size_t)db_len(found, 0, 1), error) != STATUS_OK) {
            cli_complain(cli, "%s", error);
            code = EXIT_UNREACHABLE;
        }
    }
    PQclear(found);
    return code;
}

static int check_years(const struct cli *cli, const struct load *load)
{
    char own[CALENDAR_YEARS_SIZE], known[CALENDAR_YEARS_SIZE], number[24];
    int first = calendar_file_first_year(load->newest);
    int last = calendar_file_last_year(load->newest);

    if (calendar_file_first_year(load->file) <= first && calendar_file_last_year(load->file) >= last) {
        return EXIT_FINE;
    }
    snprintf(number, sizeof number, "%d", load->newest_version);
    calendar_years(calendar_file_first_year(load->file), calendar_file_last_year(load->file), own);
    cli_tell(cli, WORD_CALENDAR_LOSES_YEARS, load->path, own, number, calendar_years(first, last, known), NULL);
    return EXIT_ANSWER_NO;
}

/* The first version is in force always; a later one from now at the earliest, so that no verdict of the past moves. */
static int check_from(const struct cli *cli, struct load *load)
{
    int64_t now_us = cli_now_us(cli);
    char from[CLI_TIME_SIZE], other[CLI_TIME_SIZE], number[24];

    if (load->newest == NULL) {
        if (load->from != NULL) {
            cli_tell(cli, WORD_CALENDAR_FIRST_FROM, NULL);
            return EXIT_ANSWER_NO;
        }
        load->in_force_us = DB_MINUS_INFINITY_US;
        return EXIT_FINE;
    }
    if (load->from == NULL) {
        load->in_force_us = now_us;
    }
    if (load->in_force_us < now_us) {
        cli_tell(cli, WORD_CALENDAR_FROM_PAST, load->from, cli_time(now_us, other), NULL);
        return EXIT_ANSWER_NO;
    }
    if (load->in_force_us <= load->newest_from_us) {
        snprintf(number, sizeof number, "%d", load->newest_version);
        cli_tell(cli, WORD_CALENDAR_FROM_ORDER, number, in_force_text(cli, load->newest_from_us, from), NULL);
        return EXIT_ANSWER_NO;
    }
    return EXIT_FINE;
}

/* Everything of the version, then all versions read back as the programs will: what they could not use is not left. */
static int store(struct cli *cli, struct db *db, struct load *load)
{
    const struct calendar_version version = {.file = load->file,
                                             .number = load->newest_version + 1,
                                             .in_force_us = load->in_force_us,
                                             .by = load->by,
                                             .why = load->why};
    char error[CALENDAR_ERROR_SIZE];
    struct calendars *calendars = NULL;
    enum status st = calendar_store(db, &version, &load->new_units);

    if (st == STATUS_OK) {
        st = db_run(db, SQL_BOOK_STAMP, NULL, NULL);
    }
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    st = calendars_load(&calendars, db, error);
    calendars_destroy(&calendars);
    if (st != STATUS_OK) {
        cli_complain(cli, "%s: %s", load->path, error);
        return st == STATUS_INVALID ? EXIT_USAGE : EXIT_UNREACHABLE;
    }
    return EXIT_FINE;
}

static int run(struct cli *cli, struct db *db, struct load *load)
{
    enum status st = db_begin(db);
    int code;

    if (st == STATUS_OK) {
        st = db_run(db, SQL_CALENDAR_LOCK, NULL, NULL);
    }
    code = st == STATUS_OK ? read_newest(cli, db, load) : cli_db_failed(cli, db, st);
    if (code == EXIT_FINE && load->known) {
        db_rollback(db);
        return EXIT_FINE;
    }
    if (code == EXIT_FINE && load->newest != NULL) {
        code = check_years(cli, load);
    }
    if (code == EXIT_FINE) {
        code = check_from(cli, load);
    }
    if (code == EXIT_FINE) {
        code = store(cli, db, load);
    }
    if (code == EXIT_FINE) {
        st = db_commit(db);
        code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE) {
        db_rollback(db);
    }
    return code;
}

/* The codes of the units registered, with blanks between. */
static void list_new_units(const struct load *load, char out[CLI_SENTENCE_SIZE / 2])
{
    size_t used = 0;

    out[0] = '\0';
    for (int r = 0; load->new_units != NULL && r < PQntuples(load->new_units) && used < CLI_SENTENCE_SIZE / 2; r++) {
        used += (size_t)snprintf(out + used, CLI_SENTENCE_SIZE / 2 - used, "%s%s", r == 0 ? "" : " ",
                                 db_text(load->new_units, r, 0));
    }
}

static int tell_json(struct cli *cli, const struct load *load, const struct table *table)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *totals = NULL;
    cJSON *units;

    if (document != NULL) {
        cJSON_AddNumberToObject(document, "version", load->known ? load->newest_version : load->newest_version + 1);
        cJSON_AddBoolToObject(document, "loaded", !load->known);
        cJSON_AddItemToObject(document, "in_force",
                              cli_json_time(load->known ? load->newest_from_us : load->in_force_us));
        units = cJSON_AddArrayToObject(document, "new_units");
        for (int r = 0; load->new_units != NULL && r < PQntuples(load->new_units); r++) {
            cJSON_AddItemToArray(units, cJSON_CreateString(db_text(load->new_units, r, 0)));
        }
        cJSON_AddItemToObject(document, "changes", table == NULL ? cJSON_CreateArray() : table_json(table, &totals));
    }
    cJSON_Delete(totals);
    return cli_print_json(cli, document);
}

static void tell_text(struct cli *cli, const struct load *load)
{
    char number[24], years[CALENDAR_YEARS_SIZE], from[CLI_TIME_SIZE], units[CLI_SENTENCE_SIZE / 2];

    snprintf(number, sizeof number, "%d", load->known ? load->newest_version : load->newest_version + 1);
    in_force_text(cli, load->known ? load->newest_from_us : load->in_force_us, from);
    if (load->known) {
        cli_say(cli, WORD_CALENDAR_LOADED_BEFORE, number, from, NULL);
        return;
    }
    cli_say(cli, WORD_CALENDAR_LOADED, number, calendar_file_name(load->file),
            calendar_years(calendar_file_first_year(load->file), calendar_file_last_year(load->file), years), from,
            NULL);
    list_new_units(load, units);
    if (units[0] != '\0') {
        cli_say(cli, WORD_CALENDAR_NEW_UNITS, units, NULL);
    }
}

static int tell(struct cli *cli, const struct load *load)
{
    bool changed = load->newest != NULL && !load->known;
    struct table *table = changed ? calendar_diff_table(cli, load->newest, load->file) : NULL;
    char number[24], heading[CLI_SENTENCE_SIZE];
    int code = EXIT_FINE;

    if (cli->format == CLI_JSON) {
        code = tell_json(cli, load, table);
    } else {
        if (cli->format == CLI_TEXT) {
            tell_text(cli, load);
        }
        if (changed && cli->format == CLI_TEXT) {
            snprintf(number, sizeof number, "%d", load->newest_version);
            cli_heading(cli, cli_sentence(cli, heading, WORD_CALENDAR_CHANGES, number, NULL));
        }
        if (changed && cli->format == CLI_TEXT && table != NULL && table_rows(table) == 0) {
            cli_say(cli, WORD_CALENDAR_SAME, NULL);
        } else if (changed) {
            code = cli_print_table(cli, &table, DB_NULL_US);
        }
    }
    table_destroy(&table);
    return code;
}

int calendar_load(struct cli *cli, const char *path, const char *from, const char *why, const char *by)
{
    struct load load = {
        .path = path, .from = from, .why = why == NULL ? "" : why, .by = by != NULL ? by : book_load_who()};
    char error[CALENDAR_FILE_ERROR_SIZE];
    struct db *db;
    int code;

    if (calendar_file_read(&load.file, path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    if (from != NULL && cli_read_time(from, &load.in_force_us) != STATUS_OK) {
        code = cli_usage(cli, "--from: \"%s\" is neither a day like 2024-05-01 nor a moment", from);
    } else {
        code = cli_db(cli, &db);
        if (code == EXIT_FINE) {
            code = run(cli, db, &load);
        }
    }
    if (code == EXIT_FINE) {
        code = tell(cli, &load);
    }
    PQclear(load.new_units);
    calendar_file_destroy(&load.file);
    calendar_file_destroy(&load.newest);
    return code;
}
