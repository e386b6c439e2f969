/* SPDX-License-Identifier: MIT */
/* rates_table.c - the table of rates: which figures are shown, and the quotients made of them. */
#include "cli/rates_parts.h"
#include "targets/rate.h"

/* For people the figures that make up the rate shown; for programs all. */
static void count_columns(const struct cli *cli, const struct rates_request *request, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    cli_column(cli, table, "early", WORD_COL_EARLY, TABLE_RIGHT);
    cli_column(cli, table, "on_time", WORD_COL_ON_TIME, TABLE_RIGHT);
    cli_column(cli, table, "late", WORD_COL_LATE, TABLE_RIGHT);
    if (!people || !request->portal) {
        cli_column(cli, table, "finished", WORD_COL_FINISHED, TABLE_RIGHT);
    }
    cli_column(cli, table, "overdue", WORD_COL_OVERDUE, TABLE_RIGHT);
    if (!people || request->portal) {
        cli_column(cli, table, "in_time", WORD_COL_IN_TIME, TABLE_RIGHT);
        cli_column(cli, table, "paused", WORD_COL_PAUSED, TABLE_RIGHT);
        cli_column(cli, table, "counted", WORD_COL_COUNTED, TABLE_RIGHT);
    }
    cli_column(cli, table, "excluded", WORD_COL_EXCLUDED, TABLE_RIGHT);
}

static void rate_columns(const struct cli *cli, const struct rates_request *request, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    cli_column(cli, table, "rate", request->portal ? WORD_RATE_PORTAL : WORD_RATE, TABLE_RIGHT);
    if (!people) {
        cli_column(cli, table, "over", WORD_OVER, TABLE_LEFT);
        cli_column(cli, table, "rate_finished", WORD_RATE, TABLE_RIGHT);
    }
    if (!people || !request->portal) {
        cli_column(cli, table, "rate_with_overdue", WORD_RATE_WITH_OVERDUE, TABLE_RIGHT);
    }
    if (!people) {
        cli_column(cli, table, "rate_portal", WORD_RATE_PORTAL, TABLE_RIGHT);
    }
    if (!people || request->portal) {
        cli_column(cli, table, "score", WORD_SCORE, TABLE_RIGHT);
    }
}

void rates_place_columns(const struct cli *cli, const struct rates_request *request, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    if (request->by_unit || !people) {
        cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    }
    if (request->by_field || !people) {
        cli_column(cli, table, "field", WORD_FIELD, TABLE_LEFT);
    }
    if (request->by_procedure || !people) {
        cli_column(cli, table, "procedure", WORD_PROCEDURE, TABLE_LEFT);
    }
    cli_column(cli, table, "window", WORD_WINDOW, TABLE_LEFT);
}

void rates_target_columns(const struct cli *cli, const struct rates_request *request, struct table *table)
{
    if (request->target_bp != RATES_NO_TARGET || cli->format != CLI_TEXT) {
        cli_column(cli, table, "target", WORD_TARGET, TABLE_RIGHT);
        cli_column(cli, table, "met", WORD_MET, TABLE_LEFT);
    }
}

void rates_columns(const struct cli *cli, const struct rates_request *request, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    rates_place_columns(cli, request, table);
    if (!people) {
        cli_column(cli, table, "rule", WORD_RULE, TABLE_LEFT);
    }
    count_columns(cli, request, table);
    rate_columns(cli, request, table);
    rates_target_columns(cli, request, table);
    if (!people) {
        cli_column(cli, table, "as_of", WORD_AS_OF, TABLE_LEFT);
    }
}

/* A code of the row; "" is what came without one.  In the total, the first column says so. */
static void put_code(const struct cli *cli, struct table *table, const PGresult *rows, int r, int column, bool asked,
                     bool *say_total)
{
    if (!asked && cli->format == CLI_TEXT) {
        return;
    }
    if (db_null(rows, r, column)) {
        table_null(table);
        if (*say_total) {
            table_show(table, cli_word(cli, WORD_TOTAL));
        }
        *say_total = false;
        return;
    }
    table_text(table, db_text(rows, r, column));
    if (db_text(rows, r, column)[0] == '\0') {
        table_show(table, cli_word(cli, WORD_NONE));
    }
}

void rates_put_place(const struct cli *cli, const struct rates_request *request, struct table *table,
                     const struct window *window, const PGresult *rows, int r)
{
    bool say_total = db_bool(rows, r, 0);

    table_row(table);
    if (say_total) {
        table_mark_total(table);
    }
    put_code(cli, table, rows, r, 1, request->by_unit, &say_total);
    put_code(cli, table, rows, r, 2, request->by_field, &say_total);
    put_code(cli, table, rows, r, 3, request->by_procedure, &say_total);
    table_text(table, window->name);
}

