/* SPDX-License-Identifier: MIT */
/* shortage.c - allocations and system calls that fail in turn. */
#include "tests/support/shortage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <cjson/cJSON.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* An operation of more calls is not taken for ended. */
#define CALLS_MAX 5000

static struct {
    int calls;   /* since the operation began */
    int fail_at; /* number of the call that fails, 0: none */
    bool on;     /* and all after it */
} turn;

static bool fails(int error)
{
    turn.calls++;
    if (turn.fail_at == 0 || (turn.on ? turn.calls < turn.fail_at : turn.calls != turn.fail_at)) {
        return false;
    }
    errno = error;
    return true;
}

/* The linker's names: what the libraries call, and what it stands for. */
#define WRAP(type, name, parameters, arguments, error, failure)                                                        \
    type __real_##name parameters;                                                                                     \
    type __wrap_##name parameters;                                                                                     \
    type __wrap_##name parameters                                                                                      \
    {                                                                                                                  \
        return fails(error) ? (failure) : __real_##name arguments;                                                     \
    }

WRAP(void *, malloc, (size_t size), (size), ENOMEM, NULL)
WRAP(void *, calloc, (size_t count, size_t size), (count, size), ENOMEM, NULL)
WRAP(void *, realloc, (void *block, size_t size), (block, size), ENOMEM, NULL)
WRAP(void *, reallocarray, (void *block, size_t count, size_t size), (block, count, size), ENOMEM, NULL)
WRAP(char *, strdup, (const char *text), (text), ENOMEM, NULL)
WRAP(char *, strndup, (const char *text, size_t len), (text, len), ENOMEM, NULL)
WRAP(ssize_t, read, (int fd, void *bytes, size_t size), (fd, bytes, size), EIO, -1)
WRAP(int, fstat, (int fd, struct stat *about), (fd, about), EIO, -1)
WRAP(int, fsync, (int fd), (fd), EIO, -1)
WRAP(int, fflush, (FILE * file), (file), ENOSPC, EOF)
WRAP(int, mkostemp, (char *path, int flags), (path, flags), EMFILE, -1)
WRAP(int, rename, (const char *from, const char *to), (from, to), EACCES, -1)

int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...)
{
    va_list more;
    mode_t mode;

    va_start(more, flags);
    mode = (flags & O_CREAT) != 0 ? va_arg(more, mode_t) : 0;
    va_end(more);
    return fails(EMFILE) ? -1 : __real_open(path, flags, mode);
}

/* The stream that is written to: closing what was read loses nothing, and may fail unnoticed. */
static FILE *writes;

FILE *__real_fdopen(int fd, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode);
FILE *__wrap_fdopen(int fd, const char *mode)
{
    return writes = fails(ENOMEM) ? NULL : __real_fdopen(fd, mode);
}

int __real_fclose(FILE *file);
int __wrap_fclose(FILE *file);
int __wrap_fclose(FILE *file)
{
    bool fail = file == writes && fails(EIO);
    int result = __real_fclose(file);

    return fail ? EOF : result;
}

static ssize_t stream_read(void *file, char *bytes, size_t size)
{
    return fails(EIO) ? -1 : (ssize_t)fread(bytes, 1, size, file);
}

static int stream_close(void *file)
{
    return __real_fclose(file);
}

/* A stream whose reading can fail, for ferror and fgets. */
FILE *__real_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode);
FILE *__wrap_fopen(const char *path, const char *mode)
{
    FILE *file = fails(EMFILE) ? NULL : __real_fopen(path, mode);

    return file == NULL ? NULL
                        : fopencookie(file, "r", (cookie_io_functions_t){.read = stream_read, .close = stream_close});
}

/* Runs the operation with the call number fail_at failing; true when there was such a call. */
static bool run(const char *name, shortage_cb operation, int fail_at, bool on)
{
    enum status st;
    bool failed;

    turn.calls = 0;
    turn.fail_at = fail_at;
    turn.on = on;
    st = operation();
    failed = fail_at > 0 && turn.calls >= fail_at;
    turn.fail_at = 0;
    if (failed ? st != STATUS_RETRY && st != STATUS_INVALID : st != STATUS_OK) {
        fail_msg("%s: status %d with call %d failing%s", name, (int)st, fail_at, on ? ", and all after it" : "");
    }
    return failed;
}

int shortage_try(const char *name, shortage_cb operation)
{
    cJSON_Hooks hooks = {.malloc_fn = __wrap_malloc, .free_fn = free};
    int calls = 0;

    cJSON_InitHooks(&hooks);
    for (int on = 0; on <= 1; on++) {
        calls = 0;
        run(name, operation, 0, false);
        while (run(name, operation, calls + 1, on != 0)) {
            calls++;
            assert_in_range(calls, 1, CALLS_MAX);
        }
    }
    cJSON_InitHooks(NULL);
    printf("%-28s %d calls failed in turn\n", name, calls);
    return calls;
}
