/* SPDX-License-Identifier: MIT */
/* status.c - kipthoi status: one screen of figures. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/probe.h"
#include "cli/standing.h"

static const char help[] =
    "kipthoi status - one screen: what came in, how far it is judged, where dossiers, letters and alerts stand\n\n"
    "All figures are of one state of the database.\n\n"
    "examples:\n"
    "  kipthoi status\n"
    "  kipthoi status --json\n";

/* A figure is column i of status_figures.sql; a group begins where its title is. */
static const struct {
    const char *group;
    enum word group_title;
    const char *name;
    enum word title;
} figures[] = {
    {"intake", WORD_GROUP_INTAKE, "received", WORD_INTAKE_RECEIVED},
    {"intake", WORD_GROUP_INTAKE, "accepted", WORD_INTAKE_ACCEPTED},
    {"intake", WORD_GROUP_INTAKE, "duplicate", WORD_INTAKE_DUPLICATE},
    {"intake", WORD_GROUP_INTAKE, "conflict", WORD_INTAKE_CONFLICT},
    {"intake", WORD_GROUP_INTAKE, "rejected", WORD_INTAKE_REJECTED},
    {"intake", WORD_GROUP_INTAKE, "denied", WORD_INTAKE_DENIED},
    {"intake", WORD_GROUP_INTAKE, "busy", WORD_INTAKE_BUSY},
    {"ledger", WORD_GROUP_LEDGER, "events", WORD_LEDGER_EVENTS},
    {"ledger", WORD_GROUP_LEDGER, "folded", WORD_LEDGER_FOLDED},
    {"ledger", WORD_GROUP_LEDGER, "waiting", WORD_LEDGER_WAITING},
    {"dossiers", WORD_GROUP_DOSSIERS, "early", WORD_EARLY},
    {"dossiers", WORD_GROUP_DOSSIERS, "on_time", WORD_ON_TIME},
    {"dossiers", WORD_GROUP_DOSSIERS, "late", WORD_LATE},
    {"dossiers", WORD_GROUP_DOSSIERS, "overdue", WORD_OVERDUE},
    {"dossiers", WORD_GROUP_DOSSIERS, "in_time", WORD_IN_TIME},
    {"dossiers", WORD_GROUP_DOSSIERS, "paused", WORD_PAUSED},
    {"dossiers", WORD_GROUP_DOSSIERS, "excluded", WORD_EXCLUDED},
    {"letters", WORD_SECTION_LETTERS, "owed", WORD_DUTY_OWED},
    {"letters", WORD_SECTION_LETTERS, "drafted", WORD_DUTY_DRAFTED},
    {"letters", WORD_SECTION_LETTERS, "approved", WORD_DUTY_APPROVED},
    {"letters", WORD_SECTION_LETTERS, "sent", WORD_DUTY_SENT},
    {"letters", WORD_SECTION_LETTERS, "void", WORD_DUTY_VOID},
    {"other", WORD_GROUP_OTHER, "alerts", WORD_ALERTS_GIVEN},
    {"other", WORD_GROUP_OTHER, "quarantine", WORD_QUARANTINE_OPEN},
};

#define FIGURES (sizeof figures / sizeof *figures)

static const struct {
    const char *name;
    enum word word;
} answers[] = {
    [PROBE_OFF] = {"off", WORD_STAGE_OFF},
    [PROBE_READY] = {"ready", WORD_STAGE_READY},
    [PROBE_NOT_READY] = {"not_ready", WORD_STAGE_NOT_READY},
    [PROBE_SILENT] = {"silent", WORD_STAGE_SILENT},
    [PROBE_STRANGER] = {"stranger", WORD_STAGE_STRANGER},
};

#define STAGES 3
static const char *const stage_names[STAGES] = {"ingest", "scorer", "notifier"};
static const enum word stage_words[STAGES] = {WORD_STAGE_INGEST, WORD_STAGE_SCORER, WORD_STAGE_NOTIFIER};

struct screen {
    int64_t as_of_us;
    PGresult *as_of;
    PGresult *figures;
    PGresult *shards;
    struct standing alerts;
    int64_t ports[STAGES];
    enum probe_answer stages[STAGES];
};

