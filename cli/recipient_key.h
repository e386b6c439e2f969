/* SPDX-License-Identifier: MIT */
/*
 * recipient_key.h - the files of the keys that sign webhooks: made in notifier.webhook_secrets, mode 0600, owned by
 * whom that folder belongs to, since the notifier reads them and need not be who made them.
 */
#ifndef CLI_RECIPIENT_KEY_H
#define CLI_RECIPIENT_KEY_H

#include <stdbool.h>
#include <stddef.h>

#include "common/secret.h"
#include "common/status.h"

#define RECIPIENT_KEY_PATH_SIZE 1024
#define RECIPIENT_KEY_FILES_SIZE 4096

/* Makes a new key in folder; path is absolute.  Not STATUS_OK: error is a sentence, and there is no file. */
enum status recipient_key_make(const char *folder, char path[RECIPIENT_KEY_PATH_SIZE],
                               char error[SECRET_ERROR_SIZE]) MUST_CHECK;

/*
 * Checks files of keys separated by blanks and writes their absolute paths, in the same order.  STATUS_INVALID with a
 * sentence when one cannot be read, is open to others, or holds no key, or when there are none or too many.
 */
enum status recipient_key_check(const char *files, char absolute[RECIPIENT_KEY_FILES_SIZE],
                                char error[SECRET_ERROR_SIZE]) MUST_CHECK;

/* Reads the key of a file as text; STATUS_INVALID with a sentence that does not show it. */
enum status recipient_key_read(const char *path, char key[SECRET_MAX], char error[SECRET_ERROR_SIZE]) MUST_CHECK;

/* Copies the file at index out of files separated by blanks; false when there are fewer. */
bool recipient_key_at(const char *files, size_t index, char path[RECIPIENT_KEY_PATH_SIZE]);

/* Deletes a file when it lies in folder; true when it was deleted. */
bool recipient_key_drop(const char *folder, const char *path);

#endif
