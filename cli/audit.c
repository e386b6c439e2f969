/* SPDX-License-Identifier: MIT */
/*
 * audit.c - kipthoi audit: proves every stored figure by a recount.
 *
 * The recount is SQL (schema/queries/audit_*.sql) over the payloads of the ledger and shares no code with the programs
 * that wrote the figures.  All checks look at one snapshot of the database, and only at what the scorers have folded.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "cli/alerts.h"
#include "cli/audit_exception.h"
#include "cli/cli.h"
#include "common/clock.h"

static const char help[] =
    "kipthoi audit [--limit N] [--wait SECONDS] [--no-wait]\n\n"
    "  --limit N          name at most N differences of each check (default 10)\n"
    "  --wait SECONDS     wait so long until nothing waits to be folded or acted on (default 30)\n"
    "  --no-wait          look at once; what waits is told, not held against the result\n\n"
    "Leaves with 0 only when every check holds, with 1 when one does not, with 3 when the database cannot be "
    "reached.\n\n"
    "  ledger       every row has the digest, id, source, type, time, dossier and sequence of its payload; ids are "
    "unique.\n"
    "               Payloads from which a person's data were erased have the digest noted then, and are counted\n"
    "  intake       what each source was told was accepted is in the ledger; everything received has an outcome\n"
    "  dossiers     state, dates, flags, unit, field and procedure of each dossier, from its events\n"
    "  pauses       when each dossier waited for the citizen, from its events\n"
    "  promises     what each dossier was re-appointed to after its first promise, from its events\n"
    "  verdicts     classes, days and dues of each dossier under all three rules, and its broken promises, from the\n"
    "               recounted dates\n"
    "  day counts   every counter of a day, from the verdicts, both ways\n"
    "  month counts every counter of a month, from the same\n"
    "  indicators   the latest report of each measure that is no dossier matter\n"
    "  duties       each missed promise owes exactly one letter, and no other dossier owes one; those that an "
    "official\n"
    "               waived (letters void) are counted and named\n"
    "  letters      each says the same as its duty; registers of numbers have neither gap nor twin\n"
    "  alerts       the feed is numbered without a gap and tells each duty whenever the notifier opens or voids\n"
    "               it, and each step and episode of a target, once\n"
    "  ladder       steps that wait have a reason, none was missed; what was told is in one message with one delivery\n"
    "  cursors      scorers and notifier belong to this database and have passed what they counted\n"
    "  behind       nothing waits for scorer or notifier; where something does, start them or wait, and run it "
    "again\n\n"
    "examples:\n"
    "  kipthoi audit\n"
    "  kipthoi audit --json --no-wait\n";

#define AUDIT_LIMIT 10
#define AUDIT_WAIT_S 30
#define AUDIT_POLL_MS 200
/* A recount of a large ledger takes longer than any other statement. */
#define AUDIT_STATEMENT_MS (INT64_C(30) * 60 * 1000)

/* What the statements give, in this order. */
enum audit_column { AUDIT_CHECK, AUDIT_COMPARED, AUDIT_DIFFERENCES, AUDIT_SUBJECT, AUDIT_STORED, AUDIT_RECOUNTED };

static const struct {
    enum sql_query query;
    bool moment; /* $2: steps due before it are to be taken */
} recounts[] = {
    {SQL_AUDIT_LEDGER, false},    {SQL_AUDIT_INTAKE, false}, {SQL_AUDIT_DOSSIER, false}, {SQL_AUDIT_DAY_COUNT, false},
    {SQL_AUDIT_INDICATOR, false}, {SQL_AUDIT_DUTY, false},   {SQL_AUDIT_LETTERS, false}, {SQL_AUDIT_ALERT, false},
    {SQL_AUDIT_LADDER, true},     {SQL_AUDIT_CURSOR, false},
};
#define AUDIT_RECOUNTS (sizeof recounts / sizeof *recounts)

struct audit {
    struct cli *cli;
    struct db *db;
    struct db_params *params;
    int64_t limit;
    int64_t wait_s;
    bool no_wait;
    int64_t unfolded; /* events */
    int64_t unacted;  /* verdict changes */
    int64_t untaken;  /* steps of the ladder, counted by its own check */
    int64_t began_ms;
    int64_t failures; /* checks that do not hold */
    PGresult *results[AUDIT_RECOUNTS];
    PGresult *exceptions;                       /* what somebody decided */
    char broken[AUDIT_RECOUNTS][DB_ERROR_SIZE]; /* why a recount could not be made, for data that cannot be read */
};

