/* SPDX-License-Identifier: MIT */
/* target_alerts.c - kipthoi targets alerts: which units missed a target, or were forecast to, and since when. */
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "cli/targets.h"
#include "targets/rate.h"
#include "targets/score.h"

enum column {
    NUMBER,
    KIND,
    UNIT,
    FIELD,
    FIELD_GROUP,
    PROCEDURE,
    TITLE,
    PLAN,
    LINE,
    MEASURE,
    PERIOD,
    RELATION,
    BOUND,
    OPENED_AT,
    OPENED_PART,
    OPENED_WHOLE,
    CLOSED_AT,
    CLOSED_PART,
    CLOSED_WHOLE,
    OUTCOME,
    TOTAL
};

struct request {
    bool open;        /* those that last only */
    const char *unit; /* NULL: all */
    int64_t limit;    /* 0: all */
};

static struct table *make_table(const struct cli *cli)
{
    struct table *table = table_new();
    bool people = cli->format == CLI_TEXT;

    cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    cli_column(cli, table, "field", WORD_FIELD, TABLE_LEFT);
    cli_column(cli, table, "title", WORD_TARGET_TITLE, TABLE_LEFT);
    table_give_way(table);
    cli_column(cli, table, "kind", WORD_KIND, TABLE_LEFT);
    cli_column(cli, table, "target", WORD_TARGET_BOUND, TABLE_RIGHT);
    cli_column(cli, table, "window", WORD_WINDOW, TABLE_LEFT);
    cli_column(cli, table, "opened_at", WORD_SINCE, TABLE_LEFT);
    cli_column(cli, table, "rate", WORD_SCORE_VALUE, TABLE_RIGHT);
    cli_column(cli, table, "closed_at", WORD_UNTIL, TABLE_LEFT);
    cli_column(cli, table, "closed_rate", WORD_SCORE_VALUE, TABLE_RIGHT);
    table_hide(table, TABLE_HIDE_EMPTY);
    cli_column(cli, table, "outcome", WORD_OUTCOME, TABLE_LEFT);
    table_hide(table, TABLE_HIDE_EMPTY);
    if (!people) {
        static const char *const more[] = {
            "episode",  "plan",      "line",        "measure",          "field_group",       "procedure",
            "relation", "numerator", "denominator", "closed_numerator", "closed_denominator"};

        for (size_t i = 0; i < sizeof more / sizeof *more; i++) {
            table_column(table, more[i], more[i], TABLE_LEFT);
        }
    }
    return table;
}

/* A word of the table, shown in the language chosen. */
static void put_word(const struct cli *cli, struct table *table, const PGresult *rows, int r, int column)
{
    static const struct {
        const char *name;
        enum word word;
    } words[] = {
        {"fell", WORD_EPISODE_FELL},
        {"forecast", WORD_EPISODE_FORECAST},
        {"recovered", WORD_EPISODE_RECOVERED},
        {"ended", WORD_EPISODE_ENDED},
    };

    if (db_null(rows, r, column)) {
        table_null(table);
        table_show(table, "");
        return;
    }
    table_text(table, db_text(rows, r, column));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strcmp(words[i].name, db_text(rows, r, column)) == 0) {
            table_show(table, cli_word(cli, words[i].word));
        }
    }
}

static void put_rate(const struct cli *cli, struct table *table, const PGresult *rows, int r, int part)
{
    /* A null denominator gives 0: no rate. */
    cli_cell_rate(cli, table, db_int(rows, r, part), db_int(rows, r, part + 1));
    if (db_null(rows, r, part + 1)) {
        table_show(table, "");
    }
}

static void put_where(const struct cli *cli, struct table *table, const PGresult *rows, int r)
{
    bool whole = db_null(rows, r, FIELD);
    const char *group = db_text(rows, r, FIELD_GROUP);

    table_text(table, db_text(rows, r, UNIT));
    table_text(table, whole ? NULL : db_text(rows, r, FIELD));
    if (whole) {
        table_show(table, *group == '\0' ? cli_word(cli, WORD_EVERYWHERE) : group);
    } else if (*db_text(rows, r, FIELD) == '\0') {
        table_show(table, cli_word(cli, WORD_NONE));
    }
}

