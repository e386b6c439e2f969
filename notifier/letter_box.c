/* SPDX-License-Identifier: MIT */
/* letter_box.c - see letter_box.h. */
#include "notifier/letter_box.h"

#include <string.h>

#define RULE_ABOVE 2.0 /* between text and rule */
#define RULE_SPACE 5.0 /* what a rule takes below the text */
#define RULE_WIDTH 0.7
#define RULE_PART 0.4
#define BALANCE_STEP 4.0
#define LONG_WORD_CHARS 32

static PangoAttrList *attributes_new(const struct letter_span *spans, size_t span_count)
{
    PangoAttrList *list = pango_attr_list_new();

    pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
    for (size_t i = 0; i < span_count; i++) {
        PangoAttribute *whole = pango_attr_allow_breaks_new(FALSE);

        whole->start_index = spans[i].begin;
        whole->end_index = spans[i].end;
        pango_attr_list_insert(list, whole);
    }
    return list;
}

/* The first character of the layout that came out as the sign for "no glyph". */
static gunichar find_missing(PangoLayout *layout)
{
    const char *text = pango_layout_get_text(layout);
    PangoLayoutIter *iter = pango_layout_get_iter(layout);
    gunichar missing = 0;

    do {
        PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);

        for (int i = 0; run != NULL && missing == 0 && i < run->glyphs->num_glyphs; i++) {
            if ((run->glyphs->glyphs[i].glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0 &&
                run->glyphs->glyphs[i].glyph != PANGO_GLYPH_EMPTY) {
                missing = g_utf8_get_char(text + run->item->offset + run->glyphs->log_clusters[i]);
            }
        }
    } while (missing == 0 && pango_layout_iter_next_run(iter));
    pango_layout_iter_free(iter);
    return missing;
}

void letter_box_measure(struct letter_box *self, double leading)
{
    PangoLayoutIter *iter = pango_layout_get_iter(self->layout);

    self->line_count = 0;
    self->height = 0;
    self->text_width = 0;
    do {
        struct letter_line *line;
        PangoRectangle box;
        double own;

        if (self->line_count == self->line_size) {
            self->line_size = self->line_size == 0 ? 8 : self->line_size * 2;
            self->line = g_renew(struct letter_line, self->line, (gsize)self->line_size);
        }
        line = &self->line[self->line_count++];
        pango_layout_iter_get_line_extents(iter, NULL, &box);
        own = pango_units_to_double(box.height);
        line->line = pango_layout_iter_get_line_readonly(iter);
        line->x = self->shift + pango_units_to_double(box.x);
        line->height = own * leading;
        line->baseline = pango_units_to_double(pango_layout_iter_get_baseline(iter) - box.y) + own * (leading - 1) / 2;
        self->height += line->height;
        self->text_width = MAX(self->text_width, pango_units_to_double(box.width));
    } while (pango_layout_iter_next_line(iter));
    pango_layout_iter_free(iter);
    if (letter_style_info(self->style)->rule != LETTER_RULE_NONE) {
        self->height += RULE_SPACE;
    }
}

/*
 * A centred text of several lines is narrowed until they are about equally long, so that no word stands alone below:
 * the least width that takes no further line.
 */
static void balance(struct letter_box *self)
{
    int lines = self->line_count;
    double low = self->column_width / 2;
    double high = self->column_width;

    while (high - low > BALANCE_STEP) {
        double middle = (low + high) / 2;
        int width;

        pango_layout_set_width(self->layout, pango_units_from_double(middle));
        pango_layout_get_size(self->layout, &width, NULL);
        /* What must not be broken may stand out of too narrow a column. */
        if (pango_layout_get_line_count(self->layout) > lines || pango_units_to_double(width) > middle) {
            low = middle;
        } else {
            high = middle;
        }
    }
    pango_layout_set_width(self->layout, pango_units_from_double(high));
    self->shift = (self->column_width - high) / 2;
    letter_box_measure(self, letter_style_info(self->style)->leading);
}

