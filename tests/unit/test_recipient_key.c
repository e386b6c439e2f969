/* SPDX-License-Identifier: MIT */
/* test_recipient_key.c - the files of the keys that sign webhooks. */
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
#include <sodium.h>

#include "cli/recipient_key.h"

static char folder[] = "/tmp/kipthoi-keys-XXXXXX";

static void make__key__lies_in_the_folder_for_its_owner(void **state)
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    char other[RECIPIENT_KEY_PATH_SIZE];
    char key[SECRET_MAX];
    char second[SECRET_MAX];
    char error[SECRET_ERROR_SIZE];
    struct stat about;

    (void)state;
    assert_int_equal(recipient_key_make(folder, path, error), STATUS_OK);
    assert_memory_equal(path, folder, strlen(folder));
    assert_int_equal(stat(path, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
    assert_int_equal(recipient_key_read(path, key, error), STATUS_OK);
    assert_memory_equal(key, "whsec_", 6);
    assert_int_equal(recipient_key_make(folder, other, error), STATUS_OK);
    assert_int_equal(recipient_key_read(other, second, error), STATUS_OK);
    assert_string_not_equal(path, other);
    assert_string_not_equal(key, second);
    assert_true(recipient_key_drop(folder, path));
    assert_true(recipient_key_drop(folder, other));
    assert_false(recipient_key_drop(folder, path));
}

static void make__no_folder__is_named(void **state)
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    char error[SECRET_ERROR_SIZE];

    (void)state;
    assert_int_equal(recipient_key_make("/nowhere/at/all", path, error), STATUS_INVALID);
    assert_non_null(strstr(error, "/nowhere/at/all"));
}

static void drop__elsewhere__is_left(void **state)
{
    char path[] = "/tmp/kipthoi-key-XXXXXX";
    int fd = mkstemp(path);
    char inside[64];

    (void)state;
    assert_true(fd >= 0);
    close(fd);
    assert_false(recipient_key_drop(folder, path));
    snprintf(inside, sizeof inside, "%s/../%s", folder, path + 5);
    assert_false(recipient_key_drop(folder, inside));
    assert_int_equal(unlink(path), 0);
}

static void at__list__is_taken_apart(void **state)
{
    char path[RECIPIENT_KEY_PATH_SIZE];

    (void)state;
    assert_true(recipient_key_at("/a /b  /c", 0, path));
    assert_string_equal(path, "/a");
    assert_true(recipient_key_at(" /a /b  /c ", 2, path));
    assert_string_equal(path, "/c");
    assert_false(recipient_key_at("/a /b  /c ", 3, path));
    assert_false(recipient_key_at("", 0, path));
}

static void check__list__every_file_must_hold_a_key(void **state)
{
    char paths[2][RECIPIENT_KEY_PATH_SIZE];
    char files[2 * RECIPIENT_KEY_PATH_SIZE + 64];
    char absolute[RECIPIENT_KEY_FILES_SIZE];
    char error[SECRET_ERROR_SIZE];

    (void)state;
    assert_int_equal(recipient_key_make(folder, paths[0], error), STATUS_OK);
    assert_int_equal(recipient_key_make(folder, paths[1], error), STATUS_OK);
    snprintf(files, sizeof files, "%s   %s", paths[0], paths[1]);
    assert_int_equal(recipient_key_check(files, absolute, error), STATUS_OK);
    snprintf(files, sizeof files, "%s %s", paths[0], paths[1]);
    assert_string_equal(absolute, files);
    assert_int_equal(recipient_key_check("  ", absolute, error), STATUS_INVALID);
    snprintf(files, sizeof files, "%.60s %.60s %.60s %.60s %.60s", paths[0], paths[0], paths[0], paths[0], paths[0]);
    assert_int_equal(recipient_key_check(files, absolute, error), STATUS_INVALID);
    assert_int_equal(chmod(paths[1], 0640), 0);
    assert_int_equal(recipient_key_check(paths[1], absolute, error), STATUS_INVALID);
    assert_non_null(strstr(error, paths[1]));
    assert_true(recipient_key_drop(folder, paths[0]));
    assert_true(recipient_key_drop(folder, paths[1]));
}

static void read__no_key__is_named_and_not_shown(void **state)
{
    char path[64];
    char key[SECRET_MAX];
    char error[SECRET_ERROR_SIZE];

    (void)state;
    snprintf(path, sizeof path, "%s/other", folder);
    assert_int_equal(secret_write(path, "whsec_abcdefg", error), STATUS_OK);
    assert_int_equal(recipient_key_read(path, key, error), STATUS_INVALID);
    assert_non_null(strstr(error, path));
    assert_null(strstr(error, "abcdefg"));
    assert_int_equal(unlink(path), 0);
}

static int make_folder(void **state)
{
    (void)state;
    return sodium_init() < 0 || mkdtemp(folder) == NULL ? -1 : 0;
}

static int drop_folder(void **state)
{
    (void)state;
    return rmdir(folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(make__key__lies_in_the_folder_for_its_owner),
        cmocka_unit_test(make__no_folder__is_named),
        cmocka_unit_test(drop__elsewhere__is_left),
        cmocka_unit_test(at__list__is_taken_apart),
        cmocka_unit_test(check__list__every_file_must_hold_a_key),
        cmocka_unit_test(read__no_key__is_named_and_not_shown),
    };

    return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
