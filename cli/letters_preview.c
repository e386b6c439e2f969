/* SPDX-License-Identifier: MIT */
/* letters_preview.c - see letters_preview.h. */
#include "cli/letters_preview.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/private_file.h"
#include "common/json.h"
#include "ingest/gate.h"
#include "notifier/letter_book.h"
#include "notifier/letter_sample.h"

#define VALUES_MAX_LEN ((size_t)16 * 1024 * 1024)
#define LETTERS_MEMBER "letters"
#define ENDED_MEMBER "ended"

static int refuse_values(struct cli *cli, const char *path, const char *sentence)
{
    return cli_usage(cli, "%s: %s", path, sentence);
}

static int parse_values(struct cli *cli, const char *path, const char *text, size_t len, cJSON **values)
{
    struct refusal refusal;

    if (gate_check(text, len, &refusal) != STATUS_OK) {
        return refuse_values(cli, path, refusal.sentence);
    }
    *values = json_parse(text, len);
    return *values == NULL ? refuse_values(cli, path, "memory is short") : EXIT_FINE;
}

static int read_values(struct cli *cli, const char *path, cJSON **values)
{
    FILE *file = fopen(path, "re");
    char *text = malloc(VALUES_MAX_LEN + 1);
    int code = EXIT_UNREACHABLE;
    size_t len;

    if (file == NULL) {
        code = refuse_values(cli, path, strerror(errno));
        goto done;
    }
    if (text == NULL) {
        code = refuse_values(cli, path, "memory is short");
        goto done;
    }
    len = fread(text, 1, VALUES_MAX_LEN + 1, file);
    if (ferror(file) != 0) {
        code = refuse_values(cli, path, strerror(errno));
    } else if (len > VALUES_MAX_LEN) {
        code = refuse_values(cli, path, "is longer than 16 MiB");
    } else {
        code = parse_values(cli, path, text, len, values);
    }
done:
    if (file != NULL) {
        fclose(file);
    }
    free(text);
    return code;
}

/* Fields that the object does not name are not given; "ended": true is a letter of a dossier that has. */
static int letter_from(struct cli *cli, const char *path, const cJSON *object, struct letter *letter)
{
    char names[LETTER_FIELD_NAMES_SIZE];
    const cJSON *member;

    memset(letter, 0, sizeof *letter);
    if (!cJSON_IsObject(object)) {
        return refuse_values(cli, path, "\"" LETTERS_MEMBER "\" must be an array of objects");
    }
    cJSON_ArrayForEach(member, object)
    {
        enum letter_field field = letter_field_find(member->string, strlen(member->string));

        if (strcmp(member->string, ENDED_MEMBER) == 0 && cJSON_IsBool(member)) {
            letter->ended = cJSON_IsTrue(member);
            continue;
        }
        if (field == LETTER_FIELD_END) {
            return cli_usage(cli, "%s: no field is called \"%.80s\"; there are: %s", path, member->string,
                             letter_field_names(names));
        }
        if (!cJSON_IsString(member) && !cJSON_IsNull(member)) {
            return cli_usage(cli, "%s: \"%s\" must be a text or null", path, member->string);
        }
        letter->text[field] = member->valuestring;
    }
    return EXIT_FINE;
}

static int add_letter(struct cli *cli, struct letter_book *book, const struct letter_template *form,
                      const struct letter *letter)
{
    char error[LETTER_ERROR_SIZE];
    enum status st = letter_book_add(book, form, letter, error);

    if (st == STATUS_OK) {
        return EXIT_FINE;
    }
    cli_complain(cli, "%s", error);
    return st == STATUS_INVALID ? EXIT_ANSWER_NO : EXIT_UNREACHABLE;
}

