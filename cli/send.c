/* SPDX-License-Identifier: MIT */
/* send.c - kipthoi send: sends the events of a file to ingest, and says what became of each. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/feed.h"
#include "cli/progress.h"
#include "cli/sender.h"

static const char help[] =
    "kipthoi send FILE|- [--map MAP] [--endpoint ENDPOINT] [--batch N] [--limit N] [--dry-run]\n\n"
    "  FILE               CloudEvents, one JSON text per line, or with --map a CSV table or an XES log; may be gzip;\n"
    "                     without --map a file that does not begin with { is refused and nothing is sent;\n"
    "                     - reads standard input\n"
    "  --map MAP          how rows, or traces and events of a log, become events (docs/mapping.md)\n"
    "  --endpoint E       of kipthoi-ingest (default: sender.endpoint)\n"
    "  --batch N          events in a request, 1..1000 (default 500)\n"
    "  --limit N          no more than the first N events\n"
    "  --dry-run          prints the events instead of sending them\n\n"
    "Repeating the same command is safe: what is stored already is answered \"duplicate\".  Leaves with 1 when a row\n"
    "was bad, an event was refused, or it was interrupted; with 3 when no answer comes.\n\n"
    "examples:\n"
    "  kipthoi send events.ndjson.gz\n"
    "  kipthoi send deploy/demo/boston311_2015.csv.gz --map deploy/demo/boston311.map\n"
    "  kipthoi send receipt.xes.gz --map deploy/demo/receipt.map --dry-run\n"
    "  tail -f events.ndjson | kipthoi send -\n";

#define SEND_BATCH 500
#define SEND_SHOWN 20      /* bad rows and refusals that are named, of each */
#define SEND_BUSY_MS 30000 /* between two words that the server answers busy */
#define SEND_WAIT_MS 200   /* between two looks at progress and signals */

struct send {
    struct cli *cli;
    struct feed *feed;
    struct sender *sender; /* NULL: --dry-run */
    struct progress progress;
    char first[CLI_SENTENCE_SIZE]; /* that it waits for the first answer */
    int64_t batch;
    int64_t limit; /* 0: none */
    int64_t events;
    int64_t bad_rows;
    int64_t refused;
    bool ended; /* nothing more is to be read */
    int64_t began_ms;
    int64_t busy_told_ms; /* 0: never */
};

/* What the summary prints; the names are those of --json. */
static const struct {
    const char *name;
    enum word title;
} columns[] = {
    {"accepted", WORD_INTAKE_ACCEPTED},
    {"duplicate", WORD_INTAKE_DUPLICATE},
    {"conflict", WORD_INTAKE_CONFLICT},
    {"rejected", WORD_INTAKE_REJECTED},
    {"denied", WORD_INTAKE_DENIED},
    {"busy_retries", WORD_COL_BUSY_RETRIES},
    {"bad_rows", WORD_COL_BAD_ROWS},
    {"seconds", WORD_COL_SECONDS},
    {"events_per_second", WORD_COL_EVENTS_PER_SECOND},
};
#define SEND_COLUMNS (sizeof columns / sizeof *columns)
#define SEND_SECONDS 7

static volatile sig_atomic_t interrupted;

static void interrupt_cb(int number)
{
    (void)number;
    interrupted = 1;
}

/* Events that were answered for good. */
static int64_t send_answered(const struct send *self)
{
    int64_t answered = 0;

    for (enum flight_word word = FLIGHT_ACCEPTED; self->sender != NULL && word < FLIGHT_BUSY; word++) {
        answered += flight_count(sender_flight(self->sender), word);
    }
    return answered;
}

/* Names the first few lines that something is wrong with. */
static void send_tell(struct send *self, int64_t *count, int64_t line, const char *word, const char *code,
                      const char *sentence)
{
    ++*count;
    if (*count > SEND_SHOWN) {
        return;
    }
    progress_clear(&self->progress);
    fprintf(stderr, "%s:%lld: %s%s%s%s%s\n", feed_name(self->feed), (long long)line, word, *word != '\0' ? " " : "",
            code, *code != '\0' ? ": " : "", sentence);
    if (*count == SEND_SHOWN) {
        fprintf(stderr, "%s\n", cli_word(self->cli, WORD_SEND_MORE));
    }
}

static void send_refused_cb(void *context, const struct flight_refusal *refusal)
{
    struct send *self = context;

    send_tell(self, &self->refused, refusal->line, refusal->word, refusal->code, refusal->sentence);
}

