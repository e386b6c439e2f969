/* SPDX-License-Identifier: MIT */
/* targets.c - kipthoi targets: what plans ask for, and which fields they mean. */
#include <stdio.h>
#include <string.h>

#include "cli/report.h"
#include "cli/targets.h"
#include "targets/rate.h"
#include "targets/score.h"
#include "targets/target_set.h"

static const char help[] =
    "kipthoi targets [list] [--plan PLAN]\n"
    "kipthoi targets load FILE.csv [--dry-run] [--by NAME]\n"
    "kipthoi targets groups [list]\n"
    "kipthoi targets groups load FILE.csv [--dry-run]\n"
    "kipthoi targets check\n"
    "kipthoi targets alerts [--open] [--unit CODE] [--limit N]\n\n"
    "list    every target; what they come to: kipthoi scoreboard\n"
    "load    puts the targets of a CSV file in the place of their plan's, in one transaction.  Its columns, in any\n"
    "        order: "
    "plan,valid_from,valid_to,each,unit,field_group,procedure,measure,relation,bound,min_sample,period,\n"
    "        title,source; bound in hundredths of a per cent.  A target that contradicts another one, of the file or "
    "of\n"
    "        another plan, is refused with its line.  --dry-run changes nothing.\n"
    "groups  which fields are meant by \"land\" and the like: columns name,field,note; load replaces all groups\n"
    "check   looks for what targets name and nothing knows; leaves with 1 when it finds something\n"
    "alerts  when a unit came to miss a target, or was forecast to, and when that was over; those that last first\n"
    "        (--open: only these; default 100 rows, --limit 0: all)\n\n"
    "examples:\n"
    "  kipthoi targets load deploy/targets/hcmc-2023-2025.csv --dry-run\n"
    "  kipthoi targets groups load fields.csv\n"
    "  kipthoi targets check\n"
    "  kipthoi targets alerts --open --unit H29.17\n";

struct table *targets_table(const struct cli *cli)
{
    struct table *table = table_new();
    bool people = cli->format == CLI_TEXT;

    cli_column(cli, table, "plan", WORD_PLAN, TABLE_LEFT);
    table_hide(table, TABLE_HIDE_SAME);
    cli_column(cli, table, "line", WORD_LINE, TABLE_RIGHT);
    cli_column(cli, table, "title", WORD_TARGET_TITLE, TABLE_LEFT);
    table_give_way(table);
    cli_column(cli, table, "measure", WORD_MEASURE, TABLE_LEFT);
    if (!people) {
        table_column(table, "relation", "relation", TABLE_LEFT);
    }
    cli_column(cli, table, "target", WORD_TARGET_BOUND, TABLE_RIGHT);
    cli_column(cli, table, "each", WORD_EACH, TABLE_LEFT);
    table_hide(table, TABLE_HIDE_EMPTY);
    cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    table_hide(table, TABLE_HIDE_EMPTY);
    cli_column(cli, table, "field_group", WORD_FIELD_GROUP, TABLE_LEFT);
    table_hide(table, TABLE_HIDE_EMPTY);
    cli_column(cli, table, "procedure", WORD_PROCEDURE, TABLE_LEFT);
    table_hide(table, TABLE_HIDE_EMPTY);
    cli_column(cli, table, "valid_from", WORD_VALID_FROM, TABLE_LEFT);
    cli_column(cli, table, "valid_to", WORD_VALID_TO, TABLE_LEFT);
    cli_column(cli, table, "period", WORD_WINDOW, TABLE_LEFT);
    if (!people) {
        cli_column(cli, table, "min_sample", WORD_MIN_SAMPLE, TABLE_RIGHT);
        cli_column(cli, table, "source", WORD_SOURCE, TABLE_LEFT);
        cli_column(cli, table, "loaded_at", WORD_LOADED_AT, TABLE_LEFT);
        cli_column(cli, table, "loaded_by", WORD_LOADED_BY, TABLE_LEFT);
    }
    return table;
}

/* "" means all, or none. */
static void put_scope(struct table *table, const char *text)
{
    table_text(table, text);
    if (*text == '\0') {
        table_show(table, "");
    }
}

