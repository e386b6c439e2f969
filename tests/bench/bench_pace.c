/* SPDX-License-Identifier: MIT */
/*
 * bench_pace.c - sends events at a steady pace and takes the time until each is acknowledged.
 *
 *   bench_pace CONFIG EVENTS RATE    EVENTS: one JSON text a line; RATE: events a second, each a request of its own
 *
 * The time runs from the moment at which an event was due to be sent, not from that at which it went out: a receiver
 * that holds the sender up pays for all that waited (no coordinated omission).  Moments lie on a grid of milliseconds.
 * Prints one JSON object with microseconds; leaves with 1 when an event was not stored.
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include "cli/dealer.h"
#include "common/config.h"

#define WELCOME_MS 10000
#define SILENCE_MS 30000 /* without any answer: gives up */
#define MS_US INT64_C(1000)
#define SECOND_NS INT64_C(1000000000)

struct pace {
    struct dealer *dealer;
    char *text;          /* the file */
    const char **events; /* lines in text, NUL-terminated */
    int64_t *late_us;    /* from due to answered, by event */
    size_t count;
    size_t sent;
    size_t answered;
    size_t stored; /* answered "accepted", or "duplicate" */
    int64_t rate;
    int64_t start_us;
    int timer; /* timerfd: the next event is due */
};

/* SIGTERM: sends no more, waits for the answers and reports. */
static volatile sig_atomic_t stopping;

static void stop_cb(int number)
{
    (void)number;
    stopping = 1;
}

static void fail(const char *what, const char *more)
{
    fprintf(stderr, "bench_pace: %s%s\n", what, more);
    exit(EXIT_FAILURE);
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    long len = -1;

    if (file == NULL || fseek(file, 0, SEEK_END) != 0 || (len = ftell(file)) < 0) {
        fail(path, ": cannot be read");
    }
    rewind(file);
    text = malloc((size_t)len + 1);
    if (text == NULL || fread(text, 1, (size_t)len, file) != (size_t)len) {
        fail(path, ": cannot be read");
    }
    text[len] = '\0';
    fclose(file);
    return text;
}

