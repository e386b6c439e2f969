/* SPDX-License-Identifier: MIT */
/*
 * secret.h - keys and passwords live in files that only their owner may read.
 */
#ifndef COMMON_SECRET_H
#define COMMON_SECRET_H

#include <stdbool.h>
#include <stddef.h>

#include "common/status.h"

#define SECRET_MAX 256
#define SECRET_ERROR_SIZE 512
#define SECRET_KEY_SIZE 41 /* Z85 of a CURVE key and its terminator */

/*
 * Reads the first line of a file into out.  STATUS_INVALID with a sentence in error (naming the file and the way out)
 * when it cannot be read, is longer than SECRET_MAX - 1, is empty, or grants anything to group or others.  Files in
 * $CREDENTIALS_DIRECTORY may grant reading to the group: there systemd grants it to the service by an ACL, whose mask
 * shows as the group's rights.
 */
enum status secret_read(const char *path, char out[SECRET_MAX], char error[SECRET_ERROR_SIZE]) MUST_CHECK;

/* Creates a file of mode 0600 holding text and a newline; fails when it exists (STATUS_DUPLICATE). */
enum status secret_write(const char *path, const char *text, char error[SECRET_ERROR_SIZE]) MUST_CHECK;

/* Reads a public file (mode not checked), first line. */
enum status secret_read_public(const char *path, char out[SECRET_MAX], char error[SECRET_ERROR_SIZE]) MUST_CHECK;

/* True when text is 40 characters of Z85 that decode to a key. */
bool secret_is_z85_key(const char *text);

/* Overwrites a secret in memory. */
void secret_wipe(void *memory, size_t size);

#endif
