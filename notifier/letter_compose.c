/* SPDX-License-Identifier: MIT */
/* letter_compose.c - see letter_compose.h. */
#include "notifier/letter_compose.h"

#include <string.h>

#include "notifier/letter_text.h"

/* As many wide letters as fit a line of the text for certain; longer codes may be broken. */
#define UNBROKEN_MAX_CHARS 28
#define SPANS_MAX 64

/* A block's text as it is printed. */
struct printed {
    GString *text;
    struct letter_span span[SPANS_MAX];
    size_t span_count;
};

/* Where the last two words begin when the last one is a number, which stays with its name ("Ví Dụ 1"); else the end. */
static size_t number_begin(const char *text, size_t len)
{
    size_t digits = len;

    while (digits > 0 && g_ascii_isdigit(text[digits - 1])) {
        digits--;
    }
    if (digits == len || digits == 0 || text[digits - 1] != ' ') {
        return len;
    }
    digits--;
    while (digits > 0 && text[digits - 1] != ' ') {
        digits--;
    }
    return digits;
}

static void add_field(struct printed *printed, enum letter_field field, const char *text)
{
    const struct letter_field_info *info = letter_field_info(field);
    gsize begin = printed->text->len;

    letter_text_add(printed->text, text, info->lines);
    if (!info->code) {
        begin += number_begin(printed->text->str + begin, printed->text->len - begin);
    }
    if (begin < printed->text->len && printed->span_count < SPANS_MAX &&
        g_utf8_strlen(printed->text->str + begin, -1) <= UNBROKEN_MAX_CHARS) {
        printed->span[printed->span_count++] =
            (struct letter_span){.begin = (unsigned)begin, .end = (unsigned)printed->text->len};
    }
}

/* Whom a letter goes to, under its heading, as official letters list it: "- Như trên;" and so on to "- Lưu: VT." */
static void print_list(GString *text)
{
    char **lines = g_strsplit(text->str, "\n", -1);

    g_string_assign(text, lines[0]);
    for (char **line = lines + 1; lines[0] != NULL && *line != NULL; line++) {
        size_t len;

        g_strstrip(*line);
        len = strlen(*line);
        while (len > 0 && strchr(";. ", (*line)[len - 1]) != NULL) {
            len--;
        }
        g_string_append_printf(text, "\n%s%.*s%s", (*line)[0] == '-' ? "" : "- ", (int)len, *line,
                               line[1] == NULL ? "." : ";");
    }
    g_strfreev(lines);
}

static void print_block(struct printed *printed, const struct letter_template *form, const struct letter_block *block,
                        const struct letter *letter)
{
    g_string_truncate(printed->text, 0);
    printed->span_count = 0;
    for (size_t i = 0; i < block->count; i++) {
        const struct letter_piece *piece = &form->piece[block->first + i];

        if (piece->field == LETTER_FIELD_END) {
            g_string_append_len(printed->text, piece->text, (gssize)piece->len);
        } else {
            add_field(printed, piece->field, letter->text[piece->field]);
        }
    }
    if (block->kind == LETTER_BLOCK_TITLE && letter->ended && form->title_ended[0] != '\0') {
        g_string_assign(printed->text, form->title_ended);
    }
    if (block->kind == LETTER_BLOCK_RECIPIENTS) {
        print_list(printed->text);
    }
    if (letter_style_info((enum letter_style)block->kind)->capitals) {
        char *capitals = g_utf8_strup(printed->text->str, (gssize)printed->text->len);

        g_string_assign(printed->text, capitals);
        printed->span_count = 0; /* capitals may take other bytes */
        g_free(capitals);
    }
}

/* Whether the letter gives every field of the block. */
static bool is_filled(const struct letter_block *block, const struct letter *letter)
{
    for (enum letter_field field = 0; field < LETTER_FIELD_END; field++) {
        if ((block->fields & LETTER_BIT(field)) != 0 && !letter_gives(letter, field)) {
            return false;
        }
    }
    return true;
}

static enum status add_block(struct letter_sheet *sheet, const struct printed *printed, enum letter_block_kind kind,
                             const struct letter *letter, char error[LETTER_ERROR_SIZE])
{
    /* Only lines of the text's full width hold every unbroken code. */
    size_t spans = letter_block_info(kind)->zone == LETTER_ZONE_BODY ? printed->span_count : 0;
    gunichar missing = 0;
    char shown[8] = "";

    if (letter_sheet_add(sheet, kind, printed->text->str, printed->text->len, printed->span, spans, &missing) ==
        STATUS_OK) {
        return STATUS_OK;
    }
    g_unichar_to_utf8(missing, shown);
    return letter_refuse(letter, error, "no font of the template has the character %s (U+%04X) of @%s", shown,
                         (unsigned)missing, letter_block_info(kind)->word);
}

enum status letter_compose(struct letter_sheet *sheet, const struct letter_template *form, const struct letter *letter,
                           char error[LETTER_ERROR_SIZE])
{
    struct printed printed = {.text = g_string_sized_new(1024)};
    enum status st = STATUS_OK;

    for (size_t i = 0; i < form->block_count && st == STATUS_OK; i++) {
        const struct letter_block *block = &form->block[i];

        if (!block->optional || is_filled(block, letter)) {
            print_block(&printed, form, block, letter);
            st = add_block(sheet, &printed, block->kind, letter, error);
        }
    }
    if (st == STATUS_OK && letter_sheet_place(sheet) != STATUS_OK) {
        st = letter_refuse(letter, error, "its heading, or its signature and recipients, do not fit on a page");
    }
    g_string_free(printed.text, TRUE);
    return st;
}
