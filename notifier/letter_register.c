/* SPDX-License-Identifier: MIT */
/* letter_register.c - see letter_register.h. */
#include "notifier/letter_register.h"

#include <stdio.h>
#include <string.h>

#include "notifier/letter_box.h"
#include "notifier/letter_check.h"
#include "notifier/letter_moment.h"
#include "notifier/letter_text.h"

#define WIDTH (LETTER_REGISTER_WIDTH - LETTER_MARGIN_LEFT - LETTER_MARGIN_RIGHT)
#define BOTTOM (LETTER_REGISTER_HEIGHT - LETTER_MARGIN_BOTTOM)
#define PAD 3.0
#define ROW_MIN_HEIGHT 30.0 /* room for a signature */
#define TABLE_BEFORE 12.0
#define LINE_WIDTH 0.5

enum column { RUNNING, UNIT, NUMBER, DOSSIER, ADDRESSEE, DUE, NEW_DUE, SIGNATURE, COLUMN_END };

static const struct {
    const char *title;
    double width_mm;         /* 252 in all */
    enum letter_field field; /* LETTER_FIELD_END: none */
    enum letter_style style;
} columns[COLUMN_END] = {
    [RUNNING] = {"STT", 13, LETTER_FIELD_END, LETTER_STYLE_REGISTER_CENTER},
    [UNIT] = {"Đơn vị", 40, LETTER_UNIT, LETTER_STYLE_REGISTER_CELL},
    [NUMBER] = {"Số văn bản", 32, LETTER_NUMBER, LETTER_STYLE_REGISTER_CENTER},
    [DOSSIER] = {"Mã hồ sơ", 42, LETTER_DOSSIER, LETTER_STYLE_REGISTER_CELL},
    [ADDRESSEE] = {"Người nhận", 39, LETTER_ADDRESSEE, LETTER_STYLE_REGISTER_CELL},
    [DUE] = {"Thời hạn trả kết quả", 30, LETTER_DUE, LETTER_STYLE_REGISTER_CELL},
    [NEW_DUE] = {"Thời gian hẹn lại", 32, LETTER_NEW_DUE, LETTER_STYLE_REGISTER_CELL},
    [SIGNATURE] = {"Ký nhận", 24, LETTER_FIELD_END, LETTER_STYLE_REGISTER_CELL},
};

struct row {
    char *text[COLUMN_END]; /* as printed; owned */
    double height;
};

struct letter_register {
    struct letter_fonts *fonts; /* borrowed */
    GArray *rows;
    struct letter_box cell[COLUMN_END]; /* of the row at hand */
    struct letter_box line;             /* title, note and page number */
};

struct letter_register *letter_register_new(void)
{
    struct letter_register *self = g_new0(struct letter_register, 1);

    self->rows = g_array_new(FALSE, TRUE, sizeof(struct row));
    return self;
}

static void clear_row(struct row *row)
{
    for (enum column column = 0; column < COLUMN_END; column++) {
        g_free(row->text[column]);
    }
}

void letter_register_destroy(struct letter_register **self_p)
{
    struct letter_register *self = *self_p;

    if (self == NULL) {
        return;
    }
    for (guint i = 0; i < self->rows->len; i++) {
        clear_row(&g_array_index(self->rows, struct row, i));
    }
    g_array_free(self->rows, TRUE);
    for (enum column column = 0; column < COLUMN_END; column++) {
        letter_box_clear(&self->cell[column]);
    }
    letter_box_clear(&self->line);
    g_free(self);
    *self_p = NULL;
}

/* Lays the cells of a row out and tells its height. */
static enum status set_row(struct letter_register *self, char *const text[COLUMN_END], bool heading, double *height,
                           gunichar *missing)
{
    enum status st = STATUS_OK;

    *height = heading ? 0 : ROW_MIN_HEIGHT;
    for (enum column column = 0; column < COLUMN_END && st == STATUS_OK; column++) {
        struct letter_box *cell = &self->cell[column];

        st = letter_box_set(cell, self->fonts, heading ? LETTER_STYLE_REGISTER_HEAD : columns[column].style,
                            text[column], strlen(text[column]), NULL, 0, columns[column].width_mm * LETTER_MM - 2 * PAD,
                            missing);
        *height = MAX(*height, cell->height + 2 * PAD);
    }
    return st;
}

enum status letter_register_add(struct letter_register *self, struct letter_fonts *fonts, const struct letter *letter,
                                char error[LETTER_ERROR_SIZE])
{
    struct row row = {.height = 0};
    gunichar missing = 0;

    self->fonts = fonts;
    for (enum column column = 0; column < COLUMN_END; column++) {
        GString *text = g_string_new(NULL);

        if (column == RUNNING) {
            g_string_printf(text, "%u", self->rows->len + 1);
        } else if (columns[column].field < LETTER_FIELD_END && letter_gives(letter, columns[column].field)) {
            letter_text_add(text, letter->text[columns[column].field], false);
        } else if (columns[column].field < LETTER_FIELD_END) {
            g_string_assign(text, "–");
        }
        row.text[column] = g_string_free(text, FALSE);
    }
    if (set_row(self, row.text, false, &row.height, &missing) != STATUS_OK) {
        clear_row(&row);
        return letter_refuse(letter, error, "no font of the register has the character U+%04X", (unsigned)missing);
    }
    g_array_append_val(self->rows, row);
    return STATUS_OK;
}

