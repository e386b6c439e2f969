/* SPDX-License-Identifier: MIT */
/* cli.c - what the subcommands share; see cli.h. */
#include "cli/cli.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "targets/rate.h"
#include "targets/score.h"

#define ARGS_MAX 9
#define COMPLAINT_SIZE 8192

static const char *fill_va(const struct cli *cli, enum word word, va_list list, char out[CLI_SENTENCE_SIZE])
{
    const char *args[ARGS_MAX];
    int count = 0;

    while (count < ARGS_MAX && (args[count] = va_arg(list, const char *)) != NULL) {
        count++;
    }
    return lang_fill(cli_word(cli, word), args, count, out, CLI_SENTENCE_SIZE);
}

static void complain_va(const char *fmt, va_list list) __attribute__((format(printf, 1, 0)));
static void complain_va(const char *fmt, va_list list)
{
    char text[COMPLAINT_SIZE];

    /* Files and the wire bring what fmt is filled with. */
    vsnprintf(text, sizeof text, fmt, list);
    fflush(stdout);
    fputs("kipthoi: ", stderr);
    table_put_printable(stderr, text);
    putc('\n', stderr);
}

/* The zone decides which day a moment belongs to: other zone, other figures. */
static int check_deployment(struct cli *cli, struct db *db)
{
    PGresult *zone = NULL;
    enum status st = db_run(db, SQL_CLI_TIME_ZONE, NULL, &zone);
    int code = EXIT_UNREACHABLE;

    if (st != STATUS_OK) {
        if (strcmp(db_sqlstate(db), "42P01") == 0 || strcmp(db_sqlstate(db), "42501") == 0) {
            cli_tell(cli, WORD_NOT_INITIALISED, db_error(db), NULL);
        } else {
            (void)cli_db_failed(cli, db, st);
        }
    } else if (PQntuples(zone) == 0) {
        cli_tell(cli, WORD_NOT_INITIALISED, cli->config.database.name, NULL);
    } else if (strcmp(db_text(zone, 0, 0), cli->config.deployment.time_zone) != 0) {
        cli_tell(cli, WORD_OTHER_ZONE, cli->config.deployment.time_zone, db_text(zone, 0, 0), NULL);
    } else {
        code = EXIT_FINE;
    }
    PQclear(zone);
    return code;
}

/* Opens *own unless it is open. */
static int connect_as(struct cli *cli, const struct config_role *role, struct db **own, struct db **db_p)
{
    char error[DB_ERROR_SIZE];
    int code = EXIT_FINE;

    if (*own == NULL) {
        if (db_open(own, &cli->config, role, "kipthoi", &cli->log, error) != STATUS_OK) {
            cli_tell(cli, WORD_CANNOT_CONNECT, cli->config.database.name, role->user, error, NULL);
            return EXIT_UNREACHABLE;
        }
        code = check_deployment(cli, *own);
        if (code != EXIT_FINE) {
            db_close(own);
        }
    }
    *db_p = *own;
    return code;
}

int cli_db(struct cli *cli, struct db **db_p)
{
    return connect_as(cli, &cli->config.operator.role, &cli->db, db_p);
}

int cli_letters_db(struct cli *cli, struct db **db_p)
{
    return connect_as(cli, &cli->config.letters.role, &cli->letters_db, db_p);
}

int cli_snapshot(struct cli *cli, struct db **db_p)
{
    int code = cli_db(cli, db_p);
    enum status st;

    if (code != EXIT_FINE) {
        return code;
    }
    st = db_begin_snapshot(*db_p);
    return st == STATUS_OK ? EXIT_FINE : cli_db_failed(cli, *db_p, st);
}

int cli_db_failed(struct cli *cli, struct db *db, enum status st)
{
    cli_tell(cli, st == STATUS_RETRY ? WORD_DB_RETRY : WORD_DB_FAILED, db_error(db), NULL);
    return EXIT_UNREACHABLE;
}

void cli_complain(const struct cli *cli, const char *fmt, ...)
{
    va_list list;

    (void)cli;
    va_start(list, fmt);
    complain_va(fmt, list);
    va_end(list);
}

int cli_usage(const struct cli *cli, const char *fmt, ...)
{
    va_list list;

    (void)cli;
    va_start(list, fmt);
    complain_va(fmt, list);
    va_end(list);
    return EXIT_USAGE;
}

_Static_assert(CLI_NUMBER_SIZE == SCORE_TEXT_SIZE, "a number is as long as score_number makes it");

const char *cli_number(const struct cli *cli, int64_t number, char out[CLI_NUMBER_SIZE])
{
    return score_number(number, cli->lang == LANG_VI ? '.' : ',', out);
}

const char *cli_word(const struct cli *cli, enum word word)
{
    return lang_word(cli->lang, word);
}

void cli_say(const struct cli *cli, enum word word, ...)
{
    char sentence[CLI_SENTENCE_SIZE];
    va_list list;

    va_start(list, word);
    table_put_printable(stdout, fill_va(cli, word, list, sentence));
    putchar('\n');
    va_end(list);
}

