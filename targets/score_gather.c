/* SPDX-License-Identifier: MIT */
/* score_gather.c - see score_gather.h. */
#include "targets/score_gather.h"

#include <assert.h>
#include <string.h>

#include "targets/target_set.h"

/* What the statements are asked. */
struct asked {
    struct db *db;
    struct db_params *params;
    const char *unit; /* NULL: all */
    const struct period *period;
    bool by_unit;
    bool by_procedure;
};

/* Runs the statement; its result is held until the figures are no longer needed. */
static enum status run_held(struct score_gather *self, struct db *db, enum sql_query query, struct db_params *params,
                            PGresult **rows)
{
    enum status st = db_run(db, query, params, rows);

    if (st == STATUS_OK) {
        assert(self->count < SCORE_GATHER_RESULTS);
        self->results[self->count++] = *rows;
    }
    return st;
}

static enum status run_rates(struct score_gather *self, const struct asked *asked, const char *rule, bool by_field,
                             PGresult **rows)
{
    db_params_reset(asked->params);
    db_param_array(asked->params, DB_ARRAY_DAY);
    db_param_add_int(asked->params, asked->period->first_day);
    db_param_array(asked->params, DB_ARRAY_DAY);
    db_param_add_int(asked->params, asked->period->last_day);
    db_param_text(asked->params, rule);
    db_param_bool(asked->params, asked->by_unit);
    db_param_bool(asked->params, by_field);
    db_param_bool(asked->params, asked->by_procedure);
    db_param_text(asked->params, asked->unit);
    return run_held(self, asked->db, SQL_RATES_ROWS, asked->params, rows);
}

static const char *text_or_null(const PGresult *rows, int r, int column)
{
    return db_null(rows, r, column) ? NULL : db_text(rows, r, column);
}

static bool is_nothing(const struct score_tally *tally)
{
    return tally->kept == 0 && tally->broken == 0 && tally->waiting == 0 && tally->overdue == 0;
}

static void add_rates(struct board *board, enum board_source source, const PGresult *rows)
{
    for (int r = 0; r < PQntuples(rows); r++) {
        struct board_figure figure = {.unit = text_or_null(rows, r, 1),
                                      .field = db_text(rows, r, 2),
                                      .procedure = text_or_null(rows, r, 3),
                                      .tally = {.kept = db_int(rows, r, 4) + db_int(rows, r, 5),
                                                .broken = db_int(rows, r, 6),
                                                .overdue = db_int(rows, r, 7),
                                                .waiting = db_int(rows, r, 8) + db_int(rows, r, 9)}};

        /* The total is the sum of the others. */
        if (!db_bool(rows, r, 0) && !is_nothing(&figure.tally)) {
            board_add_figure(board, source, &figure);
        }
    }
}

static enum status gather_rule(struct score_gather *self, const struct asked *asked, enum board_source source,
                               const char *rule, struct board *board)
{
    PGresult *rows = NULL;
    enum status st = run_rates(self, asked, rule, true, &rows);

    if (st == STATUS_OK) {
        add_rates(board, source, rows);
    }
    return st;
}

static enum status gather_letters(struct score_gather *self, const struct asked *asked, struct board *board)
{
    PGresult *rows = NULL;
    enum status st;

    db_params_reset(asked->params);
    db_param_day(asked->params, asked->period->first_day);
    db_param_day(asked->params, asked->period->last_day);
    db_param_bool(asked->params, asked->by_unit);
    db_param_bool(asked->params, true);
    db_param_bool(asked->params, asked->by_procedure);
    db_param_text(asked->params, asked->unit);
    st = run_held(self, asked->db, SQL_RATES_LETTERS, asked->params, &rows);
    for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
        struct board_figure figure = {.unit = text_or_null(rows, r, 1),
                                      .field = db_text(rows, r, 2),
                                      .procedure = text_or_null(rows, r, 3),
                                      .tally = {.kept = db_int(rows, r, 4),
                                                .broken = db_int(rows, r, 5) + db_int(rows, r, 6),
                                                .none = db_int(rows, r, 6)}};

        /* The total is the sum of the others. */
        if (!db_bool(rows, r, 0)) {
            board_add_figure(board, BOARD_LETTERS, &figure);
        }
    }
    return st;
}

static enum status gather_indicators(struct score_gather *self, const struct asked *asked, struct board *board)
{
    PGresult *rows = NULL;
    enum status st;

