/* SPDX-License-Identifier: MIT */
/* letter_book.c - see letter_book.h. */
#include "notifier/letter_book.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include <cairo-pdf.h>

#include "common/clock.h"
#include "notifier/letter_compose.h"
#include "notifier/letter_register.h"
#include "notifier/letter_text.h"

#define FONTS_MAX 8 /* different lists of fonts in one book */

/* A line of the outline. */
struct entry {
    char *text; /* owned */
    int page;   /* from 1 */
};

struct letter_book {
    struct letter_book_options options;
    bool write_failed; /* nothing more is written */
    bool finished;
    GArray *outline; /* of struct entry */
    cairo_surface_t *surface;
    cairo_t *cr;
    struct letter_sheet *sheet;
    struct letter_fonts *fonts[FONTS_MAX];
    int fonts_count;
    struct letter_register *entries; /* NULL: no register */
    int letters;
    int pages; /* the last one is open */
};

/*
 * cairo 1.16 is never told of a failure: it would leave out pages and then fall over the outline's reference to them.
 */
static cairo_status_t write_cb(void *closure, const unsigned char *data, unsigned int len)
{
    struct letter_book *self = closure;

    if (!self->write_failed) {
        self->write_failed = self->options.write(self->options.arg, data, len) != STATUS_OK;
    }
    return CAIRO_STATUS_SUCCESS;
}

static void set_properties(struct letter_book *self)
{
    const struct {
        cairo_pdf_metadata_t what;
        const char *text;
    } texts[] = {
        {CAIRO_PDF_METADATA_TITLE, self->options.title},
        {CAIRO_PDF_METADATA_AUTHOR, self->options.author},
        {CAIRO_PDF_METADATA_SUBJECT, self->options.subject},
        {CAIRO_PDF_METADATA_CREATOR, "kipthoi " KIPTHOI_VERSION},
    };
    time_t second = (time_t)(self->options.created_us / CLOCK_SECOND_US);
    struct tm civil = {0};
    char created[32];

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (texts[i].text != NULL) {
            cairo_pdf_surface_set_metadata(self->surface, texts[i].what, texts[i].text);
        }
    }
    gmtime_r(&second, &civil);
    if (strftime(created, sizeof created, "%Y-%m-%dT%H:%M:%SZ", &civil) > 0) {
        cairo_pdf_surface_set_metadata(self->surface, CAIRO_PDF_METADATA_CREATE_DATE, created);
    }
}

enum status letter_book_new(struct letter_book **self_p, const struct letter_book_options *options)
{
    struct letter_book *self = g_new0(struct letter_book, 1);

    self->options = *options;
    self->options.title = g_strdup(options->title);
    self->options.author = g_strdup(options->author);
    self->options.subject = g_strdup(options->subject);
    self->outline = g_array_new(FALSE, FALSE, sizeof(struct entry));
    self->surface = cairo_pdf_surface_create_for_stream(write_cb, self, LETTER_PAGE_WIDTH, LETTER_PAGE_HEIGHT);
    self->cr = cairo_create(self->surface);
    self->sheet = letter_sheet_new();
    self->entries = options->with_register ? letter_register_new() : NULL;
    set_properties(self);
    if (cairo_status(self->cr) != CAIRO_STATUS_SUCCESS) {
        letter_book_destroy(&self);
    }
    *self_p = self;
    return self == NULL ? STATUS_RETRY : STATUS_OK;
}

/* Closes the last page and writes the end of the PDF. */
static void close_document(struct letter_book *self)
{
    if (self->pages > 0 && !self->finished) {
        cairo_tag_end(self->cr, "Document");
        cairo_show_page(self->cr);
    }
    self->finished = true;
    cairo_surface_finish(self->surface);
}

void letter_book_destroy(struct letter_book **self_p)
{
    struct letter_book *self = *self_p;

    if (self == NULL) {
        return;
    }
    self->write_failed = true; /* what is written from here on is the end of a PDF that nobody waits for */
    close_document(self);
    for (guint i = 0; i < self->outline->len; i++) {
        g_free(g_array_index(self->outline, struct entry, i).text);
    }
    g_array_free(self->outline, TRUE);
    letter_sheet_destroy(&self->sheet);
    letter_register_destroy(&self->entries);
    cairo_destroy(self->cr);
    cairo_surface_destroy(self->surface);
    for (int i = 0; i < self->fonts_count; i++) {
        letter_fonts_destroy(&self->fonts[i]);
    }
    g_free((char *)self->options.title);
    g_free((char *)self->options.author);
    g_free((char *)self->options.subject);
    g_free(self);
    *self_p = NULL;
}

/* Fonts are looked up once for a book. */
static enum status find_fonts(struct letter_book *self, const struct letter_template *form, struct letter_fonts **fonts,
                              char error[LETTER_ERROR_SIZE])
{
    enum status st;

    for (int i = 0; i < self->fonts_count; i++) {
        if (strcmp(letter_fonts_families(self->fonts[i]), letter_template_fonts(form)) == 0) {
            *fonts = self->fonts[i];
            return STATUS_OK;
        }
    }
    if (self->fonts_count == FONTS_MAX) {
        snprintf(error, LETTER_ERROR_SIZE, "template %s: one book takes %d different lists of fonts",
                 letter_template_name(form), FONTS_MAX);
        return STATUS_INVALID;
    }
    st = letter_fonts_new(fonts, letter_template_fonts(form), error);
    if (st == STATUS_OK) {
        self->fonts[self->fonts_count++] = *fonts;
    }
    return st;
}

