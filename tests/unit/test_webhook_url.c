/* SPDX-License-Identifier: MIT */
/* test_webhook_url.c - which URLs are taken, and why others are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "notifier/webhook_url.h"

static const struct address_allow none;

static void url__good__is_taken_apart(void **state)
{
    static const struct {
        const char *text;
        const char *host;
        int port;
    } rows[] = {
        {"https://receiver.vn", "receiver.vn", 443},
        {"https://receiver.vn/", "receiver.vn", 443},
        {"HTTPS://Receiver.VN:8443/a/b?c=d&e=%C3%A1", "Receiver.VN", 8443},
        {"https://xn--bcher-kva.example/x", "xn--bcher-kva.example", 443},
        {"https://203.162.0.1:1/x", "203.162.0.1", 1},
        {"https://[2001:4860:4860::8888]:65535/x", "2001:4860:4860::8888", 65535},
        {"https://receiver.vn/a@b:c", "receiver.vn", 443},
    };
    struct webhook_url url;
    char error[WEBHOOK_URL_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(webhook_url_parse(rows[i].text, &none, &url, error), STATUS_OK);
        assert_string_equal(url.text, rows[i].text);
        assert_string_equal(url.host, rows[i].host);
        assert_int_equal(url.port, rows[i].port);
        assert_true(url.https);
    }
}

static void url__bad__is_refused_with_the_reason(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } rows[] = {
        {"", "https://"},
        {"receiver.vn/token", "https://"},
        {"http://receiver.vn/token", "configuration opens"},
        {"ftp://receiver.vn/token", "https://"},
        {"file:///etc/passwd", "https://"},
        {"javascript:alert(1)", "https://"},
        {"https:receiver.vn/token", "https://"},
        {"https:/receiver.vn/token", "https://"},
        {"https://", "no host"},
        {"https:///receiver.vn/token", "no host"},
        {"https://:443/token", "no URL"},
        {"https://user@receiver.vn/token", "user or password"},
        {"https://user:pass@receiver.vn/token", "user or password"},
        {"https://:pass@receiver.vn/token", "user or password"},
        {"https://receiver.vn/token#part", "fragment"},
        {"https://receiver.vn/token#", "fragment"},
        {"https://receiver.vn:0/token", "1 to 65535"},
        {"https://receiver.vn:65536/token", "1 to 65535"},
        {"https://receiver.vn:-1/token", "1 to 65535"},
        {"https://receiver.vn:x/token", "1 to 65535"},
        {"https://receiver.vn/to ken", "blanks"},
        {" https://receiver.vn/token", "blanks"},
        {"https://receiver.vn/token\r\nX: y", "blanks"},
        {"https://receiver.vn\\@other.vn/token", "blanks"},
        {"https://nh\xc3\xa0.vn/token", "beyond ASCII"},
        {"https://[::1/token", "no URL"},
        {"https://a b.vn/", "blanks"},
    };
    struct webhook_url url;
    char error[WEBHOOK_URL_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (webhook_url_parse(rows[i].text, &none, &url, error) != STATUS_INVALID) {
            fail_msg("%s was taken", rows[i].text);
        }
        if (strstr(error, rows[i].words) == NULL || strstr(error, "token") != NULL) {
            fail_msg("%s: %s", rows[i].text, error);
        }
    }
}

static void url__too_long__is_refused(void **state)
{
    char text[WEBHOOK_URL_MAX + 2] = "https://receiver.vn/";
    char host[] =
        "https://0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123"
        "45678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234"
        "567890123456789012345678901234567890123456789012345678901234567890/";
    struct webhook_url url;
    char error[WEBHOOK_URL_ERROR_SIZE];

    (void)state;
    memset(text + strlen(text), 'x', sizeof text - 1 - strlen(text));
    assert_int_equal(webhook_url_parse(text, &none, &url, error), STATUS_INVALID);
    assert_non_null(strstr(error, "2048"));
    text[WEBHOOK_URL_MAX] = '\0';
    assert_int_equal(webhook_url_parse(text, &none, &url, error), STATUS_OK);
    assert_int_equal(webhook_url_parse(host, &none, &url, error), STATUS_INVALID);
}

static void url__http_with_an_opened_range__is_taken(void **state)
{
    struct address_allow allow;
    struct webhook_url url;
    char error[ADDRESS_ERROR_SIZE];

    (void)state;
    assert_int_equal(address_allow_parse("10.0.0.0/8", &allow, error), STATUS_OK);
    assert_int_equal(webhook_url_parse("http://inner.vn/x", &allow, &url, error), STATUS_OK);
    assert_false(url.https);
    assert_int_equal(url.port, 80);
    assert_int_equal(webhook_url_parse("https://inner.vn/x", &allow, &url, error), STATUS_OK);
    assert_true(url.https);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(url__good__is_taken_apart),
        cmocka_unit_test(url__bad__is_refused_with_the_reason),
        cmocka_unit_test(url__too_long__is_refused),
        cmocka_unit_test(url__http_with_an_opened_range__is_taken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
