/* SPDX-License-Identifier: MIT */
/*
 * letter_box.h - a paragraph of one style in a column: its lines, measured and then drawn one by one.
 *
 * No line is wider than its column: a word that is too long is broken anywhere, without a hyphen, which in a code would
 * be taken for a part of it.
 */
#ifndef NOTIFIER_LETTER_BOX_H
#define NOTIFIER_LETTER_BOX_H

#include <pango/pangocairo.h>

#include "common/status.h"
#include "notifier/letter_font.h"

/* A line; lengths in points. */
struct letter_line {
    PangoLayoutLine *line; /* borrowed from the layout */
    double x;              /* of its begin, from the column's left */
    double baseline;       /* from its top */
    double height;
};

struct letter_box {
    PangoLayout *layout; /* owned */
    enum letter_style style;
    bool known;               /* the layout is whole and has no spans: setting the same again does nothing */
    struct letter_line *line; /* owned */
    int line_count;
    int line_size;
    double height;     /* of all lines, and of the rule */
    double text_width; /* of the widest line */
    double column_width;
    double shift; /* of the narrowed layout in its column */
};

/* Part of a text that shall stay on one line; bytes. */
struct letter_span {
    unsigned begin, end;
};

/*
 * Lays text[0 .. len) out in a column.  self is zeroed or was set before: its layout is used again, since making one
 * costs more than setting it.  STATUS_INVALID: no font has a character of the text, *missing gets it.
 */
enum status letter_box_set(struct letter_box *self, struct letter_fonts *fonts, enum letter_style style,
                           const char *text, size_t len, const struct letter_span *spans, size_t span_count,
                           double column_width, gunichar *missing) MUST_CHECK;
void letter_box_clear(struct letter_box *self);

/* Measures the lines anew with another leading than the style's. */
void letter_box_measure(struct letter_box *self, double leading);

/* Height of lines first .. end-1. */
double letter_box_lines_height(const struct letter_box *self, int first, int end);

/* Draws those lines and, with the last one, the rule; (x, y) is the upper left corner. */
void letter_box_draw(const struct letter_box *self, cairo_t *cr, int first, int end, double x, double y);

#endif