static enum status audit_look_at_lag(struct audit *self)
{
    PGresult *lag = NULL;
    enum status st;

    db_params_reset(self->params);
    db_param_us(self->params, alerts_missed_before_us(self->cli));
    st = db_run(self->db, SQL_AUDIT_LAG, self->params, &lag);

    if (st == STATUS_OK) {
        self->unfolded = db_int(lag, 0, 0);
        self->unacted = db_int(lag, 0, 1);
        self->untaken = db_int(lag, 0, 2);
    }
    PQclear(lag);
    return st;
}

static void audit_say_waiting(const struct audit *self)
{
    char unfolded[24];
    char unacted[24];

    snprintf(unfolded, sizeof unfolded, "%lld", (long long)self->unfolded);
    snprintf(unacted, sizeof unacted, "%lld", (long long)self->unacted);
    cli_tell(self->cli, WORD_AUDIT_WAITING, unfolded, unacted, NULL);
}

/* Gives scorers and notifier the time to come up. */
static enum status audit_wait(struct audit *self)
{
    int64_t until_ms = self->began_ms + (self->no_wait ? 0 : self->wait_s * 1000);
    bool told = false;
    enum status st = audit_look_at_lag(self);

    while (st == STATUS_OK && self->unfolded + self->unacted + self->untaken > 0 && clock_monotonic_ms() < until_ms) {
        if (!told && self->cli->terminal && self->unfolded + self->unacted > 0) {
            audit_say_waiting(self);
            told = true;
        }
        (void)poll(NULL, 0, AUDIT_POLL_MS);
        st = audit_look_at_lag(self);
    }
    return st;
}

/* A payload that is no JSON any more makes its recount impossible; the transaction cannot go on then either. */
static enum status audit_recount(struct audit *self, size_t i)
{
    enum status st;

    db_params_reset(self->params);
    db_param_int8(self->params, self->limit);
    if (recounts[i].moment) {
        db_param_us(self->params, alerts_missed_before_us(self->cli));
    }
    st = db_run(self->db, recounts[i].query, self->params, &self->results[i]);
    if (st != STATUS_INVALID) {
        return st;
    }
    snprintf(self->broken[i], sizeof self->broken[i], "%s", db_error(self->db));
    db_rollback(self->db);
    st = db_reconnect(self->db);
    if (st == STATUS_OK) {
        st = db_begin_snapshot(self->db);
    }
    return st == STATUS_OK ? db_run(self->db, SQL_AUDIT_PLAN, NULL, NULL) : st;
}

static enum status audit_run(struct audit *self)
{
    enum status st = db_set_limit(self->db, AUDIT_STATEMENT_MS);

    if (st == STATUS_OK) {
        st = audit_wait(self);
    }
    if (st == STATUS_OK) {
        st = db_begin_snapshot(self->db);
    }
    if (st == STATUS_OK) {
        st = db_run(self->db, SQL_AUDIT_PLAN, NULL, NULL);
    }
    if (st == STATUS_OK) {
        st = audit_look_at_lag(self);
    }
    for (size_t i = 0; st == STATUS_OK && i < AUDIT_RECOUNTS; i++) {
        st = audit_recount(self, i);
    }
    if (st == STATUS_OK) {
        db_params_reset(self->params);
        db_param_int8(self->params, self->limit);
        st = db_run(self->db, SQL_AUDIT_EXCEPTION, self->params, &self->exceptions);
    }
    return st == STATUS_OK ? db_commit(self->db) : st;
}

/* One difference, named. */
typedef void (*audit_named_cb)(void *context, const char *subject, const char *stored, const char *recounted);
/* One check. */
typedef void (*audit_check_cb)(void *context, const char *check, int64_t compared, int64_t differences);

static void audit_walk_result(const PGresult *result, void *context, audit_check_cb check, audit_named_cb named)
{
    for (int row = 0; row < PQntuples(result); row++) {
        const char *name = db_text(result, row, AUDIT_CHECK);

        if (check != NULL && (row == 0 || strcmp(name, db_text(result, row - 1, AUDIT_CHECK)) != 0)) {
            check(context, name, db_int(result, row, AUDIT_COMPARED), db_int(result, row, AUDIT_DIFFERENCES));
        }
        if (named != NULL && !db_null(result, row, AUDIT_SUBJECT)) {
            named(context, db_text(result, row, AUDIT_SUBJECT), db_text(result, row, AUDIT_STORED),
                  db_text(result, row, AUDIT_RECOUNTED));
        }
    }
}

