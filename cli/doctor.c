/* SPDX-License-Identifier: MIT */
/* doctor.c - kipthoi doctor: looks at server, schema, scorers, files and stages, and tells the way out. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/admin.h"
#include "cli/mail_off.h"
#include "cli/probe.h"
#include "cli/standing.h"

#define OLDEST_SERVER 150000
#define SKEW_WARN_US (1 * CLOCK_SECOND_US)
#define SKEW_FAIL_US (5 * CLOCK_SECOND_US)
#define HOLDER_WARN_S 300
#define HOLDER_WARN_AGE 10000000
#define DETAIL_SIZE 1024
#define CHECK_WIDTH 22

static const char help[] = "kipthoi doctor - looks for what is wrong, and tells the way out\n\n"
                           "Settings of the server, schema, time zone, clocks, cluster, scorers, what holds back "
                           "cleaning, roles, secret files, alerts\n"
                           "that would not be heard or have not arrived, and whether the stages on this machine are "
                           "ready.  Leaves with 1 when a check says FAIL.\n\n"
                           "examples:\n"
                           "  kipthoi doctor\n"
                           "  kipthoi doctor --json\n";

enum finding { FINDING_OK, FINDING_WARN, FINDING_FAIL };

struct doctor {
    struct cli *cli;
    struct db *db; /* NULL when it cannot be reached */
    struct table *table;
    int fails;
    int warns;
};

static const char *const finding_names[] = {"ok", "warn", "FAIL"};

/* People get the way out on a line of its own: beside the detail it would leave the screen. */
static void print_note(const struct doctor *doctor, enum word check, enum finding finding, enum word way_out,
                       const char *detail)
{
    static const char *const colors[] = {"\033[32m", "\033[33m", "\033[31m"};
    const char *title = cli_word(doctor->cli, check);
    size_t width = table_width(title);
    bool color = doctor->cli->color;

    printf("%s%-4s%s  %s%*s  ", color ? colors[finding] : "", finding_names[finding], color ? "\033[0m" : "", title,
           width < CHECK_WIDTH ? (int)(CHECK_WIDTH - width) : 0, "");
    table_put_printable(stdout, detail);
    putchar('\n');
    if (finding != FINDING_OK) {
        printf("      → %s\n", cli_word(doctor->cli, way_out));
    }
}

static void add_note(struct doctor *doctor, enum word check, enum finding finding, enum word way_out,
                     const char *detail)
{
    doctor->fails += finding == FINDING_FAIL;
    doctor->warns += finding == FINDING_WARN;
    if (doctor->cli->format == CLI_TEXT) {
        print_note(doctor, check, finding, way_out, detail);
        return;
    }
    table_row(doctor->table);
    table_text(doctor->table, finding_names[finding]);
    table_text(doctor->table, lang_word(LANG_EN, check));
    table_text(doctor->table, detail);
    table_text(doctor->table, finding == FINDING_OK ? NULL : cli_word(doctor->cli, way_out));
}

/* Adds a line; detail is a format, way_out what to do when finding is not OK. */
static void note(struct doctor *doctor, enum word check, enum finding finding, enum word way_out, const char *fmt, ...)
    PRINTF_LIKE(5, 6);
static void note(struct doctor *doctor, enum word check, enum finding finding, enum word way_out, const char *fmt, ...)
{
    char detail[DETAIL_SIZE];
    va_list list;

    va_start(list, fmt);
    vsnprintf(detail, sizeof detail, fmt, list);
    va_end(list);
    add_note(doctor, check, finding, way_out, detail);
}

static enum finding fail_unless(bool good)
{
    return good ? FINDING_OK : FINDING_FAIL;
}

static enum finding warn_unless(bool good)
{
    return good ? FINDING_OK : FINDING_WARN;
}

