/* SPDX-License-Identifier: MIT */
/*
 * standing.h - how alerts stand, in a few figures: for kipthoi status and kipthoi doctor.
 */
#ifndef CLI_STANDING_H
#define CLI_STANDING_H

#include "cli/cli.h"
#include "cli/recipients.h"

/* As they are printed. */
enum standing_figure {
    STANDING_LETTERS, /* to be sent */
    STANDING_MISSED,  /* steps due and not taken */
    STANDING_WAITING, /* deliveries, and so on */
    STANDING_DEAD,
    STANDING_UNCERTAIN,
    STANDING_STRANDED, /* notices of recipients that are disabled */
    STANDING_UNHEARD,  /* units */
    STANDING_KEYS,     /* of webhooks, unusable */
    STANDING_FIGURES
};

struct standing {
    int64_t figures[STANDING_FIGURES];
    char unheard[128]; /* the first unit of which nobody hears, "" for none */
    struct recipients_keys keys;
};

enum status standing_read(const struct cli *cli, struct db *db, struct standing *standing) MUST_CHECK;

/* The name for programs, and the title for people. */
const char *standing_name(enum standing_figure figure);
enum word standing_title(enum standing_figure figure);

#endif
