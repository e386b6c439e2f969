/* SPDX-License-Identifier: MIT */
/* private_file.c - see private_file.h. */
#include "cli/private_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum status refuse(char error[PRIVATE_FILE_ERROR_SIZE], const char *sentence)
{
    snprintf(error, PRIVATE_FILE_ERROR_SIZE, "%s", sentence);
    return STATUS_INVALID;
}

enum status private_file_open(struct private_file *self, const char *target, char error[PRIVATE_FILE_ERROR_SIZE])
{
    struct stat found;
    int len = snprintf(self->path, sizeof self->path, "%s.XXXXXX", target);
    int fd;

    self->file = NULL;
    self->target = target;
    if (len < 0 || (size_t)len >= sizeof self->path) {
        return refuse(error, "the name is too long");
    }
    /* A device or a pipe would be replaced by the file. */
    if (stat(target, &found) == 0 && !S_ISREG(found.st_mode)) {
        return refuse(error, S_ISDIR(found.st_mode) ? strerror(EISDIR) : "is no plain file");
    }
    /* Makes it with mode 0600, and never opens what somebody laid there. */
    fd = mkostemp(self->path, O_CLOEXEC);
    if (fd < 0) {
        return refuse(error, strerror(errno));
    }
    self->file = fdopen(fd, "w");
    if (self->file == NULL) {
        (void)refuse(error, strerror(errno));
        close(fd);
        unlink(self->path);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status private_file_keep(struct private_file *self, char error[PRIVATE_FILE_ERROR_SIZE])
{
    enum status st = STATUS_OK;

    if (fflush(self->file) != 0 || fsync(fileno(self->file)) != 0) {
        st = refuse(error, strerror(errno));
    }
    if (fclose(self->file) != 0 && st == STATUS_OK) {
        st = refuse(error, strerror(errno));
    }
    self->file = NULL;
    if (st == STATUS_OK && rename(self->path, self->target) != 0) {
        st = refuse(error, strerror(errno));
    }
    if (st != STATUS_OK) {
        unlink(self->path);
    }
    return st;
}

void private_file_drop(struct private_file *self)
{
    if (self->file != NULL) {
        fclose(self->file);
        unlink(self->path);
        self->file = NULL;
    }
}