void cli_tell(const struct cli *cli, enum word word, ...)
{
    char sentence[CLI_SENTENCE_SIZE];
    va_list list;

    va_start(list, word);
    fflush(stdout);
    fputs("kipthoi: ", stderr);
    table_put_printable(stderr, fill_va(cli, word, list, sentence));
    putc('\n', stderr);
    va_end(list);
}

const char *cli_sentence(const struct cli *cli, char out[CLI_SENTENCE_SIZE], enum word word, ...)
{
    va_list list;

    va_start(list, word);
    fill_va(cli, word, list, out);
    va_end(list);
    return out;
}

/* Letters beyond ASCII mean nothing to a shell. */
static bool is_shell_plain(const char *code)
{
    for (const char *at = code; *at != '\0'; at++) {
        if ((unsigned char)*at < 0x80 && !isalnum((unsigned char)*at) && strchr("._-/:@%+,", *at) == NULL) {
            return false;
        }
    }
    return *code != '\0';
}

const char *cli_shell(const char *code, char out[CLI_SHELL_SIZE])
{
    size_t len = 0;

    if (is_shell_plain(code)) {
        snprintf(out, CLI_SHELL_SIZE, "%s", code);
        return out;
    }
    out[len++] = '\'';
    /* Room for one quote spelled out, the last one and NUL. */
    for (; *code != '\0' && len + 6 < CLI_SHELL_SIZE; code++) {
        const char *spelled = *code == '\'' ? "'\\''" : (const char[]){*code, '\0'};

        memcpy(out + len, spelled, strlen(spelled));
        len += strlen(spelled);
    }
    out[len++] = '\'';
    out[len] = '\0';
    return out;
}

int cli_print_json(struct cli *cli, cJSON *json)
{
    char *text = json == NULL ? NULL : cJSON_Print(json);

    cJSON_Delete(json);
    if (text == NULL) {
        cli_complain(cli, "memory is short");
        return EXIT_UNREACHABLE;
    }
    puts(text);
    free(text);
    return EXIT_FINE;
}

static cJSON *table_document(const struct table *table, int64_t as_of_us)
{
    cJSON *document = cJSON_CreateObject();
    cJSON *totals = NULL;
    cJSON *rows = table_json(table, &totals);

    if (document == NULL || rows == NULL) {
        cJSON_Delete(document);
        cJSON_Delete(rows);
        cJSON_Delete(totals);
        return NULL;
    }
    if (as_of_us != DB_NULL_US) {
        cJSON_AddItemToObject(document, "as_of", cli_json_time(as_of_us));
    }
    cJSON_AddItemToObject(document, "rows", rows);
    if (cJSON_GetArraySize(totals) == 1) {
        cJSON_AddItemToObject(document, "total", cJSON_DetachItemFromArray(totals, 0));
    } else if (cJSON_GetArraySize(totals) > 1) {
        cJSON_AddItemToObject(document, "totals", totals);
        return document;
    }
    cJSON_Delete(totals);
    return document;
}

int cli_print_table(struct cli *cli, struct table **table_p, int64_t as_of_us)
{
    int code = EXIT_FINE;

    if (table_failed(*table_p)) {
        cli_complain(cli, "memory is short");
        code = EXIT_UNREACHABLE;
    } else if (cli->format == CLI_JSON) {
        code = cli_print_json(cli, table_document(*table_p, as_of_us));
    } else if (cli->format == CLI_CSV) {
        table_print_csv(*table_p, stdout);
    } else {
        table_print_text(*table_p, stdout, cli->color);
    }
    table_destroy(table_p);
    return code;
}

void cli_column(const struct cli *cli, struct table *table, const char *name, enum word title, enum table_align align)
{
    table_column(table, name, cli_word(cli, title), align);
}

void cli_cell_rate(const struct cli *cli, struct table *table, int64_t part, int64_t whole)
{
    char text[RATE_SIZE];

    table_text(table, rate_format(part, whole, '.', text));
    if (whole != 0 && cli->lang == LANG_VI) {
        table_show(table, rate_format(part, whole, ',', text));
    }
}

void cli_heading(const struct cli *cli, const char *text)
{
    printf("\n%s", cli->color ? "\033[1m" : "");
    table_put_printable(stdout, text);
    puts(cli->color ? "\033[0m" : "");
}

void cli_line(const struct cli *cli, enum word title, const char *text)
{
    const char *name = cli_word(cli, title);
    size_t width = table_width(name);

    printf("  %s%*s  ", name, width < CLI_TITLE_WIDTH ? (int)(CLI_TITLE_WIDTH - width) : 0, "");
    table_put_printable(stdout, text);
    putchar('\n');
}

void cli_line_int(const struct cli *cli, enum word title, int64_t number)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)number);
    cli_line(cli, title, text);
}

bool cli_confirm(const struct cli *cli, const char *question, bool assume)
{
    char answer[16] = "";

    if (cli->yes) {
        return true;
    }
    if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO)) {
        return assume;
    }
    fprintf(stderr, "%s [y/N] ", question);
    fflush(stderr);
    if (fgets(answer, sizeof answer, stdin) == NULL) {
        return false;
    }
    /* "c" is for "có". */
    return answer[0] == 'y' || answer[0] == 'Y' || (cli->lang == LANG_VI && (answer[0] == 'c' || answer[0] == 'C'));
}
