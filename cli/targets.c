/* SPDX-License-Identifier: MIT */
/* targets.c - kipthoi targets: what plans ask for, and which fields they mean. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/report.h"
#include "cli/score.h"
#include "cli/target_store.h"

static const char help[] =
    "kipthoi targets [list] [--plan PLAN]\n"
    "kipthoi targets load FILE.csv [--dry-run] [--by NAME]\n"
    "kipthoi targets groups [list]\n"
    "kipthoi targets groups load FILE.csv [--dry-run]\n"
    "kipthoi targets check\n\n"
    "list    every target; what they come to: kipthoi scoreboard\n"
    "load    puts the targets of a CSV file in the place of their plan's, in one transaction.  Its columns, in any\n"
    "        order: "
    "plan,valid_from,valid_to,each,unit,field_group,procedure,measure,relation,bound,min_sample,period,\n"
    "        title,source; bound in hundredths of a per cent.  A target that contradicts another one, of the file or "
    "of\n"
    "        another plan, is refused with its line.  --dry-run changes nothing.\n"
    "groups  which fields are meant by \"land\" and the like: columns name,field,note; load replaces all groups\n"
    "check   looks for what targets name and nothing knows; leaves with 1 when it finds something\n\n"
    "examples:\n"
    "  kipthoi targets load deploy/targets/hcmc-2023-2025.csv --dry-run\n"
    "  kipthoi targets groups load fields.csv\n"
    "  kipthoi targets check\n";

struct request {
    const char *plan; /* NULL: all */
    const char *by;
    bool dry_run;
};

static void list_columns(const struct cli *cli, struct table *table)
{
    bool people = cli->format == CLI_TEXT;

    cli_column(cli, table, "plan", WORD_PLAN, TABLE_LEFT);
    cli_column(cli, table, "line", WORD_LINE, TABLE_RIGHT);
    cli_column(cli, table, "title", WORD_TARGET_TITLE, TABLE_LEFT);
    cli_column(cli, table, "measure", WORD_MEASURE, TABLE_LEFT);
    cli_column(cli, table, "relation", WORD_RELATION, TABLE_LEFT);
    cli_column(cli, table, "target", WORD_TARGET, TABLE_RIGHT);
    cli_column(cli, table, "each", WORD_EACH, TABLE_LEFT);
    cli_column(cli, table, "unit", WORD_UNIT, TABLE_LEFT);
    cli_column(cli, table, "field_group", WORD_FIELD_GROUP, TABLE_LEFT);
    cli_column(cli, table, "procedure", WORD_PROCEDURE, TABLE_LEFT);
    cli_column(cli, table, "valid_from", WORD_VALID_FROM, TABLE_LEFT);
    cli_column(cli, table, "valid_to", WORD_VALID_TO, TABLE_LEFT);
    cli_column(cli, table, "period", WORD_WINDOW, TABLE_LEFT);
    if (!people) {
        cli_column(cli, table, "min_sample", WORD_MIN_SAMPLE, TABLE_RIGHT);
        cli_column(cli, table, "source", WORD_SOURCE, TABLE_LEFT);
        cli_column(cli, table, "loaded_at", WORD_LOADED_AT, TABLE_LEFT);
        cli_column(cli, table, "loaded_by", WORD_LOADED_BY, TABLE_LEFT);
    }
}

/* "" means all, or none. */
static void put_scope(struct table *table, const char *text)
{
    table_text(table, text);
    if (*text == '\0') {
        table_show(table, "");
    }
}

static void list_row(const struct cli *cli, struct table *table, const struct target_set *set, size_t i)
{
    const struct target *target = &set->targets[i];
    char text[SCORE_TEXT_SIZE];
    char day[CLI_TIME_SIZE];

    table_row(table);
    table_text(table, target->plan);
    table_int(table, target->line);
    table_text(table, target->title);
    table_text(table, target->measure);
    table_text(table, target_relation_name(target->relation));
    table_text(table, score_rate(target->bound_bp, TARGET_WHOLE_BP, '.', text));
    table_show(table, score_bound(target->bound_bp, cli->lang == LANG_VI ? ',' : '.', text));
    put_scope(table, target_each_name(target->each));
    put_scope(table, target->unit);
    put_scope(table, target->field_group);
    put_scope(table, target->procedure);
    table_text(table, cli_date(target->first_day, day));
    table_text(table, cli_date(target->last_day, day));
    table_text(table, target_period_name(target->period));
    if (cli->format != CLI_TEXT) {
        table_int(table, target->min_sample);
        table_text(table, target->source);
        cli_cell_time(table, db_us(set->rows, (int)i, 15));
        table_text(table, db_text(set->rows, (int)i, 16));
    }
}

static int list(struct cli *cli, const struct request *request)
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
    table = table_new();
    list_columns(cli, table);
    for (size_t i = 0; i < set.count; i++) {
        list_row(cli, table, &set, i);
    }
    code = cli_print_table(cli, &table, DB_NULL_US);
    target_set_clear(&set);
    return code;
}

/* Against the targets of other plans. */
static int check_others(const struct cli *cli, const char *path, const struct target_file *file,
                        const struct target_set *others)
{
    for (size_t i = 0; i < target_file_count(file); i++) {
        const struct target *target = target_file_at(file, i);

        for (size_t o = 0; o < others->count; o++) {
            const struct target *other = &others->targets[o];

            if (strcmp(other->plan, target->plan) != 0 && target_contradicts(target, other)) {
                return cli_usage(cli,
                                 "%s:%d: contradicts plan %s, line %d (%s): the same scope, measure and period on "
                                 "common days",
                                 path, target->line, other->plan, other->line, other->title);
            }
        }
    }
    return EXIT_FINE;
}

