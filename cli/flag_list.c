/* SPDX-License-Identifier: MIT */
/* flag_list.c - the flags of a dossier by name and in words. */
#include "cli/flag_list.h"

#include <string.h>

#include "scorer/fold.h"

static const struct {
    enum fold_flag flag;
    const char *name;
    enum word word;
} flags[FLAG_COUNT] = {
    {FOLD_FLAG_DUE_MOVED, "due_moved", WORD_FLAG_DUE_MOVED},
    {FOLD_FLAG_FINISH_MOVED, "finish_moved", WORD_FLAG_FINISH_MOVED},
    {FOLD_FLAG_FINISH_BEFORE_RECEIPT, "finish_before_receipt", WORD_FLAG_FINISH_BEFORE_RECEIPT},
    {FOLD_FLAG_DUE_BEFORE_RECEIPT, "due_before_receipt", WORD_FLAG_DUE_BEFORE_RECEIPT},
    {FOLD_FLAG_FINISH_WITHOUT_RECEIPT, "finish_without_receipt", WORD_FLAG_FINISH_WITHOUT_RECEIPT},
    {FOLD_FLAG_REOPENED, "reopened", WORD_FLAG_REOPENED},
    {FOLD_FLAG_SUPPLEMENT_UNASKED, "supplement_unasked", WORD_FLAG_SUPPLEMENT_UNASKED},
    {FOLD_FLAG_PAUSE_REVERSED, "pause_reversed", WORD_FLAG_PAUSE_REVERSED},
    {FOLD_FLAG_FINISH_BACKDATED, "finish_backdated", WORD_FLAG_FINISH_BACKDATED},
    {FOLD_FLAG_FINISH_AT_DUE, "finish_at_due", WORD_FLAG_FINISH_AT_DUE},
    {FOLD_FLAG_EXTENSIONS_OVER, "extensions_over", WORD_FLAG_EXTENSIONS_OVER},
    {FOLD_FLAG_DUE_OTHER_THAN_TERM, "due_other_than_term", WORD_FLAG_DUE_OTHER_THAN_TERM},
    {FOLD_FLAG_NO_CALENDAR, "no_calendar", WORD_FLAG_NO_CALENDAR},
    {FOLD_FLAG_TOLD_LATE, "told_late", WORD_FLAG_TOLD_LATE},
};

int32_t flag_bit(int index)
{
    return (int32_t)flags[index].flag;
}

const char *flag_name(int index)
{
    return flags[index].name;
}

enum word flag_word(int index)
{
    return flags[index].word;
}

int flag_from_name(const char *name)
{
    int i = 0;

    while (i < FLAG_COUNT && strcmp(flags[i].name, name) != 0) {
        i++;
    }
    return i;
}
