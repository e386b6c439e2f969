/* SPDX-License-Identifier: MIT */
/*
 * test_shortage.c - every allocation and every system call of the core modules fails in turn: each time the caller is
 * told, nothing is lost or freed twice (the sanitizers' build looks), and without failure the operation succeeds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cli/code_file.h"
#include "cli/csv_rows.h"
#include "cli/feed.h"
#include "cli/flight.h"
#include "cli/private_file.h"
#include "common/calendar_file.h"
#include "common/calendars.h"
#include "common/code_book.h"
#include "common/config.h"
#include "common/db_param.h"
#include "common/envelope.h"
#include "common/secret.h"
#include "ingest/gate.h"
#include "ingest/guard.h"
#include "ingest/peer.h"
#include "ingest/sources.h"
#include "scorer/fold.h"
#include "scorer/rule.h"
#include "tests/support/shortage.h"

#define DAY_US INT64_C(86400000000)

#define EVENT(type, data)                                                                                              \
    "{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"urn:x\",\"type\":\"vn.kipthoi." type                           \
    ".v1\",\"time\":\"2016-01-12T08:00:00Z\",\"data\":{" data "}}"
static const char received[] = EVENT("dossier.received", "\"dossier\":\"D\",\"unit\":\"U\",\"unit_name\":\"x\\u1ea3\","
                                                         "\"due\":\"2016-01-20T08:00:00Z\"");
static const char record[] =
    EVENT("dossier.synced", "\"MaHoSo\":\"D\",\"TrangThaiHoSo\":\"10\",\"NgayTiepNhan\":\"20160104080000\","
                            "\"NgayHenTra\":\"20160108170000\",\"NgayTra\":\"20160111100000\",\"DanhSachHoSoBoSung\":"
                            "[{\"NgayBoSung\":\"20160104090000\",\"NgayTiepNhanBoSung\":\"20160104100000\"},"
                            "{\"NgayBoSung\":\"20160105080000\",\"NgayTiepNhanBoSung\":\"20160106080000\","
                            "\"NgayHenTraTruoc\":\"20160108170000\",\"NgayHenTraMoi\":\"20160109170000\"}]");

/* Files that the operations read, made by the fixture. */
static char folder[] = "/tmp/kipthoi-shortage-XXXXXX";

static const struct {
    const char *name;
    const char *text;
} files[] = {
    {"x.calendar", "[calendar]\nname = T\nyears = 2016\n[hours]\nmonday-friday = 07:00-11:30 13:30-17:00\n"
                   "[hours U1]\nmonday = 08:00-12:00\n[days]\n2016-01-01 = off\n2016-01-02 = work\n"},
    {"x.csv", "A,B\n\"1\n2\",12/01/2016 08:00\n"},
    {"x.map", "[source]\nsource = urn:x\nformat = csv\ntime_format = %d/%m/%Y %H:%M\ntime_zone = UTC\n[event e]\n"
              "when = B\ntype = finished\nid = {A}:finished\ntime = B\ndata.dossier = {A}\n"},
    {"codes.csv", "source,list,code,means,from,to,note\nurn:x,unit,A,B,,,\n"},
    {"x.conf", "[deployment]\ntime_zone = UTC\n[database]\nname = x\n"},
    {"x.key", "secret\n"},
};

