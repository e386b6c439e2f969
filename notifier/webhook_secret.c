/* SPDX-License-Identifier: MIT */
/* webhook_secret.c - keys in text and libsodium's signatures. */
#include "notifier/webhook_secret.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#define HMAC_PREFIX "whsec_"
#define ED25519_PREFIX "whsk_"
#define PUBLIC_PREFIX "whpk_"
#define HMAC_MIN 24
#define HMAC_MAX 64
#define HMAC_NEW 32
#define SIGNATURE_MAX crypto_sign_BYTES
#define SIGNATURE_TEXT_SIZE (sodium_base64_ENCODED_LEN(SIGNATURE_MAX, sodium_base64_VARIANT_ORIGINAL))

static enum status refuse(char error[WEBHOOK_ERROR_SIZE], const char *why)
{
    snprintf(error, WEBHOOK_ERROR_SIZE, "%s", why);
    return STATUS_INVALID;
}

static bool decode(const char *text, struct webhook_secret *secret)
{
    return sodium_base642bin(secret->bytes, sizeof secret->bytes, text, strlen(text), NULL, &secret->len, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0;
}

static enum status check_hmac(const struct webhook_secret *secret, char error[WEBHOOK_ERROR_SIZE])
{
    if (secret->len < HMAC_MIN || secret->len > HMAC_MAX) {
        return refuse(error, "the secret behind whsec_ must be base64 of 24 to 64 bytes");
    }
    return STATUS_OK;
}

/* A seed becomes a key; of a whole key the public half must be that of its seed, or the seed could be computed. */
static enum status check_ed25519(struct webhook_secret *secret, char error[WEBHOOK_ERROR_SIZE])
{
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t key[crypto_sign_SECRETKEYBYTES];
    enum status st = STATUS_OK;

    if (secret->len != crypto_sign_SEEDBYTES && secret->len != crypto_sign_SECRETKEYBYTES) {
        return refuse(error, "the key behind whsk_ must be base64 of 64 bytes (or of a seed of 32)");
    }
    crypto_sign_seed_keypair(public_key, key, secret->bytes);
    if (secret->len == crypto_sign_SECRETKEYBYTES && sodium_memcmp(key, secret->bytes, sizeof key) != 0) {
        st = refuse(error, "the key behind whsk_ is damaged: its two halves do not belong together");
    }
    memcpy(secret->bytes, key, sizeof key);
    secret->len = sizeof key;
    sodium_memzero(key, sizeof key);
    return st;
}

enum status webhook_secret_parse(const char *text, struct webhook_secret *secret, char error[WEBHOOK_ERROR_SIZE])
{
    enum status st;

    memset(secret, 0, sizeof *secret);
    if (strncmp(text, HMAC_PREFIX, strlen(HMAC_PREFIX)) == 0) {
        secret->kind = WEBHOOK_SECRET_HMAC;
        st = decode(text + strlen(HMAC_PREFIX), secret)
                 ? check_hmac(secret, error)
                 : refuse(error, "behind whsec_ stands no base64 of at most 64 bytes");
    } else if (strncmp(text, ED25519_PREFIX, strlen(ED25519_PREFIX)) == 0) {
        secret->kind = WEBHOOK_SECRET_ED25519;
        st = decode(text + strlen(ED25519_PREFIX), secret)
                 ? check_ed25519(secret, error)
                 : refuse(error, "behind whsk_ stands no base64 of at most 64 bytes");
    } else {
        st = refuse(error, "a webhook's secret begins with whsec_ (HMAC) or whsk_ (ed25519)");
    }
    if (st != STATUS_OK) {
        webhook_secret_wipe(secret);
    }
    return st;
}

void webhook_secret_wipe(struct webhook_secret *secret)
{
    sodium_memzero(secret, sizeof *secret);
}

static void write_key(const char *prefix, const uint8_t *bytes, size_t len, char out[WEBHOOK_SECRET_TEXT_SIZE])
{
    size_t used = strlen(prefix);

    memcpy(out, prefix, used);
    sodium_bin2base64(out + used, WEBHOOK_SECRET_TEXT_SIZE - used, bytes, len, sodium_base64_VARIANT_ORIGINAL);
}

void webhook_secret_generate(enum webhook_secret_kind kind, char out[WEBHOOK_SECRET_TEXT_SIZE])
{
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t bytes[crypto_sign_SECRETKEYBYTES];

    if (kind == WEBHOOK_SECRET_HMAC) {
        randombytes_buf(bytes, HMAC_NEW);
        write_key(HMAC_PREFIX, bytes, HMAC_NEW, out);
    } else {
        crypto_sign_keypair(public_key, bytes);
        write_key(ED25519_PREFIX, bytes, sizeof bytes, out);
    }
    sodium_memzero(bytes, sizeof bytes);
}

enum status webhook_public_key(const struct webhook_secret *secret, char out[WEBHOOK_SECRET_TEXT_SIZE])
{
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];

    if (secret->kind != WEBHOOK_SECRET_ED25519) {
        return STATUS_INVALID;
    }
    crypto_sign_ed25519_sk_to_pk(public_key, secret->bytes);
    write_key(PUBLIC_PREFIX, public_key, sizeof public_key, out);
    return STATUS_OK;
}

static bool is_id(const char *id)
{
    size_t len = strlen(id);

    return len > 0 && len <= WEBHOOK_ID_MAX &&
           strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") == len;
}

/* "v1,..." or "v1a,..." at out; returns its length. */
static size_t sign_one(const struct webhook_secret *secret, const uint8_t *content, size_t len, char *out)
{
    uint8_t signature[SIGNATURE_MAX];
    size_t signature_len;
    const char *name;
    size_t used;

    if (secret->kind == WEBHOOK_SECRET_HMAC) {
        crypto_auth_hmacsha256_state state;

        crypto_auth_hmacsha256_init(&state, secret->bytes, secret->len);
        crypto_auth_hmacsha256_update(&state, content, len);
        crypto_auth_hmacsha256_final(&state, signature);
        sodium_memzero(&state, sizeof state);
        signature_len = crypto_auth_hmacsha256_BYTES;
        name = "v1,";
    } else {
        crypto_sign_detached(signature, NULL, content, len, secret->bytes);
        signature_len = crypto_sign_BYTES;
        name = "v1a,";
    }
    used = strlen(name);
    memcpy(out, name, used);
    sodium_bin2base64(out + used, SIGNATURE_TEXT_SIZE, signature, signature_len, sodium_base64_VARIANT_ORIGINAL);
    return strlen(out);
}

enum status webhook_sign(const struct webhook_secret *secrets, size_t secrets_len, const char *id, int64_t timestamp_s,
                         const char *payload, size_t payload_len, char out[WEBHOOK_SIGNATURES_SIZE])
{
    char head[WEBHOOK_ID_MAX + 32];
    uint8_t *content;
    size_t head_len;
    size_t used = 0;

    if (!is_id(id) || secrets_len < 1 || secrets_len > WEBHOOK_SECRETS_MAX) {
        return STATUS_INVALID;
    }
    head_len = (size_t)snprintf(head, sizeof head, "%s.%" PRId64 ".", id, timestamp_s);
    content = malloc(head_len + payload_len);
    if (content == NULL) {
        return STATUS_RETRY;
    }
    memcpy(content, head, head_len);
    memcpy(content + head_len, payload, payload_len);
    for (size_t i = 0; i < secrets_len; i++) {
        if (i > 0) {
            out[used++] = ' ';
        }
        used += sign_one(&secrets[i], content, head_len + payload_len, out + used);
    }
    free(content);
    return STATUS_OK;
}
