/* SPDX-License-Identifier: MIT */
/*
 * cli.h - what the subcommands of kipthoi share: configuration, the operator's connection, how to answer and in which
 * language.
 *
 * main.c takes the global options (--config, --set, --json, --csv, --lang, --yes) out of the arguments, wherever they
 * stand before "--"; a subcommand gets argv[0] = its name and what is left, and reads it by cli_options.  A subcommand
 * returns an exit code of common/service.h.  Answers go to standard output, everything else to standard error.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stdbool.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "cli/lang.h"
#include "cli/table.h"
#include "common/config.h"
#include "common/db.h"
#include "common/log.h"
#include "common/service.h"
#include "common/status.h"

enum cli_format { CLI_TEXT, CLI_JSON, CLI_CSV };

struct cli {
    struct config config;
    struct log log;
    enum cli_format format;
    enum lang lang;
    bool lang_given;       /* by --lang */
    bool color;            /* standard output is a terminal and NO_COLOR is not set */
    bool terminal;         /* standard error is a terminal: progress may be drawn, questions asked */
    bool yes;              /* --yes: ask nothing */
    struct db *db;         /* opened by cli_db, closed by main */
    struct db *letters_db; /* same by cli_letters_db */
};

/* One option of a subcommand; the array ends with a row whose name is NULL. */
enum cli_option_type { CLI_FLAG, CLI_TEXT_VALUE, CLI_INT_VALUE, CLI_LIST_VALUE };
struct cli_list {
    const char *items[64];
    int count;
};
struct cli_option {
    const char *name; /* "--unit" */
    enum cli_option_type type;
    void *target; /* bool *, const char **, int64_t *, struct cli_list * */
};

/*
 * Reads the options of a subcommand; what is no option is moved to argv[1..*argc-1].  "--name=value" and "--name value"
 * are the same; an empty value is refused.  Returns -1 when the subcommand shall go on, else the exit code (--help
 * printed help: EXIT_FINE).
 */
int cli_options(struct cli *cli, int *argc, char **argv, const struct cli_option *options, const char *help);

/*
 * Refuses options that were given and that call ("calendar show") does not take: allowed are those named ("--unit
 * --version").  What the options point to was NULL, 0 or false before cli_options.  Returns -1 or EXIT_USAGE.
 */
int cli_only(struct cli *cli, const struct cli_option *options, const char *call, const char *allowed);

/*
 * The operator's connection, opened on first use; the deployment's zone must be the configuration's.  EXIT_FINE, or
 * EXIT_UNREACHABLE with the reason printed.
 */
int cli_db(struct cli *cli, struct db **db_p);
/*
 * The same as the role that may read names of citizens; who runs the program has to be able to read its password file.
 */
int cli_letters_db(struct cli *cli, struct db **db_p);
/* Begins one state for a whole report on cli_db.  EXIT_FINE or EXIT_UNREACHABLE with the reason printed. */
int cli_snapshot(struct cli *cli, struct db **db_p);
/* Tells why a call on db failed and gives the exit code for it. */
int cli_db_failed(struct cli *cli, struct db *db, enum status st);

/* Who acts: by when it says somebody, else as book_load_who. */
const char *cli_who(const char *by);

