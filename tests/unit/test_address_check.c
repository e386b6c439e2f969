/* SPDX-License-Identifier: MIT */
/* test_address_check.c - which addresses are public, loopback or opened; the ends of every range. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <cmocka.h>

#include "notifier/address_check.h"

static const struct sockaddr *address_of(const char *text, struct sockaddr_storage *storage)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)storage;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)storage;

    memset(storage, 0, sizeof *storage);
    if (strchr(text, ':') == NULL) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(443);
        assert_int_equal(inet_pton(AF_INET, text, &v4->sin_addr), 1);
    } else {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons(443);
        assert_int_equal(inet_pton(AF_INET6, text, &v6->sin6_addr), 1);
    }
    return (const struct sockaddr *)storage;
}

static void check_all(const char *const *texts, bool is_public)
{
    struct sockaddr_storage storage;

    for (; *texts != NULL; texts++) {
        if (address_is_public(address_of(*texts, &storage)) != is_public) {
            fail_msg("%s is %s", *texts, is_public ? "public" : "not public");
        }
    }
}

static void address__special_range_of_v4__is_not_public(void **state)
{
    /* First and last address of each range of the registry. */
    static const char *const texts[] = {
        "0.0.0.0",         "0.255.255.255",
        "10.0.0.0",        "10.255.255.255",
        "100.64.0.0",      "100.127.255.255",
        "127.0.0.0",       "127.0.0.1",
        "127.1.2.3",       "127.255.255.255",
        "169.254.0.0",     "169.254.169.254",
        "169.254.255.255", "172.16.0.0",
        "172.31.255.255",  "192.0.0.0",
        "192.0.0.255",     "192.0.2.0",
        "192.0.2.255",     "192.88.99.0",
        "192.88.99.255",   "192.168.0.0",
        "192.168.255.255", "198.18.0.0",
        "198.19.255.255",  "198.51.100.0",
        "198.51.100.255",  "203.0.113.0",
        "203.0.113.255",   "224.0.0.0",
        "239.255.255.255", "240.0.0.0",
        "255.255.255.255", NULL,
    };

    (void)state;
    check_all(texts, false);
}

static void address__beside_a_special_range_of_v4__is_public(void **state)
{
    static const char *const texts[] = {
        "1.0.0.0",     "9.255.255.255",   "11.0.0.0",    "100.63.255.255", "100.128.0.0",  "126.255.255.255",
        "128.0.0.0",   "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0",   "191.255.255.255",
        "192.0.1.0",   "192.0.1.255",     "192.0.3.0",   "192.88.98.255",  "192.88.100.0", "192.167.255.255",
        "192.169.0.0", "198.17.255.255",  "198.20.0.0",  "198.51.99.255",  "198.51.101.0", "203.0.112.255",
        "203.0.114.0", "223.255.255.255", "8.8.8.8",     "203.162.0.1",    NULL,
    };

    (void)state;
    check_all(texts, true);
}

static void address__special_range_of_v6__is_not_public(void **state)
{
    static const char *const texts[] = {
        "::",
        "::1",
        "fc00::",
        "fd00::1",
        "fdff:ffff::1",
        "fe80::1",
        "febf::1",
        "fec0::1",
        "ff02::1",
        "ffff::1",
        "2001:db8::1",
        "2001:db8:ffff::1",
        "2001::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:1ff::1",
        "3fff::1",
        "3fff:fff::1",
        "100::1",
        "64:ff9b:1::808:808",
        "4000::1",
        "1fff::1",
        "5f00::1",
        "8000::1",
        NULL,
    };

    (void)state;
    check_all(texts, false);
}

static void address__rest_of_v6__is_public(void **state)
{
    static const char *const texts[] = {
        "2001:200::1",  "2001:db7::1", "2001:db9::1", "2001:4860:4860::8888", "2400:6540::1", "2a00::1",
        "3fff:1000::1", "3ffe::1",     NULL,
    };

    (void)state;
    check_all(texts, true);
}

static void address__v4_inside_v6__is_judged_by_it(void **state)
{
    /* 7f00:1 is 127.0.0.1, a00:1 10.0.0.1, a9fe:a9fe 169.254.169.254, 808:808 8.8.8.8. */
    static const char *const hidden[] = {
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "::10.0.0.1",
        "::ffff:0:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "2002:a9fe:a9fe::1",
        "::ffff:0.0.0.0",
        "::2",
        NULL,
    };
    static const char *const open[] = {
        "::ffff:8.8.8.8", "::8.8.8.8", "::ffff:0:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1", NULL,
    };

    (void)state;
    check_all(hidden, false);
    check_all(open, true);
}

static void address__other_family__is_not_public(void **state)
{
    struct sockaddr_un local = {.sun_family = AF_UNIX, .sun_path = "/run/x"};
    struct address_allow allow;
    char error[ADDRESS_ERROR_SIZE];
    char text[ADDRESS_TEXT_SIZE];

    (void)state;
    assert_int_equal(address_allow_parse("0.0.0.0/0 ::/0", &allow, error), STATUS_OK);
    assert_false(address_is_public((const struct sockaddr *)&local));
    assert_false(address_is_loopback((const struct sockaddr *)&local));
    assert_false(address_is_allowed(&allow, (const struct sockaddr *)&local));
    assert_string_equal(address_text((const struct sockaddr *)&local, text), "?");
}

