/* SPDX-License-Identifier: MIT */
/*
 * fold_steps.h - what the tests of folding share: events with only what is named, folded as if stored when they
 * happened.
 */
#ifndef TESTS_FOLD_STEPS_H
#define TESTS_FOLD_STEPS_H

#include <stdint.h>
#include <string.h>

#include "scorer/fold.h"

#define NONE FOLD_NONE_US

/* An event that tells its kind and its time. */
static inline struct envelope step(enum event_kind kind, int64_t happened_us)
{
    return (struct envelope){.kind = kind,
                             .happened_us = happened_us,
                             .at_us = happened_us,
                             .id = "x",
                             .received_us = NONE,
                             .submitted_us = NONE,
                             .due_us = NONE,
                             .finished_us = NONE,
                             .returned_us = NONE,
                             .refused_us = NONE,
                             .online = -1};
}

static inline struct envelope record(enum envelope_record kind, enum envelope_status status, int64_t at_us)
{
    struct envelope event = step(EVENT_SYNCED, at_us);

    event.record = kind;
    event.status = status;
    return event;
}

static inline void add_stored(struct dossier *dossier, struct envelope event, int64_t stored_us)
{
    assert_int_equal(fold_event(dossier, &event, stored_us), STATUS_OK);
}

static inline void add(struct dossier *dossier, struct envelope event)
{
    add_stored(dossier, event, event.happened_us);
}

static inline void add_step(struct dossier *dossier, enum event_kind kind, int64_t happened_us)
{
    add(dossier, step(kind, happened_us));
}

/* The pauses as text, "supplement 3-5, payment 4-": from, to, and a reason in brackets. */
static inline const char *pauses_text(const struct dossier *dossier)
{
    static char text[512];
    size_t len = 0;

    text[0] = '\0';
    for (size_t i = 0; i < dossier->pause_count; i++) {
        const struct fold_pause *pause = &dossier->pauses[i];
        char to[32] = "";

        if (pause->to_us != NONE) {
            snprintf(to, sizeof to, "%lld", (long long)pause->to_us);
        }
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%s %lld-%s%s%s%s", i == 0 ? "" : ", ",
                                pause->kind == FOLD_SUPPLEMENT ? "supplement" : "payment", (long long)pause->from_us,
                                to, pause->reason == NULL ? "" : " (", pause->reason == NULL ? "" : pause->reason,
                                pause->reason == NULL ? "" : ")");
        assert_true(len < sizeof text);
    }
    return text;
}

#endif