/* Reads one event and hands it on.  False when reading has come to an end. */
static bool send_read_one(struct send *self)
{
    struct feed_event event;
    enum status st = feed_next(self->feed, &event);

    if (st == STATUS_INVALID) {
        send_tell(self, &self->bad_rows, event.line, "", "", feed_error(self->feed));
        return true;
    }
    if (st != STATUS_OK) {
        progress_clear(&self->progress);
        cli_complain(self->cli, "%s", feed_error(self->feed));
        self->bad_rows++;
        return false;
    }
    if (event.text == NULL) {
        return false;
    }
    self->events++;
    if (self->sender == NULL) {
        fwrite(event.text, 1, event.len, stdout);
        putchar('\n');
    } else if (event.len > flight_event_bytes(sender_flight(self->sender))) {
        self->events--;
        send_tell(self, &self->bad_rows, event.line, "", "", cli_word(self->cli, WORD_SEND_TOO_LONG));
    } else if (flight_add(sender_flight(self->sender), event.text, event.len, event.line) != STATUS_OK) {
        self->events--;
        send_tell(self, &self->bad_rows, event.line, "", "", cli_word(self->cli, WORD_MEMORY_SHORT));
        return false;
    }
    return self->limit == 0 || self->events < self->limit;
}

/* Fills at most one request, as far as there is room for it and input that need not be waited for. */
static void send_read(struct send *self)
{
    struct flight *flight = sender_flight(self->sender);
    int64_t count = 0;

    while (!self->ended && count < self->batch && flight_has_room(flight) && feed_ready(self->feed)) {
        self->ended = !send_read_one(self);
        count++;
    }
    /* Nothing more now: what has gathered need not wait for company. */
    if (count < self->batch) {
        flight_close(flight);
    }
}

/* What is read is not done with before it is answered: of the bytes read, the share of the events answered. */
static void send_show(struct send *self)
{
    int64_t answered = send_answered(self);
    double share = self->events > 0 ? (double)answered / (double)self->events : 1.0;
    const struct flight *flight = sender_flight(self->sender);
    /* Nothing is read before the endpoint has said how much it takes. */
    bool silent = (self->events > 0 || !flight_has_room(flight)) && answered + flight_count(flight, FLIGHT_BUSY) == 0;

    self->progress.waiting = silent ? self->first : NULL;
    progress_show(&self->progress, (int64_t)((double)feed_position(self->feed) * share), answered,
                  clock_monotonic_ms());
}

/* Events that all come back busy make no progress: says why, now and then. */
static void send_tell_busy(struct send *self)
{
    int64_t now_ms = clock_monotonic_ms();
    const char *code, *sentence;

    if (!flight_is_busy(sender_flight(self->sender), &code, &sentence) ||
        (self->busy_told_ms != 0 && now_ms - self->busy_told_ms < SEND_BUSY_MS)) {
        return;
    }
    self->busy_told_ms = now_ms;
    progress_clear(&self->progress);
    cli_tell(self->cli, WORD_SEND_BUSY, code, sentence, NULL);
}

/* -1 when all was answered, else an exit code. */
static int send_all(struct send *self)
{
    struct flight *flight = sender_flight(self->sender);

    while (!interrupted) {
        bool room, wants_input;
        enum status st;

        send_read(self);
        if (self->ended && flight_held(flight) == 0) {
            return -1;
        }
        room = flight_has_room(flight);
        wants_input = !self->ended && room && !feed_ready(self->feed);
        st = sender_turn(self->sender, wants_input ? feed_fd(self->feed) : -1,
                         self->ended || !room || wants_input ? SEND_WAIT_MS : 0);
        if (st != STATUS_OK) {
            progress_clear(&self->progress);
            cli_complain(self->cli, "%s", sender_error(self->sender));
            return EXIT_UNREACHABLE;
        }
        send_tell_busy(self);
        send_show(self);
    }
    return EXIT_ANSWER_NO;
}

static void send_dry(struct send *self)
{
    while (!interrupted && !self->ended) {
        self->ended = !send_read_one(self);
    }
}

static void send_figures(const struct send *self, int64_t figures[SEND_COLUMNS], double *seconds)
{
    const struct flight *flight = sender_flight(self->sender);
    int64_t spent_ms = clock_monotonic_ms() - self->began_ms;

    for (enum flight_word word = FLIGHT_ACCEPTED; word < FLIGHT_WORDS; word++) {
        figures[word] = flight_count(flight, word);
    }
    figures[6] = self->bad_rows;
    figures[SEND_SECONDS] = spent_ms / 1000;
    figures[8] = spent_ms > 0 ? send_answered(self) * 1000 / spent_ms : 0;
    *seconds = (double)spent_ms / 1000.0;
}