static void put_demand(const struct cli *cli, struct table *table, const PGresult *rows, int r)
{
    struct target target = {.bound_bp = (int32_t)db_int(rows, r, BOUND)};
    char text[SCORE_TEXT_SIZE];

    table_text(table, rate_format(target.bound_bp, TARGET_WHOLE_BP, '.', text));
    if (target_read_relation(db_text(rows, r, RELATION), &target.relation) == STATUS_OK) {
        table_show(table, score_demand(&target, cli->lang == LANG_VI ? ',' : '.', text));
    }
}

static void put_count(struct table *table, const PGresult *rows, int r, int column)
{
    if (db_null(rows, r, column)) {
        table_null(table);
    } else {
        table_int(table, db_int(rows, r, column));
    }
}

static void put_more(struct table *table, const PGresult *rows, int r)
{
    const char *group = db_text(rows, r, FIELD_GROUP);
    const char *procedure = db_text(rows, r, PROCEDURE);

    put_count(table, rows, r, NUMBER);
    table_text(table, db_text(rows, r, PLAN));
    put_count(table, rows, r, LINE);
    table_text(table, db_text(rows, r, MEASURE));
    table_text(table, *group == '\0' ? NULL : group);
    table_text(table, *procedure == '\0' ? NULL : procedure);
    table_text(table, db_text(rows, r, RELATION));
    put_count(table, rows, r, OPENED_PART);
    put_count(table, rows, r, OPENED_WHOLE);
    put_count(table, rows, r, CLOSED_PART);
    put_count(table, rows, r, CLOSED_WHOLE);
}

static void put_row(const struct cli *cli, struct table *table, const PGresult *rows, int r)
{
    table_row(table);
    put_where(cli, table, rows, r);
    table_text(table, db_text(rows, r, TITLE));
    put_word(cli, table, rows, r, KIND);
    if (db_null(rows, r, CLOSED_AT)) {
        table_tone(table, strcmp(db_text(rows, r, KIND), "fell") == 0 ? TABLE_BAD : TABLE_WARN);
    }
    put_demand(cli, table, rows, r);
    table_text(table, db_text(rows, r, PERIOD));
    cli_cell_time(table, db_us(rows, r, OPENED_AT));
    put_rate(cli, table, rows, r, OPENED_PART);
    cli_cell_time(table, db_us(rows, r, CLOSED_AT));
    put_rate(cli, table, rows, r, CLOSED_PART);
    put_word(cli, table, rows, r, OUTCOME);
    if (cli->format != CLI_TEXT) {
        put_more(table, rows, r);
    }
}

static void say_shown(const struct cli *cli, const PGresult *rows)
{
    int64_t total = PQntuples(rows) == 0 ? 0 : db_int(rows, 0, TOTAL);
    char shown[SCORE_TEXT_SIZE], of[SCORE_TEXT_SIZE];

    cli_say(cli, WORD_EPISODES_SHOWN, cli_number(cli, PQntuples(rows), shown), cli_number(cli, total, of), NULL);
}

static int list(struct cli *cli, const struct request *request)
{
    struct db_params *params = db_params_new();
    struct table *table = NULL;
    PGresult *rows = NULL;
    struct db *db;
    int code = params == NULL ? EXIT_UNREACHABLE : cli_snapshot(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, request->unit);
    }
    if (code != EXIT_FINE) {
        goto done;
    }
    db_param_bool(params, request->open);
    db_param_text(params, request->unit);
    db_param_int8(params, request->limit);
    st = db_run(db, SQL_TARGET_EPISODE_ROWS, params, &rows);
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
        goto done;
    }
    table = make_table(cli);
    for (int r = 0; r < PQntuples(rows); r++) {
        put_row(cli, table, rows, r);
    }
    code = cli_print_table(cli, &table, DB_NULL_US);
    if (cli->format == CLI_TEXT) {
        say_shown(cli, rows);
    }
done:
    PQclear(rows);
    table_destroy(&table);
    db_params_destroy(&params);
    return code;
}

int targets_alerts(struct cli *cli, int argc, char **argv, const char *help)
{
    struct request request = {.limit = 100};
    const struct cli_option options[] = {
        {"--open", CLI_FLAG, &request.open},
        {"--unit", CLI_TEXT_VALUE, &request.unit},
        {"--limit", CLI_INT_VALUE, &request.limit},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 2) {
        return cli_usage(cli, "targets alerts: unexpected \"%s\"; see: kipthoi targets --help", argv[2]);
    }
    return list(cli, &request);
}
