/* SPDX-License-Identifier: MIT */
/* scoreboard.c - kipthoi scoreboard: what every target comes to in a period, by how many, and at what pace. */
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "cli/scoreboard.h"
#include "targets/target_set.h"

static const char help[] =
    "kipthoi scoreboard [--period P] [--unit CODE] [--check]\n"
    "kipthoi scoreboard --rank [--period P] [--unit CODE]\n\n"
    "  --period P    2025, 2025-Q3, 2025-07, or the name of a plan; without it the year of the clock\n"
    "  --unit CODE   this unit and those under it only\n"
    "  --check       leaves with 1 when a target is missed, or when no target holds in the period\n"
    "  --rank        units by their on-time rate (promise, finished) instead, each among those of the same superior;\n"
    "                equal rates share a place, units without a finished dossier stand last\n\n"
    "Every target that holds in the period has a row; one that asks of each field or unit has a row for each with\n"
    "figures.  Where several fit, the most specific decides (docs/targets.md).  Decided on counts, never on a rounded\n"
    "rate.  The margin says how many more may come out late, or how many too many did.  For a running period the pace\n"
    "tells where it leads: what has ended grows with the days, what is open stands.\n\n"
    "examples:\n"
    "  kipthoi scoreboard --period 2025-Q3\n"
    "  kipthoi scoreboard --period hcmc-2023-2025 --unit H29.17 --json\n"
    "  kipthoi scoreboard --rank --period 2025-07\n";

/* The years in which targets hold, "2023-2025, 2027"; "" when there are none. */
static enum status find_years(struct db *db, char years[REPORT_LIST_SIZE])
{
    struct target_set all = {0};
    enum status st = target_set_read(&all, db, NULL, TARGET_FIRST_DAY, TARGET_LAST_DAY);

    years[0] = '\0';
    for (size_t i = 0; st == STATUS_OK && i < all.count; i++) {
        struct period first, last;
        char span[2 * PERIOD_NAME_SIZE];

        period_year_of(all.targets[i].first_day, &first);
        period_year_of(all.targets[i].last_day, &last);
        snprintf(span, sizeof span, strcmp(first.name, last.name) == 0 ? "%s" : "%s-%s", first.name, last.name);
        if (strstr(years, span) == NULL) {
            report_list_add(years, span);
        }
    }
    target_set_clear(&all);
    return st;
}

/* Nothing to show: says for which years there would be something. */
static void tell_no_targets(const struct cli *cli, const char *period, const char *years)
{
    if (*years == '\0') {
        cli_tell(cli, WORD_NO_TARGETS, period, NULL);
    } else {
        cli_tell(cli, WORD_NO_TARGETS_YEARS, period, years, NULL);
    }
}

static int run_board(struct cli *cli, struct db *db, struct scoreboard *self)
{
    struct score_gather gather = {0};
    struct target_set set = {0};
    struct board *board = board_new(self->unit);
    char years[REPORT_LIST_SIZE] = "";
    int code = EXIT_FINE;
    enum status st = board == NULL ? STATUS_RETRY
                                   : target_set_read(&set, db, self->by_plan ? self->period.name : NULL,
                                                     self->period.first_day, self->period.last_day);

    if (st == STATUS_OK && set.count > 0) {
        st = score_gather_board(&gather, db, self->unit, &self->period, set.targets, set.count, board);
    }
    if (st == STATUS_OK && set.count == 0) {
        st = find_years(db, years);
    }
    if (st == STATUS_OK) {
        st = db_run(db, SQL_TARGET_GROUPS, NULL, &self->groups);
    }
    if (st == STATUS_OK) {
        st = board_make(board, set.targets, set.count, self->period.kind);
    }
    if (st == STATUS_OK) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else {
        code = scoreboard_print(cli, self, board);
        if (board_rows(board) == 0) {
            tell_no_targets(cli, self->period.name, years);
        }
        if (code == EXIT_FINE && self->check && (self->missed || board_rows(board) == 0)) {
            code = EXIT_ANSWER_NO;
        }
    }
    PQclear(self->groups);
    self->groups = NULL;
    board_destroy(&board);
    target_set_clear(&set);
    score_gather_clear(&gather);
    return code;
}

/* The days of the period named: of the calendar, or of a plan. */
static int find_period(struct cli *cli, struct db *db, const char *name, struct scoreboard *self)
{
    struct db_params *params;
    PGresult *days = NULL;
    enum status st = STATUS_RETRY;
    int code = EXIT_FINE;

    if (name == NULL) {
        period_year_of(cli_today(cli), &self->period);
        return EXIT_FINE;
    }
    if (period_read(name, &self->period) == STATUS_OK) {
        return EXIT_FINE;
    }
    params = db_params_new();
    if (params != NULL) {
        db_param_text(params, name);
        st = db_run(db, SQL_TARGET_PLAN_DAYS, params, &days);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else if (PQntuples(days) == 0 || strlen(name) >= PERIOD_NAME_SIZE) {
        code =
            cli_usage(cli, "--period: \"%s\" is neither 2025, 2025-Q3, 2025-07 nor a plan; see: kipthoi targets", name);
    } else {
        self->by_plan = true;
        self->period =
            (struct period){.kind = TARGET_PLAN, .first_day = db_day(days, 0, 0), .last_day = db_day(days, 0, 1)};
        snprintf(self->period.name, sizeof self->period.name, "%s", name);
    }
    PQclear(days);
    db_params_destroy(&params);
    return code;
}

static int run(struct cli *cli, struct scoreboard *self, const char *period, bool rank)
{
    PGresult *as_of = NULL;
    struct db *db;
    int code = cli_snapshot(cli, &db);
    enum status st;

    if (code == EXIT_FINE) {
        code = report_check_unit(cli, db, self->unit);
    }
    if (code == EXIT_FINE) {
        code = find_period(cli, db, period, self);
    }
    if (code != EXIT_FINE) {
        return code;
    }
    self->elapsed_days = period_elapsed_days(&self->period, cli_today(cli));
    st = db_run(db, SQL_RATES_AS_OF, NULL, &as_of);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    self->as_of_us = db_us(as_of, 0, 0);
    PQclear(as_of);
    /* Noughts of a rebuild, or before the first scorer, would read like an answer. */
    if (self->as_of_us == DB_NULL_US) {
        cli_tell(cli, WORD_NOT_JUDGED, NULL);
        return EXIT_UNREACHABLE;
    }
    return rank ? scoreboard_rank(cli, db, self) : run_board(cli, db, self);
}

int cmd_scoreboard(struct cli *cli, int argc, char **argv)
{
    struct scoreboard self = {.as_of_us = DB_NULL_US};
    const char *period = NULL;
    bool rank = false;
    const struct cli_option options[] = {
        {"--period", CLI_TEXT_VALUE, &period},
        {"--unit", CLI_TEXT_VALUE, &self.unit},
        {"--rank", CLI_FLAG, &rank},
        {"--check", CLI_FLAG, &self.check},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "scoreboard: unexpected \"%s\"; see: kipthoi scoreboard --help", argv[1]);
    }
    if (rank && self.check) {
        return cli_usage(cli, "--rank and --check do not go together: a ranking misses no target");
    }
    return run(cli, &self, period, rank);
}
