/* SPDX-License-Identifier: MIT */
/* letter_style.c - see letter_style.h. */
#include "notifier/letter_style.h"

#define CENTIMETRE (10 * LETTER_MM)
#define MIDDLE .centred = true, .balanced = true, .leading = 1.05
#define HEAD .centred = true, .balanced = true, .leading = 1.0, .tag = "P"

/* clang-format off */
static const struct letter_style_info styles[LETTER_STYLE_END] = {
    [LETTER_BLOCK_PARENT] = {12, .capitals = true, HEAD},
    [LETTER_BLOCK_UNIT] = {12, .bold = true, .capitals = true, .rule = LETTER_RULE_PART, HEAD},
    [LETTER_BLOCK_NATION] = {12, .bold = true, .capitals = true, HEAD},
    [LETTER_BLOCK_MOTTO] = {13, .bold = true, .rule = LETTER_RULE_FULL, HEAD},
    [LETTER_BLOCK_NUMBER] = {13, HEAD},
    [LETTER_BLOCK_SUBJECT] = {12, .before_pt = 6, HEAD},
    [LETTER_BLOCK_PLACE_DATE] = {13, .italic = true, HEAD},
    [LETTER_BLOCK_TITLE] = {14, .bold = true, .capitals = true, .before_pt = 20, MIDDLE, .tag = "H1"},
    [LETTER_BLOCK_SUBTITLE] = {14, .bold = true, .before_pt = 2, .rule = LETTER_RULE_PART, MIDDLE, .tag = "H2"},
    [LETTER_BLOCK_TO] = {13, .centred = true, .balanced = true, .before_pt = 14, .leading = 1.1, .tag = "P"},
    [LETTER_BLOCK_TEXT] = {13, .justified = true, .indent_pt = CENTIMETRE, .before_pt = 6, .leading = 1.15, .tag = "P"},
    [LETTER_BLOCK_ON_BEHALF] = {13, .bold = true, .capitals = true, HEAD},
    [LETTER_BLOCK_SIGNER_TITLE] = {13, .bold = true, .capitals = true, HEAD},
    [LETTER_BLOCK_SIGNER] = {14, .bold = true, HEAD},
    [LETTER_BLOCK_RECIPIENTS] = {11, .leading = 1.0, .tag = "P"},
    [LETTER_STYLE_RECIPIENTS_HEAD] = {12, .bold = true, .italic = true, .leading = 1.0, .tag = "P"},
    [LETTER_STYLE_PAGE_NUMBER] = {13, HEAD},
    [LETTER_STYLE_REGISTER_TITLE] = {14, .bold = true, .capitals = true, .centred = true, .leading = 1.05, .tag = "H1"},
    [LETTER_STYLE_REGISTER_NOTE] = {13, .italic = true, .before_pt = 4, HEAD},
    [LETTER_STYLE_REGISTER_HEAD] = {12, .bold = true, HEAD},
    [LETTER_STYLE_REGISTER_CELL] = {12, .leading = 1.0, .tag = "P"},
    [LETTER_STYLE_REGISTER_CENTER] = {12, .centred = true, .leading = 1.0, .tag = "P"},
};
/* clang-format on */

const struct letter_style_info *letter_style_info(enum letter_style style)
{
    return &styles[style];
}
