/* SPDX-License-Identifier: MIT */
/* letter_body.c - see letter_reader.h: the section [body] of a template. */
#include <string.h>

#include "notifier/letter_reader.h"

#define BLOCK_MAX_LEN 4000

static enum status block_word_refuse(struct letter_reader *self, const char *word, size_t len)
{
    char words[256] = "";

    for (enum letter_block_kind kind = 0; kind < LETTER_BLOCK_END; kind++) {
        g_strlcat(words, " @", sizeof words);
        g_strlcat(words, letter_block_info(kind)->word, sizeof words);
    }
    return letter_reader_refuse(self, self->line, "no block is called \"@%.*s\"; there are:%s",
                                (int)(len < 40 ? len : 40), word, words);
}

static enum status add_piece(struct letter_reader *self, enum letter_field field, const char *text, size_t len)
{
    struct letter_template *form = self->form;
    struct letter_piece *piece;

    if (len == 0 && field == LETTER_FIELD_END) {
        return STATUS_OK;
    }
    if (form->piece_count == LETTER_PIECES_MAX) {
        return letter_reader_refuse(self, self->open.line, "the template is too large: more than %d pieces of text",
                                    LETTER_PIECES_MAX);
    }
    piece = &form->piece[form->piece_count++];
    piece->field = field;
    piece->len = len;
    if (field == LETTER_FIELD_END) {
        g_string_append_len(self->texts, text, (gssize)len);
    } else {
        self->open.fields |= LETTER_BIT(field);
    }
    return STATUS_OK;
}

/* Takes "{name}" and sets *rest behind it. */
static enum status take_place(struct letter_reader *self, int line, const char *brace, const char **rest)
{
    char names[LETTER_FIELD_NAMES_SIZE];
    size_t len = strcspn(brace + 1, "{}\n");
    enum letter_field field;

    if (brace[1 + len] != '}') {
        return letter_reader_refuse(self, line, "the brace of \"{%.*s\" is not closed; a brace itself is written {{",
                                    (int)(len < 40 ? len : 40), brace + 1);
    }
    field = letter_field_find(brace + 1, len);
    if (field == LETTER_FIELD_END) {
        return letter_reader_refuse(self, line, "no field is called {%.*s}; there are: %s", (int)(len < 40 ? len : 40),
                                    brace + 1, letter_field_names(names));
    }
    *rest = brace + len + 2;
    return add_piece(self, field, NULL, 0);
}

/*
 * Takes the open block's text apart.  Its lines are joined here and not before, so that a mistake is found on its own
 * line.
 */
static enum status take_pieces(struct letter_reader *self, bool lines)
{
    const char *at = self->block->str;
    int line = self->open.line;
    enum status st = STATUS_OK;

    while (*at != '\0' && st == STATUS_OK) {
        size_t len = strcspn(at, "{}\n");

        st = add_piece(self, LETTER_FIELD_END, at, len);
        at += len;
        if (st != STATUS_OK || *at == '\0') {
            break;
        }
        if (*at == '\n') {
            st = add_piece(self, LETTER_FIELD_END, lines ? "\n" : " ", 1);
            line++;
            at++;
        } else if (at[0] == at[1]) {
            st = add_piece(self, LETTER_FIELD_END, at, 1);
            at += 2;
        } else if (*at == '{') {
            st = take_place(self, line, at, &at);
        } else {
            st = letter_reader_refuse(self, line, "there is a } without its {; a brace itself is written }}");
        }
    }
    return st;
}

static enum status close_block(struct letter_reader *self)
{
    struct letter_template *form = self->form;
    const struct letter_block_info *info;
    enum status st;

    if (!self->in_block) {
        return STATUS_OK;
    }
    self->in_block = false;
    info = letter_block_info(self->open.kind);
    if (self->block->len == 0) {
        return letter_reader_refuse(self, self->open.line, "@%s: has no text", info->word);
    }
    self->open.first = form->piece_count;
    st = take_pieces(self, info->lines);
    self->open.count = form->piece_count - self->open.first;
    if (st == STATUS_OK && self->open.optional && self->open.fields == 0) {
        st = letter_reader_refuse(self, self->open.line, "@%s? has no field: there is nothing to leave it out for",
                                  info->word);
    }
    form->used |= self->open.fields;
    form->needed |= self->open.optional ? 0 : self->open.fields;
    form->block[form->block_count++] = self->open;
    return st;
}

/* Blocks come in the order in which they are printed, so that a body reads as its letter. */
static enum status check_place(struct letter_reader *self, enum letter_block_kind kind)
{
    const struct letter_template *form = self->form;
    const struct letter_block_info *info = letter_block_info(kind);
    const struct letter_block_info *last =
        form->block_count == 0 ? NULL : letter_block_info(form->block[form->block_count - 1].kind);

