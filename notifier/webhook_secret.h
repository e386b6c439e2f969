/* SPDX-License-Identifier: MIT */
/*
 * webhook_secret.h - keys and signatures of Standard Webhooks 1.0.0.  Pure, but for the random numbers of new keys.
 *
 * Symmetric: whsec_ and base64 of 24..64 random bytes, HMAC-SHA256, signatures "v1,...".  Asymmetric: whsk_ and base64
 * of an ed25519 secret key (64 bytes, or the seed's 32), signatures "v1a,..."; the receiver gets the public key, whpk_.
 * sodium_init must have been called for new keys.
 */
#ifndef NOTIFIER_WEBHOOK_SECRET_H
#define NOTIFIER_WEBHOOK_SECRET_H

#include <stddef.h>
#include <stdint.h>

#include "common/status.h"

#define WEBHOOK_SECRET_TEXT_SIZE 96 /* whsec_ or whsk_, 88 characters of base64, terminator */
#define WEBHOOK_SECRETS_MAX 4       /* keys that one message is signed with */
#define WEBHOOK_ID_MAX 64
#define WEBHOOK_ERROR_SIZE 256
/* Each is "v1a," with 88 characters of base64 and a blank at most. */
#define WEBHOOK_SIGNATURES_SIZE (WEBHOOK_SECRETS_MAX * 96)

enum webhook_secret_kind { WEBHOOK_SECRET_HMAC, WEBHOOK_SECRET_ED25519 };

struct webhook_secret {
    enum webhook_secret_kind kind;
    uint8_t bytes[64];
    size_t len;
};

/* Reads whsec_... or whsk_...; STATUS_INVALID with a sentence that does not show it. */
enum status webhook_secret_parse(const char *text, struct webhook_secret *secret,
                                 char error[WEBHOOK_ERROR_SIZE]) MUST_CHECK;
void webhook_secret_wipe(struct webhook_secret *secret);

/* Makes a new key and writes it as text (32 random bytes for HMAC). */
void webhook_secret_generate(enum webhook_secret_kind kind, char out[WEBHOOK_SECRET_TEXT_SIZE]);

/* The public key of an ed25519 key, whpk_...; STATUS_INVALID when it is none. */
enum status webhook_public_key(const struct webhook_secret *secret, char out[WEBHOOK_SECRET_TEXT_SIZE]) MUST_CHECK;

/*
 * Signs "id.timestamp.payload" with every secret and writes the signatures, separated by blanks.  STATUS_INVALID when
 * the id is not 1..64 of A-Z a-z 0-9 _ - (a full stop would make the text ambiguous) or secrets_len not
 * 1..WEBHOOK_SECRETS_MAX; STATUS_RETRY when memory is short.
 */
enum status webhook_sign(const struct webhook_secret *secrets, size_t secrets_len, const char *id, int64_t timestamp_s,
                         const char *payload, size_t payload_len, char out[WEBHOOK_SIGNATURES_SIZE]) MUST_CHECK;

#endif
