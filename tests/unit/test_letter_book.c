/* SPDX-License-Identifier: MIT */
/* test_letter_book.c - books of letters: what a refused letter leaves, pages, and output that fails. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "notifier/letter_book.h"
#include "notifier/letter_sample.h"

#define FORM(FONTS, SIGNER)                                                                                            \
    "[letter]\nname = test\ntitle = T\neffective_from = 2025-01-01\nfonts = " FONTS                                    \
    "\nmandatory = reason\n[body]\n@unit {unit}\n@nation Cộng hòa\n@motto Độc lập\n@to {addressee}\n"          \
    "Lý do: {reason}\n\n@text? Số: {number}\n@signer " SIGNER "\n"

static struct letter_template *form_new(const char *text)
{
    char error[LETTER_ERROR_SIZE];
    struct letter_template *form;

    if (letter_template_parse(&form, "x", text, strlen(text), error) != STATUS_OK) {
        fail_msg("%s", error);
    }
    return form;
}

static struct letter_book *book_new(struct letter_bytes *bytes, bool with_register)
{
    const struct letter_book_options options = {
        .title = "T", .with_register = with_register, .write = letter_bytes_write, .arg = bytes};
    struct letter_book *book;

    assert_int_equal(letter_book_new(&book, &options), STATUS_OK);
    return book;
}

static void assert_pdf(const struct letter_bytes *bytes)
{
    assert_true(bytes->len > 1000);
    assert_memory_equal(bytes->data, "%PDF-1.", 7);
    assert_memory_equal(bytes->data + bytes->len - 6, "%%EOF\n", 6);
}

static void add__refused_letter__leaves_the_book_as_it_was(void **state)
{
    struct letter_template *form = form_new(FORM("Liberation Serif", "S"));
    struct letter_bytes bytes = {0};
    struct letter_book *book = book_new(&bytes, true);
    char error[LETTER_ERROR_SIZE];
    struct letter letter;

    (void)state;
    letter_sample(&letter);
    assert_int_equal(letter_book_add(book, form, &letter, error), STATUS_OK);
    letter.text[LETTER_REASON] = NULL;
    assert_int_equal(letter_book_add(book, form, &letter, error), STATUS_INVALID);
    assert_string_equal(error, "dossier VD00-250715-0001: reason (Lý do trễ hạn) is not given, but the template test "
                               "needs it");
    letter.text[LETTER_REASON] = "漢";
    assert_int_equal(letter_book_add(book, form, &letter, error), STATUS_INVALID);
    assert_string_equal(error,
                        "dossier VD00-250715-0001: no font of the template has the character 漢 (U+6F22) of @text");
    letter.text[LETTER_REASON] = "R";
    letter.text[LETTER_DUE] = "漢"; /* printed in the register only */
    assert_int_equal(letter_book_add(book, form, &letter, error), STATUS_INVALID);
    assert_string_equal(error, "dossier VD00-250715-0001: no font of the register has the character U+6F22");
    assert_int_equal(letter_book_letters(book), 1);
    assert_int_equal(letter_book_pages(book), 1);
    letter.text[LETTER_DUE] = NULL;
    assert_int_equal(letter_book_add(book, form, &letter, error), STATUS_OK);
    assert_int_equal(letter_book_finish(book, error), STATUS_OK);
    assert_int_equal(letter_book_letters(book), 2);
    assert_int_equal(letter_book_pages(book), 3);
    assert_pdf(&bytes);
    letter_book_destroy(&book);
    letter_template_destroy(&form);
    letter_bytes_clear(&bytes);
}

static void add__other_fonts_in_one_book__is_fine(void **state)
{
    struct letter_template *first = form_new(FORM("Liberation Serif", "S"));
    struct letter_template *second = form_new(FORM("Liberation Serif, DejaVu Serif", "S"));
    struct letter_bytes bytes = {0};
    struct letter_book *book = book_new(&bytes, false);
    char error[LETTER_ERROR_SIZE];
    struct letter letter;

    (void)state;
    letter_sample(&letter);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(letter_book_add(book, i % 2 == 0 ? first : second, &letter, error), STATUS_OK);
    }
    assert_int_equal(letter_book_finish(book, error), STATUS_OK);
    assert_int_equal(letter_book_pages(book), 4);
    assert_pdf(&bytes);
    letter_book_destroy(&book);
    letter_template_destroy(&first);
    letter_template_destroy(&second);
    letter_bytes_clear(&bytes);
}

