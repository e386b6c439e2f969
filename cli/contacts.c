/* SPDX-License-Identifier: MIT */
/* contacts.c - kipthoi contacts: whom letters go to.  Names are masked, and who sees them whole is noted. */
#include <stdio.h>
#include <string.h>

#include "cli/book_load.h"
#include "cli/letter_files.h"
#include "cli/mask.h"
#include "cli/report.h"

static const char help[] =
    "kipthoi contacts show  DOSSIER [--source S] [--plain --why TEXT]\n"
    "kipthoi contacts load  FILE.csv [--why TEXT] [--dry-run]\n"
    "kipthoi contacts erase DOSSIER --why TEXT [--source S] [--yes]\n"
    "All take --by WHO (default: your login).  They use the role of section [letters] of the configuration; who may "
    "not\n"
    "read its password file sees no names.\n\n"
    "show   who handed a dossier in, name, phone and e-mail masked.  --plain shows them, and that you looked is noted\n"
    "load   takes contacts from a CSV file with the columns source,dossier,name,address,phone,email,receipt_number "
    "(any\n"
    "       order; the first three are needed).  What is loaded stays, whatever upstream tells later\n"
    "erase  erases the person's data here and in all payloads of the dossier, for good.  Figures and letters' numbers\n"
    "       stay; a letter cannot be drafted any more\n\n"
    "examples:\n"
    "  kipthoi contacts show H56.14-240823-0001\n"
    "  kipthoi contacts load contacts.csv\n"
    "  kipthoi contacts erase H56.14-240823-0001 --why \"asked by the citizen, CV 15\"\n";

struct request {
    const char *source;
    const char *by;
    const char *why;
    bool plain;
    bool dry_run;
};

/* What contact_show.sql gives, in this order. */
enum column { NAME, ADDRESS, PHONE, EMAIL, RECEIPT, ORIGIN, UPDATED_AT, UPDATED_BY, ERASED_AT };

#define SHOWN_SIZE 2048

static const struct {
    const char *name;
    enum word title;
} lines[] = {
    [NAME] = {"name", WORD_NAME},
    [ADDRESS] = {"address", WORD_COL_ADDRESS},
    [PHONE] = {"phone", WORD_COL_PHONE},
    [EMAIL] = {"email", WORD_COL_EMAIL},
    [RECEIPT] = {"receipt_number", WORD_COL_RECEIPT},
    [ORIGIN] = {"origin", WORD_COL_ORIGIN},
    [UPDATED_AT] = {"updated_at", WORD_COL_LOADED_AT},
    [UPDATED_BY] = {"updated_by", WORD_COL_LOADED_BY},
    [ERASED_AT] = {"erased_at", WORD_COL_ERASED_AT},
};
#define LINES ((int)(sizeof lines / sizeof *lines))

static const char *shown(enum column column, const char *text, bool plain, char out[SHOWN_SIZE])
{
    if (plain) {
        return text;
    }
    switch (column) {
    case NAME:
        return mask_name(text, out, SHOWN_SIZE);
    case ADDRESS:
        return "***";
    case PHONE:
        return mask_phone(text, out, SHOWN_SIZE);
    case EMAIL:
        return mask_email(text, out, SHOWN_SIZE);
    default:
        return text;
    }
}

static int print_contact(struct cli *cli, const char *dossier, const PGresult *row, bool plain)
{
    cJSON *json = cli->format == CLI_TEXT ? NULL : cJSON_CreateObject();
    char text[SHOWN_SIZE];
    char time[CLI_TIME_SIZE];

    if (json == NULL) {
        cli_heading(cli, dossier);
    } else {
        cJSON_AddStringToObject(json, "dossier", dossier);
        cJSON_AddBoolToObject(json, "masked", !plain);
    }
    for (int c = 0; c < LINES; c++) {
        bool moment = c == UPDATED_AT || c == ERASED_AT;

        if (json != NULL && (moment || db_null(row, 0, c))) {
            cJSON_AddItemToObject(json, lines[c].name, moment ? cli_json_time(db_us(row, 0, c)) : cJSON_CreateNull());
        } else if (json != NULL) {
            cJSON_AddStringToObject(json, lines[c].name, shown((enum column)c, db_text(row, 0, c), plain, text));
        } else if (!db_null(row, 0, c)) {
            cli_line(cli, lines[c].title,
                     moment ? cli_time(db_us(row, 0, c), time)
                            : shown((enum column)c, db_text(row, 0, c), plain, text));
        }
    }
    return json == NULL ? EXIT_FINE : cli_print_json(cli, json);
}

