/* SPDX-License-Identifier: MIT */
/*
 * scoreboard_rank.c - kipthoi scoreboard --rank: units by their on-time rate, among those of the same superior: a
 * unit's figures hold those of its subordinates, and a sum is no rival of its parts.
 */
#include <stdlib.h>
#include <string.h>

#include "cli/scoreboard.h"

struct ranked {
    const char *code;
    const char *name;     /* NULL: none */
    const char *superior; /* NULL: none */
    int64_t early;
    int64_t on_time;
    int64_t late;
    int64_t overdue;
};

static int by_code(const void *key, const void *item)
{
    return strcmp(key, ((const struct ranked *)item)->code);
}

static int compare_rates(const struct ranked *a, const struct ranked *b)
{
    int64_t kept_a = a->early + a->on_time;
    int64_t kept_b = b->early + b->on_time;

    return score_compare_rates(kept_a, kept_a + a->late, kept_b, kept_b + b->late);
}

/* Units of one superior stand together, those without one first. */
static int compare_superiors(const struct ranked *a, const struct ranked *b)
{
    return strcmp(a->superior == NULL ? "" : a->superior, b->superior == NULL ? "" : b->superior);
}

/* Among those of a superior the best first; of equal rates the larger sample, then the code. */
static int by_rank(const void *a, const void *b)
{
    const struct ranked *x = a;
    const struct ranked *y = b;
    int64_t finished_x = x->early + x->on_time + x->late;
    int64_t finished_y = y->early + y->on_time + y->late;
    int order = compare_superiors(x, y);

    if (order == 0) {
        order = compare_rates(y, x);
    }
    if (order == 0) {
        order = (finished_y > finished_x) - (finished_y < finished_x);
    }
    return order != 0 ? order : strcmp(x->code, y->code);
}

static void columns(const struct cli *cli, struct table *table)
{
    cli_column(cli, table, "superior", WORD_SUPERIOR, TABLE_LEFT);
    cli_column(cli, table, "place", WORD_PLACE, TABLE_RIGHT);
    cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    cli_column(cli, table, "name", WORD_NAME, TABLE_LEFT);
    if (cli->format != CLI_TEXT) {
        cli_column(cli, table, "window", WORD_WINDOW, TABLE_LEFT);
        cli_column(cli, table, "rule", WORD_RULE, TABLE_LEFT);
    }
    cli_column(cli, table, "early", WORD_COL_EARLY, TABLE_RIGHT);
    cli_column(cli, table, "on_time", WORD_COL_ON_TIME, TABLE_RIGHT);
    cli_column(cli, table, "late", WORD_COL_LATE, TABLE_RIGHT);
    cli_column(cli, table, "finished", WORD_COL_FINISHED, TABLE_RIGHT);
    cli_column(cli, table, "overdue", WORD_COL_OVERDUE, TABLE_RIGHT);
    cli_column(cli, table, "rate", WORD_RATE, TABLE_RIGHT);
    if (cli->format != CLI_TEXT) {
        cli_column(cli, table, "as_of", WORD_AS_OF, TABLE_LEFT);
    }
}

static void put_count(const struct cli *cli, struct table *table, int64_t count)
{
    char text[SCORE_TEXT_SIZE];

    table_int(table, count);
    table_show(table, cli_number(cli, count, text));
}

static void put_unit(const struct cli *cli, struct table *table, const struct scoreboard *self,
                     const struct ranked *unit, int64_t place)
{
    int64_t kept = unit->early + unit->on_time;

    table_row(table);
    table_text(table, unit->superior);
    if (kept + unit->late == 0) {
        table_null(table);
    } else {
        table_int(table, place);
    }
    table_text(table, unit->code);
    table_text(table, unit->name);
    if (cli->format != CLI_TEXT) {
        table_text(table, self->period.name);
        table_text(table, "promise");
    }
    put_count(cli, table, unit->early);
    put_count(cli, table, unit->on_time);
    put_count(cli, table, unit->late);
    put_count(cli, table, kept + unit->late);
    put_count(cli, table, unit->overdue);
    cli_cell_rate(cli, table, kept, kept + unit->late);
    if (cli->format != CLI_TEXT) {
        cli_cell_time(table, self->as_of_us);
    }
}

static void rank(const struct cli *cli, struct table *table, const struct scoreboard *self, struct ranked *units,
                 size_t count)
{
    size_t first = 0;
    size_t place = 0;

    qsort(units, count, sizeof *units, by_rank);
    for (size_t i = 0; i < count; i++) {
        bool others = i == 0 || compare_superiors(&units[i], &units[i - 1]) != 0;

        first = others ? i : first;
        if (others || compare_rates(&units[i], &units[i - 1]) != 0) {
            place = i - first + 1;
        }
        put_unit(cli, table, self, &units[i], (int64_t)place);
    }
}

static void take_units(const PGresult *rows, struct ranked *units)
{
    for (int r = 0; r < PQntuples(rows); r++) {
        units[r] = (struct ranked){.code = db_text(rows, r, 0),
                                   .name = db_null(rows, r, 1) ? NULL : db_text(rows, r, 1),
                                   .superior = db_null(rows, r, 2) ? NULL : db_text(rows, r, 2)};
    }
}

/* Units come in the order of their codes. */
static void take_counts(const PGresult *rates, struct ranked *units, size_t count)
{
    for (int r = 0; r < PQntuples(rates); r++) {
        struct ranked *unit =
            db_bool(rates, r, 0) ? NULL : bsearch(db_text(rates, r, 1), units, count, sizeof *units, by_code);

        if (unit != NULL) {
            unit->early = db_int(rates, r, 4);
            unit->on_time = db_int(rates, r, 5);
            unit->late = db_int(rates, r, 6);
            unit->overdue = db_int(rates, r, 7);
        }
    }
}

static enum status read_units(struct db *db, const char *unit, PGresult **rows)
{
    struct db_params *params = db_params_new();
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, unit);
        st = db_run(db, SQL_SCORE_UNITS, params, rows);
    }
    db_params_destroy(&params);
    return st;
}

int scoreboard_rank(struct cli *cli, struct db *db, const struct scoreboard *self)
{
    struct score_gather gather = {0};
    struct table *table = NULL;
    const PGresult *rates = NULL;
    PGresult *rows = NULL;
    struct ranked *units = NULL;
    char shown[CLI_TIME_SIZE];
    int code;
    enum status st = score_gather_units(&gather, db, self->unit, &self->period, &rates);

    if (st == STATUS_OK) {
        st = read_units(db, self->unit, &rows);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st == STATUS_OK) {
        units = calloc((size_t)PQntuples(rows) + 1, sizeof *units);
        st = units == NULL ? STATUS_RETRY : STATUS_OK;
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else {
        size_t count = (size_t)PQntuples(rows);

        take_units(rows, units);
        take_counts(rates, units, count);
        table = table_new();
        columns(cli, table);
        rank(cli, table, self, units, count);
        code = cli_print_table(cli, &table, self->as_of_us);
        if (cli->format == CLI_TEXT) {
            cli_say(cli, WORD_BOARD_LINE, self->period.name, cli_time(self->as_of_us, shown), NULL);
        }
    }
    free(units);
    PQclear(rows);
    score_gather_clear(&gather);
    return code;
}
