/* SPDX-License-Identifier: MIT */
/* letter_block.c - see letter_block.h. */
#include "notifier/letter_block.h"

#include <string.h>

static const struct letter_block_info blocks[LETTER_BLOCK_END] = {
    [LETTER_BLOCK_PARENT] = {"parent", LETTER_ZONE_HEAD, .many = false},
    [LETTER_BLOCK_UNIT] = {"unit", LETTER_ZONE_HEAD, .required = true},
    [LETTER_BLOCK_NATION] = {"nation", LETTER_ZONE_HEAD, .required = true},
    [LETTER_BLOCK_MOTTO] = {"motto", LETTER_ZONE_HEAD, .required = true},
    [LETTER_BLOCK_NUMBER] = {"number", LETTER_ZONE_HEAD, .many = false},
    [LETTER_BLOCK_SUBJECT] = {"subject", LETTER_ZONE_HEAD, .many = false},
    [LETTER_BLOCK_PLACE_DATE] = {"place_date", LETTER_ZONE_HEAD, .many = false},
    [LETTER_BLOCK_TITLE] = {"title", LETTER_ZONE_BODY, .lines = true},
    [LETTER_BLOCK_SUBTITLE] = {"subtitle", LETTER_ZONE_BODY, .lines = true},
    [LETTER_BLOCK_TO] = {"to", LETTER_ZONE_BODY, .many = true},
    [LETTER_BLOCK_TEXT] = {"text", LETTER_ZONE_BODY, .many = true, .required = true, .joined = true},
    [LETTER_BLOCK_ON_BEHALF] = {"on_behalf", LETTER_ZONE_TAIL, .many = false},
    [LETTER_BLOCK_SIGNER_TITLE] = {"signer_title", LETTER_ZONE_TAIL, .many = false},
    [LETTER_BLOCK_SIGNER] = {"signer", LETTER_ZONE_TAIL, .required = true},
    [LETTER_BLOCK_RECIPIENTS] = {"recipients", LETTER_ZONE_TAIL, .lines = true},
};

const struct letter_block_info *letter_block_info(enum letter_block_kind kind)
{
    return &blocks[kind];
}

enum letter_block_kind letter_block_find(const char *word, size_t len)
{
    enum letter_block_kind kind = 0;

    while (kind < LETTER_BLOCK_END && (strlen(blocks[kind].word) != len || memcmp(blocks[kind].word, word, len) != 0)) {
        kind++;
    }
    return kind;
}
