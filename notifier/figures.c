/* SPDX-License-Identifier: MIT */
/* figures.c - the notifier's samples, a row each. */
#include "notifier/figures.h"

#include <stddef.h>

struct sample {
    const char *name;
    const char *help;
    size_t offset; /* of the int64_t in struct figures */
};

static const struct sample samples[] = {
    {"kipthoi_notifier_alerts_published_total", "Alerts sent on the feed.", offsetof(struct figures, published)},
    {"kipthoi_notifier_database_failures_total", "Failures of the database.", offsetof(struct figures, failures)},
    {"kipthoi_notifier_deliveries_dead_total", "Deliveries given up.", offsetof(struct figures, dead)},
    {"kipthoi_notifier_deliveries_failed_total", "Attempts to deliver that failed.", offsetof(struct figures, failed)},
    {"kipthoi_notifier_deliveries_sent_total", "Deliveries taken by their receiver.", offsetof(struct figures, sent)},
    {"kipthoi_notifier_deliveries_uncertain_total", "Attempts cut before the answer.",
     offsetof(struct figures, uncertain)},
    {"kipthoi_notifier_duties_opened_total", "Letters that came to be owed.", offsetof(struct figures, opened)},
    {"kipthoi_notifier_duties_voided_total", "Duties voided by a correction.", offsetof(struct figures, voided)},
    {"kipthoi_notifier_feed_unsent_total", "Messages that found the feed closed.", offsetof(struct figures, unsent)},
    {"kipthoi_notifier_keepalives_total", "Keepalives sent on the feed.", offsetof(struct figures, keepalives)},
    {"kipthoi_notifier_keys_refused_total", "Connections turned away.", offsetof(struct figures, keys_refused)},
    {"kipthoi_notifier_letters_drafted_total", "Letters drafted without an official.",
     offsetof(struct figures, drafted)},
    {"kipthoi_notifier_messages_total", "Messages to recipients put into the outbox.",
     offsetof(struct figures, messages)},
    {"kipthoi_notifier_replay_dropped_total", "Answers that their peer did not take.",
     offsetof(struct figures, replay_dropped)},
    {"kipthoi_notifier_replay_refused_total", "Requests answered with an error.",
     offsetof(struct figures, replay_refused)},
    {"kipthoi_notifier_replay_requests_total", "Requests to the replay.", offsetof(struct figures, replay_requests)},
    {"kipthoi_notifier_rounds_total", "Rounds finished.", offsetof(struct figures, rounds)},
    {"kipthoi_notifier_steps_total", "Steps of the alert ladder that were taken.", offsetof(struct figures, steps)},
    {"kipthoi_notifier_target_alerts_total", "Alerts about targets.", offsetof(struct figures, targets_told)},
};

void figures_write(struct metrics_page *page, const struct figures *figures)
{
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        const int64_t *value = (const int64_t *)(const void *)((const char *)figures + samples[i].offset);

        metrics_counter(page, samples[i].name, samples[i].help, "", *value);
    }
    metrics_gauge(page, "kipthoi_notifier_duties_open", "Letters owed and not sent.", "", (double)figures->open_duties);
    metrics_gauge(page, "kipthoi_notifier_lag_seconds", "Since nothing was left to do.", "",
                  (double)figures->lag_ms / 1000);
}