static void check_clock(struct doctor *doctor, int64_t server_us, int64_t before_us, int64_t after_us)
{
    const struct clock *clock = &doctor->cli->config.deployment.clock;
    int64_t skew_us = server_us - (before_us + after_us) / 2;
    int64_t size_us = skew_us < 0 ? -skew_us : skew_us;
    char shown[CLI_TIME_SIZE];

    note(doctor, WORD_CHECK_CLOCKS,
         size_us > SKEW_FAIL_US   ? FINDING_FAIL
         : size_us > SKEW_WARN_US ? FINDING_WARN
                                  : FINDING_OK,
         WORD_FIX_CLOCKS, "%lld ms", (long long)(skew_us / 1000));
    if (clock->frozen) {
        note(doctor, WORD_CLOCK_FROZEN, FINDING_WARN, WORD_FIX_FROZEN, "%s", cli_time(clock->frozen_us, shown));
    }
}

/* Returns whether the schema is there. */
static bool check_server(struct doctor *doctor)
{
    const struct clock system = {.frozen = false};
    bool safe = doctor->cli->config.database.unsafe_durability;
    int64_t before_us = clock_now_us(&system);
    PGresult *row = NULL;
    bool schema;

    if (db_run(doctor->db, SQL_DOCTOR_SERVER, NULL, &row) != STATUS_OK) {
        note(doctor, WORD_CHECK_SERVER, FINDING_FAIL, WORD_FIX_DATABASE, "%s", db_error(doctor->db));
        return false;
    }
    check_clock(doctor, db_us(row, 0, 7), before_us, clock_now_us(&system));
    note(doctor, WORD_CHECK_SERVER, fail_unless(db_int(row, 0, 0) >= OLDEST_SERVER), WORD_FIX_VERSION, "PostgreSQL %s",
         db_text(row, 0, 1));
    note(doctor, WORD_CHECK_DURABILITY,
         strcmp(db_text(row, 0, 2), "on") == 0 && strcmp(db_text(row, 0, 3), "off") != 0 ? FINDING_OK
         : safe                                                                          ? FINDING_WARN
                                                                                         : FINDING_FAIL,
         WORD_FIX_DURABILITY, "fsync=%s synchronous_commit=%s", db_text(row, 0, 2), db_text(row, 0, 3));
    note(doctor, WORD_CHECK_PAGES, warn_unless(strcmp(db_text(row, 0, 4), "on") == 0), WORD_FIX_PAGES,
         "full_page_writes=%s", db_text(row, 0, 4));
    note(doctor, WORD_CHECK_VACUUM, fail_unless(strcmp(db_text(row, 0, 5), "on") == 0), WORD_FIX_VACUUM,
         "autovacuum=%s", db_text(row, 0, 5));
    note(doctor, WORD_CHECK_ENCODING, fail_unless(strcmp(db_text(row, 0, 6), "UTF8") == 0), WORD_FIX_ENCODING, "%s",
         db_text(row, 0, 6));
    note(doctor, WORD_CHECK_PRIMARY, fail_unless(!db_bool(row, 0, 9)), WORD_FIX_PRIMARY, "%s",
         cli_word(doctor->cli, db_bool(row, 0, 9) ? WORD_STANDBY : WORD_PRIMARY));
    schema = db_bool(row, 0, 10);
    if (!schema) {
        note(doctor, WORD_CHECK_SCHEMA, FINDING_FAIL, WORD_FIX_INIT, "%s", cli_word(doctor->cli, WORD_NONE));
    }
    PQclear(row);
    return schema;
}

static void check_scorers(struct doctor *doctor, const PGresult *row)
{
    int64_t waiting = db_int(row, 0, 9);
    char shown[CLI_TIME_SIZE];

    note(doctor, WORD_CHECK_SHARDS, fail_unless(db_int(row, 0, 2) == db_int(row, 0, 3)), WORD_FIX_SHARDS, "%lld / %lld",
         (long long)db_int(row, 0, 2), (long long)db_int(row, 0, 3));
    note(doctor, WORD_CHECK_EPOCH, fail_unless(db_int(row, 0, 5) + db_int(row, 0, 7) + db_int(row, 0, 11) == 0),
         WORD_FIX_EPOCH, "%s",
         cli_word(doctor->cli,
                  db_int(row, 0, 5) + db_int(row, 0, 7) + db_int(row, 0, 11) == 0 ? WORD_SAME : WORD_OTHER));
    note(doctor, WORD_CHECK_WAITING, waiting < 0 ? FINDING_FAIL : warn_unless(waiting == 0 && db_int(row, 0, 4) == 0),
         waiting < 0 ? WORD_FIX_AUDIT : WORD_FIX_WAITING, "%lld", (long long)waiting);
    note(doctor, WORD_CHECK_JUDGED, warn_unless(db_us(row, 0, 10) != DB_MINUS_INFINITY_US), WORD_FIX_WAITING, "%s",
         cli_time(db_us(row, 0, 10), shown));
    note(doctor, WORD_CHECK_SEGMENTS, fail_unless(db_int(row, 0, 6) == 1), WORD_FIX_AUDIT, "%lld / %lld",
         (long long)db_int(row, 0, 6), (long long)db_int(row, 0, 8));
}

