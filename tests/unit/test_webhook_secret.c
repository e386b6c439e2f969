/* SPDX-License-Identifier: MIT */
/*
 * test_webhook_secret.c - keys and signatures against values that others computed.
 *
 * PUBLISHED is the vector that the specification's reference libraries carry.  The others were computed by Python's
 * hmac and by PyNaCl, so: key 01 02 .. 18 (hex) over the specification's example; key 00 01 .. 3f over msg_7.1.{};
 * nacl.signing.SigningKey(bytes(range(32))).sign(b"msg_7.1.{}").
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <sodium.h>

#include <cmocka.h>

#include "notifier/webhook_secret.h"

#define PUBLISHED_SECRET "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define PUBLISHED_SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
#define SHORT_SECRET "whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY"
#define LONG_SECRET "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw=="
#define LONG_SIGNATURE "v1,KmOI+8CFTTMAG/uHz6l/4rKVHFJtaAp/XJIKCQn1l6o="
#define KEY "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuA=="
#define KEY_SEED "whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
#define KEY_PUBLIC "whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
#define KEY_SIGNATURE "v1a,qWYGBv/2pYwgIsPLS3wEG8adTiFxDsHLBPUnsnk4FtzjRQRV6Tbq6k2CBHOE9mIBVEfmw/nUt0BP1Poc/TTkAg=="

static struct webhook_secret secret_of(const char *text)
{
    struct webhook_secret secret;
    char error[WEBHOOK_ERROR_SIZE];

    assert_int_equal(webhook_secret_parse(text, &secret, error), STATUS_OK);
    return secret;
}

static void check_signature(const char *secret_text, const char *id, int64_t timestamp_s, const char *payload,
                            const char *expected)
{
    struct webhook_secret secret = secret_of(secret_text);
    char signatures[WEBHOOK_SIGNATURES_SIZE];

    assert_int_equal(webhook_sign(&secret, 1, id, timestamp_s, payload, strlen(payload), signatures), STATUS_OK);
    assert_string_equal(signatures, expected);
}

static void sign__hmac__is_as_others_compute_it(void **state)
{
    (void)state;
    check_signature(PUBLISHED_SECRET, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, "{\"test\": 2432232314}",
                    PUBLISHED_SIGNATURE);
    check_signature(SHORT_SECRET, "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W", 1674087231,
                    "{\"type\":\"contact.created\",\"timestamp\":\"2022-11-03T20:26:10.344522Z\",\"data\":{\"id\":"
                    "\"1f81eb52-5198-4599-803e-771906343485\"}}",
                    "v1,TRes1CMBAjPgW/tgR3EjvYnw8RASu4TeOQ6bP2EgNqY=");
    check_signature(LONG_SECRET, "msg_7", 1, "{}", LONG_SIGNATURE);
}

static void sign__ed25519__is_as_others_compute_it(void **state)
{
    (void)state;
    check_signature(KEY, "msg_7", 1, "{}", KEY_SIGNATURE);
    check_signature(KEY_SEED, "msg_7", 1, "{}", KEY_SIGNATURE);
}

static void sign__several_secrets__signatures_in_order(void **state)
{
    struct webhook_secret secrets[WEBHOOK_SECRETS_MAX] = {secret_of(KEY), secret_of(LONG_SECRET), secret_of(KEY),
                                                          secret_of(KEY)};
    char signatures[WEBHOOK_SIGNATURES_SIZE];

    (void)state;
    assert_int_equal(webhook_sign(secrets, 2, "msg_7", 1, "{}", 2, signatures), STATUS_OK);
    assert_string_equal(signatures, KEY_SIGNATURE " " LONG_SIGNATURE);
    assert_int_equal(webhook_sign(secrets, 4, "msg_7", 1, "{}", 2, signatures), STATUS_OK);
    assert_string_equal(signatures, KEY_SIGNATURE " " LONG_SIGNATURE " " KEY_SIGNATURE " " KEY_SIGNATURE);
}

static void sign__bad_id_or_count__is_refused(void **state)
{
    static const char *const ids[] = {
        "", "a.b", "a b", "a\nb", "\xc4\x91", "12345678901234567890123456789012345678901234567890123456789012345"};
    struct webhook_secret secret = secret_of(LONG_SECRET);
    char signatures[WEBHOOK_SIGNATURES_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        assert_int_equal(webhook_sign(&secret, 1, ids[i], 1, "{}", 2, signatures), STATUS_INVALID);
    }
    /* 64 characters. */
    assert_int_equal(webhook_sign(&secret, 1, ids[5] + 1, 1, "{}", 2, signatures), STATUS_OK);
    assert_int_equal(webhook_sign(&secret, 0, "a", 1, "{}", 2, signatures), STATUS_INVALID);
    assert_int_equal(webhook_sign(&secret, 5, "a", 1, "{}", 2, signatures), STATUS_INVALID);
}

