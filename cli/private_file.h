/* SPDX-License-Identifier: MIT */
/*
 * private_file.h - a file that holds names: nobody but its owner reads it, and it is there whole or not at all.
 *
 * It is written under a name of its own beside its target, which it replaces when it is kept.  What stood there before
 * stays until then, whoever could read it.
 */
#ifndef CLI_PRIVATE_FILE_H
#define CLI_PRIVATE_FILE_H

#include <stdio.h>

#include "common/status.h"

#define PRIVATE_FILE_PATH_SIZE 4096
#define PRIVATE_FILE_ERROR_SIZE 256

struct private_file {
    FILE *file;                        /* to write to; NULL: none is open */
    const char *target;                /* borrowed */
    char path[PRIVATE_FILE_PATH_SIZE]; /* while it is written */
};

/* STATUS_INVALID: error says why.  A target that is there must be a plain file. */
enum status private_file_open(struct private_file *self, const char *target,
                              char error[PRIVATE_FILE_ERROR_SIZE]) MUST_CHECK;
/* Puts it in its place when all of it is on the disk.  STATUS_INVALID: it is gone, the target is as before. */
enum status private_file_keep(struct private_file *self, char error[PRIVATE_FILE_ERROR_SIZE]) MUST_CHECK;
/* Removes it when it was not kept. */
void private_file_drop(struct private_file *self);

#endif