static int send_print_json(struct send *self, const int64_t *figures, double seconds)
{
    cJSON *json = cJSON_CreateObject();

    cJSON_AddNumberToObject(json, "events", (double)self->events);
    for (size_t i = 0; i < SEND_COLUMNS; i++) {
        cJSON_AddNumberToObject(json, columns[i].name, i == SEND_SECONDS ? seconds : (double)figures[i]);
    }
    return cli_print_json(self->cli, json);
}

static int send_print(struct send *self)
{
    int64_t figures[SEND_COLUMNS];
    double seconds;
    char text[32];
    struct table *table;

    send_figures(self, figures, &seconds);
    if (self->cli->format == CLI_JSON) {
        return send_print_json(self, figures, seconds);
    }
    table = table_new();
    for (size_t i = 0; i < SEND_COLUMNS; i++) {
        cli_column(self->cli, table, columns[i].name, columns[i].title, TABLE_RIGHT);
    }
    table_row(table);
    for (size_t i = 0; i < SEND_COLUMNS; i++) {
        if (i == SEND_SECONDS) {
            snprintf(text, sizeof text, "%.1f", seconds);
            table_text(table, text);
        } else {
            table_int(table, figures[i]);
        }
    }
    return cli_print_table(self->cli, &table, DB_NULL_US);
}

/* Says where an unfinished run stands. */
static void send_say_rest(struct send *self)
{
    char answered[24];
    char held[24];

    snprintf(answered, sizeof answered, "%lld", (long long)send_answered(self));
    snprintf(held, sizeof held, "%zu", flight_held(sender_flight(self->sender)));
    cli_tell(self->cli, WORD_SEND_STOPPED, answered, held, NULL);
}

static void send_say_dry(const struct send *self)
{
    char events[24];
    char bad_rows[24];

    snprintf(events, sizeof events, "%lld", (long long)self->events);
    snprintf(bad_rows, sizeof bad_rows, "%lld", (long long)self->bad_rows);
    cli_tell(self->cli, WORD_SEND_DRY, events, bad_rows, NULL);
}

static int send_run(struct send *self)
{
    int code, printed;

    if (self->sender == NULL) {
        send_dry(self);
        send_say_dry(self);
        return self->bad_rows > 0 || interrupted ? EXIT_ANSWER_NO : EXIT_FINE;
    }
    code = send_all(self);
    progress_clear(&self->progress);
    if (code >= 0) {
        send_say_rest(self);
    }
    printed = send_print(self);
    if (code >= 0 || printed != EXIT_FINE) {
        return code >= 0 ? code : printed;
    }
    return self->bad_rows > 0 || self->refused > 0 ? EXIT_ANSWER_NO : EXIT_FINE;
}

static void send_catch_signals(void)
{
    struct sigaction action = {.sa_handler = interrupt_cb};

    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

int cmd_send(struct cli *cli, int argc, char **argv)
{
    struct send self = {.cli = cli, .batch = SEND_BATCH};
    const char *map = NULL, *endpoint = NULL;
    bool dry_run = false;
    const struct cli_option options[] = {
        {"--map", CLI_TEXT_VALUE, &map},         {"--endpoint", CLI_TEXT_VALUE, &endpoint},
        {"--batch", CLI_INT_VALUE, &self.batch}, {"--limit", CLI_INT_VALUE, &self.limit},
        {"--dry-run", CLI_FLAG, &dry_run},       {NULL, CLI_FLAG, NULL},
    };
    char error[FEED_ERROR_SIZE], refusal[SENDER_ERROR_SIZE];
    int code = cli_options(cli, &argc, argv, options, help);

    if (code >= 0) {
        return code;
    }
    if (argc != 2 || self.batch < 1 || self.batch > FLIGHT_BATCH_MAX) {
        return cli_usage(cli, "send: one file, and a batch of 1..%d; see: kipthoi send --help", FLIGHT_BATCH_MAX);
    }
    if (feed_open(&self.feed, argv[1], map, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    code = EXIT_USAGE;
    if (!dry_run && sender_new(&self.sender, &cli->config, endpoint, (size_t)self.batch, send_refused_cb, &self,
                               refusal) != STATUS_OK) {
        cli_complain(cli, "%s", refusal);
        goto done;
    }
    self.began_ms = clock_monotonic_ms();
    cli_sentence(cli, self.first, WORD_SEND_FIRST, endpoint != NULL ? endpoint : cli->config.sender.endpoint, NULL);
    progress_begin(&self.progress, stderr, cli->terminal, feed_size(self.feed), self.began_ms);
    send_catch_signals();
    code = send_run(&self);
done:
    sender_destroy(&self.sender);
    feed_close(&self.feed);
    return code;
}