static void add__font_that_nobody_has__is_named(void **state)
{
    struct letter_template *form = form_new(FORM("No Such Serif", "S"));
    struct letter_bytes bytes = {0};
    struct letter_book *book = book_new(&bytes, false);
    char error[LETTER_ERROR_SIZE];
    struct letter letter;

    (void)state;
    letter_sample(&letter);
    assert_int_equal(letter_book_add(book, form, &letter, error), STATUS_INVALID);
    assert_string_equal(error, "the font \"No Such Serif\" (upright) is not installed; install it, or name another one "
                               "under fonts in the template");
    letter_book_destroy(&book);
    letter_template_destroy(&form);
    letter_bytes_clear(&bytes);
}

static void add__signature_larger_than_a_page__is_refused(void **state)
{
    char text[4096] = FORM("Liberation Serif", "Người ký");
    struct letter_template *form;
    struct letter_bytes bytes = {0};
    struct letter_book *book = book_new(&bytes, false);
    char error[LETTER_ERROR_SIZE];
    struct letter letter;

    (void)state;
    strcat(text, "@recipients N:\n");
    for (int i = 0; i < 70; i++) {
        strcat(text, "- L;\n");
    }
    form = form_new(text);
    letter_sample(&letter);
    assert_int_equal(letter_book_add(book, form, &letter, error), STATUS_INVALID);
    assert_string_equal(error,
                        "dossier VD00-250715-0001: its heading, or its signature and recipients, do not fit on a "
                        "page");
    letter_book_destroy(&book);
    letter_template_destroy(&form);
    letter_bytes_clear(&bytes);
}

static void finish__no_letters__is_refused(void **state)
{
    struct letter_bytes bytes = {0};
    struct letter_book *book = book_new(&bytes, true);
    char error[LETTER_ERROR_SIZE];

    (void)state;
    assert_int_equal(letter_book_finish(book, error), STATUS_INVALID);
    assert_string_equal(error, "the book holds no letters");
    letter_book_destroy(&book);
    assert_null(book);
    letter_bytes_clear(&bytes);
}

static enum status full_cb(void *arg, const unsigned char *data, size_t len)
{
    size_t *room = arg;

    (void)data;
    if (len > *room) {
        return STATUS_RETRY;
    }
    *room -= len;
    return STATUS_OK;
}

static void add__output_fails__is_told_at_the_latest_by_finish(void **state)
{
    struct letter_template *form = form_new(FORM("Liberation Serif", "S"));
    char error[LETTER_ERROR_SIZE];
    struct letter letter;

    (void)state;
    letter_sample(&letter);
    for (size_t room = 0; room < 6000; room += 500) {
        size_t left = room;
        const struct letter_book_options options = {.write = full_cb, .arg = &left};
        struct letter_book *book = NULL;
        enum status st = letter_book_new(&book, &options);

        for (int i = 0; i < 3 && st == STATUS_OK; i++) {
            st = letter_book_add(book, form, &letter, error);
        }
        if (st == STATUS_OK) {
            st = letter_book_finish(book, error);
        }
        assert_int_equal(st, STATUS_RETRY);
        letter_book_destroy(&book);
    }
    letter_template_destroy(&form);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(add__refused_letter__leaves_the_book_as_it_was),
        cmocka_unit_test(add__other_fonts_in_one_book__is_fine),
        cmocka_unit_test(add__font_that_nobody_has__is_named),
        cmocka_unit_test(add__signature_larger_than_a_page__is_refused),
        cmocka_unit_test(finish__no_letters__is_refused),
        cmocka_unit_test(add__output_fails__is_told_at_the_latest_by_finish),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
