/* SPDX-License-Identifier: MIT */
/* report.c - what the process tells about itself. */
#include "ingest/report.h"

#include <stdio.h>
#include <string.h>

#include "ingest/loop.h"

#define LABELS_SIZE 96
#define CODES_SIZE 512

/* "NOT_JSON:3,CREDIT:1", as much as fits. */
static const char *codes_text(const struct stats *stats, char out[CODES_SIZE])
{
    size_t len = 0;

    strcpy(out, "-");
    for (int code = CODE_NONE + 1; code < CODE_END && len < CODES_SIZE; code++) {
        if (stats->codes[code] > 0) {
            len += (size_t)snprintf(out + len, CODES_SIZE - len, "%s%s:%lld", len > 0 ? "," : "",
                                    answer_code_name((enum answer_code)code), (long long)stats->codes[code]);
        }
    }
    return out;
}

void report_line(const struct loop *loop)
{
    const struct stats *stats = &loop->stats;
    char codes[CODES_SIZE];

    log_stats(&loop->service.log, "STATS",
              "received=%lld accepted=%lld duplicate=%lld conflict=%lld rejected=%lld denied=%lld busy=%lld "
              "waiting=%lld held_bytes=%lld peers=%lld connections=%d batches=%lld latency_ms=%lld lost_replies=%lld "
              "codes=%s",
              (long long)stats->received, (long long)stats->words[ANSWER_ACCEPTED],
              (long long)stats->words[ANSWER_DUPLICATE], (long long)stats->words[ANSWER_CONFLICT],
              (long long)stats->words[ANSWER_REJECTED], (long long)stats->words[ANSWER_DENIED],
              (long long)stats->words[ANSWER_BUSY], (long long)commit_queued(loop->commit),
              (long long)reception_held_bytes(loop->reception), (long long)reception_peers(loop->reception),
              ledger_up(loop->ledger), (long long)stats->batches, (long long)commit_latency_ms(loop->commit),
              (long long)stats->lost_replies, codes_text(stats, codes));
}

static void write_words(struct metrics_page *page, const struct stats *stats)
{
    char labels[LABELS_SIZE];

    for (int word = ANSWER_PENDING + 1; word < ANSWER_WORDS; word++) {
        snprintf(labels, sizeof labels, "word=\"%s\"", answer_word_name((enum answer_word)word));
        metrics_counter(page, "kipthoi_ingest_events_total", "Events by what became of them.", labels,
                        stats->words[word]);
    }
    for (int code = CODE_NONE + 1; code < CODE_END; code++) {
        snprintf(labels, sizeof labels, "code=\"%s\"", answer_code_name((enum answer_code)code));
        metrics_counter(page, "kipthoi_ingest_refused_total", "Refusals and errors by code.", labels,
                        stats->codes[code]);
    }
}

static void write_counters(struct metrics_page *page, const struct loop *loop)
{
    const struct stats *stats = &loop->stats;
    const struct {
        const char *name;
        const char *help;
        int64_t value;
    } rows[] = {
        {"kipthoi_ingest_received_total", "Events received.", stats->received},
        {"kipthoi_ingest_requests_total", "Requests received.", stats->requests},
        {"kipthoi_ingest_lost_replies_total", "Replies whose peer was gone or did not read.", stats->lost_replies},
        {"kipthoi_ingest_batches_total", "Batches committed.", stats->batches},
        {"kipthoi_ingest_batch_events_total", "Events in committed batches.", stats->batch_events},
        {"kipthoi_ingest_batch_milliseconds_total", "Time from sending a batch to its commit.", stats->batch_ms},
        {"kipthoi_ingest_batch_retries_total", "Batches sent again.", stats->retries},
        {"kipthoi_ingest_bells_total", "Bells rung for scorers.", stats->bells},
        {"kipthoi_ingest_connections_refused_total", "Connections turned away by the allow-list.",
         loop->zap != NULL ? zap_refused(loop->zap) : 0},
        {"kipthoi_ingest_connections_cut_total", "Connections cut for what they held or did not say.",
         loop->guard != NULL ? guard_cuts(loop->guard) : 0},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        metrics_counter(page, rows[i].name, rows[i].help, "", rows[i].value);
    }
}

static void write_gauges(struct metrics_page *page, const struct loop *loop)
{
    const struct {
        const char *name;
        const char *help;
        int64_t value;
    } rows[] = {
        {"kipthoi_ingest_waiting_events", "Events that wait for a batch.", commit_queued(loop->commit)},
        {"kipthoi_ingest_unanswered_requests", "Requests in hand.", reception_unanswered(loop->reception)},
        {"kipthoi_ingest_held_bytes", "Memory held for requests in hand.", reception_held_bytes(loop->reception)},
        {"kipthoi_ingest_wire_bytes", "Requests not whole and replies not taken.", guard_held_bytes(loop->guard)},
        {"kipthoi_ingest_wire_connections", "Connections that are open.", guard_connections(loop->guard)},
        {"kipthoi_ingest_peers", "Connections that sent something lately.", reception_peers(loop->reception)},
        {"kipthoi_ingest_database_connections", "Database connections that are up.", ledger_up(loop->ledger)},
        {"kipthoi_ingest_commit_latency_milliseconds", "Moving average of the time to commit a batch.",
         commit_latency_ms(loop->commit)},
        {"kipthoi_ingest_allowed_keys", "Keys on the allow-list.", (int64_t)allow_keys(loop->allow)},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        metrics_gauge(page, rows[i].name, rows[i].help, "", (double)rows[i].value);
    }
}

void report_metrics_cb(struct metrics_page *page, void *context)
{
    const struct loop *loop = context;

    write_words(page, &loop->stats);
    write_counters(page, loop);
    if (loop->reception != NULL) {
        write_gauges(page, loop);
    }
}

bool report_ready_cb(void *context)
{
    const struct loop *loop = context;

    return loop->open && ledger_up(loop->ledger) > 0 && commit_holds_name(loop->commit) &&
           !commit_is_stuck(loop->commit) && control_answers(loop->control);
}