static void check_schema(struct doctor *doctor)
{
    const char *zone = doctor->cli->config.deployment.time_zone;
    PGresult *row = NULL;
    int known;

    (void)sql_migrations(&known);
    if (db_run(doctor->db, SQL_DOCTOR_SCHEMA, NULL, &row) != STATUS_OK) {
        note(doctor, WORD_CHECK_SCHEMA, FINDING_FAIL, WORD_FIX_MIGRATE, "%s", db_error(doctor->db));
        return;
    }
    note(doctor, WORD_CHECK_SCHEMA, fail_unless(db_int(row, 0, 0) == known),
         db_int(row, 0, 0) < known ? WORD_FIX_MIGRATE : WORD_FIX_PROGRAM, "%lld / %d", (long long)db_int(row, 0, 0),
         known);
    note(doctor, WORD_CHECK_ZONE, fail_unless(!db_null(row, 0, 1) && strcmp(db_text(row, 0, 1), zone) == 0),
         db_null(row, 0, 1) ? WORD_FIX_INIT : WORD_FIX_ZONE, "%s / %s", zone, db_text(row, 0, 1));
    check_scorers(doctor, row);
    PQclear(row);
}

static void check_holder(struct doctor *doctor)
{
    PGresult *row = NULL;
    char span[CLI_TIME_SIZE] = "";
    bool old;

    if (db_run(doctor->db, SQL_DOCTOR_HOLDER, NULL, &row) != STATUS_OK) {
        note(doctor, WORD_CHECK_HOLDER, FINDING_WARN, WORD_FIX_DATABASE, "%s", db_error(doctor->db));
        return;
    }
    if (PQntuples(row) == 0) {
        note(doctor, WORD_CHECK_HOLDER, FINDING_OK, WORD_FIX_HOLDER, "%s", cli_word(doctor->cli, WORD_NONE));
    } else {
        old = db_int(row, 0, 4) > HOLDER_WARN_S || db_int(row, 0, 3) > HOLDER_WARN_AGE;
        if (!db_null(row, 0, 4)) {
            cli_span(doctor->cli, db_int(row, 0, 4) * CLOCK_SECOND_US, span);
        }
        note(doctor, WORD_CHECK_HOLDER, warn_unless(!old), WORD_FIX_HOLDER, "%s %s %s (%lld xid) %s",
             db_text(row, 0, 0), db_text(row, 0, 1), db_text(row, 0, 2), (long long)db_int(row, 0, 3), span);
    }
    PQclear(row);
}

static void check_roles(struct doctor *doctor)
{
    struct db_params *params = db_params_new();
    struct admin_role roles[ADMIN_ROLES];
    PGresult *rows = NULL;

    admin_roles(&doctor->cli->config, roles);
    if (params != NULL) {
        db_param_array(params, DB_ARRAY_TEXT);
        for (int i = 0; i < ADMIN_ROLES; i++) {
            db_param_add_text(params, roles[i].user);
        }
        if (db_run(doctor->db, SQL_DOCTOR_ROLES, params, &rows) != STATUS_OK) {
            note(doctor, WORD_CHECK_ROLE, FINDING_FAIL, WORD_FIX_DATABASE, "%s", db_error(doctor->db));
        }
    }
    for (int r = 0; r < PQntuples(rows); r++) {
        bool there = db_bool(rows, r, 1);

        note(doctor, WORD_CHECK_ROLE, fail_unless(there && !db_bool(rows, r, 2)),
             there ? WORD_FIX_SUPERUSER : WORD_FIX_INIT, "%s", db_text(rows, r, 0));
    }
    PQclear(rows);
    db_params_destroy(&params);
}