static enum status check_written(const struct letter_book *self, char error[LETTER_ERROR_SIZE])
{
    cairo_status_t status = cairo_status(self->cr);

    if (status == CAIRO_STATUS_SUCCESS) {
        status = cairo_surface_status(self->surface);
    }
    if (status == CAIRO_STATUS_SUCCESS && !self->write_failed) {
        return STATUS_OK;
    }
    snprintf(error, LETTER_ERROR_SIZE, "the PDF cannot be written: %s",
             cairo_status_to_string(self->write_failed ? CAIRO_STATUS_WRITE_ERROR : status));
    return STATUS_RETRY;
}

/* The text becomes the outline's. */
static void add_entry(struct letter_book *self, char *text)
{
    struct entry entry = {.text = text, .page = self->pages + 1};

    g_array_append_val(self->outline, entry);
}

static char *entry_text(const struct letter *letter)
{
    static const enum letter_field fields[] = {LETTER_NUMBER, LETTER_DOSSIER, LETTER_ADDRESSEE};
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (letter_gives(letter, fields[i])) {
            g_string_append(text, text->len > 0 ? " – " : "");
            letter_text_add(text, letter->text[fields[i]], false);
        }
    }
    return g_string_free(text, FALSE);
}

/* Only when all its pages are there. */
static void write_outline(struct letter_book *self)
{
    char place[64];

    for (guint i = 0; i < self->outline->len; i++) {
        const struct entry *entry = &g_array_index(self->outline, struct entry, i);

        snprintf(place, sizeof place, "page=%d pos=[0 0]", entry->page);
        cairo_pdf_surface_add_outline(self->surface, CAIRO_PDF_OUTLINE_ROOT, entry->text, place, 0);
    }
}

/*
 * A letter, or the register, begins.  The page before is ended only now: cairo loses a tag that is closed after the end
 * of the page on which its part ends.
 */
static void begin_part(struct letter_book *self, double width, double height)
{
    if (self->pages == 0) {
        cairo_tag_begin(self->cr, "Document", NULL);
    } else {
        cairo_show_page(self->cr);
        cairo_pdf_surface_set_size(self->surface, width, height); /* drops what the page holds: tags come after it */
    }
    cairo_tag_begin(self->cr, "Sect", NULL);
}

enum status letter_book_add(struct letter_book *self, const struct letter_template *form, const struct letter *letter,
                            char error[LETTER_ERROR_SIZE])
{
    struct letter_fonts *fonts = NULL;
    enum status st = letter_check(form, letter, error);

    if (st == STATUS_OK) {
        st = find_fonts(self, form, &fonts, error);
    }
    if (st == STATUS_OK) {
        letter_sheet_begin(self->sheet, fonts);
        st = letter_compose(self->sheet, form, letter, error);
    }
    if (st == STATUS_OK && self->entries != NULL) {
        st = letter_register_add(self->entries, self->fonts[0], letter, error);
    }
    if (st != STATUS_OK) {
        return st;
    }
    add_entry(self, entry_text(letter));
    begin_part(self, LETTER_PAGE_WIDTH, LETTER_PAGE_HEIGHT);
    letter_sheet_draw(self->sheet, self->cr);
    cairo_tag_end(self->cr, "Sect");
    self->letters++;
    self->pages += letter_sheet_pages(self->sheet);
    return check_written(self, error);
}

int letter_book_letters(const struct letter_book *self)
{
    return self->letters;
}

int letter_book_pages(const struct letter_book *self)
{
    return self->pages;
}

static void add_register(struct letter_book *self)
{
    add_entry(self, g_strdup(LETTER_REGISTER_TITLE));
    begin_part(self, LETTER_REGISTER_WIDTH, LETTER_REGISTER_HEIGHT);
    self->pages += letter_register_draw(self->entries, self->cr, self->options.created_us);
    cairo_tag_end(self->cr, "Sect");
}

enum status letter_book_finish(struct letter_book *self, char error[LETTER_ERROR_SIZE])
{
    if (self->letters == 0) {
        snprintf(error, LETTER_ERROR_SIZE, "the book holds no letters");
        return STATUS_INVALID;
    }
    if (self->entries != NULL) {
        add_register(self);
    }
    write_outline(self);
    close_document(self);
    return check_written(self, error);
}

enum status letter_bytes_write(void *arg, const unsigned char *data, size_t len)
{
    struct letter_bytes *bytes = arg;

    if (len > bytes->size - bytes->len) {
        bytes->size = MAX(bytes->size * 2, bytes->len + len + 64 * 1024);
        bytes->data = g_realloc(bytes->data, bytes->size);
    }
    memcpy(bytes->data + bytes->len, data, len);
    bytes->len += len;
    return STATUS_OK;
}

void letter_bytes_clear(struct letter_bytes *self)
{
    g_free(self->data);
    memset(self, 0, sizeof *self);
}
