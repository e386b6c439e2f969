/* SPDX-License-Identifier: MIT */
/* letters_rules.c - kipthoi letters rules: until when a letter is in time, by versions. */
#include <stdlib.h>
#include <string.h>

#include "cli/book_load.h"
#include "cli/letter_files.h"
#include "cli/letters_parts.h"
#include "cli/report.h"

/* What is the same is counted, what is new is told; nothing else may happen. */
struct outcome {
    int16_t *versions; /* of each row of the file the number it got; 0: it is the same */
    int64_t fresh;
    int64_t same;
};

static void put_rule(struct db_params *params, const struct text_file *file, size_t i, const char *who)
{
    const char *from = text_file_cell(file, i, LETTER_RULE_FROM);
    int32_t day;

    db_params_reset(params);
    if (*from != '\0' && cli_read_date(from, &day) == STATUS_OK) {
        db_param_day(params, day);
    } else {
        db_param_null(params);
    }
    db_param_int2(params, (int16_t)atoi(text_file_cell(file, i, LETTER_RULE_DAYS)));
    db_param_text(params, text_file_cell(file, i, LETTER_RULE_CLOCK));
    db_param_text(params, text_file_cell(file, i, LETTER_RULE_NAME));
    db_param_text(params, text_file_cell(file, i, LETTER_RULE_NOTE));
    db_param_text(params, who);
}

static int add_rules(struct cli *cli, struct db *db, const struct letters_request *request,
                     const struct text_file *file, struct outcome *outcome, enum status *st)
{
    struct db_params *params = db_params_new();
    int code = EXIT_FINE;

    *st = params == NULL || outcome->versions == NULL ? STATUS_RETRY : db_run(db, SQL_LETTER_RULE_LOCK, NULL, NULL);
    for (size_t i = 0; *st == STATUS_OK && code == EXIT_FINE && i < text_file_count(file); i++) {
        PGresult *row = NULL;

        put_rule(params, file, i, cli_who(request->by));
        *st = db_run(db, SQL_LETTER_RULE_ADD, params, &row);
        if (*st == STATUS_OK && strcmp(db_text(row, 0, 1), "earlier") == 0) {
            code = cli_usage(cli,
                             "%s:%lld: effective_from: a version from that day or later is there; see: kipthoi "
                             "letters rules",
                             request->words[1], (long long)text_file_line(file, i));
        } else if (*st == STATUS_OK) {
            bool fresh = strcmp(db_text(row, 0, 1), "new") == 0;

            outcome->versions[i] = fresh ? (int16_t)db_int(row, 0, 0) : 0;
            outcome->fresh += fresh;
            outcome->same += !fresh;
        }
        PQclear(row);
    }
    db_params_destroy(&params);
    return code;
}

/* From which day each new version counts: files come with a day that is an example. */
static void tell_versions(const struct cli *cli, const struct text_file *file, const struct outcome *outcome)
{
    for (size_t i = 0; i < text_file_count(file); i++) {
        char version[CLI_NUMBER_SIZE];

        if (outcome->versions[i] != 0) {
            cli_say(cli, WORD_LETTER_RULE_FROM, cli_number(cli, outcome->versions[i], version),
                    text_file_cell(file, i, LETTER_RULE_NAME), text_file_cell(file, i, LETTER_RULE_FROM),
                    text_file_cell(file, i, LETTER_RULE_NOTE), NULL);
        }
    }
}

static int tell_loaded(struct cli *cli, const struct letters_request *request, const struct text_file *file,
                       const struct outcome *outcome)
{
    const long long numbers[3] = {outcome->fresh, 0, outcome->same};

    if (cli->format != CLI_JSON) {
        tell_versions(cli, file, outcome);
    }
    return book_load_answer(cli, WORD_LETTER_RULES_LOADED, numbers, request->dry_run);
}

static int load_rules(struct cli *cli, const struct letters_request *request)
{
    struct text_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    struct outcome outcome = {0};
    struct db *db;
    enum status st = STATUS_OK;
    int code;

    if (text_file_read(&file, request->words[1], &letter_rule_form, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    outcome.versions = calloc(text_file_count(file) + 1, sizeof *outcome.versions);
    code = book_load_begin(cli, &db);
    if (code == EXIT_FINE) {
        code = add_rules(cli, db, request, file, &outcome, &st);
        code = book_load_end(cli, db, code, st, request->dry_run);
    }
    if (code == EXIT_FINE) {
        code = tell_loaded(cli, request, file, &outcome);
    }
    free(outcome.versions);
    text_file_destroy(&file);
    return code;
}

int letters_rules(struct cli *cli, const struct letters_request *request)
{
    static const struct report_column columns[] = {
        {"version", WORD_VERSION, REPORT_INT},
        {"name", WORD_NAME, REPORT_TEXT},
        {"effective_from", WORD_VALID_FROM, REPORT_TIME},
        {"days_before", WORD_COL_DAYS_BEFORE, REPORT_INT},
        {"clock", WORD_COL_CLOCK, REPORT_TEXT},
        {"note", WORD_NOTE, REPORT_TEXT},
        {"loaded_at", WORD_COL_LOADED_AT, REPORT_TIME},
        {"loaded_by", WORD_COL_LOADED_BY, REPORT_TEXT},
    };
    const char *action = request->word_count == 0 ? "list" : request->words[0];

    if (strcmp(action, "list") == 0 && request->word_count <= 1) {
        return report_query(cli, SQL_LETTER_RULE_ROWS, columns, (int)(sizeof columns / sizeof *columns));
    }
    if (strcmp(action, "load") == 0 && request->word_count == 2) {
        return load_rules(cli, request);
    }
    return cli_usage(cli, "usage: kipthoi letters rules [list | load FILE.csv]");
}