/* Finds the dossier and opens the connection that may read names; params get its key. */
static int open_dossier(struct cli *cli, const char *dossier, const struct request *request, struct db_params *params,
                        struct db **db)
{
    struct report_dossier found;
    struct db *operator;
    int code = cli_db(cli, &operator);

    if (code == EXIT_FINE) {
        code = report_find_dossier(cli, operator, dossier, request->source, &found);
    }
    if (code == EXIT_FINE) {
        code = cli_letters_db(cli, db);
    }
    if (code == EXIT_FINE) {
        db_param_int4(params, found.source_id);
        db_param_text(params, dossier);
    }
    return code;
}

/* Notes it before anything is shown: nobody looks unnoticed. */
static int show(struct cli *cli, const char *dossier, const struct request *request)
{
    struct db_params *params = db_params_new();
    struct db_params *note = db_params_new();
    PGresult *row = NULL;
    struct db *db;
    enum status st = params == NULL || note == NULL ? STATUS_RETRY : STATUS_OK;
    int code = st == STATUS_OK ? open_dossier(cli, dossier, request, params, &db) : EXIT_UNREACHABLE;

    if (code == EXIT_FINE) {
        st = db_run(db, SQL_CONTACT_SHOW, params, &row);
    }
    if (code == EXIT_FINE && st == STATUS_OK && PQntuples(row) > 0 && request->plain) {
        code = open_dossier(cli, dossier, request, note, &db);
        db_param_text(note, request->by);
        db_param_text(note, request->why);
        st = code == EXIT_FINE ? db_run(db, SQL_CONTACT_LOOKED, note, NULL) : STATUS_OK;
    }
    if (code == EXIT_FINE && st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (code == EXIT_FINE && PQntuples(row) == 0) {
        cli_tell(cli, WORD_CONTACT_NONE, dossier, NULL);
        code = EXIT_ANSWER_NO;
    } else if (code == EXIT_FINE) {
        code = print_contact(cli, dossier, row, request->plain);
    }
    PQclear(row);
    db_params_destroy(&params);
    db_params_destroy(&note);
    return code;
}

/* Rows whose dossier nobody knows, or whose person's data were erased. */
static int check_fit(struct cli *cli, struct db *db, const char *path, const struct text_file *file,
                     struct db_params *params, enum status *st)
{
    PGresult *unfit = NULL;
    int code = EXIT_FINE;

    text_file_param(file, params, CONTACT_SOURCE);
    text_file_param(file, params, CONTACT_DOSSIER);
    *st = db_run(db, SQL_CONTACT_UNFIT, params, &unfit);
    for (int r = 0; *st == STATUS_OK && r < PQntuples(unfit); r++) {
        size_t at = (size_t)db_int(unfit, r, 0);
        bool erased = strcmp(db_text(unfit, r, 1), "erased") == 0;

        code = cli_usage(cli, "%s:%lld: dossier: \"%s\" of %s %s", path, (long long)text_file_line(file, at),
                         text_file_cell(file, at, CONTACT_DOSSIER), text_file_cell(file, at, CONTACT_SOURCE),
                         erased ? "had its person's data erased" : "is not known");
    }
    PQclear(unfit);
    return code;
}

static int store(struct cli *cli, struct db *db, const char *path, const struct text_file *file,
                 const struct request *request, long long numbers[3])
{
    struct db_params *params = db_params_new();
    PGresult *counts = NULL;
    enum status st = params == NULL ? STATUS_RETRY : db_begin(db);
    int code = st == STATUS_OK ? check_fit(cli, db, path, file, params, &st) : EXIT_FINE;

    if (code == EXIT_FINE && st == STATUS_OK) {
        db_params_reset(params);
        for (int c = 0; c < CONTACT_COLUMNS; c++) {
            text_file_param(file, params, c);
        }
        db_param_text(params, request->by);
        db_param_text(params, request->why != NULL ? request->why : "loaded from a file");
        st = db_run(db, SQL_CONTACT_LOAD, params, &counts);
    }
    for (int i = 0; code == EXIT_FINE && st == STATUS_OK && i < 3; i++) {
        numbers[i] = db_int(counts, 0, i);
    }
    if (code == EXIT_FINE && st == STATUS_OK && !request->dry_run) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE || request->dry_run) {
        db_rollback(db);
    }
    PQclear(counts);
    db_params_destroy(&params);
    return code;
}

