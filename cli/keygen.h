/* SPDX-License-Identifier: MIT */
/*
 * keygen.h - CURVE key pairs in files.
 */
#ifndef CLI_KEYGEN_H
#define CLI_KEYGEN_H

#include "common/secret.h"
#include "common/status.h"

/* Writes a public key into a file that must not exist and that everybody may read. */
enum status keygen_publish(const char *public_path, const char *public_key, char error[SECRET_ERROR_SIZE]) MUST_CHECK;

/* Makes a pair and writes both files, which must not exist (STATUS_DUPLICATE with a sentence in error). */
enum status keygen_make(const char *secret_path, const char *public_path, char error[SECRET_ERROR_SIZE]) MUST_CHECK;

#endif
