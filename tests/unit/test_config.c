/* SPDX-License-Identifier: MIT */
/* test_config.c - one INI file by table, and mistakes named by file, line and key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/config.h"

struct fixture {
    char path[64];
    struct config config;
    char error[CONFIG_ERROR_SIZE];
};

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);

    *state = fixture;
    return fixture == NULL ? -1 : 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;

    if (fixture->path[0] != '\0') {
        unlink(fixture->path);
    }
    free(fixture);
    return 0;
}

static enum status read_text(struct fixture *fixture, const char *text)
{
    int fd;

    strcpy(fixture->path, "/tmp/kipthoi-config-XXXXXX");
    fd = mkstemp(fixture->path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
    config_defaults(&fixture->config);
    return config_read(&fixture->config, fixture->path, fixture->error);
}

static void config__sample__is_the_defaults(void **state)
{
    struct fixture *fixture = *state;
    struct config defaults;

    assert_int_equal(read_text(fixture, config_sample()), STATUS_OK);
    config_defaults(&defaults);
    assert_int_equal(fixture->config.ingest.batch_events, defaults.ingest.batch_events);
    assert_int_equal(fixture->config.ingest.queue_bytes, 16 * 1024 * 1024);
    assert_int_equal(fixture->config.ingest.future_ms, 86400000);
    assert_string_equal(fixture->config.ingest.role.user, "kipthoi_ingest");
    assert_string_equal(fixture->config.deployment.time_zone, "Asia/Ho_Chi_Minh");
    assert_false(fixture->config.deployment.clock.frozen);
    assert_true(fixture->config.ingest.curve);
}

static void config__values__are_read_with_units_and_paths(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, "[deployment]\nclock = 2016-01-13T03:00:00-05:00\nlog_level = debug\n"
                                        "[ingest]\nbusy_after = 2s\nevent_bytes = 8k\ncurve = no\n"
                                        "[scorer]\nbells = ipc://run/a ipc:///b tcp://127.0.0.1:1\n"),
                     STATUS_OK);
    assert_true(fixture->config.deployment.clock.frozen);
    /* 2016-01-13T08:00:00Z, from date(1) */
    assert_int_equal(fixture->config.deployment.clock.frozen_us, INT64_C(1452672000000000));
    assert_int_equal(fixture->config.deployment.log_level, LOG_LEVEL_DEBUG);
    assert_int_equal(fixture->config.ingest.busy_after_ms, 2000);
    assert_int_equal(fixture->config.ingest.event_bytes, 8192);
    assert_false(fixture->config.ingest.curve);
    assert_string_equal(fixture->config.scorer.bells, "ipc:///tmp/run/a ipc:///b tcp://127.0.0.1:1");
    assert_string_equal(fixture->config.ingest.secret_key_file, "/tmp/secrets/ingest.key");
}

static void config__mistakes__name_file_line_and_key(void **state)
{
    static const struct {
        const char *text;
        const char *line;
        const char *words;
    } cases[] = {
        {"[ingest]\nno_such = 1\n", ":2: ingest.no_such: ", "no such key"},
        {"[database]\nport = 70000\n", ":2: database.port: ", "out of bounds"},
        {"[database]\nport = x\n", ":2: database.port: ", "not a number"},
        {"[ingest]\n\nbusy_after = 3 days\n", ":3: ingest.busy_after: ", "unit"},
        {"[ingest]\ncurve = maybe\n", ":2: ingest.curve: ", "neither yes nor no"},
        {"[deployment]\nclock = yesterday\n", ":2: deployment.clock: ", "2016-01-13"},
        {"[deployment]\nlog_level = loud\n", ":2: deployment.log_level: ", "none of error"},
        {"[database\nport = 1\n", ":1: ", "neither [section]"},
        {"nonsense\n", ":1: ", "neither [section]"},
    };
    struct fixture *fixture = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(read_text(fixture, cases[i].text), STATUS_INVALID);
        if (strstr(fixture->error, cases[i].line) == NULL || strstr(fixture->error, cases[i].words) == NULL ||
            strncmp(fixture->error, fixture->path, strlen(fixture->path)) != 0) {
            fail_msg("case %zu says \"%s\"", i, fixture->error);
        }
        unlink(fixture->path);
    }
}

static void config__long_line__is_an_error_not_two_lines(void **state)
{
    struct fixture *fixture = *state;
    char text[1200] = "[database]\nname = ";

    memset(text + strlen(text), 'x', 1000);
    strcat(text, "\n");
    assert_int_equal(read_text(fixture, text), STATUS_INVALID);
    assert_non_null(strstr(fixture->error, ":2: line: is longer than"));
}

static void config__no_file__is_an_error(void **state)
{
    struct fixture *fixture = *state;

    config_defaults(&fixture->config);
    assert_int_equal(config_read(&fixture->config, "/nonexistent/kipthoi.conf", fixture->error), STATUS_INVALID);
    assert_string_equal(fixture->error, "/nonexistent/kipthoi.conf: No such file or directory; "
                                        "give the configuration by --config FILE or KIPTHOI_CONF");
    assert_int_equal(config_read(&fixture->config, "/", fixture->error), STATUS_INVALID);
    assert_string_equal(fixture->error, "/: Is a directory");
}

static void config__set__overrides_one_key(void **state)
{
    struct fixture *fixture = *state;

    assert_int_equal(read_text(fixture, ""), STATUS_OK);
    assert_int_equal(config_set(&fixture->config, "scorer.bell=", fixture->error), STATUS_OK);
    assert_string_equal(fixture->config.scorer.bell, "");
    assert_int_equal(config_set(&fixture->config, "ingest.worker=w=2", fixture->error), STATUS_OK);
    assert_string_equal(fixture->config.ingest.worker, "w=2");
    assert_int_equal(config_set(&fixture->config, "ingest.nothing=2", fixture->error), STATUS_INVALID);
    assert_int_equal(config_set(&fixture->config, "ingest.worker", fixture->error), STATUS_INVALID);
    assert_string_equal(fixture->error, "ingest.worker: is not SECTION.KEY=VALUE");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(config__sample__is_the_defaults, setup, teardown),
        cmocka_unit_test_setup_teardown(config__values__are_read_with_units_and_paths, setup, teardown),
        cmocka_unit_test_setup_teardown(config__mistakes__name_file_line_and_key, setup, teardown),
        cmocka_unit_test_setup_teardown(config__long_line__is_an_error_not_two_lines, setup, teardown),
        cmocka_unit_test_setup_teardown(config__no_file__is_an_error, setup, teardown),
        cmocka_unit_test_setup_teardown(config__set__overrides_one_key, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