static const char *path_of(const char *name)
{
    static char path[128];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

/* --- events --- */

static enum status parse(const char *text, struct envelope *env)
{
    struct refusal refusal = {0};

    assert_int_equal(gate_check(text, strlen(text), &refusal), STATUS_OK);
    return envelope_parse(text, strlen(text), env, &refusal);
}

static enum status envelope_of_an_event(void)
{
    struct envelope env;
    enum status st = parse(received, &env);

    envelope_clear(&env);
    return st;
}

static enum status envelope_of_a_record(void)
{
    struct envelope env;
    enum status st = parse(record, &env);

    envelope_clear(&env);
    return st;
}

static enum status codes_and_fold(void)
{
    struct code_book *book = code_book_new();
    struct code_scratch scratch;
    struct refusal refusal;
    struct envelope env = {0};
    struct dossier dossier;
    enum status st = book == NULL ? STATUS_RETRY : parse(record, &env);

    fold_start(&dossier);
    if (st == STATUS_OK) {
        st = code_book_add(book, CODE_UNIT, "urn:x", "A", "B", INT32_MIN, INT32_MAX);
    }
    if (st == STATUS_OK) {
        st = code_book_apply(book, &env, &scratch, &refusal);
    }
    if (st == STATUS_OK) {
        st = fold_event(&dossier, &env, 0);
    }
    fold_clear(&dossier);
    envelope_clear(&env);
    code_book_destroy(&book);
    return st;
}

/* --- calendars --- */

static enum status calendar_from_a_file(void)
{
    char error[CALENDAR_FILE_ERROR_SIZE] = "";
    struct calendar_file *file;
    enum status st = calendar_file_read(&file, path_of("x.calendar"), error);

    assert_int_equal(st == STATUS_OK, file != NULL);
    assert_true(st == STATUS_OK || error[0] != '\0');
    calendar_file_destroy(&file);
    return st;
}

static enum status versions_of_a_calendar(void)
{
    const struct calendar_day day = {.day = 16801};
    struct calendar_definition definition = {
        .first_year = 2016, .last_year = 2016, .day_s = 28800, .cut_off_s = 54000, .days = &day, .day_count = 1};
    struct calendars *calendars = calendars_new();
    char error[CALENDAR_ERROR_SIZE];
    enum status st = calendars == NULL ? STATUS_RETRY : STATUS_OK;

    definition.week[0] = (struct calendar_shift){1, {{28800, 61200}}};
    for (int version = 1; st == STATUS_OK && version <= 2; version++) {
        st = calendars_add(calendars, version, version * DAY_US, 0, &definition, error);
    }
    calendars_destroy(&calendars);
    return st;
}

/* --- intake --- */

static enum status register_cb(void *context, const char *name, int32_t *source_id)
{
    (void)context;
    (void)name;
    *source_id = 7;
    return STATUS_OK;
}

static enum status sources_and_peers(void)
{
    static const struct peer_limits limits = {.window_events = 10, .budget_events = 10, .max_peers = 10};
    struct sources *sources = sources_new(register_cb, NULL);
    struct peers *peers = peers_new(&limits);
    enum status st = STATUS_RETRY;

    if (sources != NULL && peers != NULL && peers_get(peers, "a", 1, 0) != NULL) {
        st = STATUS_OK;
    }
    peers_destroy(&peers);
    sources_destroy(&sources);
    return st;
}

static bool look(int fd, struct wire_sight *sight)
{
    *sight = (struct wire_sight){.cookie = (uint64_t)fd, .sent = 300};
    return true;
}

static int port(int fd)
{
    (void)fd;
    return 1;
}

static int cuts;

static void cut(int fd)
{
    (void)fd;
    cuts++;
}

/* What cannot be watched is cut. */
static enum status guarded_connections(void)
{
    static const struct guard_limits limits = {
        .bytes = 10, .heartbeat_ms = 1000, .connections = 10, .shaking = 10, .port = 1};
    static const struct guard_kernel kernel = {look, port, cut};
    static const struct log log = {.program = "test", .level = LOG_LEVEL_ERROR};
    struct guard *guard = guard_new(&limits, &kernel, &log);
    enum status st = STATUS_RETRY;

    cuts = 0;
    if (guard != NULL) {
        guard_accepted(guard, 5, 0);
        guard_accepted(guard, 500, 0);
        guard_turn(guard, 0);
        st = guard_connections(guard) == 2 ? STATUS_OK : STATUS_RETRY;
        assert_int_equal(guard_connections(guard) + cuts, 2);
    }
    guard_destroy(&guard);
    return st;
}

static enum status parameters(void)
{
    struct db_params *params = db_params_new();
    const char *const *values;
    const int *lengths, *formats;
    enum status st = STATUS_RETRY;

    if (params != NULL) {
        db_param_text(params, "x");
        db_param_array(params, DB_ARRAY_TEXT);
        for (int i = 0; i < 1000; i++) {
            db_param_add_text(params, "something of some length");
        }
        st = db_params_finish(params, &values, &lengths, &formats) == 2 ? STATUS_OK : STATUS_RETRY;
    }
    db_params_destroy(&params);
    return st;
}

static enum status rules(void)
{
    struct rule_book *book = rule_book_new();
    struct rule rule = {.name = RULE_PROMISE};
    enum status st = book == NULL ? STATUS_RETRY : rule_book_add(book, &rule);

    if (st == STATUS_OK) {
        st = rule_book_add_term(book, "P", &(struct procedure_term){0});
    }
    rule_book_destroy(&book);
    return st;
}

/* --- what the operator's program reads and sends --- */

static enum status table_through_a_map(void)
{
    char map[128], error[FEED_ERROR_SIZE] = "";
    struct feed_event event = {.text = ""};
    struct feed *feed;
    enum status st;
    int events = 0;

    snprintf(map, sizeof map, "%s/x.map", folder);
    st = feed_open(&feed, path_of("x.csv"), map, error);
    while (st == STATUS_OK && event.text != NULL) {
        st = feed_next(feed, &event);
        events += st == STATUS_OK && event.text != NULL;
    }
    assert_true(st != STATUS_OK || events == 1);
    feed_close(&feed);
    return st == STATUS_FATAL ? STATUS_INVALID : st;
}

static enum status code_list_from_a_file(void)
{
    char error[CSV_FILE_ERROR_SIZE] = "";
    struct code_file *file = NULL;
    enum status st = code_file_read(&file, path_of("codes.csv"), error);

    assert_true(st == STATUS_OK || error[0] != '\0');
    code_file_destroy(&file);
    return st;
}

static void refused_cb(void *context, const struct flight_refusal *refusal)
{
    (void)context;
    (void)refusal;
}

static enum status requests_in_flight(void)
{
    static const struct flight_limits limits = {.window = 100, .batch = 100, .event_bytes = 1000};
    struct flight *flight = flight_new(100, refused_cb, NULL);
    struct flight_request request;
    enum status st = flight == NULL ? STATUS_RETRY : STATUS_OK;

    if (st == STATUS_OK) {
        flight_limit(flight, &limits);
    }
    for (int line = 1; st == STATUS_OK && line <= 4; line++) {
        st = flight_add(flight, "{}", 2, line);
    }
    if (st == STATUS_OK) {
        flight_close(flight);
        assert_true(flight_next(flight, 0, &request));
        flight_sent(flight, request.tag, 0);
        /* Two are sent again; when there is no memory to part them, all are. */
        st = flight_answer(flight, request.tag,
                           "accepted\nbusy QUEUE_FULL server x\nbusy QUEUE_FULL server x\naccepted\n",
                           strlen("accepted\nbusy QUEUE_FULL server x\nbusy QUEUE_FULL server x\naccepted\n"), 0);
    }
    flight_destroy(&flight);
    return st;
}

/* --- files of the deployment --- */

static enum status secret_from_a_file(void)
{
    char secret[SECRET_MAX], error[SECRET_ERROR_SIZE] = "";
    enum status st = secret_read(path_of("x.key"), secret, error);

    assert_true(st == STATUS_OK || error[0] != '\0');
    return st;
}

/* Not written whole means not there. */
static enum status secret_to_a_file(void)
{
    char error[SECRET_ERROR_SIZE] = "";
    enum status st = secret_write(path_of("new.key"), "secret", error);

    assert_int_equal(st == STATUS_OK, access(path_of("new.key"), F_OK) == 0);
    assert_true(st == STATUS_OK || error[0] != '\0');
    (void)unlink(path_of("new.key"));
    return st;
}

static enum status private_file(void)
{
    char error[PRIVATE_FILE_ERROR_SIZE] = "";
    struct private_file file;
    enum status st = private_file_open(&file, path_of("private"), error);

    if (st == STATUS_OK) {
        fputs("x\n", file.file);
        st = private_file_keep(&file, error);
    }
    assert_int_equal(st == STATUS_OK, access(path_of("private"), F_OK) == 0);
    assert_true(st == STATUS_OK || error[0] != '\0');
    (void)unlink(path_of("private"));
    return st;
}

static enum status configuration(void)
{
    char error[CONFIG_ERROR_SIZE] = "";
    struct config config;
    enum status st;

    config_defaults(&config);
    st = config_read(&config, path_of("x.conf"), error);
    assert_true(st == STATUS_OK || error[0] != '\0');
    return st;
}

/* Fewer calls than calls_min mean that the wraps do not reach them. */
static const struct {
    const char *name;
    shortage_cb operation;
    int calls_min;
} operations[] = {
    {"envelope of an event", envelope_of_an_event, 10},
    {"envelope of a record", envelope_of_a_record, 10},
    {"codes and fold", codes_and_fold, 12},
    {"calendar from a file", calendar_from_a_file, 8},
    {"versions of a calendar", versions_of_a_calendar, 9},
    {"sources and peers", sources_and_peers, 3},
    {"guarded connections", guarded_connections, 3},
    {"parameters", parameters, 3},
    {"rules", rules, 3},
    {"table through a map", table_through_a_map, 8},
    {"code list from a file", code_list_from_a_file, 5},
    {"requests in flight", requests_in_flight, 4},
    {"secret from a file", secret_from_a_file, 3},
    {"secret to a file", secret_to_a_file, 2},
    {"private file", private_file, 5},
    {"configuration", configuration, 3},
};

static void each_call__fails__is_told_and_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof operations / sizeof *operations; i++) {
        assert_in_range(shortage_try(operations[i].name, operations[i].operation), operations[i].calls_min, 5000);
    }
}

static int setup(void **state)
{
    (void)state;
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        char error[SECRET_ERROR_SIZE];

        assert_int_equal(secret_write(path_of(files[i].name), files[i].text, error), STATUS_OK);
    }
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        (void)unlink(path_of(files[i].name));
    }
    /* Nothing that was begun lies about. */
    assert_int_equal(rmdir(folder), 0);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_call__fails__is_told_and_leaves_nothing, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
