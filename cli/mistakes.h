/* SPDX-License-Identifier: MIT */
/*
 * mistakes.h - what is wrong in a file that is looked at to its end before any of it is loaded.
 */
#ifndef CLI_MISTAKES_H
#define CLI_MISTAKES_H

#include "cli/cli.h"

/* More are counted, not told. */
#define MISTAKES_SHOWN 20

struct mistake {
    int64_t line;
    char *text; /* owned */
};

/* {0} is none. */
struct mistakes {
    struct mistake *list;
    size_t count;
    size_t room;
};

/* text is copied: "FILE:LINE: sentence".  STATUS_RETRY: memory is short. */
enum status mistakes_add(struct mistakes *self, int64_t line, const char *text) MUST_CHECK;

/* Tells them by their lines; of several also how many there are, and that nothing of path is loaded. */
void mistakes_tell(const struct cli *cli, struct mistakes *self, const char *path);

void mistakes_clear(struct mistakes *self);

#endif