/* "kipthoi: sentence" on standard error. */
void cli_complain(const struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);
/* Same for a wrong call; returns EXIT_USAGE. */
int cli_usage(const struct cli *cli, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* 12,345, or 12.345 in Vietnamese; returns out. */
#define CLI_NUMBER_SIZE 48
const char *cli_number(const struct cli *cli, int64_t number, char out[CLI_NUMBER_SIZE]);

/* The word in the language chosen. */
const char *cli_word(const struct cli *cli, enum word word);
/* Prints a sentence on standard output, its {1} {2} ... filled from the texts that follow (ended by NULL), and a
 * newline. */
void cli_say(const struct cli *cli, enum word word, ...) __attribute__((sentinel));
/* Same on standard error, after "kipthoi: ". */
void cli_tell(const struct cli *cli, enum word word, ...) __attribute__((sentinel));
/* Same into out; returns out. */
#define CLI_SENTENCE_SIZE 1024
const char *cli_sentence(const struct cli *cli, char out[CLI_SENTENCE_SIZE], enum word word, ...)
    __attribute__((sentinel));

/* A code as one word of a shell's command line, in quotes where it needs some; cut to size; returns out. */
#define CLI_SHELL_SIZE 512
const char *cli_shell(const char *code, char out[CLI_SHELL_SIZE]);

/* Prints the whole of json on standard output and frees it.  NULL (memory short): EXIT_UNREACHABLE. */
int cli_print_json(struct cli *cli, cJSON *json);
/*
 * Prints a table in the format chosen and frees it.  JSON: {"as_of": …, "rows": […]} with "total" (or "totals" when
 * there are several); as_of_us DB_NULL_US leaves as_of out.
 */
int cli_print_table(struct cli *cli, struct table **table_p, int64_t as_of_us);
/* The title of a column is a word: table_column with less to type. */
void cli_column(const struct cli *cli, struct table *table, const char *name, enum word title, enum table_align align);
/* A cell with a moment: local time for people, RFC 3339 for programs; null for none. */
void cli_cell_time(struct table *table, int64_t moment_us);
/* A cell with 100 * part / whole: the decimal sign of the language for people, a point for programs; null without
 * whole. */
void cli_cell_rate(const struct cli *cli, struct table *table, int64_t part, int64_t whole);

/* A heading, and under it a line "  title   text" with titles aligned. */
#define CLI_TITLE_WIDTH 24
void cli_heading(const struct cli *cli, const char *text);
void cli_line(const struct cli *cli, enum word title, const char *text);
void cli_line_int(const struct cli *cli, enum word title, int64_t number);

/* Asks on the terminal; true on yes, with --yes, or when nobody can be asked and assume is true. */
bool cli_confirm(const struct cli *cli, const char *question, bool assume);

/* The moment to judge by, and its local day. */
int64_t cli_now_us(const struct cli *cli);
int32_t cli_today(const struct cli *cli);

/* Local time of the deployment's zone, "2015-01-16 08:30" (with seconds when they are not 0); "–" for none. */
#define CLI_TIME_SIZE 48
const char *cli_time(int64_t moment_us, char out[CLI_TIME_SIZE]);
/* "2015-01-16" of days since 1970-01-01. */
const char *cli_date(int32_t day, char out[CLI_TIME_SIZE]);
/* "2 d 3 h", "20 min", "5 s" of a span, without sign. */
const char *cli_span(const struct cli *cli, int64_t span_us, char out[CLI_TIME_SIZE]);
/* RFC 3339 for JSON, null for none; NULL when memory is short. */
cJSON *cli_json_time(int64_t moment_us);
/* Reads RFC 3339, or "2016-01-13", "2016-01-13 08:00[:00]" local; STATUS_INVALID when it is neither. */
enum status cli_read_time(const char *text, int64_t *moment_us) MUST_CHECK;
/* Reads "2016-01-13". */
enum status cli_read_date(const char *text, int32_t *day) MUST_CHECK;

int cmd_alerts(struct cli *cli, int argc, char **argv);
int cmd_allow(struct cli *cli, int argc, char **argv);
int cmd_audit(struct cli *cli, int argc, char **argv);
int cmd_calendar(struct cli *cli, int argc, char **argv);
int cmd_codes(struct cli *cli, int argc, char **argv);
int cmd_contacts(struct cli *cli, int argc, char **argv);
int cmd_deliveries(struct cli *cli, int argc, char **argv);
int cmd_doctor(struct cli *cli, int argc, char **argv);
int cmd_explain(struct cli *cli, int argc, char **argv);
int cmd_flags(struct cli *cli, int argc, char **argv);
int cmd_init(struct cli *cli, int argc, char **argv);
int cmd_keygen(struct cli *cli, int argc, char **argv);
int cmd_late(struct cli *cli, int argc, char **argv);
int cmd_letters(struct cli *cli, int argc, char **argv);
int cmd_migrate(struct cli *cli, int argc, char **argv);
int cmd_procedures(struct cli *cli, int argc, char **argv);
int cmd_quarantine(struct cli *cli, int argc, char **argv);
int cmd_rates(struct cli *cli, int argc, char **argv);
int cmd_rebase(struct cli *cli, int argc, char **argv);
int cmd_rebuild(struct cli *cli, int argc, char **argv);
int cmd_recipients(struct cli *cli, int argc, char **argv);
int cmd_revoke(struct cli *cli, int argc, char **argv);
int cmd_rules(struct cli *cli, int argc, char **argv);
int cmd_scoreboard(struct cli *cli, int argc, char **argv);
int cmd_send(struct cli *cli, int argc, char **argv);
int cmd_status(struct cli *cli, int argc, char **argv);
int cmd_targets(struct cli *cli, int argc, char **argv);
int cmd_units(struct cli *cli, int argc, char **argv);

#endif
