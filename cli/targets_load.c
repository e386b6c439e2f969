/* SPDX-License-Identifier: MIT */
/* targets_load.c - kipthoi targets load, kipthoi targets groups load. */
#include <stdio.h>
#include <string.h>

#include "cli/book_load.h"
#include "cli/target_store.h"
#include "cli/targets.h"
#include "targets/target_set.h"

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
                      const struct targets_request *request)
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
        st = target_store_plan(db, file, request->by != NULL ? request->by : book_load_who());
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

/* What a dry run would have loaded. */
static void print_file(const struct cli *cli, const struct target_file *file)
{
    struct table *table = targets_table(cli);

    for (size_t i = 0; i < target_file_count(file); i++) {
        targets_put(cli, table, target_file_at(file, i));
    }
    table_print_text(table, stdout, cli->color);
    putchar('\n');
    table_destroy(&table);
}

/* name: of the plan; NULL: groups. */
static int tell_loaded(struct cli *cli, const struct targets_request *request, size_t count, const char *name)
{
    char number[24];
    cJSON *json;

    if (cli->format == CLI_JSON) {
        json = cJSON_CreateObject();
        if (name != NULL) {
            cJSON_AddStringToObject(json, "plan", name);
        }
        cJSON_AddNumberToObject(json, name != NULL ? "targets" : "fields", (double)count);
        cJSON_AddBoolToObject(json, "dry_run", request->dry_run);
        return cli_print_json(cli, json);
    }
    snprintf(number, sizeof number, "%zu", count);
    cli_say(cli, name != NULL ? WORD_TARGETS_LOADED : WORD_GROUPS_LOADED, number, name, NULL);
    if (request->dry_run) {
        cli_say(cli, WORD_TARGETS_DRY_RUN, NULL);
    }
    return EXIT_FINE;
}

int targets_load(struct cli *cli, const char *path, const struct targets_request *request)
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
    if (code == EXIT_FINE && request->dry_run && cli->format == CLI_TEXT) {
        print_file(cli, file);
    }
    if (code == EXIT_FINE) {
        code = tell_loaded(cli, request, target_file_count(file), target_file_at(file, 0)->plan);
    }
    target_file_destroy(&file);
    return code;
}

static int store_groups(struct cli *cli, struct db *db, const struct group_file *file,
                        const struct targets_request *request)
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

int targets_load_groups(struct cli *cli, const char *path, const struct targets_request *request)
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
        code = tell_loaded(cli, request, group_file_count(file), NULL);
    }
    group_file_destroy(&file);
    return code;
}