/* The line before a long code would be stretched to the width with a few words: such a paragraph is not justified. */
static bool has_long_word(const char *text, size_t len)
{
    size_t chars = 0;

    for (size_t i = 0; i < len && chars <= LONG_WORD_CHARS; i++) {
        if (text[i] == ' ' || text[i] == '\n') {
            chars = 0;
        } else {
            chars += ((unsigned char)text[i] & 0xc0U) != 0x80U;
        }
    }
    return chars > LONG_WORD_CHARS;
}

/* Letters of one unit repeat most of their paragraphs: what is laid out already costs nothing. */
static bool is_set(const struct letter_box *self, enum letter_style style, const char *text, size_t len,
                   size_t span_count, double column_width)
{
    return self->known && self->style == style && self->column_width == column_width && span_count == 0 &&
           strncmp(pango_layout_get_text(self->layout), text, len) == 0 &&
           pango_layout_get_text(self->layout)[len] == '\0';
}

enum status letter_box_set(struct letter_box *self, struct letter_fonts *fonts, enum letter_style style,
                           const char *text, size_t len, const struct letter_span *spans, size_t span_count,
                           double column_width, gunichar *missing)
{
    const struct letter_style_info *info = letter_style_info(style);
    PangoAttrList *attributes;

    if (is_set(self, style, text, len, span_count, column_width)) {
        return STATUS_OK;
    }
    self->known = false;
    attributes = attributes_new(spans, span_count);
    if (self->layout == NULL) {
        self->layout = letter_fonts_layout(fonts);
    }
    self->style = style;
    self->column_width = column_width;
    pango_layout_set_font_description(self->layout, letter_fonts_description(fonts, style));
    pango_layout_set_width(self->layout, pango_units_from_double(column_width));
    pango_layout_set_indent(self->layout, pango_units_from_double(info->indent_pt));
    pango_layout_set_justify(self->layout, info->justified && !has_long_word(text, len));
    pango_layout_set_alignment(self->layout, info->centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
    pango_layout_set_attributes(self->layout, attributes);
    pango_layout_set_text(self->layout, text, (int)len);
    pango_attr_list_unref(attributes);
    self->shift = 0;
    letter_box_measure(self, info->leading);
    if (info->balanced && self->line_count > 1) {
        balance(self);
    }
    if (pango_layout_get_unknown_glyphs_count(self->layout) > 0) {
        *missing = find_missing(self->layout);
        return STATUS_INVALID;
    }
    self->known = span_count == 0;
    return STATUS_OK;
}

void letter_box_clear(struct letter_box *self)
{
    g_clear_object(&self->layout);
    g_free(self->line);
    memset(self, 0, sizeof *self);
}

double letter_box_lines_height(const struct letter_box *self, int first, int end)
{
    double height = 0;

    for (int i = first; i < end; i++) {
        height += self->line[i].height;
    }
    return height;
}

static void draw_rule(const struct letter_box *self, cairo_t *cr, double x, double y)
{
    bool part = letter_style_info(self->style)->rule == LETTER_RULE_PART;
    double width = self->text_width * (part ? RULE_PART : 1);
    double begin = x + (self->column_width - width) / 2;

    cairo_set_line_width(cr, RULE_WIDTH);
    cairo_move_to(cr, begin, y + RULE_ABOVE);
    cairo_line_to(cr, begin + width, y + RULE_ABOVE);
    cairo_stroke(cr);
}

void letter_box_draw(const struct letter_box *self, cairo_t *cr, int first, int end, double x, double y)
{
    const char *tag = letter_style_info(self->style)->tag;

    cairo_tag_begin(cr, tag, NULL);
    for (int i = first; i < end; i++) {
        cairo_move_to(cr, x + self->line[i].x, y + self->line[i].baseline);
        pango_cairo_show_layout_line(cr, self->line[i].line);
        y += self->line[i].height;
    }
    cairo_tag_end(cr, tag);
    if (end == self->line_count && letter_style_info(self->style)->rule != LETTER_RULE_NONE) {
        draw_rule(self, cr, x, y);
    }
}