static void secret__bad_text__is_refused_without_showing_it(void **state)
{
    /* 23, 65 bytes; characters outside base64, a missing '='; 31, 33 bytes; halves that do not belong together. */
    static const struct {
        const char *text;
        const char *words;
    } rows[] = {
        {"", "begins with whsec_"},
        {"AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "begins with whsec_"},
        {"whpk_A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=", "begins with whsec_"},
        {"WHSEC_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcY", "begins with whsec_"},
        {"whsec_", "24 to 64"},
        {"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhc=", "24 to 64"},
        {"whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+P0A=", "base64"},
        {"whsec_AQIDBAUGBwgJCgsMDQ4P EBESExQVFhcY", "base64"},
        {"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGQ", "base64"},
        {"whsec_AQIDBAUGBwgJCgsMDQ4PEBESExQVFh-_", "base64"},
        {"whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHg==", "64 bytes"},
        {"whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8g", "64 bytes"},
        {"whsk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8DoQe/884Qvh1w3RjnS8CZZ+TWMJulDV8d3IZkElUxuQ==", "halves"},
    };
    struct webhook_secret secret;
    char error[WEBHOOK_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(webhook_secret_parse(rows[i].text, &secret, error), STATUS_INVALID);
        if (strstr(error, rows[i].words) == NULL) {
            fail_msg("%s: %s", rows[i].text, error);
        }
        assert_null(strstr(error, "AQID"));
        assert_null(strstr(error, "AAEC"));
        assert_true(sodium_is_zero(secret.bytes, sizeof secret.bytes));
    }
}

static void public_key__of_ed25519__is_as_others_compute_it(void **state)
{
    struct webhook_secret key = secret_of(KEY_SEED);
    struct webhook_secret hmac = secret_of(LONG_SECRET);
    char text[WEBHOOK_SECRET_TEXT_SIZE];

    (void)state;
    assert_int_equal(webhook_public_key(&key, text), STATUS_OK);
    assert_string_equal(text, KEY_PUBLIC);
    assert_int_equal(webhook_public_key(&hmac, text), STATUS_INVALID);
}

static void generate__twice__gives_two_good_keys(void **state)
{
    static const enum webhook_secret_kind kinds[] = {WEBHOOK_SECRET_HMAC, WEBHOOK_SECRET_ED25519};
    char first[WEBHOOK_SECRET_TEXT_SIZE];
    char second[WEBHOOK_SECRET_TEXT_SIZE];

    (void)state;
    assert_true(sodium_init() >= 0);
    for (size_t i = 0; i < 2; i++) {
        webhook_secret_generate(kinds[i], first);
        webhook_secret_generate(kinds[i], second);
        assert_string_not_equal(first, second);
        assert_int_equal(secret_of(first).kind, kinds[i]);
        assert_int_equal(secret_of(first).len, i == 0 ? 32 : 64);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign__hmac__is_as_others_compute_it),
        cmocka_unit_test(sign__ed25519__is_as_others_compute_it),
        cmocka_unit_test(sign__several_secrets__signatures_in_order),
        cmocka_unit_test(sign__bad_id_or_count__is_refused),
        cmocka_unit_test(secret__bad_text__is_refused_without_showing_it),
        cmocka_unit_test(public_key__of_ed25519__is_as_others_compute_it),
        cmocka_unit_test(generate__twice__gives_two_good_keys),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
