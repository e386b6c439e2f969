/* SPDX-License-Identifier: MIT */
/* mistakes.c - see mistakes.h. */
#include "cli/mistakes.h"

#include <stdlib.h>
#include <string.h>

enum status mistakes_add(struct mistakes *self, int64_t line, const char *text)
{
    struct mistake *list = self->list;
    char *copy = strdup(text);

    if (copy != NULL && self->count == self->room) {
        size_t room = self->room == 0 ? 16 : self->room * 2;

        list = reallocarray(self->list, room, sizeof *list);
        if (list != NULL) {
            self->list = list;
            self->room = room;
        }
    }
    if (copy == NULL || list == NULL) {
        free(copy);
        return STATUS_RETRY;
    }
    self->list[self->count++] = (struct mistake){line, copy};
    return STATUS_OK;
}

static int by_line(const void *a, const void *b)
{
    const struct mistake *x = a;
    const struct mistake *y = b;

    return (x->line > y->line) - (x->line < y->line);
}

void mistakes_tell(const struct cli *cli, struct mistakes *self, const char *path)
{
    if (self->count > 1) {
        qsort(self->list, self->count, sizeof *self->list, by_line);
    }
    for (size_t i = 0; i < self->count && i < MISTAKES_SHOWN; i++) {
        cli_complain(cli, "%s", self->list[i].text);
    }
    if (self->count > MISTAKES_SHOWN) {
        cli_complain(cli, "%s: %zu more bad rows, %zu in all; nothing was loaded", path, self->count - MISTAKES_SHOWN,
                     self->count);
    } else if (self->count > 1) {
        cli_complain(cli, "%s: %zu bad rows; nothing was loaded", path, self->count);
    }
}

void mistakes_clear(struct mistakes *self)
{
    for (size_t i = 0; i < self->count; i++) {
        free(self->list[i].text);
    }
    free(self->list);
    *self = (struct mistakes){0};
}
