/* SPDX-License-Identifier: MIT */
/*
 * letter_block.h - the inside of a template, for the files letter_*.c only: blocks, and the pieces of their texts.
 */
#ifndef NOTIFIER_LETTER_BLOCK_H
#define NOTIFIER_LETTER_BLOCK_H

#include "notifier/letter_template.h"

#define LETTER_BLOCKS_MAX 100
#define LETTER_PIECES_MAX 1000
#define LETTER_KEY_SIZE 512

enum letter_block_kind {
    LETTER_BLOCK_PARENT,
    LETTER_BLOCK_UNIT,
    LETTER_BLOCK_NATION,
    LETTER_BLOCK_MOTTO,
    LETTER_BLOCK_NUMBER,
    LETTER_BLOCK_SUBJECT,
    LETTER_BLOCK_PLACE_DATE,
    LETTER_BLOCK_TITLE,
    LETTER_BLOCK_SUBTITLE,
    LETTER_BLOCK_TO,
    LETTER_BLOCK_TEXT,
    LETTER_BLOCK_ON_BEHALF,
    LETTER_BLOCK_SIGNER_TITLE,
    LETTER_BLOCK_SIGNER,
    LETTER_BLOCK_RECIPIENTS,
    LETTER_BLOCK_END
};

/* Zones follow each other in a body; the order of blocks within the head and the tail does not matter. */
enum letter_zone { LETTER_ZONE_HEAD, LETTER_ZONE_BODY, LETTER_ZONE_TAIL };

struct letter_block_info {
    const char *word; /* after "@" */
    enum letter_zone zone;
    bool many;     /* may stand more than once */
    bool required; /* no template goes without */
    bool lines;    /* has several lines, whose ends are kept */
    bool joined;   /* has several lines, which are joined; without either the block is one line */
};

/* A stretch of text as written, or a field's place. */
struct letter_piece {
    enum letter_field field; /* LETTER_FIELD_END: text[0 .. len) */
    const char *text;
    size_t len;
};

struct letter_block {
    enum letter_block_kind kind;
    bool optional; /* is left out when one of its fields is not given */
    int line;
    uint32_t fields;
    size_t first; /* of its pieces */
    size_t count;
};

struct letter_template {
    char name[LETTER_KEY_SIZE];
    char title[LETTER_KEY_SIZE];
    char title_ended[LETTER_KEY_SIZE];
    char form[LETTER_KEY_SIZE];
    char note[LETTER_KEY_SIZE];
    char fonts[LETTER_KEY_SIZE];
    char words[LETTER_KEY_SIZE]; /* that the body must hold, with ", " between */
    int32_t effective_from;
    uint32_t mandatory;
    uint32_t needed;
    uint32_t used;
    struct letter_block block[LETTER_BLOCKS_MAX];
    size_t block_count;
    struct letter_piece piece[LETTER_PIECES_MAX];
    size_t piece_count;
    char *texts; /* what the pieces point to; owned */
};

const struct letter_block_info *letter_block_info(enum letter_block_kind kind);

/* The kind of the word text[0 .. len), or LETTER_BLOCK_END. */
enum letter_block_kind letter_block_find(const char *word, size_t len);

#endif