/* For people in their language, for programs always the same. */
static const char *audit_word(const struct audit *self, enum word word)
{
    return lang_word(self->cli->format == CLI_TEXT ? self->cli->lang : LANG_EN, word);
}

/* Goes through all checks and the differences named behind each; either callback may be NULL. */
static void audit_walk(const struct audit *self, void *context, audit_check_cb check, audit_named_cb named)
{
    int64_t waiting = (self->unfolded > 0) + (self->unacted > 0);
    char count[32];

    for (size_t i = 0; i < AUDIT_RECOUNTS; i++) {
        if (self->broken[i][0] == '\0') {
            audit_walk_result(self->results[i], context, check, named);
            continue;
        }
        if (check != NULL) {
            check(context, sql_name(recounts[i].query), 0, 1);
        }
        if (named != NULL) {
            named(context, audit_word(self, WORD_AUDIT_UNREADABLE), self->broken[i],
                  audit_word(self, WORD_AUDIT_READABLE));
        }
    }
    if (check != NULL) {
        check(context, "behind", 2, self->no_wait ? 0 : waiting);
    }
    if (named != NULL && self->unfolded > 0) {
        snprintf(count, sizeof count, "%lld", (long long)self->unfolded);
        named(context, audit_word(self, WORD_AUDIT_UNFOLDED), count, "0");
    }
    if (named != NULL && self->unacted > 0) {
        snprintf(count, sizeof count, "%lld", (long long)self->unacted);
        named(context, audit_word(self, WORD_AUDIT_UNACTED), count, "0");
    }
}

static void count_failure_cb(void *context, const char *check, int64_t compared, int64_t differences)
{
    struct audit *self = context;

    (void)check;
    (void)compared;
    self->failures += differences != 0;
}

/* The name of a check as people are shown it. */
static const char *check_title(const struct cli *cli, const char *check)
{
    static const struct {
        const char *name;
        enum word title;
    } titles[] = {
        {"ledger", WORD_AUDIT_LEDGER},
        {"intake", WORD_AUDIT_INTAKE},
        {"dossiers", WORD_AUDIT_DOSSIERS},
        {"pauses", WORD_AUDIT_PAUSES},
        {"promises", WORD_AUDIT_PROMISES},
        {"verdicts", WORD_AUDIT_VERDICTS},
        {"indicators", WORD_AUDIT_INDICATORS},
        {"day counts", WORD_AUDIT_DAY_COUNTS},
        {"duties", WORD_AUDIT_DUTIES},
        {"alerts", WORD_AUDIT_ALERTS},
        {"cursors", WORD_AUDIT_CURSORS},
        {"behind", WORD_AUDIT_BEHIND},
        {"ladder", WORD_AUDIT_LADDER},
        {"letters", WORD_AUDIT_LETTERS},
        {"month counts", WORD_AUDIT_MONTH_COUNTS},
    };

    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        if (strcmp(titles[i].name, check) == 0) {
            return cli_word(cli, titles[i].title);
        }
    }
    return check;
}

struct text_report {
    const struct audit *audit;
    struct table *table;
    const char *check; /* the one whose differences follow */
    int64_t differences;
};

static void table_check_cb(void *context, const char *check, int64_t compared, int64_t differences)
{
    struct text_report *report = context;
    const struct cli *cli = report->audit->cli;
    /* Told, not held against the result (--no-wait); it is not "ok" either. */
    bool waiting =
        differences == 0 && strcmp(check, "behind") == 0 && report->audit->unfolded + report->audit->unacted > 0;
    enum word word = waiting ? WORD_AUDIT_WAITS : differences == 0 ? WORD_AUDIT_OK : WORD_AUDIT_FAIL;

    table_row(report->table);
    table_text(report->table, check);
    table_show(report->table, check_title(cli, check));
    table_int(report->table, compared);
    table_int(report->table, differences);
    table_bool(report->table, differences == 0, cli_word(cli, word));
    table_tone(report->table, waiting ? TABLE_WARN : differences == 0 ? TABLE_GOOD : TABLE_BAD);
}

static void name_check_cb(void *context, const char *check, int64_t compared, int64_t differences)
{
    struct text_report *report = context;

    (void)compared;
    report->check = check;
    report->differences = differences;
}

static void name_difference_cb(void *context, const char *subject, const char *stored, const char *recounted)
{
    const struct text_report *report = context;
    const struct cli *cli = report->audit->cli;

    printf("%s: %s\n", check_title(cli, report->check), subject);
    cli_say(cli, WORD_AUDIT_STORED, stored, NULL);
    cli_say(cli, WORD_AUDIT_RECOUNTED, recounted, NULL);
}

