/* SPDX-License-Identifier: MIT */
/* lang.c - see lang.h. */
#include "cli/lang.h"

#include <stdlib.h>
#include <string.h>

static const char *const words[WORD_END][2] = {
#define WORD(name, en, vi) [WORD_##name] = {en, vi},
#include "cli/lang_words.def"
#undef WORD
};

const char *lang_word(enum lang lang, enum word word)
{
    return words[word][lang == LANG_VI ? 1 : 0];
}

const char *lang_fill(const char *sentence, const char *const *args, int count, char *out, size_t size)
{
    size_t used = 0;

    while (*sentence != '\0' && used + 1 < size) {
        int place = sentence[0] == '{' && sentence[1] >= '1' && sentence[1] <= '9' && sentence[2] == '}'
                        ? sentence[1] - '1'
                        : -1;

        if (place >= 0 && place < count) {
            size_t len = strlen(args[place]);

            if (len > size - used - 1) {
                len = size - used - 1;
            }
            memcpy(out + used, args[place], len);
            used += len;
            sentence += 3;
        } else {
            out[used++] = *sentence++;
        }
    }
    out[used] = '\0';
    return out;
}

enum status lang_parse(const char *name, enum lang *lang)
{
    if (strcmp(name, "en") == 0) {
        *lang = LANG_EN;
    } else if (strcmp(name, "vi") == 0) {
        *lang = LANG_VI;
    } else {
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum lang lang_from_environment(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        if (value != NULL && *value != '\0') {
            return strncmp(value, "vi", 2) == 0 ? LANG_VI : LANG_EN;
        }
    }
    return LANG_EN;
}