static void address__loopback__is_told(void **state)
{
    static const char *const loopback[] = {"127.0.0.1", "127.255.255.255", "::1", "::ffff:127.0.0.1"};
    static const char *const others[] = {"126.255.255.255", "128.0.0.0", "0.0.0.0", "::", "::2", "10.0.0.1", "fe80::1"};
    struct sockaddr_storage storage;

    (void)state;
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
        assert_true(address_is_loopback(address_of(loopback[i], &storage)));
    }
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_false(address_is_loopback(address_of(others[i], &storage)));
    }
}

static void allow__ranges__hold_their_addresses_only(void **state)
{
    static const struct {
        const char *text;
        bool inside;
    } rows[] = {
        {"10.20.0.0", true},      {"10.20.255.255", true},  {"10.21.0.0", false},       {"10.19.255.255", false},
        {"127.0.0.1", true},      {"127.0.0.2", false},     {"192.168.7.129", true},    {"192.168.7.128", true},
        {"192.168.7.191", true},  {"192.168.7.192", false}, {"192.168.7.127", false},   {"fd00:1::1", true},
        {"fd00:1:ffff::1", true}, {"fd00:2::1", false},     {"::ffff:10.20.3.4", true}, {"::10.20.3.4", false},
    };
    struct address_allow allow;
    struct sockaddr_storage storage;
    char error[ADDRESS_ERROR_SIZE];

    (void)state;
    assert_int_equal(address_allow_parse(" 10.20.0.0/16  127.0.0.1 192.168.7.128/26\tfd00:1::/32 ", &allow, error),
                     STATUS_OK);
    assert_int_equal(allow.len, 4);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (address_is_allowed(&allow, address_of(rows[i].text, &storage)) != rows[i].inside) {
            fail_msg("%s", rows[i].text);
        }
    }
}

static void allow__nothing__holds_nothing(void **state)
{
    struct address_allow allow;
    struct sockaddr_storage storage;
    char error[ADDRESS_ERROR_SIZE];

    (void)state;
    assert_int_equal(address_allow_parse("", &allow, error), STATUS_OK);
    assert_false(address_is_allowed(&allow, address_of("127.0.0.1", &storage)));
}

static void allow__bad_range__is_named(void **state)
{
    static const struct {
        const char *text;
        const char *words;
    } rows[] = {
        {"10.0.0.0/33", "10.0.0.0/33 needs a length of 0 to 32"},
        {"10.0.0.0/", "needs a length"},
        {"10.0.0.0/-1", "needs a length"},
        {"10.0.0.0/8x", "needs a length"},
        {"10.0.0.0/4294967304", "needs a length"},
        {"fd00::/129", "0 to 128"},
        {"127.0.0.1 10.0.0.1/8", "10.0.0.1/8 has bits set beyond"},
        {"fd00::1/64", "has bits set beyond"},
        {"localhost", "is no IPv4 or IPv6 address"},
        {"10.0.0/8", "is no IPv4 or IPv6 address"},
        {"10.0.0.0,127.0.0.1", "is no IPv4 or IPv6 address"},
        {"240\x14\n", "240?? is no IPv4 or IPv6 address"},
        {"/8", "is no IPv4 or IPv6 address"},
    };
    struct address_allow allow;
    char error[ADDRESS_ERROR_SIZE];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(address_allow_parse(rows[i].text, &allow, error), STATUS_INVALID);
        if (strstr(error, rows[i].words) == NULL) {
            fail_msg("%s: %s", rows[i].text, error);
        }
    }
}

static void allow__too_many_ranges__is_refused(void **state)
{
    struct address_allow allow;
    char text[ADDRESS_ALLOW_MAX * 10 + 20] = "";
    char error[ADDRESS_ERROR_SIZE];

    (void)state;
    for (int i = 0; i < ADDRESS_ALLOW_MAX; i++) {
        strcat(text, "10.0.0.1 ");
    }
    assert_int_equal(address_allow_parse(text, &allow, error), STATUS_OK);
    strcat(text, "10.0.0.1");
    assert_int_equal(address_allow_parse(text, &allow, error), STATUS_INVALID);
    assert_non_null(strstr(error, "more than 64"));
}

static void address__text__is_without_port(void **state)
{
    struct sockaddr_storage storage;
    char text[ADDRESS_TEXT_SIZE];

    (void)state;
    assert_string_equal(address_text(address_of("10.1.2.3", &storage), text), "10.1.2.3");
    assert_string_equal(address_text(address_of("fd00::1", &storage), text), "fd00::1");
    assert_string_equal(address_text(address_of("::ffff:10.1.2.3", &storage), text), "::ffff:10.1.2.3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(address__special_range_of_v4__is_not_public),
        cmocka_unit_test(address__beside_a_special_range_of_v4__is_public),
        cmocka_unit_test(address__special_range_of_v6__is_not_public),
        cmocka_unit_test(address__rest_of_v6__is_public),
        cmocka_unit_test(address__v4_inside_v6__is_judged_by_it),
        cmocka_unit_test(address__other_family__is_not_public),
        cmocka_unit_test(address__loopback__is_told),
        cmocka_unit_test(allow__ranges__hold_their_addresses_only),
        cmocka_unit_test(allow__nothing__holds_nothing),
        cmocka_unit_test(allow__bad_range__is_named),
        cmocka_unit_test(allow__too_many_ranges__is_refused),
        cmocka_unit_test(address__text__is_without_port),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
