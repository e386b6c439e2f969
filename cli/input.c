/* SPDX-License-Identifier: MIT */
/* input.c - bytes of a file or of standard input, unpacked when they are gzip. */
#include "cli/input.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <zlib.h>

#define INPUT_RAW_SIZE 65536
/* zlib: the largest window, and a gzip header is required. */
#define INPUT_GZIP_WINDOW (15 + 16)

struct input {
    int fd;
    bool regular;  /* a file on disk: reading it does not wait */
    bool ended;    /* read() said so */
    bool gzip;     /* begins with the two bytes of gzip */
    bool finished; /* the last gzip member was whole */
    int64_t size;
    int64_t taken; /* bytes read from fd */
    z_stream unpack;
    char name[256];
    char error[INPUT_ERROR_SIZE];
    unsigned char raw[INPUT_RAW_SIZE]; /* what unpack.next_in points into, also when nothing is unpacked */
};

static enum status input_fail(struct input *self, const char *what)
{
    snprintf(self->error, sizeof self->error, "%s: %s", self->name, what);
    return STATUS_INVALID;
}

/* Reads more raw bytes behind those that wait. */
static enum status input_fill(struct input *self)
{
    size_t kept = self->unpack.avail_in;
    ssize_t got;

    memmove(self->raw, self->unpack.next_in, kept);
    self->unpack.next_in = self->raw;
    do {
        got = read(self->fd, self->raw + kept, sizeof self->raw - kept);
    } while (got < 0 && errno == EINTR);
    if (got < 0) {
        return input_fail(self, strerror(errno));
    }
    self->ended = got == 0;
    self->taken += got;
    self->unpack.avail_in += (unsigned)got;
    return STATUS_OK;
}

static enum status input_begin(struct input *self)
{
    enum status st = STATUS_OK;

    self->unpack.next_in = self->raw;
    while (st == STATUS_OK && self->unpack.avail_in < 2 && !self->ended) {
        st = input_fill(self);
    }
    self->gzip = self->unpack.avail_in >= 2 && self->raw[0] == 0x1f && self->raw[1] == 0x8b;
    if (st == STATUS_OK && self->gzip && inflateInit2(&self->unpack, INPUT_GZIP_WINDOW) != Z_OK) {
        self->gzip = false;
        st = input_fail(self, "memory is short");
    }
    return st;
}

enum status input_open(struct input **self_p, const char *path, char error[INPUT_ERROR_SIZE])
{
    struct input *self = calloc(1, sizeof *self);
    bool standard = strcmp(path, "-") == 0;
    struct stat about;
    enum status st;

    *self_p = NULL;
    if (self == NULL) {
        snprintf(error, INPUT_ERROR_SIZE, "memory is short");
        return STATUS_RETRY;
    }
    snprintf(self->name, sizeof self->name, "%s", standard ? "standard input" : path);
    self->size = -1;
    self->fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (self->fd < 0 || fstat(self->fd, &about) != 0) {
        st = input_fail(self, strerror(errno));
        goto done;
    }
    if (S_ISDIR(about.st_mode)) {
        st = input_fail(self, "is a folder");
        goto done;
    }
    self->regular = S_ISREG(about.st_mode);
    self->size = self->regular ? about.st_size : -1;
    st = input_begin(self);
done:
    if (st != STATUS_OK) {
        snprintf(error, INPUT_ERROR_SIZE, "%s", self->error);
        input_close(&self);
    }
    *self_p = self;
    return st;
}

void input_close(struct input **self_p)
{
    struct input *self = *self_p;

    if (self == NULL) {
        return;
    }
    if (self->gzip) {
        inflateEnd(&self->unpack);
    }
    if (self->fd > STDIN_FILENO) {
        close(self->fd);
    }
    free(self);
    *self_p = NULL;
}

const char *input_name(const struct input *self)
{
    return self->name;
}

/* Unpacks what is there; *len 0 when more raw bytes are needed.  A file may hold several gzip members. */
static enum status input_unpack(struct input *self, void *buffer, size_t size, size_t *len)
{
    int zst;

    *len = 0;
    if (self->unpack.avail_in == 0) {
        return STATUS_OK;
    }
    if (self->finished) {
        self->finished = false;
        inflateReset(&self->unpack);
    }
    self->unpack.next_out = buffer;
    self->unpack.avail_out = (unsigned)size;
    zst = inflate(&self->unpack, Z_NO_FLUSH);
    *len = size - self->unpack.avail_out;
    self->finished = zst == Z_STREAM_END;
    if (zst != Z_OK && zst != Z_STREAM_END && zst != Z_BUF_ERROR) {
        return input_fail(self, "is damaged gzip");
    }
    return STATUS_OK;
}

static void input_copy(struct input *self, void *buffer, size_t size, size_t *len)
{
    *len = self->unpack.avail_in < size ? self->unpack.avail_in : size;
    memcpy(buffer, self->unpack.next_in, *len);
    self->unpack.next_in += *len;
    self->unpack.avail_in -= (unsigned)*len;
}

enum status input_read(struct input *self, void *buffer, size_t size, size_t *len)
{
    enum status st = STATUS_OK;

    for (;;) {
        if (self->gzip) {
            st = input_unpack(self, buffer, size, len);
        } else {
            input_copy(self, buffer, size, len);
        }
        if (st != STATUS_OK || *len > 0) {
            return st;
        }
        if (self->ended) {
            return self->gzip && !self->finished ? input_fail(self, "ends in the middle of its gzip data") : STATUS_OK;
        }
        st = input_fill(self);
        if (st != STATUS_OK) {
            return st;
        }
    }
}

const char *input_error(const struct input *self)
{
    return self->error;
}

bool input_ready(const struct input *self)
{
    struct pollfd in = {.fd = self->fd, .events = POLLIN};

    return self->regular || self->ended || self->unpack.avail_in > 0 || poll(&in, 1, 0) != 0;
}

int input_fd(const struct input *self)
{
    return self->fd;
}

int64_t input_size(const struct input *self)
{
    return self->size;
}

int64_t input_position(const struct input *self)
{
    return self->taken - self->unpack.avail_in;
}
