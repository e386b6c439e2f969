/* SPDX-License-Identifier: MIT */
/* test_secret.c - which files may hold a secret. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "common/secret.h"

#define PATH_SIZE 128

struct fixture {
    char folder[PATH_SIZE / 2];
    char path[PATH_SIZE]; /* of a secret in it */
};

static int setup(void **state)
{
    static struct fixture f;
    char error[SECRET_ERROR_SIZE];

    strcpy(f.folder, "/tmp/kipthoi-secret.XXXXXX");
    assert_non_null(mkdtemp(f.folder));
    snprintf(f.path, sizeof f.path, "%s/key", f.folder);
    assert_int_equal(secret_write(f.path, "word", error), STATUS_OK);
    unsetenv("CREDENTIALS_DIRECTORY");
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;

    unsetenv("CREDENTIALS_DIRECTORY");
    unlink(f->path);
    rmdir(f->folder);
    return 0;
}

static enum status read_as(const struct fixture *f, const char *path, mode_t mode)
{
    char error[SECRET_ERROR_SIZE];
    char out[SECRET_MAX];
    enum status st;

    assert_int_equal(chmod(f->path, mode), 0);
    st = secret_read(path, out, error);
    if (st == STATUS_OK) {
        assert_string_equal(out, "word");
    } else {
        assert_non_null(strstr(error, "chmod 600"));
    }
    return st;
}

static void read__owner_alone__is_taken(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(read_as(f, f->path, 0600), STATUS_OK);
    assert_int_equal(read_as(f, f->path, 0400), STATUS_OK);
}

static void read__others_may__is_refused(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(read_as(f, f->path, 0640), STATUS_INVALID);
    assert_int_equal(read_as(f, f->path, 0604), STATUS_INVALID);
    assert_int_equal(read_as(f, f->path, 0620), STATUS_INVALID);
}

static void read__credential__may_show_the_mask_of_an_acl(void **state)
{
    struct fixture *f = *state;

    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", f->folder, 1), 0);
    assert_int_equal(read_as(f, f->path, 0440), STATUS_OK);
    assert_int_equal(read_as(f, f->path, 0460), STATUS_INVALID);
    assert_int_equal(read_as(f, f->path, 0444), STATUS_INVALID);
}

static void read__outside_the_credentials__group_is_refused(void **state)
{
    struct fixture *f = *state;
    char folder[PATH_SIZE];
    char path[PATH_SIZE * 2];

    /* Only the beginning of the name is the same. */
    snprintf(folder, sizeof folder, "%.*s", (int)strlen(f->folder) - 1, f->folder);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
    assert_int_equal(read_as(f, f->path, 0440), STATUS_INVALID);
    /* It leads in and out again. */
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", "/tmp", 1), 0);
    snprintf(path, sizeof path, "/tmp/../tmp/%s/key", f->folder + strlen("/tmp/"));
    assert_int_equal(read_as(f, path, 0440), STATUS_INVALID);
    assert_int_equal(setenv("CREDENTIALS_DIRECTORY", "", 1), 0);
    assert_int_equal(read_as(f, f->path, 0440), STATUS_INVALID);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(read__owner_alone__is_taken),
        TEST(read__others_may__is_refused),
        TEST(read__credential__may_show_the_mask_of_an_acl),
        TEST(read__outside_the_credentials__group_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