static void draw_row(const struct letter_register *self, cairo_t *cr, bool heading, double y, double height)
{
    double x = LETTER_MARGIN_LEFT;

    cairo_set_line_width(cr, LINE_WIDTH);
    cairo_tag_begin(cr, "TR", NULL);
    for (enum column column = 0; column < COLUMN_END; column++) {
        const struct letter_box *cell = &self->cell[column];
        double width = columns[column].width_mm * LETTER_MM;

        cairo_rectangle(cr, x, y, width, height);
        cairo_stroke(cr);
        cairo_tag_begin(cr, heading ? "TH" : "TD", NULL);
        letter_box_draw(cell, cr, 0, cell->line_count, x + PAD, y + (heading ? (height - cell->height) / 2 : PAD));
        cairo_tag_end(cr, heading ? "TH" : "TD");
        x += width;
    }
    cairo_tag_end(cr, "TR");
}

/* Draws a centred line and returns its height.  The text is the program's own: every font of a letter has it. */
static double draw_line(struct letter_register *self, cairo_t *cr, enum letter_style style, const char *text, double y)
{
    gunichar missing;

    if (letter_box_set(&self->line, self->fonts, style, text, strlen(text), NULL, 0, WIDTH, &missing) != STATUS_OK) {
        return 0;
    }
    letter_box_draw(&self->line, cr, 0, self->line.line_count, LETTER_MARGIN_LEFT, y);
    return self->line.height;
}

static double draw_titles(struct letter_register *self, cairo_t *cr, int64_t created_us)
{
    char *title = g_utf8_strup(LETTER_REGISTER_TITLE, -1);
    char moment[LETTER_MOMENT_SIZE], note[LETTER_MOMENT_SIZE + 64];
    double y = LETTER_MARGIN_TOP;

    snprintf(note, sizeof note, "Lập lúc %s; gồm %u văn bản", letter_moment_text(created_us, moment), self->rows->len);
    y += draw_line(self, cr, LETTER_STYLE_REGISTER_TITLE, title, y);
    y += letter_style_info(LETTER_STYLE_REGISTER_NOTE)->before_pt;
    y += draw_line(self, cr, LETTER_STYLE_REGISTER_NOTE, note, y);
    g_free(title);
    return y + TABLE_BEFORE;
}

/* The height of titles, and of the table's heading; what is drawn to learn them goes nowhere. */
static void measure_heads(struct letter_register *self, int64_t created_us, double *titles, double *heading)
{
    cairo_surface_t *nowhere = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    cairo_t *cr = cairo_create(nowhere);
    char *text[COLUMN_END];
    gunichar missing;

    *titles = draw_titles(self, cr, created_us);
    for (enum column column = 0; column < COLUMN_END; column++) {
        text[column] = (char *)columns[column].title;
    }
    if (set_row(self, text, true, heading, &missing) != STATUS_OK) {
        *heading = ROW_MIN_HEIGHT;
    }
    cairo_destroy(cr);
    cairo_surface_destroy(nowhere);
}

/* The first row that is not on the page which row begins and whose rows begin at y. */
static guint page_end(const struct letter_register *self, guint row, double y)
{
    guint end = row;

    do {
        y += g_array_index(self->rows, struct row, end).height;
        end++;
    } while (end < self->rows->len && y + g_array_index(self->rows, struct row, end).height <= BOTTOM);
    return end;
}

static void draw_rows(struct letter_register *self, cairo_t *cr, guint first, guint end, double y)
{
    char *titles[COLUMN_END];
    double height;
    gunichar missing;

    for (enum column column = 0; column < COLUMN_END; column++) {
        titles[column] = (char *)columns[column].title;
    }
    cairo_tag_begin(cr, "Table", NULL);
    if (set_row(self, titles, true, &height, &missing) == STATUS_OK) {
        draw_row(self, cr, true, y, height);
        y += height;
    }
    for (guint i = first; i < end; i++) {
        const struct row *row = &g_array_index(self->rows, struct row, i);

        if (set_row(self, row->text, false, &height, &missing) == STATUS_OK) {
            draw_row(self, cr, false, y, height);
        }
        y += row->height;
    }
    cairo_tag_end(cr, "Table");
}

int letter_register_draw(struct letter_register *self, cairo_t *cr, int64_t created_us)
{
    double titles, heading;
    int pages = 0;
    guint end = 0;

    measure_heads(self, created_us, &titles, &heading);
    for (guint first = 0; first < self->rows->len; first = end, pages++) {
        end = page_end(self, first, (first == 0 ? titles : LETTER_MARGIN_TOP) + heading);
    }
    end = 0;
    for (int page = 0; page < pages; page++) {
        guint first = end;
        double y = first == 0 ? titles : LETTER_MARGIN_TOP;
        char number[48];

        end = page_end(self, first, y + heading);
        if (page > 0) {
            cairo_show_page(cr);
        }
        snprintf(number, sizeof number, "Trang %d/%d", page + 1, pages);
        draw_line(self, cr, LETTER_STYLE_PAGE_NUMBER, number, LETTER_NUMBER_TOP);
        if (first == 0) {
            draw_titles(self, cr, created_us);
        }
        draw_rows(self, cr, first, end, y);
    }
    return pages;
}
