/* SPDX-License-Identifier: MIT */
/*
 * fuzz_letter.c - any bytes as the template of a letter: what is refused is named with file and line in one line of
 * valid UTF-8; what is taken has every content that it calls mandatory, and each block's fields are those of its
 * pieces.
 */
#include <string.h>

#include <glib.h>

#include "notifier/letter_block.h"
#include "notifier/letter_check.h"
#include "notifier/letter_sample.h"
#include "tests/fuzz/fuzz.h"

static void claim_block(const struct letter_template *form, const struct letter_block *block)
{
    uint32_t fields = 0;

    fuzz_claim(block->kind < LETTER_BLOCK_END && block->count > 0, "a block has a kind and a text");
    fuzz_claim(block->first + block->count <= form->piece_count, "a block's pieces are there");
    for (size_t i = block->first; i < block->first + block->count; i++) {
        const struct letter_piece *piece = &form->piece[i];

        if (piece->field < LETTER_FIELD_END) {
            fields |= LETTER_BIT(piece->field);
        } else {
            fuzz_claim(g_utf8_validate(piece->text, (gssize)piece->len, NULL), "a piece is UTF-8");
        }
    }
    fuzz_claim(fields == block->fields, "a block knows its fields");
    fuzz_claim((fields & ~form->used) == 0, "a field of a block is used");
    fuzz_claim(block->optional || (fields & ~form->needed) == 0, "a field of a block that is not optional is needed");
}

static void claim_template(const struct letter_template *form)
{
    char error[LETTER_ERROR_SIZE] = "";
    struct letter letter = {.text = {NULL}};

    for (size_t i = 0; i < form->block_count; i++) {
        claim_block(form, &form->block[i]);
    }
    fuzz_claim((form->mandatory & ~form->used) == 0, "the body holds what is mandatory");
    fuzz_claim(letter_template_choose(&form, 1, letter_template_effective_from(form)) == form,
               "it is in force on its day");
    fuzz_claim(letter_template_choose(&form, 1, letter_template_effective_from(form) - 1) == NULL, "and not before");
    fuzz_claim((letter_check(form, &letter, error) == STATUS_OK) == (form->needed == 0),
               "an empty letter lacks what is needed");
    letter_sample(&letter);
    fuzz_claim(letter_check(form, &letter, error) == STATUS_OK, "a whole letter does");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char error[LETTER_ERROR_SIZE] = "";
    struct letter_template *form;
    enum status st = letter_template_parse(&form, "in", (const char *)data, size, error);

    fuzz_claim((st == STATUS_OK) == (form != NULL), "there is a template or a refusal");
    if (st == STATUS_OK) {
        claim_template(form);
    } else {
        fuzz_claim(st == STATUS_INVALID && strncmp(error, "in:", 3) == 0 && error[3] > '0' && error[3] <= '9',
                   "a refusal names file and line");
        fuzz_claim(g_utf8_validate(error, -1, NULL) && strchr(error, '\n') == NULL, "a refusal is a line of UTF-8");
    }
    letter_template_destroy(&form);
    return 0;
}