/* Cuts the text into its lines. */
static void split(struct pace *pace)
{
    size_t lines = 1;
    char *rest = NULL;

    for (const char *at = pace->text; *at != '\0'; at++) {
        lines += *at == '\n';
    }
    pace->events = calloc(lines, sizeof *pace->events);
    pace->late_us = calloc(lines, sizeof *pace->late_us);
    if (pace->events == NULL || pace->late_us == NULL) {
        fail("memory is short", "");
    }
    for (char *line = strtok_r(pace->text, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        pace->events[pace->count++] = line;
    }
}

static int64_t due_us(const struct pace *pace, size_t number)
{
    return pace->start_us + (int64_t)number * 1000 / pace->rate * MS_US;
}

/* Lets the timer go off when the next event is due. */
static void arm(const struct pace *pace)
{
    int64_t at_us = due_us(pace, pace->sent);
    struct itimerspec when = {.it_value = {at_us / 1000000, at_us % 1000000 * 1000}};

    if (timerfd_settime(pace->timer, TFD_TIMER_ABSTIME, &when, NULL) != 0) {
        fail("timer: ", strerror(errno));
    }
}

static void send_due(struct pace *pace)
{
    char header[64];
    uint64_t ticks;

    if (read(pace->timer, &ticks, sizeof ticks) < 0 && errno != EAGAIN) {
        fail("timer: ", strerror(errno));
    }
    while (pace->sent < pace->count && due_us(pace, pace->sent) <= now_us()) {
        const char *event = pace->events[pace->sent];

        snprintf(header, sizeof header, "KTP/1 EVENT %zu", pace->sent);
        if (!dealer_put(pace->dealer, header, event, strlen(event))) {
            return;
        }
        pace->sent++;
    }
    if (pace->sent < pace->count) {
        arm(pace);
    }
}

static bool is_word(const struct dealer_message *message, const char *word)
{
    return message->body_len >= strlen(word) && memcmp(message->body, word, strlen(word)) == 0;
}

static void take_answers(struct pace *pace)
{
    struct dealer_message message;

    while (dealer_take(pace->dealer, &message)) {
        size_t number = pace->count;

        if (sscanf(message.header, "KTP/1 REPLY %zu ", &number) == 1 && number < pace->sent) {
            pace->late_us[number] = now_us() - due_us(pace, number);
            pace->answered++;
            pace->stored += is_word(&message, "accepted") || is_word(&message, "duplicate");
        }
        dealer_message_clear(&message);
    }
}

/* The connection stands when HELLO was answered. */
static void greet(struct pace *pace)
{
    int64_t deadline_us = now_us() + WELCOME_MS * MS_US;
    struct dealer_message message;
    struct dealer_news news = {0};
    bool sent = false;
    bool welcomed = false;

    while (!welcomed && now_us() < deadline_us) {
        sent = sent || dealer_put(pace->dealer, "KTP/1 HELLO", NULL, 0);
        dealer_poll(pace->dealer, -1, 100);
        dealer_hear(pace->dealer, &news);
        if (dealer_take(pace->dealer, &message)) {
            welcomed = strncmp(message.header, "KTP/1 WELCOME ", 14) == 0;
            dealer_message_clear(&message);
        }
    }
    if (!welcomed) {
        fail("no welcome; ", news.trouble != NULL ? news.trouble : "the receiver is silent");
    }
}

/* Answers under way are lost with a connection, and with them what was to be measured. */
static void check_connection(struct pace *pace, int64_t heard_us)
{
    struct dealer_news news = {0};

    dealer_hear(pace->dealer, &news);
    if (news.lost) {
        fail("the connection was lost: ", news.trouble);
    }
    if (now_us() - heard_us > SILENCE_MS * MS_US) {
        fail(dealer_endpoint(pace->dealer), ": no answer for 30 s");
    }
}

static void run(struct pace *pace)
{
    size_t before = 0;
    int64_t heard_us;

    pace->start_us = (now_us() / MS_US + 10) * MS_US;
    heard_us = pace->start_us;
    arm(pace);
    while (pace->answered < pace->count) {
        dealer_poll(pace->dealer, pace->sent < pace->count ? pace->timer : -1, 100);
        if (stopping) {
            pace->count = pace->sent;
        }
        send_due(pace);
        take_answers(pace);
        if (pace->answered > before || pace->answered == pace->sent) {
            before = pace->answered;
            heard_us = now_us();
        }
        check_connection(pace, heard_us);
    }
}

static int by_size(const void *a, const void *b)
{
    const int64_t *x = a;
    const int64_t *y = b;

    return (*x > *y) - (*x < *y);
}

/* The time that the share of events, in thousandths, did not exceed. */
static int64_t quantile(const struct pace *pace, size_t thousandths)
{
    size_t rank = (pace->count * thousandths + 999) / 1000;

    return pace->late_us[rank > 0 ? rank - 1 : 0];
}

static void report(const struct pace *pace, int64_t took_us)
{
    qsort(pace->late_us, pace->count, sizeof *pace->late_us, by_size);
    printf("{\"events\": %zu, \"stored\": %zu, \"rate\": %" PRId64 ", \"took_us\": %" PRId64 ", \"p50_us\": %" PRId64
           ", \"p99_us\": %" PRId64 ", \"p999_us\": %" PRId64 ", \"most_us\": %" PRId64 "}\n",
           pace->count, pace->stored, pace->rate, took_us, quantile(pace, 500), quantile(pace, 990),
           quantile(pace, 999), quantile(pace, 1000));
}

int main(int argc, char **argv)
{
    static struct config config;
    struct pace pace = {0};
    char config_error[CONFIG_ERROR_SIZE] = "";
    char dealer_error[DEALER_ERROR_SIZE] = "";
    bool good;

    if (argc != 4 || (pace.rate = strtol(argv[3], NULL, 10)) <= 0) {
        fail("usage: bench_pace CONFIG EVENTS RATE", "");
    }
    config_defaults(&config);
    if (config_read(&config, argv[1], config_error) != STATUS_OK) {
        fail(config_error, "");
    }
    pace.text = read_file(argv[2]);
    split(&pace);
    pace.timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (pace.count == 0 || pace.timer < 0) {
        fail("no events, or no timer", "");
    }
    if (dealer_new(&pace.dealer, &config, NULL, dealer_error) != STATUS_OK ||
        dealer_open(pace.dealer, dealer_error) != STATUS_OK) {
        fail(dealer_error, "");
    }
    signal(SIGTERM, stop_cb);
    greet(&pace);
    run(&pace);
    report(&pace, now_us() - pace.start_us);
    good = pace.stored == pace.count;
    dealer_destroy(&pace.dealer);
    close(pace.timer);
    free(pace.late_us);
    free(pace.events);
    free(pace.text);
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
