/* SPDX-License-Identifier: MIT */
/* rule_load.c - kipthoi rules load: new versions of rules from a file. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/book_load.h"
#include "cli/rule_file.h"
#include "cli/rule_versions.h"

static enum status add_version(struct db *db, const struct rule *rule, const char *note)
{
    struct db_params *params = db_params_new();
    char value[RULE_VALUE_SIZE];
    bool has_term = rule->name == RULE_INTAKE;
    enum status st = STATUS_RETRY;

    if (params == NULL) {
        return st;
    }
    db_param_text(params, rule_name_text(rule->name));
    db_param_int2(params, (int16_t)rule->version);
    db_param_us(params, rule->effective_us);
    db_param_int2(params, (int16_t)rule->supplement_limit);
    db_param_int2(params, (int16_t)rule->extension_limit);
    db_param_int4(params, has_term ? rule->term.count : 0);
    db_param_text(params, has_term ? term_unit_name(rule->term.unit) : NULL);
    for (int which = 0; which < RULE_SWITCH_SUPPLEMENT_LIMIT; which++) {
        rule_switch_text(rule, (enum rule_switch)which, value);
        db_param_text(params, value);
    }
    db_param_text(params, book_load_who());
    db_param_text(params, note);
    st = db_run(db, SQL_RULE_VERSION_ADD, params, NULL);
    db_params_destroy(&params);
    return st;
}

static bool same_switches(const struct rule *a, const struct rule *b)
{
    bool same = true;

    for (int which = 0; which < RULE_SWITCHES; which++) {
        same = same && (!rule_switch_applies(a->name, (enum rule_switch)which) ||
                        rule_switch_same(a, b, (enum rule_switch)which));
    }
    return same;
}

/* EXIT_FINE when the version may follow; else the exit code with the reason printed. */
static int check_change(struct cli *cli, const char *path, const struct rule_change *change, const struct rule *before,
                        const struct rule *after, bool past)
{
    char line[24];
    char version[16];
    char moment[CLI_TIME_SIZE];

    snprintf(line, sizeof line, "%lld", (long long)(same_switches(before, after) ? change->line : change->from_line));
    snprintf(version, sizeof version, "%d", before->version);
    if (same_switches(before, after)) {
        cli_tell(cli, WORD_RULE_SAME, path, line, rule_name_text(before->name), version, NULL);
    } else if (after->effective_us <= before->effective_us) {
        cli_tell(cli, WORD_RULE_NOT_LATER, path, line, rule_name_text(before->name), version,
                 cli_time(before->effective_us, moment), NULL);
    } else if (!past && after->effective_us < cli_now_us(cli)) {
        cli_tell(cli, WORD_RULE_IN_PAST, path, line, cli_time(cli_now_us(cli), moment), NULL);
    } else {
        return EXIT_FINE;
    }
    return EXIT_USAGE;
}

/* What a load has to tell when it went well. */
struct load_report {
    struct rule versions[RULE_FILE_VERSIONS];
    int count;
    bool past;
};

static int add_changes(struct cli *cli, struct db *db, const char *path, const struct rule_file *file, bool past,
                       struct load_report *report, enum status *st)
{
    struct rule_versions versions;
    struct rule newest[RULES];
    int code = EXIT_FINE;

    *st = rule_versions_read(&versions, db);
    for (int i = 0; *st == STATUS_OK && i < versions.count; i++) {
        newest[versions.rules[i].name] = versions.rules[i];
    }
    for (size_t i = 0; *st == STATUS_OK && code == EXIT_FINE && i < rule_file_count(file); i++) {
        const struct rule_change *change = rule_file_change(file, i);
        struct rule *before = &newest[change->values.name];
        struct rule after;

        rule_change_apply(change, before, &after);
        code = check_change(cli, path, change, before, &after, past);
        if (code == EXIT_FINE) {
            *st = add_version(db, &after, change->note);
            report->versions[report->count++] = after;
            report->past |= after.effective_us < cli_now_us(cli);
            *before = after;
        }
    }
    rule_versions_free(&versions);
    return code;
}

static int loaded_json(struct cli *cli, const struct load_report *report, bool dry_run)
{
    cJSON *json = cJSON_CreateObject();
    cJSON *versions = cJSON_AddArrayToObject(json, "versions");

    for (int i = 0; i < report->count; i++) {
        cJSON *version = cJSON_CreateObject();

        cJSON_AddStringToObject(version, "rule", rule_name_text(report->versions[i].name));
        cJSON_AddNumberToObject(version, "version", report->versions[i].version);
        cJSON_AddItemToObject(version, "effective_from", cli_json_time(report->versions[i].effective_us));
        cJSON_AddItemToArray(versions, version);
    }
    cJSON_AddBoolToObject(json, "dry_run", dry_run);
    cJSON_AddBoolToObject(json, "rebuild", report->past);
    return cli_print_json(cli, json);
}

static void tell_loaded(struct cli *cli, const struct load_report *report, bool dry_run)
{
    char version[16];
    char moment[CLI_TIME_SIZE];

    for (int i = 0; i < report->count; i++) {
        snprintf(version, sizeof version, "%d", report->versions[i].version);
        cli_say(cli, WORD_RULE_LOADED, rule_name_text(report->versions[i].name), version,
                cli_time(report->versions[i].effective_us, moment), NULL);
    }
    if (dry_run) {
        cli_say(cli, WORD_LOAD_DRY, NULL);
    }
    if (report->past) {
        cli_say(cli, WORD_RULE_REBUILD, NULL);
    }
}

int rule_versions_load(struct cli *cli, const char *path, bool past, bool dry_run)
{
    struct rule_file *file = NULL;
    struct load_report *report = calloc(1, sizeof *report);
    char error[RULE_FILE_ERROR_SIZE];
    enum status st = STATUS_OK;
    struct db *db;
    int code = EXIT_UNREACHABLE;

    if (rule_file_read(&file, path, error) != STATUS_OK) {
        free(report);
        return cli_usage(cli, "%s", error);
    }
    if (report != NULL) {
        code = book_load_begin(cli, &db);
    }
    if (code == EXIT_FINE) {
        code = add_changes(cli, db, path, file, past, report, &st);
        code = book_load_end(cli, db, code, st, dry_run);
    }
    if (code == EXIT_FINE) {
        if (cli->format == CLI_JSON) {
            code = loaded_json(cli, report, dry_run);
        } else {
            tell_loaded(cli, report, dry_run);
        }
    }
    free(report);
    rule_file_destroy(&file);
    return code;
}
