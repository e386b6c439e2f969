/* SPDX-License-Identifier: MIT */
/* rules.c - kipthoi rules: versions of the rules, what they say, and loading new ones. */
#include <stdio.h>
#include <string.h>

#include "cli/rule_versions.h"
#include "cli/rule_words.h"

static const char help[] =
    "kipthoi rules [list]\n"
    "kipthoi rules show RULE [--version N]\n"
    "kipthoi rules load FILE [--past] [--dry-run]\n\n"
    "list   every version of the rules promise, portal and intake\n"
    "show   each switch of a rule, its value and what it means, since when it holds, and what it was in the version "
    "before\n"
    "load   takes new versions from a file with a section for each: [promise], from = 2026-01-01 (a day or RFC 3339),\n"
    "       note = why, and the switches that change; the others stay.  All or nothing.  A dossier keeps the version "
    "that\n"
    "       was effective when it was accepted.\n\n"
    "  --version N   shows version N (default: the one in force now)\n"
    "  --past        lets a version begin in the past; kipthoi rebuild then judges the dossiers since anew\n"
    "  --dry-run     checks, and tells what would change, without storing anything\n\n"
    "examples:\n"
    "  kipthoi rules show promise\n"
    "  kipthoi rules load deploy/rules/day-precision.rules --dry-run\n";

static void put_since(struct cli *cli, struct table *table, int64_t effective_us)
{
    cli_cell_time(table, effective_us);
    if (effective_us == DB_MINUS_INFINITY_US) {
        table_show(table, cli_word(cli, WORD_ALWAYS));
    }
}

/* A term is "1 working day(s)" to people; out has room for a sentence. */
static const char *value_text(const struct cli *cli, const struct rule *rule, enum rule_switch which,
                              char out[CLI_SENTENCE_SIZE])
{
    if (which == RULE_SWITCH_TERM && cli->format == CLI_TEXT) {
        return rule_words_term(cli, &rule->term, out);
    }
    rule_switch_text(rule, which, out);
    return out;
}

/* "precision=day, due=current": what a version changes. */
static void put_changes(const struct cli *cli, struct table *table, const struct rule *before, const struct rule *rule)
{
    char text[RULE_SWITCHES * (RULE_VALUE_SIZE + 20)] = "";
    char value[CLI_SENTENCE_SIZE];
    size_t used = 0;

    for (int i = 0; i < RULE_SWITCHES; i++) {
        enum rule_switch which = (enum rule_switch)i;

        if (rule_switch_applies(rule->name, which) && !rule_switch_same(before, rule, which)) {
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s=%.*s", used > 0 ? ", " : "",
                                     rule_switch_name(which), RULE_VALUE_SIZE, value_text(cli, rule, which, value));
        }
    }
    table_text(table, text);
}

static int list(struct cli *cli)
{
    struct rule_versions versions;
    struct table *table = NULL;
    struct db *db;
    int code = cli_db(cli, &db);
    enum status st;

    if (code != EXIT_FINE) {
        return code;
    }
    st = rule_versions_read(&versions, db);
    if (st != STATUS_OK) {
        rule_versions_free(&versions);
        return cli_db_failed(cli, db, st);
    }
    table = table_new();
    cli_column(cli, table, "rule", WORD_RULE, TABLE_LEFT);
    cli_column(cli, table, "version", WORD_VERSION, TABLE_RIGHT);
    cli_column(cli, table, "effective_from", WORD_EFFECTIVE_FROM, TABLE_LEFT);
    cli_column(cli, table, "changes", WORD_CHANGES, TABLE_LEFT);
    table_give_way(table);
    table_hide(table, TABLE_HIDE_EMPTY);
    cli_column(cli, table, "note", WORD_NOTE, TABLE_LEFT);
    table_give_way(table);
    if (cli->format != CLI_TEXT) {
        cli_column(cli, table, "loaded_at", WORD_LOADED_AT, TABLE_LEFT);
        cli_column(cli, table, "loaded_by", WORD_LOADED_BY, TABLE_LEFT);
    }
    for (int i = 0; i < versions.count; i++) {
        const struct rule *rule = &versions.rules[i];
        int before = rule_versions_before(&versions, i);

        table_row(table);
        table_text(table, rule_name_text(rule->name));
        table_int(table, rule->version);
        put_since(cli, table, rule->effective_us);
        put_changes(cli, table, before < 0 ? rule : &versions.rules[before], rule);
        table_text(table, db_text(versions.rows, i, RULE_VERSIONS_NOTE));
        if (cli->format != CLI_TEXT) {
            cli_cell_time(table, db_us(versions.rows, i, RULE_VERSIONS_LOADED_AT));
            table_text(table, db_text(versions.rows, i, RULE_VERSIONS_LOADED_BY));
        }
    }
    rule_versions_free(&versions);
    return cli_print_table(cli, &table, DB_NULL_US);
}

static struct table *switches_table(struct cli *cli, const struct rule_versions *versions, int index)
{
    const struct rule *rule = &versions->rules[index];
    struct table *table = table_new();
    char text[CLI_SENTENCE_SIZE];
    char meaning[CLI_SENTENCE_SIZE];

