/* SPDX-License-Identifier: MIT */
/*
 * bench_letter.c - how many letters a second become one PDF on one core, and how much memory that takes.
 *
 * For each template named on the command line two books of 1,000 letters with a register: letters of one unit, which
 * differ in addressee, codes and reason; and letters of which nothing but the template is the same.  Prints the time,
 * letters a second of CPU time (a busy machine does not change that), bytes of the PDF, and the peak memory of the
 * program so far.
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "common/clock.h"
#include "notifier/letter_book.h"
#include "notifier/letter_sample.h"

#define LETTERS 1000
#define TEXT_SIZE 256

static void fail(const char *what)
{
    fprintf(stderr, "bench_letter: %s\n", what);
    exit(EXIT_FAILURE);
}

static enum status count_cb(void *arg, const unsigned char *data, size_t len)
{
    (void)data;
    *(size_t *)arg += len;
    return STATUS_OK;
}

/* What differs between the letters of one unit. */
static bool is_own(int field)
{
    return field == LETTER_NUMBER || field == LETTER_ADDRESSEE || field == LETTER_ADDRESS || field == LETTER_PHONE ||
           field == LETTER_EMAIL || field == LETTER_DOSSIER || field == LETTER_RECEIPT || field == LETTER_REASON;
}

static void add(struct letter_book *book, const struct letter_template *form, int number, bool one_unit)
{
    char text[LETTER_FIELD_END][TEXT_SIZE], error[LETTER_ERROR_SIZE];
    struct letter letter;

    letter_sample(&letter);
    for (int field = 0; field < LETTER_FIELD_END; field++) {
        if (!one_unit || is_own(field)) {
            snprintf(text[field], TEXT_SIZE, "%s %d", letter.text[field], number);
            letter.text[field] = text[field];
        }
    }
    if (letter_book_add(book, form, &letter, error) != STATUS_OK) {
        fail(error);
    }
}

static double cpu_seconds(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void measure(const char *path, bool one_unit)
{
    struct letter_template *form;
    struct letter_book *book;
    char error[LETTER_ERROR_SIZE];
    size_t bytes = 0;
    const struct letter_book_options options = {
        .title = "bench_letter", .with_register = true, .write = count_cb, .arg = &bytes};
    struct rusage usage;
    int64_t begin_ms, took_ms;
    double cpu_s;

    if (letter_template_read(&form, path, error) != STATUS_OK) {
        fail(error);
    }
    cpu_s = cpu_seconds();
    begin_ms = clock_monotonic_ms();
    if (letter_book_new(&book, &options) != STATUS_OK) {
        fail("no book can be begun");
    }
    for (int i = 1; i <= LETTERS; i++) {
        add(book, form, i, one_unit);
    }
    if (letter_book_finish(book, error) != STATUS_OK) {
        fail(error);
    }
    took_ms = clock_monotonic_ms() - begin_ms;
    cpu_s = cpu_seconds() - cpu_s;
    getrusage(RUSAGE_SELF, &usage);
    printf("%-24s %-10s %4d letters %4d pages %6lld ms, %.0f letters/s of CPU time, %zu bytes, peak %ld KiB\n",
           letter_template_name(form), one_unit ? "one unit" : "many units", LETTERS, letter_book_pages(book),
           (long long)took_ms, LETTERS / cpu_s, bytes, usage.ru_maxrss);
    letter_book_destroy(&book);
    letter_template_destroy(&form);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: bench_letter FILE.template...\n");
        return EXIT_FAILURE;
    }
    for (int i = 1; i < argc; i++) {
        measure(argv[i], true);
        measure(argv[i], false);
    }
    return EXIT_SUCCESS;
}
