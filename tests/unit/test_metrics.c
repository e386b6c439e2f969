/* SPDX-License-Identifier: MIT */
/* test_metrics.c - the three pages, asked over loopback from the same thread. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/metrics.h"

#define ANSWER_SIZE 4096
#define TURNS_MAX 500
#define TURN_MS 10

struct fixture {
    struct metrics *metrics;
    struct log log;
    uint16_t port;
    bool ready;
};

static void write_cb(struct metrics_page *page, void *context)
{
    (void)context;
    metrics_counter(page, "a_total", "A.", "word=\"x\"", 1);
    metrics_counter(page, "a_total", "A.", "word=\"y\"", INT64_C(9007199254740993));
    metrics_gauge(page, "b", "B.", "", 1.5);
}

static bool ready_cb(void *context)
{
    return ((struct fixture *)context)->ready;
}

/* A port that was free a moment ago. */
static uint16_t free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &size), 0);
    close(fd);
    return ntohs(address.sin_port);
}

static int setup(void **state)
{
    static struct fixture f;

    memset(&f, 0, sizeof f);
    f.log = (struct log){.program = "test", .level = LOG_LEVEL_ERROR};
    f.port = free_port();
    assert_int_equal(metrics_new(&f.metrics, f.port, write_cb, ready_cb, &f, &f.log), STATUS_OK);
    assert_true(metrics_fd(f.metrics) >= 0);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    metrics_destroy(&f->metrics);
    return 0;
}

static int connect_to(const struct fixture *f)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(f->port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Sends the request and turns until the server closes. */
static void ask(struct fixture *f, const char *request, char answer[ANSWER_SIZE])
{
    int fd = connect_to(f);
    size_t len = 0;
    ssize_t got = 1;

    assert_int_equal(write(fd, request, strlen(request)), strlen(request));
    for (int i = 0; i < TURNS_MAX && got > 0; i++) {
        struct pollfd fds[] = {{.fd = fd, .events = POLLIN}, {.fd = metrics_fd(f->metrics), .events = POLLIN}};

        assert_true(poll(fds, 2, TURN_MS) >= 0);
        metrics_turn(f->metrics);
        if (fds[0].revents != 0) {
            got = read(fd, answer + len, ANSWER_SIZE - 1 - len);
            len += got > 0 ? (size_t)got : 0;
        }
    }
    assert_true(got <= 0);
    answer[len] = '\0';
    close(fd);
}

static void metrics__page__has_help_once_per_name(void **state)
{
    char answer[ANSWER_SIZE];
    const char *body;

    ask(*state, "GET /metrics HTTP/1.0\r\n\r\n", answer);
    assert_non_null(strstr(answer, " 200 "));
    assert_non_null(strstr(answer, "text/plain; version=0.0.4"));
    body = strstr(answer, "\r\n\r\n");
    assert_non_null(body);
    assert_string_equal(body + 4, "# HELP a_total A.\n# TYPE a_total counter\n"
                                  "a_total{word=\"x\"} 1\na_total{word=\"y\"} 9007199254740993\n"
                                  "# HELP b B.\n# TYPE b gauge\nb 1.5\n");
}

static void metrics__ready__follows_the_program(void **state)
{
    struct fixture *f = *state;
    char answer[ANSWER_SIZE];

    ask(f, "GET /ready HTTP/1.0\r\n\r\n", answer);
    assert_non_null(strstr(answer, " 503 "));
    f->ready = true;
    ask(f, "GET /ready HTTP/1.0\r\n\r\n", answer);
    assert_non_null(strstr(answer, " 200 "));
    f->ready = false;
    ask(f, "GET /live HTTP/1.0\r\n\r\n", answer);
    assert_non_null(strstr(answer, " 200 "));
}

static void metrics__unknown_page__is_not_found(void **state)
{
    char answer[ANSWER_SIZE];

    ask(*state, "GET /etc/passwd HTTP/1.0\r\n\r\n", answer);
    assert_non_null(strstr(answer, " 404 "));
}

static void metrics__post__is_not_taken(void **state)
{
    char answer[ANSWER_SIZE];

    ask(*state, "POST /metrics HTTP/1.0\r\nContent-Length: 1\r\n\r\nx", answer);
    assert_null(strstr(answer, " 200 "));
}

static void metrics__silent_caller__does_not_hold_others_up(void **state)
{
    struct fixture *f = *state;
    char answer[ANSWER_SIZE];
    int silent = connect_to(f);

    ask(f, "GET /live HTTP/1.0\r\n\r\n", answer);
    assert_non_null(strstr(answer, " 200 "));
    close(silent);
}

static void metrics__port_taken__is_fatal(void **state)
{
    struct fixture *f = *state;
    struct metrics *second = NULL;
    struct log quiet = {.program = "test", .level = LOG_LEVEL_ERROR};

    assert_int_equal(metrics_new(&second, f->port, write_cb, ready_cb, f, &quiet), STATUS_FATAL);
    assert_null(second);
}

static void metrics__no_port__does_nothing(void **state)
{
    struct metrics *none = NULL;
    struct fixture *f = *state;

    assert_int_equal(metrics_new(&none, 0, write_cb, ready_cb, f, &f->log), STATUS_OK);
    assert_null(none);
    assert_int_equal(metrics_fd(none), -1);
    metrics_turn(none);
    metrics_destroy(&none);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(metrics__page__has_help_once_per_name),
        TEST(metrics__ready__follows_the_program),
        TEST(metrics__unknown_page__is_not_found),
        TEST(metrics__post__is_not_taken),
        TEST(metrics__silent_caller__does_not_hold_others_up),
        TEST(metrics__port_taken__is_fatal),
        TEST(metrics__no_port__does_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