void targets_put(const struct cli *cli, struct table *table, const struct target *target)
{
    char text[SCORE_TEXT_SIZE];
    char day[CLI_TIME_SIZE];

    table_row(table);
    table_text(table, target->plan);
    table_int(table, target->line);
    table_text(table, target->title);
    table_text(table, target->measure);
    if (cli->format != CLI_TEXT) {
        table_text(table, target_relation_name(target->relation));
    }
    table_text(table, rate_format(target->bound_bp, TARGET_WHOLE_BP, '.', text));
    table_show(table, score_demand(target, cli->lang == LANG_VI ? ',' : '.', text));
    put_scope(table, target_each_name(target->each));
    put_scope(table, target->unit);
    put_scope(table, target->field_group);
    put_scope(table, target->procedure);
    table_text(table, cli_date(target->first_day, day));
    table_text(table, cli_date(target->last_day, day));
    table_text(table, target_period_name(target->period));
}

static void list_row(const struct cli *cli, struct table *table, const struct target_set *set, size_t i)
{
    const struct target *target = &set->targets[i];

    targets_put(cli, table, target);
    if (cli->format != CLI_TEXT) {
        table_int(table, target->min_sample);
        table_text(table, target->source);
        cli_cell_time(table, db_us(set->rows, (int)i, 15));
        table_text(table, db_text(set->rows, (int)i, 16));
    }
}

/* Refuses a plan that no target belongs to, and names those there are. */
static int refuse_plan(struct cli *cli, struct db *db, const char *plan)
{
    struct target_set all = {0};
    char known[REPORT_LIST_SIZE] = "";
    enum status st = target_set_read(&all, db, NULL, TARGET_FIRST_DAY, TARGET_LAST_DAY);

    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    for (size_t i = 0; i < all.count; i++) {
        if (i == 0 || strcmp(all.targets[i].plan, all.targets[i - 1].plan) != 0) {
            report_list_add(known, all.targets[i].plan);
        }
    }
    cli_tell(cli, WORD_PLAN_UNKNOWN, plan, *known == '\0' ? cli_word(cli, WORD_NONE) : known, NULL);
    target_set_clear(&all);
    return EXIT_ANSWER_NO;
}

static int list(struct cli *cli, const struct targets_request *request)
{
    struct target_set set = {0};
    struct table *table = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st;

    if (code != EXIT_FINE) {
        return code;
    }
    st = target_set_read(&set, db, request->plan, TARGET_FIRST_DAY, TARGET_LAST_DAY);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    if (request->plan != NULL && set.count == 0) {
        target_set_clear(&set);
        return refuse_plan(cli, db, request->plan);
    }
    table = targets_table(cli);
    for (size_t i = 0; i < set.count; i++) {
        list_row(cli, table, &set, i);
    }
    code = cli_print_table(cli, &table, DB_NULL_US);
    report_none(cli, set.rows, "kipthoi targets load FILE.csv");
    target_set_clear(&set);
    return code;
}

static int list_groups(struct cli *cli)
{
    static const struct report_column columns[] = {
        {"name", WORD_FIELD_GROUP, REPORT_TEXT},
        {"field", WORD_FIELD, REPORT_CODE},
        {"note", WORD_NOTE, REPORT_TEXT},
    };

    return report_query(cli, SQL_TARGET_GROUPS, columns, (int)(sizeof columns / sizeof *columns));
}

static enum word finding_word(const char *name)
{
    static const struct {
        const char *name;
        enum word word;
    } findings[] = {
        {"unit", WORD_CHECK_UNIT},       {"procedure", WORD_CHECK_PROCEDURE}, {"group", WORD_CHECK_GROUP},
        {"measure", WORD_CHECK_MEASURE}, {"field", WORD_CHECK_FIELD},
    };

    for (size_t i = 0; i < sizeof findings / sizeof *findings; i++) {
        if (strcmp(findings[i].name, name) == 0) {
            return findings[i].word;
        }
    }
    return WORD_CHECK_GROUPS;
}

