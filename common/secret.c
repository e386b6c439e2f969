/* SPDX-License-Identifier: MIT */
/* secret.c - reading and making secret files. */
#include "common/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>
#include <zmq.h>

static enum status refuse(char error[SECRET_ERROR_SIZE], const char *path, const char *why)
{
    snprintf(error, SECRET_ERROR_SIZE, "%s: %s", path, why);
    return STATUS_INVALID;
}

static enum status read_line(int fd, const char *path, char out[SECRET_MAX], char error[SECRET_ERROR_SIZE])
{
    ssize_t len = read(fd, out, SECRET_MAX - 1);
    char *end;

    if (len < 0) {
        return refuse(error, path, strerror(errno));
    }
    out[len] = '\0';
    end = strpbrk(out, "\r\n");
    if (end == NULL && len == SECRET_MAX - 1) {
        return refuse(error, path, "the first line is too long for a key or password");
    }
    if (end != NULL) {
        *end = '\0';
    }
    return out[0] == '\0' ? refuse(error, path, "is empty") : STATUS_OK;
}

/* A file of the folder, not what leads out of it again. */
static bool is_credential(const char *path)
{
    const char *folder = getenv("CREDENTIALS_DIRECTORY");
    size_t len = folder != NULL ? strlen(folder) : 0;

    return len > 1 && folder[0] == '/' && strncmp(path, folder, len) == 0 && path[len] == '/' &&
           strstr(path + len, "/..") == NULL;
}

static mode_t forbidden_mode(const char *path)
{
    return is_credential(path) ? S_IWGRP | S_IXGRP | S_IRWXO : S_IRWXG | S_IRWXO;
}

static enum status read_file(const char *path, bool secret, char out[SECRET_MAX], char error[SECRET_ERROR_SIZE])
{
    struct stat about;
    enum status st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0) {
        return refuse(error, path, strerror(errno));
    }
    if (fstat(fd, &about) != 0) {
        st = refuse(error, path, strerror(errno));
    } else if (secret && (about.st_mode & forbidden_mode(path)) != 0) {
        st = refuse(error, path, "is readable by others; make it its owner's alone: chmod 600");
    } else {
        st = read_line(fd, path, out, error);
    }
    close(fd);
    return st;
}

enum status secret_read(const char *path, char out[SECRET_MAX], char error[SECRET_ERROR_SIZE])
{
    return read_file(path, true, out, error);
}

enum status secret_read_public(const char *path, char out[SECRET_MAX], char error[SECRET_ERROR_SIZE])
{
    return read_file(path, false, out, error);
}

enum status secret_write(const char *path, const char *text, char error[SECRET_ERROR_SIZE])
{
    enum status st = STATUS_OK;
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0) {
        st = errno == EEXIST ? STATUS_DUPLICATE : STATUS_INVALID;
        refuse(error, path, strerror(errno));
        return st;
    }
    if (dprintf(fd, "%s\n", text) < 0 || fsync(fd) != 0) {
        st = refuse(error, path, strerror(errno));
        unlink(path);
    }
    close(fd);
    return st;
}

bool secret_is_z85_key(const char *text)
{
    uint8_t key[32];

    return strlen(text) == SECRET_KEY_SIZE - 1 && zmq_z85_decode(key, text) != NULL;
}

void secret_wipe(void *memory, size_t size)
{
    sodium_memzero(memory, size);
}
