/* SPDX-License-Identifier: MIT */
/* letter_sheet.c - see letter_sheet.h. */
#include "notifier/letter_sheet.h"

#include <stdio.h>
#include <string.h>

#define BOXES_MAX (LETTER_BLOCKS_MAX + 1) /* recipients are two boxes */
#define HEAD_LEFT_WIDTH (66 * LETTER_MM)
#define HEAD_RIGHT_X (69 * LETTER_MM)
#define HEAD_SECOND_ROW_BEFORE 8.0
#define TAIL_LEFT_WIDTH (72 * LETTER_MM)
#define TAIL_RIGHT_X (78 * LETTER_MM)
/* Normal and tight. */
#define TAIL_BEFORE(tight) ((tight) ? 10.0 : 16.0)
#define SIGNATURE_BEFORE(tight) ((tight) ? 48.0 : 62.0) /* room for hand and seal */
#define TIGHT_LEADING 1.0
#define KEPT_HEIGHT 100.0 /* more than the lines of a paragraph that stay with the tail */

/* Columns of head and tail. */
enum place { PLACE_FULL, PLACE_HEAD_LEFT, PLACE_HEAD_RIGHT, PLACE_TAIL_LEFT, PLACE_TAIL_RIGHT };

/* A stretch of a box's lines at its place. */
struct part {
    const struct letter_box *box;
    int first, end;
    int page;
    double x, y;
};

struct letter_sheet {
    struct letter_fonts *fonts;
    struct letter_box box[BOXES_MAX];
    int box_count;
    struct part *part; /* owned */
    int part_count;
    int part_size;
    struct letter_box number; /* of a page */
    int pages;
    bool tight;
    double y; /* where the next line goes */
};

static const struct {
    enum place place;
    int row; /* of the heading */
} places[LETTER_STYLE_END] = {
    [LETTER_BLOCK_PARENT] = {PLACE_HEAD_LEFT, 0},        [LETTER_BLOCK_UNIT] = {PLACE_HEAD_LEFT, 0},
    [LETTER_BLOCK_NATION] = {PLACE_HEAD_RIGHT, 0},       [LETTER_BLOCK_MOTTO] = {PLACE_HEAD_RIGHT, 0},
    [LETTER_BLOCK_NUMBER] = {PLACE_HEAD_LEFT, 1},        [LETTER_BLOCK_SUBJECT] = {PLACE_HEAD_LEFT, 1},
    [LETTER_BLOCK_PLACE_DATE] = {PLACE_HEAD_RIGHT, 1},   [LETTER_BLOCK_ON_BEHALF] = {PLACE_TAIL_RIGHT, 0},
    [LETTER_BLOCK_SIGNER_TITLE] = {PLACE_TAIL_RIGHT, 0}, [LETTER_BLOCK_SIGNER] = {PLACE_TAIL_RIGHT, 0},
    [LETTER_BLOCK_RECIPIENTS] = {PLACE_TAIL_LEFT, 0},    [LETTER_STYLE_RECIPIENTS_HEAD] = {PLACE_TAIL_LEFT, 0},
};

static const struct {
    double x, width;
} columns[] = {
    [PLACE_FULL] = {0, LETTER_TEXT_WIDTH},
    [PLACE_HEAD_LEFT] = {0, HEAD_LEFT_WIDTH},
    [PLACE_HEAD_RIGHT] = {HEAD_RIGHT_X, LETTER_TEXT_WIDTH - HEAD_RIGHT_X},
    [PLACE_TAIL_LEFT] = {0, TAIL_LEFT_WIDTH},
    [PLACE_TAIL_RIGHT] = {TAIL_RIGHT_X, LETTER_TEXT_WIDTH - TAIL_RIGHT_X},
};

struct letter_sheet *letter_sheet_new(void)
{
    return g_new0(struct letter_sheet, 1);
}

void letter_sheet_destroy(struct letter_sheet **self_p)
{
    if (*self_p != NULL) {
        for (int i = 0; i < BOXES_MAX; i++) {
            letter_box_clear(&(*self_p)->box[i]);
        }
        letter_box_clear(&(*self_p)->number);
        g_free((*self_p)->part);
        g_free(*self_p);
        *self_p = NULL;
    }
}