static void check_tables(struct doctor *doctor)
{
    PGresult *rows = NULL;

    if (db_run(doctor->db, SQL_DOCTOR_TABLES, NULL, &rows) != STATUS_OK) {
        note(doctor, WORD_CHECK_TABLE, FINDING_WARN, WORD_FIX_DATABASE, "%s", db_error(doctor->db));
        return;
    }
    for (int r = 0; r < PQntuples(rows); r++) {
        int64_t live = db_int(rows, r, 2);
        int64_t dead = db_int(rows, r, 3);

        note(doctor, WORD_CHECK_TABLE, warn_unless(dead < 100000 || dead < live), WORD_FIX_HOLDER,
             "%s: %lld MiB, ~%lld rows, ~%lld dead", db_text(rows, r, 0), (long long)(db_int(rows, r, 1) >> 20),
             (long long)live, (long long)dead);
    }
    PQclear(rows);
}

/* Dossiers that wait for the citizen, or have no due of their own, cannot be judged without working time. */
static void check_calendar(struct doctor *doctor)
{
    PGresult *row = NULL;
    char today[CLI_TIME_SIZE];
    int64_t year = strtol(cli_date(cli_today(doctor->cli), today), NULL, 10);
    char detail[CLI_SENTENCE_SIZE];

    if (db_run(doctor->db, SQL_DOCTOR_CALENDAR, NULL, &row) != STATUS_OK) {
        note(doctor, WORD_CHECK_CALENDAR, FINDING_WARN, WORD_FIX_DATABASE, "%s", db_error(doctor->db));
        return;
    }
    if (db_int(row, 0, 0) == 0) {
        note(doctor, WORD_CHECK_CALENDAR, FINDING_WARN, WORD_FIX_CALENDAR, "%s",
             cli_word(doctor->cli, WORD_CALENDAR_ABSENT));
    } else {
        char version[24];
        char last_year[24];
        char excluded[24];

        snprintf(version, sizeof version, "%lld", (long long)db_int(row, 0, 0));
        snprintf(last_year, sizeof last_year, "%lld", (long long)db_int(row, 0, 1));
        snprintf(excluded, sizeof excluded, "%lld", (long long)db_int(row, 0, 2));
        note(doctor, WORD_CHECK_CALENDAR, warn_unless(db_int(row, 0, 1) >= year && db_int(row, 0, 2) == 0),
             WORD_FIX_CALENDAR, "%s",
             cli_sentence(doctor->cli, detail, WORD_CALENDAR_STANDS, version, last_year, excluded, NULL));
    }
    PQclear(row);
}

/* Without a mail server what goes by mail waits for ever, which is no failure that would show by itself. */
static void check_mail(struct doctor *doctor)
{
    const struct cli *cli = doctor->cli;
    char detail[CLI_SENTENCE_SIZE];
    char numbers[2][24];
    PGresult *row = NULL;

    if (!mail_is_off(cli)) {
        note(doctor, WORD_CHECK_MAIL, FINDING_OK, WORD_FIX_MAIL, "%s", cli->config.mail.host);
        return;
    }
    if (db_run(doctor->db, SQL_MAIL_WANTED, NULL, &row) != STATUS_OK) {
        note(doctor, WORD_CHECK_MAIL, FINDING_WARN, WORD_FIX_DATABASE, "%s", db_error(doctor->db));
        return;
    }
    for (int i = 0; i < 2; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%lld", (long long)db_int(row, 0, i));
    }
    note(doctor, WORD_CHECK_MAIL, warn_unless(db_int(row, 0, 0) + db_int(row, 0, 1) == 0), WORD_FIX_MAIL, "%s",
         cli_sentence(cli, detail, WORD_MAIL_STANDS, cli->config.path, numbers[0], numbers[1], NULL));
    PQclear(row);
}