/* A line per group, so that all of it fits a screen. */
static void print_figures(const struct cli *cli, const PGresult *row)
{
    char text[CLI_SENTENCE_SIZE] = "";
    size_t used = 0;

    for (size_t i = 0; i < FIGURES; i++) {
        int len = snprintf(text + used, sizeof text - used, "%s%s %lld", used == 0 ? "" : "   ",
                           cli_word(cli, figures[i].title), (long long)db_int(row, 0, (int)i));

        used += len > 0 && (size_t)len < sizeof text - used ? (size_t)len : 0;
        if (i + 1 == FIGURES || figures[i + 1].group_title != figures[i].group_title) {
            cli_line(cli, figures[i].group_title, text);
            used = 0;
        }
    }
}

static void print_alerts(const struct cli *cli, const struct standing *alerts)
{
    char text[CLI_SENTENCE_SIZE] = "";
    size_t used = 0;

    for (int i = 0; i < STANDING_FIGURES; i++) {
        int len = snprintf(text + used, sizeof text - used, "%s%s %lld", used == 0 ? "" : "   ",
                           cli_word(cli, standing_title((enum standing_figure)i)), (long long)alerts->figures[i]);

        used += len > 0 && (size_t)len < sizeof text - used ? (size_t)len : 0;
    }
    cli_line(cli, WORD_GROUP_ALERTS, text);
}

static void print_shards(const struct cli *cli, const PGresult *shards)
{
    struct table *table = table_new();

    cli_column(cli, table, "shard", WORD_SHARD, TABLE_RIGHT);
    cli_column(cli, table, "segment", WORD_SEGMENT, TABLE_RIGHT);
    cli_column(cli, table, "folded", WORD_LEDGER_FOLDED, TABLE_RIGHT);
    cli_column(cli, table, "behind", WORD_BEHIND, TABLE_LEFT);
    cli_column(cli, table, "judged_at", WORD_JUDGED_AT, TABLE_LEFT);
    for (int r = 0; r < PQntuples(shards); r++) {
        bool behind = db_bool(shards, r, 3);

        table_row(table);
        table_int(table, db_int(shards, r, 0));
        table_int(table, db_int(shards, r, 1));
        table_int(table, db_int(shards, r, 2));
        table_bool(table, behind, cli_word(cli, behind ? WORD_YES : WORD_NO));
        table_tone(table, behind ? TABLE_WARN : TABLE_PLAIN);
        cli_cell_time(table, db_us(shards, r, 4));
    }
    cli_heading(cli, cli_word(cli, WORD_GROUP_SHARDS));
    table_print_text(table, stdout, cli->color);
    table_destroy(&table);
}

static void print_text(const struct cli *cli, const struct screen *screen)
{
    char shown[CLI_TIME_SIZE];

    cli_line(cli, WORD_AS_OF,
             screen->as_of_us == DB_NULL_US ? cli_word(cli, WORD_NOT_JUDGED) : cli_time(screen->as_of_us, shown));
    if (cli->config.deployment.clock.frozen) {
        cli_line(cli, WORD_CLOCK_FROZEN, cli_time(cli_now_us(cli), shown));
    }
    putchar('\n');
    print_figures(cli, screen->figures);
    print_alerts(cli, &screen->alerts);
    print_shards(cli, screen->shards);
    cli_heading(cli, cli_word(cli, WORD_GROUP_STAGES));
    for (int i = 0; i < STAGES; i++) {
        char port[24];
        char detail[CLI_SENTENCE_SIZE];

        snprintf(port, sizeof port, "%lld", (long long)screen->ports[i]);
        cli_line(cli, stage_words[i], cli_sentence(cli, detail, answers[screen->stages[i]].word, port, NULL));
    }
}

static void print_csv(const struct screen *screen)
{
    printf("group,name,value\r\n");
    for (size_t i = 0; i < FIGURES; i++) {
        printf("%s,%s,%lld\r\n", figures[i].group, figures[i].name, (long long)db_int(screen->figures, 0, (int)i));
    }
    for (int i = 0; i < STANDING_FIGURES; i++) {
        printf("alerting,%s,%lld\r\n", standing_name((enum standing_figure)i), (long long)screen->alerts.figures[i]);
    }
    for (int i = 0; i < STAGES; i++) {
        printf("stages,%s,%s\r\n", stage_names[i], answers[screen->stages[i]].name);
    }
}