static int audit_print_table(struct audit *self)
{
    struct cli *cli = self->cli;
    struct text_report report = {.audit = self, .table = table_new()};
    int code;

    cli_column(cli, report.table, "check", WORD_CHECK, TABLE_LEFT);
    cli_column(cli, report.table, "compared", WORD_COL_COMPARED, TABLE_RIGHT);
    cli_column(cli, report.table, "differences", WORD_COL_DIFFERENCES, TABLE_RIGHT);
    cli_column(cli, report.table, "ok", WORD_COL_RESULT, TABLE_LEFT);
    audit_walk(self, &report, table_check_cb, NULL);
    code = cli_print_table(self->cli, &report.table, DB_NULL_US);
    if (self->cli->format == CLI_TEXT) {
        audit_walk(self, &report, name_check_cb, name_difference_cb);
        audit_exceptions_print(self->cli, self->exceptions);
    }
    return code;
}

static void json_check_cb(void *context, const char *check, int64_t compared, int64_t differences)
{
    cJSON *checks = context;
    cJSON *one = cJSON_CreateObject();

    cJSON_AddStringToObject(one, "check", check);
    cJSON_AddNumberToObject(one, "compared", (double)compared);
    cJSON_AddNumberToObject(one, "differences", (double)differences);
    cJSON_AddBoolToObject(one, "ok", differences == 0);
    cJSON_AddArrayToObject(one, "found");
    cJSON_AddItemToArray(checks, one);
}

static void json_difference_cb(void *context, const char *subject, const char *stored, const char *recounted)
{
    cJSON *checks = context;
    cJSON *last = cJSON_GetArrayItem(checks, cJSON_GetArraySize(checks) - 1);
    cJSON *one = cJSON_CreateObject();

    cJSON_AddStringToObject(one, "subject", subject);
    cJSON_AddStringToObject(one, "stored", stored);
    cJSON_AddStringToObject(one, "recounted", recounted);
    cJSON_AddItemToArray(cJSON_GetObjectItemCaseSensitive(last, "found"), one);
}

static int audit_print_json(struct audit *self)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddBoolToObject(json, "ok", self->failures == 0);
    cJSON_AddNumberToObject(json, "seconds", (double)(clock_monotonic_ms() - self->began_ms) / 1000.0);
    cJSON_AddNumberToObject(json, "events_behind", (double)self->unfolded);
    cJSON_AddNumberToObject(json, "notifier_behind", (double)self->unacted);
    audit_walk(self, cJSON_AddArrayToObject(json, "checks"), json_check_cb, json_difference_cb);
    cJSON_AddItemToObject(json, "exceptions", audit_exceptions_json(self->exceptions));
    return cli_print_json(self->cli, json);
}

static int audit_report(struct audit *self)
{
    int code;

    audit_walk(self, self, count_failure_cb, NULL);
    code = self->cli->format == CLI_JSON ? audit_print_json(self) : audit_print_table(self);
    return code != EXIT_FINE ? code : self->failures == 0 ? EXIT_FINE : EXIT_ANSWER_NO;
}

int cmd_audit(struct cli *cli, int argc, char **argv)
{
    struct audit self = {.cli = cli, .limit = AUDIT_LIMIT, .wait_s = AUDIT_WAIT_S};
    const struct cli_option options[] = {
        {"--limit", CLI_INT_VALUE, &self.limit},
        {"--wait", CLI_INT_VALUE, &self.wait_s},
        {"--no-wait", CLI_FLAG, &self.no_wait},
        {NULL, CLI_FLAG, NULL},
    };
    enum status st;
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1 || self.wait_s > 86400) {
        return cli_usage(cli, "audit takes no argument and waits at most a day; see: kipthoi audit --help");
    }
    self.began_ms = clock_monotonic_ms();
    code = cli_db(cli, &self.db);
    if (code != EXIT_FINE) {
        return code;
    }
    self.params = db_params_new();
    st = self.params == NULL ? STATUS_RETRY : audit_run(&self);
    code = st == STATUS_OK ? audit_report(&self) : cli_db_failed(cli, self.db, st);
    for (size_t i = 0; i < AUDIT_RECOUNTS; i++) {
        PQclear(self.results[i]);
    }
    PQclear(self.exceptions);
    db_params_destroy(&self.params);
    return code;
}