static int store_plan(struct cli *cli, struct db *db, const char *path, const struct target_file *file,
                      const struct request *request)
{
    struct target_set others = {0};
    enum status st = db_begin(db);
    int code = EXIT_FINE;

    if (st == STATUS_OK) {
        st = db_run(db, SQL_TARGET_LOCK, NULL, NULL);
    }
    if (st == STATUS_OK) {
        st = target_set_read(&others, db, NULL, TARGET_FIRST_DAY, TARGET_LAST_DAY);
    }
    if (st == STATUS_OK) {
        code = check_others(cli, path, file, &others);
    }
    if (st == STATUS_OK && code == EXIT_FINE) {
        st = target_store_plan(db, file, request->by);
    }
    if (st == STATUS_OK && code == EXIT_FINE && !request->dry_run) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE || request->dry_run) {
        db_rollback(db);
    }
    target_set_clear(&others);
    return code;
}

static void tell_loaded(const struct cli *cli, const struct request *request, enum word word, size_t count,
                        const char *name)
{
    char number[24];

    snprintf(number, sizeof number, "%zu", count);
    if (cli->format == CLI_TEXT) {
        cli_say(cli, word, number, name, NULL);
        if (request->dry_run) {
            cli_say(cli, WORD_TARGETS_DRY_RUN, NULL);
        }
    }
}

static int load(struct cli *cli, const char *path, const struct request *request)
{
    struct target_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    struct db *db;
    int code;

    if (target_file_read(&file, path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    code = cli_db(cli, &db);
    if (code == EXIT_FINE) {
        code = store_plan(cli, db, path, file, request);
    }
    if (code == EXIT_FINE) {
        tell_loaded(cli, request, WORD_TARGETS_LOADED, target_file_count(file), target_file_at(file, 0)->plan);
    }
    target_file_destroy(&file);
    return code;
}

static int store_groups(struct cli *cli, struct db *db, const struct group_file *file, const struct request *request)
{
    enum status st = db_begin(db);
    int code = EXIT_FINE;

    if (st == STATUS_OK) {
        st = db_run(db, SQL_TARGET_LOCK, NULL, NULL);
    }
    if (st == STATUS_OK) {
        st = target_store_groups(db, file);
    }
    if (st == STATUS_OK && !request->dry_run) {
        st = db_commit(db);
    }
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    }
    if (code != EXIT_FINE || request->dry_run) {
        db_rollback(db);
    }
    return code;
}

static int load_groups(struct cli *cli, const char *path, const struct request *request)
{
    struct group_file *file = NULL;
    char error[CSV_FILE_ERROR_SIZE];
    struct db *db;
    int code;

    if (group_file_read(&file, path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    code = cli_db(cli, &db);
    if (code == EXIT_FINE) {
        code = store_groups(cli, db, file, request);
    }
    if (code == EXIT_FINE) {
        tell_loaded(cli, request, WORD_GROUPS_LOADED, group_file_count(file), "");
    }
    group_file_destroy(&file);
    return code;
}

static int list_groups(struct cli *cli)
{
    static const struct report_column columns[] = {
        {"name", WORD_FIELD_GROUP, REPORT_TEXT},
        {"field", WORD_FIELD, REPORT_CODE},
        {"note", WORD_NOTE, REPORT_TEXT},
    };
    struct table *table = NULL;
    PGresult *rows = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st;

    if (code != EXIT_FINE) {
        return code;
    }
    st = db_run(db, SQL_TARGET_GROUPS, NULL, &rows);
    if (st != STATUS_OK) {
        return cli_db_failed(cli, db, st);
    }
    table = report_table(cli, rows, columns, (int)(sizeof columns / sizeof *columns));
    PQclear(rows);
    return cli_print_table(cli, &table, DB_NULL_US);
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
        cli_say(cli, WORD_CHECK_NOTHING, NULL);
        table_destroy(&table);
        return EXIT_FINE;
    }
    code = cli_print_table(cli, &table, DB_NULL_US);
    return code == EXIT_FINE && found ? EXIT_ANSWER_NO : code;
}

int cmd_targets(struct cli *cli, int argc, char **argv)
{
    const char *user = getenv("USER");
    struct request request = {.by = user != NULL && *user != '\0' ? user : "operator"};
    const struct cli_option options[] = {
        {"--plan", CLI_TEXT_VALUE, &request.plan},
        {"--by", CLI_TEXT_VALUE, &request.by},
        {"--dry-run", CLI_FLAG, &request.dry_run},
        {NULL, CLI_FLAG, NULL},
    };
    int code = cli_options(cli, &argc, argv, options, help);
    const char *what = argc > 1 ? argv[1] : "list";

    if (code >= 0) {
        return code;
    }
    if (argc <= 2 && strcmp(what, "list") == 0) {
        return list(cli, &request);
    }
    if (argc == 2 && strcmp(what, "check") == 0) {
        return check(cli);
    }
    if (argc == 3 && strcmp(what, "load") == 0) {
        return load(cli, argv[2], &request);
    }
    if (strcmp(what, "groups") == 0 && (argc == 2 || (argc == 3 && strcmp(argv[2], "list") == 0))) {
        return list_groups(cli);
    }
    if (strcmp(what, "groups") == 0 && argc == 4 && strcmp(argv[2], "load") == 0) {
        return load_groups(cli, argv[3], &request);
    }
    return cli_usage(cli, "usage: kipthoi targets [list | load FILE.csv | groups [load FILE.csv] | check]");
}