static int load(struct cli *cli, const char *path, const struct request *request)
{
    struct text_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    long long numbers[3] = {0};
    struct db *db;
    int code;

    if (text_file_read(&file, path, &contact_form, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    code = cli_letters_db(cli, &db);
    if (code == EXIT_FINE) {
        code = store(cli, db, path, file, request, numbers);
    }
    text_file_destroy(&file);
    return code == EXIT_FINE ? book_load_answer(cli, WORD_CONTACTS_LOADED, numbers, request->dry_run) : code;
}

static int erase(struct cli *cli, const char *dossier, const struct request *request)
{
    struct db_params *params = db_params_new();
    char question[CLI_SENTENCE_SIZE];
    char changed[24];
    PGresult *row = NULL;
    struct db *db;
    enum status st;
    int code = params == NULL ? EXIT_UNREACHABLE : open_dossier(cli, dossier, request, params, &db);

    if (code == EXIT_FINE &&
        !cli_confirm(cli, cli_sentence(cli, question, WORD_CONTACT_ERASE_ASK, dossier, NULL), false)) {
        cli_tell(cli, WORD_CONTACT_NOT_ERASED, NULL);
        code = EXIT_ANSWER_NO;
    }
    if (code == EXIT_FINE) {
        db_param_text(params, request->by);
        db_param_text(params, request->why);
        st = db_run(db, SQL_CONTACT_ERASE_ONE, params, &row);
        code = st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, db, st);
    }
    if (code == EXIT_FINE) {
        snprintf(changed, sizeof changed, "%lld", (long long)db_int(row, 0, 0));
        cli_say(cli, WORD_CONTACT_ERASED, dossier, changed, NULL);
    }
    PQclear(row);
    db_params_destroy(&params);
    return code;
}

static int run(struct cli *cli, int argc, char **argv, const struct cli_option *options, struct request *request)
{
    bool why = request->why != NULL && *request->why != '\0';
    int code = -1;

    request->by = request->by != NULL ? request->by : book_load_who();
    if (argc == 3 && strcmp(argv[1], "show") == 0) {
        code = cli_only(cli, options, "contacts show", "--source --plain --why --by");
        if (code < 0 && request->plain && !why) {
            code = cli_usage(cli, "contacts show --plain: --why TEXT is needed, and noted");
        }
        return code >= 0 ? code : show(cli, argv[2], request);
    }
    if (argc == 3 && strcmp(argv[1], "load") == 0) {
        code = cli_only(cli, options, "contacts load", "--why --by --dry-run");
        return code >= 0 ? code : load(cli, argv[2], request);
    }
    if (argc == 3 && strcmp(argv[1], "erase") == 0) {
        code = cli_only(cli, options, "contacts erase", "--source --why --by");
        if (code < 0 && !why) {
            code = cli_usage(cli, "contacts erase: --why TEXT is needed");
        }
        return code >= 0 ? code : erase(cli, argv[2], request);
    }
    return cli_usage(cli, "usage: kipthoi contacts show DOSSIER | load FILE.csv | erase DOSSIER; see: kipthoi contacts "
                          "--help");
}

int cmd_contacts(struct cli *cli, int argc, char **argv)
{
    struct request request = {0};
    const struct cli_option options[] = {
        {"--source", CLI_TEXT_VALUE, &request.source}, {"--by", CLI_TEXT_VALUE, &request.by},
        {"--why", CLI_TEXT_VALUE, &request.why},       {"--plain", CLI_FLAG, &request.plain},
        {"--dry-run", CLI_FLAG, &request.dry_run},     {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    return run(cli, argc, argv, options, &request);
}
