/* SPDX-License-Identifier: MIT */
/*
 * rates_parts.h - a question for rates, and the table that answers it.
 */
#ifndef CLI_RATES_PARTS_H
#define CLI_RATES_PARTS_H

#include "cli/cli.h"
#include "cli/window.h"
#include "common/timestamp.h"

#define RATES_WINDOWS_MAX 16
#define RATES_NO_TARGET (-1)

struct rates_request {
    bool by_unit;
    bool by_field;
    bool by_procedure;
    bool check;
    bool letters; /* what became of letters owed, instead of dossiers */
    const char *rule;
    bool portal;      /* the rule is the portal's, and so is the denominator */
    const char *unit; /* NULL: all */
    int64_t target_bp;
    struct window windows[RATES_WINDOWS_MAX];
    int window_count;
};

/* What came of it, besides the table. */
struct rates_outcome {
    int64_t as_of_us;
    char as_of[TIMESTAMP_SIZE]; /* the same for programs, which find it in every row */
    bool missed;
};

/* What both tables begin with: where, and the window. */
void rates_place_columns(const struct cli *cli, const struct rates_request *request, struct table *table);
void rates_put_place(const struct cli *cli, const struct rates_request *request, struct table *table,
                     const struct window *window, const PGresult *rows, int r);

/* The columns and cells of a target asked for; notes one that is missed. */
void rates_target_columns(const struct cli *cli, const struct rates_request *request, struct table *table);
void rates_put_target(const struct cli *cli, const struct rates_request *request, struct table *table, int64_t part,
                      int64_t whole, bool *missed);

/* The columns of the answer; before any row. */
void rates_columns(const struct cli *cli, const struct rates_request *request, struct table *table);

/* Row r of rates_rows.sql for a window; notes a target that is missed. */
void rates_put_row(const struct cli *cli, const struct rates_request *request, struct table *table,
                   const struct window *window, const PGresult *rows, int r, struct rates_outcome *outcome);

/* The same of rates_letters.sql. */
void rates_letters_columns(const struct cli *cli, const struct rates_request *request, struct table *table);
void rates_put_letters(const struct cli *cli, const struct rates_request *request, struct table *table,
                       const struct window *window, const PGresult *rows, int r, struct rates_outcome *outcome);

#endif