/* Who would not hear, and what would not arrive. */
static void check_alerts(struct doctor *doctor)
{
    struct standing standing;
    char detail[CLI_SENTENCE_SIZE];
    char numbers[3][24];
    const int64_t *figures = standing.figures;

    if (standing_read(doctor->cli, doctor->db, &standing) != STATUS_OK) {
        note(doctor, WORD_CHECK_STEPS, FINDING_WARN, WORD_FIX_DATABASE, "%s", db_error(doctor->db));
        return;
    }
    note(doctor, WORD_CHECK_STEPS, warn_unless(figures[STANDING_MISSED] == 0), WORD_FIX_STEPS, "%lld",
         (long long)figures[STANDING_MISSED]);
    for (int i = 0; i < 3; i++) {
        snprintf(numbers[i], sizeof numbers[i], "%lld", (long long)figures[STANDING_WAITING + i]);
    }
    note(doctor, WORD_CHECK_OUTBOX, warn_unless(figures[STANDING_DEAD] + figures[STANDING_UNCERTAIN] == 0),
         WORD_FIX_OUTBOX, "%s",
         cli_sentence(doctor->cli, detail, WORD_OUTBOX_STANDS, numbers[0], numbers[1], numbers[2], NULL));
    note(doctor, WORD_CHECK_STRANDED, warn_unless(figures[STANDING_STRANDED] == 0), WORD_FIX_STRANDED, "%lld",
         (long long)figures[STANDING_STRANDED]);
    snprintf(numbers[0], sizeof numbers[0], "%lld", (long long)figures[STANDING_UNHEARD]);
    note(doctor, WORD_CHECK_HEARD, warn_unless(figures[STANDING_UNHEARD] == 0), WORD_FIX_HEARD, "%s",
         figures[STANDING_UNHEARD] == 0
             ? cli_word(doctor->cli, WORD_NONE)
             : cli_sentence(doctor->cli, detail, WORD_HEARD_STANDS, numbers[0], standing.unheard, NULL));
    snprintf(numbers[0], sizeof numbers[0], "%d", standing.keys.bad);
    snprintf(numbers[1], sizeof numbers[1], "%d", standing.keys.old);
    snprintf(numbers[2], sizeof numbers[2], "%d", standing.keys.unseen);
    cli_sentence(doctor->cli, detail, WORD_KEYS_STAND, numbers[0], numbers[1], numbers[2], NULL);
    note(doctor, WORD_CHECK_KEYS, standing.keys.bad > 0 ? FINDING_FAIL : warn_unless(standing.keys.old == 0),
         WORD_FIX_KEYS, "%s%s%s", detail, standing.keys.bad + standing.keys.old > 0 ? "; " : "",
         standing.keys.bad > 0 ? standing.keys.bad_text : standing.keys.old_text);
}

/* Looks at the file's mode only: who runs the doctor need not be able to read the stages' secrets. */
static void check_secret(struct doctor *doctor, const char *path, bool needed)
{
    struct stat about;

    if (stat(path, &about) == 0) {
        note(doctor, WORD_CHECK_SECRET, fail_unless((about.st_mode & (S_IRWXG | S_IRWXO)) == 0), WORD_FIX_MODE,
             "%s (%04o)", path, (unsigned)(about.st_mode & 07777));
    } else if (errno == ENOENT && needed) {
        note(doctor, WORD_CHECK_SECRET, FINDING_WARN, WORD_FIX_INIT, "%s: %s", path, strerror(errno));
    } else if (errno != ENOENT) {
        note(doctor, WORD_CHECK_SECRET, FINDING_OK, WORD_FIX_MODE, "%s: %s", path, strerror(errno));
    }
}

static void check_secrets(struct doctor *doctor)
{
    struct admin_role roles[ADMIN_ROLES];
    struct admin_key keys[ADMIN_KEYS];

    admin_roles(&doctor->cli->config, roles);
    admin_keys(&doctor->cli->config, keys);
    for (int i = 0; i < ADMIN_ROLES; i++) {
        check_secret(doctor, roles[i].password_file, true);
    }
    for (int i = 0; i < ADMIN_KEYS; i++) {
        check_secret(doctor, keys[i].secret_file, true);
    }
    check_secret(doctor, doctor->cli->config.database.admin.password_file, false);
}