    db_params_reset(asked->params);
    db_param_day(asked->params, asked->period->first_day);
    db_param_day(asked->params, asked->period->last_day);
    db_param_bool(asked->params, asked->by_unit);
    db_param_text(asked->params, asked->unit);
    st = run_held(self, asked->db, SQL_SCORE_INDICATORS, asked->params, &rows);
    for (int r = 0; st == STATUS_OK && r < PQntuples(rows); r++) {
        struct board_figure figure = {
            .unit = text_or_null(rows, r, 0), .field = db_text(rows, r, 1), .measure = db_text(rows, r, 2)};

        figure.tally.kept = db_int(rows, r, 3);
        figure.tally.broken = db_int(rows, r, 4) - figure.tally.kept;
        board_add_figure(board, BOARD_REPORTED, &figure);
    }
    return st;
}

static enum status gather_source(struct score_gather *self, const struct asked *asked, enum board_source source,
                                 struct board *board)
{
    switch (source) {
    case BOARD_PROMISE:
        return gather_rule(self, asked, source, "promise", board);
    case BOARD_PORTAL:
        return gather_rule(self, asked, source, "portal", board);
    case BOARD_INTAKE:
        return gather_rule(self, asked, source, "intake", board);
    case BOARD_LETTERS:
        return gather_letters(self, asked, board);
    case BOARD_REPORTED:
    case BOARD_SOURCES:
        break;
    }
    return gather_indicators(self, asked, board);
}

static enum status gather_places(struct score_gather *self, struct db *db, struct board *board)
{
    PGresult *units = NULL;
    PGresult *groups = NULL;
    enum status st = run_held(self, db, SQL_UNIT_ROWS, NULL, &units);

    if (st == STATUS_OK) {
        st = run_held(self, db, SQL_TARGET_GROUPS, NULL, &groups);
    }
    for (int r = 0; st == STATUS_OK && r < PQntuples(units); r++) {
        board_add_unit(board, db_text(units, r, 0), text_or_null(units, r, 2));
    }
    for (int r = 0; st == STATUS_OK && r < PQntuples(groups); r++) {
        board_add_group(board, db_text(groups, r, 0), db_text(groups, r, 1));
    }
    return st;
}

enum status score_gather_units(struct score_gather *self, struct db *db, const char *unit, const struct period *period,
                               const PGresult **rows)
{
    struct asked asked = {.db = db, .params = db_params_new(), .unit = unit, .period = period, .by_unit = true};
    PGresult *result = NULL;
    enum status st = STATUS_RETRY;

    if (asked.params != NULL) {
        st = run_rates(self, &asked, "promise", false, &result);
    }
    db_params_destroy(&asked.params);
    *rows = result;
    return st;
}

/* The figures that the targets need, of the whole or unit by unit. */
static enum status gather_needed(struct score_gather *self, const struct asked *asked, const struct target *targets,
                                 size_t count, struct board *board)
{
    bool needed[BOARD_SOURCES] = {false};
    enum status st = STATUS_OK;

    for (size_t i = 0; i < count; i++) {
        needed[board_source(targets[i].kind)] = true;
    }
    for (int source = 0; source < BOARD_SOURCES && st == STATUS_OK; source++) {
        st = needed[source] ? gather_source(self, asked, (enum board_source)source, board) : STATUS_OK;
    }
    return st;
}

enum status score_gather_board(struct score_gather *self, struct db *db, const char *unit, const struct period *period,
                               const struct target *targets, size_t count, struct board *board)
{
    struct asked asked = {.db = db, .params = db_params_new(), .unit = unit, .period = period};
    bool units = false;
    enum status st = asked.params == NULL ? STATUS_RETRY : gather_places(self, db, board);

    for (size_t i = 0; i < count; i++) {
        units = units || targets[i].each == TARGET_EACH_UNIT || *targets[i].unit != '\0';
        asked.by_procedure = asked.by_procedure || *targets[i].procedure != '\0';
    }
    /* Of the whole first, then unit by unit where a target asks so. */
    for (int turn = 0; turn < (units ? 2 : 1) && st == STATUS_OK; turn++) {
        asked.by_unit = turn == 1;
        st = gather_needed(self, &asked, targets, count, board);
    }
    db_params_destroy(&asked.params);
    return st;
}

enum status score_gather_each_unit(struct score_gather *self, struct db *db, const struct period *period,
                                   const struct target *targets, size_t count, struct board *board)
{
    struct asked asked = {.db = db, .params = db_params_new(), .period = period, .by_unit = true};
    enum status st = asked.params == NULL ? STATUS_RETRY : gather_places(self, db, board);

    for (size_t i = 0; i < count; i++) {
        asked.by_procedure = asked.by_procedure || *targets[i].procedure != '\0';
    }
    if (st == STATUS_OK) {
        st = gather_needed(self, &asked, targets, count, board);
    }
    db_params_destroy(&asked.params);
    return st;
}

const PGresult *score_gather_places(const struct score_gather *self)
{
    return self->results[0];
}

void score_gather_clear(struct score_gather *self)
{
    for (int i = 0; i < self->count; i++) {
        PQclear(self->results[i]);
    }
    self->count = 0;
}
