/* SPDX-License-Identifier: MIT */
/* letter_head.c - see letter_reader.h: the section [letter] of a template. */
#include <stddef.h>
#include <string.h>

#include "common/calendar_text.h"
#include "notifier/letter_reader.h"

enum key {
    KEY_NAME,
    KEY_TITLE,
    KEY_TITLE_ENDED,
    KEY_EFFECTIVE_FROM,
    KEY_FORM,
    KEY_NOTE,
    KEY_FONTS,
    KEY_MANDATORY,
    KEY_WORDS,
    KEY_END
};

typedef enum status (*key_take)(struct letter_reader *self, const char *value);

#define KEY_NAMES "name title title_ended effective_from form note fonts mandatory words"

static enum status take_name(struct letter_reader *self, const char *value)
{
    if (strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-") != strlen(value)) {
        return letter_reader_refuse(self, self->line,
                                    "name: only a-z, 0-9 and - are taken, as in hcmc-2016-thu-xin-loi");
    }
    return STATUS_OK;
}

static enum status take_day(struct letter_reader *self, const char *value)
{
    if (calendar_text_read_date(value, &self->form->effective_from) != STATUS_OK) {
        return letter_reader_refuse(self, self->line, "effective_from: \"%.40s\" is no day like 2025-07-01", value);
    }
    return STATUS_OK;
}

static enum status take_mandatory(struct letter_reader *self, const char *value)
{
    char names[LETTER_FIELD_NAMES_SIZE];

    self->mandatory_line = self->line;
    for (size_t len; *value != '\0'; value += len + strspn(value + len, " ,")) {
        enum letter_field field;

        len = strcspn(value, " ,");
        field = letter_field_find(value, len);
        if (field == LETTER_FIELD_END) {
            return letter_reader_refuse(self, self->line, "mandatory: no field is called \"%.*s\"; there are: %s",
                                        (int)(len < 40 ? len : 40), value, letter_field_names(names));
        }
        if ((self->form->mandatory & LETTER_BIT(field)) != 0) {
            return letter_reader_refuse(self, self->line, "mandatory: %s stands there twice",
                                        letter_field_info(field)->name);
        }
        self->form->mandatory |= LETTER_BIT(field);
    }
    return STATUS_OK;
}

static enum status take_words(struct letter_reader *self, const char *value)
{
    (void)value;
    self->words_line = self->line;
    return STATUS_OK;
}

#define NO_TEXT SIZE_MAX
static const struct {
    const char *name;
    bool required;
    size_t text; /* where the template keeps the value, or NO_TEXT */
    key_take take;
} keys[KEY_END] = {
    [KEY_NAME] = {"name", true, offsetof(struct letter_template, name), take_name},
    [KEY_TITLE] = {"title", true, offsetof(struct letter_template, title), NULL},
    [KEY_TITLE_ENDED] = {"title_ended", false, offsetof(struct letter_template, title_ended), NULL},
    [KEY_EFFECTIVE_FROM] = {"effective_from", true, NO_TEXT, take_day},
    [KEY_FORM] = {"form", false, offsetof(struct letter_template, form), NULL},
    [KEY_NOTE] = {"note", false, offsetof(struct letter_template, note), NULL},
    [KEY_FONTS] = {"fonts", true, offsetof(struct letter_template, fonts), NULL},
    [KEY_MANDATORY] = {"mandatory", true, NO_TEXT, take_mandatory},
    [KEY_WORDS] = {"words", false, offsetof(struct letter_template, words), take_words},
};

static enum status take(struct letter_reader *self, enum key key, const char *value)
{
    if (value[0] == '\0') {
        return letter_reader_refuse(self, self->line, "%s: has no value", keys[key].name);
    }
    if (strlen(value) >= LETTER_KEY_SIZE) {
        return letter_reader_refuse(self, self->line, "%s: is longer than %d bytes", keys[key].name,
                                    LETTER_KEY_SIZE - 1);
    }
    if (keys[key].text != NO_TEXT) {
        memcpy((char *)self->form + keys[key].text, value, strlen(value) + 1);
    }
    return keys[key].take == NULL ? STATUS_OK : keys[key].take(self, value);
}

enum status letter_head_line(struct letter_reader *self, char *line)
{
    char *equals = strchr(line, '=');
    enum key key = 0;

    if (equals == NULL) {
        return letter_reader_refuse(self, self->line, "\"%.40s\" is neither key = value nor [body]", line);
    }
    *equals = '\0';
    g_strstrip(line);
    while (key < KEY_END && strcmp(keys[key].name, line) != 0) {
        key++;
    }
    if (key == KEY_END) {
        return letter_reader_refuse(self, self->line, "no key is called \"%.40s\"; there are: " KEY_NAMES, line);
    }
    if ((self->keys & (UINT32_C(1) << key)) != 0) {
        return letter_reader_refuse(self, self->line, "%s: stands there twice", line);
    }
    self->keys |= UINT32_C(1) << key;
    return take(self, key, g_strstrip(equals + 1));
}

enum status letter_head_end(struct letter_reader *self)
{
    for (enum key key = 0; key < KEY_END; key++) {
        if (keys[key].required && (self->keys & (UINT32_C(1) << key)) == 0) {
            return letter_reader_refuse(self, self->line, "the head lacks the key %s (%s = ...)", keys[key].name,
                                        keys[key].name);
        }
    }
    return STATUS_OK;
}
