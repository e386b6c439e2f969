/* SPDX-License-Identifier: MIT */
/* letter_check.c - see letter_check.h. */
#include "notifier/letter_check.h"

#include <stdarg.h>
#include <stdio.h>

#include "notifier/letter_text.h"

bool letter_gives(const struct letter *letter, enum letter_field field)
{
    return !letter_text_is_blank(letter->text[field]);
}

enum status letter_refuse(const struct letter *letter, char error[LETTER_ERROR_SIZE], const char *fmt, ...)
{
    const char *dossier = letter->text[LETTER_DOSSIER];
    char shown[160];
    va_list args;
    int used;

    used = snprintf(
        error, LETTER_ERROR_SIZE, "dossier %s: ",
        letter_text_shown(dossier == NULL || *dossier == '\0' ? "without a code" : dossier, shown, sizeof shown));
    va_start(args, fmt);
    vsnprintf(error + used, LETTER_ERROR_SIZE - (size_t)used, fmt, args);
    va_end(args);
    return STATUS_INVALID;
}

static enum status check_text(const struct letter *letter, enum letter_field field, char error[LETTER_ERROR_SIZE])
{
    const struct letter_field_info *info = letter_field_info(field);
    const char *text = letter->text[field];
    size_t chars;

    if (!g_utf8_validate(text, -1, NULL)) {
        return letter_refuse(letter, error, "%s (%s) is not UTF-8", info->name, info->vi);
    }
    chars = (size_t)g_utf8_strlen(text, -1);
    if (chars > info->max_chars) {
        return letter_refuse(letter, error, "%s (%s) has %zu characters; a letter takes %zu", info->name, info->vi,
                             chars, info->max_chars);
    }
    return STATUS_OK;
}

enum status letter_check(const struct letter_template *form, const struct letter *letter, char error[LETTER_ERROR_SIZE])
{
    uint32_t needed = letter_template_needed(form);
    enum status st = STATUS_OK;

    for (enum letter_field field = 0; field < LETTER_FIELD_END && st == STATUS_OK; field++) {
        const struct letter_field_info *info = letter_field_info(field);

        if (!letter_gives(letter, field)) {
            if ((needed & LETTER_BIT(field)) != 0) {
                st = letter_refuse(letter, error, "%s (%s) is not given, but the template %s needs it", info->name,
                                   info->vi, letter_template_name(form));
            }
        } else {
            st = check_text(letter, field, error);
        }
    }
    return st;
}