    cli_column(cli, table, "switch", WORD_SWITCH, TABLE_LEFT);
    cli_column(cli, table, "value", WORD_VALUE, TABLE_LEFT);
    cli_column(cli, table, "before", WORD_VALUE_BEFORE, TABLE_LEFT);
    cli_column(cli, table, "since", WORD_SINCE, TABLE_LEFT);
    cli_column(cli, table, "meaning", WORD_MEANING, TABLE_LEFT);
    for (int i = 0; i < RULE_SWITCHES; i++) {
        enum rule_switch which = (enum rule_switch)i;
        int before = rule_versions_before(versions, index);
        int since = index;

        if (!rule_switch_applies(rule->name, which)) {
            continue;
        }
        table_row(table);
        table_text(table, rule_switch_name(which));
        table_text(table, value_text(cli, rule, which, text));
        if (before >= 0 && !rule_switch_same(&versions->rules[before], rule, which)) {
            table_text(table, value_text(cli, &versions->rules[before], which, text));
            table_tone(table, TABLE_WARN);
        } else {
            table_null(table);
        }
        while (rule_versions_before(versions, since) >= 0 &&
               rule_switch_same(&versions->rules[since - 1], rule, which)) {
            since--;
        }
        put_since(cli, table, versions->rules[since].effective_us);
        table_text(table, rule_words_meaning(cli, rule, which, meaning));
    }
    return table;
}

static int show_json(struct cli *cli, const struct rule_versions *versions, int index, struct table **table_p)
{
    const struct rule *rule = &versions->rules[index];
    cJSON *json = cJSON_CreateObject();
    cJSON *totals = NULL;
    cJSON *switches = table_failed(*table_p) ? NULL : table_json(*table_p, &totals);

    table_destroy(table_p);
    cJSON_Delete(totals);
    if (switches == NULL || cJSON_AddStringToObject(json, "rule", rule_name_text(rule->name)) == NULL ||
        cJSON_AddNumberToObject(json, "version", rule->version) == NULL ||
        !cJSON_AddItemToObject(json, "effective_from", cli_json_time(rule->effective_us)) ||
        cJSON_AddStringToObject(json, "note", db_text(versions->rows, index, RULE_VERSIONS_NOTE)) == NULL ||
        !cJSON_AddItemToObject(json, "switches", switches)) {
        cJSON_Delete(switches);
        cJSON_Delete(json);
        json = NULL;
    }
    return cli_print_json(cli, json);
}

static int show_version(struct cli *cli, const struct rule_versions *versions, int index)
{
    const struct rule *rule = &versions->rules[index];
    struct table *table = switches_table(cli, versions, index);
    char heading[CLI_SENTENCE_SIZE];
    char version[16];
    char since[CLI_TIME_SIZE];

    if (cli->format == CLI_JSON) {
        return show_json(cli, versions, index, &table);
    }
    if (cli->format == CLI_TEXT) {
        snprintf(version, sizeof version, "%d", rule->version);
        cli_heading(cli, cli_sentence(cli, heading, WORD_RULE_HEADING, rule_name_text(rule->name), version,
                                      rule->effective_us == DB_MINUS_INFINITY_US ? cli_word(cli, WORD_ALWAYS)
                                                                                 : cli_time(rule->effective_us, since),
                                      NULL));
        cli_line(cli, WORD_NOTE, db_text(versions->rows, index, RULE_VERSIONS_NOTE));
        if (index + 1 < versions->count && versions->rules[index + 1].name == rule->name) {
            cli_line(cli, WORD_RULE_NEXT, cli_time(versions->rules[index + 1].effective_us, since));
        }
    }
    return cli_print_table(cli, &table, DB_NULL_US);
}

/* The version wanted, 0: the one in force now; -1 when there is none. */
static int find_version(const struct cli *cli, const struct rule_versions *versions, enum rule_name name,
                        int64_t wanted)
{
    int found = -1;

    for (int i = 0; i < versions->count; i++) {
        const struct rule *rule = &versions->rules[i];

        if (rule->name == name &&
            (wanted != 0 ? rule->version == wanted : found < 0 || rule->effective_us <= cli_now_us(cli))) {
            found = i;
        }
    }
    return found;
}

static int show(struct cli *cli, const char *rule, int64_t wanted)
{
    enum rule_name name = rule_name_from_text(rule);
    struct rule_versions versions;
    struct db *db;
    enum status st;
    int index;
    int code;

    if (name == RULES) {
        return cli_usage(cli, "\"%s\" is no rule; rules are promise, portal, intake", rule);
    }
    code = cli_db(cli, &db);
    if (code != EXIT_FINE) {
        return code;
    }
    st = rule_versions_read(&versions, db);
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
    } else {
        index = find_version(cli, &versions, name, wanted);
        if (index < 0) {
            cli_tell(cli, WORD_RULE_NO_VERSION, rule, NULL);
            code = EXIT_ANSWER_NO;
        } else {
            code = show_version(cli, &versions, index);
        }
    }
    rule_versions_free(&versions);
    return code;
}

int cmd_rules(struct cli *cli, int argc, char **argv)
{
    bool past = false;
    bool dry_run = false;
    int64_t version = 0;
    const struct cli_option options[] = {{"--past", CLI_FLAG, &past},
                                         {"--dry-run", CLI_FLAG, &dry_run},
                                         {"--version", CLI_INT_VALUE, &version},
                                         {NULL, CLI_FLAG, NULL}};
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc == 1 || (argc == 2 && strcmp(argv[1], "list") == 0)) {
        code = cli_only(cli, options, "rules list", "");
        return code >= 0 ? code : list(cli);
    }
    if (argc == 3 && strcmp(argv[1], "show") == 0) {
        code = cli_only(cli, options, "rules show", "--version");
        return code >= 0 ? code : show(cli, argv[2], version);
    }
    if (argc == 3 && strcmp(argv[1], "load") == 0) {
        code = cli_only(cli, options, "rules load", "--past --dry-run");
        return code >= 0 ? code : rule_versions_load(cli, argv[2], past, dry_run);
    }
    return cli_usage(cli, "usage: kipthoi rules [list | show RULE [--version N] | load FILE [--past] [--dry-run]]");
}
