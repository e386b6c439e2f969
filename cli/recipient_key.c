/* SPDX-License-Identifier: MIT */
/* recipient_key.c - see recipient_key.h. */
#include "cli/recipient_key.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "notifier/webhook_secret.h"

#define NAME_BYTES 8

/* The notifier need not be who runs this: root hands the file to the owner of the folder. */
static enum status hand_over(const char *folder, const char *path, char error[SECRET_ERROR_SIZE])
{
    struct stat about;

    if (geteuid() != 0 || stat(folder, &about) != 0 || about.st_uid == 0) {
        return STATUS_OK;
    }
    if (chown(path, about.st_uid, about.st_gid) != 0) {
        snprintf(error, SECRET_ERROR_SIZE, "%s: cannot be handed to the folder's owner: %s", path, strerror(errno));
        (void)unlink(path);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

enum status recipient_key_make(const char *folder, char path[RECIPIENT_KEY_PATH_SIZE], char error[SECRET_ERROR_SIZE])
{
    char whole[PATH_MAX];
    unsigned char bytes[NAME_BYTES];
    char name[NAME_BYTES * 2 + 1];
    char key[WEBHOOK_SECRET_TEXT_SIZE];
    enum status st;

    if (realpath(folder, whole) == NULL) {
        snprintf(error, SECRET_ERROR_SIZE, "notifier.webhook_secrets: %s: %s", folder, strerror(errno));
        return STATUS_INVALID;
    }
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2hex(name, sizeof name, bytes, sizeof bytes);
    if (strchr(whole, ' ') != NULL || strlen(whole) + sizeof name + 32 > RECIPIENT_KEY_PATH_SIZE) {
        snprintf(error, SECRET_ERROR_SIZE, "notifier.webhook_secrets: %.200s: has a blank in it, or is too long",
                 whole);
        return STATUS_INVALID;
    }
    snprintf(path, RECIPIENT_KEY_PATH_SIZE, "%.900s/webhook-%s.secret", whole, name);
    webhook_secret_generate(WEBHOOK_SECRET_HMAC, key);
    st = secret_write(path, key, error);
    secret_wipe(key, sizeof key);
    return st == STATUS_OK ? hand_over(whole, path, error) : st;
}

enum status recipient_key_read(const char *path, char key[SECRET_MAX], char error[SECRET_ERROR_SIZE])
{
    struct webhook_secret secret;
    char why[WEBHOOK_ERROR_SIZE];
    enum status st = secret_read(path, key, error);

    if (st == STATUS_OK) {
        st = webhook_secret_parse(key, &secret, why);
        webhook_secret_wipe(&secret);
        if (st != STATUS_OK) {
            snprintf(error, SECRET_ERROR_SIZE, "%.200s: %.250s", path, why);
            secret_wipe(key, SECRET_MAX);
        }
    }
    return st;
}

bool recipient_key_at(const char *files, size_t index, char path[RECIPIENT_KEY_PATH_SIZE])
{
    size_t len;

    files += strspn(files, " ");
    for (; index > 0 && *files != '\0'; index--) {
        files += strcspn(files, " ");
        files += strspn(files, " ");
    }
    len = strcspn(files, " ");
    if (len == 0 || len >= RECIPIENT_KEY_PATH_SIZE) {
        return false;
    }
    memcpy(path, files, len);
    path[len] = '\0';
    return true;
}

enum status recipient_key_check(const char *files, char absolute[RECIPIENT_KEY_FILES_SIZE],
                                char error[SECRET_ERROR_SIZE])
{
    char path[RECIPIENT_KEY_PATH_SIZE];
    char whole[PATH_MAX];
    char key[SECRET_MAX];
    size_t used = 0;
    size_t count = 0;

    for (; recipient_key_at(files, count, path); count++) {
        int len;

        if (recipient_key_read(path, key, error) != STATUS_OK) {
            return STATUS_INVALID;
        }
        secret_wipe(key, sizeof key);
        if (realpath(path, whole) == NULL || strchr(whole, ' ') != NULL) {
            snprintf(error, SECRET_ERROR_SIZE, "%.400s: its folder cannot be found, or has a blank in it", path);
            return STATUS_INVALID;
        }
        len = snprintf(absolute + used, RECIPIENT_KEY_FILES_SIZE - used, "%s%s", count == 0 ? "" : " ", whole);
        if (len < 0 || (size_t)len >= RECIPIENT_KEY_FILES_SIZE - used) {
            count = WEBHOOK_SECRETS_MAX + 1;
            break;
        }
        used += (size_t)len;
    }
    if (count == 0 || count > WEBHOOK_SECRETS_MAX) {
        snprintf(error, SECRET_ERROR_SIZE, "a webhook has 1 to %d files of keys", WEBHOOK_SECRETS_MAX);
        return STATUS_INVALID;
    }
    return STATUS_OK;
}

bool recipient_key_drop(const char *folder, const char *path)
{
    char whole[PATH_MAX];
    size_t len;

    if (realpath(folder, whole) == NULL) {
        return false;
    }
    len = strlen(whole);
    return strncmp(path, whole, len) == 0 && path[len] == '/' && strchr(path + len + 1, '/') == NULL &&
           unlink(path) == 0;
}