/* Lines of the text as their style wants them, or without anything between. */
static void lead(struct letter_sheet *self, bool tight)
{
    for (int i = 0; i < self->box_count && self->tight != tight; i++) {
        struct letter_box *box = &self->box[i];

        if (places[box->style].place == PLACE_FULL) {
            letter_box_measure(box, tight ? TIGHT_LEADING : letter_style_info(box->style)->leading);
        }
    }
    self->tight = tight;
}

void letter_sheet_begin(struct letter_sheet *self, struct letter_fonts *fonts)
{
    lead(self, false); /* paragraphs that repeat are not measured again */
    if (self->fonts != fonts) {
        /* A layout stays with the fonts that made it. */
        for (int i = 0; i < BOXES_MAX; i++) {
            letter_box_clear(&self->box[i]);
        }
        letter_box_clear(&self->number);
    }
    self->fonts = fonts;
    self->box_count = 0;
    self->part_count = 0;
    self->pages = 0;
}

static enum status add_box(struct letter_sheet *self, enum letter_style style, const char *text, size_t len,
                           const struct letter_span *spans, size_t span_count, gunichar *missing)
{
    double width = columns[places[style].place].width;

    return letter_box_set(&self->box[self->box_count++], self->fonts, style, text, len, spans, span_count, width,
                          missing);
}

enum status letter_sheet_add(struct letter_sheet *self, enum letter_block_kind kind, const char *text, size_t len,
                             const struct letter_span *spans, size_t span_count, gunichar *missing)
{
    const char *line_end = kind == LETTER_BLOCK_RECIPIENTS ? memchr(text, '\n', len) : NULL;
    enum status st;

    if (line_end == NULL) {
        return add_box(self, (enum letter_style)kind, text, len, spans, span_count, missing);
    }
    st = add_box(self, LETTER_STYLE_RECIPIENTS_HEAD, text, (size_t)(line_end - text), NULL, 0, missing);
    if (st == STATUS_OK) {
        st =
            add_box(self, (enum letter_style)kind, line_end + 1, len - (size_t)(line_end + 1 - text), NULL, 0, missing);
    }
    return st;
}

static void add_part(struct letter_sheet *self, const struct letter_box *box, int first, int end, double y)
{
    struct part *part;

    if (first == end) {
        return;
    }
    if (self->part_count == self->part_size) {
        self->part_size = self->part_size == 0 ? 64 : self->part_size * 2;
        self->part = g_renew(struct part, self->part, (gsize)self->part_size);
    }
    part = &self->part[self->part_count++];
    *part = (struct part){.box = box, .first = first, .end = end, .page = self->pages - 1, .y = y};
    part->x = LETTER_MARGIN_LEFT + columns[places[box->style].place].x;
}

/* Puts the boxes of one column and row under each other from y; returns where they end. */
static double stack(struct letter_sheet *self, enum place place, int row, double y)
{
    for (int i = 0; i < self->box_count; i++) {
        const struct letter_box *box = &self->box[i];

        if (places[box->style].place == place && places[box->style].row == row) {
            y += box->style == (enum letter_style)LETTER_BLOCK_SIGNER ? SIGNATURE_BEFORE(self->tight)
                                                                      : letter_style_info(box->style)->before_pt;
            add_part(self, box, 0, box->line_count, y);
            y += box->height;
        }
    }
    return y;
}

static double place_head(struct letter_sheet *self)
{
    double left = stack(self, PLACE_HEAD_LEFT, 0, LETTER_MARGIN_TOP);
    double right = stack(self, PLACE_HEAD_RIGHT, 0, LETTER_MARGIN_TOP);
    double row = MAX(left, right) + HEAD_SECOND_ROW_BEFORE;

    left = stack(self, PLACE_HEAD_LEFT, 1, row);
    right = stack(self, PLACE_HEAD_RIGHT, 1, row);
    return MAX(left, right);
}

