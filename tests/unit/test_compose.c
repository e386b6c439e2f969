/* SPDX-License-Identifier: MIT */
/* test_compose.c - what messages to officials say: subject, text, HTML, and payloads of webhooks that have a bound. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <cjson/cJSON.h>

#include "common/clock.h"
#include "notifier/compose.h"

#define ROW(kind, code)                                                                                                \
    "{\"kind\": \"" kind "\", \"dossier\": \"" code "\", \"unit\": \"U1\", \"field\": \"F\", "                         \
    "\"due\": \"2026-06-10T01:00:00Z\", \"deadline\": \"2026-06-10T23:59:59.999999+07:00\", \"letter_no\": null}"

static struct compose_request request_of(const char *facts, bool vietnamese)
{
    return (struct compose_request){.kind = "notices",
                                    .facts = facts,
                                    .at_us = INT64_C(1781056800000000),
                                    .vietnamese = vietnamese,
                                    .unit = "U1",
                                    .unit_name = "Phường Một",
                                    .role = "officer"};
}

static void contains(const char *text, const char *words)
{
    if (strstr(text, words) == NULL) {
        fail_msg("\"%s\" is not in: %s", words, text);
    }
}

static void lacks(const char *text, const char *words)
{
    if (strstr(text, words) != NULL) {
        fail_msg("\"%s\" is in: %s", words, text);
    }
}

static const char facts[] = "{\"total\": 203, \"kinds\": {\"due_now\": 1, \"letter_owed\": 202}, \"rows\": [" ROW(
    "letter_owed", "A<1>&") ", " ROW("due_now", "B2") "]}";

static void mail__two_kinds__are_counted_explained_and_listed(void **state)
{
    struct compose_request request = request_of(facts, true);
    struct composed composed;

    (void)state;
    assert_int_equal(compose_mail(&request, &composed), STATUS_OK);
    assert_string_equal(composed.subject, "[Kịp Thời] 202 thư xin lỗi phải gửi, 1 hồ sơ đến hạn");
    contains(composed.text, "Thư xin lỗi phải gửi (202)");
    /* Letters first, then what is due; 08:00 of Ho Chi Minh City. */
    assert_true(strstr(composed.text, "A<1>&") < strstr(composed.text, "B2"));
    contains(composed.text, "A<1>& | U1 | F | 08:00 10/06/2026 | 23:59 10/06/2026 | –");
    contains(composed.text, "… và 201 dòng nữa.");
    contains(composed.text, "chuyên viên xử lý của Phường Một");
    /* Who reads mails has no shell. */
    lacks(composed.text, "kipthoi ");
    lacks(composed.html, "kipthoi ");
    compose_clear(&composed);
}

static void mail__codes_with_markup__are_escaped_in_html_only(void **state)
{
    struct compose_request request = request_of(facts, false);
    struct composed composed;

    (void)state;
    assert_int_equal(compose_mail(&request, &composed), STATUS_OK);
    contains(composed.html, "A&lt;1&gt;&amp;");
    lacks(composed.html, "A<1>");
    contains(composed.html, "<html lang=\"en\">");
    contains(composed.subject, "202 apology letters owed, 1 due now");
    compose_clear(&composed);
}

static void mail__line_feed_in_a_code__stays_one_line(void **state)
{
    struct compose_request request = request_of(
        "{\"total\": 1, \"kinds\": {\"due_now\": 1}, \"rows\": [{\"kind\": \"due_now\", \"dossier\": \"A\\nBcc: x\"}]}",
        true);
    struct composed composed;

    (void)state;
    assert_int_equal(compose_mail(&request, &composed), STATUS_OK);
    contains(composed.text, "A Bcc: x | – | – | –");
    lacks(composed.subject, "\n");
    compose_clear(&composed);
}

static void mail__digest__tells_of_letters_by_number(void **state)
{
    struct compose_request request = request_of(
        "{\"total\": 0, \"kinds\": {\"overdue_daily\": 0}, \"letters_owed\": 7, \"letters_past\": 2, \"rows\": []}",
        true);
    struct composed composed;

    (void)state;
    request.kind = "digest";
    assert_int_equal(compose_mail(&request, &composed), STATUS_OK);
    assert_string_equal(composed.subject, "[Kịp Thời] 7 thư xin lỗi phải gửi");
    contains(composed.text, "Thư xin lỗi còn phải gửi: 7, trong đó quá thời hạn gửi: 2.");
    compose_clear(&composed);
}

static void mail__facts_that_are_none__are_invalid(void **state)
{
    struct compose_request request = request_of("[1, 2", true);
    struct composed composed;
    char *payload;

    (void)state;
    assert_int_equal(compose_mail(&request, &composed), STATUS_INVALID);
    compose_clear(&composed);
    assert_int_equal(compose_webhook(&request, 1000, &payload), STATUS_INVALID);
    assert_null(payload);
}

/* 200 rows of some 150 bytes: as many as fit, and how many that are. */
static void webhook__more_than_fits__shows_what_fits(void **state)
{
    size_t size = 0;
    char *text = NULL;
    FILE *out = open_memstream(&text, &size);
    struct compose_request request;
    char *payload = NULL;
    cJSON *data;
    cJSON *why;

    (void)state;
    assert_non_null(out);
    fputs("{\"total\": 200, \"kinds\": {\"due_now\": 200}, \"rows\": [", out);
    for (int i = 0; i < 200; i++) {
        fprintf(out, "%s%s", i > 0 ? ", " : "", ROW("due_now", "B2"));
    }
    fputs("]}", out);
    assert_int_equal(fclose(out), 0);
    request = request_of(text, true);
    assert_int_equal(compose_webhook(&request, 5000, &payload), STATUS_OK);
    assert_true(strlen(payload) <= 5000);
    data = cJSON_Parse(payload);
    assert_string_equal(cJSON_GetObjectItem(data, "type")->valuestring, "vn.kipthoi.notices.v1");
    assert_string_equal(cJSON_GetObjectItem(data, "timestamp")->valuestring, "2026-06-10T02:00:00Z");
    assert_int_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(data, "data"), "total")->valueint, 200);
    why = cJSON_GetObjectItem(cJSON_GetObjectItem(data, "data"), "why");
    assert_int_equal(cJSON_GetArraySize(why), 1);
    assert_string_equal(cJSON_GetObjectItem(why, "due_now")->valuestring,
                        "Đã đến ngày giờ hẹn trả mà chưa có kết quả.");
    assert_int_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(data, "data"), "shown")->valueint,
                     cJSON_GetArraySize(cJSON_GetObjectItem(cJSON_GetObjectItem(data, "data"), "rows")));
    assert_in_range(cJSON_GetArraySize(cJSON_GetObjectItem(cJSON_GetObjectItem(data, "data"), "rows")), 20, 40);
    cJSON_Delete(data);
    free(payload);
    /* Not even without rows. */
    assert_int_equal(compose_webhook(&request, 50, &payload), STATUS_INVALID);
    free(text);
}

static int use_zone(void **state)
{
    (void)state;
    return clock_use_zone("Asia/Ho_Chi_Minh") == STATUS_OK ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mail__two_kinds__are_counted_explained_and_listed),
        cmocka_unit_test(mail__codes_with_markup__are_escaped_in_html_only),
        cmocka_unit_test(mail__line_feed_in_a_code__stays_one_line),
        cmocka_unit_test(mail__digest__tells_of_letters_by_number),
        cmocka_unit_test(mail__facts_that_are_none__are_invalid),
        cmocka_unit_test(webhook__more_than_fits__shows_what_fits),
    };

    return cmocka_run_group_tests(tests, use_zone, NULL);
}