static cJSON *shards_json(const PGresult *shards)
{
    cJSON *array = cJSON_CreateArray();

    for (int r = 0; r < PQntuples(shards); r++) {
        cJSON *shard = cJSON_CreateObject();

        cJSON_AddNumberToObject(shard, "shard", (double)db_int(shards, r, 0));
        cJSON_AddNumberToObject(shard, "segment", (double)db_int(shards, r, 1));
        cJSON_AddNumberToObject(shard, "folded", (double)db_int(shards, r, 2));
        cJSON_AddBoolToObject(shard, "behind", db_bool(shards, r, 3));
        cJSON_AddItemToObject(shard, "judged_at", cli_json_time(db_us(shards, r, 4)));
        cJSON_AddItemToObject(shard, "updated_at", cli_json_time(db_us(shards, r, 5)));
        cJSON_AddItemToArray(array, shard);
    }
    return array;
}

static int print_json(struct cli *cli, const struct screen *screen)
{
    cJSON *object = cJSON_CreateObject();
    cJSON *group = object;
    cJSON *stages;

    cJSON_AddItemToObject(object, "as_of", cli_json_time(screen->as_of_us));
    cJSON_AddItemToObject(object, "clock", cli_json_time(cli_now_us(cli)));
    cJSON_AddBoolToObject(object, "clock_frozen", cli->config.deployment.clock.frozen);
    for (size_t i = 0; i < FIGURES; i++) {
        if (strcmp(figures[i].group, "other") == 0) {
            group = object;
        } else if (i == 0 || strcmp(figures[i].group, figures[i - 1].group) != 0) {
            group = cJSON_AddObjectToObject(object, figures[i].group);
        }
        cJSON_AddNumberToObject(group, figures[i].name, (double)db_int(screen->figures, 0, (int)i));
    }
    group = cJSON_AddObjectToObject(object, "alerting");
    for (int i = 0; i < STANDING_FIGURES; i++) {
        cJSON_AddNumberToObject(group, standing_name((enum standing_figure)i), (double)screen->alerts.figures[i]);
    }
    cJSON_AddItemToObject(object, "shards", shards_json(screen->shards));
    stages = cJSON_AddObjectToObject(object, "stages");
    for (int i = 0; i < STAGES; i++) {
        cJSON_AddStringToObject(stages, stage_names[i], answers[screen->stages[i]].name);
    }
    return cli_print_json(cli, object);
}

static void probe_stages(const struct cli *cli, struct screen *screen)
{
    screen->ports[0] = cli->config.ingest.metrics_port;
    screen->ports[1] = cli->config.scorer.metrics_port;
    screen->ports[2] = cli->config.notifier.metrics_port;
    for (int i = 0; i < STAGES; i++) {
        screen->stages[i] = probe_stage(stage_names[i], screen->ports[i]);
    }
}

static enum status read_screen(const struct cli *cli, struct db *db, struct screen *screen)
{
    enum status st = db_run(db, SQL_RATES_AS_OF, NULL, &screen->as_of);

    if (st == STATUS_OK) {
        screen->as_of_us = db_us(screen->as_of, 0, 0);
        st = db_run(db, SQL_STATUS_FIGURES, NULL, &screen->figures);
    }
    if (st == STATUS_OK) {
        st = db_run(db, SQL_STATUS_SHARDS, NULL, &screen->shards);
    }
    if (st == STATUS_OK) {
        st = standing_read(cli, db, &screen->alerts);
    }
    return st == STATUS_OK ? db_commit(db) : st;
}

int cmd_status(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    struct screen screen = {.as_of_us = DB_NULL_US};
    struct db *db;
    enum status st;
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "usage: kipthoi status");
    }
    code = cli_snapshot(cli, &db);
    if (code != EXIT_FINE) {
        return code;
    }
    st = read_screen(cli, db, &screen);
    if (st != STATUS_OK) {
        code = cli_db_failed(cli, db, st);
        goto done;
    }
    probe_stages(cli, &screen);
    if (cli->format == CLI_JSON) {
        code = print_json(cli, &screen);
    } else if (cli->format == CLI_CSV) {
        print_csv(&screen);
    } else {
        print_text(cli, &screen);
    }
done:
    PQclear(screen.as_of);
    PQclear(screen.figures);
    PQclear(screen.shards);
    return code;
}
