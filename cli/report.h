/* SPDX-License-Identifier: MIT */
/*
 * report.h - a query's result as a table: column by column, each with a name, a title and a way to show it.
 */
#ifndef CLI_REPORT_H
#define CLI_REPORT_H

#include "cli/cli.h"

enum report_type {
    REPORT_TEXT,
    REPORT_CODE,   /* text; "" is what came without one */
    REPORT_VALUE,  /* a name of an enum, shown in the language chosen */
    REPORT_TIMELY, /* none, in_time, late: whether a letter went out by its deadline */
    REPORT_INT,
    REPORT_BOOL,
    REPORT_TIME,
    REPORT_DAY,   /* a date */
    REPORT_SPAN,  /* seconds, shown as a span */
    REPORT_SINCE, /* seconds since then; less than 0: until then */
    REPORT_HIDDEN /* int, for programs only */
};

struct report_column {
    const char *name;
    enum word title;
    enum report_type type;
};

/* Column i of the result is columns[i]; NULL when memory is short (table_failed says so too). */
struct table *report_table(const struct cli *cli, const PGresult *result, const struct report_column *columns,
                           int count);

/* Same; when there are rows people do not see columns that are empty in all of them. */
struct table *report_brief(const struct cli *cli, const PGresult *result, const struct report_column *columns,
                           int count);

/* True when a column tells people nothing: it has no value, or it is a text that is the same in every row. */
bool report_is_quiet(const PGresult *result, int column, enum report_type type);

/* A list that is printed as it is. */
struct report_list {
    enum sql_query query;
    const struct report_column *columns;
    int count;
    bool brief;        /* report_brief rather than report_table */
    int64_t as_of_us;  /* for cli_print_table; DB_NULL_US: none */
    const char *first; /* the command that the first row comes of; NULL: an empty list says enough */
};

/* People who see an empty list are told the command that its first row comes of; nothing when there are rows. */
void report_none(const struct cli *cli, const PGresult *rows, const char *first);

/* Runs the query with params (NULL: none) and prints what it gives; returns the exit code. */
int report_list(struct cli *cli, struct db *db, const struct report_list *list, struct db_params *params);

/* Same, of a query without parameters, with report_table. */
int report_query(struct cli *cli, enum sql_query query, const struct report_column *columns, int count);

/* A name of an enum ("late", "owed", "dossier.finished") in the language chosen; the name itself when unknown. */
const char *report_value(const struct cli *cli, const char *name);

/*
 * Finds the source of a dossier code, which is unique per source only; source may be NULL.  EXIT_FINE, or
 * EXIT_ANSWER_NO when there is none or there are several: they are listed.
 */
#define REPORT_SOURCE_SIZE 257
struct report_dossier {
    int32_t source_id;
    bool folded; /* the scorer has seen it */
    char source[REPORT_SOURCE_SIZE];
};
int report_find_dossier(struct cli *cli, struct db *db, const char *code, const char *source,
                        struct report_dossier *dossier);

/* EXIT_FINE when unit is NULL or a unit's code, else EXIT_ANSWER_NO, the reason printed. */
int report_check_unit(struct cli *cli, struct db *db, const char *unit);
/* Same for a source; one that is unknown is refused with those that are. */
int report_check_source(struct cli *cli, struct db *db, const char *source);

/* Adds name to a list "a, b, c" as far as it fits; more than that ends in "...".  list begins as "". */
#define REPORT_LIST_SIZE 512
void report_list_add(char list[REPORT_LIST_SIZE], const char *name);

#endif