static void check_stages(struct doctor *doctor)
{
    const struct {
        const char *name;
        enum word title;
        int64_t port;
    } stages[] = {
        {"ingest", WORD_STAGE_INGEST, doctor->cli->config.ingest.metrics_port},
        {"scorer", WORD_STAGE_SCORER, doctor->cli->config.scorer.metrics_port},
        {"notifier", WORD_STAGE_NOTIFIER, doctor->cli->config.notifier.metrics_port},
    };
    static const struct {
        enum finding finding;
        enum word detail;
        enum word way_out;
    } verdicts[] = {
        [PROBE_OFF] = {FINDING_WARN, WORD_STAGE_OFF, WORD_FIX_METRICS},
        [PROBE_READY] = {FINDING_OK, WORD_STAGE_READY, WORD_FIX_STAGE},
        [PROBE_NOT_READY] = {FINDING_FAIL, WORD_STAGE_NOT_READY, WORD_FIX_STAGE},
        [PROBE_SILENT] = {FINDING_WARN, WORD_STAGE_SILENT, WORD_FIX_SILENT},
        [PROBE_STRANGER] = {FINDING_FAIL, WORD_STAGE_STRANGER, WORD_FIX_STRANGER},
    };

    for (size_t i = 0; i < sizeof stages / sizeof *stages; i++) {
        enum probe_answer answer = probe_stage(stages[i].name, stages[i].port);
        char port[24];
        char detail[CLI_SENTENCE_SIZE];

        snprintf(port, sizeof port, "%lld", (long long)stages[i].port);
        note(doctor, stages[i].title, verdicts[answer].finding, verdicts[answer].way_out, "%s",
             cli_sentence(doctor->cli, detail, verdicts[answer].detail, port, NULL));
    }
}

static void check_database(struct doctor *doctor)
{
    const struct config *config = &doctor->cli->config;
    char error[DB_ERROR_SIZE];

    /* Not by cli_db, which refuses a database that is not in order: that is what we are here for. */
    if (db_open(&doctor->db, config, &config->operator.role, "kipthoi-doctor", &doctor->cli->log, error) != STATUS_OK) {
        note(doctor, WORD_CHECK_DATABASE, FINDING_FAIL, WORD_FIX_DATABASE, "%s", error);
        return;
    }
    note(doctor, WORD_CHECK_DATABASE, FINDING_OK, WORD_FIX_DATABASE, "%s:%lld/%s", config->database.host,
         (long long)config->database.port, config->database.name);
    if (check_server(doctor)) {
        check_schema(doctor);
        check_tables(doctor);
        check_calendar(doctor);
        check_alerts(doctor);
        check_mail(doctor);
    }
    check_holder(doctor);
    check_roles(doctor);
}

static int finish(struct doctor *doctor)
{
    char fails[24];
    char warns[24];
    int code = EXIT_FINE;

    if (doctor->cli->format == CLI_TEXT) {
        snprintf(fails, sizeof fails, "%d", doctor->fails);
        snprintf(warns, sizeof warns, "%d", doctor->warns);
        cli_say(doctor->cli, WORD_DOCTOR_SUM, fails, warns, NULL);
        table_destroy(&doctor->table);
    } else {
        code = cli_print_table(doctor->cli, &doctor->table, DB_NULL_US);
    }
    return code == EXIT_FINE && doctor->fails > 0 ? EXIT_ANSWER_NO : code;
}

int cmd_doctor(struct cli *cli, int argc, char **argv)
{
    static const struct cli_option options[] = {{NULL, CLI_FLAG, NULL}};
    struct doctor doctor = {.cli = cli};
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 1) {
        return cli_usage(cli, "usage: kipthoi doctor");
    }
    doctor.table = table_new();
    cli_column(cli, doctor.table, "finding", WORD_FINDING, TABLE_LEFT);
    cli_column(cli, doctor.table, "check", WORD_CHECK, TABLE_LEFT);
    cli_column(cli, doctor.table, "detail", WORD_DETAIL, TABLE_LEFT);
    cli_column(cli, doctor.table, "way_out", WORD_WAY_OUT, TABLE_LEFT);
    check_database(&doctor);
    check_secrets(&doctor);
    check_stages(&doctor);
    db_close(&doctor.db);
    return finish(&doctor);
}