static int add_letters(struct cli *cli, struct letter_book *book, const struct letters_preview *preview,
                       const struct letter_template *form, const cJSON *values)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(values, LETTERS_MEMBER);
    struct letter letter;
    int code = EXIT_FINE;

    if (values == NULL) {
        letter_sample(&letter);
        return add_letter(cli, book, form, &letter);
    }
    if (list == NULL) {
        code = letter_from(cli, preview->values_path, values, &letter);
        return code == EXIT_FINE ? add_letter(cli, book, form, &letter) : code;
    }
    if (!cJSON_IsArray(list)) {
        return refuse_values(cli, preview->values_path, "\"" LETTERS_MEMBER "\" must be an array of objects");
    }
    for (const cJSON *object = list->child; object != NULL && code == EXIT_FINE; object = object->next) {
        code = letter_from(cli, preview->values_path, object, &letter);
        if (code == EXIT_FINE) {
            code = add_letter(cli, book, form, &letter);
        }
    }
    return code;
}

/* The whole PDF at once: a preview that fails leaves the one before as it was.  --values may hold names. */
static int write_file(struct cli *cli, const char *path, const struct letter_bytes *bytes)
{
    struct private_file out;
    char error[PRIVATE_FILE_ERROR_SIZE];
    enum status st = private_file_open(&out, path, error);

    if (st == STATUS_OK && fwrite(bytes->data, 1, bytes->len, out.file) != bytes->len) {
        snprintf(error, sizeof error, "%s", strerror(errno));
        st = STATUS_INVALID;
    }
    if (st == STATUS_OK) {
        st = private_file_keep(&out, error);
    }
    private_file_drop(&out);
    if (st != STATUS_OK) {
        cli_complain(cli, "%s: %s", path, error);
        return EXIT_UNREACHABLE;
    }
    return EXIT_FINE;
}

static int make_book(struct cli *cli, const struct letters_preview *preview, const struct letter_template *form,
                     const cJSON *values)
{
    struct letter_bytes bytes = {0};
    const struct letter_book_options options = {.title = letter_template_title(form),
                                                .subject = letter_template_form(form),
                                                .created_us = cli_now_us(cli),
                                                .with_register = preview->with_register,
                                                .write = letter_bytes_write,
                                                .arg = &bytes};
    char error[LETTER_ERROR_SIZE], letters[24], pages[24];
    struct letter_book *book;
    int code = EXIT_UNREACHABLE;
    enum status st = letter_book_new(&book, &options);

    if (st != STATUS_OK) {
        cli_complain(cli, "%s: %s", preview->out_path, strerror(ENOMEM));
        return code;
    }
    code = add_letters(cli, book, preview, form, values);
    if (code == EXIT_FINE) {
        st = letter_book_finish(book, error);
        if (st != STATUS_OK) {
            cli_complain(cli, "%s: %s", preview->out_path, error);
            code = st == STATUS_INVALID ? EXIT_ANSWER_NO : EXIT_UNREACHABLE;
        }
    }
    if (code == EXIT_FINE) {
        code = write_file(cli, preview->out_path, &bytes);
    }
    if (code == EXIT_FINE) {
        snprintf(letters, sizeof letters, "%d", letter_book_letters(book));
        snprintf(pages, sizeof pages, "%d", letter_book_pages(book));
        cli_say(cli, WORD_LETTERS_PREVIEWED, preview->out_path, letters, pages, NULL);
    }
    letter_book_destroy(&book);
    letter_bytes_clear(&bytes);
    return code;
}

int letters_preview(struct cli *cli, const struct letters_preview *preview)
{
    struct letter_template *form = NULL;
    cJSON *values = NULL;
    char error[LETTER_ERROR_SIZE];
    int code = EXIT_FINE;

    if (letter_template_read(&form, preview->template_path, error) != STATUS_OK) {
        return cli_usage(cli, "%s", error);
    }
    if (preview->values_path != NULL) {
        code = read_values(cli, preview->values_path, &values);
    }
    if (code == EXIT_FINE) {
        code = make_book(cli, preview, form, values);
    }
    if (code == EXIT_FINE && letter_template_note(form)[0] != '\0') {
        cli_tell(cli, WORD_LETTERS_TEMPLATE_NOTE, preview->template_path, letter_template_note(form), NULL);
    }
    cJSON_Delete(values);
    letter_template_destroy(&form);
    return code;
}