/* Nothing is wrong with targets that are not there, but nothing is well either. */
static int say_nothing_found(struct cli *cli, struct db *db)
{
    struct target_set set = {0};
    enum status st = target_set_read(&set, db, NULL, TARGET_FIRST_DAY, TARGET_LAST_DAY);

    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    cli_say(cli, set.count == 0 ? WORD_CHECK_NO_TARGET : WORD_CHECK_NOTHING, NULL);
    target_set_clear(&set);
    return EXIT_FINE;
}

static int check(struct cli *cli)
{
    static const struct report_column columns[] = {
        {"plan", WORD_PLAN, REPORT_TEXT},
        {"line", WORD_LINE, REPORT_INT},
        {"finding", WORD_FINDING, REPORT_TEXT},
        {"value", WORD_DETAIL, REPORT_TEXT},
    };
    struct table *table = table_new();
    PGresult *rows = NULL;
    struct db *db;
    bool found = false;
    int code = cli_db(cli, &db);
    enum status st = code == EXIT_FINE ? db_run(db, SQL_TARGET_CHECK, NULL, &rows) : STATUS_OK;

    if (code == EXIT_FINE && st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE) {
        table_destroy(&table);
        return code;
    }
    for (size_t c = 0; c < sizeof columns / sizeof *columns; c++) {
        cli_column(cli, table, columns[c].name, columns[c].title,
                   columns[c].type == REPORT_INT ? TABLE_RIGHT : TABLE_LEFT);
    }
    for (int r = 0; r < PQntuples(rows); r++) {
        table_row(table);
        table_text(table, db_null(rows, r, 0) ? NULL : db_text(rows, r, 0));
        if (db_null(rows, r, 1)) {
            table_null(table);
        } else {
            table_int(table, db_int(rows, r, 1));
        }
        table_text(table, db_text(rows, r, 2));
        table_show(table, cli_word(cli, finding_word(db_text(rows, r, 2))));
        table_text(table, db_text(rows, r, 3));
    }
    found = PQntuples(rows) > 0;
    PQclear(rows);
    if (!found && cli->format == CLI_TEXT) {
        table_destroy(&table);
        return say_nothing_found(cli, db);
    }
    code = cli_print_table(cli, &table, DB_NULL_US);
    return code == EXIT_FINE && found ? EXIT_ANSWER_NO : code;
}

int cmd_targets(struct cli *cli, int argc, char **argv)
{
    struct targets_request request = {0};
    const struct cli_option options[] = {
        {"--plan", CLI_TEXT_VALUE, &request.plan},
        {"--by", CLI_TEXT_VALUE, &request.by},
        {"--dry-run", CLI_FLAG, &request.dry_run},
        {NULL, CLI_FLAG, NULL},
    };
    const char *what;
    int code;

    if (argc > 1 && strcmp(argv[1], "alerts") == 0) {
        return targets_alerts(cli, argc, argv, help);
    }
    code = cli_options(cli, &argc, argv, options, help);
    if (code >= 0) {
        return code;
    }
    what = argc > 1 ? argv[1] : "list";
    if (argc <= 2 && strcmp(what, "list") == 0) {
        code = cli_only(cli, options, "targets list", "--plan");
        return code >= 0 ? code : list(cli, &request);
    }
    if (argc == 2 && strcmp(what, "check") == 0) {
        code = cli_only(cli, options, "targets check", "");
        return code >= 0 ? code : check(cli);
    }
    if (argc == 3 && strcmp(what, "load") == 0) {
        code = cli_only(cli, options, "targets load", "--by --dry-run");
        return code >= 0 ? code : targets_load(cli, argv[2], &request);
    }
    if (strcmp(what, "groups") == 0 && (argc == 2 || (argc == 3 && strcmp(argv[2], "list") == 0))) {
        code = cli_only(cli, options, "targets groups list", "");
        return code >= 0 ? code : list_groups(cli);
    }
    if (strcmp(what, "groups") == 0 && argc == 4 && strcmp(argv[2], "load") == 0) {
        code = cli_only(cli, options, "targets groups load", "--dry-run");
        return code >= 0 ? code : targets_load_groups(cli, argv[3], &request);
    }
    return cli_usage(cli, "usage: kipthoi targets [list | load FILE.csv | groups [load FILE.csv] | check | alerts]");
}