    if (form->block_count == LETTER_BLOCKS_MAX) {
        return letter_reader_refuse(self, self->line, "the template is too large: more than %d blocks",
                                    LETTER_BLOCKS_MAX);
    }
    if (last != NULL && info->zone < last->zone) {
        return letter_reader_refuse(
            self, self->line,
            "@%s cannot stand after @%s: first the heading, then title and text, then signature "
            "and recipients",
            info->word, last->word);
    }
    if (!info->many && (self->kinds & (UINT32_C(1) << kind)) != 0) {
        return letter_reader_refuse(self, self->line, "@%s: stands there twice", info->word);
    }
    return STATUS_OK;
}

static enum status open_block(struct letter_reader *self, enum letter_block_kind kind, bool optional)
{
    enum status st = close_block(self);

    if (st == STATUS_OK) {
        st = check_place(self, kind);
    }
    self->kinds |= UINT32_C(1) << kind;
    self->in_block = true;
    self->open = (struct letter_block){.kind = kind, .optional = optional, .line = self->line};
    g_string_truncate(self->block, 0);
    return st;
}

static enum status add_line(struct letter_reader *self, const char *text)
{
    const struct letter_block_info *info = letter_block_info(self->open.kind);

    /* The word may stand on a line of its own: the text begins on the next one then. */
    if (self->block->len > 0) {
        g_string_append_c(self->block, '\n');
    } else {
        self->open.line = self->line;
    }
    g_string_append(self->block, text);
    if (self->block->len > BLOCK_MAX_LEN) {
        return letter_reader_refuse(self, self->line, "the block is longer than %d bytes", BLOCK_MAX_LEN);
    }
    return info->lines || info->joined ? STATUS_OK : close_block(self);
}

enum status letter_body_line(struct letter_reader *self, const char *line)
{
    enum status st = STATUS_OK;

    if (line[0] == '\0') {
        return close_block(self);
    }
    if (line[0] == '@') {
        const char *word = line + 1;
        size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyz_");
        bool optional = word[len] == '?';
        enum letter_block_kind kind = letter_block_find(word, len);
        const char *text = word + len + optional;

        if (kind == LETTER_BLOCK_END || (*text != '\0' && *text != ' ')) {
            return block_word_refuse(self, word, strcspn(word, " "));
        }
        st = open_block(self, kind, optional);
        line = text + strspn(text, " ");
    } else if (!self->in_block) {
        st = open_block(self, LETTER_BLOCK_TEXT, false);
    }
    if (st == STATUS_OK && line[0] != '\0') {
        st = add_line(self, line);
    }
    return st;
}

/* The texts lie in one piece of memory, in the order of their pieces. */
static void place_texts(struct letter_reader *self)
{
    struct letter_template *form = self->form;
    const char *text;

    form->texts = g_strdup(self->texts->str);
    text = form->texts;
    for (size_t i = 0; i < form->piece_count; i++) {
        form->piece[i].text = text;
        text += form->piece[i].len;
    }
}

/* Each of the head's words must be said somewhere in the body, in capitals or not. */
static enum status check_words(struct letter_reader *self)
{
    char *body = g_utf8_casefold(self->texts->str, -1);
    char **words = g_strsplit(self->form->words, ",", -1);
    enum status st = STATUS_OK;

    for (char **word = words; *word != NULL && st == STATUS_OK; word++) {
        char *folded = g_utf8_casefold(g_strstrip(*word), -1);

        if (strstr(body, folded) == NULL) {
            st = letter_reader_refuse(self, self->words_line, "words: the body does not say \"%.100s\"", *word);
        }
        g_free(folded);
    }
    g_strfreev(words);
    g_free(body);
    return st;
}

enum status letter_body_end(struct letter_reader *self)
{
    enum status st = close_block(self);

    for (enum letter_block_kind kind = 0; kind < LETTER_BLOCK_END && st == STATUS_OK; kind++) {
        if (letter_block_info(kind)->required && (self->kinds & (UINT32_C(1) << kind)) == 0) {
            st = letter_reader_refuse(self, self->line, "the body lacks the block @%s", letter_block_info(kind)->word);
        }
    }
    for (enum letter_field field = 0; field < LETTER_FIELD_END && st == STATUS_OK; field++) {
        const struct letter_field_info *info = letter_field_info(field);

        if ((self->form->mandatory & ~self->form->used & LETTER_BIT(field)) != 0) {
            st = letter_reader_refuse(self, self->mandatory_line,
                                      "mandatory: the body lacks {%s} (%s); put it where the letter shall say it",
                                      info->name, info->vi);
        }
    }
    if (st == STATUS_OK) {
        st = check_words(self);
    }
    self->form->needed |= self->form->mandatory;
    place_texts(self);
    return st;
}
