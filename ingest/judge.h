/* SPDX-License-Identifier: MIT */
/*
 * judge.h - decides about each event of a request: to be stored, to be quarantined, or answered at once.
 */
#ifndef INGEST_JUDGE_H
#define INGEST_JUDGE_H

#include "common/allow.h"
#include "common/code_book.h"
#include "common/config.h"
#include "ingest/intake.h"
#include "ingest/parcel.h"
#include "ingest/sources.h"
#include "ingest/stats.h"

/* All borrowed. */
struct judge {
    const struct config *config;
    const struct allow *allow;
    const struct code_book *book;
    struct sources *sources;
    struct intake *intake; /* denied and busy events are counted here */
    struct stats *stats;
};

/*
 * Fills the items of a new parcel from its body.  Afterwards each item is ITEM_QUEUED (word ANSWER_PENDING: to be
 * stored; ANSWER_REJECTED: to be quarantined) or ITEM_SETTLED; parcel->open counts the former.
 */
void judge_parcel(const struct judge *judge, struct parcel *parcel, struct request_body body);

#endif
