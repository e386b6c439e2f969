/* SPDX-License-Identifier: MIT */
/* rates_letters.c - the table of letters: what became of those that were owed. */
#include "cli/rates_parts.h"

enum column { TIMELY = 4, LATE, NONE };

void rates_letters_columns(const struct cli *cli, const struct rates_request *request, struct table *table)
{
    rates_place_columns(cli, request, table);
    cli_column(cli, table, "timely", WORD_COL_TIMELY, TABLE_RIGHT);
    cli_column(cli, table, "late", WORD_COL_LETTERS_LATE, TABLE_RIGHT);
    cli_column(cli, table, "none", WORD_COL_LETTERS_NONE, TABLE_RIGHT);
    cli_column(cli, table, "owed", WORD_COL_LETTERS_OWED, TABLE_RIGHT);
    cli_column(cli, table, "rate", WORD_RATE_LETTERS, TABLE_RIGHT);
    rates_target_columns(cli, request, table);
    if (cli->format != CLI_TEXT) {
        cli_column(cli, table, "as_of", WORD_AS_OF, TABLE_LEFT);
    }
}

void rates_put_letters(const struct cli *cli, const struct rates_request *request, struct table *table,
                       const struct window *window, const PGresult *rows, int r, struct rates_outcome *outcome)
{
    int64_t timely = db_int(rows, r, TIMELY);
    int64_t late = db_int(rows, r, LATE);
    int64_t none = db_int(rows, r, NONE);
    int64_t owed = timely + late + none;

    rates_put_place(cli, request, table, window, rows, r);
    table_int(table, timely);
    table_int(table, late);
    table_int(table, none);
    table_int(table, owed);
    cli_cell_rate(cli, table, timely, owed);
    rates_put_target(cli, request, table, timely, owed, &outcome->missed);
    if (cli->format != CLI_TEXT) {
        table_text(table, outcome->as_of);
    }
}
