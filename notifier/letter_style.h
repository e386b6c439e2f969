/* SPDX-License-Identifier: MIT */
/*
 * letter_style.h - how each part of a letter looks: the page and the type of Nghị định 30/2020/NĐ-CP, in points.
 */
#ifndef NOTIFIER_LETTER_STYLE_H
#define NOTIFIER_LETTER_STYLE_H

#include <pango/pango.h>

#include "notifier/letter_block.h"

#define LETTER_MM (72.0 / 25.4)
/* A4 upright, and its margins. */
#define LETTER_PAGE_WIDTH (210 * LETTER_MM)
#define LETTER_PAGE_HEIGHT (297 * LETTER_MM)
#define LETTER_MARGIN_TOP (20 * LETTER_MM)
#define LETTER_MARGIN_BOTTOM (20 * LETTER_MM)
#define LETTER_MARGIN_LEFT (30 * LETTER_MM)
#define LETTER_MARGIN_RIGHT (15 * LETTER_MM)
#define LETTER_TEXT_WIDTH (LETTER_PAGE_WIDTH - LETTER_MARGIN_LEFT - LETTER_MARGIN_RIGHT)
#define LETTER_TEXT_BOTTOM (LETTER_PAGE_HEIGHT - LETTER_MARGIN_BOTTOM)
/* Page numbers stand in the upper margin. */
#define LETTER_NUMBER_TOP (10 * LETTER_MM)

/* The styles of blocks come first and are numbered as the blocks. */
enum letter_style {
    LETTER_STYLE_RECIPIENTS_HEAD = LETTER_BLOCK_END,
    LETTER_STYLE_PAGE_NUMBER,
    LETTER_STYLE_REGISTER_TITLE,
    LETTER_STYLE_REGISTER_NOTE,
    LETTER_STYLE_REGISTER_HEAD,
    LETTER_STYLE_REGISTER_CELL,
    LETTER_STYLE_REGISTER_CENTER,
    LETTER_STYLE_END
};

enum letter_rule { LETTER_RULE_NONE, LETTER_RULE_FULL, LETTER_RULE_PART };

struct letter_style_info {
    double size_pt;
    bool bold;
    bool italic;
    bool capitals;
    bool justified;
    bool centred;
    bool balanced;         /* lines of about equal length; for centred text */
    double indent_pt;      /* of the first line */
    double before_pt;      /* space above, but not at the top of a page */
    double leading;        /* line height over the font's own */
    enum letter_rule rule; /* a line under the text: as long as it, or about a third to a half of it */
    const char *tag;       /* of the structure that readers of the blind go by */
};

const struct letter_style_info *letter_style_info(enum letter_style style);

#endif