/* Both columns of the tail from y; called with y 0 and its parts dropped again it tells their height. */
static double place_tail(struct letter_sheet *self, double y)
{
    double left = stack(self, PLACE_TAIL_LEFT, 0, y);
    double right = stack(self, PLACE_TAIL_RIGHT, 0, y);

    return MAX(left, right);
}

/* The lines from i on that must not be parted: the first two and the last two of a paragraph, all of a short one. */
static int group_end(const struct letter_box *box, int i)
{
    if (box->line_count <= 3 || i >= box->line_count - 2) {
        return box->line_count;
    }
    return i == 0 ? 2 : i + 1;
}

/* keep: the height of what must stand on the page of the last lines. */
static void flow(struct letter_sheet *self, const struct letter_box *box, double keep)
{
    bool top = self->y <= LETTER_MARGIN_TOP;
    double y = self->y + (top ? 0 : letter_style_info(box->style)->before_pt);
    double rest = box->height - letter_box_lines_height(box, 0, box->line_count);
    double begin = y;
    int first = 0;

    for (int i = 0; i < box->line_count; i++) {
        int end = group_end(box, i);
        double need = letter_box_lines_height(box, i, end) + (end == box->line_count ? rest + keep : 0);
        bool begins_page = y <= LETTER_MARGIN_TOP;

        if (y + need > LETTER_TEXT_BOTTOM && !begins_page) {
            add_part(self, box, first, i, begin);
            self->pages++;
            first = i;
            begin = y = LETTER_MARGIN_TOP;
        }
        y += box->line[i].height;
    }
    add_part(self, box, first, box->line_count, begin);
    self->y = y + rest;
}

static enum status place_all(struct letter_sheet *self)
{
    double page = LETTER_TEXT_BOTTOM - LETTER_MARGIN_TOP;
    double tail;
    int last = 0;

    self->pages = 1;
    self->part_count = 0;
    tail = TAIL_BEFORE(self->tight) + place_tail(self, 0);
    self->part_count = 0;
    self->y = place_head(self);
    if (self->y > LETTER_MARGIN_TOP + page / 2 || tail > page - KEPT_HEIGHT) {
        return STATUS_INVALID;
    }
    for (int i = 0; i < self->box_count; i++) {
        last = places[self->box[i].style].place == PLACE_FULL ? i : last;
    }
    for (int i = 0; i <= last; i++) {
        if (places[self->box[i].style].place == PLACE_FULL) {
            flow(self, &self->box[i], i == last ? tail : 0);
        }
    }
    place_tail(self, self->y + TAIL_BEFORE(self->tight));
    return STATUS_OK;
}

enum status letter_sheet_place(struct letter_sheet *self)
{
    enum status st = place_all(self);
    int pages = self->pages;

    if (st != STATUS_OK || pages == 1) {
        return st;
    }
    lead(self, true);
    st = place_all(self);
    if (st == STATUS_OK && self->pages == pages) {
        lead(self, false); /* tight for nothing */
        st = place_all(self);
    }
    return st;
}

int letter_sheet_pages(const struct letter_sheet *self)
{
    return self->pages;
}

static void draw_number(struct letter_sheet *self, cairo_t *cr, int page)
{
    char text[16];
    gunichar missing;
    int len = snprintf(text, sizeof text, "%d", page + 1);

    if (letter_box_set(&self->number, self->fonts, LETTER_STYLE_PAGE_NUMBER, text, (size_t)len, NULL, 0,
                       LETTER_TEXT_WIDTH, &missing) == STATUS_OK) {
        letter_box_draw(&self->number, cr, 0, 1, LETTER_MARGIN_LEFT, LETTER_NUMBER_TOP);
    }
}

void letter_sheet_draw(struct letter_sheet *self, cairo_t *cr)
{
    for (int page = 0; page < self->pages; page++) {
        if (page > 0) {
            cairo_show_page(cr);
            draw_number(self, cr, page); /* the first page shows none */
        }
        for (int i = 0; i < self->part_count; i++) {
            const struct part *part = &self->part[i];

            if (part->page == page) {
                letter_box_draw(part->box, cr, part->first, part->end, part->x, part->y);
            }
        }
    }
}
