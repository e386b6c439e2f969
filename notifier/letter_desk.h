/* SPDX-License-Identifier: MIT */
/*
 * letter_desk.h - the notifier's own hand in letters: drafts those whose content is known, and renders them for mail.
 *
 * The desk has a connection of its own, as the role that may read citizens' names; it is opened when a letter is first
 * in hand, so that a deployment that drafts by hand and mails nothing needs no such password here.
 */
#ifndef NOTIFIER_LETTER_DESK_H
#define NOTIFIER_LETTER_DESK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/config.h"
#include "common/db.h"
#include "common/log.h"
#include "common/status.h"
#include "notifier/letter_book.h"
#include "notifier/letter_facts.h"

#define LETTER_DESK_ERROR_SIZE 1024

struct letter_desk;

/* Everything is borrowed and must outlive the result.  NULL when memory is short. */
struct letter_desk *letter_desk_new(const struct config *config, const struct log *log);
void letter_desk_destroy(struct letter_desk **self_p);

/* db_on_wait for the desk's connection; call before it is first used. */
void letter_desk_on_wait(struct letter_desk *self, db_wait_cb wait, void *context);

/* How far a look at the letters owed has come. */
struct letter_place {
    int64_t since_us;    /* only duties opened since then */
    int64_t deadline_us; /* of the last one seen, and what follows */
    int32_t source_id;
    char code[129];
    int16_t episode;
    bool done; /* nothing is left to look at */
};
void letter_place_start(struct letter_place *place, int64_t since_us);

/*
 * Drafts the next batch of letters owed whose content the offices and contacts give; *drafted: how many.  A letter that
 * lacks something stays owed and waits for an official.
 */
enum status letter_desk_draft(struct letter_desk *self, int64_t now_us, struct letter_place *place,
                              int64_t *drafted) MUST_CHECK;

/* A letter as a mail to the one it is for. */
struct letter_mail {
    char address[256];
    char name[LETTER_DESK_ERROR_SIZE];
    char *subject;
    char *text;
    char file_name[160];
    struct letter_bytes pdf;
};

/*
 * STATUS_INVALID: it cannot be mailed, error says why without naming anybody.  letter_mail_clear in every case.
 */
enum status letter_desk_mail(struct letter_desk *self, const struct letter_key *key, struct letter_mail *mail,
                             char error[LETTER_DESK_ERROR_SIZE]) MUST_CHECK;
void letter_mail_clear(struct letter_mail *mail);

/* Those of the letters that are drafted, as one PDF; *pdf stays empty when none is. */
enum status letter_desk_batch(struct letter_desk *self, const struct letter_key *keys, size_t count,
                              struct letter_bytes *pdf) MUST_CHECK;

#endif