void rates_put_target(const struct cli *cli, const struct rates_request *request, struct table *table, int64_t part,
                      int64_t whole, bool *missed)
{
    bool met;

    if (request->target_bp == RATES_NO_TARGET) {
        if (cli->format != CLI_TEXT) {
            table_null(table);
            table_null(table);
        }
        return;
    }
    cli_cell_rate(cli, table, request->target_bp, 10000);
    if (whole == 0) {
        table_null(table);
        return;
    }
    met = rate_meets(part, whole, request->target_bp);
    table_bool(table, met, cli_word(cli, met ? WORD_TARGET_MET : WORD_TARGET_MISSED));
    table_tone(table, met ? TABLE_GOOD : TABLE_BAD);
    *missed = *missed || !met;
}

/* A row's counts, and the quotients made of them: part over whole. */
struct figures {
    int64_t early, on_time, late, overdue, in_time, paused, excluded;
    int64_t kept;         /* early and on time */
    int64_t finished;     /* ... and late */
    int64_t portal_part;  /* kept, in time and paused */
    int64_t portal_whole; /* all but excluded */
};

static struct figures read_figures(const PGresult *rows, int r)
{
    enum { EARLY = 4, ON_TIME, LATE, OVERDUE, IN_TIME, PAUSED, EXCLUDED };
    struct figures f = {.early = db_int(rows, r, EARLY),
                        .on_time = db_int(rows, r, ON_TIME),
                        .late = db_int(rows, r, LATE),
                        .overdue = db_int(rows, r, OVERDUE),
                        .in_time = db_int(rows, r, IN_TIME),
                        .paused = db_int(rows, r, PAUSED),
                        .excluded = db_int(rows, r, EXCLUDED)};

    f.kept = f.early + f.on_time;
    f.finished = f.kept + f.late;
    f.portal_part = f.kept + f.in_time + f.paused;
    f.portal_whole = f.finished + f.overdue + f.in_time + f.paused;
    return f;
}

static void put_counts(const struct cli *cli, const struct rates_request *request, struct table *table,
                       const struct figures *f)
{
    bool people = cli->format == CLI_TEXT;

    table_int(table, f->early);
    table_int(table, f->on_time);
    table_int(table, f->late);
    if (!people || !request->portal) {
        table_int(table, f->finished);
    }
    table_int(table, f->overdue);
    if (!people || request->portal) {
        table_int(table, f->in_time);
        table_int(table, f->paused);
        table_int(table, f->portal_whole);
    }
    table_int(table, f->excluded);
}

/* The portal's rate is one of its rule: under the others open dossiers stand in other windows. */
static void put_rates(const struct cli *cli, const struct rates_request *request, struct table *table,
                      const struct figures *f)
{
    bool people = cli->format == CLI_TEXT;
    /* Nothing of nothing is no rate. */
    int64_t portal_whole = request->portal ? f->portal_whole : 0;

    if (request->portal) {
        cli_cell_rate(cli, table, f->portal_part, portal_whole);
    } else {
        cli_cell_rate(cli, table, f->kept, f->finished);
    }
    if (!people) {
        table_text(table, request->portal ? "portal" : "finished");
        cli_cell_rate(cli, table, f->kept, f->finished);
    }
    if (!people || !request->portal) {
        cli_cell_rate(cli, table, f->kept, f->finished + f->overdue);
    }
    if (!people) {
        cli_cell_rate(cli, table, f->portal_part, portal_whole);
    }
    if (!people || request->portal) {
        /* 20 of 20 points where the rate is 100: a fifth of it. */
        cli_cell_rate(cli, table, f->portal_part, portal_whole * 5);
    }
}

void rates_put_row(const struct cli *cli, const struct rates_request *request, struct table *table,
                   const struct window *window, const PGresult *rows, int r, struct rates_outcome *outcome)
{
    bool people = cli->format == CLI_TEXT;
    struct figures f = read_figures(rows, r);

    rates_put_place(cli, request, table, window, rows, r);
    if (!people) {
        table_text(table, request->rule);
    }
    put_counts(cli, request, table, &f);
    put_rates(cli, request, table, &f);
    rates_put_target(cli, request, table, request->portal ? f.portal_part : f.kept,
                     request->portal ? f.portal_whole : f.finished, &outcome->missed);
    if (!people) {
        table_text(table, outcome->as_of);
    }
}
